"""When an activity takes place: its spells, each from a moment up to another (milliseconds).

A spell is half open: what ends at noon and what begins at noon do not overlap. Days repeat on the
clock of the centre's area, not in steps of 24 hours.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.records import Body

ZONE: Final = ZoneInfo("Asia/Baghdad")
ALWAYS: Final = 0
NEVER: Final = BOUNDS.moment_max + 1  # the end of what has none
REPEATS: Final = {"none": 0, "daily": 1, "weekly": 7}  # choices, and every how many days


class Spell(NamedTuple):
    """From ``begins`` up to ``until``, in milliseconds."""

    begins: int
    until: int


class Gap(NamedTuple):
    """How long two activities are apart at the closest (ms), whether they ``overlap``, and the
    spells of both for which that is so, the earliest of them.
    """

    ms: int
    overlap: bool
    ours: Spell
    theirs: Spell


def spells_of(body: Body) -> tuple[Spell, ...]:
    """The spells of a body, the earliest first. What it does not say is open: it may lack any. More
    than ``BOUNDS.spells_max`` are one long spell, which covers them.
    """
    begins, until = _moment(body, "begins", ALWAYS), _moment(body, "until", NEVER)
    first = Spell(begins, max(until, begins + 1))
    step = REPEATS.get(str(body.get("repeats", "")), 0)
    if not step or begins == ALWAYS or until == NEVER:
        return (first,)
    if "repeats_until" not in body:
        return (Spell(first.begins, NEVER),)
    found = _repeated(first, step, str(body["repeats_until"]))
    if len(found) > BOUNDS.spells_max:
        last = _repeated(first, step, str(body["repeats_until"]), last=True)
        return (Spell(first.begins, last[-1].until),)
    return tuple(found)


def _moment(body: Body, name: str, otherwise: int) -> int:
    value = body.get(name)
    return value if type(value) is int else otherwise


def _repeated(first: Spell, step: int, day: str, *, last: bool = False) -> list[Spell]:
    """The spells that begin every ``step`` days up to a day (YYYY-MM-DD), one more than may be at
    most; ``last`` = only the first and the last of them.
    """
    try:
        begins = dt.datetime.fromtimestamp(first.begins / 1000, ZONE)
        more = max((dt.date.fromisoformat(day) - begins.date()).days // step, 0)
        counted = (0, more) if last else range(min(more, BOUNDS.spells_max) + 1)
        return [_shifted(first, begins, count * step) for count in counted]
    except (OverflowError, ValueError):  # beyond the calendar
        return [Spell(first.begins, NEVER)]


def _shifted(first: Spell, begins: dt.datetime, days: int) -> Spell:
    """A spell so many days later, at the same time by the clock."""
    if not days:
        return first
    later = (begins.replace(tzinfo=None) + dt.timedelta(days=days)).replace(tzinfo=ZONE)
    start = round(later.timestamp() * 1000)
    return Spell(start, start + first.until - first.begins)


def after(spells: Sequence[Spell], moment: int) -> Sequence[Spell]:
    """Those of these spells that have not ended by a moment."""
    if spells[0].until > moment:
        return spells
    return [one for one in spells if one.until > moment]


def gap(ours: Sequence[Spell], theirs: Sequence[Spell]) -> Gap:
    """How close in time two activities come, each of whose spells last equally long. Both have at
    least one.
    """
    if len(ours) == len(theirs) == 1:
        return _between(ours[0], theirs[0])
    starts = [one.begins for one in theirs]
    best: Gap | None = None
    for mine in ours:
        at = bisect_left(starts, mine.begins)
        for other in theirs[max(at - 1, 0) : at + 1]:
            found = _between(mine, other)
            if best is None or (found.ms, not found.overlap) < (best.ms, not best.overlap):
                best = found
        if best is not None and best.overlap:
            return best
    if best is None:
        raise ValueError("an activity has no spell")
    return best


def _between(mine: Spell, other: Spell) -> Gap:
    overlap = mine.begins < other.until and other.begins < mine.until
    ms = max(other.begins - mine.until, mine.begins - other.until, 0)
    return Gap(ms, overlap, mine, other)
