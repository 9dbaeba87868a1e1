"""PostgreSQL behind the seam: the store of a headquarters.

One writer at a time on a node, whatever processes it has: a transaction takes an advisory lock
first. A transaction has one connection of its own; a statement outside borrows one that is idle.
Where the server went away the call fails with words, and the next call connects anew.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import conninfo as libpq
from psycopg.abc import Buffer
from psycopg.types.numeric import Int8BinaryDumper, NumericBinaryLoader
from psycopg.types.string import BytesBinaryDumper

from tansiq.domain.errors import StoreError
from tansiq.log.database import Row, Value
from tansiq.log.dialect import POSTGRES, Dialect
from tansiq.log.postgres_arrays import COLUMNS, register
from tansiq.log.postgres_sql import batch_of, translated

Connection: TypeAlias = psycopg.Connection[Row]

SCHEMA: Final = "tansiq"
IDLE_MAX: Final = 8
WAIT_SECONDS: Final = 30
BATCH_ROWS: Final = 1_000
_SETTINGS: Final = {
    "jit": "off", "client_min_messages": "warning", "TimeZone": "UTC",
    "lock_timeout": f"{WAIT_SECONDS}s",
}  # fmt: skip
_NUL: Final = "\ufffd"  # PostgreSQL's texts hold no NUL; in a partner's text one may stand


class _NumberLoader(NumericBinaryLoader):
    """Sums and means of integers as Python's plain numbers, as SQLite gives them."""

    def load(self, data: Buffer) -> Any:  # noqa: ANN401 - psycopg types its loaders so
        """An int where the type has no places, else a float."""
        value = super().load(data)
        return int(value) if value.as_tuple().exponent == 0 else float(value)


class Postgres:
    """A node's schema in a PostgreSQL database. ``address`` is a connection string or URL."""

    def __init__(self, address: str, *, schema: str = SCHEMA) -> None:
        self._schema = schema
        self._address = _address(address, schema)
        digest = hashlib.sha256(schema.encode()).digest()
        self._lock_key = int.from_bytes(digest[:8], "big", signed=True)
        self._writer = threading.RLock()
        self._pool = threading.Lock()
        self._idle: list[Connection] = []
        self._local = threading.local()
        self._types: dict[str, dict[str, str]] = {}
        self._give_back(self._connect())

    @property
    def dialect(self) -> Dialect:
        """What this database says in its own way."""
        return POSTGRES

    # Connections ---------------------------------------------------------------------------------

    def _connect(self) -> Connection:
        try:
            connection: Connection = psycopg.connect(
                self._address, autocommit=True, cursor_factory=psycopg.RawCursor
            )
        except (psycopg.Error, UnicodeError) as error:
            raise StoreError("database_open", detail=_detail(error)) from None
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        connection.adapters.register_dumper(bytes, BytesBinaryDumper)
        register(connection.adapters)
        connection.adapters.register_loader("numeric", _NumberLoader)
        return connection

    def _take(self) -> Connection:
        with self._pool:
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: Connection) -> None:
        with self._pool:
            if not connection.closed and len(self._idle) < IDLE_MAX:
                self._idle.append(connection)
                return
        connection.close()

    def _drop_idle(self) -> None:
        """The server went away: whatever idles was connected to what is no longer there."""
        with self._pool:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @property
    def _held(self) -> Connection | None:
        """The connection of this thread's open transaction."""
        held: Connection | None = getattr(self._local, "connection", None)
        return held

    @contextmanager
    def _borrowed(self) -> Iterator[Connection]:
        held = self._held
        if held is not None:
            yield held
            return
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    # Statements ----------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin; commit at the end; roll back on any exception. Joins one that is open in the same
        thread.
        """
        if self._held is not None:
            yield
            return
        with self._writer:
            connection = self._begin()
            self._local.connection = connection
            try:
                yield
                self._plain(connection, "COMMIT")
            except BaseException:
                if not connection.closed:
                    connection.rollback()
                raise
            finally:
                self._local.connection = None
                self._give_back(connection)

    def _begin(self) -> Connection:
        """A connection in a transaction that holds the writer's lock. An idle one whose server was
        started anew is replaced: nothing was said on it yet.
        """
        begin = f"BEGIN; SELECT pg_advisory_xact_lock({self._lock_key})"
        connection = self._take()
        try:
            self._plain(connection, begin)
        except StoreError:
            if not connection.closed:
                connection.close()
                raise
            connection = self._connect()
            self._plain(connection, begin)
        return connection

    def _plain(self, connection: Connection, statement: str) -> None:
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            raise self._fault(connection, error) from error

    def _fault(self, connection: Connection, error: Exception) -> StoreError:
        if connection.closed:
            self._drop_idle()
            return StoreError("database_lost", detail=_detail(error))
        return StoreError("database", detail=_detail(error))

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.Cursor[Row]]:
        with self._borrowed() as connection:
            try:
                with connection.cursor(binary=True) as cursor:
                    yield cursor
            except (psycopg.Error, UnicodeError) as error:
                raise self._fault(connection, error) from error

    def run(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        with self._cursor() as cursor:
            return cursor.execute(translated(statement), _plain(values)).rowcount

    def insert(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one INSERT; the new row's integer key."""
        with self._cursor() as cursor:
            row = cursor.execute(translated(f"{statement} RETURNING id"), _plain(values)).fetchone()
        return int(row[0] or 0) if row else 0

    def many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values: plain INSERTs in batches, others in a
        pipeline.
        """
        batch = batch_of(statement)
        with self._cursor() as cursor:
            if batch is None:
                cursor.executemany(translated(statement), map(_plain, rows))
                return
            types = self._types_of(batch.table)
            whole, left = batch.statement(types), iter(rows)
            while part := [_plain(row) for row in islice(left, BATCH_ROWS)]:
                columns = zip(batch.columns, zip(*part, strict=True), strict=True)
                cursor.execute(whole, [COLUMNS[types[name]](column) for name, column in columns])

    def rows(self, statement: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        with self._cursor() as cursor:
            return cursor.execute(translated(statement), _plain(values)).fetchall()

    # The catalogue -------------------------------------------------------------------------------

    def has_table(self, name: str) -> bool:
        """Whether the table is there."""
        return bool(self.columns(name))

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none where there is no such table."""
        return list(self._columns(table))

    def _types_of(self, table: str) -> dict[str, str]:
        known = self._types.get(table)
        if known is None:
            known = self._types[table] = self._columns(table)
        return known

    def _columns(self, table: str) -> dict[str, str]:
        rows = self.rows(
            """SELECT a.attname, a.atttypid::regtype::text FROM pg_attribute a
               WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                 AND a.attgenerated = '' ORDER BY a.attnum""",
            (f"{self._schema}.{table}",),
        )
        return {str(name): str(kind) for name, kind in rows}

    def close(self) -> None:
        """Let go of all connections."""
        self._drop_idle()


def _address(address: str, schema: str) -> str:
    try:
        given: dict[str, str | int | None] = dict(libpq.conninfo_to_dict(address))
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options = f"{given.get('options') or ''} {options} -c search_path={schema}"
        chosen = {"options": options, "client_encoding": "UTF8"}
        usual = {"application_name": "tansiq", "connect_timeout": "10"}
        return libpq.make_conninfo("", **{**usual, **given, **chosen})
    except psycopg.Error as error:
        raise StoreError("database_open", detail=_detail(error)) from None


def _plain(values: Sequence[Value]) -> list[Value]:
    return [value if type(value) in _SIMPLE else _simple(value) for value in values]


_SIMPLE: Final = frozenset({int, bytes, type(None)})


def _simple(value: object) -> Value:
    """A text without NUL, and the plain value of a subclass: the driver knows exact types only."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return str.__str__(value).replace("\0", _NUL)
    return int(str(value)) if not isinstance(value, int) else int(value)


def _detail(error: Exception) -> str:
    return " ".join(str(error).split())
