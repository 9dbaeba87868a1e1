"""What a node keeps of itself that no log tells: its clock, a restore, links, parcels that wait,
forms that were saved.

Not folded and not truth: where it is lost, partners send again and say again. ``desk`` asks for it
through the functions here, in ``link_state`` and in ``sent_forms``.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.board.board import Board
from tansiq.log.database import Database

# Parcels that wait behind a gap (the partner sends them again), when a link was last used and what
# the partner said of its position and of files that it lacks (``now``: in its last parcel), up to
# where our feed to it has been hastened, when the clock was last believed, and that a node was
# restored.
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS waiting (
        party TEXT NOT NULL, start INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (party, start))""",
    """CREATE TABLE IF NOT EXISTS link_state (
        party TEXT PRIMARY KEY, contact_at INTEGER NOT NULL, tried_at INTEGER NOT NULL,
        failure TEXT NOT NULL, parcels INTEGER NOT NULL, have INTEGER, need INTEGER,
        ask TEXT NOT NULL DEFAULT '', heard TEXT NOT NULL DEFAULT '',
        level TEXT NOT NULL DEFAULT '', heard_in INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS asked_file (
        party TEXT NOT NULL, release TEXT NOT NULL, have INTEGER NOT NULL, now INTEGER NOT NULL,
        PRIMARY KEY (party, release))""",
    """CREATE TABLE IF NOT EXISTS hastened (party TEXT PRIMARY KEY, size INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS clock_state (seen INTEGER NOT NULL, held INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS restoration (
        word TEXT NOT NULL, at INTEGER NOT NULL, backup_at INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS sent_form (
        token TEXT PRIMARY KEY, digest TEXT NOT NULL, answer TEXT NOT NULL,
        made INTEGER NOT NULL)""",
)
# Each of them, and how many of its first columns tell its rows apart.
KEYS: Final = {
    "waiting": 2, "link_state": 1, "asked_file": 2, "hastened": 1, "clock_state": 2,
    "restoration": 1, "sent_form": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Restore:
    """The node was restored at ``at`` from a backup of ``backup_at``; ``word`` is what partners
    are to repeat since.
    """

    word: str
    at: int
    backup_at: int


def create(database: Database) -> None:
    """Make the tables where they are not there yet."""
    with database.transaction():
        for table in TABLES:
            database.run(table)


def hastened(board: Board, party: str) -> int:
    """Up to which entry the feed to ``party`` has been put into the order of haste."""
    rows = board.db.rows("SELECT size FROM hastened WHERE party = ?", (party,))
    return int(rows[0][0] or 0) if rows else 0


def set_hastened(board: Board, party: str, size: int) -> None:
    """Remember what ``hastened`` gives. Call it inside a transaction."""
    board.db.run(
        """INSERT INTO hastened (party, size) VALUES (?, ?)
           ON CONFLICT (party) DO UPDATE SET size = excluded.size""",
        (party, size),
    )


def clock(board: Board) -> tuple[int, int] | None:
    """When the clock was last believed, and when it jumped away from there (0 = it did not)."""
    rows = board.db.rows("SELECT seen, held FROM clock_state")
    return (int(rows[0][0] or 0), int(rows[0][1] or 0)) if rows else None


def set_clock(board: Board, seen: int, held: int) -> None:
    """Remember what ``clock`` gives. Call it inside a transaction."""
    board.db.run("DELETE FROM clock_state")
    board.db.run("INSERT INTO clock_state (seen, held) VALUES (?, ?)", (seen, held))


def restored(board: Board) -> Restore | None:
    """The restore from which this node has not caught up yet."""
    rows = board.db.rows("SELECT word, at, backup_at FROM restoration")
    return Restore(str(rows[0][0]), int(rows[0][1] or 0), int(rows[0][2] or 0)) if rows else None


def mark_restored(board: Board, found: Restore) -> None:
    """Remember a restore in place of an earlier one. Call it inside a transaction."""
    caught_up(board)
    board.db.run(
        "INSERT INTO restoration (word, at, backup_at) VALUES (?, ?, ?)",
        (found.word, found.at, found.backup_at),
    )


def caught_up(board: Board) -> None:
    """Forget the restore: nothing is lacking any more."""
    board.db.run("DELETE FROM restoration")
