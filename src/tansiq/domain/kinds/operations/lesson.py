"""The lesson: from an observation to a change that somebody else has found to work.

Who observed owns the record and follows it; it is a case in a circle. The owner asks whether it is
a lesson, assigns the action to one position of a party with the day until which it is due, and asks
others whether the change works. Each answers on its own node. ``status`` is the owner's word, kept
by the program (``desk.operations.lessons``): it goes on only where an answer lets it, and what the
position that acted says of its own change teaches nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet, day_moment
from tansiq.domain.kinds.kind import Kind, Put
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.parties import ACTING, Relation
from tansiq.domain.records import Body

STATUSES: Final = (
    "submitted", "observation", "rejected", "identified", "assigned", "implemented", "learned",
    "archived",
)  # fmt: skip
ASK, NOTE = "ask_lesson", "note_lesson"
JUDGEMENT, ACTION, VALIDATION = "judgement", "action", "validation"
_BECAUSE: Final = frozenset({"known_already", "single_case", "not_so", "not_ours", "other"})
_ANSWERS: Final = frozenset({Relation.ADDRESSEE, Relation.OWNER})


def _answer(name: str, *values: Value) -> Fact:
    return Fact(name=name, by=OWNER | SEAT, roles=ACTING, relations=_ANSWERS, values=values)


CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=("noted_down", "lesson_asked", "lesson_noted"),
    acts=(
        Fact(
            name=ASK, by=OWNER, roles=ACTING, checked=True,
            values=(
                Value(name="seats", form=Form.SEATS),
                Value(name="asks_for", choices=frozenset({JUDGEMENT, ACTION, VALIDATION})),
            ),
        ),
        _answer("is_lesson"),
        _answer("is_no_lesson", Value(name="no_lesson_because", choices=_BECAUSE)),
        _answer("action_done"),
        _answer("change_works"),
        _answer("change_fails"),
        Fact(
            name=NOTE, by=OWNER, roles=ACTING, checked=True,
            values=(Value(name="lesson_now", choices=frozenset(STATUSES)),),
        ),
    ),
    rounds=Rounds(
        opens=ASK,
        answers=frozenset(
            {"is_lesson", "is_no_lesson", "action_done", "change_works", "change_fails"}
        ),
        concludes=NOTE,
    ),
    asked=Relation.ADDRESSEE,
)  # fmt: skip
# Which answers a round takes, by what it asks for.
ANSWERS: Final = {
    JUDGEMENT: ("is_lesson", "is_no_lesson"), ACTION: ("action_done",),
    VALIDATION: ("change_works", "change_fails"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How the owner lets a lesson go on, from one of ``sources`` to ``target``: it opens a round
    that ``asks`` for something, or it notes what the newest round came to, for which some seat must
    have given the answer ``needs``; "" asks nobody and needs nothing.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    asks: str = ""
    needs: str = ""


MOVES: Final = (
    Move(name="ask_judgement", sources=("submitted",), target="observation", asks=JUDGEMENT),
    Move(name="reject_lesson", sources=("observation",), target="rejected", needs="is_no_lesson"),
    Move(name="identify_lesson", sources=("observation",), target="identified", needs="is_lesson"),
    Move(name="assign_action", sources=("identified", "assigned"), target="assigned", asks=ACTION),
    Move(name="note_done", sources=("assigned",), target="implemented", needs="action_done"),
    Move(name="ask_validation", sources=("implemented",), target="implemented", asks=VALIDATION),
    Move(name="note_fails", sources=("implemented",), target="identified", needs="change_fails"),
    Move(name="note_learned", sources=("implemented",), target="learned", needs="change_works"),
    Move(name="archive_lesson", sources=("rejected", "learned"), target="archived"),
)


def status_of(body: Body) -> str:
    """Where a lesson stands by its own record."""
    return str(body.get("status", STATUSES[0]))


def moves_from(body: Body) -> tuple[Move, ...]:
    """How a lesson may go on from where it stands."""
    return tuple(one for one in MOVES if status_of(body) in one.sources)


def puts(body: Body) -> Sequence[Put]:
    """On the day on which an action is due its owner is asked, as long as it is not done."""
    due = body.get("due")
    waits = status_of(body) == "assigned" and isinstance(due, str)
    return [Put(about="", seat="", due=day_moment(str(due)))] if waits else []


LESSON: Final = Kind(
    name="lesson",
    version=1,
    letter="LL",
    fields=(
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="observed_what", type=Type.TEXT, required=True, searchable=True),
        Field(name="discussion", type=Type.TEXT, searchable=True),
        Field(name="conclusion", type=Type.TEXT, searchable=True),
        Field(name="recommendation", type=Type.TEXT, searchable=True),
        Field(name="resources", type=Type.LINE, searchable=True, rare=True),
        Field(name="test", type=Type.TEXT, searchable=True),
        Field(name="status", type=Type.CHOICE, choices=STATUSES, hidden=True),
        # Partners read in the round who acts.
        Field(name="acts", type=Type.SEATS, above=False, fixed=True, hidden=True),
        Field(name="due", type=Type.DATE, hidden=True),
        Field(name="learned", type=Type.DATE, hidden=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    writers=ACTING,
    about="about",
    inbox=False,  # it waits for whom a round names
    due="due",
    facets=(Facet(field="status"),),
    puts=puts,
    case=CASE,
    tones=(("lesson_asked", "warn"), ("lesson_noted", "ok")),
    listing=Listing(
        columns=("reference", "text", "status", "due", "learned", "owner", "moment"),
        views=(View.LIST, View.BOARD, View.CHART),
        boards=("status",),
    ),
)  # fmt: skip
