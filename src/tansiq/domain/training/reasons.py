"""Why each cohort is where a plan has it: the cohort is put anew with one thing changed and all
else as planned, and what lets it end earliest is what holds it.

Nothing is read off a solver's assumptions: each answer is a plan that was made. With all else fixed
a single cohort is put exactly, whichever planner made the plan.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tansiq.domain.training.greedy import Board
from tansiq.domain.training.problem import WEEKS_MAX, Cohort, Plan, Problem
from tansiq.domain.training.weeks import Calendar, Start, wants_room

HELD_BY_MAX: Final = 4  # codes that a reason names
# The first of two that change as much is the one that is named.
REASONS: Final = (
    "order", "room", "instructors", "capacity", "holidays", "horizon", "several", "earliest",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What holds a cohort, one of ``REASONS``: by how many days it would end earlier without that
    (0 where it would not be placed at all, or nothing holds it), and which cohorts of the plan
    have what it wants.
    """

    code: str
    days: int = 0
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """All cohorts as a plan has them, in a calendar that goes on after the plan's end, and that
    calendar without what lowers the capacity and without holidays.
    """

    problem: Problem
    plan: Plan
    board: Board
    calendars: Mapping[str, Calendar]

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> "_Scene":
        longer = replace(problem, weeks=WEEKS_MAX)
        plain = Calendar(longer)
        board = Board.of(plain)
        for row in plan.rows:
            board.mark(row, free=False)
        calendars = {
            "capacity": Calendar(replace(longer, capacity=())),
            "holidays": Calendar(replace(longer, holidays=())),
        }
        return cls(problem=problem, plan=plan, board=board,
                   calendars={name: calendars.get(name, plain) for name in _CHANGES})  # fmt: skip


# What is changed, one at a time.
_CHANGES: Final = ("order", "room", "instructors", "capacity", "holidays", "horizon")


def reasons_of(problem: Problem, plan: Plan) -> dict[str, Reason]:
    """The reason for each cohort of a plan, also for those that it could not place."""
    scene = _Scene.of(problem, plan)
    return {one.code: _reason(scene, one) for one in problem.cohorts}


def _reason(scene: _Scene, one: Cohort) -> Reason:
    now = scene.plan.row(one.code)
    if now is not None:
        scene.board.mark(now, free=True)
    ends = {
        name: found.last
        for name in _CHANGES
        if (found := _put_anew(scene, one, name)) is not None
        and (now is None or found.last < now.last)
    }
    if now is not None:
        scene.board.mark(now, free=False)
    if not ends:
        return Reason(code="earliest" if now else "several")
    name = min(ends, key=lambda known: (ends[known], REASONS.index(known)))
    held = _held_by(scene, one, name, ends[name])
    return Reason(code=name, days=(now.last - ends[name]).days if now else 0, held_by=held)


def _put_anew(scene: _Scene, one: Cohort, without: str) -> Start | None:
    """The earliest start of the cohort among all others as they are planned, with one thing
    changed; None where there is none.
    """
    board, problem = scene.board, scene.problem
    if without != "order" and set(one.after) & set(scene.plan.left):
        return None
    roomless = without == "room" or not wants_room(problem, one)
    for start in scene.calendars[without].starts(one):
        if start.until >= problem.weeks and without != "horizon":
            return None
        if (
            (without == "order" or board.ordered(one, start))
            and (without == "instructors" or board.taught(one, start))
            and (roomless or board.room(one, start) is not None)
        ):
            return start
    return None


def _held_by(scene: _Scene, one: Cohort, name: str, until: dt.date) -> tuple[str, ...]:
    """The planned cohorts that have the rooms or instructors which it would take until a day, or
    that it comes after.
    """
    problem, plan = scene.problem, scene.plan
    if name == "order":
        return one.after[:HELD_BY_MAX]
    if name == "room":
        here = {room.code for room in problem.rooms
                if (room.code == one.room if one.room else room.place == one.place)
                and room.places >= one.places}  # fmt: skip
        found = [row.code for row in plan.rows if row.room in here]
    elif name == "instructors":
        key = one.subject, one.language
        found = [row.code for row in plan.rows if (row.subject, row.language) == key]
    else:
        return ()
    rows = {row.code: row for row in plan.rows}
    early = [code for code in found if code != one.code and rows[code].first <= until]
    return tuple(early[:HELD_BY_MAX])
