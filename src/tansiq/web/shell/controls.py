"""Controls: how each type of field is typed, what the typed means, and how a value is shown again.

A form calls these through ``typed``, ``meant`` and ``again`` for each field of a kind; the markup
is in ``controls.html``. Whatever is posted ends in a value or in an InputError that names the
field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.measures import minor_of, money_text
from tansiq.domain.unknowns import UnknownState, asked
from tansiq.web.shell import places, typed_areas
from tansiq.web.shell.dates import at_zone, typed_date, typed_moment
from tansiq.web.shell.site import current

_COUNT_DIGITS_MAX: Final = 15
BLANK_ROWS: Final = 3  # rows of a table that a form shows beside those that are filled


class Post(Protocol):
    """What was posted: Django's QueryDict, or the part of one that belongs to a row."""

    def get(self, key: str, default: str) -> str:
        """The last value of that name."""
        ...

    def getlist(self, key: str) -> list[Any]:
        """All values of that name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The inputs of one row of a table, by the names of its columns."""

    post: Post
    prefix: str

    def get(self, key: str, default: str) -> str:
        return self.post.get(self.prefix + key, default)

    def getlist(self, key: str) -> list[Any]:
        return self.post.getlist(self.prefix + key)


def typed(post: Post, one: Field) -> Any:  # noqa: ANN401 - of each type its own form
    """What was typed into a field, as the form shows it again."""
    return _TYPED.get(one.type, _typed_text)(post, one)


def meant(one: Field, value: Any) -> object:  # noqa: ANN401 - as ``typed`` gave it
    """What was typed as a value of the field, None for nothing. Raises InputError."""
    return _MEANT.get(one.type, _meant_text)(one, value)


def again(one: Field, value: Any) -> object:  # noqa: ANN401 - a checked value of the field
    """A checked value as the form shows it: what ``typed`` would have given."""
    shown = _AGAIN.get(one.type)
    return value if value is None or shown is None else shown(one, value)


def _text_of(post: Post, name: str, default: str = "") -> str:
    return str(post.get(name, default)).strip()


# What was typed ----------------------------------------------------------------------------------


def _typed_text(post: Post, one: Field) -> object:
    return str(post.get(one.name, ""))


def _typed_parts(*parts: str) -> Callable[[Post, Field], object]:
    """A control of several inputs, each named by the field and its part."""

    def parted(post: Post, one: Field) -> object:
        return {part: _text_of(post, f"{one.name}-{part}") for part in parts}

    return parted


def _typed_rows(post: Post, one: Field) -> object:
    count = _count(_text_of(post, f"{one.name}-rows", "0"), BOUNDS.rows_max + BLANK_ROWS)
    rows = [_Row(post=post, prefix=f"{one.name}-{number}-") for number in range(count)]
    cells = [{column.name: typed(row, column) for column in one.columns} for row in rows]
    return [row for row in cells if any(map(_said, row.values()))]


def _said(cell: Any) -> object:  # noqa: ANN401 - as ``typed`` gave it
    """Whether anything was typed into a cell; a unit alone says nothing."""
    return cell["value"] if isinstance(cell, dict) else cell


def _typed_unknowns(post: Post, one: Field) -> object:
    count = _count(_text_of(post, f"{one.name}-rows", "0"), BOUNDS.unknowns_max)
    rows = [_Row(post=post, prefix=f"{one.name}-{number}-") for number in range(count)]
    items = [{part: _text_of(row, part) for part in ("id", "text", "state", "by")} for row in rows]
    return {"items": items, "new": str(post.get(f"{one.name}-new", ""))}


def _count(text: str, most: int) -> int:
    """How many rows a form says that it has; nobody makes us look for more than there can be."""
    digits = text.isascii() and text.isdecimal() and len(text) <= _COUNT_DIGITS_MAX
    return min(int(text), most) if digits else 0


def _typed_seats(post: Post, one: Field) -> dict[str, str]:
    """The position that is asked of each party, by the party's code; "" where it is not asked."""
    parties = [str(code)[:8] for code in post.getlist(f"{one.name}-party")]
    return {code: str(post.get(f"{one.name}-{code}", "")) for code in parties}


_TYPED: Final[dict[Type, Callable[[Post, Field], object]]] = {
    Type.FLAG: lambda post, one: bool(post.get(one.name, "")),
    Type.SEATS: _typed_seats,
    Type.POSITIONS: lambda post, one: [str(code) for code in post.getlist(one.name)],
    Type.GRADE: lambda post, one: (
        f"{post.get(f'{one.name}-r', 'F')}{post.get(f'{one.name}-c', '6')}"
    ),
    Type.PLACE: places.typed,
    Type.SPAN: _typed_parts("from", "to"),
    Type.AMOUNT: _typed_parts("value", "unit"),
    Type.MONEY: _typed_parts("value", "currency"),
    Type.AREA: _typed_parts(*typed_areas.PARTS),
    Type.ROWS: _typed_rows,
    Type.UNKNOWNS: _typed_unknowns,
}


# What it means -----------------------------------------------------------------------------------


def _meant_text(one: Field, value: Any) -> object:  # noqa: ANN401
    return value.strip() if isinstance(value, str) else value or None


def _meant_moment(one: Field, value: str) -> object:
    return typed_moment(value, current().zone, one.name) if value.strip() else None


def _meant_count(one: Field, value: str) -> object:
    return _whole(value, one, "count_range")


def _whole(text: str, one: Field, code: str) -> int | None:
    digits = western(text.strip()).replace(",", "")
    if digits and not (digits.isdecimal() and len(digits) <= _COUNT_DIGITS_MAX):
        raise InputError(code, field=one.name)
    return int(digits) if digits else None


def _meant_span(one: Field, value: dict[str, str]) -> object:
    if not value["from"] and not value["to"]:
        return None
    if not (value["from"] and value["to"]):
        raise InputError("span_half", field=one.name)
    zone = current().zone
    return {part: typed_moment(value[part], zone, one.name) for part in ("from", "to")}


def _meant_amount(one: Field, value: dict[str, str]) -> object:
    number = _whole(value["value"], one, "amount_range")
    return None if number is None else {"unit": value["unit"], "value": number}


def _meant_money(one: Field, value: dict[str, str]) -> object:
    if not value["value"]:
        return None
    if value["currency"] not in one.choices:
        raise InputError("choice_unknown", field=one.name)
    minor = minor_of(western(value["value"]), value["currency"])
    if minor is None:
        raise InputError("money_range", field=one.name)
    return {"currency": value["currency"], "minor": minor}


def _meant_rows(one: Field, value: list[dict[str, Any]]) -> object:
    rows = []
    for row in value:
        cells = {column.name: meant(column, row[column.name]) for column in one.columns}
        empty = (None, "")  # and a flag that is not set; a count of 0 says something
        kept = {n: cell for n, cell in cells.items() if cell not in empty and cell is not False}
        if kept:
            rows.append(kept)
    return rows or None


def _meant_unknowns(one: Field, value: dict[str, Any]) -> object:
    kept = [
        {**item, "by": item["by"] if item["state"] == UnknownState.ANSWERED else ""}
        for item in value["items"]
        if item["text"]
    ]
    return kept + asked(value["new"].splitlines(), current().desk.entropy.uuid) or None


def _meant_seats(one: Field, value: dict[str, str]) -> object:
    return [f"{party}/{position}" for party, position in sorted(value.items()) if position] or None


_MEANT: Final[dict[Type, Callable[[Field, Any], object]]] = {
    Type.SEATS: _meant_seats,
    Type.MOMENT: _meant_moment,
    Type.COUNT: _meant_count,
    Type.PLACE: places.meant,
    Type.DATE: lambda one, value: typed_date(value, one.name) if value.strip() else None,
    Type.SPAN: _meant_span,
    Type.AMOUNT: _meant_amount,
    Type.MONEY: _meant_money,
    Type.AREA: typed_areas.meant,
    Type.ROWS: _meant_rows,
    Type.UNKNOWNS: _meant_unknowns,
}


# A value as the form shows it --------------------------------------------------------------------


def moment_text(moment: int) -> str:
    """A moment as a form shows it, on the centre's clock."""
    return at_zone(moment, current().zone).strftime("%Y-%m-%d %H:%M")


def _again_money(one: Field, value: dict[str, Any]) -> object:
    text = money_text(value["minor"], value["currency"])
    return {"value": text.rpartition(" ")[0], "currency": value["currency"]}


def _again_rows(one: Field, value: list[dict[str, Any]]) -> object:
    return [
        {column.name: again(column, row.get(column.name)) for column in one.columns}
        for row in value
    ]


_AGAIN: Final[dict[Type, Callable[[Field, Any], object]]] = {
    Type.SEATS: lambda _, value: dict(str(seat).split("/", 1) for seat in value),
    Type.MOMENT: lambda _, value: moment_text(value),
    Type.PLACE: lambda _, value: places.again(value),
    Type.SPAN: lambda _, value: {part: moment_text(value[part]) for part in ("from", "to")},
    Type.MONEY: _again_money,
    Type.AREA: lambda _, value: typed_areas.again(value),
    Type.ROWS: _again_rows,
    Type.UNKNOWNS: lambda _, value: {"items": value, "new": ""},
}
