"""Cases on the board: where the lanes of a root stand, and what they wait for.

``lanes`` has what this node holds of each, ``case_folds`` keeps it. Where a lane stands is never
kept as truth: ``restage`` folds it anew and lets the root's row say it, so that lists, counts and
boards by stage need nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tansiq.board import circles, current_rows, inward, lanes, outward, superseded, waits
from tansiq.board.board import Board
from tansiq.board.lanes import HeldLane, declaration_of
from tansiq.domain.attention import Wait
from tansiq.domain.cases import (
    FOLLOWS_STEPS,
    Clocks,
    Declaration,
    Shape,
    Side,
    Standing,
    Weight,
    clocks,
    stands,
)
from tansiq.domain.parties import PartyCode


def restage(board: Board, roots: Iterable[str], at: int) -> None:
    """Let the rows of these roots say where their lanes stand from ``at`` (milliseconds) on, and
    when to look again.
    """
    for root in dict.fromkeys(roots):
        declared = declaration_of(board, root)
        if declared is None:
            continue
        if declared.shape is Shape.CIRCLE:
            _show(board, root, declared, circles.restage(board, root, declared), at)
            continue
        held = lanes.of_root(board, root)
        standing = [stands(declared, one.lane) for one in held]
        times = [
            clocks(declared, one.lane, one.accepted, one.accepted[-1].at, stood)
            for one, stood in zip(held, standing, strict=True)
        ]
        _show(board, root, declared, stage_of(declared, standing), at)
        _count_done(board, root, declared, standing)
        if declared.promises:
            now = zip(held, standing, strict=True)
            lanes_now = {str(one.id): (str(one.newest.release), stood) for one, stood in now}
            inward.overtake(board, root, declared, lanes_now)
        for one, stood, time in zip(held, standing, times, strict=True):
            about = f"{root}#{one.id}"
            wait = _turn_of(board.me, declared, one, stood, time)
            waits.turn(board, about, replace(wait, about=about) if wait else None)
        board.db.run("DELETE FROM lane_due WHERE root = ?", (root,))
        if root.startswith(f"{board.me}/"):
            board.db.many(
                "INSERT INTO lane_due (root, lane, clock, start, at) VALUES (?, ?, ?, ?, ?)",
                [
                    (root, one.id, *row)
                    for one, time in zip(held, times, strict=True)
                    for row in _ending(declared, time)
                ],
            )


def _count_done(
    board: Board, root: str, declared: Declaration, standing: Sequence[Standing]
) -> None:
    """Note of an own root with several lanes how many of those that go on are done."""
    live = [one.stage for one in standing if not one.ended]
    board.db.run("DELETE FROM answered WHERE root = ?", (root,))
    if root.startswith(f"{board.me}/") and len(live) > 1 and declared.coarse:
        done = sum(declared.coarse[stage] != declared.outward[0] for stage in live)
        board.db.run(
            "INSERT INTO answered (root, done, asked) VALUES (?, ?, ?)", (root, done, len(live))
        )


def answered(board: Board, roots: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Of own roots with several lanes, how many are done, and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    for marks, part in current_rows.in_parts(roots):
        rows = board.db.rows(
            f"SELECT root, done, asked FROM answered WHERE root IN ({marks})", part
        )
        found |= {str(root): (int(str(done)), int(str(asked))) for root, done, asked in rows}
    return found


def seat_of(board: Board, root: str, lane: str) -> str:
    """Whom a lane of a root asks, as ``PARTY/position``; empty where there is no such lane."""
    rows = board.db.rows(
        "SELECT seat FROM opening WHERE root = ? AND lane = ? LIMIT 1", (root, lane)
    )
    return str(rows[0][0]) if rows else ""


def _show(board: Board, root: str, declared: Declaration, stage: str, at: int) -> None:
    """Let a root's row say where its case stands from ``at`` on: of a partner's that we only follow
    what its owner says, of an own one also to whom follows it.
    """
    if root.startswith(f"{board.me}/"):
        outward.stands(board, root, declared.coarse.get(stage, ""))
    elif (heard := outward.heard(board, root)) is not None and declared.coarse:
        stage = heard.word if heard.word in declared.outward else declared.outward[0]
    current_rows.restate(board, root, stage)
    superseded.keep_stage(board, root, stage, at)


def keep_stages_anew(board: Board, root: str, at: int) -> None:
    """Note anew since when the case of a root stands where, from the entries that are left: one of
    its editions was withdrawn ``at`` a moment, and a fold from the logs alone no longer finds what
    that opened. What its owner said of one that we follow was said with an edition.
    """
    declared = declaration_of(board, root)
    if declared is None:
        return
    superseded.forget_stages(board, root)
    if outward.heard(board, root) is not None and declared.coarse:
        superseded.keep_stage(board, root, declared.outward[0], 0)
        _show(board, root, declared, declared.stages[0], at)
    elif declared.shape is Shape.CIRCLE:
        for moment, stage in circles.stages(board, root, declared):
            superseded.keep_stage(board, root, stage, moment)
    else:
        _keep_stages_of_lanes(board, root, declared)
    superseded.begin_stages(board, root)


def _keep_stages_of_lanes(board: Board, root: str, declared: Declaration) -> None:
    held = lanes.of_root(board, root)
    for at in sorted({one.at for lane in held for one in lane.accepted}):
        known = [(lane, [one for one in lane.accepted if one.at <= at]) for lane in held]
        standing = [
            stands(declared, replace(lane.lane, entries=tuple(one.entry for one in entries)))
            for lane, entries in known
            if entries
        ]
        superseded.keep_stage(board, root, stage_of(declared, standing), at)


def _ending(declared: Declaration, times: Clocks) -> list[tuple[str, str, int]]:
    """The clocks by which the owner's node ends a lane by itself, with their moments: those that
    run, and those that fell due before anything was done about it.
    """
    found = [(one.clock, one.start, one.at) for one in times.coming if one.at is not None]
    found += [(one.clock, one.start, one.at) for one in times.rung if not one.over]
    return [
        (clock.name, start, at)
        for clock, start, at in found
        if getattr(declared.act(clock.act), "weight", None) is Weight.TIME_OUT
    ]


def _turn_of(
    me: str, declared: Declaration, held: HeldLane, stood: Standing, times: Clocks
) -> Wait | None:
    """What a lane waits for at this node; None where our side is not the next to act."""
    ours = Side.OWNER if held.lane.owner == me else Side.SEAT
    if not any(turn.side is ours for turn in stood.turns):
        return None
    last = held.accepted[-1]
    reached = next((key for key, _ in reversed(stood.path) if key is not None), None)
    falls = [
        clock.at for clock in times.coming if clock.at is not None and ours in clock.clock.rings
    ]
    return Wait(
        seat=held.lane.seat.position if ours is Side.SEAT else "", about="", why=waits.TURN,
        step=reached.step if reached else held.opening.release,
        since=last.at, due=min(falls, default=0),
        haste=declared.haste_of(held.newest.moments),
    )  # fmt: skip


def stage_of(declared: Declaration, standing: Sequence[Standing]) -> str:
    """The one stage that a root's row shows: of the lanes that go on the least advanced, else of
    all the most advanced; the first where nobody was asked yet.
    """
    rank = {stage: n for n, stage in enumerate(declared.stages)}
    live = [one.stage for one in standing if one.stage and not one.ended and one.turns]
    if live:
        return min(live, key=rank.__getitem__)
    known = [one.stage for one in standing if one.stage]
    return max(known, key=rank.__getitem__, default=declared.stages[0])


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
