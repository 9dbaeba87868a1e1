"""Where the editions and files of records stand in the logs: their bytes, by record.

``desk`` reads an own record whole here, in order to decide on it; what leaves goes through the
release door. The board itself keeps no content.
"""

from typing import cast

from tansiq.board.board import Board


def newest_leaf(board: Board, key: str) -> bytes:
    """The hash of a record's newest edition, which the next one names."""
    rows = board.db.rows(
        """SELECT n.leaf FROM record r JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE r.record = ?""",
        (key,),
    )
    return cast("bytes", rows[0][0])


def has_chunk(board: Board, key: str, number: int) -> bool:
    """Whether this part of an own file is in the journal."""
    return bool(
        board.db.rows(
            "SELECT 1 FROM chunk WHERE record = ? AND release = '' AND n = ?", (key, number)
        )
    )
