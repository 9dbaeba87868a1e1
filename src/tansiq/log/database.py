"""The seam to a database: transactions, statements, rows. SQLite here; PostgreSQL stands behind the
same face in ``postgres``.

Statements use ``?`` for values and SQL that both understand; ``dialect`` has the few things that
they say differently. One writer at a time; readers see the last commit. A crash between
two statements of a transaction leaves the state before it.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tansiq.domain.errors import StoreError
from tansiq.log.dialect import SQLITE, Dialect

Value = int | str | bytes | None
Row = tuple[Value, ...]

BUSY_SECONDS: Final = 30  # so long one process waits for another's write


HEADS: Final = "SELECT name, frontier FROM log"  # which logs there are, and how far each goes


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReader:
    """Whose reading the database shall bound: the labels of the own party and of others under which
    that person may read, and the moment.
    """

    own: tuple[int, ...]
    others: tuple[int, ...]
    now: int


class Database(Protocol):
    """What a store needs of a database."""

    @property
    def dialect(self) -> Dialect:
        """What this database says in its own way."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Begin; commit at the end; roll back on any exception."""
        ...

    def reading(self, reader: RowReader) -> AbstractContextManager[None]:
        """Show only what this reader may see, where the database can: a second wall behind the
        release filter of every statement.
        """
        ...

    def engine(self) -> AbstractContextManager[None]:
        """Within ``reading``: the node itself reads, for what it does not tell as it stands."""
        ...

    def wall(self, walls: Mapping[str, str], further: Sequence[str]) -> None:
        """Raise the second wall: the condition of each table, and what it needs beside them."""
        ...

    def run(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        ...

    def insert(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one INSERT; the new row's integer key."""
        ...

    def many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values."""
        ...

    def rows(self, statement: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        ...

    def rest(self) -> None:
        """Do what can wait until nobody waits. Call it now and then: it acts when nothing was
        committed since the call before.
        """
        ...

    def has_table(self, name: str) -> bool:
        """Whether the table is there."""
        ...

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none where there is no such table."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...


_FAULTS: Final = {
    sqlite3.SQLITE_FULL: "database_full",
    sqlite3.SQLITE_READONLY: "database_readonly",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "database_damaged",
    sqlite3.SQLITE_IOERR: "database_disk",
}
_PRIMARY: Final = 0xFF  # of an extended error code


def _fault(error: sqlite3.Error, code: str = "database") -> StoreError:
    """What failed, by SQLite's own code: people can do something about most of it."""
    number = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    return StoreError(_FAULTS.get(number, code), detail=str(error))


class Sqlite:
    """SQLite in WAL mode; one connection a thread, one writer at a time. ``":memory:"`` shares one
    connection.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._local = threading.local()
        self._writer = threading.RLock()
        self._all: list[sqlite3.Connection] = []
        self._shared = self._connect() if path is None else None
        self._commits, self._seen, self._rested = 0, 0, -1

    @property
    def dialect(self) -> Dialect:
        """What this database says in its own way."""
        return SQLITE

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self._path or ":memory:",
                isolation_level=None,
                check_same_thread=False,
                timeout=BUSY_SECONDS,
                cached_statements=512,  # a node speaks some 300; what falls out is parsed anew
            )
            # Each connection sets these; page_size only matters for a new file.
            for pragma in (
                "page_size=8192", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON",
                "wal_autocheckpoint=16384", "foreign_keys=ON", "temp_store=MEMORY",
                "cache_size=-16384",  # KiB; what a batch touches at random must not be read again
            ):  # fmt: skip
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise _fault(error, "database_open") from None
        self._all.append(connection)
        return connection

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._shared is not None:
            return self._shared
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin; commit at the end; roll back on any exception. Joins one that is open in the same
        thread.
        """
        with self._writer:
            if self._connection.in_transaction:
                yield
                return
            before = self._connection.total_changes
            self._execute("BEGIN IMMEDIATE", ())
            try:
                yield
                self._execute("COMMIT", ())
                self._commits += self._connection.total_changes != before
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        """SQLite has done so itself where the disk is full or failed."""
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def reading(self, reader: RowReader) -> AbstractContextManager[None]:
        """As without: SQLite has one wall."""
        return nullcontext()

    def engine(self) -> AbstractContextManager[None]:
        """As without."""
        return nullcontext()

    def wall(self, walls: Mapping[str, str], further: Sequence[str]) -> None:
        """Nothing: SQLite has one wall."""

    def _execute(self, statement: str, values: Sequence[Value]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise _fault(error) from error

    def run(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        return self._execute(statement, values).rowcount

    def insert(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one INSERT; the new row's integer key."""
        return self._execute(statement, values).lastrowid or 0

    def many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values."""
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _fault(error) from error

    def rows(self, statement: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        if self._shared is not None:
            with self._writer:
                return self._execute(statement, values).fetchall()
        return self._execute(statement, values).fetchall()

    def rest(self) -> None:
        """Bring the write-ahead log into the file and empty it: what was erased is in neither of
        them then. A commit brings it in too where it has grown long, and somebody waits for that.
        """
        quiet, self._seen = self._seen == self._commits, self._commits
        if not quiet or self._rested == self._commits:
            return
        self.rows("PRAGMA busy_timeout=0")  # somebody reads: the next call will do
        try:
            ((busy, _, _),) = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.rows(f"PRAGMA busy_timeout={BUSY_SECONDS * 1_000}")
        self._rested = self._rested if busy else self._seen

    def has_table(self, name: str) -> bool:
        """Whether the table is there."""
        return bool(self.columns(name))

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none where there is no such table."""
        return [str(row[0]) for row in self.rows("SELECT name FROM pragma_table_info(?)", (table,))]

    def close(self) -> None:
        """Let go of all connections."""
        for connection in self._all:
            connection.close()
        self._all.clear()


def in_one_file(database: Sqlite) -> None:
    """Keep no journal beside the file while it is written: else it lies on the disk twice."""
    database.run("PRAGMA journal_mode=DELETE")


def made_again_if_lost(database: Database) -> None:
    """Do not wait for the disk: what is in it need not survive a power cut."""
    database.run("PRAGMA synchronous=OFF")
