"""Steps as the board keeps them: what was said, when it came, and to whom an own one went.

``cases`` makes lanes of them, ``circles`` circles; evidence asks which there are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tansiq.board.board import Board
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import Step, step_from_json
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_kept
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
        step=step_said(str(author), str(said)), at=int(str(at)),
        position=str(position), person=str(person),
        told=_told(str(told)),
    )  # fmt: skip


def _told(text: str) -> dict[PartyCode, tuple[str, ...]]:
    if text == "{}":
        return {}
    return {PartyCode(party): tuple(after) for party, after in json.loads(text).items()}


@lru_cache(maxsize=4_096)
def step_said(author: str, said: str) -> Step:
    """The step that an author said, read from its JSON. It is folded more than once, and says the
    same each time. Raises InputError.
    """
    return step_from_json(decode_kept(said.encode()), PartyCode(author))


def taken(board: Board, root: str) -> list[Came]:
    """The steps about a root, in the order of own acceptance, whatever lane they stand in."""
    rows = board.db.rows(
        """SELECT author, said, came, position, person, told FROM step WHERE root = ?
           ORDER BY id""",
        (root,),
    )
    return [came_of(row) for row in rows]


def overdue(board: Board, before: int, limit: int) -> list[tuple[str, str, PartyCode, str]]:
    """The partners' steps that wait too long for their roots, or behind too many others, oldest
    first: root, lane, author and id. What is held here for a newer version comes back with it.
    """
    unheld = "NOT EXISTS (SELECT 1 FROM held_edition h WHERE h.record = step.root)"
    columns = "id, root, lane, author, step"
    rows = board.db.rows(
        f"SELECT {columns} FROM step WHERE waits = 1 AND came < ? AND {unheld} ORDER BY id LIMIT ?",
        (before, limit),
    )
    counts = board.db.rows("SELECT author, COUNT(*) FROM step WHERE waits = 1 GROUP BY author")
    for author, count in counts:
        over = min(int(str(count)) - BOUNDS.case_waiting_max, limit)
        if over > 0:
            rows += board.db.rows(
                f"""SELECT {columns} FROM step WHERE waits = 1 AND author = ? AND {unheld}
                    ORDER BY id LIMIT ?""",
                (author, over),
            )
    found = {int(str(row[0])): row[1:] for row in rows}
    return [
        (str(root), str(lane), PartyCode(str(author)), str(step))
        for _, (root, lane, author, step) in sorted(found.items())[:limit]
    ]


def between(
    board: Board, low: str, high: str, acts: Sequence[str], limit: int
) -> list[tuple[str, str, str]]:
    """The steps of these acts whose ids stand from ``low`` up to ``high``: root, lane and id. So
    many of each author: ids are drawn by who acts, and nobody's hide another's.
    """
    marks = ",".join("?" * len(acts))
    rows = board.db.rows(
        f"""SELECT f.root, f.lane, f.step FROM
              (SELECT root, lane, step, ROW_NUMBER() OVER (PARTITION BY author ORDER BY step, id)
                 AS place FROM step WHERE step >= ? AND step < ? AND act IN ({marks})) AS f
            WHERE f.place <= ? ORDER BY f.root, f.lane, f.step""",
        (low, high, *acts, limit),
    )
    return [(str(root), str(lane), str(step)) for root, lane, step in rows]


def steps_of(board: Board, root: str) -> frozenset[tuple[str, str]]:
    """The steps about a root that this node holds: author and id."""
    rows = board.db.rows("SELECT author, step FROM step WHERE root = ?", (root,))
    return frozenset((str(author), str(step)) for author, step in rows)
