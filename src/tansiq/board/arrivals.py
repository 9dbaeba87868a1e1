"""Partners' releases at this node: when they came, who has read them, what was purged.

``desk`` asks here; ``received`` and ``fold`` keep the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.board.board import Board
from tansiq.board.choices import among
from tansiq.board.waits import ARRIVAL, RECALLED
from tansiq.log.database import Row, Value
from tansiq.log.store import in_log

PURGED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Arrived:
    """A partner's release here: when it came, by whom it was read, when it was purged (0 = it was
    not).
    """

    at: int
    read_by: tuple[str, ...]
    read_at: int
    purged_at: int


@dataclass(frozen=True, slots=True)
class Doomed:
    """A partner's release that is to be erased: its record's key, whose it is, who has read it."""

    release: str
    key: str
    owner: str
    read_by: str


def arrived(board: Board, release: str) -> Arrived | None:
    """What is known of one release; None where it never came."""
    return arrived_each(board, [release]).get(release)


def arrived_each(board: Board, releases: Sequence[str]) -> dict[str, Arrived]:
    """What is known of each of these releases; those that never came are left out."""
    rows = board.db.rows(
        f"""SELECT release, at, read_by, read_at, purged_at FROM received
            WHERE {among("release", releases)}""",
        releases,
    )
    return {
        str(release): Arrived(
            int(at or 0), tuple(str(read_by).split()), int(read_at or 0), int(purged_at or 0)
        )
        for release, at, read_by, read_at, purged_at in rows
    }


def purged(board: Board, owner: str) -> set[str]:
    """The releases of ``owner`` that were purged here."""
    rows = board.db.rows("SELECT release FROM received WHERE owner = ? AND purged_at > 0", (owner,))
    return {str(row[0]) for row in rows}


def of_record(board: Board, key: str) -> frozenset[str]:
    """All releases of a partner's record that ever came."""
    rows = board.db.rows("SELECT release FROM received WHERE record = ?", (key,))
    return frozenset(str(row[0]) for row in rows)


def came_under(board: Board, key: str, labels: Sequence[int]) -> bool:
    """Whether a partner's record came under one of these labels, though it may be gone."""
    return bool(
        board.db.rows(
            f"SELECT 1 FROM received WHERE record = ? AND {among('label', labels)}", (key, *labels)
        )
    )


def told(board: Board, key: str) -> list[tuple[int, int, str, int]]:
    """Of each release of a partner's record: when it came and was recalled, why, and when it was
    purged (0 = it was not).
    """
    rows = board.db.rows(
        "SELECT at, recalled_at, recall_reason, purged_at FROM received WHERE record = ?", (key,)
    )
    return [
        (int(at or 0), int(recalled or 0), str(reason), int(purged or 0))
        for at, recalled, reason, purged in rows
    ]


# What is gone -------------------------------------------------------------------------------------


def recalled(board: Board, labels: Sequence[int], limit: int) -> list[Row]:
    """What was recalled of what came under these labels, first what nobody has noted, then the
    newest: release, owner, record's key, when and why it was recalled, when it was purged, who had
    read it, whether it waits to be noted, whom it was shown to.
    """
    return board.db.rows(
        f"""SELECT g.release, g.owner, g.record, g.recalled_at, g.recall_reason, g.purged_at,
              g.read_by, COUNT(w.id), g.shown_to
            FROM received g LEFT JOIN waits w
              ON w.why <> '{ARRIVAL}' AND w.why = '{RECALLED}' AND w.step = g.release
            WHERE g.recalled_at > 0 AND {among("g.label", labels)}
            GROUP BY g.release, g.owner, g.record, g.recalled_at, g.recall_reason, g.purged_at,
              g.read_by, g.shown_to
            ORDER BY CASE WHEN COUNT(w.id) > 0 THEN 0 ELSE 1 END, g.recalled_at DESC, g.release
            LIMIT ?""",
        (*labels, limit),
    )


def recalled_of(board: Board, labels: Sequence[int], keys: Sequence[str]) -> set[str]:
    """Of these records, by key, those of which something came under these labels that was recalled
    or has expired.
    """
    rows = board.db.rows(
        f"""SELECT DISTINCT record FROM received
            WHERE {among("record", keys)} AND {among("label", labels)}
              AND (recalled_at > 0 OR purged_at > 0)""",
        (*keys, *labels),
    )
    return {str(row[0]) for row in rows}


def to_purge(board: Board, party: str = "") -> list[Doomed]:
    """What ``party`` recalled, or anybody, and is still here; some at once."""
    return _doomed(board, "? IN ('', owner) AND recalled_at > 0", party)


def run_out(board: Board, now: int) -> list[Doomed]:
    """What was released to us until ``now`` at most, and is still here."""
    return _doomed(board, "expires > 0 AND expires <= ?", now)


def standing(board: Board, keys: Sequence[str]) -> list[Doomed]:
    """The releases of partners' records, by key, that are here and were not purged."""
    return [one for key in keys for one in _doomed(board, "seq >= 0 AND record = ?", key)]


def _doomed(board: Board, where: str, value: Value) -> list[Doomed]:
    rows = board.db.rows(
        f"""SELECT release, record, owner, read_by FROM received
            WHERE purged_at = 0 AND {where} LIMIT {PURGED_AT_ONCE}""",
        (value,),
    )
    return [Doomed(*map(str, row)) for row in rows]


def entries_of(board: Board, release: str, owner: str) -> list[int]:
    """Which entries of ``owner``'s feed hold the content of a release: its edition, whether it
    stands or not.
    """
    rows = board.db.rows(
        """SELECT seq FROM content WHERE release = ? AND log = ?
           UNION SELECT seq FROM received WHERE release = ? AND owner = ? AND seq >= 0""",
        (release, board.store.id_of(in_log(owner)), release, owner),
    )
    return sorted(int(row[0] or 0) for row in rows)
