"""Partners' releases at this node: when they came, who has read them, what was purged.

``desk`` asks here; ``received`` and ``fold`` keep the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.board.board import Board
from tansiq.board.queries import among


@dataclass(frozen=True, slots=True)
class Arrived:
    """A partner's release here: when it came, by whom it was read, when it was purged (0 = it was
    not).
    """

    at: int
    read_by: tuple[str, ...]
    purged_at: int


def arrived(board: Board, release: str) -> Arrived | None:
    """What is known of one release; None where it never came."""
    rows = board.db.rows(
        "SELECT at, read_by, purged_at FROM received WHERE release = ?", (release,)
    )
    if not rows:
        return None
    at, read_by, purged_at = rows[0]
    return Arrived(int(at or 0), tuple(str(read_by).split()), int(purged_at or 0))


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
