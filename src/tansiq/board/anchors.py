"""Where the journal says that it was anchored; ``desk.proof`` asks here."""

from tansiq.board.board import Board


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
