"""Releases beside their records, as far as a viewer may see these: what the holdings page lists.

``desk.records.read`` asks here. The release filter stands inside each question, so that a limit
counts only what the viewer may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from tansiq.board.board import Board
from tansiq.board.queries import release_filter
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.parties import Viewer
from tansiq.log.database import Value

AT_ONCE: Final = 200  # of what waits
NAMES: Final = (
    "release", "record", "party", "rule", "automatic", "approvers", "prepared_by", "prepared_at",
    "approvals", "approved_at", "declined_at", "due", "feed_seq", "released_at", "delivered_at",
    "read_at", "read_by", "superseded_at", "recalled_at", "recall_reason", "recall_delivered_at",
    "purged_at", "purged_read_by", "purged_shown", "purged_shown_to", "expires", "edition",
    "journal", "held", "held_at", "files",
)  # fmt: skip
_NO_FILE: Final = f"r.kind != '{ATTACHMENT.name}'"
Found: TypeAlias = dict[str, Value]
_RELEASE: Final = f"""SELECT {", ".join(f"x.{name}" for name in NAMES)} FROM release x
    JOIN record r ON r.record = x.record"""


def of_record(board: Board, viewer: Viewer, now: int, key: str) -> list[Found]:
    """The releases of one record, oldest first."""
    return found(board, viewer, now, "x.record = ? ORDER BY x.journal", (key,))


class Stand(StrEnum):
    """Whether the partner holds what left, in the order in which the first that is so counts."""

    PURGED = "purged"  # it says that it erased it
    RECALLED = "recalled"  # it was asked to erase it and has not said that it did
    REPLACED = "replaced"  # it got a newer edition
    EXPIRED = "expired"
    WAITS = "waits"  # it has not signed for it yet
    HOLDS = "holds"


# The moment now stands once in it.
_STAND: Final = f"""CASE WHEN x.purged_at > 0 THEN '{Stand.PURGED}'
    WHEN x.recalled_at > 0 THEN '{Stand.RECALLED}'
    WHEN x.superseded_at > 0 THEN '{Stand.REPLACED}'
    WHEN x.expires > 0 AND x.expires <= ? THEN '{Stand.EXPIRED}'
    WHEN x.delivered_at = 0 THEN '{Stand.WAITS}' ELSE '{Stand.HOLDS}' END"""
_NEWEST: Final = """NOT EXISTS (SELECT 1 FROM release y WHERE y.record = x.record
    AND y.party = x.party AND y.feed_seq > x.feed_seq)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What left: to ``party``, "" = to anybody, and how it stands there, None = in whatever way.
    ``newest`` takes of each record that a party got the newest release alone.
    """

    party: str = ""
    stand: Stand | None = None
    newest: bool = False

    def where(self, now: int) -> tuple[str, list[Value]]:
        """As a condition on ``x``, a release, and ``r``, its record. A file goes with its record
        and is no row.
        """
        parts, values = ["x.feed_seq IS NOT NULL", _NO_FILE], list[Value]()
        if self.newest:
            parts.append(_NEWEST)
        if self.party:
            parts.append("x.party = ?")
            values.append(self.party)
        if self.stand is not None:
            parts.append(f"{_STAND} = ?")
            values += [now, self.stand.value]
        return " AND ".join(parts), values


ALL: Final = Left()


def left(
    board: Board, viewer: Viewer, now: int, wanted: Left, *, after: str, limit: int
) -> list[Found]:
    """Those that left, newest first, going on after the release ``after``. One that the viewer may
    not see is one that is not there: the list begins at the top.
    """
    where, values = wanted.where(now)
    for last in found(board, viewer, now, "x.release = ?", (after,)):
        where += " AND x.journal < ?"
        values.append(last["journal"])
    return found(board, viewer, now, f"{where} ORDER BY x.journal DESC LIMIT ?", (*values, limit))


def first_left(board: Board, viewer: Viewer, now: int, wanted: Left) -> int:
    """When the first of what ``left`` lists left, in milliseconds; 0 where nothing did."""
    where, values = wanted.where(now)
    first = found(board, viewer, now, f"{where} ORDER BY x.journal LIMIT 1", values)
    return int(str(first[0]["released_at"])) if first else 0


def unsigned(board: Board, viewer: Viewer, now: int, party: str, size: int) -> list[Found]:
    """Those to ``party`` from the entry ``size`` of its feed on, in order."""
    where = f"{_NO_FILE} AND x.party = ? AND x.feed_seq >= ? ORDER BY x.journal LIMIT {AT_ONCE}"
    return found(board, viewer, now, where, (party, size))


def left_count(board: Board, viewer: Viewer, now: int, wanted: Left, most: int) -> int:
    """How many ``left`` lists, counted no further than one past ``most``."""
    seen, mine = release_filter(board, viewer, now)
    where, values = wanted.where(now)
    rows = board.db.rows(
        f"""SELECT COUNT(*) FROM (SELECT 1 FROM release x JOIN record r ON r.record = x.record
              WHERE {seen} AND {where} LIMIT ?) AS few""",
        (*mine, *values, most + 1),
    )
    return int(rows[0][0] or 0)


def left_stands(board: Board, viewer: Viewer, now: int, wanted: Left, most: int) -> dict[str, int]:
    """How many of ``left`` stand in each way, all together no further than one past ``most``."""
    seen, mine = release_filter(board, viewer, now)
    where, values = wanted.where(now)
    rows = board.db.rows(
        f"""SELECT few.stand, COUNT(*) FROM (
              SELECT {_STAND} AS stand FROM release x JOIN record r ON r.record = x.record
              WHERE {seen} AND {where} LIMIT ?) AS few GROUP BY few.stand""",
        (now, *mine, *values, most + 1),
    )
    return {str(stand): int(str(number)) for stand, number in rows}


def found(
    board: Board, viewer: Viewer, now: int, where: str, values: Sequence[Value]
) -> list[Found]:
    """Those of which this condition over ``x`` holds, what the viewer may not see left out."""
    seen, mine = release_filter(board, viewer, now)
    rows = board.db.rows(f"{_RELEASE} WHERE {seen} AND {where}", (*mine, *values))
    return [dict(zip(NAMES, row, strict=True)) for row in rows]
