"""Circles on the board: the steps of all members about one root, and who is waited for.

The desk asks where a circle stands; ``restaging`` lets its waits follow what came. A seat of
ours waits from the round that names it until its answer; the owner's desk once all seats have
answered and nothing is concluded, or once the day has come that a conclusion named. Nobody waits
for an answer that is not in hand.
"""

from collections.abc import Iterable, Mapping, Sequence

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
    StepKey,
    circle_stage,
    circle_stands,
    seat_code,
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


def naming(board: Board, roots: Iterable[str], party: PartyCode) -> set[str]:
    """Of these roots of partners, the ids of those of whose rounds in hand one names a position of
    ``party``: so their owner has said, to all who hold the root, that this party does too.
    """
    found = set()
    for root, came in steps_of_each(board, roots).items():
        owner, _, record = root.partition("/")
        seats = [one.step.values.get("seats") for one in came if one.step.author == owner]
        if any(
            seat_code(seat).party == party
            for named in seats
            if isinstance(named, tuple)
            for seat in named
        ):
            found.add(record)
    return found


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
    """Let our seats, and the owner's desk, wait as the newest round says; the circle's stage, ""
    for one without stages.
    """
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
        for position in _awaited(board, root, declared, stood):
            answers = [arrived[one.answer.key] for one in newest.seats if one.answer]
            opened = arrived[newest.opened.key]
            waiting[position] = Wait(
                seat=position, about=f"{root}#{position}", why=waits.TURN,
                step=newest.opened.step, since=opened if position else max(answers),
                due=_due(declared, newest) if position else 0, haste=Haste.URGENT,
            )  # fmt: skip
    for position, wait in waiting.items():
        waits.turn(board, f"{root}#{position}", wait)
    if root.startswith(f"{board.me}/"):
        waits.until(board, waits.AGAIN, root, _again(declared, root, stood, arrived))
        waits.until(board, waits.ANSWERS, root, _unanswered(declared, root, stood, arrived))
    return circle_stage(declared, stood) if declared.stages else ""


def _again(
    declared: Declaration, root: str, stood: CircleStanding, arrived: Mapping[StepKey, int]
) -> Wait | None:
    """How an own circle waits to be asked anew: for the position that concluded its newest round,
    from the moment that the conclusion named.
    """
    last, named = stood.newest.conclusion if stood.newest else None, declared.rounds
    due = last.values.get(named.again) if last and named else None
    if last is None or not isinstance(due, int):
        return None
    return Wait(
        seat=last.seat.position, about=root, why=waits.AGAIN, step=last.step,
        since=arrived[last.key], due=due, quiet=True,
    )  # fmt: skip


def _due(declared: Declaration, newest: Round) -> int:
    """By when the answers to a round are due (ms), 0 where it does not say."""
    due = newest.opened.values.get(declared.rounds.due) if declared.rounds else None
    return due if isinstance(due, int) else 0


def _unanswered(
    declared: Declaration, root: str, stood: CircleStanding, arrived: Mapping[StepKey, int]
) -> Wait | None:
    """How the position that asked waits for the moment by which answers are due, as long as one of
    them is not in hand.
    """
    newest, asking = stood.newest, _at(declared, stood, "asking")
    due = _due(declared, newest) if newest else 0
    if newest is None or not due or not asking or all(one.answer for one in newest.seats):
        return None
    return Wait(
        seat=newest.opened.seat.position, about=root, why=waits.ANSWERS, step=newest.opened.step,
        since=arrived[newest.opened.key], due=due, quiet=True,
    )  # fmt: skip


def _at(declared: Declaration, stood: CircleStanding, name: str) -> bool:
    """Whether a circle stands where somebody is waited for; without stages said it always does."""
    rounds = declared.rounds
    assert rounds is not None, "a circle has rounds"
    stages: frozenset[str] = getattr(rounds, name)
    return not rounds.says or circle_stage(declared, stood) in stages


def _awaited(board: Board, root: str, declared: Declaration, stood: CircleStanding) -> list[str]:
    """The positions here from which the newest round waits for something; "" for the owner's."""
    newest = stood.newest
    assert newest is not None, "a round was opened"
    found = [
        one.seat.position
        for one in newest.seats
        if one.seat.party == board.me and one.answer is None and _at(declared, stood, "asking")
    ]
    ends = declared.rounds is not None and declared.rounds.concludes
    done = ends and newest.seats and all(one.answer is not None for one in newest.seats)
    own = root.startswith(f"{board.me}/")
    if own and done and newest.conclusion is None and _at(declared, stood, "weighing"):
        found.append("")
    return found
