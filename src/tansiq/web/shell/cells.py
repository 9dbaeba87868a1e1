"""Cells of a table in the words of one reader: as a page shows them and as a file holds them.

A page and paper isolate codes, numbers and times left to right. A file holds values: numbers, days
and moments with their zone are such, text has no invisible direction marks, and a code stands in a
column of its own beside its words, so that a machine can read what a person reads.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from tansiq.domain.areas import position_of
from tansiq.domain.isolates import isolate, isolated, neutral
from tansiq.domain.measures import CURRENCIES, money_text
from tansiq.domain.places import E7
from tansiq.domain.search import without_overrides
from tansiq.domain.tables import Cell, Column, Holds
from tansiq.domain.wording import catalogue, phrase
from tansiq.web.shell import dates
from tansiq.web.shell.areas import area_words

Place = Mapping[str, Any]
# What a file holds: words and codes, numbers, days, and moments on the centre's clock.
Value: TypeAlias = str | int | Decimal | dt.datetime | dt.date
_ENDS: Final = ("from", "to")
_MINUTE_MS: Final = 60_000
_NOTHING: Final = Markup('<span class="muted">–</span>')
# What a file holds beside the words of a column: the key of the heading, and the HXL attribute.
_CODED: Final = (("", "name"), ("table.code", "code"))
_PARTS: Final = {
    Holds.CHOICE: _CODED,
    Holds.PARTY: _CODED,
    Holds.POSITIONS: _CODED,
    Holds.SEATS: _CODED,
    Holds.SPAN: (("table.from", "start"), ("table.until", "end")),
    Holds.AMOUNT: (("", ""), ("table.unit", "unit")),
    Holds.MONEY: (("", ""), ("table.currency", "currency")),
    Holds.AREA: (
        ("", "name"),
        ("table.latitude", "lat"),
        ("table.longitude", "lon"),
        ("table.grain", "precision"),
    ),
    Holds.PLACE: (
        ("", "name"),
        ("table.latitude", "lat"),
        ("table.longitude", "lon"),
        ("table.grain", "precision"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How values are said to one reader: the language, the centre's zone, names, and what time it
    is (ms).
    """

    language: str
    zone: ZoneInfo
    party: Callable[[str], str]
    position: Callable[[str, str], str]
    place: Callable[[Place], str]
    now: int = 0

    def t(self, key: str, **values: object) -> str:
        """Words."""
        return phrase(key, self.language, **values)

    def shown(self, column: Column, cell: Cell) -> Markup:
        """A cell on a page, as a link where it opens something."""
        if cell.value in (None, "", ()):
            return _NOTHING
        inside = self._inside(column, cell)
        return Markup('<a href="{}">{}</a>').format(cell.address, inside) if cell.address else (
            inside
        )  # fmt: skip

    def _inside(self, column: Column, cell: Cell) -> Markup:
        value = cell.value
        match column.holds:
            case Holds.MOMENT if column.mark == "since":
                return self.since(_number(value))
            case Holds.MOMENT:
                return dates.stamp(_number(value), self.zone)
            case Holds.SPAN:
                ends = (dates.stamp(_number(_form(value)[name]), self.zone) for name in _ENDS)
                return Markup('<bdi dir="ltr">{}</bdi>').format(Markup(" – ").join(ends))
            case Holds.NUMBER:
                return dates.number(_number(value))
            case Holds.CODE | Holds.DATE:
                return dates.ltr(value)
            case Holds.AMOUNT:
                unit = self.t(f"unit.{_form(value)['unit']}")
                return Markup("{} {}").format(dates.number(_number(_form(value)["value"])), unit)
            case Holds.MONEY:
                money = _form(value)
                return dates.ltr(money_text(_number(money["minor"]), str(money["currency"])))
            case Holds.REFERENCE:
                return Markup('<bdi class="ref" dir="ltr">{}</bdi>').format(value)
            case Holds.TEXT:
                return Markup("<bdi>{}</bdi>").format(dates.said(value))
            case _:
                said = escape(self._words(column, value))
                tone = f" tag-{cell.tone}" if cell.tone else ""
                tag = Markup('<span class="tag{}">{}</span>').format(tone, said)
                return tag if column.mark == "tag" else said

    def since(self, moment: int) -> Markup:
        """How many minutes have gone by since a moment (ms); the page's clock goes on counting."""
        count = dates.number(max(0, self.now - moment) // _MINUTE_MS)
        inside = Markup('<span data-since="{}">{}</span>').format(moment, count)
        return Markup("<bdi>{} {}</bdi>").format(inside, self.t("list.minutes"))

    def _words(self, column: Column, value: object) -> str:
        """What a cell says in words."""
        match column.holds:
            case Holds.CHOICE:  # a party's own code has no words here
                key = f"{column.words}.{value}"
                return self.t(key) if key in catalogue() else str(value)
            case Holds.PARTY:
                return self.party(str(value))
            case Holds.POSITIONS:
                named = (str(one).partition("/") for one in _several(value))
                comma = ", " if self.language == "en" else "، "
                return comma.join(self.position(party, code) for party, _, code in named)
            case Holds.SEATS:
                parts = (str(one).partition("/") for one in _several(value))
                seats = (
                    f"{party} {self.position(party, code)}" if code else self.party(party)
                    for party, _, code in parts
                )
                return ("; " if self.language == "en" else "؛ ").join(seats)
            case Holds.PLACE:
                return self.place(_form(value))
            case Holds.AREA:
                return area_words(dict(_form(value)), self.language)
            case Holds.FLAG:
                return self.t("table.yes" if value else "table.no")
            case _:
                return str(value)

    def headings(self, column: Column) -> Iterator[tuple[str, str]]:
        """Heading and HXL tag of each column of a file that this one makes."""
        plain = self.t(column.heading)
        for key, attribute in _PARTS.get(column.holds, (("", ""),)):
            tag = f"{column.tag}+{attribute}" if column.tag and attribute else column.tag
            yield without_overrides(self.t(key, heading=plain) if key else plain), tag

    def values(self, column: Column, cell: Cell) -> tuple[Value, ...]:
        """A cell as a file holds it, one value for each of its headings; "" for nothing."""
        value = cell.value
        if value in (None, ()):
            return ("",) * len(_PARTS.get(column.holds, ("",)))
        match column.holds:
            case Holds.MOMENT:
                return (dates.at_zone(_number(value), self.zone),)
            case Holds.SPAN:
                return tuple(dates.at_zone(_number(_form(value)[n]), self.zone) for n in _ENDS)
            case Holds.DATE:
                return (dt.date.fromisoformat(str(value)),)
            case Holds.NUMBER:
                return (_number(value),)
            case Holds.AMOUNT:
                return _number(_form(value)["value"]), str(_form(value)["unit"])
            case Holds.MONEY:
                return Decimal(_decimal(_form(value))), str(_form(value)["currency"])
            case Holds.CHOICE | Holds.PARTY:
                return without_overrides(self._words(column, value)), str(value)
            case Holds.POSITIONS | Holds.SEATS:
                return without_overrides(self._words(column, value)), " ".join(_several(value))
            case Holds.PLACE:
                place = _form(value)
                lat, lon = (_degrees(place[name]) for name in ("lat", "lon"))
                return without_overrides(self.place(place)), lat, lon, str(place["grain"])
            case Holds.AREA:
                said, at = self._words(column, value), position_of(value)
                lat, lon = map(_degrees, at or (None, None))
                return without_overrides(said), lat, lon, str(_form(value)["grain"])
            case _:
                return (without_overrides(self._words(column, value)),)

    def spoken(self, column: Column, cell: Cell) -> str:
        """A cell as plain text for people, as a page shows it: codes, numbers and times stand
        between isolates. "" for nothing.
        """
        value = cell.value
        if value in (None, "", ()):
            return ""
        match column.holds:
            case Holds.MOMENT:
                return self._clock(value)
            case Holds.SPAN:
                return isolate(" – ".join(self._clock(_form(value)[name]) for name in _ENDS))
            case Holds.NUMBER:
                return isolate(f"{_number(value):,}")
            case Holds.CODE | Holds.DATE | Holds.REFERENCE:
                return isolate(neutral(str(value)))
            case Holds.AMOUNT:
                count, unit = _form(value)["value"], _form(value)["unit"]
                return f"{isolate(f'{_number(count):,}')} {self.t(f'unit.{unit}')}"
            case Holds.MONEY:
                money = _form(value)
                return isolate(money_text(_number(money["minor"]), str(money["currency"])))
            case Holds.TEXT:
                return isolated(str(value))
            case _:
                return self._words(column, value)

    def _clock(self, moment: object) -> str:
        return isolate(f"{dates.at_zone(_number(moment), self.zone):%Y-%m-%d %H:%M}")


def text_of(value: Value) -> str:
    """A value as text, a moment with its zone."""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return str(value)


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value


def _several(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return value


def _form(value: object) -> Mapping[str, Any]:
    """A value of several members, as its field's check has left it."""
    assert isinstance(value, Mapping)
    return value


def _decimal(money: Mapping[str, Any]) -> str:
    """A sum without separators, for a machine."""
    digits = CURRENCIES[str(money["currency"])]
    whole, rest = divmod(_number(money["minor"]), 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def _degrees(value: object) -> Decimal | str:
    return "" if value is None else Decimal(f"{_number(value) / E7:.5f}")
