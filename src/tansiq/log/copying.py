"""The logs of one database copied into another, of whichever kinds the two are.

Rows travel in the order of their keys, a few at a time, so that memory does not grow with the size.
The caller holds one moment of the source and a transaction of the target.
"""

from collections.abc import Iterator
from typing import Final

from tansiq.log.database import Database, Row
from tansiq.log.store import LogStore

ROWS: Final = 256  # of the largest entries, 64 MiB
_ENTRY: Final = ("log", "seq", "leaf", "data")
_NOTE: Final = ("log", "size", "signer", "root", "text")


def copy_logs(source: Database, target: Database) -> None:
    """Copy every log with its entries and notes; ``target`` has none yet."""
    LogStore(target)  # makes the tables
    numbers = {
        number: target.insert("INSERT INTO log (name, frontier) VALUES (?, ?)", (name, frontier))
        for page in _pages(source, "log", ("id", "name", "frontier"), 1)
        for number, name, frontier in page
    }

    def renumbered(row: Row) -> Row:
        return (numbers[row[0]], *row[1:])

    for table, columns, keys in (("entry", _ENTRY, 2), ("note", _NOTE, 3)):
        pages = _pages(source, table, columns, keys)
        _insert(target, table, columns, (list(map(renumbered, page)) for page in pages))


def copy_table(source: Database, target: Database, table: str, keys: int) -> None:
    """Copy a table whose first ``keys`` columns tell its rows apart; none where the source, being
    older, has no such table. ``target`` has an empty one.
    """
    known = source.columns(table)
    columns = tuple(column for column in target.columns(table) if column in known)
    if columns:
        _insert(target, table, columns, _pages(source, table, columns, keys))


def _pages(
    source: Database, table: str, columns: tuple[str, ...], keys: int
) -> Iterator[list[Row]]:
    key = ", ".join(columns[:keys])
    marks = ", ".join("?" * keys)
    chosen = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - names of ours
    ordered = f"ORDER BY {key} LIMIT {ROWS}"
    page = source.rows(f"{chosen} {ordered}")
    while page:
        yield page
        page = source.rows(f"{chosen} WHERE ({key}) > ({marks}) {ordered}", page[-1][:keys])


def _insert(
    target: Database, table: str, columns: tuple[str, ...], pages: Iterator[list[Row]]
) -> None:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    for page in pages:
        target.many(statement, page)
