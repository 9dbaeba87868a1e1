"""A database under which the power can fail: before a write, before a commit, right after it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager

from tansiq.log.database import Row, RowReader, Sqlite, Value
from tansiq.log.dialect import Dialect


class CrashError(BaseException):
    """The process is gone. No handler of the product may catch it."""


class CrashingDatabase:
    """Passes everything on; once armed, raises CrashError when the countdown ends."""

    def __init__(self, inner: Sqlite) -> None:
        self.inner = inner
        self._left: int | None = None
        self._depth = 0

    def arm(self, writes: int) -> None:
        """Let the power fail at the write after ``writes`` further ones."""
        self._left = writes

    def disarm(self) -> None:
        """The power stays."""
        self._left = None

    def _tick(self) -> None:
        if self._left is None:
            return
        if self._left == 0:
            self._left = None
            raise CrashError
        self._left -= 1

    @property
    def dialect(self) -> Dialect:
        """As the inner one."""
        return self.inner.dialect

    def reading(self, reader: RowReader) -> AbstractContextManager[None]:
        """As the inner one."""
        return self.inner.reading(reader)

    def engine(self) -> AbstractContextManager[None]:
        """As the inner one."""
        return self.inner.engine()

    def wall(self, walls: Mapping[str, str], further: Sequence[str]) -> None:
        """As the inner one."""
        self.inner.wall(walls, further)

    def rest(self) -> None:
        """As the inner one."""
        self.inner.rest()

    def has_table(self, name: str) -> bool:
        """As the inner one."""
        return self.inner.has_table(name)

    def columns(self, table: str) -> list[str]:
        """As the inner one."""
        return self.inner.columns(table)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As the inner one; a commit can be lost, or be the last thing that happened."""
        self._depth += 1
        try:
            with self.inner.transaction():
                yield
                if self._depth == 1:
                    self._tick()
        finally:
            self._depth -= 1
        if self._depth == 0:
            self._tick()

    def run(self, statement: str, values: Sequence[Value] = ()) -> int:
        """One statement, unless the power fails before it."""
        self._tick()
        return self.inner.run(statement, values)

    def insert(self, statement: str, values: Sequence[Value] = ()) -> int:
        """One INSERT, unless the power fails before it."""
        self._tick()
        return self.inner.insert(statement, values)

    def many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """One statement for each row; the power can fail between two rows."""
        for row in rows:
            self._tick()
            self.inner.run(statement, row)

    def rows(self, statement: str, values: Sequence[Value] = ()) -> list[Row]:
        """A query."""
        return self.inner.rows(statement, values)

    def image(self) -> bytes:
        """Every byte of the database file, also of the rows that are no longer there."""
        return self.inner._connection.serialize()

    def load(self, image: bytes) -> None:
        """Hold what an earlier image held."""
        with sqlite3.connect(":memory:") as source:
            source.deserialize(image)
            source.backup(self.inner._connection)

    def close(self) -> None:
        """Let go of all connections."""
        self.inner.close()
