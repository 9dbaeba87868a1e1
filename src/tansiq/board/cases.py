"""Cases on the board: where the lanes of a root stand, and what they wait for.

``lanes`` has what this node holds of each, ``case_folds`` keeps it. Where a lane stands is never
kept as truth: ``restaging`` folds it anew and lets the root's row say it, so that lists, counts and
boards by stage need nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tansiq.board import circles, lanes, outward, stages
from tansiq.board.board import Board
from tansiq.board.choices import LANES
from tansiq.board.lanes import declaration_of
from tansiq.board.restaging import Shown, show, stage_of
from tansiq.board.rows import in_parts
from tansiq.domain.cases import FOLLOWS_STEPS, Declaration, Shape, stands
from tansiq.domain.parties import PartyCode


def answered(board: Board, roots: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Of own roots with several lanes, how many are done, and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    for marks, part in in_parts(roots):
        rows = board.db.rows(
            f"SELECT root, done, asked FROM answered WHERE root IN ({marks})", part
        )
        found |= {str(root): (int(str(done)), int(str(asked))) for root, done, asked in rows}
    return found


def asked_each(board: Board, roots: Iterable[str]) -> dict[str, list[str]]:
    """The seats that each of these roots asks still, as ``PARTY/position``, one for each lane."""
    found: dict[str, list[str]] = {}
    for marks, part in in_parts(roots):
        rows = board.db.rows(
            f"""SELECT o.root, MIN(o.seat) FROM opening o WHERE o.root IN ({marks}) AND {LANES}
                GROUP BY o.root, o.lane ORDER BY o.root, MIN(o.seat)""",
            part,
        )
        for root, seat in rows:
            found.setdefault(str(root), []).append(str(seat))
    return found


def seat_of(board: Board, root: str, lane: str) -> str:
    """Whom a lane of a root asks, as ``PARTY/position``; empty where there is no such lane."""
    rows = board.db.rows(
        "SELECT seat FROM opening WHERE root = ? AND lane = ? LIMIT 1", (root, lane)
    )
    return str(rows[0][0]) if rows else ""


def keep_stages_anew(board: Board, root: str, at: int) -> None:
    """Note anew since when the case of a root stands where, from the entries that are left: one of
    its editions was withdrawn ``at`` a moment, and a fold from the logs alone no longer finds what
    that opened. What its owner said of one that we follow was said with an edition.
    """
    declared = declaration_of(board, root)
    if declared is None or not declared.stages:
        return
    stages.forget(board, root)
    if outward.heard(board, root) is not None and declared.coarse:
        stages.keep(board, {root: [(0, declared.outward[0])]})
        show(board, [Shown(root, declared, [(at, declared.stages[0])])])
    elif declared.shape is Shape.CIRCLE:
        stages.keep(board, {root: circles.stages(board, root, declared)})
    else:
        stages.keep(board, {root: _stages_of_lanes(board, root, declared)})
    stages.begin(board, root)


def _stages_of_lanes(board: Board, root: str, declared: Declaration) -> list[tuple[int, str]]:
    held = lanes.of_root(board, root)
    found = []
    for at in sorted({one.at for lane in held for one in lane.accepted}):
        known = [(lane, [one for one in lane.accepted if one.at <= at]) for lane in held]
        standing = [
            stands(declared, replace(lane.lane, entries=tuple(one.entry for one in entries)))
            for lane, entries in known
            if entries
        ]
        found.append((at, stage_of(declared, standing)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Falling:
    """A clock that ends an own lane and falls due ``at`` a moment (ms), for the entry ``start``."""

    root: str
    lane: str
    clock: str
    start: str
    at: int


def falling(board: Board, until: int, after: Falling | None, limit: int) -> list[Falling]:
    """The clocks by which own lanes end until then, earliest first, those behind ``after``."""
    rows = board.db.rows(
        """SELECT root, lane, clock, start, at FROM lane_due
           WHERE at <= ? AND (at, root, lane, clock) > (?, ?, ?, ?)
           ORDER BY at, root, lane, clock LIMIT ?""",
        (
            until,
            *((after.at, after.root, after.lane, after.clock) if after else (-1, "", "", "")),
            limit,
        ),
    )
    return [
        Falling(root=str(r[0]), lane=str(r[1]), clock=str(r[2]), start=str(r[3]), at=int(str(r[4])))
        for r in rows
    ]


def opening_kept(board: Board, release: str) -> dict[str, object] | None:
    """What stays of a partner's release that opened a lane once its content is erased; None for one
    that opened none.
    """
    rows = board.db.rows(
        "SELECT lane, seat, ordinal, came, follows FROM opening WHERE release = ?", (release,)
    )
    if not rows:
        return None
    lane, seat, ordinal, came, follows = rows[0]
    return {
        "lane": str(lane), "seat": str(seat), "ordinal": int(str(ordinal)), "came": int(str(came)),
        "follows": str(follows),
    }  # fmt: skip


def lane_that_goes_on(board: Board, root: str, to: PartyCode) -> str:
    """The lane of an own root with ``to`` that has not ended, "" where there is none."""
    rows = board.db.rows(
        """SELECT o.lane FROM opening o WHERE o.root = ? AND o.seat LIKE ? AND NOT EXISTS
             (SELECT 1 FROM lane_end e WHERE e.root = o.root AND e.lane = o.lane)
           ORDER BY o.came DESC, o.lane LIMIT 1""",
        (root, f"{to}/%"),
    )
    return str(rows[0][0]) if rows else ""


def holders(board: Board, root: str, now: int) -> list[PartyCode]:
    """The parties that hold an own root at ``now`` (ms) and take part in its case: those to whom it
    was released, neither recalled nor ended, and that do not follow its stage only.
    """
    rows = board.db.rows(
        """SELECT r.party, o.follows FROM release r JOIN opening o ON o.release = r.release
           WHERE r.record = ? AND r.feed_seq IS NOT NULL AND r.recalled_at = 0 AND r.purged_at = 0
             AND (r.expires = 0 OR r.expires > ?)
           ORDER BY r.party, r.feed_seq""",
        (root, now),
    )
    newest = {PartyCode(str(party)): str(follows) for party, follows in rows}
    return [party for party, follows in newest.items() if follows == FOLLOWS_STEPS]
