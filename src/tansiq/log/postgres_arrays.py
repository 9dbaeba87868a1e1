"""Columns of many rows as PostgreSQL's binary arrays: one value of one statement for each column.

Packed here and not by the driver, which looks at every value three times and takes the narrowest
type that the first batch fits into.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from psycopg import pq
from psycopg.adapt import AdaptersMap, Dumper

_NULL: Final = b"\xff\xff\xff\xff"
_LENGTH: Final = struct.Struct("!i")
_INTEGER: Final = struct.Struct("!iq")


class Column:
    """The values of one column, in the order of the rows."""

    element: ClassVar[int]  # the type's number in every PostgreSQL
    array: ClassVar[int]

    def __init__(self, values: Sequence[object]) -> None:
        self.values = values

    def packed(self) -> bytes:
        """The whole array as the server reads it."""
        null = int(None in self.values)
        head = struct.pack("!iiIii", 1, null, self.element, len(self.values), 1)
        return head + b"".join(self._items())

    def _items(self) -> Iterable[bytes]:
        for value in self.values:
            if value is None:
                yield _NULL
            else:
                data = value if isinstance(value, bytes) else str(value).encode()
                yield _LENGTH.pack(len(data))
                yield data


class Integers(Column):
    """A column of whole numbers."""

    element, array = 20, 1016

    def _items(self) -> Iterable[bytes]:
        for value in self.values:
            yield _NULL if value is None else _INTEGER.pack(8, value)


class Texts(Column):
    """A column of texts."""

    element, array = 25, 1009


class Bytes(Column):
    """A column of bytes."""

    element, array = 17, 1001


COLUMNS: Final = {"bigint": Integers, "text": Texts, "bytea": Bytes}


class _ColumnDumper(Dumper):
    format = pq.Format.BINARY

    def dump(self, obj: Column) -> bytes:
        return obj.packed()


def register(adapters: AdaptersMap) -> None:
    """Let a connection take columns as values."""
    for column in COLUMNS.values():
        dumper = type(f"{column.__name__}Dumper", (_ColumnDumper,), {"oid": column.array})
        adapters.register_dumper(column, dumper)
