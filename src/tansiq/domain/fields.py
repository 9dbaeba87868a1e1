"""Fields: the types a kind's body is made of, and their one check.

The same check runs before an edition is signed and after a partner's edition is verified. A body is
JSON without floats: text as typed, choices as codes, moments as milliseconds, places and grades in
their own small forms.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.parties import position_code
from tansiq.domain.places import checked_place, gazetteer
from tansiq.domain.records import Body, record_id
from tansiq.domain.search import without_overrides
from tansiq.domain.wording import Text, words

COUNT_MAX: Final = 1_000_000_000
_GRADE: Final = re.compile(r"[A-F][1-6]")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# What most texts have nothing of: one look tells that there is nothing to clean or to refuse.
_NOT_PLAIN: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\u202a-\\u202e\\u2066-\\u2069]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"  # several lines as typed
    LINE = "line"  # one line as typed
    CHOICE = "choice"  # one code of a short list
    COUNT = "count"  # a whole number, never a list of persons
    FLAG = "flag"
    MOMENT = "moment"  # milliseconds since the epoch, UTC
    PLACE = "place"
    GRADE = "grade"  # source reliability A-F and credibility 1-6, judged apart
    POSITIONS = "positions"  # positions of the own party
    RECORD = "record"  # another record's id
    RECORDS = "records"
    ATTACHMENTS = "attachments"  # ids of attachment records
    DIGEST = "digest"  # SHA-256 in hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind: its type, whether it starts above the tear line, whether search reads
    it.

    ``fixed`` fields below the line can never be moved above it.
    """

    name: str
    type: Type
    above: bool = True
    fixed: bool = False
    required: bool = False
    searchable: bool = False
    choices: tuple[str, ...] = ()
    hidden: bool = False  # set by the program, never by a form

    def label(self) -> Text:
        """Its wording."""
        return words(f"field.{self.name}")

    def hint(self) -> Text:
        """What to write there."""
        return words(f"hint.{self.name}")

    def choice(self, code: str) -> Text:
        """The wording of one of its choices."""
        return words(f"choice.{self.name}.{code}")


def check_value(field: Field, value: object) -> object:
    """The value as it may be stored. Raises InputError that names the field."""
    return CHECKS[field.type](field, value)


def _demand(holds: object, field: Field, code: str) -> None:
    if not holds:
        raise InputError(code, field=field.name)


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str):
        raise InputError("field_form", field=field.name)
    limit = BOUNDS.text_chars_max if field.type is Type.TEXT else BOUNDS.line_chars_max
    if len(value) > limit:
        raise InputError("text_long", field=field.name, limit=limit)
    clean = value.strip()
    if _NOT_PLAIN.search(clean):
        clean = without_overrides(value).replace("\r\n", "\n").replace("\r", "\n").strip()
        if _CONTROL.search(clean):
            raise InputError("text_control", field=field.name)
    if field.type is Type.LINE and "\n" in clean:
        raise InputError("field_form", field=field.name)
    return clean


def _choice(field: Field, value: object) -> object:
    _demand(isinstance(value, str) and value in field.choices, field, "choice_unknown")
    return value


def _count(field: Field, value: object) -> object:
    _demand(type(value) is int and 0 <= value <= COUNT_MAX, field, "count_range")
    return value


def _flag(field: Field, value: object) -> object:
    _demand(type(value) is bool, field, "field_form")
    return value


def _moment(field: Field, value: object) -> object:
    _demand(type(value) is int and 0 <= value <= BOUNDS.moment_max, field, "moment_form")
    return value


def _grade(field: Field, value: object) -> object:
    _demand(isinstance(value, str) and _GRADE.fullmatch(value), field, "grade_form")
    return value


def _digest(field: Field, value: object) -> object:
    _demand(isinstance(value, str) and _DIGEST.fullmatch(value), field, "field_form")
    return value


def _list(field: Field, value: object) -> list[object]:
    files = field.type is Type.ATTACHMENTS
    limit = BOUNDS.attachments_per_record_max if files else BOUNDS.links_max
    if not isinstance(value, list) or len(value) > limit:
        raise InputError("field_form", field=field.name)
    return value


Check: TypeAlias = Callable[[Field, object], object]

CHECKS: Final[dict[Type, Check]] = {
    Type.TEXT: _text,
    Type.LINE: _text,
    Type.CHOICE: _choice,
    Type.COUNT: _count,
    Type.FLAG: _flag,
    Type.MOMENT: _moment,
    Type.PLACE: lambda _, value: checked_place(value),
    Type.GRADE: _grade,
    Type.POSITIONS: lambda field, value: [position_code(item) for item in _list(field, value)],
    Type.RECORD: lambda _, value: record_id(value),
    Type.RECORDS: lambda field, value: [record_id(item) for item in _list(field, value)],
    Type.ATTACHMENTS: lambda field, value: [record_id(item) for item in _list(field, value)],
    Type.DIGEST: _digest,
}


def searchable_text(fields: tuple[Field, ...], body: Body) -> str:
    """The words by which a body is found: those of these fields, and a place by all its names."""
    parts: list[str] = []
    for field in fields:
        value = body.get(field.name)
        if isinstance(value, str):
            parts.append(value)
        elif field.type is Type.PLACE and value is not None:
            parts += _place_words(value)
    return " ".join(parts)


def _place_words(place: object) -> tuple[str, ...]:
    """The names of a place that was checked."""
    assert isinstance(place, dict)
    return str(place["name"]), _town_words(str(place["key"]))


@functools.lru_cache(maxsize=1_024)
def _town_words(key: str) -> str:
    town = gazetteer().get(key)
    return f"{town.names.en} {town.names.ar} {town.names.ckb}" if town else ""
