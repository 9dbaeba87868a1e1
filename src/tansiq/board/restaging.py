"""Letting the rows of roots say where their lanes stand, and what these wait for.

The folds say which roots have moved, and by what (``move``); ``settle`` then folds each of them
once for the whole run, however many moves there were. Where a lane stands is never kept as truth,
but two things are history of their own: since when a root stands at a stage, and since when a lane
waits for us. So every move is looked at, oldest first, without what came later: what comes of it is
what settling after each move would have left, and a fold of the logs anew gives the same tables.

What must hold: whatever reads or writes those tables, or changes what lanes are made of otherwise
than by adding to it, settles first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tansiq.board import (
    bound,
    circles,
    current_rows,
    inward,
    lanes,
    meets,
    outward,
    stages,
    waits,
)
from tansiq.board.board import Board
from tansiq.board.lanes import HeldLane, Kept, Mark, declaration_of, mark_of
from tansiq.domain.attention import Wait
from tansiq.domain.cases import (
    WATCH_SEAT,
    Clocks,
    Course,
    Declaration,
    Lane,
    Shape,
    Side,
    Step,
    Stood,
    Weight,
    clocks,
)

_NOTHING: Final[frozenset[Mark]] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """A root has moved ``at`` a moment (milliseconds): to its lanes ``came`` these."""

    at: int
    came: frozenset[Mark]


@dataclass(slots=True)
class Moves:
    """The moves of a root that are not settled yet, oldest first."""

    declared: Declaration
    moves: list[Move] = field(default_factory=list)


def move(board: Board, root: str, at: int, came: frozenset[Mark] = _NOTHING) -> None:
    """Note that a root has moved ``at`` a moment (milliseconds), and by what ``came``. A root that
    is no case, or does not stand on the board, moves nowhere.
    """
    known = board.moved.get(root)
    if known is None:
        declared = declaration_of(board, root)
        if declared is None:
            return
        if declared.shape is Shape.CIRCLE:
            stage = circles.restage(board, root, declared)
            if declared.stages:
                show(board, [Shown(root, declared, [(at, stage)])])
            return
        known = board.moved[root] = Moves(declared)
    known.moves.append(Move(at, came))


def restage(board: Board, roots: Iterable[str], at: int) -> None:
    """Let the rows of these roots say where their lanes stand from ``at`` (milliseconds) on, and
    when to look again.
    """
    for root in dict.fromkeys(roots):
        move(board, root, at)
    settle(board)


def settle(board: Board) -> None:
    """Let the rows of all roots that have moved say where their lanes stand."""
    if not board.moved:
        return
    moved, board.moved = board.moved, {}
    kept = lanes.kept_of(board, moved)
    watched = inward.open_of(board, [r for r, one in moved.items() if one.declared.promises])
    found = [
        _moved(board.me, root, one, kept[root], watched=root in watched)
        for root, one in moved.items()
    ]
    show(board, [one.shown for one in found])
    _count_done(board, found)
    for one in found:
        if one.shown.root in watched:
            rounds = watched[one.shown.root]
            inward.overtake(board, rounds, one.shown.declared, one.promised)
    waits.turns(board, {about: turn for one in found for about, turn in one.turns.items()})
    _fall_due(board, [one for one in found if one.shown.root.startswith(f"{board.me}/")])


@dataclass(frozen=True, slots=True)
class Shown:
    """What a root's row is to say: its stage, from which moments (milliseconds) on."""

    root: str
    declared: Declaration
    stages: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Moved:
    """How a root came to stand as it does: what its row shows, where its lanes stood after each
    move, and its lanes as they stand now, with their clocks and what they wait for.
    """

    shown: Shown
    promised: Sequence[inward.Lanes]
    standing: Sequence[Stood]
    times: Sequence[tuple[HeldLane, Clocks]]
    turns: dict[str, waits.Turn]


def _moved(me: str, root: str, moved: Moves, kept: Kept, *, watched: bool) -> _Moved:
    declared = moved.declared
    now = lanes.lanes_of(root, declared, kept)
    courses = {lane.id: Course(declared, lane.lane) for lane in now}
    later = {mark for one in moved.moves for mark in one.came}
    turns: dict[str, waits.Turn] = {}
    stages_then: list[tuple[int, str]] = []
    promised: list[inward.Lanes] = []
    for one in moved.moves:
        later -= one.came
        known = _without(later, now) or lanes.lanes_of(root, declared, kept, later)
        stood = [(lane, courses[lane.id].stood(lane.lane)) for lane in known]
        stages_then.append((one.at, stage_of(declared, [at for _, at in stood])))
        if watched:
            promised.append({str(lane.id): (lane.newest.release, at) for lane, at in stood})
        for lane, at in stood:
            about = f"{root}#{lane.id}"
            turns[about] = _follow(me, about, turns.get(about), declared, (lane, at))
    times = []
    for lane in now:
        about, course = f"{root}#{lane.id}", courses[lane.id]
        time = clocks(declared, lane.lane, lane.accepted, lane.accepted[-1].at, course)
        turns[about] = _timed(me, lane, turns[about], time)
        times.append((lane, time))
    standing = [courses[lane.id].stood(lane.lane) for lane in now]
    return _Moved(Shown(root, declared, stages_then), promised, standing, times, turns)


def _without(later: Collection[Mark], now: Sequence[HeldLane]) -> Sequence[HeldLane]:
    """These lanes without the steps that came later; none where releases did, which make lanes."""
    if not later:
        return now
    if any(len(mark) == 1 for mark in later):
        return ()
    found = []
    for held in now:
        known = tuple(
            one
            for one in held.accepted
            if not isinstance(one.entry, Step) or mark_of(one.entry) not in later
        )
        entries = tuple(one.entry for one in known)
        lane = Lane(owner=held.lane.owner, seat=held.lane.seat, entries=entries)
        found.append(HeldLane(id=held.id, lane=lane, accepted=known, came=held.came))
    return found


def _follow(
    me: str, about: str, before: waits.Turn | None, declared: Declaration,
    now: tuple[HeldLane, Stood],
) -> waits.Turn:  # fmt: skip
    """What a lane waits for at this node after one more move; None where our side is not the next
    to act. What it waited for already goes on.
    """
    held, stood = now
    ours, wait = _ours(me, held), None
    turns = [turn for turn in stood.turns if turn.side is ours]
    if turns:
        seat = held.lane.seat.position if ours is Side.SEAT else ""
        seat = "" if seat == WATCH_SEAT else seat
        reached = next((key for key, _ in reversed(stood.path) if key is not None), None)
        step = reached.step if reached else held.opening.release
        if before and before.wait and (before.wait.seat, before.wait.step) == (seat, step):
            return before
        wait = Wait(
            seat=seat, about=about, why=waits.TURN, step=step, since=held.accepted[-1].at,
            haste=declared.haste_of(held.newest.moments), quiet=all(turn.later for turn in turns),
        )  # fmt: skip
    elif before is not None and before.wait is None:
        return before
    return waits.Turn(wait, anew=before is not None)


def _timed(me: str, held: HeldLane, turn: waits.Turn, times: Clocks) -> waits.Turn:
    """What a lane waits for, with the moment at which that falls due."""
    if turn.wait is None:
        return turn
    ours = _ours(me, held)
    falls = [
        clock.at for clock in times.coming if clock.at is not None and ours in clock.clock.rings
    ]
    return replace(turn, wait=replace(turn.wait, due=min(falls, default=0)))


def _ours(me: str, held: HeldLane) -> Side:
    return Side.OWNER if held.lane.owner == me else Side.SEAT


def show(board: Board, shown: Sequence[Shown]) -> None:
    """Let the rows of roots say where their cases stand: of a partner's that we only follow what
    its owner says, of an own one also to whom follows it.
    """
    own = {one.root for one in shown if one.root.startswith(f"{board.me}/")}
    newest = {one.root: one.stages[-1][1] for one in shown}
    outward.stands(
        board,
        {
            one.root: one.declared.coarse.get(newest[one.root], "")
            for one in shown if one.root in own
        },
    )  # fmt: skip
    followed = [one.root for one in shown if one.root not in own and one.declared.coarse]
    heard = outward.heard_of(board, followed)
    noted: dict[str, Sequence[tuple[int, str]]] = {one.root: one.stages for one in shown}
    for one in shown:
        if one.root in heard:
            said, words = heard[one.root].word, one.declared.outward
            newest[one.root] = word = said if said in words else words[0]
            noted[one.root] = [(at, word) for at, _ in one.stages]
    current_rows.restate(board, newest)
    stages.keep(board, noted)
    for one in shown:
        if bound.is_bound(one.declared):
            meets.moved(board, one.root, one.stages[-1][0])


def _count_done(board: Board, found: Sequence[_Moved]) -> None:
    """Note of own roots with several lanes how many of those that go on are done."""
    roots = [(one.shown.root,) for one in found]
    board.db.many("DELETE FROM answered WHERE root = ?", roots)
    counts: list[tuple[str, int, int]] = []
    for one in found:
        root, declared = one.shown.root, one.shown.declared
        live = [lane.stage for lane in one.standing if not lane.ended]
        if root.startswith(f"{board.me}/") and len(live) > 1 and declared.coarse:
            done = sum(declared.coarse[stage] != declared.outward[0] for stage in live)
            counts.append((root, done, len(live)))
    board.db.many("INSERT INTO answered (root, done, asked) VALUES (?, ?, ?)", counts)


def _fall_due(board: Board, found: Sequence[_Moved]) -> None:
    """Note when lanes of own roots end by themselves."""
    roots = [(one.shown.root,) for one in found]
    board.db.many("DELETE FROM lane_due WHERE root = ?", roots)
    board.db.many(
        "INSERT INTO lane_due (root, lane, clock, start, at) VALUES (?, ?, ?, ?, ?)",
        [
            (one.shown.root, lane.id, *row)
            for one in found
            for lane, time in one.times
            for row in _ending(one.shown.declared, time)
        ],
    )


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


def stage_of(declared: Declaration, standing: Sequence[Stood]) -> str:
    """The one stage that a root's row shows: of the lanes that go on the least advanced, else of
    all the most advanced; the first where nobody was asked yet.
    """
    rank = {stage: n for n, stage in enumerate(declared.stages)}
    live = [one.stage for one in standing if one.stage and not one.ended and one.turns]
    if live:
        return min(live, key=rank.__getitem__)
    known = [one.stage for one in standing if one.stage]
    return max(known, key=rank.__getitem__, default=declared.stages[0])
