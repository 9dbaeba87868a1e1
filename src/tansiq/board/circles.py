"""Circles on the board: the steps of all members about one root, and who is waited for.

The desk asks where a circle stands; ``restaging`` lets its waits follow what came. A seat of
ours waits from the round that names it until its answer; the owner's desk once all seats have
answered and nothing is concluded. Nobody waits for an answer that is not in hand.
"""

from collections.abc import Iterable, Sequence

from tansiq.board import waits
from tansiq.board.board import Board
from tansiq.board.rows import in_parts
from tansiq.board.steps import Came, came_of
from tansiq.domain.attention import Wait
from tansiq.domain.cases import (
    CircleStanding,
    Declaration,
    Round,
    Step,
    circle_stage,
    circle_stands,
)
from tansiq.domain.escalation import Haste
from tansiq.domain.parties import PartyCode


def steps(board: Board, root: str) -> list[Came]:
    """The steps of a circle, in the order of own acceptance."""
    return steps_of_each(board, [root])[root]


def steps_of_each(board: Board, roots: Iterable[str]) -> dict[str, list[Came]]:
    """As :func:`steps`, of each of these roots, asked together."""
    wanted = sorted(set(roots))
    found: dict[str, list[Came]] = {root: [] for root in wanted}
    for marks, part in in_parts(wanted):
        rows = board.db.rows(
            f"""SELECT root, author, said, came, position, person, told FROM step
                WHERE root IN ({marks}) AND lane = '' ORDER BY id""",
            part,
        )
        for root, *row in rows:
            found[str(root)].append(came_of(row))
    return found


def as_told(came: Sequence[Came], to: PartyCode) -> list[Step]:
    """Those of our own steps that went to ``to``, as they read there."""
    return [one.step.told(one.step.release, one.told[to]) for one in came if to in one.told]


def standing(declared: Declaration, root: str, came: Sequence[Came]) -> CircleStanding:
    """Where a circle stands at this node."""
    owner = PartyCode(root.partition("/")[0])
    return circle_stands(declared, owner, [one.step for one in came])


def stages(board: Board, root: str, declared: Declaration) -> list[tuple[int, str]]:
    """The stages of a circle after each moment at which a step of it came, oldest first."""
    came = steps(board, root)
    found = [(0, declared.stages[0])]
    for at in sorted({one.at for one in came}):
        stood = standing(declared, root, [one for one in came if one.at <= at])
        found.append((at, circle_stage(declared, stood)))
    return found


def restage(board: Board, root: str, declared: Declaration) -> str:
    """Let our seats, and the owner's desk, wait as the newest round says; the circle's stage."""
    came = steps(board, root)
    stood = standing(declared, root, came)
    arrived = {one.step.key: one.at for one in came}
    waiting: dict[str, Wait | None] = {}
    for found in stood.rounds:
        for seat in found.seats:
            if seat.seat.party == board.me:
                waiting[seat.seat.position] = None
    waiting[""] = None
    newest = stood.newest
    if newest is not None:
        for position in _awaited(board, root, newest):
            answers = [arrived[one.answer.key] for one in newest.seats if one.answer]
            opened = arrived[newest.opened.key]
            waiting[position] = Wait(
                seat=position, about=f"{root}#{position}", why=waits.TURN,
                step=newest.opened.step, since=opened if position else max(answers),
                haste=Haste.URGENT,
            )  # fmt: skip
    for position, wait in waiting.items():
        waits.turn(board, f"{root}#{position}", wait)
    return circle_stage(declared, stood)


def _awaited(board: Board, root: str, newest: Round) -> list[str]:
    """The positions here from which the newest round waits for something; "" for the owner's."""
    found = [
        one.seat.position
        for one in newest.seats
        if one.seat.party == board.me and one.answer is None
    ]
    done = newest.seats and all(one.answer is not None for one in newest.seats)
    if root.startswith(f"{board.me}/") and done and newest.conclusion is None:
        found.append("")
    return found
