"""The calendar of a plan in weeks, and where in it a cohort may begin: what both planners stand on.

A cohort begins with a week, has its room and its instructors until the week in which it ends, and
is not interrupted. So what a planner decides is the week and the sort of room.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias

from tansiq.domain.training.problem import (
    QUARTERS,
    UNPLACED_DAYS,
    WEEK,
    Cohort,
    Placed,
    Pool,
    Problem,
    Room,
    Spell,
    weights_of,
)  # fmt: skip

_FREE: Final = frozenset({4, 5})  # Friday and Saturday, as date.weekday counts
Key: TypeAlias = tuple[str, str]  # of a pool: subject and language


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A week in which a cohort may begin, the one in which it then ends, its first and last day,
    and the weighted days by which that is late.
    """

    week: int
    until: int
    first: dt.date
    last: dt.date
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Rooms that are alike for the whole plan: how many are free in each week, and their codes."""

    place: str
    places: int
    codes: tuple[str, ...]
    free: tuple[int, ...]


class Calendar:
    """The weeks of a problem: how many quarters of a day are held when, and where cohorts fit."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sunday = sunday_of(problem.first)
        self.end = self.sunday + dt.timedelta(days=problem.weeks * WEEK)
        self._held = {
            False: list(accumulate((self.quarters(day, on_line=False) for day in self._days()),
                                   initial=0)),
            True: list(accumulate((self.quarters(day, on_line=True) for day in self._days()),
                                  initial=0)),
        }  # fmt: skip
        self.weights = weights_of(problem.cohorts, problem.rule)

    def _days(self) -> Iterable[dt.date]:
        return (self.sunday + dt.timedelta(days=n) for n in range(self.problem.weeks * WEEK))

    def quarters(self, day: dt.date, *, on_line: bool) -> int:
        """How many quarters of a day of training are held on a day."""
        if day.weekday() in _FREE or day < self.problem.first:
            return 0
        share = _share(self.problem.holidays, day)
        if not on_line:
            share = min(share, 100, _share(self.problem.capacity, day) * self.problem.shifts)
        return share * QUARTERS // 100

    def week_of(self, day: dt.date) -> int:
        """The number of its week; before the plan it is negative."""
        return (day - self.sunday).days // WEEK

    def starts(self, one: Cohort) -> list[Start]:
        """Where the cohort may begin as far as the calendar goes, the earliest first."""
        held, found = self._held[one.on_line], []
        for week in range(self.problem.weeks):
            begin = max(self.sunday + dt.timedelta(days=week * WEEK), one.earliest)
            offset = (begin - self.sunday).days
            if offset >= (week + 1) * WEEK or held[offset] == held[(week + 1) * WEEK]:
                continue
            last = bisect_left(held, held[offset] + one.days * QUARTERS)
            if last >= len(held):
                break
            first = bisect_left(held, held[offset] + 1)
            found.append(self._start(one, week, first - 1, last - 1))
        return found

    def _start(self, one: Cohort, week: int, first: int, last: int) -> Start:
        ends = self.sunday + dt.timedelta(days=last)
        return Start(
            week=week, until=last // WEEK, first=self.sunday + dt.timedelta(days=first), last=ends,
            cost=self.cost(one, ends),
        )  # fmt: skip

    def cost(self, one: Cohort, last: dt.date | None) -> int:
        """The weighted days by which a cohort is late that ends on a day, or is not placed."""
        ends = last or self.end + dt.timedelta(days=UNPLACED_DAYS)
        return self.weights[one.code] * max(0, (ends - one.due).days)


def sunday_of(day: dt.date) -> dt.date:
    """The Sunday with which the week of a day begins."""
    return day - dt.timedelta(days=(day.weekday() + 1) % WEEK)


def _share(spells: Sequence[Spell], day: dt.date) -> int:
    return min((one.factor for one in spells if one.first <= day <= one.last), default=100)


def sorts_of(calendar: Calendar) -> list[Sort]:
    """The rooms of a problem, those together that are alike, the smallest first. A room stands
    alone that a fixed cohort has, that a cohort names, or that is not there all the time.
    """
    problem = calendar.problem
    own = {one.room for one in problem.cohorts} | {one.room for one in problem.fixed}
    alike: dict[tuple[str, int, str], list[Room]] = {}
    for room in sorted(problem.rooms, key=lambda one: (one.places, one.code)):
        alone = room.code in own or room.first > problem.first or room.last < calendar.end
        alike.setdefault((room.place, room.places, room.code if alone else ""), []).append(room)
    return [
        Sort(place=place, places=places, codes=tuple(one.code for one in rooms),
             free=_free(calendar, rooms))
        for (place, places, _), rooms in alike.items()
    ]  # fmt: skip


def _free(calendar: Calendar, rooms: Sequence[Room]) -> tuple[int, ...]:
    return tuple(
        sum(_there(calendar, week, room.first, room.last) and not any(
                one.room == room.code and _touches(calendar, week, one)
                for one in calendar.problem.fixed)
            for room in rooms)
        for week in range(calendar.problem.weeks)
    )  # fmt: skip


def _there(calendar: Calendar, week: int, first: dt.date, last: dt.date) -> bool:
    """Whether something is there on all days of a week on which training may be held."""
    sunday = calendar.sunday + dt.timedelta(days=week * WEEK)
    return first <= max(sunday, calendar.problem.first) and last >= sunday + dt.timedelta(days=4)


def _touches(calendar: Calendar, week: int, one: Placed) -> bool:
    return calendar.week_of(one.first) <= week <= calendar.week_of(one.last)


def suits(problem: Problem, one: Cohort, sort: Sort) -> bool:
    """Whether rooms of that sort will do for a cohort."""
    named = one.room in sort.codes if one.room else sort.place == one.place
    return named and sort.places >= one.places


def wants_room(problem: Problem, one: Cohort) -> bool:
    """Whether a room limits a cohort: nobody recorded a room of its place, and none does."""
    if one.on_line:
        return False
    return any(
        room.code == one.room if one.room else room.place == one.place for room in problem.rooms
    )


def key_of(problem: Problem, one: Cohort) -> Key | None:
    """The pool that a cohort draws on; None where nobody recorded one and none limits it."""
    key = one.subject, one.language
    known = any((pool.subject, pool.language) == key for pool in problem.pools)
    return key if one.instructors and known else None


def pools_of(calendar: Calendar) -> dict[Key, list[int]]:
    """How many instructors of each subject and language are free in each week."""
    problem, found = calendar.problem, {}
    for key in dict.fromkeys((one.subject, one.language) for one in problem.pools):
        found[key] = [
            _count(calendar, week, key) - sum(
                one.instructors for one in problem.fixed
                if (one.subject, one.language) == key and _touches(calendar, week, one)
            )
            for week in range(problem.weeks)
        ]  # fmt: skip
    return found


def _count(calendar: Calendar, week: int, key: Key) -> int:
    pools: list[Pool] = [
        one for one in calendar.problem.pools if (one.subject, one.language) == key
    ]
    return sum(one.count for one in pools if _there(calendar, week, one.first, one.last))
