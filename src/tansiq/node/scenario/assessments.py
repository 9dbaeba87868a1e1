"""The three assessments of the sample scenario: one from which a partner dissents, one that is no
longer good, and one of low confidence that nobody was asked about.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.watch import assessing
from tansiq.domain.cases import StepValue, seat_code
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body
from tansiq.domain.unknowns import asked
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_HOUR: Final = 3_600_000
_SAID: Final = ("text", "because", "confidence", "good_until")


def put_on(stage: "Stage") -> None:
    """Put each assessment and what partners say of it into the queue."""
    items: list[Item] = read_json("assessments.json")
    for item in items:
        begun = moment(item["at"])
        stage.at(begun, partial(_write, stage, item))
        if item["views"]:
            seats = tuple(item["views"])
            stage.at(begun + _HOUR, partial(_ask, stage, item, seats))
            stage.at(begun + 9 * _HOUR, partial(_note, stage, item))
        for n, position in enumerate(item["views"], start=2):
            stage.at(begun + n * _HOUR, partial(_answer, stage, item, position))


def _write(stage: "Stage", item: Item) -> None:
    owner = item["owner"]
    desk, actor = stage.desks[owner], PARTIES[owner].duty()
    label = Label(audience=audience_of(*map(PartyCode, item["to"])))
    body: Body = {name: item[name] for name in _SAID if name in item}
    body["unknowns"] = asked(item["unknowns"], desk.entropy.uuid)
    body["rests_on"] = [stage.records[name][1] for name in item["rests_on"]]
    draft = say.Draft(kind="assessment", body=body, label=label)
    record = say.write(desk, actor, draft)
    row = {"list": "incident", "asks": item["list"], "known_at": stage.clock.now()}
    assessing.rest_on_list(desk, actor, record, row)
    stage.keep(item["code"], owner, record)


def _ask(stage: "Stage", item: Item, seats: tuple[str, ...]) -> None:
    """The author asks partners whether they agree."""
    here = (item["owner"], PARTIES[item["owner"]].duty())
    _take(stage, item, here, act="ask_views", values={"seats": seats})


def _note(stage: "Stage", item: Item) -> None:
    """The author notes what they said."""
    here = (item["owner"], PARTIES[item["owner"]].duty())
    _take(stage, item, here, act="note_views", values={})


def _answer(stage: "Stage", item: Item, position: str) -> None:
    """A partner agrees or dissents on its own node, in its own words."""
    act, subject, text = item["views"][position]
    seat = seat_code(position)
    values: dict[str, StepValue] = {"dissents_from": subject} if subject else {}
    here = (str(seat.party), PARTIES[seat.party].actor(seat.position))
    _take(stage, item, here, act=act, values=values, text=text)


def _take(
    stage: "Stage", item: Item, here: tuple[str, Actor], *, act: str,
    values: dict[str, StepValue], text: str = "",
) -> None:  # fmt: skip
    owner, record = stage.records[item["code"]]
    party, actor = here
    desk = stage.desks[party]
    viewer = desk.viewer(actor)
    view = read.record(desk, viewer, owner, record)
    if party != owner:
        read.mark_read(desk, actor, view)
    circle = rounds.circle_of(desk, viewer, view, actor)
    assert circle is not None, "an assessment is a circle"
    rounds.take(
        desk, actor,
        Wanted(owner=PartyCode(owner), record=view.value.record, lane="", act=act,
               seen=circle.value.newest, of=circle.value.about(act), values=values,
               words={"text": text} if text else None),
    )  # fmt: skip
