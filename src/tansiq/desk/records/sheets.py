"""Lists of records from a spreadsheet, XLSX or CSV, and what of it is new or changed here.

Headers and choices are found by the wording of the forms in three languages and by other words
(``sheet_words.csv``). The whole file is read before anything is taken; with one row that cannot be
used nothing of it is. A row finds the record by its code, so reading the same file once more
changes nothing. What a row leaves empty stays as it is.
"""

import csv
import functools
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import BinaryIO, Final

from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.reader.rows import Row
from tansiq.desk.records import importing, read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.digits import western
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Field, Type, check_value
from tansiq.domain.labels import Label
from tansiq.domain.measures import CURRENCIES, minor_of, money_text
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body
from tansiq.domain.search import normalise, without_overrides
from tansiq.domain.sheets import Sheet, Values
from tansiq.domain.typed_times import DayOrder, order_of, typed_day
from tansiq.domain.wording import LANGUAGES, Text
from tansiq.policy import mandate

KEY: Final = "code"
SHOWN_ROWS: Final = 5
FAULTS_MAX: Final = 100
_SHOWN: Final = 40
_CHOICE: Final = "="
_COUNT: Final = re.compile(r"[0-9]{1,10}")
_FORMULA: Final = re.compile(r"'(?=\s*[=+@\-\uff1d\uff0b\uff20\uff0d])")
_PARTS: Final = re.compile(r"[\s_()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A cell or a row that cannot be used: its number in the file, the column as the file names it
    ("" = the whole row), and why.
    """

    row: int
    column: str
    error: FaultError


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row would make: of an own record (None = a new one), and the fields that change."""

    code: str
    body: Body
    old: View | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file says: its headers, each with the column that it was taken for ("" = none), the
    first rows as they stand, how many rows there are, what they would change, and what cannot be
    used. With a fault nothing is taken.
    """

    headers: tuple[tuple[str, str], ...]
    first: tuple[tuple[str, ...], ...]
    rows: int
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    cut: bool = False

    @property
    def added(self) -> tuple[Change, ...]:
        """What is new here."""
        return tuple(one for one in self.changes if one.old is None)

    @property
    def changed(self) -> tuple[Change, ...]:
        """What stands here otherwise."""
        return tuple(one for one in self.changes if one.old is not None)


@dataclass(frozen=True, slots=True)
class _Head:
    """A column of a file: as it is written there, and for what it was taken (None = nothing)."""

    written: str
    field: Field | None
    currency: str = ""


@reading_as
def own_records(desk: Desk, viewer: Viewer, sheet: Sheet) -> Sequence[View]:
    """The own records of a list that this viewer may see, in the order of their codes."""
    query = Query(kinds=(sheet.kind.name,), owners=(desk.me,), limit=sheet.rows_max)
    rows = read.page(desk, viewer, query).rows
    return sorted(rows, key=lambda one: (str(one.value.body.get(KEY, "")), one.value.record))


def row_of(sheet: Sheet, body: Body) -> tuple[str, ...]:
    """A record as a row of a file that :func:`found_in` reads back."""
    values = sheet.out(body)
    return tuple(_written(values.get(one.name)) for one in sheet.columns)


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case {"currency": str(currency), "minor": int(minor)}:
            return money_text(minor, currency)
        case _:
            return str(value)


@reading_as
def found_in(desk: Desk, viewer: Viewer, sheet: Sheet, file: BinaryIO, language: str) -> Found:
    """Read a whole file and take nothing. Raises InputError for one without the columns that are
    needed, named in ``language``, or with too many rows.
    """
    rows = importing.rows_of(desk, file)
    listed = list(islice(rows, sheet.rows_max + 3))
    if not listed or listed[0].fault:
        raise InputError("import_no_header")
    heads = _heads(sheet, listed[0].cells, language)
    body = [one for one in listed[1:] if one.fault or not one.is_tags]
    if len(body) > sheet.rows_max:
        raise InputError("import_rows_whole", limit=sheet.rows_max)
    known: dict[str, list[View]] = {}
    for view in own_records(desk, viewer, sheet):
        known.setdefault(str(view.value.body.get(KEY, "")), []).append(view)
    orders = _orders(heads, body)
    changes, faults = _read_all(sheet, heads, orders, body, known)
    return Found(
        headers=tuple((one.written, one.field.name if one.field else "") for one in heads),
        first=tuple(
            tuple(without_overrides(cell)[:_SHOWN] for cell in one.cells)
            for one in body[:SHOWN_ROWS]
        ),
        rows=len(body), changes=tuple(changes), faults=tuple(faults[:FAULTS_MAX]),
        cut=len(faults) > FAULTS_MAX,
    )  # fmt: skip


def take(desk: Desk, actor: Actor, sheet: Sheet, found: Found) -> None:
    """Take all that a file says, or nothing. A new record is its party's alone until a person gives
    it an audience; one that stands here keeps its own. Raises InputError, RefusedError.
    """
    demand(mandate.may_write(actor.role, sheet.kind))
    if found.faults:
        raise found.faults[0].error
    with desk.act() as act:
        fresh = [
            say.Draft(kind=sheet.kind.name, body=one.body, label=Label()) for one in found.added
        ]
        if fresh:
            say.write_all(act, actor, fresh)
        for one in found.changed:
            assert one.old is not None
            value = one.old.value
            draft = say.Draft(
                kind=sheet.kind.name, body=one.body, label=value.label, tear=value.tear
            )
            old = say.current_on(desk, actor, value.record, value.digest)
            say.revise_in(act, actor, old.value, draft)


def written(found: Found, sheet: Sheet) -> str:
    """What a file would change as a file that :func:`found_in` reads as the same."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(one.name for one in sheet.columns)
    for change in found.changes:
        out.writerow(row_of(sheet, change.body))
    return text.getvalue()


def title(field: Field) -> Text:
    """What a column is called in the three languages."""
    return field.label()


@functools.cache
def _others() -> dict[str, dict[str, str]]:
    """The other words: for columns under "", for choices under ``=`` their code."""
    found: dict[str, dict[str, str]] = {"": {}, _CHOICE: {}}
    source = resources.files("tansiq.desk.records") / "sheet_words.csv"
    with source.open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            part = _CHOICE if row["column"].startswith(_CHOICE) else ""
            for word in row["word"].split("|"):
                found[part].setdefault(normalise(word), row["column"].removeprefix(_CHOICE))
    return found


def _headers_of(sheet: Sheet) -> dict[str, Field]:
    """The folded words by which each column is known: its name, its wording, then other words."""
    known: dict[str, Field] = {}
    for one in sheet.columns:
        known[normalise(one.name)] = one
    for one in sheet.columns:
        for language in LANGUAGES:
            known.setdefault(normalise(title(one).of(language)), one)
    named = {one.name: one for one in sheet.columns}
    for word, name in _others()[""].items():
        if name in named:
            known.setdefault(word, named[name])
    return known


def _heads(sheet: Sheet, cells: Sequence[str], language: str) -> list[_Head]:
    known = _headers_of(sheet)
    heads = [_head(known, cell.strip()) for cell in cells]
    names = [one.field.name for one in heads if one.field]
    twice = [one for one in sheet.columns if names.count(one.name) > 1]
    if twice:
        raise InputError("import_column_twice", columns=_titles(twice, language))
    lacking = [sheet.column(name) for name in sheet.required if name not in names]
    if lacking:
        raise InputError("import_lacks", columns=_titles(lacking, language))
    return heads


def _head(known: Mapping[str, Field], written: str) -> _Head:
    """A header, perhaps with the currency of its column beside its words."""
    shown = without_overrides(written)[:_SHOWN]
    if field := known.get(normalise(written)):
        return _Head(shown, field)
    parts = [part for part in _PARTS.split(written) if part]
    currency = next((part.upper() for part in parts if part.upper() in CURRENCIES), "")
    rest = " ".join(part for part in parts if part.upper() != currency)
    field = known.get(normalise(rest)) if currency else None
    return _Head(shown, field if field and field.type is Type.MONEY else None, currency)


def _titles(columns: Iterable[Field], language: str) -> str:
    return ", ".join(title(one).of(language) for one in columns)


def _orders(heads: Sequence[_Head], rows: Sequence[Row]) -> dict[str, DayOrder | None]:
    """In which order each column of days is typed: the column decides, not the row. Raises
    InputError for one that mixes both.
    """
    found = {}
    for at, head in enumerate(heads):
        if head.field is not None and head.field.type is Type.DATE:
            days = [one.cells[at] for one in rows if not one.fault and one.cells[at].strip()]
            found[head.field.name] = order_of(days)
    return found


def _read_all(
    sheet: Sheet, heads: Sequence[_Head], orders: Mapping[str, DayOrder | None],
    rows: Sequence[Row], known: Mapping[str, Sequence[View]],
) -> tuple[list[Change], list[Fault]]:  # fmt: skip
    changes, faults, seen = list[Change](), list[Fault](), dict[str, int]()
    for row in rows:
        if row.fault:
            error = InputError(row.fault, limit=64)
            faults.append(Fault(row=row.number, column="", error=error))
            continue
        values, bad = _values(heads, orders, row)
        faults += bad
        if bad:
            continue
        try:
            change = _change(sheet, values, known, seen, row.number)
        except InputError as error:
            column = _column(heads, str(error.values.get("field", "")))
            faults.append(Fault(row=row.number, column=column, error=error))
            continue
        if change is not None:
            changes.append(change)
    return changes, faults


def _column(heads: Sequence[_Head], name: str) -> str:
    return next((one.written for one in heads if one.field and one.field.name == name), "")


def _values(
    heads: Sequence[_Head], orders: Mapping[str, DayOrder | None], row: Row
) -> tuple[Values, list[Fault]]:
    values, faults = Values(), list[Fault]()
    for head, cell in zip(heads, row.cells, strict=True):
        typed = _FORMULA.sub("", cell.strip())
        if head.field is None or not typed:
            continue
        try:
            order = orders.get(head.field.name)
            value = _value(head, typed, order)
            values[head.field.name] = check_value(head.field, value)
        except InputError as error:
            faults.append(Fault(row=row.number, column=head.written, error=error))
    return values, faults


def _value(head: _Head, typed: str, order: DayOrder | None) -> object:
    """What a cell says, by the type of its column. Raises InputError that repeats the cell."""
    assert head.field is not None
    shown = {"column": head.written, "value": without_overrides(typed)[:_SHOWN]}
    match head.field.type:
        case Type.CHOICE:
            code = _choice(head.field, typed)
            if not code:
                raise InputError("import_choice", **shown)
            return code
        case Type.DATE:
            try:
                return typed_day(typed, order).isoformat()
            except InputError:
                raise InputError("import_date", value=shown["value"]) from None
        case Type.COUNT:
            plain = western(typed).replace(",", "")
            if not _COUNT.fullmatch(plain):
                raise InputError("import_count", **shown)
            return int(plain)
        case Type.FLAG:
            code = _others()[_CHOICE].get(normalise(typed), "")
            if code not in ("yes", "no"):
                raise InputError("import_choice", **shown)
            return code == "yes"
        case Type.MONEY:
            return _money(typed, head.currency, shown)
        case _:
            return typed


def _choice(field: Field, typed: str) -> str:
    plain = normalise(typed)
    words = {normalise(code): code for code in field.choices}
    for code in field.choices:
        spoken = field.choice(code)
        words |= {normalise(spoken.of(language)): code for language in LANGUAGES}
    other = _others()[_CHOICE].get(plain, "")
    return words.get(plain, "") or (other if other in field.choices else "")


def _money(typed: str, currency: str, shown: Mapping[str, str]) -> dict[str, object]:
    parts = western(typed).split()
    named = parts.pop().upper() if parts and parts[-1].upper() in CURRENCIES else currency
    minor = minor_of("".join(parts), named) if named else None
    if minor is None:
        raise InputError("import_money", **shown)
    return {"currency": named, "minor": minor}


def _change(
    sheet: Sheet, values: Values, known: Mapping[str, Sequence[View]], seen: dict[str, int],
    number: int,
) -> Change | None:  # fmt: skip
    """What a row makes; None where it changes nothing. Raises InputError."""
    code = str(values.get(KEY, ""))
    if not code:
        raise InputError("field_required", field=KEY)
    if code in seen:
        raise InputError("import_twice", row=seen[code])
    seen[code] = number
    views = known.get(code, ())
    if len(views) > 1:
        raise InputError("import_code_twice", value=code[:_SHOWN])
    old = views[0] if views else None
    before = old.value.body if old else {}
    body = sheet.kind.check(sheet.into(values, dict(before)))
    if body == before:
        return None
    fields = tuple(
        one.name for one in sheet.kind.fields if body.get(one.name) != before.get(one.name)
    )
    return Change(code=code, body=body, old=old, fields=fields)
