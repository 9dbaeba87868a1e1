"""Programmes with known truth, for the measurement of forecasts: what a forecast may know of one on
a day, and when each project then really ended.

Nothing here is taken from the product's own model. A programme has a habit of its own; its projects
differ about it, by one of three families of distributions; milestones differ about their project;
political stops come to single projects, a pandemic to many at once.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.domain.reform.plans import Plan, Span, Step

DAY_ZERO: Final = 737_000  # of the year 2018


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class of programmes: how many ``projects``, from and to; how many ``stops`` in a project's
    year under way; the chance of a year that everything stops (``shock``); by which family of
    distributions projects differ; the share that ``needs`` others, at most so many ``links``; and
    its ``habit``, the logarithm of real days by planned ones.
    """

    name: str
    projects: tuple[int, int]
    stops: float = 0.05
    shock: float = 0.0
    family: str = "normal"
    needs: float = 0.4
    links: int = 2
    habit: float = 0.18


CLASSES: Final = (
    Class(name="large", projects=(36, 60)),
    Class(name="small", projects=(5, 9)),
    Class(name="stops", projects=(30, 45), stops=0.6),
    Class(name="small_stops", projects=(6, 10), stops=0.6),
    Class(name="pandemic", projects=(30, 45), stops=0.1, shock=0.25),
    Class(name="heavy_tails", projects=(30, 45), family="tails"),
    Class(name="two_kinds", projects=(30, 45), family="two"),
    Class(name="chains", projects=(20, 36), needs=0.9, links=3),
    Class(name="slow", projects=(30, 45), habit=0.5),
)
# Too few projects to learn from, and unlike the reference class: what no forecast can know. Said
# beside the others.
UNLIKE: Final = Class(name="small_slow", projects=(5, 9), habit=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A programme: its projects as they will have been (``real``) and as their charters first said
    (``wanted``), and the day on which it is asked.
    """

    real: tuple[Plan, ...]
    wanted: tuple[Plan, ...]
    asked: int

    def known(self) -> list[Plan]:
        """What is known on the day on which it is asked."""
        return [
            _known(real, wanted, self.asked)
            for real, wanted in zip(self.real, self.wanted, strict=True)
        ]


def _known(real: Plan, wanted: Plan, day: int) -> Plan:
    if real.start > day:
        return wanted
    return replace(
        real,
        ended=real.ended if real.ended <= day else 0,
        steps=tuple(replace(s, done=s.done if s.done <= day else 0) for s in real.steps),
        stops=tuple((a, b if b <= day else 0) for a, b in real.stops if a <= day),
    )


@dataclass(frozen=True, slots=True)
class _Ways:
    """How one programme goes: its class, its habit, how much projects differ about it and
    milestones about their project, and when everything stops.
    """

    chosen: Class
    chance: random.Random
    habit: float
    spread: float
    noise: float
    shocks: tuple[Span, ...]

    def effect(self) -> float:
        """How a project differs from its programme."""
        chance = self.chance
        if self.chosen.family == "tails":
            wide = math.sqrt(chance.gammavariate(2.5, 1 / 2.5))
            return self.spread * chance.gauss(0, 1) / wide
        if self.chosen.family == "two":
            return chance.gauss(-0.15, 0.1) if chance.random() < 0.7 else chance.gauss(0.5, 0.2)
        return chance.gauss(0, self.spread)


def world(chosen: Class, chance: random.Random) -> World:
    """A programme of this class."""
    ways = _Ways(
        chosen, chance, chance.gauss(chosen.habit, 0.15), chance.uniform(0.15, 0.4),
        chance.uniform(0.2, 0.5), _shocks(chosen, chance),
    )  # fmt: skip
    real, wanted = list[Plan](), list[Plan]()
    for number in range(chance.randint(*chosen.projects)):
        charter = _charter(number, wanted, chosen, chance)
        wanted.append(charter)
        real.append(_lived(charter, real, ways))
    first, last = min(one.start for one in real), max(one.ended for one in real)
    # Asked when a third to two thirds of its time have passed.
    asked = first + int((last - first) * chance.uniform(0.3, 0.65))
    return World(real=tuple(real), wanted=tuple(wanted), asked=asked)


def _shocks(chosen: Class, chance: random.Random) -> tuple[Span, ...]:
    found = []
    for year in range(12):
        if chance.random() < chosen.shock:
            since = DAY_ZERO + year * 365 + chance.randrange(365)
            found.append((since, since + int(chance.lognormvariate(math.log(140), 0.5))))
    return tuple(found)


def _charter(number: int, before: Sequence[Plan], chosen: Class, chance: random.Random) -> Plan:
    """A project as it was planned: a start, milestones, an end, and what it needs."""
    planned, start = chance.randint(150, 560), DAY_ZERO + chance.randrange(3 * 365)
    needs: list[Plan] = []
    if before and chance.random() < chosen.needs:
        ahead = [one for one in before if one.end <= start + 120]
        needs = chance.sample(ahead, min(len(ahead), chance.randint(1, chosen.links)))
    marks = chance.randint(3, 6)
    cuts = sorted(chance.uniform(0.1, 0.95) for _ in range(marks - 1))
    return Plan(
        key=f"P/{number:02}", owner="P", start=start, end=start + planned, begun=False,
        steps=tuple(Step(due=start + round(cut * planned)) for cut in (*cuts, 1.0)),
        needs=tuple(one.key for one in needs),
    )  # fmt: skip


def _lived(charter: Plan, before: Sequence[Plan], ways: _Ways) -> Plan:
    """The same as it went. Half of the projects wait with their beginning for what they need, and
    are planned anew from there; none ends before what it needs.
    """
    chance = ways.chance
    needed = max((one.ended for one in before if one.key in charter.needs), default=0)
    moved = max(0, needed - charter.start) if chance.random() < 0.5 else 0
    start = charter.start + moved
    pace = ways.habit + ways.effect()
    clock = _Clock(start, ways)
    steps, due = [], start
    for step in charter.steps:
        length = step.due + moved - due
        due = step.due + moved
        clock.work(max(1.0, length * math.exp(pace + chance.gauss(0, ways.noise))))
        steps.append(Step(due=due, done=math.ceil(clock.day)))
    return replace(
        charter, start=start, end=charter.end + moved, begun=True, steps=tuple(steps),
        ended=max(math.ceil(clock.day), needed), stops=tuple(clock.stops),
    )  # fmt: skip


class _Clock:
    """A project's days: work goes on unless it stops, by itself or with the others."""

    def __init__(self, start: int, ways: _Ways) -> None:
        self.day, self.stops = float(start), list[Span]()
        self._rate, self._chance = ways.chosen.stops / 365, ways.chance
        self._shocks = [s for s in ways.shocks if s[0] > start and ways.chance.random() < 0.7]
        self._next = self._wait()

    def _wait(self) -> float:
        return self.day + self._chance.expovariate(self._rate) if self._rate else math.inf

    def work(self, days: float) -> None:
        """So many days of work."""
        while days > 0:
            stop = min(self._next, self._shocks[0][0] if self._shocks else math.inf)
            passed = min(days, max(0.0, stop - self.day))
            self.day, days = self.day + passed, days - passed
            if days > 0:
                self._stop()

    def _stop(self) -> None:
        since = math.ceil(self.day)
        if self._shocks and self._shocks[0][0] <= self._next:
            until = max(since, self._shocks.pop(0)[1])
        else:
            until = since + max(5, int(self._chance.lognormvariate(math.log(120), 0.7)))
        self.day = float(max(self.day, until))
        if until > since:
            self.stops.append((since, until))
        self._next = self._wait()
