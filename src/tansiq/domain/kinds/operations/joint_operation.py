"""The joint operation: the frame that partners have in common, and the go or no-go of all.

It is a case in a circle. Its owner holds what all must know alike: for what, where, when, whom to
call, which lines are passed, what is not known. What each partner does is a record of its own
(``operation_part``), released as that partner decides. Every position that is asked says go or not
for itself, of the frame as it was when it was asked: another area, time or line, and all are asked
anew. Silence is never consent.

Tansiq coordinates and plans no operation. There is no field for an aim, a weapon or a target, and
no purpose that would be one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases.declaration import (
    OWNER,
    SEAT,
    Declaration,
    Fact,
    Form,
    Rounds,
    Shape,
    Value,
)
from tansiq.domain.fields import Field, Type, codes_in
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Phase, Tab, View
from tansiq.domain.operations.windows import check_windows, over_at
from tansiq.domain.parties import WATCH, Relation
from tansiq.domain.records import Body

PURPOSES: Final = (
    "aid_access", "road_patrol", "search_rescue", "checkpoint_handover", "evacuation",
    "flood_fire", "election", "religious_visit", "road_opening", "hazard_clearing",
)  # fmt: skip
FRAMED, PARTS_ASKED, GO_ASKED = "framed", "parts_asked", "go_asked"
GO_SAID, NO_GO_SAID = "go_said", "no_go_said"
RUNNING, OVER, IN_REVIEW, CALLED_OFF = "operation_on", "operation_over", "in_review", "called_off"
STAGES: Final = (
    FRAMED, PARTS_ASKED, GO_ASKED, GO_SAID, NO_GO_SAID, RUNNING, OVER, IN_REVIEW, CALLED_OFF,
)  # fmt: skip
STANDING: Final = STAGES[:6]  # it may still take place, or does
ASK, CONCLUDE, NOTE = "ask_operation", "conclude_operation", "note_operation"
SHARED, GO, NO_GO, GO_IF, HEARD = "parts_shared", "say_go", "say_no_go", "say_go_if", "heard_off"
NOW: Final = "operation_now"  # the value in which the owner says the stage
STATED: Final = "stated"  # since when the frame says what it says: what an answer is of
ANSWER_BY: Final = "answer_by"
MET: Final = "met"  # of the conditions of those who say go with one
CONDITIONS: Final = (
    "passage_granted", "road_passable", "weather_holds", "medical_ready", "link_works",
    "later_start", "told_first",
)  # fmt: skip
NO_GO_FOR: Final = (
    "not_ready", "other_time", "other_area", "line_not_granted", "weather", "road", "not_ours",
)  # fmt: skip
OFF_FOR: Final = ("no_go", "weather", "road", "no_longer_needed", "not_ready", "safety")
_FRAME: Final = ("area", "begins", "until", "lines")
_MINUTE: Final = 60_000
_AHEAD: Final = 120 * _MINUTE  # before the start, by when answers are due where nobody says
_ANSWERS: Final = frozenset({Relation.ADDRESSEE, Relation.OWNER})


def _now(*stages: str) -> Value:
    return Value(name=NOW, choices=frozenset(stages))


def _answer(name: str, *values: Value) -> Fact:
    return Fact(
        name=name, by=OWNER | SEAT, roles=WATCH, relations=_ANSWERS, checked=True, values=values
    )


CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=STAGES,
    acts=(
        Fact(
            name=ASK, by=OWNER, roles=WATCH, checked=True,
            values=(
                Value(name="seats", form=Form.SEATS),
                _now(PARTS_ASKED, GO_ASKED, CALLED_OFF),
                Value(name=STATED, form=Form.MOMENT),
                Value(name=ANSWER_BY, form=Form.MOMENT, required=False),
                Value(name="off_for", required=False, choices=frozenset(OFF_FOR)),
            ),
        ),
        _answer(SHARED),
        _answer(GO),
        _answer(NO_GO, Value(name="no_go_for", choices=frozenset(NO_GO_FOR))),
        _answer(GO_IF, Value(name="condition", choices=frozenset(CONDITIONS))),
        _answer(HEARD),
        Fact(
            name=CONCLUDE, by=OWNER, roles=WATCH, checked=True,
            values=(
                _now(GO_SAID, NO_GO_SAID),
                Value(name="conditions_are", required=False, choices=frozenset({MET})),
            ),
        ),
        Fact(
            name=NOTE, by=OWNER, roles=WATCH, checked=True,
            values=(_now(FRAMED, RUNNING, OVER, IN_REVIEW),),
        ),
    ),
    rounds=Rounds(
        opens=ASK,
        answers=frozenset({SHARED, GO, NO_GO, GO_IF, HEARD}),
        concludes=CONCLUDE,
        due=ANSWER_BY,
        says=NOW,
        asking=frozenset({PARTS_ASKED, GO_ASKED, CALLED_OFF}),
        weighing=frozenset({PARTS_ASKED, GO_ASKED}),
    ),
    asked=Relation.ADDRESSEE,
)  # fmt: skip
# Which answers a round takes, by the stage that it opened.
ANSWERS: Final = {
    PARTS_ASKED: (SHARED,), GO_ASKED: (GO, GO_IF, NO_GO), CALLED_OFF: (HEARD,),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How the owner lets an operation go on, from one of ``sources`` to ``target``, by an act."""

    name: str
    sources: tuple[str, ...]
    target: str
    act: str


MOVES: Final = (
    Move(name="ask_parts", sources=(FRAMED, PARTS_ASKED), target=PARTS_ASKED, act=ASK),
    Move(
        name="ask_go", sources=(FRAMED, PARTS_ASKED, GO_ASKED, GO_SAID, NO_GO_SAID),
        target=GO_ASKED, act=ASK,
    ),
    Move(name="conclude_go", sources=(GO_ASKED,), target=GO_SAID, act=CONCLUDE),
    Move(name="conclude_no_go", sources=(GO_ASKED,), target=NO_GO_SAID, act=CONCLUDE),
    Move(name="begin_operation", sources=(GO_SAID,), target=RUNNING, act=NOTE),
    Move(name="end_operation", sources=(RUNNING,), target=OVER, act=NOTE),
    Move(name="call_operation_off", sources=STANDING, target=CALLED_OFF, act=ASK),
)  # fmt: skip


def moves_from(stage: str) -> tuple[Move, ...]:
    """How an operation may go on from a stage."""
    return tuple(one for one in MOVES if stage in one.sources)


def same_frame(before: Body, after: Body) -> bool:
    """Whether two editions say the same of where, when and across which lines."""
    return all(before.get(name) == after.get(name) for name in _FRAME)


def lines_of(body: Body) -> tuple[str, ...]:
    """The codes of the lines that are passed."""
    return codes_in(body.get("lines"))


def due_before(begins: int, now: int) -> int:
    """By when answers are due where nobody says (ms): two hours before the start, or at the start
    where those two hours have begun.
    """
    return begins - _AHEAD if begins - _AHEAD > now else begins


def kept(before: Body, after: Body) -> Body:
    """The body of the next edition: another frame is not the one of which anybody was asked."""
    if same_frame(before, after):
        return after
    return {name: value for name, value in after.items() if name != STATED}


def whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    check_windows(body)


def _over(body: Body) -> int:
    """When it is over; what does not say so is not over."""
    found = over_at(body)
    return BOUNDS.moment_max if found is None else found


def _part(body: Body) -> Body:
    """What a part of an operation says at first: its window."""
    return {name: body[name] for name in ("begins", "until") if name in body}


def _passage(body: Body) -> Body:
    """What the request to pass a line says at first: the first line that is passed, and when. Whom
    to ask follows from the line, never from who wrote the frame.
    """
    named: Sequence[str] = lines_of(body)
    return {**_part(body), **({"line": named[0]} if named else {}), "seats": []}


def _lesson(body: Body) -> Body:
    """What a lesson that is drawn from an operation says at first."""
    return {"observed_what": body["text"]} if "text" in body else {}


JOINT_OPERATION: Final = Kind(
    name="joint_operation",
    version=1,
    letter="JO",
    fields=(
        Field(name="purpose", type=Type.CHOICE, required=True, choices=PURPOSES),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="area", type=Type.AREA, required=True, searchable=True),
        Field(name="begins", type=Type.MOMENT, required=True),
        Field(name="until", type=Type.MOMENT, required=True),
        # Common to all who hold it, so no column of parties: those are named to themselves alone.
        Field(name="contacts", type=Type.TEXT, required=True, searchable=True),
        Field(name="lines", type=Type.LINE, searchable=True),
        Field(name=STATED, type=Type.MOMENT, hidden=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    place="area",
    inbox=False,  # it waits for whom a round names
    due="begins",
    ends="until",
    over=_over,
    occupies=frozenset(STANDING),
    facets=(Facet(field="purpose"),),
    whole=whole,
    keeps=kept,
    case=CASE,
    drafts={"operation_part": _part, "passage": _passage, "lesson": _lesson},
    tones=(
        (PARTS_ASKED, "warn"), (GO_ASKED, "warn"), (GO_SAID, "ok"), (NO_GO_SAID, "bad"),
        (RUNNING, "ok"), (CALLED_OFF, "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", ("text", "purpose"), ("begins", "until"), "area", "lines", "owner",
            "state",
        ),
        tabs=(
            Tab(name="coming", states=STANDING, phase=Phase.COMING),
            Tab(name="under_way", states=STANDING, phase=Phase.NOW),
            Tab(name="ended", states=(*STANDING, OVER, IN_REVIEW), phase=Phase.ENDED),
            Tab(name="off", states=(CALLED_OFF,)),
            ALL,
        ),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.MAP, View.CHART),
        boards=("state", "purpose"),
        ended=frozenset(STANDING) - {RUNNING},
    ),
)  # fmt: skip
