"""Days and times as people type them, on a centre's clock: forms and imports read them here alone.

The zone is given by its name in the zone history, so that a summer time of long ago is what it was.
Every fault is an InputError with a code that a form and an import both have words for.
"""

import datetime as dt
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from tansiq.domain.digits import western
from tansiq.domain.errors import InputError

_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_TIME: Final = re.compile(r"([0-9]{1,2}):?([0-9]{2})(?::([0-9]{2}))?")
_APART: Final = re.compile(r"[Tt ]")
_MONTHS: Final = 12
_CHARS_MAX: Final = 40  # of a day and a time; what is longer is neither


class DayOrder(StrEnum):
    """Which comes first where the year stands last; ``--dates`` of an import takes one."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def typed_day(text: str, order: DayOrder | None = None) -> dt.date:
    """The day that was typed: year first, or year last with the day or the month before it. Without
    an ``order`` a day that could be two raises InputError that names both.
    """
    plain = western(text).strip()
    found, last = _YEAR_FIRST.fullmatch(plain), _YEAR_LAST.fullmatch(plain)
    if found is not None:
        year, month, day = map(int, found.groups())
    elif last is not None:
        day, month, year = map(int, last.groups())
        if order is None and day != month and max(day, month) <= _MONTHS:
            first, second = (f"{year}-{m:02d}-{d:02d}" for m, d in ((month, day), (day, month)))
            raise InputError("date_ambiguous", first=first, second=second)
        if order is DayOrder.MONTH_FIRST or (order is None and month > _MONTHS):
            day, month = month, day
    else:
        raise InputError("date_form")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise InputError("date_form") from None


def typed_time(text: str) -> dt.time:
    """A time of day, 24 hours. Raises InputError."""
    found = _TIME.fullmatch(western(text).strip())
    try:
        if found is not None:
            return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise InputError("moment_form")


def day_and_time(text: str) -> tuple[str, str]:
    """What was typed of a day, and what of a time after it, "" where none was."""
    plain = " ".join(western(text).split())
    if len(plain) > _CHARS_MAX:
        raise InputError("date_form")
    day, _, clock = _APART.sub(" ", plain, count=1).partition(" ")
    return day, clock.strip()


def moment_at(day: dt.date, clock: dt.time, zone: ZoneInfo) -> int:
    """Milliseconds of a time on the centre's clock. Raises InputError before 1970, and for an hour
    that the clocks left out. Of an hour that came twice the first is meant.
    """
    local = dt.datetime.combine(day, clock, zone)
    if day.year < 1970:
        raise InputError("date_form")
    if local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InputError("hour_absent")
    return max(0, int(local.timestamp()) * 1000)


def typed_moment(text: str, zone: ZoneInfo) -> int:
    """Milliseconds of a day and a time of day on the centre's clock. Raises InputError."""
    day, clock = day_and_time(text)
    return moment_at(typed_day(day), typed_time(clock), zone)


def order_of(days: Iterable[str]) -> DayOrder | None:
    """In which order a column of days was typed; None where each day of it can be but one. The
    column decides and not the row. Raises InputError, with days of it, where some have the day
    first and some the month, and where nothing in it tells.
    """
    proofs: dict[DayOrder, str] = {}
    open_day = ""
    for typed in days:
        plain = western(typed).strip()[:_CHARS_MAX].partition(" ")[0].partition("T")[0]
        last = _YEAR_LAST.fullmatch(plain)
        if last is None:
            continue
        first, second = int(last[1]), int(last[2])
        if first > _MONTHS >= second:
            proofs.setdefault(DayOrder.DAY_FIRST, plain)
        elif second > _MONTHS >= first:
            proofs.setdefault(DayOrder.MONTH_FIRST, plain)
        elif first != second:
            open_day = open_day or plain
    if len(proofs) == len(DayOrder):
        one, other = proofs.values()
        raise InputError("import_dates_mixed", first=one, second=other)
    if open_day and not proofs:
        raise InputError("import_dates_open", value=open_day)
    return next(iter(proofs), None)
