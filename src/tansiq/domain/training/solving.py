"""The same problem as numbers for a solver, and a solver's answer as a plan.

The solver stands in a process of its own and knows weeks, sorts of rooms, pools and costs, but no
code, no name and no date. It answers with a start and a sort for each cohort. Which room of a sort
a cohort gets is settled here, and always can be: rooms of a sort are alike and weeks are intervals.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tansiq.domain.training.greedy import Board, greedy, in_turn, plan_of
from tansiq.domain.training.measures import value_of
from tansiq.domain.training.problem import Cohort, Placed, Plan, Problem
from tansiq.domain.training.weeks import (
    Calendar,
    Sort,
    Start,
    key_of,
    pools_of,
    sorts_of,
    suits,
    wants_room,
)  # fmt: skip

NO_ROOM: Final = -1  # a sort of rooms for who needs none; a pool for who needs none


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What a solver came to: the plan, and a bound below which no plan's weighted lateness is."""

    plan: Plan
    bound: int
    optimal: bool


class Numbers:
    """A problem for the solver: ``question`` is what it gets, ``solved`` reads what it says."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._calendar = Calendar(problem)
        self._sorts = sorts_of(self._calendar)
        self._pools = pools_of(self._calendar)
        # Who waits for one another in a circle cannot be placed and is not asked about.
        self._cohorts = in_turn(problem, self._calendar.weights)
        self._starts = [self._allowed(one) for one in self._cohorts]

    def question(self, seconds: float) -> bytes:
        """The problem, with the plain plan to begin from, to be thought about for so long."""
        at = {one.code: number for number, one in enumerate(self._cohorts)}
        pools = list(self._pools)
        asked = [
            {
                "starts": [[start.week, start.until, start.cost] for start in starts],
                "left": self._calendar.cost(one, None),
                "sorts": self._sorts_for(one),
                "pool": pools.index(key) if (key := key_of(self._problem, one)) else NO_ROOM,
                "wants": one.instructors,
                "after": [at[code] for code in one.after if code in at],
            }
            for one, starts in zip(self._cohorts, self._starts, strict=True)
        ]
        return json.dumps({
            "weeks": self._problem.weeks, "cohorts": asked,
            "free": [sort.free for sort in self._sorts],
            "pools": [[max(0, count) for count in self._pools[key]] for key in pools],
            "hint": self._hint(), "seconds": seconds,
        }).encode()  # fmt: skip

    def _allowed(self, one: Cohort) -> list[Start]:
        """Its starts, without those before a fixed cohort ends that must have ended."""
        fixed = {placed.code: placed.last for placed in self._problem.fixed}
        ends = [self._calendar.week_of(fixed[code]) for code in one.after if code in fixed]
        return [start for start in self._calendar.starts(one) if start.week > max(ends, default=-1)]

    def _sorts_for(self, one: Cohort) -> list[int]:
        if not wants_room(self._problem, one):
            return [NO_ROOM]
        return [
            at for at, sort in enumerate(self._sorts) if suits(self._problem, one, sort)
        ]  # fmt: skip

    def _hint(self) -> list[list[int] | None]:
        plain = greedy(self._problem)
        rows = {one.code: one for one in plain.rows}
        found: list[list[int] | None] = []
        for one, starts in zip(self._cohorts, self._starts, strict=True):
            row = rows.get(one.code)
            at = next((n for n, s in enumerate(starts) if row and s.first == row.first), None)
            sort = next((n for n, s in enumerate(self._sorts) if row and row.room in s.codes),
                        NO_ROOM)  # fmt: skip
            found.append(None if at is None else [at, sort])
        return found

    def solved(self, answer: bytes | None) -> Solved | None:
        """The plan that a solver's answer stands for, each cohort as early as its order allows;
        None where the solver said nothing that can be used.
        """
        try:
            said: dict[str, Any] = json.loads(answer or b"")
            rows = self._rows(said["chosen"])
            bound, optimal = int(said["bound"]), bool(said["optimal"])
        except (ValueError, KeyError, TypeError, IndexError):
            return None
        if rows is None:
            return None
        plans = [plan_of(self._problem, rows), self._earlier(rows)]
        best = min(plans[::-1], key=lambda plan: value_of(self._problem, plan))
        return Solved(plan=best, bound=bound, optimal=optimal)

    def _rows(self, chosen: Sequence[Sequence[int] | None]) -> list[Placed] | None:
        """Each cohort where the solver put it; None where that does not fit together."""
        board, rows = Board.of(self._calendar), []
        put = [
            (starts[choice[0]], one, choice[1])
            for one, starts, choice in zip(self._cohorts, self._starts, chosen, strict=True)
            if choice is not None
        ]
        for start, one, sort in sorted(put, key=lambda found: (found[0].week, found[1].code)):
            if not board.ordered(one, start) or not board.taught(one, start):
                return None
            found = None if sort == NO_ROOM else _in_sort(board, self._sorts[sort], start)
            if found is None and (sort != NO_ROOM or wants_room(self._problem, one)):
                return None
            rows.append(board.take(one, start, found))
        return rows

    def _earlier(self, rows: Sequence[Placed]) -> Plan:
        """The cohorts in the order of those rows, each put anew as early as it fits."""
        board, found = Board.of(self._calendar), []
        cohorts = {one.code: one for one in self._cohorts}
        for row in sorted(rows, key=lambda one: (one.first, one.last, one.code)):
            one = cohorts[row.code]
            tries = (board.put(one, start) for start in self._calendar.starts(one))
            put = next((placed for placed in tries if placed is not None), None)
            if put is not None:
                found.append(put)
        return plan_of(self._problem, found)


def _in_sort(board: Board, wanted: Sort, start: Start) -> tuple[Sort, int] | None:
    """A room of that sort that is free from a start to its end."""
    for sort, rooms in board.free:
        if sort == wanted:
            for at, weeks in enumerate(rooms):
                if all(weeks[start.week : start.until + 1]):
                    return sort, at
    return None
