"""Tables: rows with typed columns as one value, from which every list, printed page and file is
made, and the figures of charts and headers.

A table is a value without a reader: headings are keys of words, cells hold codes, moments and
numbers, and ``web.shell`` says them in a language. It is made of what was released for one viewer
and travels as ``Released[Table]``; a page refuses a bare one.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tansiq.domain.parties import Classification, PartyCode

_TAG: Final = re.compile(r"(#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*)?")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")


class Way(StrEnum):
    """A way out of a list, in the order in which they are offered. A kind says which ones its
    records may take (``Kind.ways``).
    """

    PRINT = "print"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    CALENDAR = "ics"
    GEOJSON = "geojson"
    KML = "kml"


WAYS: Final = frozenset(Way)
MAPS: Final = frozenset({Way.GEOJSON, Way.KML})  # for what has an area


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"  # what somebody wrote
    CODE = "code"  # a rule, a roster number: shown as it is
    CHOICE = "choice"  # a code with words: Column.words and a dot before it is the key
    MOMENT = "moment"  # milliseconds since the epoch, UTC
    DATE = "date"  # a day of the calendar, YYYY-MM-DD
    SPAN = "span"  # these are the forms of domain.fields
    NUMBER = "number"
    AMOUNT = "amount"
    MONEY = "money"
    PARTY = "party"  # a party's code
    POSITIONS = "positions"  # a tuple of PARTY/position
    SEATS = "seats"  # the same, said with the party; PARTY/ where no position is known
    PLACE = "place"  # the form of Place.to_json
    AREA = "area"  # the form of domain.areas
    REFERENCE = "reference"  # the short reference of a record
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``heading`` and ``words`` are keys of words; ``tag`` is its HXL hashtag with
    attributes, or "".

    ``under`` names the column in whose cell a page shows this one, small, and with its heading
    where it is ``named``; a file keeps it apart.
    ``mark`` = "tag" shows a choice as a tag in the cell's tone, "sev" with the mark of a severity,
    "since" a moment as the minutes that have gone by.
    """

    key: str
    heading: str
    holds: Holds
    tag: str = ""
    words: str = ""
    under: str = ""
    named: bool = False
    mark: str = ""

    def __post_init__(self) -> None:
        if not _TAG.fullmatch(self.tag):
            raise ValueError(f"{self.tag!r} of the column {self.key!r} is no HXL tag")
        if (self.holds is Holds.CHOICE) != bool(self.words):
            raise ValueError(f"a choice has words, nothing else does: column {self.key!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: the value that its column says it holds, None for nothing; ``address`` is what it
    opens; ``tone`` how a tag is marked (ok, warn, bad, dispute).
    """

    value: object = None
    address: str = ""
    tone: str = ""


EMPTY: Final = Cell()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """That a list can be ordered by a column: ``address`` turns it so, or round; ``now`` is how it
    is ordered by it, ``ascending`` or ``descending``, "" = it is not.
    """

    column: str
    address: str
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row, cells in the order of the columns.

    ``item`` is ``OWNER/record@edition`` as the access log names it, "" where the row shows no
    record; ``ways`` and ``classification`` are those of the record, ``written`` the moment of the
    edition that it shows (milliseconds, 0 = not said). One that is ``sealed`` leaves by no way.
    """

    cells: tuple[Cell, ...]
    key: str = ""
    item: str = ""
    ways: frozenset[Way] = WAYS
    sealed: bool = False
    classification: Classification | None = None
    written: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that one viewer may have, with what a reader must know of them.

    ``name`` is the file's; ``title`` and ``definition`` are keys of words; ``address`` and
    ``query`` are the page whose list this is. ``total`` counts the whole list, or with ``more`` so
    many and more; ``asked`` are the filters, each as a column and a cell. ``declared_by`` says so
    as of ``as_of`` (milliseconds); ``since`` is the moment of the earliest that it counts, 0 = not
    said. ``kept`` counts the rows that do not leave by this way. ``dated`` is the key of the column
    by which a calendar places rows, ``lead`` of the one that stands for a row there; without them
    the list has no calendar. ``until`` is the key of the column with the last day of a row there,
    "" = that of one moment or day; ``again`` are those of how it repeats and of the last day on
    which it does. ``sortings`` are the columns by which a page can order it.
    """

    name: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    as_of: int
    declared_by: PartyCode
    address: str
    query: str = ""
    since: int = 0
    more: bool = False
    asked: tuple[tuple[Column, Cell], ...] = ()
    ways: frozenset[Way] = WAYS
    kept: int = 0
    dated: str = ""
    lead: str = ""
    until: str = ""
    again: tuple[str, str] | None = None
    sortings: tuple[Sorting, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a table")
        keys = [column.key for column in self.columns]
        if len(set(keys)) < len(keys):
            raise ValueError("two columns have one key")
        if any(column.under and column.under not in keys for column in self.columns):
            raise ValueError("a column stands under one that is not there")
        if any(len(row.cells) != len(keys) for row in self.rows):
            raise ValueError("a row has other cells than there are columns")
        named = {self.dated, self.lead, self.until}
        if bool(self.dated) != bool(self.lead) or not named <= {"", *keys}:
            raise ValueError("a calendar wants a column of moments and one that stands for a row")

    def leaving(self, way: Way) -> "Table":
        """The table as it leaves by ``way``: without the rows of records that may not. Those that
        are sealed are not even counted: nobody outside learns that they are there.
        """
        known = tuple(row for row in self.rows if not row.sealed)
        rows = tuple(row for row in known if way in row.ways)
        total = self.total - len(self.rows) + len(known)
        return replace(self, rows=rows, kept=len(known) - len(rows), total=total)

    @property
    def places(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """The columns that have a cell of their own on a page, by their place in each row, and
        which others stand under each.
        """
        return tuple(
            (n, tuple(i for i, one in enumerate(self.columns) if one.under == column.key))
            for n, column in enumerate(self.columns)
            if not column.under
        )

    def sorting(self, column: Column) -> Sorting | None:
        """How the list is ordered by this column; None where it cannot be."""
        return next((one for one in self.sortings if one.column == column.key), None)

    @property
    def offered(self) -> tuple[Way, ...]:
        """The ways out that this list has, in their order."""
        return tuple(
            way
            for way in Way
            if way in self.ways
            and (self.dated or way is not Way.CALENDAR)
            and (self.located or way not in MAPS)
        )

    @property
    def located(self) -> str:
        """The key of the column with the areas of its rows; "" for a list without."""
        return next((one.key for one in self.columns if one.holds is Holds.AREA), "")

    @property
    def cut(self) -> bool:
        """Whether the list goes on past these rows."""
        return self.more or self.total > len(self.rows) + self.kept

    @property
    def highest(self) -> Classification | None:
        """The highest class of its rows; None where no row shows a record."""
        found = [row.classification for row in self.rows if row.classification is not None]
        return max(found, key=lambda one: one.rank, default=None)

    def index(self, key: str) -> int:
        """Where the column of that key stands. Raises ValueError where there is none."""
        return [column.key for column in self.columns].index(key)

    def way(self, way: Way | str) -> str:
        """The address of a way out of this list."""
        return f"{self.address}/{way}" + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Several tables as one paper for one viewer, numbered alike in every language: the first row
    of the second table is 2.1 for everybody.

    ``facts`` say whose view it is, each as a column and a cell; the other values are as those of a
    :class:`Table`. It leaves as PDF and as a workbook.
    """

    name: str
    title: str
    definition: str
    parts: tuple[Table, ...]
    as_of: int
    declared_by: PartyCode
    address: str
    query: str = ""
    facts: tuple[tuple[Column, Cell], ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all its tables."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def offered(self) -> tuple[Way, ...]:
        """The ways out that it has, in their order."""
        return tuple(
            way for way in (Way.PDF, Way.XLSX) if all(way in part.ways for part in self.parts)
        )

    @property
    def highest(self) -> Classification | None:
        """The highest class of its tables; None where no row shows a record."""
        found = [part.highest for part in self.parts if part.highest is not None]
        return max(found, key=lambda one: one.rank, default=None)

    def leaving(self, way: Way) -> "Report":
        """The report as it leaves by ``way``: without the rows of records that may not."""
        return replace(self, parts=tuple(part.leaving(way) for part in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number and the list that it counts: no number without one. ``more`` = so many and more;
    ``definition`` is a key of words, ``as_of`` in milliseconds, 0 = as of the page.
    """

    count: int
    address: str
    more: bool = False
    definition: str = ""
    as_of: int = 0
