"""A person's own spreadsheet, XLSX or CSV: a table of incidents, its columns found by their headers
or by the hashtags of a row below them (HXL). A table of a published form is known by its columns.

Headers and choices are read in English, Arabic and Sorani, by the wording of the forms and by the
other words of ``sheet_words.csv``. A cell that looks like a formula is text like any other.
"""

import csv
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import chain, islice
from pathlib import Path
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.reader.rows import Row, Rows
from tansiq.desk.records import importing
from tansiq.desk.records.imported import ImportOptions, ImportReport, Progress, Tally
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
from tansiq.gateways import published
from tansiq.gateways.acled import ACLED
from tansiq.gateways.cells import count, moment, position, position_in
from tansiq.gateways.doubts import demand_sure
from tansiq.gateways.feeding import ROWS_MAX, Feeder, Given, given_at
from tansiq.gateways.ucdp import UCDP

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
_SAMPLE_ROWS: Final = 200  # of a column whose header may mean either of two
_SOURCE: Final = "source"  # the grade, or who said so
# HXL hashtags with the attributes that each needs; the first that fits counts.
_HASHTAGS: Final = tuple(
    (base, frozenset(more.split()), column)
    for base, more, column in (
        ("#date", "time", "time"), ("#date", "", "date"), ("#geo", "lat", "lat"),
        ("#geo", "lon", "lon"), ("#geo", "coord", "coordinates"), ("#geo", "coords", "coordinates"),
        ("#loc", "", "place"), ("#event", "description", "text"), ("#event", "", "category"),
        ("#cause", "", "category"), ("#description", "", "text"), ("#severity", "", "severity"),
        ("#affected", "injured", "hurt"), ("#affected", "killed", "dead"),
        ("#meta", "source", "informant"),
    )
)  # fmt: skip
_PUBLISHED: Final = (UCDP, ACLED)


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
    table = opened(desk, given_at(path), options)
    return fed(desk, actor, table, options, progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that was opened: the published form that it has ("" = a person's own table), its
    headers, for what each was taken ("" = not), its first rows, and the order of its days.
    ``open_days`` is why an own table cannot be read before a person says in which order they stand.
    """

    given: Given
    form: str
    headers: tuple[str, ...]
    taken: tuple[str, ...]
    first: tuple[Row, ...]
    order: DayOrder | None = None
    open_days: InputError | None = None

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headers of an own table that no field answers to."""
        named = zip(self.headers, self.taken, strict=True)
        shown = [
            without_overrides(header).strip()[:_HEADERS_SHOWN] for header, to in named if not to
        ]
        return () if self.form else tuple(filter(None, shown))[:_HEADERS_SHOWN]


def opened(desk: Desk, given: Given, options: ImportOptions) -> Table:
    """What a file is, before a row of it becomes anything. Raises InputError where it cannot be
    read at all. Which columns it lacks is for :func:`fed` to say.
    """
    file, _ = given.open()
    with file:
        found = importing.rows_of(desk, file)
        headers, tags, rows = _headers(iter(found))
        first = tuple(islice(rows, _SAMPLE_ROWS))
        for form in _PUBLISHED:
            if not form.lacks(headers):
                names = published.folded(headers)
                taken = tuple(name if name in form.columns else "" for name in names)
                return Table(given=given, form=form.name, headers=headers, taken=taken, first=first)
        taken = options.columns or _taken(headers, tags, first)
        if len(taken) != len(headers):
            raise InputError("import_columns")
        order, open_days = options.dates, None
        if order is None and "date" in taken:
            again = found if isinstance(found, list) else None
            try:
                order = order_of(_days(given, again, taken.index("date")))
            except InputError as error:
                open_days = error
    return Table(
        given=given, form="", headers=headers, taken=taken, first=first, order=order,
        open_days=open_days,
    )  # fmt: skip


def fed(
    desk: Desk,
    actor: Actor,
    table: Table,
    options: ImportOptions,
    progress: Progress,
    *,
    dry: bool = False,
) -> ImportReport:
    """Keep the rows of an opened file, or with ``dry`` only say what would become of them. Raises
    InputError for columns that are needed, named in ``options.language``, and for open days.
    """
    importing.demand_import(actor)
    translate = _translator(table, options)
    file, size = table.given.open()
    with file:
        _, _, rows = _headers(iter(importing.rows_of(desk, file)))
        tally = Tally(table.unknown)
        Feeder(desk, actor, tally, dry=dry).feed(rows, translate, size, progress)
    return tally.report()


def _translator(table: Table, options: ImportOptions) -> Callable[[tuple[str, ...]], Item]:
    for form in _PUBLISHED:
        if form.name == table.form:
            return form.translator(table.headers, options, table.given.name)
    _demand_columns(table.taken, options.language)
    if table.open_days:
        raise table.open_days

    def translate(cells: tuple[str, ...]) -> Item:
        named = zip(table.taken, cells, strict=True)
        return _item({name: cell.strip() for name, cell in named if name}, options, table.order)

    return translate


def _headers(rows: Iterator[Row]) -> tuple[tuple[str, ...], tuple[str, ...], Iterator[Row]]:
    """The headers, the hashtags below them or in their place (none: empty), and the other rows."""
    header = next(rows, None)
    if header is None or header.fault:
        raise InputError("import_no_header")
    if header.is_tags:
        return header.cells, header.cells, rows
    below = next(rows, None)
    if below is None:
        return header.cells, (), rows
    if below.is_tags:
        return header.cells, below.cells, rows
    return header.cells, (), chain((below,), rows)


def _days(given: Given, listed: Iterable[Row] | None, column: int) -> Iterator[str]:
    """The column of dates, read once before the rows: it decides in which order they are."""
    file, _ = given.open()
    with file:
        _, _, rows = _headers(iter(Rows(file) if listed is None else listed))
        for row in islice(rows, ROWS_MAX):
            if not row.fault:
                yield row.cells[column]


def _taken(
    headers: tuple[str, ...], tags: tuple[str, ...], first: Sequence[Row]
) -> tuple[str, ...]:
    """The column that each header means, or the hashtag below it where the header says nothing."""
    known = _lists()["column"]
    columns = [known.get(normalise(header), "") for header in headers]
    for at, tag in enumerate(tags):
        tagged = _tagged(tag)
        if tagged and not columns[at] and tagged not in columns:
            columns[at] = tagged
    for at, header in enumerate(headers):
        if normalise(header) == _SOURCE and columns[at] == "grade":
            said = [row.cells[at] for row in first if not row.fault and row.cells[at].strip()]
            if not all(_GRADE.fullmatch(_plain_grade(one)) for one in said):
                columns[at] = "" if "informant" in columns else "informant"
    return tuple(columns)


def _tagged(tag: str) -> str:
    """The column that an HXL hashtag with its attributes, in any order, means."""
    base, *more = "".join(tag.casefold().split()).split("+")
    fits = (one for one in _HASHTAGS if one[0] == base and one[1] <= set(more))
    return next((column for _, _, column in fits), "")


def _demand_columns(taken: Sequence[str], language: str) -> None:
    """Raises InputError where a column is missing, or two mean the same."""
    twice = {name for name in taken if name and taken.count(name) > 1}
    if twice:
        raise InputError("import_column_twice", columns=_titles(sorted(twice), language))
    lacking = [name for name in REQUIRED if name not in taken]
    if "place" in lacking and ({"lat", "lon"} <= set(taken) or "coordinates" in taken):
        lacking.remove("place")
    if lacking:
        raise InputError("import_lacks", columns=_titles(lacking, language))


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


def _plain_grade(typed: str) -> str:
    return western(typed).upper().replace(" ", "")


def _grade(typed: str) -> str:
    plain = _plain_grade(typed)
    if not plain:
        return "F6"
    if not _GRADE.fullmatch(plain):
        raise InputError("import_grade", value=typed[:40])
    return plain
