"""PostgreSQL behind the seam: the store of a headquarters.

One writer at a time on a node, whatever processes it has: a transaction takes an advisory lock
first. A transaction has one connection of its own; a statement outside borrows one that is idle.
Where the server went away the call fails with words, and the next call connects anew.

Two roles (``postgres_setup``): a connection is the engine's, which owns the tables; within
``reading`` it is the reader's, who sees of every table what row level security shows that person.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final, TypeAlias, cast

import psycopg
from psycopg import conninfo as libpq
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import BytesBinaryDumper

from tansiq.domain.errors import StoreError
from tansiq.log.database import Row, RowReader, Value
from tansiq.log.dialect import POSTGRES, POSTGRES_READER, Dialect
from tansiq.log.postgres_arrays import COLUMNS, register
from tansiq.log.postgres_setup import SCHEMA, Roles, settle
from tansiq.log.postgres_sql import batch_of, table_made, translated
from tansiq.log.postgres_values import NumberLoader, plain

Connection: TypeAlias = psycopg.Connection[Row]

IDLE_MAX: Final = 8
WAIT_SECONDS: Final = 30
BATCH_ROWS: Final = 1_000
_SETTINGS: Final = {
    "jit": "off", "client_min_messages": "warning", "TimeZone": "UTC",
    "lock_timeout": f"{WAIT_SECONDS}s",
}  # fmt: skip
_CLOSED: Final = """ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY engine ON {table} TO {engine} USING (TRUE) WITH CHECK (TRUE)"""
_CODES: Final = {"53100": "database_full", "25006": "database_readonly"}


class Postgres:
    """A node's schema in a PostgreSQL database. ``address`` is a connection string or URL."""

    def __init__(self, address: str) -> None:
        self._address = _address(address)
        self._roles = Roles("")
        digest = hashlib.sha256(SCHEMA.encode()).digest()
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
        return POSTGRES_READER if self._reader is not None else POSTGRES

    # Connections ---------------------------------------------------------------------------------

    def _connect(self) -> Connection:
        try:
            connection: Connection = psycopg.connect(
                self._address, autocommit=True, cursor_factory=psycopg.RawCursor
            )
        except (psycopg.Error, UnicodeError) as error:
            raise StoreError("store_unreachable", detail=_detail(error)) from None
        try:
            self._roles = settle(connection)
        except StoreError:
            connection.close()
            raise
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        connection.adapters.register_dumper(bytes, BytesBinaryDumper)
        register(connection.adapters)
        connection.adapters.register_loader("numeric", NumberLoader)
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

    @property
    def _writing(self) -> bool:
        writing: bool = getattr(self._local, "writing", False)
        return writing

    @property
    def _reader(self) -> RowReader | None:
        """For whom this thread reads at the moment; None = for the node itself."""
        reader: RowReader | None = getattr(self._local, "reader", None)
        return reader

    @contextmanager
    def _as(self, **state: object) -> Iterator[None]:
        before = {name: getattr(self._local, name, None) for name in state}
        vars(self._local).update(state)
        try:
            yield
        finally:
            vars(self._local).update(before)

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
        if self._writing:
            with self.engine():
                yield
            return
        begin = f"BEGIN; SELECT pg_advisory_xact_lock({self._lock_key})"
        with self._writer, self._within(begin), self._as(writing=True, reader=None):
            yield

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Read the state of one moment, whatever others write meanwhile; nobody waits for it."""
        with self._within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def _within(self, begin: str) -> Iterator[None]:
        connection = self._begin(begin)
        try:
            with self._as(connection=connection, told=None):
                yield
            self._plain(connection, "COMMIT")
        except BaseException:
            if not connection.closed:
                connection.rollback()
            raise
        finally:
            self._give_back(connection)

    @contextmanager
    def reading(self, reader: RowReader) -> Iterator[None]:
        """Read as this person may, behind the second wall; inside a transaction what it has done so
        far.
        """
        known = self._reader
        if known is not None and (known.own, known.others) == (reader.own, reader.others):
            yield  # one moment for everything that is asked within
        elif self._held is not None:
            with self._role(reader):
                yield
        else:
            begin = f"BEGIN; {self._become(reader)}"
            with self._within(begin), self._as(reader=reader):
                self._local.told = reader
                yield

    @contextmanager
    def engine(self) -> Iterator[None]:
        """Within ``reading``: the node itself reads, for what it does not tell as it stands."""
        if self._reader is None:
            yield
            return
        with self._role(None):
            yield

    @contextmanager
    def _role(self, reader: RowReader | None) -> Iterator[None]:
        """Another role within the transaction, and back, also where what is done within fails: who
        goes on in the transaction does so as before. One that the server has given up stays as it
        is, until it is rolled back.
        """
        before = self._reader
        self._turn_to(reader)
        try:
            with self._as(reader=reader):
                yield
        finally:
            held = self._held
            if held is not None and held.info.transaction_status is TransactionStatus.INTRANS:
                self._turn_to(before)

    def _turn_to(self, reader: RowReader | None) -> None:
        assert self._held is not None
        self._plain(self._held, self._become(reader))
        self._local.told = reader or self._told

    @property
    def _told(self) -> RowReader | None:
        """Whom the settings of this thread's open transaction name, even while the node reads."""
        return cast("RowReader | None", getattr(self._local, "told", None))

    def _become(self, reader: RowReader | None) -> str:
        """To the role, and where the settings name another reader than this one, they too."""
        if reader is None:
            return f"SET LOCAL ROLE {self._roles.engine}"
        if reader == self._told:
            return f"SET LOCAL ROLE {self._roles.reader}"
        own, others = (
            "{" + ",".join(map(str, labels)) + "}" for labels in (reader.own, reader.others)
        )
        return (
            f"SET LOCAL ROLE {self._roles.reader}; SET LOCAL tansiq.now = '{reader.now}';"
            f"SET LOCAL tansiq.own = '{own}'; SET LOCAL tansiq.others = '{others}'"
        )

    def wall(self, walls: Mapping[str, str], further: Sequence[str]) -> None:
        """Show a reader those rows of these tables for which the conditions hold."""
        reader = self._roles.reader
        for table, condition in walls.items():
            self.run(f"GRANT SELECT ON {table} TO {reader}")
            self.run(f"DROP POLICY IF EXISTS reader ON {table}")
            self.run(f"CREATE POLICY reader ON {table} FOR SELECT TO {reader} USING ({condition})")
        for statement in further:
            self.run(statement)

    def _begin(self, begin: str) -> Connection:
        """A connection in a transaction. An idle one whose server was started anew is replaced:
        nothing was said on it yet.
        """
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
        state = error.sqlstate if isinstance(error, psycopg.Error) else None
        return StoreError(_CODES.get(state or "", "database"), detail=_detail(error))

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.Cursor[Row]]:
        with self._borrowed() as connection:
            try:
                with connection.cursor(binary=True) as cursor:
                    yield cursor
            except (psycopg.Error, UnicodeError) as error:
                raise self._fault(connection, error) from error

    def run(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the number of rows it changed. A new table is closed to all but the
        engine.
        """
        made = table_made(statement)
        if made and self.has_table(made):
            return 0
        with self._cursor() as cursor:
            count = cursor.execute(translated(statement), plain(values)).rowcount
        if made:
            with self._borrowed() as connection:
                self._plain(connection, _CLOSED.format(table=made, engine=self._roles.engine))
        return count

    def insert(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run one INSERT; the new row's integer key."""
        with self._cursor() as cursor:
            row = cursor.execute(translated(f"{statement} RETURNING id"), plain(values)).fetchone()
        return int(row[0] or 0) if row else 0

    def many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values: plain INSERTs in batches, others in a
        pipeline.
        """
        batch = batch_of(statement)
        with self._cursor() as cursor:
            if batch is None:
                cursor.executemany(translated(statement), map(plain, rows))
                return
            types = self._types_of(batch.table)
            whole, left = batch.statement(types), iter(rows)
            while part := [plain(row) for row in islice(left, BATCH_ROWS)]:
                columns = zip(batch.columns, zip(*part, strict=True), strict=True)
                cursor.execute(whole, [COLUMNS[types[name]](column) for name, column in columns])

    def rows(self, statement: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        with self._cursor() as cursor:
            return cursor.execute(translated(statement), plain(values)).fetchall()

    def rest(self) -> None:
        """Nothing: its own processes do what can wait."""

    def has_table(self, name: str) -> bool:
        """Whether the table is there."""
        return bool(self.columns(name))

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none where there is no such table."""
        return list(self._columns(table))

    def has_tables(self, *schemas: str) -> bool:
        """Whether anything was made yet in one of these schemas."""
        asked = "SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(?) LIMIT 1"
        return any(self.rows(asked, (schema,)) for schema in schemas)

    def _types_of(self, table: str) -> dict[str, str]:
        if table not in self._types:
            self._types[table] = self._columns(table)
        return self._types[table]

    def _columns(self, table: str) -> dict[str, str]:
        rows = self.rows(
            """SELECT a.attname, a.atttypid::regtype::text FROM pg_attribute a
               WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                 AND a.attgenerated = '' ORDER BY a.attnum""",
            (f"{SCHEMA}.{table}",),
        )
        return {str(name): str(kind) for name, kind in rows}

    def close(self) -> None:
        """Let go of all connections."""
        self._drop_idle()


def _address(address: str) -> str:
    try:
        given: dict[str, str | int | None] = dict(libpq.conninfo_to_dict(address))
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options = f"{given.get('options') or ''} {options} -c search_path={SCHEMA}"
        chosen = {"options": options, "client_encoding": "UTF8"}
        usual = {"application_name": "tansiq", "connect_timeout": "10"}
        return libpq.make_conninfo("", **{**usual, **given, **chosen})
    except psycopg.Error as error:
        raise StoreError("database_open", detail=_detail(error)) from None


def _detail(error: Exception) -> str:
    return " ".join(str(error).split())
