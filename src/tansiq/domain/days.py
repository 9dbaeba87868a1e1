"""Days of the calendar as records hold them, YYYY-MM-DD: how far apart, and how far on."""

import datetime as dt


def day_of(moment: int) -> str:
    """The day in UTC (YYYY-MM-DD) of a moment in milliseconds."""
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date().isoformat()


def days_between(earlier: str, later: str) -> int:
    """How many days lie between two days (YYYY-MM-DD), below 0 where the second is earlier."""
    return (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days


def shifted(day: str, days: int) -> str:
    """The day (YYYY-MM-DD) so many days later, or earlier below 0. Raises OverflowError outside the
    calendar.
    """
    return (dt.date.fromisoformat(day) + dt.timedelta(days=days)).isoformat()
