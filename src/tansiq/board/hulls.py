"""Where and when records take up room, as the tables know it: their hulls, cells and days.

Folding calls ``keep`` and ``drop``. The check of planned activities asks ``near`` for those that
may meet one, and compares them whole (``domain.operations.volumes``): what stands here leaves
nobody out, and says of nobody that they meet. The shapes themselves stand in the log alone.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tansiq.board.board import Board
from tansiq.board.views import rows_of, sealed
from tansiq.domain.operations.cells import (
    COLUMNS,
    LEVEL,
    LONG,
    Entry,
    bands,
    box_around,
    days_of,
    level_of,
)
from tansiq.domain.operations.sphere import RADIUS_METRES, angle, vector
from tansiq.domain.records import RecordView
from tansiq.log.database import Row, Value
from tansiq.policy.seal import Sealed

if TYPE_CHECKING:
    from tansiq.board.current_rows import CurrentRow

CELLS_MAX: Final = 128  # of one level that are asked for one by one


def keep(board: Board, rows: Sequence[tuple["CurrentRow", int]], *, new: bool) -> None:
    """Let records of these numbers take up what their newest editions say, where their states say
    that they do.
    """
    rows = [(one, number) for one, number in rows if one.kind.occupies]
    if not rows:
        return
    if not new:
        drop(board, [number for _, number in rows])
    there = [
        (number, *one.derived.hull)
        for one, number in rows
        if one.derived.hull is not None and one.state in one.kind.occupies
    ]
    board.db.many(
        "INSERT INTO hull (number, lat, lon, reach) VALUES (?, ?, ?, ?)",
        [(number, *circle) for number, _, _, *circle in there],
    )
    board.db.many(
        "INSERT INTO cell (cell, day, begins, until, number) VALUES (?, ?, ?, ?, ?)",
        [(cell, day, *hull[:2], number) for number, *hull in there for cell, day in _cells(*hull)],
    )


def _cells(begins: int, until: int, lat: int, lon: int, reach: int) -> Iterator[tuple[int, int]]:
    """The cells and days in which a hull stands."""
    box = box_around(vector((lat, lon)), reach / RADIUS_METRES)
    for band in bands(box, level_of(box)):
        for cell in range(band.first, band.last + 1):
            yield from ((cell, day) for day in days_of(begins, until) or (LONG,))


def drop(board: Board, numbers: Sequence[int]) -> None:
    """Let these records take up nothing."""
    rows = [(number,) for number in numbers]
    board.db.many("DELETE FROM cell WHERE number = ?", rows)
    board.db.many("DELETE FROM hull WHERE number = ?", rows)


def near(
    board: Board, one: Entry[None], since: int, where: tuple[str, Sequence[Value]]
) -> list[int]:
    """The numbers of the records whose hulls meet that of one after ``since`` (ms), in their order;
    ``where`` is a condition on ``r``, a row of ``record``.
    """
    condition, values = where
    chosen, marks = _chosen(board, one)
    rows = board.db.rows(
        # CROSS JOIN: SQLite begins with the few cells, and not with all records of a kind.
        f"""SELECT h.number, h.lat, h.lon, h.reach
            FROM cell c CROSS JOIN hull h CROSS JOIN record r
            WHERE {chosen} AND c.begins < ? AND c.until > ? AND h.number = c.number
              AND r.id = c.number AND {condition}""",
        (*marks, one.until, max(one.begins, since), *values),
    )
    return sorted({int(str(row[0])) for row in set(rows) if _reaches(one, row)})


def _chosen(board: Board, one: Entry[None]) -> tuple[str, list[Value]]:
    """Which cells and days are looked into: of a level of which very many are asked, all."""
    box = box_around(one.centre, one.reach)
    numbers: list[int] = []
    whole: list[int] = []
    for level in range(len(COLUMNS)):
        asked = bands(box, level)
        if len(asked) > CELLS_MAX or sum(b.last - b.first + 1 for b in asked) > CELLS_MAX:
            whole.append(level)
        else:
            for first, last in asked:
                numbers += range(first, last + 1)
    chosen, marks = board.db.dialect.keyed("c.cell", numbers)
    for level in whole:
        chosen += f" OR c.cell BETWEEN {level * LEVEL} AND {(level + 1) * LEVEL - 1}"
    days = days_of(one.begins, one.until)
    if days is None:
        return f"({chosen})", list(marks)
    listed = ",".join(map(str, (LONG, *days)))
    return f"({chosen}) AND c.day IN ({listed})", list(marks)


def _reaches(one: Entry[None], row: Row) -> bool:
    _, lat, lon, reach = (int(str(value)) for value in row)
    return angle(one.centre, vector((lat, lon))) <= one.reach + reach / RADIUS_METRES


def views(
    board: Board, one: Entry[None], since: int, where: tuple[str, Sequence[Value]]
) -> list[Sealed[RecordView]]:
    """As :func:`near`, the records as they stand."""
    rows = rows_of(board.db, near(board, one, since, where))
    found = (sealed(row[1:]) for row in rows.values())
    return [one for one in found if one is not None]
