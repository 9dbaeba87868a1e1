"""Fields: the types a kind's body is made of, and their one check.

The same check runs before an edition is signed and after a partner's edition is verified. A body is
JSON without floats: text as typed, choices as codes, moments as milliseconds, places and grades in
their own small forms.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

from tansiq.domain.areas import checked_area
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases.step import seat_code
from tansiq.domain.errors import InputError
from tansiq.domain.measures import checked_amount, checked_money
from tansiq.domain.parties import party_code, position_code
from tansiq.domain.places import checked_place, find_town, gazetteer
from tansiq.domain.records import Body, record_id
from tansiq.domain.texts import plain_line, plain_text
from tansiq.domain.unknowns import checked_unknowns
from tansiq.domain.wording import Text, catalogue, words

COUNT_MAX: Final = 1_000_000_000
_GRADE: Final = re.compile(r"[A-F][1-6]")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_MIN: Final = 1900
_CODES: Final = re.compile(r"[\s,;،؛]+")  # between the codes of one line


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
    SEATS = "seats"  # positions of other parties, as PARTY/position, one of each party
    RECORD = "record"  # another record's id
    RECORDS = "records"
    ATTACHMENTS = "attachments"  # ids of attachment records
    DIGEST = "digest"  # SHA-256 in hex
    STEP = "step"  # the step of a case that a record stands beside
    PARTY = "party"  # a party's code
    DATE = "date"  # a day of the calendar, YYYY-MM-DD
    SPAN = "span"  # from one moment to another
    AMOUNT = "amount"  # a whole number of a unit
    MONEY = "money"  # a whole number of the smallest unit of a currency
    AREA = "area"  # circle, corridor or polygon
    ROWS = "rows"  # a small table with typed columns
    UNKNOWNS = "unknowns"  # what is not known, item by item


# What a column of a table may hold.
COLUMN_TYPES: Final = frozenset(
    {Type.LINE, Type.CHOICE, Type.COUNT, Type.FLAG, Type.MOMENT, Type.DATE, Type.PARTY,
     Type.AMOUNT, Type.MONEY}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind: its type, whether it starts above the tear line, whether search reads
    it.

    ``fixed`` fields below the line can never be moved above it. ``choices`` are the codes of a
    choice, the units of an amount, the currencies of money; ``columns`` those of a table, of which
    one below the line never leaves. A link that ``governs`` changes how the record that it names is
    shown: it counts from the owner of that record alone, and from anybody else it is a statement.
    The form of a new record asks for it ``when`` a choice has one of some codes (the choice's name,
    then the codes), else always; what is ``rare`` stands folded away.
    ``further`` is a pattern of codes that hold beside the choices, and have no words here.
    ``most`` is how many records it may name, or rows it may have, 0 = as many as any.
    Of a place with ``grains`` the form asks how coarsely partners are told it.
    ``kind`` is set by the kind that has the field, and lets it have words of its own.
    """

    name: str
    type: Type
    above: bool = True
    fixed: bool = False
    required: bool = False
    searchable: bool = False
    choices: tuple[str, ...] = ()
    hidden: bool = False  # set by the program, never by a form
    governs: bool = False
    columns: tuple["Field", ...] = ()
    when: tuple[str, ...] = ()
    rare: bool = False
    further: str = ""
    most: int = 0
    grains: bool = False
    kind: str = ""

    @property
    def word(self) -> str:
        """The key of its wording."""
        return f"field.{self._own('field', self.name)}"

    @property
    def choice_words(self) -> str:
        """What the keys of the words of all its choices begin with."""
        if self._counts:
            return "unit"
        first = f"{self.name}.{self.choices[0]}" if self.choices else ""
        return f"choice.{self._own('choice', first).rpartition('.')[0]}"

    def label(self) -> Text:
        """Its wording."""
        return words(self.word)

    def hint(self) -> Text:
        """What to write there."""
        return words(f"hint.{self._own('hint', self.name)}")

    @property
    def hinted(self) -> bool:
        """Whether there are words on what to write there."""
        return f"hint.{self._own('hint', self.name)}" in catalogue()

    def choice(self, code: str) -> Text:
        """The wording of one of its choices; a currency is its code in every language."""
        if self.type is Type.MONEY or (self.further and code not in self.choices):
            return Text(code, code, code)
        if self._counts:
            return words(f"unit.{code}")
        return words(f"choice.{self._own('choice', f'{self.name}.{code}')}")

    @property
    def _counts(self) -> bool:
        """Whether its choices are units, which have the same words wherever somebody counts."""
        return self.type is Type.AMOUNT or self.name == "unit"

    def _own(self, family: str, name: str) -> str:
        """The name under the kind that has the field, where that has words of its own."""
        own = f"{self.kind}.{name}"
        return own if f"{family}.{own}" in catalogue() else name

    def of_kind(self, kind: str) -> "Field":
        """The field, and its columns, as the kind of that name has them."""
        columns = tuple(column.of_kind(kind) for column in self.columns)
        return replace(self, kind=kind, columns=columns)


def check_value(field: Field, value: object) -> object:
    """The value as it may be stored. Raises InputError that names the field."""
    return CHECKS[field.type](field, value)


def _demand(holds: object, field: Field, code: str) -> None:
    if not holds:
        raise InputError(code, field=field.name)


def _text(field: Field, value: object) -> str:
    if field.type is Type.TEXT:
        return plain_text(value, field=field.name)
    return plain_line(value, field=field.name)


def _choice(field: Field, value: object) -> object:
    known = isinstance(value, str) and (value in field.choices or goes_further(field, value))
    _demand(known, field, "choice_unknown")
    return value


def goes_further(field: Field, code: str) -> bool:
    """Whether that is a code which holds in the field beside its choices."""
    return bool(field.further) and re.fullmatch(field.further, code) is not None


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


def _date(field: Field, value: object) -> object:
    _demand(isinstance(value, str) and _DATE.fullmatch(value), field, "date_form")
    try:
        day = dt.date.fromisoformat(str(value))
    except ValueError:
        raise InputError("date_form", field=field.name) from None
    _demand(day.year >= _YEAR_MIN, field, "date_form")
    return value


def _span(field: Field, value: object) -> object:
    if not isinstance(value, dict) or value.keys() != {"from", "to"}:
        raise InputError("field_form", field=field.name)
    start, end = _moment(field, value["from"]), _moment(field, value["to"])
    _demand(int(str(start)) <= int(str(end)), field, "span_order")
    return {"from": start, "to": end}


def _seats(field: Field, value: object) -> object:
    seats = [seat_code(item) for item in _list(field, value)]
    _demand(len({seat.party for seat in seats}) == len(seats), field, "seats_of_a_party")
    return sorted(map(str, seats))


def _rows(field: Field, value: object) -> object:
    if not isinstance(value, list):
        raise InputError("field_form", field=field.name)
    limit = field.most or BOUNDS.rows_max
    if len(value) > limit:
        raise InputError("rows_many", field=field.name, limit=limit)
    return [_one_row(field, row) for row in value]


def _one_row(field: Field, row: object) -> dict[str, object]:
    names = {column.name for column in field.columns}
    if not isinstance(row, dict) or not row or not row.keys() <= names:
        raise InputError("field_form", field=field.name)
    return {
        column.name: check_value(column, row[column.name])
        for column in field.columns
        if column.name in row
    }


def _list(field: Field, value: object) -> list[object]:
    files = field.type is Type.ATTACHMENTS
    limit = field.most or (BOUNDS.attachments_per_record_max if files else BOUNDS.links_max)
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
    Type.SEATS: _seats,
    Type.STEP: lambda _, value: record_id(value),
    Type.RECORD: lambda _, value: record_id(value),
    Type.RECORDS: lambda field, value: [record_id(item) for item in _list(field, value)],
    Type.ATTACHMENTS: lambda field, value: [record_id(item) for item in _list(field, value)],
    Type.DIGEST: _digest,
    Type.PARTY: lambda _, value: party_code(value),
    Type.DATE: _date,
    Type.SPAN: _span,
    Type.AMOUNT: lambda field, value: checked_amount(value, field.choices, field=field.name),
    Type.MONEY: lambda field, value: checked_money(value, field.choices, field=field.name),
    Type.AREA: lambda _, value: checked_area(value),
    Type.ROWS: _rows,
    Type.UNKNOWNS: lambda field, value: checked_unknowns(value, field=field.name),
}

_LINKS: Final = frozenset({Type.RECORD, Type.RECORDS, Type.ATTACHMENTS, Type.UNKNOWNS})


def points(field: Field) -> bool:
    """Whether a value of the field may name other records."""
    return field.type in _LINKS


def records_in(field: Field, value: object) -> list[str]:
    """The records that a checked value of the field names, each once, in order."""
    found: list[str] = []
    if field.type is Type.RECORD and isinstance(value, str):
        found = [value]
    elif field.type is Type.UNKNOWNS and isinstance(value, list):
        found = [item["by"] for item in value if item["by"]]
    elif points(field) and isinstance(value, list):
        found = [str(item) for item in value]
    return list(dict.fromkeys(found))


def codes_in(typed: object) -> tuple[str, ...]:
    """The codes that somebody typed in one line, in their order, each once; none for what is no
    text.
    """
    codes = _CODES.split(typed) if isinstance(typed, str) else []
    return tuple(dict.fromkeys(code for code in codes if code))


def rows_in(body: Body, name: str) -> list[dict[str, Any]]:
    """The rows of a table in a body that was checked; none where it has no such table."""
    found = body.get(name)
    return found if isinstance(found, list) else []


def texts_in(field: Field, value: object) -> Iterator[str]:
    """The words that people wrote into a checked value of the field."""
    if field.type in (Type.TEXT, Type.LINE):
        yield str(value)
    elif field.type in (Type.PLACE, Type.AREA) and isinstance(value, dict):
        yield str(value["name"])
    elif field.type is Type.UNKNOWNS and isinstance(value, list):
        yield from (str(item["text"]) for item in value)
    elif field.type is Type.ROWS and isinstance(value, list):
        for row in value:
            for column in field.columns:
                if column.name in row:
                    yield from texts_in(column, row[column.name])


def searchable_text(fields: tuple[Field, ...], body: Body) -> str:
    """The words by which a body is found: those of these fields, and a place by all its names."""
    parts: list[str] = []
    for field in fields:
        value = body.get(field.name)
        if isinstance(value, str):
            parts.append(value)
        elif value is not None:
            parts += texts_in(field, value)
            if field.type is Type.PLACE and isinstance(value, dict):
                parts.append(_town_words(str(value["key"])))
            elif field.type is Type.AREA and isinstance(value, dict):
                town = find_town(str(value["name"]))
                parts.append(_town_words(town.key if town else ""))
    return " ".join(parts)


@functools.lru_cache(maxsize=1_024)
def _town_words(key: str) -> str:
    town = gazetteer().get(key)
    return f"{town.names.en} {town.names.ar} {town.names.ckb}" if town else ""
