"""Lanes on the board: what this node holds of each, as the folds of ``domain.cases`` take it up.

``cases`` lets a root's row say where its lanes stand, ``case_folds`` keeps what they are made of,
and the desk asks here for the lanes of one root or of many. What a step says is kept beside its
row, because it is fixed fields and has no recall of its own.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tansiq.board import current_rows
from tansiq.board.board import Board
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
    found: dict[str, list[HeldLane]] = {}
    for marks, part in current_rows.in_parts(set(roots)):
        openings = _by_root(
            board,
            f"""SELECT root, lane, seat, release, ordinal, moments, came FROM opening
                WHERE root IN ({marks}) AND ordinal > 0 AND lane <> ''
                ORDER BY came, lane, ordinal""",
            part,
        )
        steps = _by_root(
            board,
            f"""SELECT root, lane, author, said, came, position, person, told FROM step
                WHERE root IN ({marks}) ORDER BY id""",
            part,
        )
        ends = _by_root(
            board, f"SELECT root, lane, after, at FROM lane_end WHERE root IN ({marks})", part
        )
        kinds = {
            str(root): str(kind)
            for root, kind in board.db.rows(
                f"SELECT record, kind FROM record WHERE record IN ({marks})", part
            )
        }
        for root in part:
            declared = case_of(kinds[root]) if root in kinds else None
            found[root] = _lanes(
                root, declared, openings.get(root, []), steps.get(root, []), ends.get(root, [])
            )
    return found


def _by_root(
    board: Board, statement: str, values: Sequence[Value]
) -> dict[str, list[Sequence[Value]]]:
    """The rows by what stands first in them, without it."""
    found: dict[str, list[Sequence[Value]]] = {}
    for row in board.db.rows(statement, values):
        found.setdefault(str(row[0]), []).append(row[1:])
    return found


def _lanes(
    root: str,
    declared: Declaration | None,
    openings: Sequence[Sequence[Value]],
    steps: Sequence[Sequence[Value]],
    ended: Sequence[Sequence[Value]],
) -> list[HeldLane]:
    ends = {str(lane): (str(after), int(str(at))) for lane, after, at in ended}
    owner = PartyCode(root.partition("/")[0])
    found = []
    for name in dict.fromkeys(str(row[0]) for row in openings):
        came = [came_of(row[1:]) for row in steps if row[0] == name]
        opened = [row for row in openings if row[0] == name]
        found.append(_held(owner, name, opened, _taken_up(declared, came), ends.get(name)))
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
    openings: Sequence[Sequence[Value]],
    came: tuple[Came, ...],
    end: tuple[str, int] | None,
) -> HeldLane:
    opened = [
        (
            int(str(row[5])),
            Opening(
                release=ReleaseId(str(row[2])), ordinal=int(str(row[3])),
                moments=json.loads(str(row[4])),
            ),
        )
        for row in openings
    ]  # fmt: skip
    timed = [Accepted(at, opening) for at, opening in opened]
    timed += [Accepted(one.at, one.step) for one in came]
    timed.sort(key=lambda one: one.at)  # stable: openings before steps of the same moment
    if end is not None:
        after = json.loads(end[0])
        timed.append(Accepted(end[1], Ended(after=None if after is None else tuple(after))))
    entries: tuple[Entry, ...] = tuple(one.entry for one in timed)
    return HeldLane(
        id=LaneId(name),
        lane=Lane(owner=owner, seat=seat_code(str(openings[0][1])), entries=entries),
        accepted=tuple(timed),
        came=came,
    )


def declaration_of(board: Board, root: str) -> Declaration | None:
    """The declaration of a root's kind; None where the root does not stand on the board."""
    rows = board.db.rows("SELECT kind FROM record WHERE record = ?", (root,))
    return case_of(str(rows[0][0])) if rows else None
