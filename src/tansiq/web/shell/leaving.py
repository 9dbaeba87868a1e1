"""A list or a report on its way out: what it says of itself, whichever way it takes.

``ways`` makes a ``Leaving`` of a released table and a ``LeavingReport`` of a released report;
``sheets``, ``workbooks``, ``calendars`` and ``typesetting`` write it down. Each is a function of it
alone, so two lists that are alike leave as the same bytes.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tansiq.domain.parties import Classification
from tansiq.domain.tables import Cell, Column, Holds, Report, Table
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.dates import at_zone

Fact: TypeAlias = tuple[Column, Cell]

CLASS: Final = Column(
    key="classification", heading="label.class", holds=Holds.CHOICE, words="class",
    tag="#meta+classification",
)  # fmt: skip
_DECLARED: Final = Column(key="by", heading="table.declared_by", holds=Holds.PARTY)
_AS_OF: Final = Column(key="as_of", heading="table.as_of_head", holds=Holds.MOMENT)
_ROWS: Final = Column(key="rows", heading="table.rows", holds=Holds.NUMBER)
_SINCE: Final = Column(key="since", heading="table.since", holds=Holds.MOMENT)
_ZONE: Final = Column(key="zone", heading="table.zone", holds=Holds.CODE)
_TAKEN: Final = Column(key="taken", heading="table.taken_by", holds=Holds.POSITIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A table as it leaves for one reader. ``taken_by`` is the PARTY/position that takes it: a file
    goes further than the desk, so it names no person. The access log does. ``columns`` are those of
    a file: with that of the class, where a row has one.
    """

    table: Table
    voice: Voice
    taken_by: str
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        classed = (CLASS,) if self.table.highest is not None else ()
        object.__setattr__(self, "columns", (*self.table.columns, *classed))

    @property
    def title(self) -> str:
        """What list this is."""
        return self.voice.t(self.table.title)

    @property
    def definition(self) -> str:
        """What its rows are."""
        return self.voice.t(self.table.definition)

    @property
    def marking(self) -> str:
        """The highest class of its rows, in words; "" where no row shows a record."""
        return _marking(self.table.highest, self.voice)

    @property
    def moment(self) -> dt.datetime:
        """As of when it is, in UTC."""
        return _moment(self.table.as_of, self.voice)

    @property
    def reference(self) -> str:
        """The code that stands on every sheet of it, and the name of its file."""
        return f"{self.table.name}-{self.moment:%Y%m%dT%H%MZ}"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Who says so, as of when, how many rows, on which clock, and the filters."""
        table = self.table
        since = ((_SINCE, Cell(value=table.since)),) if table.since else ()
        return (
            (_DECLARED, Cell(value=table.declared_by)), (_AS_OF, Cell(value=table.as_of)),
            (_ROWS, Cell(value=len(table.rows))), *since,
            (_ZONE, Cell(value=self.voice.zone.key)), *table.asked,
        )  # fmt: skip

    @property
    def taken(self) -> Fact:
        """Which position takes it."""
        return _TAKEN, Cell(value=(self.taken_by,))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of rows that are not here."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self.table.cut:
            yield self.voice.t("table.cut", count=len(self.table.rows))
        if self.table.kept:
            yield self.voice.t("table.kept", count=self.table.kept)

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """The cells of each row, one for each of ``columns``."""
        classed = CLASS in self.columns
        for row in self.table.rows:
            yield (*row.cells, Cell(value=row.classification)) if classed else row.cells


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingReport:
    """A report as it leaves for one reader, as :class:`Leaving`."""

    report: Report
    voice: Voice
    taken_by: str

    @property
    def parts(self) -> tuple[Leaving, ...]:
        """Its tables, each as a list that leaves."""
        return tuple(
            Leaving(table=one, voice=self.voice, taken_by=self.taken_by)
            for one in self.report.parts
        )

    @property
    def title(self) -> str:
        """What report this is."""
        return self.voice.t(self.report.title)

    @property
    def definition(self) -> str:
        """What it says, and of what it is made."""
        return self.voice.t(self.report.definition)

    @property
    def marking(self) -> str:
        """The highest class of its rows, in words; "" where no row shows a record."""
        return _marking(self.report.highest, self.voice)

    @property
    def moment(self) -> dt.datetime:
        """As of when it is, in UTC."""
        return _moment(self.report.as_of, self.voice)

    @property
    def reference(self) -> str:
        """The code that stands on every sheet of it, and the name of its file: a report in another
        language is another file.
        """
        return f"{self.report.name}-{self.voice.language}-{self.moment:%Y%m%dT%H%MZ}"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Who says so, as of when, on which clock, and whose view it is."""
        report = self.report
        return (
            (_DECLARED, Cell(value=report.declared_by)), (_AS_OF, Cell(value=report.as_of)),
            (_ZONE, Cell(value=self.voice.zone.key)), *report.facts,
        )  # fmt: skip

    @property
    def taken(self) -> Fact:
        """Which position takes it."""
        return _TAKEN, Cell(value=(self.taken_by,))


def _marking(highest: Classification | None, voice: Voice) -> str:
    return f"{voice.t('table.highest')} {voice.t(f'class.{highest}')}" if highest else ""


def _moment(as_of: int, voice: Voice) -> dt.datetime:
    return at_zone(as_of, voice.zone).astimezone(dt.UTC)
