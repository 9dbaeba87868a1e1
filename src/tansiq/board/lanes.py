"""Lanes on the board: what this node holds of each, as the folds of ``domain.cases`` take it up.

``cases`` lets a root's row say where its lanes stand, ``case_folds`` keeps what they are made of,
and the desk asks here for the lanes of one root or of many. What a step says is kept beside its
row, because it is fixed fields and has no recall of its own.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from tansiq.board.board import Board
from tansiq.board.rows import in_parts
from tansiq.board.steps import Came, came_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import (
    Accepted,
    Declaration,
    Ended,
    Entry,
    Fact,
    Lane,
    LaneId,
    Opening,
    Step,
    seat_code,
)
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import ReleaseId
from tansiq.log.database import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLane:
    """What this node holds of one lane; ``accepted`` are its entries in the order of own
    acceptance. A step may stand before the release that opened the lane.
    """

    id: LaneId
    lane: Lane
    accepted: tuple[Accepted, ...]
    came: tuple[Came, ...]

    @property
    def opening(self) -> Opening:
        """The release that opened it."""
        return next(one.entry for one in self.accepted if isinstance(one.entry, Opening))

    @property
    def newest(self) -> Opening:
        """The release that states the root as it stands."""
        return max(self.lane.openings(), key=lambda one: one.ordinal)

    @property
    def party(self) -> PartyCode:
        """The party that is asked."""
        return self.lane.seat.party


def case_of(kind: str) -> Declaration | None:
    """The declaration of a kind that is a case."""
    known = KINDS.get(kind)
    return known.case if known else None


def of_root(board: Board, root: str) -> list[HeldLane]:
    """The lanes of a root, oldest first; of a circle the one."""
    return of_roots(board, [root])[root]


def of_roots(board: Board, roots: Iterable[str]) -> dict[str, list[HeldLane]]:
    """As :func:`of_root`, of each of these roots, asked together."""
    asked = list(dict.fromkeys(roots))
    declared = declarations(board, asked)
    return {
        root: lanes_of(root, declared.get(root), kept)
        for root, kept in kept_of(board, asked).items()
    }


class Opened(NamedTuple):
    """A release that opened a lane or stated it anew, when it came (ms), and whom it asks."""

    lane: str
    seat: str
    at: int
    entry: Opening


@dataclass(slots=True)
class Kept:
    """What is kept of a root: the releases that opened lanes, the steps, each with its lane, and
    how lanes ended: after which steps (None = unknown), and when (ms).
    """

    openings: list[Opened] = field(default_factory=list)
    steps: list[tuple[str, Came]] = field(default_factory=list)
    ends: dict[str, Accepted] = field(default_factory=dict)


def kept_of(board: Board, roots: Iterable[str]) -> dict[str, Kept]:
    """What is kept of each of these roots, asked together."""
    found = {root: Kept() for root in roots}
    for marks, part in in_parts(found):
        openings = board.db.rows(
            f"""SELECT root, lane, seat, release, ordinal, moments, came FROM opening
                WHERE root IN ({marks}) AND ordinal > 0 AND lane <> ''
                ORDER BY came, lane, ordinal""",
            part,
        )
        for root, *row in openings:
            found[str(root)].openings.append(_opened(row))
        steps = board.db.rows(
            f"""SELECT root, lane, author, said, came, position, person, told FROM step
                WHERE root IN ({marks}) ORDER BY id""",
            part,
        )
        for root, lane, *row in steps:
            found[str(root)].steps.append((str(lane), came_of(row)))
        ends = board.db.rows(
            f"SELECT root, lane, after, at FROM lane_end WHERE root IN ({marks})", part
        )
        for root, lane, told, at in ends:
            after = json.loads(str(told))
            end = Ended(after=None if after is None else tuple(after))
            found[str(root)].ends[str(lane)] = Accepted(int(str(at)), end)
    return found


def _opened(row: Sequence[Value]) -> Opened:
    lane, seat, release, ordinal, moments, came = row
    entry = Opening(
        release=ReleaseId(str(release)), ordinal=int(str(ordinal)),
        moments=json.loads(str(moments)),
    )  # fmt: skip
    return Opened(str(lane), str(seat), int(str(came)), entry)


# A step by its lane, author and id, or a release by its id alone.
Mark = tuple[str, ...]


def mark_of(step: Step) -> Mark:
    """What a step in a root's lanes is known by."""
    return step.lane, step.author, step.step


def lanes_of(
    root: str, declared: Declaration | None, kept: Kept, later: Collection[Mark] = ()
) -> list[HeldLane]:
    """The lanes that what is kept of a root makes, without what came ``later``."""
    owner = PartyCode(root.partition("/")[0])
    openings, steps = kept.openings, kept.steps
    if later:
        openings = [one for one in openings if (one.entry.release,) not in later]
        steps = [one for one in steps if mark_of(one[1].step) not in later]
    found = []
    for name in dict.fromkeys(one.lane for one in openings):
        came = _taken_up(declared, (one for lane, one in steps if lane == name))
        opened = [one for one in openings if one.lane == name]
        found.append(_held(owner, name, opened, came, kept.ends.get(name)))
    return found


def _taken_up(declared: Declaration | None, came: Iterable[Came]) -> tuple[Came, ...]:
    """The steps that count, of each author so many decisions at most as a fold can bear."""
    decided: Counter[PartyCode] = Counter()
    found = []
    for one in came:
        decides = declared is not None and not is_fact(declared, one.step.act)
        decided[one.step.author] += decides
        if (declared is not None and not decides) or (
            decided[one.step.author] <= BOUNDS.case_decisions_max
        ):
            found.append(one)
    return tuple(found)


def is_fact(declared: Declaration, act: str) -> bool:
    """Whether an act of this name moves nothing."""
    return isinstance(declared.act(act), Fact)


def _held(
    owner: PartyCode,
    name: str,
    openings: Sequence[Opened],
    came: tuple[Came, ...],
    end: Accepted | None,
) -> HeldLane:
    timed = [Accepted(one.at, one.entry) for one in openings]
    timed += [Accepted(one.at, one.step) for one in came]
    timed.sort(key=itemgetter(0))  # stable: openings before steps of the same moment
    if end is not None:
        timed.append(end)
    entries: tuple[Entry, ...] = tuple(one.entry for one in timed)
    return HeldLane(
        id=LaneId(name),
        lane=Lane(owner=owner, seat=seat_code(openings[0].seat), entries=entries),
        accepted=tuple(timed),
        came=came,
    )


def declaration_of(board: Board, root: str) -> Declaration | None:
    """The declaration of a root's kind; None where the root does not stand on the board."""
    return declarations(board, [root]).get(root)


def declarations(board: Board, roots: Iterable[str]) -> dict[str, Declaration]:
    """The declarations of these roots' kinds; those that are no cases, or do not stand on the
    board, are left out.
    """
    found: dict[str, Declaration] = {}
    for marks, part in in_parts(roots):
        rows = board.db.rows(f"SELECT record, kind FROM record WHERE record IN ({marks})", part)
        for root, kind in rows:
            declared = case_of(str(kind))
            if declared is not None:
                found[str(root)] = declared
    return found
