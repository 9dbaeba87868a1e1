"""What a catch-up plan is made from, and what it says: values that both planners and the checker
read, and nothing else that they share.

A day of training is held at a share of its capacity: none, a quarter, half or all of it, counted
here in quarters of a day. A cohort that is taught at half capacity needs twice the days, for its
two groups come by turns.
"""

import csv
import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

FACTORS: Final = (0, 25, 50, 100)  # of a hundred
QUARTERS: Final = 4  # of a whole day
WEEK: Final = 7
RULES: Final = ("nearly_finished", "dependencies", "oldest")
UNPLACED_DAYS: Final = 28  # after the end of a plan: so late counts who is not placed
SHIFTS_MAX: Final = 2
WEEKS_MAX: Final = 104  # of a plan
COHORTS_MAX: Final = 240  # of a plan
HOLIDAYS: Final = ("newroz", "eid_fitr", "eid_adha", "ramadan", "exams", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days from ``first`` to ``last``, both with, on which no more than ``factor`` of a hundred of
    the training is held. ``name`` is a holiday's (``HOLIDAYS``) or empty; an ``estimate`` follows
    the moon as it was worked out, or a habit, and is the centre's to correct.
    """

    first: dt.date
    last: dt.date
    factor: int
    name: str = ""
    estimate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of a place, for so many persons at once, from one day to another where that is
    limited. A cohort has it for itself.
    """

    code: str
    place: str
    places: int
    first: dt.date = dt.date.min
    last: dt.date = dt.date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """So many instructors of a subject who teach in a language, from one day to another."""

    subject: str
    language: str
    count: int
    first: dt.date = dt.date.min
    last: dt.date = dt.date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A cohort that is to be planned.

    ``days`` are those of training that are left, ``done`` those that were held. ``room`` is the
    only room that will do, where it has one. ``after`` are the codes of cohorts that must have
    ended before. ``due`` is when it would have ended, ``begun`` when it first began; so many
    ``projects`` wait for it.
    """

    code: str
    days: int
    due: dt.date
    begun: dt.date
    done: int = 0
    on_line: bool = False
    earliest: dt.date = dt.date.min
    place: str = ""
    room: str = ""
    places: int = 0
    instructors: int = 0
    subject: str = ""
    language: str = ""
    after: tuple[str, ...] = ()
    projects: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A cohort with its days: those of a plan, or fixed ones that a plan goes around."""

    code: str
    first: dt.date
    last: dt.date
    room: str = ""
    instructors: int = 0
    subject: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is to be planned: the ``cohorts``, around what is ``fixed``, from a day on for so many
    ``weeks``. ``capacity`` counts for what is taught in a room, ``holidays`` for everybody. With
    two ``shifts`` two groups come on one day, one after the other, to the same instructors.
    """

    first: dt.date
    weeks: int
    cohorts: tuple[Cohort, ...]
    fixed: tuple[Placed, ...] = ()
    rooms: tuple[Room, ...] = ()
    pools: tuple[Pool, ...] = ()
    capacity: tuple[Spell, ...] = ()
    holidays: tuple[Spell, ...] = ()
    shifts: int = 1
    rule: str = RULES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a planner put each cohort, in the order of the codes. ``left`` could not be placed."""

    rows: tuple[Placed, ...]
    left: tuple[str, ...] = ()

    def row(self, code: str) -> Placed | None:
        """The days of one cohort."""
        return next((one for one in self.rows if one.code == code), None)


@functools.cache
def known_holidays() -> tuple[Spell, ...]:
    """The holidays, the fasting month and the usual weeks of exams from 2020 to 2027."""
    text = files("tansiq.domain.training").joinpath("holidays.csv").read_text("utf-8")
    return tuple(
        Spell(
            name=row["name"], first=dt.date.fromisoformat(row["first"]),
            last=dt.date.fromisoformat(row["last"]), factor=int(row["factor"]),
            estimate=row["estimate"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def holidays_between(first: dt.date, weeks: int) -> tuple[Spell, ...]:
    """Those of them that touch so many weeks from a day on."""
    end = first + dt.timedelta(days=weeks * WEEK)
    return tuple(one for one in known_holidays() if one.last >= first and one.first < end)


def weights_of(cohorts: Sequence[Cohort], rule: str) -> dict[str, int]:
    """How much a day counts by which each cohort is late, from 1 to 10, by a rule of priority:
    those first that are nearly finished, that others and projects wait for, or that began first.
    """
    keys = {one.code: _rank(one, cohorts, rule) for one in cohorts}
    order = sorted(set(keys.values()))
    most = max(len(order) - 1, 1)
    return {code: 10 - 9 * order.index(key) // most for code, key in keys.items()}


def _rank(one: Cohort, cohorts: Sequence[Cohort], rule: str) -> int:
    if rule == "dependencies":
        return -one.projects - sum(one.code in other.after for other in cohorts)
    return one.begun.toordinal() if rule == "oldest" else one.days
