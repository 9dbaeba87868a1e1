"""Cells of a table as people write them: positions, days, times, counts. No floats anywhere."""

import re
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from tansiq.desk.reader.positions import Position, read_position
from tansiq.domain import typed_times
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.fields import COUNT_MAX
from tansiq.domain.typed_times import DayOrder

_SHOWN: Final = 40  # characters of a cell that a message repeats
_COUNT: Final = re.compile(r"[0-9]{1,10}")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,3}")


def position(lat: str, lon: str) -> Position:
    """The position of two cells, in any notation, each of which its column names. Raises
    InputError.
    """
    return position_in(f"lat {lat}; lon {lon}")


def position_in(text: str) -> Position:
    """The position of one cell, in any notation. Raises InputError."""
    found = read_position(text)
    if found is None:
        raise InputError("import_position", value=text.strip()[:_SHOWN])
    return found


def midnight(day: date, zone: ZoneInfo) -> int:
    """The first moment of a day on the centre's clock. Raises InputError."""
    try:
        return typed_times.moment_at(day, time(), zone)
    except InputError:
        raise InputError("import_date", value=day.isoformat()) from None


def moment(day: str, clock: str, zone: ZoneInfo, order: DayOrder | None) -> int:
    """A day and, in the same or in a cell of its own, a time of day. Raises InputError."""
    shown = day.strip()[:_SHOWN]
    try:
        typed, after = typed_times.day_and_time(day)
        when = typed_times.typed_day(typed, order)
    except InputError as error:
        code = "import_dates_open" if error.code == "date_ambiguous" else "import_date"
        raise InputError(code, value=shown) from None
    try:
        hour = typed_times.typed_time(clock.strip() or after or "00:00")
    except InputError:
        raise InputError("import_time", value=(clock or day).strip()[:_SHOWN]) from None
    try:
        return typed_times.moment_at(when, hour, zone)
    except InputError as error:
        if error.code == "hour_absent":
            raise
        raise InputError("import_date", value=shown) from None


def count(text: str, column: str) -> int:
    """A whole number, with or without marks between its thousands. Raises InputError."""
    plain = western(text).strip()
    digits = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    if not _COUNT.fullmatch(digits) or int(digits) > COUNT_MAX:
        raise InputError("import_count", column=column, value=plain[:_SHOWN])
    return int(digits)
