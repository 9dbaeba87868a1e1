"""Releases beside their records, as far as a viewer may see these: what the holdings page lists.

``desk.records.read`` asks here. The release filter stands inside each question, so that a limit
counts only what the viewer may see.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from tansiq.board.board import Board
from tansiq.board.queries import release_filter
from tansiq.domain.parties import Viewer
from tansiq.log.database import Value

AT_ONCE: Final = 200  # of what waits
NAMES: Final = (
    "release", "record", "party", "rule", "automatic", "approvers", "prepared_by", "prepared_at",
    "approvals", "approved_at", "declined_at", "due", "feed_seq", "released_at", "delivered_at",
    "read_at", "read_by", "superseded_at", "recalled_at", "recall_reason", "recall_delivered_at",
    "purged_at", "purged_read_by", "expires", "edition", "journal", "held", "held_at",
)  # fmt: skip
Found: TypeAlias = dict[str, Value]
_RELEASE: Final = f"""SELECT {", ".join(f"x.{name}" for name in NAMES)} FROM release x
    JOIN record r ON r.record = x.record"""


def of_record(board: Board, viewer: Viewer, now: int, key: str) -> list[Found]:
    """The releases of one record, oldest first."""
    return found(board, viewer, now, "x.record = ? ORDER BY x.journal", (key,))


def left(
    board: Board, viewer: Viewer, now: int, *, party: str, after: str, limit: int
) -> list[Found]:
    """Those that left, to ``party`` or with "" to anybody, newest first, going on after the release
    ``after``. One that the viewer may not see is one that is not there: the list begins at the top.
    """
    parts, values = ["x.feed_seq IS NOT NULL", "r.kind != 'attachment'"], list[Value]()
    if party:
        parts.append("x.party = ?")
        values.append(party)
    for last in found(board, viewer, now, "x.release = ?", (after,)):
        parts.append("x.journal < ?")
        values.append(last["journal"])
    where = f"{' AND '.join(parts)} ORDER BY x.journal DESC LIMIT ?"
    return found(board, viewer, now, where, (*values, limit))


def unsigned(board: Board, viewer: Viewer, now: int, party: str, size: int) -> list[Found]:
    """Those to ``party`` from the entry ``size`` of its feed on, in order."""
    where = f"x.party = ? AND x.feed_seq >= ? ORDER BY x.journal LIMIT {AT_ONCE}"
    return found(board, viewer, now, where, (party, size))


def left_count(board: Board, viewer: Viewer, now: int, party: str, most: int) -> int:
    """How many ``left`` lists of one party, counted no further than one past ``most``."""
    seen, mine = release_filter(board, viewer, now)
    rows = board.db.rows(
        f"""SELECT COUNT(*) FROM (SELECT 1 FROM release x JOIN record r ON r.record = x.record
              WHERE {seen} AND x.party = ? AND x.feed_seq IS NOT NULL
                AND r.kind != 'attachment' LIMIT ?) AS few""",
        (*mine, party, most + 1),
    )
    return int(rows[0][0] or 0)


def found(
    board: Board, viewer: Viewer, now: int, where: str, values: Sequence[Value]
) -> list[Found]:
    """Those of which this condition over ``x`` holds, what the viewer may not see left out."""
    seen, mine = release_filter(board, viewer, now)
    rows = board.db.rows(f"{_RELEASE} WHERE {seen} AND {where}", (*mine, *values))
    return [dict(zip(NAMES, row, strict=True)) for row in rows]
