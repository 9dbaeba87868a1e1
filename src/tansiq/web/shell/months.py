"""A calendar's month and a chart's spans of time, on the centre's clock. Weeks begin on Sunday."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from tansiq.web.shell.dates import at_zone, day_begins

_SUNDAY_FIRST: Final = calendar.Calendar(firstweekday=6)
_WEEK: Final = dt.timedelta(days=7)
WEEKS: Final = 26  # of a chart
MONTHS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month with the whole weeks around it; ``days`` are in rows of seven."""

    first: dt.date
    days: tuple[dt.date, ...]

    def edges(self, zone: ZoneInfo) -> list[int]:
        """The first moment of each day, and of the day after the last."""
        return [day_begins(day, zone) for day in (*self.days, self.days[-1] + dt.timedelta(days=1))]

    def other(self, step: int) -> str:
        """The month before (-1) or after (1) as an address says it."""
        return f"{_moved(self.first, step):%Y-%m}"


def month(year: int, number: int) -> Month:
    """That month."""
    weeks = _SUNDAY_FIRST.monthdatescalendar(year, number)
    return Month(first=dt.date(year, number, 1), days=tuple(day for week in weeks for day in week))


def _moved(first: dt.date, step: int) -> dt.date:
    months = first.year * 12 + first.month - 1 + step
    return dt.date(months // 12, months % 12 + 1, 1)


def weeks_to(moment: int, zone: ZoneInfo) -> list[dt.date]:
    """The Sundays that begin the weeks of a chart, and the one that ends the last of them, in
    which ``moment`` lies.
    """
    today = at_zone(moment, zone).date()
    end = today - dt.timedelta(days=(today.weekday() + 1) % 7) + _WEEK
    return [end - _WEEK * back for back in range(WEEKS, -1, -1)]


def months_to(moment: int, zone: ZoneInfo) -> list[dt.date]:
    """As :func:`weeks_to`, of months."""
    first = at_zone(moment, zone).date().replace(day=1)
    return [_moved(first, 1 - back) for back in range(MONTHS, -1, -1)]
