"""Steps as the board keeps them: what was said, when it came, and to whom an own one went.

``cases`` makes lanes of them, ``circles`` circles; evidence asks which there are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tansiq.board.board import Board
from tansiq.domain.cases import Step, step_from_json
from tansiq.domain.parties import PartyCode
from tansiq.log.database import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A step as this node has it: when it was accepted or taken here (ms), by whom of ours, and to
    which parties an own one went, with what it named there as known.
    """

    step: Step
    at: int
    position: str
    person: str
    told: Mapping[PartyCode, tuple[str, ...]]


def came_of(row: Sequence[Value]) -> Came:
    """A row of the table of steps: author, said, came, position, person, told."""
    author, said, at, position, person, told = row
    return Came(
        step=step_from_json(json.loads(str(said)), PartyCode(str(author))), at=int(str(at)),
        position=str(position), person=str(person),
        told={PartyCode(party): tuple(after) for party, after in json.loads(str(told)).items()},
    )  # fmt: skip


def steps_of(board: Board, root: str) -> frozenset[tuple[str, str]]:
    """The steps about a root that this node holds: author and id."""
    rows = board.db.rows("SELECT author, step FROM step WHERE root = ?", (root,))
    return frozenset((str(author), str(step)) for author, step in rows)
