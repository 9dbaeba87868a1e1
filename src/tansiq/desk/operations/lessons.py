"""How the owner of a lesson lets it go on: each move is an edition that says where it stands, and
the step by which others are asked or told, in one transaction.

What a move needs is read from what the seats of the newest round answered. The measure counts
lessons with a change that was found to work, of all that were identified.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds
from tansiq.desk.cases.rounds import CircleView
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.cases import Step, StepValue
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.operations.lesson import (
    ACTION,
    ANSWERS,
    ASK,
    LESSON,
    NOTE,
    VALIDATION,
    Move,
    moves_from,
    status_of,
)  # fmt: skip
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.policy import mandate

LESSONS_MAX: Final = 2_000
_PAGE: Final = 500
_BEFORE: Final = frozenset({"submitted", "observation", "rejected"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the owner asks for: the move, whom it asks, the day (YYYY-MM-DD) until which an action
    is due, and what the page showed of the newest round.
    """

    move: str
    seats: tuple[str, ...] = ()
    due: str = ""
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The lessons that a viewer may see: those that were identified with a change that was found to
    work, those without one, and what is no lesson yet or none. ``cut`` says that there are more.
    """

    learned: tuple[View, ...]
    without: tuple[View, ...]
    others: tuple[View, ...]
    cut: bool

    @property
    def lessons(self) -> int:
        """How many were identified."""
        return len(self.learned) + len(self.without)


def go_on(desk: Desk, actor: Actor, record: str, base: str, wish: Wish) -> None:
    """Let an own lesson go on. Raises EditedMeanwhileError, InputError where the move does not
    start from where it stands, lacks an answer, whom it asks or the day, and RefusedError; then
    nothing has changed.
    """
    with desk.act() as act:
        demand(mandate.may_write(actor.role, LESSON))
        old = say.current_on(desk, actor, record, base).value
        if old.kind != LESSON.name:
            raise InputError("record_absent")
        move = next((one for one in moves_from(old.body) if one.name == wish.move), None)
        if move is None:
            raise InputError("act_unknown", act=wish.move[:32])
        circle = rounds.circle_on(desk, actor, desk.me, record)
        if move.needs:
            _demand_answer(circle, old.body, move)
        body = {**old.body, "status": move.target, **_said(move, old.body, wish)}
        if move.target == "learned":
            body["learned"] = say.day_of(desk).isoformat()
        draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
        say.revise_in(act, actor, old, draft)
        if move.asks or move.needs:
            _step(act, actor, old, circle, (move, wish))


def _said(move: Move, body: Body, wish: Wish) -> Body:
    """What a move says besides. Raises InputError."""
    if move.asks and not wish.seats:
        raise InputError("field_required", field="seats")
    if move.asks == VALIDATION and set(wish.seats) & set(_acting(body)):
        raise InputError("lesson_own_change", field="seats")
    if move.asks != ACTION:
        return {}
    if len(wish.seats) > 1:
        raise InputError("lesson_one_acts", field="seats")
    if not wish.due:
        raise InputError("field_required", field="due")
    return {"acts": list(wish.seats), "due": wish.due}


def _acting(body: Body) -> list[str]:
    """The position that has the action."""
    acts = body.get("acts")
    return [str(one) for one in acts] if isinstance(acts, list) else []


def _demand_answer(circle: CircleView, body: Body, move: Move) -> None:
    """The newest round has the answer that a move needs, of one who may give it. Raises
    InputError.
    """
    newest = circle.rounds[-1] if circle.rounds else None
    asked = str(newest.opened.values.get("asks_for")) if newest else ""
    fits = move.needs in ANSWERS.get(asked, ())
    answers: list[Step] = [one.answer for one in newest.seats if one.answer] if newest else []
    acting = _acting(body) if asked == VALIDATION else ()
    if not fits or not any(
        one.act == move.needs and str(one.seat) not in acting for one in answers
    ):
        raise InputError("lesson_no_answer")


def _step(
    act: Act, actor: Actor, old: RecordView, circle: CircleView, asked: tuple[Move, Wish]
) -> None:
    """Ask the seats, or note what the newest round came to."""
    move, wish = asked
    values: dict[str, StepValue] = {"lesson_now": move.target}
    if move.asks:
        values = {"seats": wish.seats, "asks_for": move.asks}
    name = ASK if move.asks else NOTE
    rounds.take_in(
        act, actor,
        Wanted(owner=old.owner, record=old.record, lane="", act=name, seen=wish.seen,
               of=circle.about(name), values=values),
        made=True,
    )  # fmt: skip


def takes(view: CircleView) -> frozenset[str]:
    """The answers that the newest round takes, by what it asks for."""
    newest = view.rounds[-1] if view.rounds else None
    return frozenset(ANSWERS.get(str(newest.opened.values.get("asks_for")), ()) if newest else ())


@reading_as
def measure_of(desk: Desk, viewer: Viewer) -> Measure:
    """The lessons that a viewer may see, by whether their change was found to work."""
    query = Query(kinds=(LESSON.name,), limit=_PAGE)
    page = read.page(desk, viewer, query)
    found = [*page.rows]
    while page.after is not None and len(found) < LESSONS_MAX:
        page = read.page(desk, viewer, replace(query, after=page.after))
        found += page.rows
    return Measure(
        learned=_those(found, learned=True), without=_those(found, learned=False),
        others=tuple(one for one in found if not _is_lesson(one)), cut=page.after is not None,
    )  # fmt: skip


def _those(views: Iterable[View], *, learned: bool) -> tuple[View, ...]:
    found: Sequence[View] = [one for one in views if _is_lesson(one)]
    return tuple(one for one in found if ("learned" in one.value.body) is learned)


def _is_lesson(view: View) -> bool:
    """Whether it was identified as one: what was archived without a change was none."""
    body = view.value.body
    status = status_of(body)
    return status not in _BEFORE and (status != "archived" or "learned" in body)
