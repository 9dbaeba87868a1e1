"""A plain plan: one cohort after the other, each as early as it fits. A node without the optional
solver plans so, and the solver begins from it. Reasons put single cohorts anew with the same piece.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tansiq.domain.training.problem import Cohort, Placed, Plan, Problem
from tansiq.domain.training.weeks import (
    Calendar,
    Key,
    Sort,
    Start,
    key_of,
    pools_of,
    sorts_of,
    suits,
    wants_room,
)  # fmt: skip


@dataclass(kw_only=True)
class Board:
    """What is still free in each week while a plan is made."""

    calendar: Calendar
    free: list[tuple[Sort, list[list[bool]]]] = field(default_factory=list)  # by room and week
    pools: dict[Key, list[int]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)  # the week in which a cohort ends

    @classmethod
    def of(cls, calendar: Calendar) -> "Board":
        """All that a problem offers, around what is fixed."""
        free = [
            (sort, [[at < count for count in sort.free] for at in range(len(sort.codes))])
            for sort in sorts_of(calendar)
        ]
        ends = {one.code: calendar.week_of(one.last) for one in calendar.problem.fixed}
        return cls(calendar=calendar, free=free, pools=pools_of(calendar), ends=ends)

    def room(self, one: Cohort, start: Start) -> tuple[Sort, int] | None:
        """The smallest room that is free for a cohort from a start to its end."""
        for sort, rooms in self.free:
            if suits(self.calendar.problem, one, sort):
                for at, weeks in enumerate(rooms):
                    if all(weeks[start.week : start.until + 1]):
                        return sort, at
        return None

    def taught(self, one: Cohort, start: Start) -> bool:
        """Whether its instructors are free from a start to its end."""
        key = key_of(self.calendar.problem, one)
        return key is None or min(self.pools[key][start.week : start.until + 1]) >= one.instructors

    def ordered(self, one: Cohort, start: Start) -> bool:
        """Whether all that must have ended before have ended."""
        return all(self.ends.get(code, -1) < start.week for code in one.after)

    def put(self, one: Cohort, start: Start) -> Placed | None:
        """The cohort at a start, if it fits there, and what it takes is no longer free."""
        if not self.ordered(one, start) or not self.taught(one, start):
            return None
        if not wants_room(self.calendar.problem, one):
            return self.take(one, start)
        found = self.room(one, start)
        return None if found is None else self.take(one, start, found)

    def take(self, one: Cohort, start: Start, found: tuple[Sort, int] | None = None) -> Placed:
        """The cohort at a start and in a room, which from then on are not free."""
        code = "" if found is None else found[0].codes[found[1]]
        row = placed(one, start, code)
        self.mark(row, free=False)
        return row

    def mark(self, row: Placed, *, free: bool) -> None:
        """What a row uses is free again, or no longer."""
        first, last = self.calendar.week_of(row.first), self.calendar.week_of(row.last)
        for sort, rooms in self.free:
            if row.room in sort.codes:
                for week in range(first, last + 1):
                    rooms[sort.codes.index(row.room)][week] = free
        key = row.subject, row.language
        wanted = row.instructors if free else -row.instructors
        for week in range(first, last + 1) if wanted and key in self.pools else ():
            self.pools[key][week] += wanted
        if free:
            del self.ends[row.code]
        else:
            self.ends[row.code] = last


def placed(one: Cohort, start: Start, room: str) -> Placed:
    """A cohort at a start in a room."""
    return Placed(
        code=one.code, first=start.first, last=start.last, room=room,
        instructors=one.instructors, subject=one.subject, language=one.language,
    )  # fmt: skip


def put_first(board: Board, one: Cohort) -> Placed | None:
    """The cohort as early as it fits; None where it fits nowhere."""
    tries = (board.put(one, start) for start in board.calendar.starts(one))
    return next((found for found in tries if found is not None), None)


def in_turn(problem: Problem, weights: Mapping[str, int]) -> list[Cohort]:
    """The cohorts, the weightiest first, and none before those that must have ended before it.
    Those that wait for one another in a circle are left out.
    """
    open_codes = {one.code for one in problem.cohorts}
    waiting = sorted(problem.cohorts, key=lambda one: (-weights[one.code], one.due, one.code))
    found: list[Cohort] = []
    while waiting:
        free = next((one for one in waiting if open_codes.isdisjoint(one.after)), None)
        if free is None:
            break
        waiting.remove(free)
        open_codes.discard(free.code)
        found.append(free)
    return found


def greedy(problem: Problem) -> Plan:
    """The plain plan. Whoever waits for one that could not be placed is not placed either."""
    calendar = Calendar(problem)
    board, rows, left = Board.of(calendar), [], set[str]()
    for one in in_turn(problem, calendar.weights):
        found = None if left.intersection(one.after) else put_first(board, one)
        if found is None:
            left.add(one.code)
        else:
            rows.append(found)
    return plan_of(problem, rows)


def plan_of(problem: Problem, rows: Iterable[Placed]) -> Plan:
    """A plan of these rows, in the order of the codes, with who is not among them."""
    kept = sorted(rows, key=lambda one: one.code)
    there = {one.code for one in kept}
    return Plan(
        rows=tuple(kept),
        left=tuple(sorted(one.code for one in problem.cohorts if one.code not in there)),
    )
