"""Which entries of our feeds came back from partners after this node went back to an older state.

``desk.exchange.recovery`` asks here; ``rollback`` folds the journal into these tables.
"""

from tansiq.board.board import Board


def came_back(board: Board, party: str, seq: int) -> bool:
    """Whether an entry of the feed to ``party`` came back from it."""
    return bool(
        board.db.rows(
            "SELECT 1 FROM recovered WHERE party = ? AND first <= ? AND ? < size", (party, seq, seq)
        )
    )


def any_of(board: Board, party: str) -> bool:
    """Whether any entry ever came back from ``party``."""
    return bool(board.db.rows("SELECT 1 FROM recovered WHERE party = ? LIMIT 1", (party,)))


def size(board: Board, party: str) -> int:
    """How far the feed to ``party`` came back; 0 where nothing ever did."""
    return int(
        board.db.rows("SELECT MAX(size) FROM recovered WHERE party = ?", (party,))[0][0] or 0
    )


def bare(board: Board, party: str) -> list[int]:
    """The entries of the feed to ``party`` of which it holds the hash alone, in order."""
    rows = board.db.rows("SELECT seq FROM bare WHERE party = ? ORDER BY seq", (party,))
    return [int(row[0] or 0) for row in rows]
