"""Requests of the sample scenario, for information and for support, and offers that nobody asked
for: somebody asks or offers, and each side takes its steps in its time.
"""

import itertools
from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.cases import approving, making, reading, taking
from tansiq.desk.records import read, say
from tansiq.desk.support import stock
from tansiq.domain.cases import RoundState, StepValue
from tansiq.domain.kinds import kind_named
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.records import Body
from tansiq.node.scenario.acts import unknowns_of
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Given = dict[str, object]
_AS_WRITTEN: Final = (
    "text", "decides", "wanted", "sort", "priority", "watched", "reason", "amount", "lasting",
    "lines", "for", "capability", "conditions",
)  # fmt: skip
_MOMENTS: Final = ("needed_by", "valid_until")
_OF_A_STEP: Final = frozenset({"reason", "to", "why_not", "held_up", "met"})
_WORDS: Final = ("text", "grade")
_DECISIONS: Final = ("approved", "rejected")
_FILES: Final = ("requests.json", "support.json", "offers.json")


def put_on(stage: "Stage") -> None:
    """Put every request, and every step about it, into the queue."""
    for item in itertools.chain.from_iterable(map(read_json, _FILES)):
        stage.at(moment(str(item["at"])), partial(ask, stage, item))
        steps = item["steps"]
        assert isinstance(steps, list)
        for at, party, act, *more in steps:
            when = _moment(str(item["at"]), str(at))
            said = dict(more[0]) if more else {}
            what = decide if str(act) in _DECISIONS else accept if "request" in said else take
            key = str(said.pop("root", item["key"]))
            stage.at(when, partial(what, stage, key, str(party), str(act), said))


def _moment(begun: str, at: str) -> int:
    """``HH:MM`` on the day of the request, with "+1 " before it on the day after, or on a day."""
    days, _, time = at.rpartition(" ")
    if "-" in days:
        return moment(at)
    return moment(f"{begun[:10]} {time}") + int(days or 0) * 86_400_000


def ask(stage: "Stage", item: Given) -> None:
    """Somebody asks; what the agreements let go goes at once."""
    party = str(item["by"])
    desk, actor = stage.desks[party], PARTIES[party].duty()
    seats = item["seats"]
    assert isinstance(seats, list)
    body: Body = {name: item[name] for name in _AS_WRITTEN if name in item}
    body |= {"seats": seats} | _moments(item)
    if "about" in item:
        body["about"] = stage.records[str(item["about"])][1]
    if "place" in item:
        town = gazetteer()[str(item["place"])]
        body["place"] = place_named(town.names.of(PARTIES[party].language)).to_json()
    parties = frozenset(PartyCode(str(seat).partition("/")[0]) for seat in seats)
    kind = str(item.get("kind", "rfi"))
    draft = say.Draft(kind=kind, body=body, label=Label(audience=(parties,)))
    stage.keep(str(item["key"]), party, say.write(desk, actor, draft))


def _moments(item: Given) -> Body:
    """What of it is said by the clock."""
    found: Body = {name: moment(str(item[name])) for name in _MOMENTS if name in item}
    span = item.get("available")
    if isinstance(span, list):
        begins, ends = map(moment, span)
        found["available"] = {"from": begins, "to": ends}
    return found


def accept(stage: "Stage", key: str, party: str, act: str, said: Given) -> None:
    """Somebody takes an offer: a request with what it says, and what the requester adds to that."""
    desk, actor = stage.desks[party], PARTIES[party].duty()
    view = read.record(desk, desk.viewer(actor), *stage.records[key])
    read.mark_read(desk, actor, view)
    kind = kind_named("support")
    made = making.taken_by(desk, desk.viewer(actor), view, actor, kind)
    assert made is not None
    assert made.value.act == act
    more: Body = {name: said[name] for name in _AS_WRITTEN if name in said}
    body = making.begun(desk, desk.viewer(actor), view, kind).value | more | _moments(said)
    draft = say.Draft(kind=kind.name, body=body, label=Label())
    with desk.act() as doing:
        request = making.make(doing, actor, made.value.wanted(view.value), draft)
    stage.keep(str(said["request"]), party, request.record)


def decide(stage: "Stage", key: str, party: str, what: str, said: Given) -> None:
    """A position of the approval chain of ``party`` decides on what it is asked."""
    owner, record = stage.records[key]
    desk, actor = stage.desks[party], PARTIES[party].actor(str(said["as"]))
    view = read.record(desk, desk.viewer(actor), owner, record)
    (newest, *_) = approving.rounds_of(desk, desk.viewer(actor), view, actor).value
    verdict = approving.Verdict(
        round=newest.round.id, what=RoundState(what), reason=str(said.get("reason", "")),
        text=str(said.get("text", "")),
    )  # fmt: skip
    approving.decide(desk, actor, owner, record, verdict)


def take(stage: "Stage", key: str, party: str, act: str, said: Given) -> None:
    """Somebody takes a step, with words beside it or without."""
    owner, record = stage.records[key]
    desk, actor = stage.desks[party], PARTIES[party].duty()
    view = read.record(desk, desk.viewer(actor), owner, record)
    read.mark_read(desk, actor, view)
    case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
    assert case is not None
    wanted = said.pop("lane", None)
    lane = next(one for one in case.value.lanes if wanted in (None, one.seat.party))
    values: dict[str, StepValue] = {
        name: str(value) for name, value in said.items() if name in _OF_A_STEP
    }
    if "expected" in said:
        values["expected"] = moment(str(said["expected"]))
    lines = said.get("lines")
    if isinstance(lines, dict):
        values |= lines
    number = said.get("of")
    of = lane.consignments[number - 1].sent.step if isinstance(number, int) else ""
    words: Body = {name: value for name, value in said.items() if name in _WORDS}
    words |= unknowns_of(said, desk)
    (stock.take if said.get("stock") else taking.take)(
        desk, actor,
        taking.Wanted(
            owner=owner, record=record, lane=lane.id, act=act, seen=lane.newest, values=values,
            of=of, then=str(said.get("then", "")), words=words or None,
        ),
    )  # fmt: skip
