"""What a partner was told of an own record until now: what may follow depends on it."""

from collections.abc import Sequence
from typing import Final

from tansiq.board.board import Board, key_of
from tansiq.board.rows import in_parts
from tansiq.log.database import Row
from tansiq.log.store import JOURNAL, in_log

RELEASES_MAX: Final = 64  # of one record to one party that are looked at, newest first


def releases_to(board: Board, party: str, record: str) -> list[Row]:
    """The releases of an own record that left for ``party``, newest first: when they were recalled,
    erased and ended (0 = not), and what was frozen of each.
    """
    return board.db.rows(
        """SELECT x.recalled_at, x.purged_at, x.expires, n.data FROM release x
             JOIN entry n ON n.log = ? AND n.seq = x.journal
           WHERE x.record = ? AND x.party = ? AND x.feed_seq IS NOT NULL
           ORDER BY x.feed_seq DESC LIMIT ?""",
        (board.store.id_of(JOURNAL), key_of(board.me, record), party, RELEASES_MAX),
    )


def ended(board: Board, party: str, record: str) -> bool:
    """Whether a recall, or word that it was erased, ever ended what ``party`` was told of it."""
    rows = board.db.rows(
        "SELECT 1 FROM ending WHERE record = ? AND party = ?", (key_of(board.me, record), party)
    )
    return bool(rows)


def end(board: Board, party: str, record: str) -> None:
    """Note that what ``party`` was told of an own record has ended. Called while folding."""
    board.db.run(
        "INSERT INTO ending (record, party) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (key_of(board.me, record), party),
    )


def end_of_release(board: Board, release: str) -> None:
    """The same for the record and the party of a release."""
    board.db.run(
        """INSERT INTO ending (record, party)
           SELECT record, party FROM release WHERE release = ? ON CONFLICT DO NOTHING""",
        (release,),
    )


def standing_among(board: Board, party: str, records: Sequence[str], now: int) -> set[str]:
    """Of own records, those of which ``party`` holds a release at ``now``."""
    keys = {key_of(board.me, record): record for record in records}
    found: set[str] = set()
    for marks, part in in_parts(keys):
        rows = board.db.rows(
            f"""SELECT DISTINCT record FROM release WHERE record IN ({marks}) AND party = ?
                  AND feed_seq IS NOT NULL AND recalled_at = 0 AND purged_at = 0
                  AND (expires = 0 OR expires > ?)""",
            (*part, party, now),
        )
        found.update(keys[str(row[0])] for row in rows)
    return found


def edition_data(board: Board, record: str, number: int) -> bytes | None:
    """The journal's entry of an own edition, by its number from 1."""
    rows = board.db.rows(
        """SELECT n.data FROM record r JOIN edition h ON h.record = r.id
             JOIN entry n ON n.log = h.log AND n.seq = h.seq
           WHERE r.record = ? AND h.received IS NULL ORDER BY h.seq LIMIT 1 OFFSET ?""",
        (key_of(board.me, record), number - 1),
    )
    data = rows[0][0] if rows else None
    return data if isinstance(data, bytes) else None


def partners_data(board: Board, party: str, record: str) -> bytes | None:
    """The entry of ``party``'s record as it stands here."""
    rows = board.db.rows(
        """SELECT n.data FROM record r JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE r.record = ? AND n.log = ?""",
        (f"{party}/{record}", board.store.id_of(in_log(party))),
    )
    data = rows[0][0] if rows else None
    return data if isinstance(data, bytes) else None
