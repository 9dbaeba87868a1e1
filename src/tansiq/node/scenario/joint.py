"""The joint operation of the sample scenario: access for aid to displaced families at Gwer.

The ministry of one side frames it, three partners write their parts, the line Makhmour is passed at
another time than was asked, one says go with a condition, and by the last day all have said go.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.cases import reading, rounds, taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import joint
from tansiq.desk.operations.joint import Wish
from tansiq.desk.records import read, say
from tansiq.domain.cases import StepValue
from tansiq.domain.kinds.operations.joint_operation import JOINT_OPERATION
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import gazetteer
from tansiq.domain.records import Body
from tansiq.domain.unknowns import asked
from tansiq.node.scenario.cast import PARTIES, moment

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

_NAME: Final = "JO-01"
_PASSAGE: Final = "JG-01"
_OWNER: Final = PartyCode("MPA")
_LINE: Final = "MAKHMOUR"
_METRES: Final = 6_000
_BEGINS, _UNTIL = "2020-12-22 07:00", "2020-12-22 14:00"
_FRAME: Final[Body] = {
    "purpose": "aid_access", "text": "Aid to displaced families at Gwer", "lines": _LINE,
    "contacts": "MPA duty officer\nMOD duty officer\nCOA duty officer",
}  # fmt: skip
# Who writes which part, and for whom: MOD lets the owner of the frame alone have its own.
_PARTS: Final[tuple[tuple[str, str, tuple[str, ...], Body, str], ...]] = (
    ("MPA", "2020-12-17 11:00", ("COA", "MOD"),
     {"does": "accompanies", "text": "Four cars go along with the lorries", "vehicles": 4,
      "people": 16}, ""),
    ("MOD", "2020-12-17 13:00", ("MPA",),
     {"does": "keeps_road_open", "text": "The road is kept open on the western side", "people": 20},
     "Whether the road bears lorries after rain"),
    ("COA", "2020-12-17 14:30", ("MPA", "MOD"),
     {"does": "medical_post", "text": "One ambulance waits at the crossing", "vehicles": 1,
      "people": 4}, "Whether the clinic at the crossing is open that day"),
)  # fmt: skip
_GOES: Final = (
    ("MPA", "2020-12-19 09:20", "say_go", ""),
    ("MOD", "2020-12-19 10:10", "say_go", ""),
    ("COA", "2020-12-19 11:40", "say_go_if", "passage_granted"),
)


def put_on(stage: "Stage") -> None:
    """Put the operation into the queue: framed, parts, passage, go of all."""

    def at(when: str, act: Callable[..., None], *given: object) -> None:
        stage.at(moment(when), partial(act, stage, *given))

    seats = tuple(f"{code}/{PARTIES[code].duty().position}" for code in ("COA", "MOD", "MPA"))
    at("2020-12-17 09:00", _frame)
    at("2020-12-17 09:15", _go_on, "ask_parts", seats)
    for party, when, to, said, unknown in _PARTS:
        at(when, _part, party, to, {**said, "contact": "duty officer"}, unknown)
        stage.at(moment(when) + 600_000, partial(_answer, stage, party, "parts_shared", ""))
    at("2020-12-17 15:00", _ask_passage)
    at("2020-12-18 08:40", _grant)
    at("2020-12-19 09:00", _go_on, "ask_go", seats)
    for party, when, name, why in _GOES:
        at(when, _answer, party, name, why)
    at("2020-12-20 12:00", _go_on, "conclude_go", ())


def _window() -> Body:
    return {"begins": moment(_BEGINS), "until": moment(_UNTIL)}


def _frame(stage: "Stage") -> None:
    town, desk = gazetteer()["gwer"], stage.desks[_OWNER]
    unknown = asked(["How many families are there now"], desk.entropy.uuid)
    area = {
        "shape": "circle", "name": town.names.of(PARTIES[_OWNER].language), "metres": _METRES,
        "grain": "exact", "positions": [[town.lat, town.lon]],
    }  # fmt: skip
    body: Body = {**_FRAME, **_window(), "area": area, "unknowns": unknown}
    label = Label(audience=audience_of(PartyCode("COA"), PartyCode("MOD")))
    draft = say.Draft(kind=JOINT_OPERATION.name, body=body, label=label)
    stage.keep(_NAME, _OWNER, say.write(desk, PARTIES[_OWNER].duty(), draft))


def _go_on(stage: "Stage", move: str, seats: tuple[str, ...]) -> None:
    actor, record = PARTIES[_OWNER].duty(), stage.records[_NAME][1]
    wish = Wish(move=move, seats=seats, met=not seats, seen=_seen(stage, "MPA"))
    joint.go_on(stage.desks[_OWNER], actor, record, wish)


def _answer(stage: "Stage", party: str, name: str, why: str) -> None:
    owner, record = stage.records[_NAME]
    actor, seen = PARTIES[party].duty(), _seen(stage, party)
    joint.answer(stage.desks[party], actor, owner, record, name, why=why, seen=seen)


def _part(stage: "Stage", party: str, to: tuple[str, ...], said: Body, unknown: str) -> None:
    desk = stage.desks[party]
    body: Body = {**said, **_window(), "about": stage.records[_NAME][1]}
    if unknown:
        body["unknowns"] = asked([unknown], desk.entropy.uuid)
    label = Label(audience=audience_of(*map(PartyCode, to)))
    draft = say.Draft(kind="operation_part", body=body, label=label)
    stage.keep(f"JP-{party}", party, say.write(desk, PARTIES[party].duty(), draft))


def _ask_passage(stage: "Stage") -> None:
    body: Body = {
        "line": _LINE, "seats": [f"MOD/{PARTIES['MOD'].duty().position}"], "vehicles": 14,
        "people": 40, "contact": "duty officer", "about": stage.records[_NAME][1],
        "begins": moment("2020-12-22 08:00"), "until": moment("2020-12-22 10:00"),
    }  # fmt: skip
    label = Label(audience=audience_of(PartyCode("MOD")))
    draft = say.Draft(kind="passage", body=body, label=label)
    stage.keep(_PASSAGE, _OWNER, say.write(stage.desks[_OWNER], PARTIES[_OWNER].duty(), draft))


def _grant(stage: "Stage") -> None:
    desk, actor = stage.desks["MOD"], PARTIES["MOD"].duty()
    viewer = desk.viewer(actor)
    owner, record = stage.records[_PASSAGE]
    case = reading.lanes_of(desk, viewer, read.record(desk, viewer, owner, record), actor)
    assert case is not None, "a passage has a lane"
    (lane,) = case.value.lanes
    values: dict[str, StepValue] = {
        "from_then": moment("2020-12-22 08:30"), "until_then": moment("2020-12-22 11:00"),
    }  # fmt: skip
    wanted = Wanted(
        owner=owner, record=record, lane=lane.id, act="grant_other_time", seen=lane.newest,
        values=values,
    )  # fmt: skip
    taking.take(desk, actor, wanted)


def _seen(stage: "Stage", party: str) -> tuple[str, ...]:
    """What of the newest round somebody was shown who acts on it."""
    desk = stage.desks[party]
    viewer = desk.viewer(PARTIES[party].duty())
    circle = rounds.circle_of(desk, viewer, read.record(desk, viewer, *stage.records[_NAME]))
    return circle.value.newest if circle else ()
