"""Where the journal says that it was anchored; ``desk.proof`` asks here."""

from collections.abc import Callable
from typing import Final

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import item_at, text_of


def newest_at(board: Board) -> int:
    """The moment of the newest anchor; -1 where there is none."""
    return int(board.db.rows("SELECT COALESCE(MAX(at), -1) FROM anchor")[0][0] or 0)


def newest(board: Board) -> int | None:
    """The journal's entry that holds the newest anchor."""
    rows = board.db.rows("SELECT journal FROM anchor ORDER BY at DESC LIMIT 1")
    return int(rows[0][0] or 0) if rows else None


def before(board: Board, seq: int, most: int) -> list[int]:
    """The journal's entries that hold anchors before its entry ``seq``, the newest first."""
    rows = board.db.rows(
        "SELECT journal FROM anchor WHERE journal < ? ORDER BY at DESC LIMIT ?", (seq, most)
    )
    return [int(row[0] or 0) for row in rows]


def _anchored(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO anchor (at, journal, commitment) VALUES (?, ?, ?)",
        (item_at(item), seq, text_of(item, "commitment")),
    )


JOURNAL_ANCHORS: Final[dict[str, Callable[[Board, int, Item], None]]] = {"anchored": _anchored}
