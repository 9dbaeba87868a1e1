"""A person's own spreadsheet, XLSX or CSV: a table of incidents, its columns found by their
headers.

Headers and choices are read in English, Arabic and Sorani, by the wording of the forms and by the
other words of ``sheet_words.csv``. A cell that looks like a formula is text like any other.
"""

import csv
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.reader.rows import Row, Rows, open_bounded
from tansiq.desk.records import importing
from tansiq.desk.records.importing import Item
from tansiq.desk.records.say import Draft
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.watch.incident import CATEGORIES, SEVERITIES
from tansiq.domain.parties import Actor
from tansiq.domain.places import Place, Precision, find_town, place_named
from tansiq.domain.records import Body
from tansiq.domain.search import normalise, without_overrides
from tansiq.domain.typed_times import DayOrder, order_of
from tansiq.domain.unknowns import as_told
from tansiq.domain.wording import LANGUAGES, Text, words
from tansiq.gateways.cells import count, moment, position, position_in
from tansiq.gateways.doubts import demand_sure
from tansiq.gateways.feeding import ROWS_MAX, Feeder
from tansiq.gateways.report import ImportOptions, ImportReport, Progress, Tally

COLUMNS: Final = (
    "date", "time", "place", "lat", "lon", "coordinates", "category", "severity", "text", "size",
    "hurt", "dead", "done", "unknowns", "asked", "grade", "informant", "internal",
)  # fmt: skip
REQUIRED: Final = ("date", "category", "text", "place")
OWNED: Final = frozenset(COLUMNS[6:]) | {"observed", "place", "source_ref"}
_AS_TYPED: Final = ("text", "size", "done", "unknowns", "asked", "informant", "internal")
_OTHER_FIELDS: Final = {"date": "observed"}  # the forms' one field for date and time
_HEADERS_SHOWN: Final = 40
_GRADE: Final = re.compile(r"[A-F][1-6]")


def title(column: str) -> Text:
    """What a column is called in the three languages."""
    if column in ("date", "time", "lat", "lon", "coordinates"):
        return words(f"import.column.{column}")
    return kind_named("incident").field(column).label()


@functools.cache
def _lists() -> dict[str, dict[str, str]]:
    """For each list (column, category, severity) the folded words that stand for a code."""
    found: dict[str, dict[str, str]] = {"column": {}, "category": {}, "severity": {}}
    incident = kind_named("incident")
    for column in COLUMNS:
        spoken = [title(column)]
        if column in _OTHER_FIELDS:
            spoken.append(incident.field(_OTHER_FIELDS[column]).label())
        _learn(found["column"], column, spoken)
    for name, codes in (("category", CATEGORIES), ("severity", SEVERITIES)):
        for code in codes:
            _learn(found[name], code, [incident.field(name).choice(code)])
    source = resources.files("tansiq.gateways") / "sheet_words.csv"
    with source.open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for word in row["words"].split("|"):
                found[row["list"]].setdefault(normalise(word), row["code"])
    return found


def _learn(known: dict[str, str], code: str, spoken: list[Text]) -> None:
    known[normalise(code)] = code
    for text in spoken:
        for language in LANGUAGES:
            known.setdefault(normalise(text.of(language)), code)


def run(
    desk: Desk, actor: Actor, path: Path, options: ImportOptions, progress: Progress
) -> ImportReport:
    """Import a file; what can be used is kept, what cannot is in the report.

    Raises InputError for a file without the columns that are needed, named in
    ``options.language``; RefusedError without the mandate.
    """
    importing.demand_import(actor)
    file, size = open_bounded(path)
    with file:
        found = importing.rows_of(desk, file)
        rows = iter(found)
        columns, unknown = _columns(_headers(rows), options.language)
        order = options.dates or order_of(_days(path, found, columns.index("date")))

        def translate(cells: tuple[str, ...]) -> Item:
            named = zip(columns, cells, strict=True)
            return _item({name: cell.strip() for name, cell in named if name}, options, order)

        tally = Tally(unknown)
        Feeder(desk, actor, tally).feed(rows, translate, size, progress)
    return tally.report()


def _headers(rows: Iterator[Row]) -> tuple[str, ...]:
    header = next(rows, None)
    if header is None or header.fault:
        raise InputError("import_no_header")
    return header.cells


def _days(path: Path, found: Iterable[Row], column: int) -> Iterator[str]:
    """The column of dates, read once before the rows: it decides in which order they are."""
    file, _ = open_bounded(path)
    with file:
        rows = iter(Rows(file) if isinstance(found, Rows) else found)
        _headers(rows)
        for row in islice(rows, ROWS_MAX):
            if not row.fault:
                yield row.cells[column]


def _columns(headers: tuple[str, ...], language: str) -> tuple[list[str], tuple[str, ...]]:
    """The column that each header means ("" = none), and the headers that mean none."""
    known = _lists()["column"]
    columns = [known.get(normalise(header), "") for header in headers]
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise InputError("import_column_twice", columns=_titles(sorted(twice), language))
    lacking = [name for name in REQUIRED if name not in columns]
    if "place" in lacking and ({"lat", "lon"} <= set(columns) or "coordinates" in columns):
        lacking.remove("place")
    if lacking:
        raise InputError("import_lacks", columns=_titles(lacking, language))
    unknown = [
        without_overrides(header).strip()[:_HEADERS_SHOWN]
        for header, column in zip(headers, columns, strict=True)
        if not column and header.strip()
    ]
    return columns, tuple(unknown[:_HEADERS_SHOWN])


def _titles(columns: list[str], language: str) -> str:
    return ", ".join(title(name).of(language) for name in columns)


def _item(cells: dict[str, str], options: ImportOptions, order: DayOrder | None) -> Item:
    clock = cells.get("time", "")
    body: Body = {
        "category": _choice(cells, "category", options.language),
        "severity": _choice(cells, "severity", options.language, default="routine"),
        "observed": moment(cells["date"], clock, options.zone, order),
        "place": _place(cells).to_json(),
        "grade": _grade(cells.get("grade", "")),
        **{name: cells[name] for name in _AS_TYPED if cells.get(name)},
    }
    if "unknowns" in body:
        body["unknowns"] = as_told(str(body["unknowns"]).splitlines())
    for name in ("hurt", "dead"):
        if cells.get(name):
            body[name] = count(cells[name], title(name).of(options.language))
    body = kind_named("incident").check(body)
    demand_sure(kind_named("incident"), body, options)
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(plain.encode("utf-8")).hexdigest()
    body["source_ref"] = f"csv:{digest}"
    draft = Draft(kind="incident", body=body, label=options.row_label())
    return Item(draft=draft, owned=OWNED)


def _choice(cells: dict[str, str], column: str, language: str, default: str = "") -> str:
    typed = cells.get(column, "")
    code = _lists()[column].get(normalise(typed), "" if typed else default)
    if not code:
        shown = {"column": title(column).of(language), "value": without_overrides(typed)[:40]}
        raise InputError("import_choice", **shown)
    return code


def _place(cells: dict[str, str]) -> Place:
    name, lat, lon = cells.get("place", ""), cells.get("lat", ""), cells.get("lon", "")
    if bool(lat) != bool(lon):
        raise InputError("import_half_position")
    at = cells.get("coordinates", "")
    if not (lat or at):
        return place_named(name)
    found, town = position(lat, lon) if lat else position_in(at), find_town(name)
    return Place(
        name=name, key=town.key if town else "", lat=found.lat, lon=found.lon,
        precision=Precision.ABOUT,
    )  # fmt: skip


def _grade(typed: str) -> str:
    plain = western(typed).upper().replace(" ", "")
    if not plain:
        return "F6"
    if not _GRADE.fullmatch(plain):
        raise InputError("import_grade", value=typed[:40])
    return plain
