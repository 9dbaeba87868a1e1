"""Cells of a table as people write them: dates, times, positions, counts. No floats anywhere."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import COUNT_MAX
from tansiq.domain.places import E7

ZONE: Final = timezone(timedelta(hours=3))  # the centre's zone: UTC+3, without summer time
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DECIMAL: Final = re.compile(r"([+-]?)([0-9]{1,3})(?:\.([0-9]{0,20}))?")
_DIGITS: Final = {
    **{0x0660 + n: str(n) for n in range(10)},
    **{0x06F0 + n: str(n) for n in range(10)},
    0x066B: ".",  # the Arabic decimal sign
    0x060C: ",",
}
_INVISIBLE: Final = dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), 0xFEFF))
_DATE: Final = re.compile(
    r"(?:(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})[-/.](?P<m2>[0-9]{1,2})[-/.](?P<y2>[0-9]{4}))"
    r"(?:[T ]+(?P<time>[0-9:]+))?"
)
_TIME: Final = re.compile(r"([0-9]{1,2}):?([0-9]{2})(?::([0-9]{2}))?")


def western(text: str) -> str:
    """The cell with Western digits and without invisible signs."""
    return text.translate(_INVISIBLE).translate(_DIGITS).strip()


def e7(text: str, limit: int) -> int:
    """A decimal degree as an integer of 1e-7 degree, rounded to the nearest. Raises InputError."""
    found = _DECIMAL.fullmatch(western(text))
    if found is None:
        raise InputError("import_position", value=text.strip()[:40])
    part = (found[3] or "").ljust(8, "0")
    whole = int(found[2]) * E7 + int(part[:7]) + (part[7] >= "5")
    if whole > limit:
        raise InputError("import_position", value=text.strip()[:40])
    return -whole if found[1] == "-" else whole


def milliseconds(moment: datetime) -> int:
    """Milliseconds since the epoch, UTC. Raises InputError for a time before 1970."""
    since = (moment - _EPOCH) // timedelta(milliseconds=1)
    if since < 0:
        raise InputError("import_date", value=moment.date().isoformat())
    return since


def midnight(day: date) -> int:
    """The first moment of a day in the centre's zone."""
    return milliseconds(datetime.combine(day, time(), ZONE))


def moment(day: str, clock: str) -> int:
    """A day and, in the same or in a cell of its own, a time of day. Raises InputError."""
    found = _DATE.fullmatch(western(day))
    if found is None:
        raise InputError("import_date", value=day.strip()[:40])
    year, month, number = (found[name] or found[f"{name}2"] for name in ("y", "m", "d"))
    try:
        when = date(int(year), int(month), int(number))
    except ValueError:
        raise InputError("import_date", value=day.strip()[:40]) from None
    hour = time_of(clock) if clock.strip() else time_of(found["time"] or "00:00")
    return milliseconds(datetime.combine(when, hour, ZONE))


def time_of(text: str) -> time:
    """A time of day, 24 hours. Raises InputError."""
    found = _TIME.fullmatch(western(text))
    try:
        if found is not None:
            return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise InputError("import_time", value=text.strip()[:40])


def count(text: str, column: str) -> int:
    """A whole number. Raises InputError."""
    plain = western(text)
    if not re.fullmatch(r"[0-9]{1,10}", plain) or int(plain) > COUNT_MAX:
        raise InputError("import_count", column=column, value=plain[:40])
    return int(plain)
