"""Dates and times as people read them: the centre's zone, 24 hours, Western digits, CLDR month
names.

Django's own month names are not used: for Sorani they are those of another calendar. Codes, grids
and times are isolated left to right.
"""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from markupsafe import Markup, escape

from tansiq.domain import typed_times
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.isolates import pieces

DAY_MS: Final = 86_400_000
_LOCALES: Final = {"en": "en_GB", "ar": "ar_IQ", "ckb": "ckb_IQ"}
_RUN_CHARS: Final = 24
# A partner may say the last moment there is; in a zone ahead of UTC no calendar prints it.
_LAST: Final = BOUNDS.moment_max - 24 * 3600 * 1000


def at_zone(moment: int, zone: ZoneInfo) -> dt.datetime:
    """The moment (milliseconds) on the centre's clock."""
    return dt.datetime.fromtimestamp(min(moment, _LAST) / 1000, tz=zone)


def day_words(moment: int, zone: ZoneInfo, language: str) -> str:
    """The day in words: 22 November 2026, ٢٢ never: Western digits, months as Iraq names them."""
    return format_date(at_zone(moment, zone).date(), "d MMMM y", locale=_LOCALES[language])


def month_words(day: dt.date, language: str) -> str:
    """The month in words, with its year."""
    return format_date(day, "LLLL y", locale=_LOCALES[language])


def week_words(language: str) -> list[str]:
    """The days of a week in words, which begins on Sunday."""
    names = get_day_names("wide", "stand-alone", _LOCALES[language])
    return [str(names[(day - 1) % 7]) for day in range(7)]


def day_begins(day: dt.date, zone: ZoneInfo) -> int:
    """The first moment of a day on the centre's clock, in milliseconds."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def stamp(moment: int, zone: ZoneInfo, pattern: str = "%Y-%m-%d %H:%M") -> Markup:
    """A time element that reads left to right in every language."""
    local = at_zone(moment, zone)
    return Markup('<time dir="ltr" datetime="{}">{}</time>').format(
        local.isoformat(timespec="minutes"), local.strftime(pattern)
    )


def near_to(moment: int, other: int, zone: ZoneInfo) -> Markup:
    """A moment beside another one that the reader knows, now or that of the row: its time alone
    where both are of one day, with its day otherwise.
    """
    same = at_zone(moment, zone).date() == at_zone(other, zone).date()
    return stamp(moment, zone, "%H:%M") if same else stamp(moment, zone)


def ltr(value: object) -> Markup:
    """A code, number or grid, isolated left to right."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(escape(str(value)))


def number(value: int) -> Markup:
    """A count, its thousands apart, isolated left to right: read alike in every language, and read
    back by every form.
    """
    return ltr(f"{value:,}")


def _run(piece: str) -> Markup:
    """A run of digits or codes; one that fits a narrow screen stays in one line, and a longer one
    is broken as words are.
    """
    if len(piece) > _RUN_CHARS:
        return Markup('<bdi class="run-long" dir="ltr">{}</bdi>').format(piece)
    return Markup('<bdi class="run" dir="ltr">{}</bdi>').format(piece)


def said(text: object) -> Markup:
    """What somebody wrote, with its numbers, dates, codes and paths isolated: bare, they would turn
    round between Arabic letters. It stands in an element of its own direction.
    """
    return Markup("").join(
        _run(piece) if run else escape(piece) for piece, run in pieces(str(text))
    )


def typed_moment(text: str, zone: ZoneInfo, field: str) -> int:
    """Milliseconds of a typed day and time on the centre's clock. Raises InputError that names the
    field, and both days where it could be two.
    """
    try:
        return typed_times.typed_moment(text, zone)
    except InputError as error:
        told = error.code in ("date_ambiguous", "hour_absent")
        code = error.code if told else "moment_form"
        raise InputError(code, **{**error.values, "field": field}) from None


def typed_date(text: str, field: str) -> str:
    """The day that was typed, as ``YYYY-MM-DD``. Raises as :func:`typed_moment`."""
    try:
        return typed_times.typed_day(text).isoformat()
    except InputError as error:
        raise InputError(error.code, **{**error.values, "field": field}) from None


def typed_day(text: str, zone: ZoneInfo, field: str) -> int:
    """Milliseconds of the start of a typed day. Raises InputError."""
    try:
        return day_begins(typed_times.typed_day(text), zone)
    except InputError:
        raise InputError("moment_form", field=field) from None
