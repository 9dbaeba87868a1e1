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


WAYS: Final = frozenset(Way)


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
    REFERENCE = "reference"  # the short reference of a record
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``heading`` and ``words`` are keys of words; ``tag`` is its HXL hashtag with
    attributes, or "".

    ``under`` names the column in whose cell a page shows this one, small, and with its heading
    where it is ``named``; a file keeps it apart.
    ``mark`` = "tag" shows a choice as a tag in the cell's tone, "sev" with the mark of a severity.
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
class Row:
    """One row, cells in the order of the columns.

    ``item`` is ``OWNER/record@edition`` as the access log names it, "" where the row shows no
    record; ``ways`` and ``classification`` are those of the record.
    """

    cells: tuple[Cell, ...]
    key: str = ""
    item: str = ""
    ways: frozenset[Way] = WAYS
    classification: Classification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that one viewer may have, with what a reader must know of them.

    ``name`` is the file's; ``title`` and ``definition`` are keys of words; ``address`` and
    ``query`` are the page whose list this is. ``total`` counts the whole list, or with ``more`` so
    many and more; ``asked`` are the filters, each as a column and a cell. ``declared_by`` says so
    as of ``as_of`` (milliseconds); ``since`` is the moment of the earliest that it counts, 0 = not
    said. ``kept`` counts the rows that do not leave by this way. ``dated`` is the key of the column
    by which a calendar places rows, ``lead`` of the one that stands for a row there; without them
    the list has no calendar.
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
        if bool(self.dated) != bool(self.lead) or not {self.dated, self.lead} <= {"", *keys}:
            raise ValueError("a calendar wants a column of moments and one that stands for a row")

    def leaving(self, way: Way) -> "Table":
        """The table as it leaves by ``way``: without the rows of records that may not."""
        rows = tuple(row for row in self.rows if way in row.ways)
        return replace(self, rows=rows, kept=len(self.rows) - len(rows))

    @property
    def offered(self) -> tuple[Way, ...]:
        """The ways out that this list has, in their order."""
        return tuple(
            way for way in Way if way in self.ways and (self.dated or way is not Way.CALENDAR)
        )

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
class Figure:
    """A number and the list that it counts: no number without one. ``more`` = so many and more;
    ``definition`` is a key of words, ``as_of`` in milliseconds, 0 = as of the page.
    """

    count: int
    address: str
    more: bool = False
    definition: str = ""
    as_of: int = 0
