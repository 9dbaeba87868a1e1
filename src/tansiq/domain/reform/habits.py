"""How a programme keeps its plans: what its own projects, milestones and stops say of that.

``forecasting`` draws from it. A project that is not finished is no evidence of speed: it says that
it takes at least as long as it has taken (right censoring, after Kaplan and Meier), else the quick
ones alone would speak. Where fewer than ten have finished, a reference class stands for the rest.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Final

from tansiq.domain.reform.plans import Plan

OWN_LEAST: Final = 10  # finished projects from which on they speak alone
# The reference class, of programmes of reform and of public works: what a plan takes (logarithm of
# the real days by the planned ones: the median a fifth more), and how long a stop lasts (days).
_CLASS_PACE: Final = (0.18, 0.32)
_CLASS_STOP: Final = (math.log(150.0), 0.8)
_CLASS_STOPS: Final = 0.5, 1500.0  # stops in so many working days, before anything is known
_CLASS_NOISE: Final = (0.35, 5)  # of one milestone about its project, and how many that is worth
_LEAST_SPREAD: Final = 0.08
_SMOOTH: Final = 3.0  # of the variance, by the number: what is between the drawn ones counts too
_RIGHT_AFTER: Final = 14  # days after the end of what was waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Logarithms with their weights, and how far about them what comes may lie."""

    values: tuple[float, ...]
    weights: tuple[float, ...]
    width: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What was learnt: how long projects take against their plans, how much milestones differ from
    their project, which share of projects waits with its beginning for what it needs, how often
    work stops and how long. ``own`` counts the finished projects that
    speak, ``stops`` the stops.
    """

    pace: Habit
    noise: float
    waits: float
    often: float
    exposure: float
    lasts: Habit
    own: int
    stops: int


def learnt(plans: Sequence[Plan], today: int) -> Habits:
    """What these projects say as of a day."""
    begun = [one for one in plans if one.begun and one.start <= today]
    paces = [
        (math.log(one.worked(one.start, one.ended or today) / one.planned), bool(one.ended))
        for one in begun
    ]
    spans = [(max(1, (to or today) - since), bool(to)) for one in plans for since, to in one.stops]
    before, days = _CLASS_STOPS
    return Habits(
        pace=_habit(paces, _CLASS_PACE),
        noise=_noise(begun),
        waits=_waits(plans, begun, today),
        often=before + len(spans),
        exposure=days + sum(one.worked(one.start, one.ended or today) for one in begun),
        lasts=_habit([(math.log(length), over) for length, over in spans], _CLASS_STOP),
        own=sum(over for _, over in paces),
        stops=len(spans),
    )


def _habit(found: Iterable[tuple[float, bool]], known: tuple[float, float]) -> Habit:
    """A habit from what is known to have happened (True) or to have lasted so long (False), with
    the reference class where that is too little.
    """
    ordered = sorted(found, key=lambda one: (one[0], not one[1]))
    values, weights = list[float](), list[float]()
    left, risk, own = 1.0, len(ordered), sum(over for _, over in ordered)
    for value, over in ordered:
        if over:
            values.append(value)
            weights.append(own * left / risk)
            left -= left / risk
        risk -= 1
    if own and left > 1e-9:  # the slowest is not over: it takes longer than it has
        values.append(ordered[-1][0])
        weights.append(own * left)
    lacking = max(0, OWN_LEAST - own)
    values += [known[0] + known[1] * one for one in _points(lacking)]
    weights += [1.0] * lacking
    whole = sum(weights)
    mean = sum(v * w for v, w in zip(values, weights, strict=True)) / whole
    spread = sum(w * (v - mean) ** 2 for v, w in zip(values, weights, strict=True)) / whole
    size = max(own, OWN_LEAST)
    return Habit(
        values=tuple(values), weights=tuple(weights), size=size,
        width=math.sqrt(max(spread, _LEAST_SPREAD**2) * _SMOOTH / size),
    )  # fmt: skip


def _points(count: int) -> list[float]:
    """So many points that stand for a normal distribution."""
    return [NormalDist().inv_cdf((n + 0.5) / count) for n in range(count)]


def _waits(plans: Iterable[Plan], begun: Iterable[Plan], today: int) -> float:
    """The share of projects that begin only once what they need has ended: of those that began
    right after, and those that began before. Others tell nothing of it.
    """
    ends = {one.key: one.ended or today + 1 for one in plans}
    waited, all_told = 1, 2
    for plan in begun:
        needed = max((ends[key] for key in plan.needs if key in ends), default=0)
        if needed and plan.start < needed + _RIGHT_AFTER:
            waited += plan.start >= needed
            all_told += 1
    return waited / all_told


def _noise(begun: Iterable[Plan]) -> float:
    """How much the milestones of a project differ from its own pace."""
    worth = _CLASS_NOISE[1]
    squares, free = _CLASS_NOISE[0] ** 2 * worth, float(worth)
    for plan in begun:
        parts = _parts(plan)
        if len(parts) > 1:
            mean = sum(parts) / len(parts)
            squares += sum((one - mean) ** 2 for one in parts)
            free += len(parts) - 1
    return math.sqrt(squares / free)


def _parts(plan: Plan) -> list[float]:
    """From milestone to milestone: the real days by the planned ones, as logarithms."""
    known = sorted((one.due, one.done) for one in plan.steps if one.due and one.done)
    marks = [(plan.start, plan.start), *known]
    return [
        math.log(plan.worked(a[1], b[1]) / (b[0] - a[0]))
        for a, b in pairwise(marks)
        if b[0] > a[0] and b[1] > a[1]
    ]
