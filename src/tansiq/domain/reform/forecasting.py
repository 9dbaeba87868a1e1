"""When projects will be executed, as ranges: from how a programme has kept its plans until now.

``desk.reform.forecasts`` asks, and the bench with programmes whose truth is known. Each of many
draws takes the finished projects anew with repetition (bootstrap), gives each open project a pace
near one of theirs that fits what it has done itself, lets work stop as often and as long as it has
stopped, and lets no project end before what it needs. Of the days so found a range has the tenth,
the middle and the ninetieth in a hundred: the truth lies within in eight cases of ten.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tansiq.domain.reform.chances import Chances, Weighted, seed_of
from tansiq.domain.reform.habits import Habit, Habits, learnt
from tansiq.domain.reform.plans import Plan

DRAWS: Final = 300
_TRIES: Final = 25
_STOPS_MAX: Final = 12  # of one project in one draw
_FAR: Final = 365 * 40  # days: no draw goes further
_PARTS: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Days (ordinals) before which something is executed with one, five and nine in ten."""

    early: int
    middle: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The ranges of the open projects by key, and of the day on which all are executed (None where
    none is open). ``habits`` are by owner: nobody's projects say how another keeps its plans.
    """

    ranges: Mapping[str, Range]
    whole: Range | None
    habits: Mapping[str, Habits]


def forecast(plans: Sequence[Plan], today: int) -> Forecast:
    """The forecast as of a day. The order of the plans does not matter."""
    ordered = _ordered(plans)
    owners = sorted({one.owner for one in ordered})
    habits = {
        owner: learnt([one for one in ordered if one.owner == owner], today) for owner in owners
    }
    chances = Chances(seed_of([today, [_told(one) for one in sorted(plans, key=_key)]]))
    ends: dict[str, list[int]] = {one.key: [] for one in ordered if not one.ended}
    last: list[int] = []
    for _ in range(DRAWS if ends else 0):
        found = _draw(ordered, habits, chances, today)
        for key, days in ends.items():
            days.append(found[key])
        last.append(max(found[key] for key in ends))
    return Forecast(
        ranges={key: _range(days) for key, days in ends.items()},
        whole=_range(last) if last else None,
        habits=habits,
    )


def _key(plan: Plan) -> str:
    return plan.key


def _told(plan: Plan) -> list[object]:
    return [
        plan.key, plan.owner, plan.start, plan.end, plan.begun, plan.ended,
        [[one.due, one.done] for one in plan.steps], plan.stops, plan.needs,
    ]  # fmt: skip


def _range(days: list[int]) -> Range:
    days.sort()
    early, middle, late = (days[min(int(part * len(days)), len(days) - 1)] for part in _PARTS)
    return Range(early=early, middle=middle, late=late)


def _ordered(plans: Iterable[Plan]) -> list[Plan]:
    """The plans, each after what it needs; where projects need each other, by their keys."""
    known = {one.key: one for one in sorted(plans, key=_key)}
    found: dict[str, Plan] = {}
    for key in known:
        waiting, path = [key], {key}
        while waiting:
            at = waiting[-1]
            ahead = [n for n in known[at].needs if n in known and n not in found and n not in path]
            if ahead:
                waiting.append(ahead[0])
                path.add(ahead[0])
            else:
                found.setdefault(waiting.pop(), known[at])
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How an owner keeps its plans, in one draw."""

    habits: Habits
    paces: Sequence[float]
    lasts: Sequence[float]
    rate: float  # stops a day


def _drawn(habits: Habits, chances: Chances) -> _Drawn:
    return _Drawn(
        habits, _again(habits.pace, chances), _again(habits.lasts, chances),
        chances.count(habits.often) / habits.exposure,
    )  # fmt: skip


def _draw(
    plans: Sequence[Plan], habits: Mapping[str, Habits], chances: Chances, today: int
) -> dict[str, int]:
    """One way in which it may go: when each project ends."""
    drawn = {owner: _drawn(one, chances) for owner, one in habits.items()}
    ends: dict[str, int] = {}
    for plan in plans:
        if plan.ended:
            ends[plan.key] = plan.ended
            continue
        before = max((ends[key] for key in plan.needs if key in ends), default=0)
        day = _end(plan, drawn[plan.owner], chances, today, before)
        ends[plan.key] = min(max(math.ceil(day), before), today + _FAR)
    return ends


def _end(plan: Plan, how: _Drawn, chances: Chances, today: int, before: int) -> float:
    """When a project ends that is not over: it works on, and may stop on the way."""
    begins = today if plan.begun else max(today, plan.start)
    if not plan.begun and chances.uniform() < how.habits.waits:
        begins = max(begins, before)
    day = begins + _held(plan, how, chances, today)
    work = _work(plan, how, chances, today)
    for _ in range(_STOPS_MAX):
        passed = chances.wait(how.rate)
        if passed >= work:
            break
        day += passed + math.exp(_near(how.lasts, how.habits.lasts.width, chances))
        work -= passed
    return day + work


def _again(habit: Habit, chances: Chances) -> list[float]:
    """As many of a habit's values as it stands for, each as often as it is drawn."""
    drawn = Weighted(habit.weights)
    return [habit.values[drawn.draw(chances)] for _ in range(habit.size)]


def _near(values: Sequence[float], width: float, chances: Chances) -> float:
    return values[chances.below(len(values))] + width * chances.normal()


def _held(plan: Plan, how: _Drawn, chances: Chances, today: int) -> float:
    """How long a project that stands still goes on to do so, given how long it has."""
    since = plan.still_since()
    if not since:
        return 0.0
    passed = max(1, today - since)
    for _ in range(_TRIES):
        length = math.exp(_near(how.lasts, how.habits.lasts.width, chances))
        if length > passed:
            return length - passed
    return passed * chances.uniform()


def _work(plan: Plan, how: _Drawn, chances: Chances, today: int) -> float:
    """For how many days it is still to work. The milestone that is next has not been reached in
    the days that it has had.
    """
    width, noise = how.habits.pace.width, how.habits.noise
    if not plan.begun:
        return plan.planned * math.exp(_near(how.paces, width, chances))
    _, at, _ = plan.reached()
    following, after, left = plan.ahead()
    passed = plan.worked(at, today) if at < today else 0
    fitting, pace = _fitting(plan, how), 0.0
    for _ in range(_TRIES):
        pace = fitting(chances)
        step = following * math.exp(pace + noise * chances.normal())
        if step > passed:
            break
    else:
        step = passed * (1.0 + 0.5 * chances.uniform())
    rest = after * math.exp(pace + noise * chances.normal() / math.sqrt(max(1, left - 1)))
    return step - passed + rest


def _fitting(plan: Plan, how: _Drawn) -> Callable[[Chances], float]:
    """Draws a pace near one of these that fits how long the project took for the milestones that it
    has done.
    """
    due, at, count = plan.reached()
    width, paces = how.habits.pace.width, how.paces
    if not count or due <= plan.start:
        return partial(_near, paces, width)
    own = math.log(plan.worked(plan.start, at) / (due - plan.start))
    spread, free = width**2, how.habits.noise**2 / count
    apart = [(own - one) ** 2 / (2 * (spread + free)) for one in paces]
    drawn = Weighted([math.exp(min(apart) - one) for one in apart])
    means = [(one * free + own * spread) / (spread + free) for one in paces]
    deviation = math.sqrt(spread * free / (spread + free))
    return lambda chances: means[drawn.draw(chances)] + deviation * chances.normal()
