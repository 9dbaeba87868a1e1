"""From rows to records: the loop that all importers share.

A row that cannot be used is left out and named.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.reader.rows import Row, open_bounded
from tansiq.desk.records import importing
from tansiq.desk.records.imported import Progress, Tally
from tansiq.desk.records.importing import Item
from tansiq.domain.areas import position_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor

ROWS_MAX: Final = 1_000_000  # of one file, whose references are kept in memory to find doubles
_REFERENCE: Final = "source_ref"
Translate = Callable[[tuple[str, ...]], Item]


@dataclass(frozen=True, slots=True)
class Given:
    """A file that somebody brings, to be read more than once: by its path, or its bytes alone."""

    name: str
    data: bytes | None = None
    path: Path = Path()

    def open(self) -> tuple[BinaryIO, int]:
        """The file and its size. Raises InputError for one that is absent or too large."""
        return (
            (BytesIO(self.data), len(self.data))
            if self.data is not None
            else open_bounded(self.path)
        )


def given_at(path: Path) -> Given:
    """The file at a path."""
    return Given(path.name, path=path)


class Feeder:
    """Collects the records of one file in batches, a transaction each. A ``dry`` one keeps none and
    counts those that it would keep as added.
    """

    def __init__(self, desk: Desk, actor: Actor, tally: Tally, *, dry: bool = False) -> None:
        self._dry = dry
        self._desk = desk
        self._actor = actor
        self._tally = tally
        self._ahead = desk.clock.now() + BOUNDS.clock_skew_ms_max  # as forms take it, once a run
        self._batch: list[Item] = []
        self._seen: dict[str, int] = {}

    def feed(
        self, rows: Iterable[Row], translate: Translate, size: int, progress: Progress
    ) -> None:
        """Keep every row that can be used. Raises RefusedError where the desk refuses
        all, InputError past the last row that one file may have; what was read stays.
        """
        for row in rows:
            if self._tally.read >= ROWS_MAX:
                self._keep()
                raise InputError("import_rows", limit=ROWS_MAX)
            self._tally.read += 1
            try:
                self._take(row, translate)
            except InputError as fault:
                self._tally.reject(row.number, fault.code, dict(fault.values))
            if len(self._batch) >= BOUNDS.import_batch_rows:
                self._keep()
                progress(self._tally.read, row.read, size)
        self._keep()
        progress(self._tally.read, size, size)

    def _take(self, row: Row, translate: Translate) -> None:
        if row.fault:
            limit = BOUNDS.import_row_bytes_max // 1024
            raise InputError(row.fault, **({"limit": limit} if "size" in row.fault else {}))
        item = translate(row.cells)
        # The same check as the desk makes, here for one row: a bad one must not stop its batch.
        kind = kind_named(item.draft.kind)
        kind.check(item.draft.body)
        seen = item.draft.body.get(kind.moment)
        if isinstance(seen, int) and seen > self._ahead:
            raise InputError("moment_ahead", field=kind.moment)
        reference = str(item.draft.body[_REFERENCE])
        first = self._seen.setdefault(reference, row.number)
        if first != row.number:
            raise InputError("import_twice", row=first)
        place = item.draft.body.get(kind.place) if kind.place else None
        self._tally.nowhere += place is not None and position_of(place) is None
        self._batch.append(item)

    def _keep(self) -> None:
        batch, self._batch = self._batch, []
        if self._dry:
            self._tally.counts["added"] += len(batch)
        elif batch:
            for outcome in importing.keep(self._desk, self._actor, batch):
                self._tally.counts[outcome.value] += 1
