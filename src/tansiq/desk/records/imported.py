"""What an import was asked to do and what became of it, row by row, in words of three languages."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from tansiq.desk.act.desk import Desk
from tansiq.domain.errors import InputError
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.typed_times import DayOrder
from tansiq.domain.wording import Text, phrase

REJECTIONS_KEPT: Final = 1_000  # the report names so many rows; further ones are counted

Progress = Callable[[int, int, int], None]  # rows read, bytes read, bytes of the whole file


class Sure(StrEnum):
    """What a form asks about before it saves, and an import before it keeps a row; ``--sure`` of
    the verb takes one.
    """

    PLACES = "places"
    PERSONS = "persons"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How records are made of the rows.

    ``language`` is that of the sentences which the import itself writes. ``releasable_to`` replaces
    the audience of the label; what then goes at once is decided by the rules of the agreements.
    ``zone`` is the centre's clock. ``dates`` answers in which order days stand whose column does
    not tell, and ``sure`` names the doubts in which a person stands by what the rows say.
    ``columns`` says for what each column of a person's own table is taken ("" = not), where a
    person has said so.
    """

    label: Label = field(default_factory=Label)
    releasable_to: tuple[PartyCode, ...] = ()
    language: str = "en"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Baghdad"))
    dates: DayOrder | None = None
    sure: frozenset[Sure] = frozenset()
    columns: tuple[str, ...] | None = None

    def row_label(self) -> Label:
        """The label of every record of this import."""
        if not self.releasable_to:
            return self.label
        return replace(self.label, audience=audience_of(*self.releasable_to))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row that was left out: its number in the file (the header is row 1), and why."""

    row: int
    code: str
    values: dict[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The reason in words, with what to do."""
        return phrase(f"error.{self.code}", language, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of the rows. ``read`` is the sum of the four numbers after it.

    ``rejected`` names the first of the ``rejected_count`` rejected rows; ``unknown_columns`` are
    the headers that no field answers to, as they stand in the file; ``nowhere`` counts rows whose
    place has a name and no coordinates.
    """

    read: int = 0
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    rejected_count: int = 0
    rejected: tuple[Rejection, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    nowhere: int = 0

    def lines(self, language: str) -> list[str]:
        """The report in words: the numbers, then the columns that were not used."""
        numbers = {
            "read": self.read,
            "added": self.added,
            "unchanged": self.unchanged,
            "changed": self.changed,
            "rejected": self.rejected_count,
        }
        said = [phrase(f"import.{name}", language, count=count) for name, count in numbers.items()]
        if self.nowhere:
            said.append(phrase("import.nowhere", language, count=self.nowhere))
        if self.unknown_columns:
            columns = ", ".join(self.unknown_columns)
            said.append(phrase("import.unknown_columns", language, columns=columns))
        return said


class Tally:
    """A report while it grows."""

    def __init__(self, unknown_columns: tuple[str, ...] = ()) -> None:
        self.unknown_columns = unknown_columns
        self.counts: dict[str, int] = {"added": 0, "unchanged": 0, "changed": 0}
        self.read = 0
        self.rejections = 0
        self.nowhere = 0
        self.kept: list[Rejection] = []

    def reject(self, row: int, code: str, values: dict[str, object]) -> None:
        """Count a row as rejected, and keep its reason while there is room."""
        self.rejections += 1
        if len(self.kept) < REJECTIONS_KEPT:
            self.kept.append(Rejection(row=row, code=code, values=values))

    def report(self) -> ImportReport:
        """What is known so far."""
        return ImportReport(
            read=self.read,
            added=self.counts["added"],
            unchanged=self.counts["unchanged"],
            changed=self.counts["changed"],
            rejected_count=self.rejections,
            rejected=tuple(sorted(self.kept, key=lambda item: item.row)),
            unknown_columns=self.unknown_columns,
            nowhere=self.nowhere,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file was taken for, before anything of it is kept: its published form ("" = a person's
    own table), its headers with the column that each means ("" = none), its first rows, and either
    what would become of its rows or why none can be read. ``days_open`` = a person has to say in
    which order its days stand.
    """

    form: str
    headers: tuple[str, ...]
    taken: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    report: ImportReport | None = None
    stop: InputError | None = None
    days_open: bool = False


class Tables(Protocol):
    """Reads tables that people bring, for the pages. A file is its name and its bytes."""

    @property
    def columns(self) -> dict[str, Text]:
        """What a column of a person's own table may be taken for, and what it is called."""

    def look(
        self, desk: Desk, actor: Actor, file: tuple[str, bytes], options: ImportOptions
    ) -> Looked:
        """Read a file and keep nothing. Raises InputError for what is no table at all."""

    def take(
        self, desk: Desk, actor: Actor, file: tuple[str, bytes], options: ImportOptions
    ) -> ImportReport:
        """Keep the rows that can be used. Raises InputError, RefusedError; then none is kept."""
