"""The coordination line of the sample scenario, Makhmour: drawn by one ministry, agreed to by the
other, on which both are told before anybody passes.
"""

from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.cases import rounds
from tansiq.desk.operations import lines
from tansiq.desk.records import read, say
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import gazetteer
from tansiq.domain.records import Body
from tansiq.node.scenario.cast import PARTIES, moment

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

_NAME: Final = "CL-01"
_OWNER: Final = PartyCode("MPA")
_OTHERS: Final = frozenset({PartyCode("COA"), PartyCode("ERB"), PartyCode("MOD")})
_ASKED: Final = ("ERB/senior-duty-officer", "MOD/duty-officer")
_TOWNS: Final = ("makhmour", "gwer")
_METRES: Final = 4_000
_TERMS: Final = (
    "Nobody passes the line without telling the other side two hours before. Ambulances pass at "
    "once, and the other side is told as they set off."
)


def put_on(stage: "Stage") -> None:
    """Put the line into the queue: drawn, put to the parties, agreed to by both that are asked."""
    stage.at(moment("2020-01-09 10:00"), partial(_draw, stage))
    stage.at(moment("2020-01-09 10:20"), partial(_put, stage))
    stage.at(moment("2020-01-09 15:00"), partial(_agree, stage, PARTIES["MOD"].duty()))
    stage.at(moment("2020-01-09 15:30"), partial(_agree, stage, PARTIES["ERB"].duty()))


def _draw(stage: "Stage") -> None:
    towns = [gazetteer()[key] for key in _TOWNS]
    body: Body = {
        "code": "MAKHMOUR", "text": "Line Makhmour", "terms": _TERMS,
        "area": {
            "shape": "corridor", "name": "", "metres": _METRES, "grain": "exact",
            "positions": [[town.lat, town.lon] for town in towns],
        },
        "begins": moment("2020-01-10 00:00"), "until": moment("2021-06-30 00:00"),
        "told_there": [
            {"party": party, "by_position": _position(party)} for party in ("MPA", "MOD")
        ],
    }  # fmt: skip
    draft = say.Draft(kind=COORDINATION_LINE.name, body=body, label=Label(audience=(_OTHERS,)))
    record = say.write(stage.desks[_OWNER], PARTIES[_OWNER].duty(), draft)
    stage.keep(_NAME, _OWNER, record)


def _position(party: str) -> str:
    """What the duty post of a party is called on the line."""
    plan = PARTIES[party]
    return next(one.names.en for one in plan.positions if one.code == plan.duty().position)


def _put(stage: "Stage") -> None:
    actor = PARTIES[_OWNER].duty()
    lines.put(
        stage.desks[_OWNER], actor, stage.records[_NAME][1], seats=_ASKED, seen=_seen(stage, actor)
    )


def _agree(stage: "Stage", actor: Actor) -> None:
    owner, record = stage.records[_NAME]
    lines.answer(stage.desks[actor.party], actor, owner, record, seen=_seen(stage, actor))


def _seen(stage: "Stage", actor: Actor) -> tuple[str, ...]:
    """What of the newest round somebody was shown who acts on it."""
    desk = stage.desks[actor.party]
    view = read.record(desk, desk.viewer(actor), *stage.records[_NAME])
    circle = rounds.circle_of(desk, desk.viewer(actor), view)
    return circle.value.newest if circle else ()
