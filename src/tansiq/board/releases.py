"""Releases of own records, as the board keeps them: what is prepared, what left, what was undone.

``desk.release`` and ``desk.exchange`` ask here; ``fold`` keeps the table from the journal.
"""

from collections.abc import Sequence
from typing import Final, cast

from tansiq.board.board import Board
from tansiq.domain.parties import PartyCode
from tansiq.log.store import JOURNAL

SENT_AT_ONCE: Final = 500


def exists(board: Board, release: str) -> bool:
    """Whether the release is one that was made here."""
    return bool(board.db.rows("SELECT 1 FROM release WHERE release = ?", (release,)))


def feed_seq(board: Board, release: str) -> int | None:
    """The entry of the feed by which a release left; None where it has not."""
    rows = board.db.rows("SELECT feed_seq FROM release WHERE release = ?", (release,))
    return None if not rows or rows[0][0] is None else int(rows[0][0])


def is_unsent(board: Board, release: str) -> bool:
    """Whether it is prepared, has not left and was not declined."""
    return bool(
        board.db.rows(
            "SELECT 1 FROM release WHERE release = ? AND feed_seq IS NULL AND declined_at = 0",
            (release,),
        )
    )


def unsent(board: Board, party: str, key: str = "") -> list[str]:
    """What is prepared for ``party``, of one record or of all, and has neither left nor been
    declined; in the order of the journal.
    """
    rows = board.db.rows(
        f"""SELECT release FROM release WHERE party = ? AND feed_seq IS NULL AND declined_at = 0
            {"AND record = ?" if key else ""} ORDER BY journal""",
        (party, key) if key else (party,),
    )
    return [str(row[0]) for row in rows]


def held_by(board: Board, key: str, party: str) -> list[str]:
    """The releases of a record that left for ``party`` and were not recalled, in order."""
    rows = board.db.rows(
        """SELECT release FROM release WHERE record = ? AND party = ? AND feed_seq IS NOT NULL
             AND recalled_at = 0 ORDER BY feed_seq""",
        (key, party),
    )
    return [str(row[0]) for row in rows]


def newest_sent(board: Board, key: str, party: str) -> str | None:
    """The newest release of a record that left for ``party``, recalled or not."""
    rows = board.db.rows(
        """SELECT release FROM release WHERE record = ? AND party = ? AND feed_seq IS NOT NULL
           ORDER BY feed_seq DESC LIMIT 1""",
        (key, party),
    )
    return str(rows[0][0]) if rows else None


def sent_count(board: Board, key: str, party: str) -> int:
    """How many releases of a record left for ``party``, recalled or not."""
    rows = board.db.rows(
        "SELECT COUNT(*) FROM release WHERE record = ? AND party = ? AND feed_seq IS NOT NULL",
        (key, party),
    )
    return int(rows[0][0] or 0)


def prepared(board: Board, release: str) -> bytes | None:
    """The entry in which a release was frozen; None where there is none."""
    rows = board.db.rows(
        """SELECT n.data FROM release x JOIN entry n ON n.log = ? AND n.seq = x.journal
           WHERE x.release = ?""",
        (board.store.id_of(JOURNAL), release),
    )
    return cast("bytes", rows[0][0]) if rows else None


def waits(board: Board, release: str) -> bool:
    """Whether a prepared release waits for somebody to approve it."""
    return bool(
        board.db.rows(
            """SELECT 1 FROM release WHERE release = ? AND approvers > 0 AND approved_at = 0
                 AND declined_at = 0 AND feed_seq IS NULL""",
            (release,),
        )
    )


def approvals(board: Board, release: str) -> str:
    """Who has approved a release until now and when, as JSON."""
    rows = board.db.rows("SELECT approvals FROM release WHERE release = ?", (release,))
    return str(rows[0][0]) if rows else "[]"


def preparers(board: Board, party: str) -> list[str]:
    """Who prepared a release that left for ``party``, each as JSON; what went by rule aside."""
    rows = board.db.rows(
        """SELECT DISTINCT prepared_by FROM release
           WHERE party = ? AND automatic = 0 AND feed_seq IS NOT NULL""",
        (party,),
    )
    return [str(row[0]) for row in rows]


def due_at(board: Board, release: str) -> int:
    """From when a prepared release may leave (ms), 0 = at once."""
    rows = board.db.rows("SELECT due FROM release WHERE release = ?", (release,))
    return int(rows[0][0] or 0) if rows else 0


def due(board: Board, now: int) -> list[str]:
    """What may leave by ``now``, in the order in which it was prepared; some at once."""
    rows = board.db.rows(
        f"""SELECT release FROM release WHERE feed_seq IS NULL AND due > 0 AND due <= ?
              AND declined_at = 0 AND (approvers = 0 OR approved_at > 0)
            ORDER BY journal LIMIT {SENT_AT_ONCE}""",
        (now,),
    )
    return [str(row[0]) for row in rows]


def over(board: Board, party: str, span: tuple[int, int], now: int) -> set[str]:
    """The releases in this span of the feed to ``party`` that were recalled or have expired."""
    rows = board.db.rows(
        """SELECT release FROM release
           WHERE party = ? AND feed_seq >= ? AND feed_seq < ?
             AND (recalled_at > 0 OR (expires > 0 AND expires <= ?))""",
        (party, *span, now),
    )
    return {str(row[0]) for row in rows}


def stands(board: Board, release: str, party: str, now: int) -> bool:
    """Whether this release left for ``party``, and neither was taken back nor has ended."""
    return bool(
        board.db.rows(
            """SELECT 1 FROM release WHERE release = ? AND party = ? AND feed_seq IS NOT NULL
                 AND recalled_at = 0 AND purged_at = 0 AND (expires = 0 OR expires > ?)""",
            (release, party, now),
        )
    )


def standing(board: Board, party: str, first: int, now: int) -> list[tuple[str, str]]:
    """The releases to ``party`` from this entry of its feed on that stand, with their record's
    key.
    """
    rows = board.db.rows(
        """SELECT release, record FROM release WHERE party = ? AND feed_seq >= ?
             AND recalled_at = 0 AND purged_at = 0 AND (expires = 0 OR expires > ?)""",
        (party, first, now),
    )
    return [(str(release), str(record)) for release, record in rows]


def newly_delivered(board: Board, party: str, size: int) -> list[str]:
    """The keys of the records of which a release or a recall is delivered by this receipt."""
    rows = board.db.rows(
        """SELECT record FROM release
             WHERE party = ? AND feed_seq < ? AND delivered_at = 0
           UNION SELECT record FROM release WHERE party = ? AND recall_seq < ?
             AND recall_seq IS NOT NULL AND recall_delivered_at = 0""",
        (party, size, party, size),
    )
    return [str(row[0]) for row in rows]


def records_in(board: Board, party: str, first: int, last: int) -> set[str]:
    """The keys of the records that these entries of the feed to ``party`` release."""
    rows = board.db.rows(
        """SELECT DISTINCT record FROM release
           WHERE party = ? AND feed_seq >= ? AND feed_seq <= ?""",
        (party, first, last),
    )
    return {str(row[0]) for row in rows}


def told_to(board: Board, key: str) -> list[PartyCode]:
    """The parties for which a release of a record was ever prepared, by code."""
    rows = board.db.rows(
        "SELECT DISTINCT party FROM release WHERE record = ? ORDER BY party", (key,)
    )
    return [PartyCode(str(row[0])) for row in rows]


def of_record(board: Board, key: str) -> frozenset[str]:
    """All releases that were ever prepared of an own record."""
    rows = board.db.rows("SELECT release FROM release WHERE record = ?", (key,))
    return frozenset(str(row[0]) for row in rows)


def told(board: Board, key: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """What became of each release of a record, as texts by these columns, in order."""
    rows = board.db.rows(
        f"SELECT {', '.join(columns)} FROM release WHERE record = ? ORDER BY journal", (key,)
    )
    return [
        {name: str(value or "") for name, value in zip(columns, row, strict=True)} for row in rows
    ]
