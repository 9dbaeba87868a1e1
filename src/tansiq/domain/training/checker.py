"""Whether a plan keeps every hard rule, day by day. It shares nothing with the planners but the
values that they read and write: what they get wrong is found here.

The desk asks before a plan is kept, the measurement of the planner, and the tests.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tansiq.domain.training.problem import Cohort, Placed, Plan, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that a plan breaks, by its name, with the codes that break it."""

    rule: str
    codes: tuple[str, ...]


def broken_rules(problem: Problem, plan: Plan) -> list[Broken]:
    """Every hard rule that a plan breaks; none for a plan that may be kept."""
    return [
        *_complete(problem, plan), *_days(problem, plan), *_order(problem, plan),
        *_rooms(problem, plan), *_taught(problem, plan),
    ]  # fmt: skip


def _each_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


def _hundredths(problem: Problem, one: Cohort, day: dt.date) -> int:
    """How much of a day of training the cohort has on a day, in hundredths."""
    if day.isoweekday() in (5, 6) or day < problem.first:
        return 0
    share = 100
    for spell in problem.holidays:
        if spell.first <= day <= spell.last:
            share = min(share, spell.factor)
    if one.on_line:
        return share
    rooms = 100
    for spell in problem.capacity:
        if spell.first <= day <= spell.last:
            rooms = min(rooms, spell.factor)
    return min(share, rooms * problem.shifts, 100)


def _complete(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """Each cohort stands once in the plan or among those that were left, and nobody else does."""
    said = sorted([*(one.code for one in plan.rows), *plan.left])
    wanted = sorted(one.code for one in problem.cohorts)
    if said != wanted:
        yield Broken(rule="complete", codes=tuple(sorted({*said} ^ {*wanted}) or said))


def _days(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """From its first day to its last a cohort has the days that it needs, and no day too many."""
    known = {one.code: one for one in problem.cohorts}
    for row in plan.rows:
        one = known.get(row.code)
        if one is None:
            continue
        held = [_hundredths(problem, one, day) for day in _each_day(row.first, row.last)]
        if not held or not held[0] or not held[-1]:
            yield Broken(rule="idle_day", codes=(row.code,))
        elif sum(held) < one.days * 100 or sum(held[:-1]) >= one.days * 100:
            yield Broken(rule="days", codes=(row.code,))
        if row.first < max(problem.first, one.earliest):
            yield Broken(rule="too_early", codes=(row.code,))
        if row.last >= problem.first + dt.timedelta(days=problem.weeks * 7):
            yield Broken(rule="too_late", codes=(row.code,))


def _order(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """Nobody begins before all have ended that must have."""
    rows = {one.code: one for one in (*problem.fixed, *plan.rows)}
    wanted = {one.code for one in problem.cohorts}
    for one in problem.cohorts:
        row = rows.get(one.code)
        for code in one.after if row else ():
            before = rows.get(code)
            if (before is None and code in wanted) or (row and before and before.last >= row.first):
                yield Broken(rule="order", codes=(one.code, code))


def _rooms(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """Who needs a room has one of its place that is large enough and there, and has it alone."""
    known = {one.code: one for one in problem.cohorts}
    rooms = {one.code: one for one in problem.rooms}
    for row in plan.rows:
        one = known.get(row.code)
        if one is None or one.on_line:
            continue
        here = [room for room in problem.rooms
                if (room.code == one.room if one.room else room.place == one.place)]  # fmt: skip
        if not here:
            continue
        room = rooms.get(row.room)
        if room is None or room not in here or room.places < one.places:
            yield Broken(rule="room", codes=(row.code,))
        elif row.first < room.first or row.last > room.last:
            yield Broken(rule="room_there", codes=(row.code,))
    held: dict[str, list[Placed]] = defaultdict(list)
    for row in (*problem.fixed, *plan.rows):
        if row.room in rooms:
            held[row.room].append(row)
    for users in held.values():
        yield from _two_at_once(problem, users)


def _two_at_once(problem: Problem, users: list[Placed]) -> Iterator[Broken]:
    ours = {one.code for one in problem.cohorts}
    for at, one in enumerate(users):
        for other in users[at + 1 :]:
            apart = one.last < other.first or other.last < one.first
            if not apart and (one.code in ours or other.code in ours):
                yield Broken(rule="room_twice", codes=(one.code, other.code))


def _taught(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """On no day more instructors of a subject and language are wanted than there are."""
    keys = {(one.subject, one.language) for one in problem.pools}
    for key in sorted(keys):
        rows = [one for one in plan.rows if (one.subject, one.language) == key and one.instructors]
        fixed = [one for one in problem.fixed if (one.subject, one.language) == key]
        for day in sorted({day for one in rows for day in _each_day(one.first, one.last)}):
            if day.isoweekday() in (5, 6):
                continue
            there = sum(
                pool.count
                for pool in problem.pools
                if (pool.subject, pool.language) == key and pool.first <= day <= pool.last
            )
            users = [one for one in (*rows, *fixed) if one.first <= day <= one.last]
            if sum(one.instructors for one in users) > there:
                yield Broken(rule="instructors", codes=tuple(one.code for one in users))
                break
