"""The catalogue of supplies from a spreadsheet: a node's own items, their columns found by their
headers in three languages, by the wording of the page and the other words of
``catalogue_words.csv``.

The whole file is read before anything is taken; one row that cannot be used and nothing of it is
kept. Class V and weapons are refused whatever they are called. What the list of all parties has
already may stand in the file, as an exported catalogue has it, and is not changed.
"""

import csv
import functools
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import BinaryIO, Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.reader.rows import Row
from tansiq.desk.records import importing, items
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.support import supplies
from tansiq.domain.kinds.support.supplies import OwnItem
from tansiq.domain.search import normalise, without_overrides
from tansiq.domain.wording import LANGUAGES, Text, words

COLUMNS: Final = ("code", "class", "name_en", "name_ar", "name_ckb", "units", "pack")
REQUIRED: Final = COLUMNS[:-1]
ROWS_MAX: Final = supplies.OWN_MAX + len(supplies.ITEMS)
_SHOWN: Final = 40
_BETWEEN: Final = re.compile(r"[,;/|،؛\s]+")
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,6}")
_PLAIN: Final = re.compile(r"[a-z0-9_]{1,12}")
_FIFTH: Final = frozenset({"v", "5"})
_ORDINALS: Final = {str(n): code for n, code in zip(
    (1, 2, 3, 4, 6, 7, 8, 9, 10), supplies.CLASSES, strict=True)}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row that cannot be used: its number in the file (the header is row 1), and why."""

    row: int
    error: InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file says: how many rows it has, its own items, which of them are new here and which
    are changed, and the rows that cannot be used. With one of those nothing is taken.
    """

    rows: int
    items: tuple[OwnItem, ...]
    added: tuple[OwnItem, ...]
    changed: tuple[OwnItem, ...]
    faults: tuple[Fault, ...]


def title(column: str) -> Text:
    """What a column is called in the three languages."""
    return words(f"catalogue.{column}")


@functools.cache
def _lists() -> dict[str, dict[str, str]]:
    """For each list (column, unit) the folded words that stand for a code."""
    found: dict[str, dict[str, str]] = {"column": {}, "unit": {}}
    for column in COLUMNS:
        _learn(found["column"], column, title(column))
    for unit in supplies.UNITS:
        _learn(found["unit"], unit, words(f"unit.{unit}"))
    source = resources.files("tansiq.desk.support") / "catalogue_words.csv"
    with source.open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for word in row["words"].split("|"):
                found[row["list"]].setdefault(normalise(word), row["code"])
    return found


def _learn(known: dict[str, str], code: str, spoken: Text) -> None:
    known[normalise(code)] = code
    for language in LANGUAGES:
        known.setdefault(normalise(spoken.of(language)), code)


def read(desk: Desk, file: BinaryIO, language: str) -> Found:
    """Read a whole file and take nothing. Raises InputError for one without the columns that are
    needed, named in ``language``.
    """
    rows = iter(importing.rows_of(desk, file))
    header = next(rows, None)
    if header is None or header.fault:
        raise InputError("import_no_header")
    columns = [_lists()["column"].get(normalise(cell), "") for cell in header.cells]
    twice = [name for name in COLUMNS if columns.count(name) > 1]
    if twice:
        raise InputError("import_column_twice", columns=_titles(twice, language))
    lacking = [name for name in REQUIRED if name not in columns]
    if lacking:
        raise InputError("import_lacks", columns=_titles(lacking, language))
    known, number, faults = items.own(desk), 0, list[Fault]()
    found: dict[str, tuple[int, OwnItem | None]] = {}
    for row in rows:
        if row.cells[:1] and row.cells[0].startswith("#"):
            continue  # the tags of an exported list
        number += 1
        if number > ROWS_MAX:
            raise InputError("import_rows_whole", limit=ROWS_MAX)
        try:
            _take(row, columns, desk.me, found)
        except InputError as fault:
            faults.append(Fault(row=row.number, error=fault))
    own = tuple(item for _, item in found.values() if item is not None)
    added = tuple(item for item in own if item.code not in known)
    changed = tuple(item for item in own if item.code in known and known[item.code] != item)
    return Found(
        rows=number, items=own, added=added, changed=changed, faults=tuple(faults)
    )  # fmt: skip


def _titles(columns: Iterable[str], language: str) -> str:
    return ", ".join(title(name).of(language) for name in columns)


def _take(
    row: Row, columns: list[str], party: str, found: dict[str, tuple[int, OwnItem | None]]
) -> None:
    if row.fault:
        raise InputError(row.fault, limit=64)
    cells = {name: cell.strip() for name, cell in zip(columns, row.cells, strict=True) if name}
    item = _item(cells, party)
    if item.code in found:
        raise InputError("import_twice", row=found[item.code][0])
    shared = supplies.ITEMS.get(item.code)
    if shared is not None and (item.supply_class, item.units, item.pack) != shared:
        raise InputError("catalogue_shared", item=item.code)
    found[item.code] = row.number, None if shared is not None else item


def _item(cells: Mapping[str, str], party: str) -> OwnItem:
    names = [_name(cells[f"name_{language}"]) for language in LANGUAGES]
    if arms := supplies.arms_in(" ".join((*names, cells["code"]))):
        raise InputError("catalogue_arms", value=arms)
    units = _units_of(cells["units"])
    packed = any(unit in supplies.PACKS for unit in units)
    pack = western(cells.get("pack", "")) or "0"
    if not _DIGITS.fullmatch(pack) or packed != (pack != "0"):
        raise InputError("catalogue_pack")
    return OwnItem(
        code=_code(cells["code"], party), supply_class=_class(cells["class"]), names=Text(*names),
        units=units, pack=int(pack),
    )  # fmt: skip


def _code(typed: str, party: str) -> str:
    """The code as this node has it: shared ones as they are, others behind the party's own."""
    code = typed.lower()
    if code in supplies.ITEMS:
        return code
    begins = f"{party.lower()}-"
    plain = code.removeprefix(begins)
    if not _PLAIN.fullmatch(plain) or not supplies.is_own(begins + plain):
        raise InputError("catalogue_code", value=without_overrides(typed)[:_SHOWN])
    return begins + plain


def _class(typed: str) -> str:
    plain = normalise(typed).partition(":")[0].strip().removeprefix("class").strip()
    if plain in _FIFTH:
        raise InputError("catalogue_fifth")
    code = _ORDINALS.get(plain, plain)
    if code not in supplies.CLASSES:
        raise InputError("catalogue_class", value=without_overrides(typed)[:_SHOWN])
    return code


def plain_name(typed: str) -> str:
    """A name as it is kept: on one line, without signs that turn what follows them round."""
    return " ".join(without_overrides(typed).split())


def _name(typed: str) -> str:
    name = plain_name(typed)
    if not 1 <= len(name) <= supplies.OWN_NAME_MAX:
        raise InputError("catalogue_name", limit=supplies.OWN_NAME_MAX)
    return name


def _units_of(typed: str) -> tuple[str, ...]:
    known = _lists()["unit"]
    whole = known.get(normalise(typed))
    parts = [typed] if whole else [part for part in _BETWEEN.split(typed) if part]
    found = dict.fromkeys(known.get(normalise(part), "") for part in parts)
    if not found or "" in found:
        raise InputError("catalogue_units", value=without_overrides(typed)[:_SHOWN])
    return tuple(found)


def written(found: Iterable[OwnItem]) -> str:
    """These items as a file that :func:`read` takes."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for one in found:
        names = [one.names.of(language) for language in LANGUAGES]
        sheet.writerow([one.code, one.supply_class, *names, " ".join(one.units), one.pack])
    return text.getvalue()
