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


def has_bytes(board: Board, key: str) -> bool:
    """Whether any bytes of an own file are here."""
    return bool(
        board.db.rows("SELECT 1 FROM chunk WHERE record = ? AND release = '' LIMIT 1", (key,))
    )


def editions(board: Board, key: str) -> list[tuple[int, bytes, bytes]]:
    """All editions of an own record, oldest first: the journal's number, hash and bytes of each."""
    rows = board.db.rows(
        """SELECT n.seq, n.leaf, n.data FROM record r JOIN edition h ON h.record = r.id
             JOIN entry n ON n.log = h.log AND n.seq = h.seq
           WHERE r.record = ? AND h.received IS NULL AND n.data IS NOT NULL ORDER BY h.seq""",
        (key,),
    )
    return [(int(seq or 0), cast("bytes", leaf), cast("bytes", data)) for seq, leaf, data in rows]


def records_in(board: Board, log: str, first: int, last: int) -> set[str]:
    """The keys of the records of which these entries of a log are editions."""
    rows = board.db.rows(
        """SELECT DISTINCT r.record FROM edition e JOIN record r ON r.id = e.record
           WHERE e.log = ? AND e.seq >= ? AND e.seq <= ?""",
        (board.store.id_of(log), first, last),
    )
    return {str(row[0]) for row in rows}


def newest(board: Board, key: str) -> bytes | None:
    """The newest edition of an own record; None where there is none."""
    rows = board.db.rows(
        """SELECT n.data FROM record r JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE r.record = ? AND r.received IS NULL""",
        (key,),
    )
    return cast("bytes", rows[0][0]) if rows else None


def chunks(board: Board, key: str) -> list[bytes]:
    """The parts of a file, of whomever it is, in order, as far as they are here."""
    rows = board.db.rows(
        """SELECT n.data FROM chunk c JOIN record r ON r.record = c.record
               AND c.release = COALESCE(r.received, '')
             JOIN entry n ON n.log = c.log AND n.seq = c.seq
           WHERE c.record = ? AND n.data IS NOT NULL ORDER BY c.n""",
        (key,),
    )
    return [cast("bytes", row[0]) for row in rows]
