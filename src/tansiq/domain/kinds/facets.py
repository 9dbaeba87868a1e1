"""Facets: the fields by which a kind is filtered, counted and grouped.

The board keeps a facet as a whole number in one of a few generic columns, so that every kind has
the same tables. 0 stands for "not said". A number is worked out from the value alone and back: no
node needs a table of them, and two nodes have the same.
"""

import datetime as dt
import functools
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, check_value, goes_further
from tansiq.domain.places import gazetteer

FACETS_MAX: Final = 6
_NUMBERS: Final = 2**31 - 2  # four bytes in a row
SET: Final = "yes"  # a flag that is set, as an address says it
_CHOICES: Final = 10_000  # more than any field has
_BASE: Final = 27
_DAY_MS: Final = 86_400_000
_EPOCH: Final = 719_163  # the ordinal of the first of January 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet of a kind: a field that holds a choice, a flag, a party, a day or a place.

    ``counted`` keeps a number for each of its values under each label; where it is False, the
    kind is filtered by it, and its values are counted only where a list is short.
    """

    field: str
    counted: bool = True


Number: TypeAlias = Callable[[object], int]


def number_maker(field: Field) -> Number:
    """What makes the number of a checked value of this field. Raises KeyError for a type that is
    no facet.
    """
    return _MAKERS[field.type](field)


def number_of(field: Field, code: str) -> int:
    """The number of a value as an address says it; 0 for what the field cannot hold."""
    if field.type is Type.PLACE:
        return _town_numbers().get(code, 0)
    if field.type is Type.FLAG:
        return int(code == SET)
    try:
        return number_maker(field)(check_value(field, code))
    except InputError:
        return 0


def code_of(field: Field, number: int) -> str:
    """The value of a number as an address says it; empty for "not said" and for what is unknown."""
    if number <= 0:
        return ""
    if field.type is Type.PARTY:
        return _letters(number)
    if field.type is Type.DATE:
        return dt.date.fromordinal(number).isoformat()
    if field.type is Type.PLACE:
        return _towns().get(number, "")
    if field.type is Type.FLAG:
        return SET
    return field.choices[number - 1] if number <= len(field.choices) else ""


def codes_of(field: Field) -> tuple[str, ...]:
    """All values that the field can hold, in the order in which they are offered; empty where they
    are not known beforehand.
    """
    if field.type is Type.FLAG:
        return (SET,)
    return tuple(gazetteer()) if field.type is Type.PLACE else field.choices


def day_moment(day: str) -> int:
    """The moment at which a calendar places a day: noon UTC, in milliseconds, which is that day in
    every zone that people live in but the last.
    """
    return (dt.date.fromisoformat(day).toordinal() - _EPOCH) * _DAY_MS + _DAY_MS // 2


def _choice(field: Field) -> Number:
    numbers = {code: number for number, code in enumerate(field.choices, start=1)}

    def number(value: object) -> int:
        if not isinstance(value, str):
            return 0
        known = numbers.get(value, 0)
        if not known and goes_further(field, value):  # a number that no choice has
            return zlib.crc32(value.encode()) % (_NUMBERS - _CHOICES) + _CHOICES
        return known

    return number


def _flag(_: Field) -> Number:
    return lambda value: int(value is True)


def _place(_: Field) -> Number:
    def number(value: object) -> int:
        return _town_numbers().get(str(value["key"]), 0) if isinstance(value, dict) else 0

    return number


def _party(_: Field) -> Number:
    def number(value: object) -> int:
        """Its letters as digits: at most 27 to the eighth."""
        found = 0
        for letter in value if isinstance(value, str) else "":
            found = found * _BASE + ord(letter) - ord("A") + 1
        return found

    return number


def _letters(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, _BASE)
        found = chr(ord("A") + digit - 1) + found
    return found


def _date(_: Field) -> Number:
    def number(value: object) -> int:
        return dt.date.fromisoformat(value).toordinal() if isinstance(value, str) else 0

    return number


@functools.cache
def _town_numbers() -> dict[str, int]:
    """A number of its key alone for each town: a new town changes no other's."""
    return {key: zlib.crc32(key.encode()) % _NUMBERS + 1 for key in gazetteer()}


@functools.cache
def _towns() -> dict[int, str]:
    return {number: key for key, number in _town_numbers().items()}


_MAKERS: Final[dict[Type, Callable[[Field], Number]]] = {
    Type.CHOICE: _choice,
    Type.FLAG: _flag,
    Type.PARTY: _party,
    Type.DATE: _date,
    Type.PLACE: _place,
}
