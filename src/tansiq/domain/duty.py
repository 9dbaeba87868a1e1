"""Duty: whether somebody is at a position now. The pages that show who is on duty and the
escalation that asks people (``domain.escalation``) call the same function, ``at_post``.

Hours are wall times of the centre's zone. Each shift is turned into two moments before anything is
compared, so that shifts which follow one another on the wall leave no gap and no overlap on a day
on which the clocks are changed.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.domain.errors import InputError

_HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Post(StrEnum):
    """How a position is staffed at a moment."""

    ON = "on"
    OFF = "off"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Hours:
    """One span of each day, in minutes after local midnight; it runs past midnight where ``end`` is
    not after ``start``, and the whole day where they are equal.
    """

    start: int
    end: int

    def text(self) -> str:
        """As people write it: ``19:00-07:00``."""
        return f"{_wall(self.start)}-{_wall(self.end)}"


def hours_from_text(text: object) -> Hours:
    """Read ``19:00-07:00``. Raises InputError."""
    found = _HOURS.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise InputError("hours_form")
    start_hour, start, end_hour, end = map(int, found.groups())
    return Hours(start_hour * 60 + start, end_hour * 60 + end)


def at_post(said: Post | None, hours: tuple[Hours, ...], now: int, zone: dt.tzinfo) -> Post:
    """How a position is staffed at ``now`` (milliseconds).

    ``said`` is what a person said last of the position: "off" and "vacant" hold until something
    else is said, and "on" holds against the hours. Without a word of anybody the hours decide; a
    position without hours is staffed day and night.
    """
    if said is not None:
        return said
    if not hours or any(_within(span, now, zone) for span in hours):
        return Post.ON
    return Post.OFF


def _within(span: Hours, now: int, zone: dt.tzinfo) -> bool:
    today = dt.datetime.fromtimestamp(now / 1000, tz=zone).date()
    over = 0 if span.end > span.start else 1
    return any(
        _moment(today, day, span.start, zone) <= now < _moment(today, day + over, span.end, zone)
        for day in (-1, 0)
    )


def _moment(today: dt.date, days: int, minutes: int, zone: dt.tzinfo) -> int:
    """A wall time as a moment. One that comes twice is its first; one that the clocks skip is as
    long after midnight as it would be without the change.
    """
    wall = dt.datetime.combine(today + dt.timedelta(days), dt.time(minutes // 60, minutes % 60))
    return round(wall.replace(tzinfo=zone).timestamp() * 1000)


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
