"""The board on a database: its tables, the interning of labels, dropping and making it anew."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tansiq.board import folding, walls
from tansiq.board.tables import INDEXES, TABLES
from tansiq.board.walls import WALLS
from tansiq.domain.labels import Label, label_from_text, label_text
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.places import E7
from tansiq.log.database import Database
from tansiq.log.store import LogStore

if TYPE_CHECKING:
    from tansiq.board.restaging import Moves

CELL: Final = E7 // 4  # side of a map cell, in 1e-7 degree
_ROW: Final = 2_048
_LABELS_KEPT: Final = 4_096  # labels whose numbers are remembered, times included


def cell_of(lat: int | None, lon: int | None) -> int | None:
    """The number of the quarter-degree cell of a position; cells of one row of latitude follow one
    another.
    """
    if lat is None or lon is None:
        return None
    return (lat + 90 * E7) // CELL * _ROW + (lon + 180 * E7) // CELL


def key_of(owner: str, record: str) -> str:
    """The key of a record in every table: its owner and its id, so that nobody writes into
    another's record.
    """
    return f"{owner}/{record}"


def turn_of(key: str) -> int:
    """Where a record stands among those of the same moment: a number made of its key alone.

    Not the order in which records came: that would tell of a record that became visible later that
    it was there before.
    """
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7], "big")


# Numbers of records that hold some words, and how many of the first were asked for (0 = all). None
# for numbers: not looked up in that way.
Hits = tuple[int, tuple[int, ...] | None]


class _Glance(threading.local):
    newest = 0  # the newest label's number, 0 = to be asked for
    hits: dict[str, Hits] | None = None  # of words that were looked up


class Board:
    """The read models of one node. ``me`` is the party that the node belongs to."""

    def __init__(self, database: Database, store: LogStore, me: PartyCode) -> None:
        self.db = database
        self.store = store
        self.me = me
        # What reading remembers: a viewer's labels up to the newest label, a kind's sample.
        self.visible: dict[Viewer, tuple[int, object]] = {}
        self.samples: dict[str, object] = {}
        # Roots whose cases have moved within a run that is being folded (``board.restaging``).
        self.moved: dict[str, Moves] = {}
        self._labels: dict[tuple[str, Label], int] = {}
        self._label_rows: dict[int, tuple[PartyCode, Label]] = {}
        self._glance = _Glance()
        with database.transaction():
            if not database.has_table("record"):
                self.db.run(TABLES["label"])
                self._create()

    def _create(self) -> None:
        tables = (statement for name, statement in TABLES.items() if name != "label")
        for statement in (*tables, *INDEXES, *self.db.dialect.search_table):
            self.db.run(statement)
        self.db.wall(WALLS, (*walls.INDEXES, walls.SEARCHED))

    def drop(self, *, labels: bool = False) -> None:
        """Drop every table and make it anew, empty. Call it inside a transaction.

        The numbers of labels stay: a reader who took the numbers just before must never find
        another label under one. Where nobody reads, ``labels`` makes them anew too.
        """
        kept = () if labels else ("label",)
        for name in ("search", *folding.tables_before(self.db), *reversed(TABLES)):
            if name not in kept:
                self.db.run(f"DROP TABLE IF EXISTS {name}")
        if labels:
            self.db.run(TABLES["label"])
        self._create()
        self.forget()

    def holds(self, release: str, owner: str, seq: int) -> bool:
        """Whether this release came to stand on the board by that entry of its owner's feed."""
        return bool(
            self.db.rows(
                """SELECT 1 FROM received WHERE release = ? AND owner = ? AND seq = ?
                     AND held = ''""",
                (release, owner, seq),
            )
        )

    def forget_words(self) -> None:
        """Let the index not keep the words of rows that were deleted."""
        for statement in self.db.dialect.forget_words:
            self.db.run(statement)

    def forget(self) -> None:
        """Drop what is remembered outside the database, after a transaction was rolled back."""
        self._labels.clear()
        self._label_rows.clear()
        self.visible.clear()
        self.samples.clear()
        self.moved.clear()

    def label_id(self, owner: PartyCode, label: Label) -> int:
        """The number of an interned label. Embargo and expiry stand in the record's own row, not
        here.
        """
        known = self._labels.get((owner, label))
        if known is None:
            text = label_text(replace(label, embargo=0, expires=0))
            found = self.db.rows("SELECT id FROM label WHERE owner = ? AND text = ?", (owner, text))
            known = (
                int(found[0][0] or 0)
                if found
                else self.db.insert("INSERT INTO label (owner, text) VALUES (?, ?)", (owner, text))
            )
            if len(self._labels) >= _LABELS_KEPT:
                self._labels.clear()
            self._labels[owner, label] = known
        return known

    def labels(self) -> dict[int, tuple[PartyCode, Label]]:
        """All interned labels with the owner of the records that carry them."""
        newest = self._glance.newest or self._newest_label()
        if newest not in self._label_rows and newest != 0:
            with self.db.engine():
                rows = self.db.rows("SELECT id, owner, text FROM label")
            self._label_rows = {
                int(number or 0): (PartyCode(str(owner)), label_from_text(str(text)))
                for number, owner, text in rows
            }
        return self._label_rows

    def _newest_label(self) -> int:
        with self.db.engine():
            return int(self.db.rows("SELECT COALESCE(MAX(id), 0) FROM label")[0][0] or 0)

    @contextmanager
    def glance(self) -> Iterator[None]:
        """Within it this thread asks once which labels there are, looks words up once, and only
        reads.
        """
        before, hits = self._glance.newest, self._glance.hits
        self._glance.newest = before or self._newest_label()
        self._glance.hits = {} if hits is None else hits
        try:
            yield
        finally:
            self._glance.newest, self._glance.hits = before, hits

    def look_anew(self) -> None:
        """What this thread found within a glance is asked for again: it begins to write."""
        self._glance.newest = 0
        if self._glance.hits is not None:
            self._glance.hits = {}

    def hits(self) -> dict[str, Hits]:
        """What was looked up within this glance, by what found it; outside of one, nothing."""
        return {} if self._glance.hits is None else self._glance.hits
