"""Partners' releases at this node: when they came, who has read them, what was purged.

``desk`` asks here; ``received`` and ``fold`` keep the table.
"""

from dataclasses import dataclass

from tansiq.board.board import Board


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
