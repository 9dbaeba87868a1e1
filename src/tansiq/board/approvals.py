"""Releases that wait for a second person and rounds of approval chains that wait for a position,
as far as a viewer may see their records: ``desk.records.read``, ``desk.records.approvals`` and
``desk.cases.approving`` ask here.

Whom a person is to each of them follows from who prepared it and who approved it until now. The
release filter stands inside each question, so that neither a list nor a count says what is hidden.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.board import inward
from tansiq.board.board import Board
from tansiq.board.holdings import AT_ONCE, Found, found
from tansiq.board.queries import release_filter
from tansiq.board.waits import APPROVAL, ARRIVAL, INWARD
from tansiq.domain.cases import InwardRound
from tansiq.domain.parties import Viewer
from tansiq.log.database import Value


class Whose(StrEnum):
    """Which of them: those that a person is neither preparer nor approver of, those that it
    prepared, or all.
    """

    DECIDE = "decide"
    YOURS = "yours"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A part of them: ``person`` is a roster number; ``party`` "" = to anybody."""

    whose: Whose = Whose.ALL
    person: str = ""
    party: str = ""


EVERY: Final = Wanted()
# ``why <> arrival`` is how the index of the few rows that are no arrivals is found.
_WAITS: Final = f"r.why <> '{ARRIVAL}' AND r.why = '{APPROVAL}'"
_DECIDER: Final = "SELECT 1 FROM decider d WHERE d.release = x.release AND d.person = ?"
_WHOSE: Final = {
    Whose.DECIDE: f"NOT EXISTS ({_DECIDER})",
    Whose.YOURS: f"EXISTS ({_DECIDER} AND d.prepared = 1)",
}


def awaiting(board: Board, viewer: Viewer, now: int, wanted: Wanted) -> list[Found]:
    """The oldest of them, in the order in which they were prepared."""
    where, values = _where(wanted)
    waits = f"x.release IN (SELECT r.step FROM waits r WHERE {_WAITS})"
    where = f"{waits} AND {where} ORDER BY x.journal LIMIT {AT_ONCE}"
    return found(board, viewer, now, where, values)


def counts(board: Board, viewer: Viewer, now: int, wanted: Wanted, most: int) -> dict[str, int]:
    """How many of them go to each party, all together no further than one past ``most``."""
    seen, mine = release_filter(board, viewer, now)
    where, values = _where(wanted)
    rows = board.db.rows(
        f"""SELECT few.party, COUNT(*) FROM (
              SELECT x.party FROM waits r JOIN release x ON x.release = r.step
              WHERE {_WAITS} AND {seen} AND {where} LIMIT ?) AS few
            GROUP BY few.party ORDER BY few.party""",
        (*mine, *values, most + 1),
    )
    return {str(party): int(str(number)) for party, number in rows}


def _where(wanted: Wanted) -> tuple[str, list[Value]]:
    parts, values = ["1 = 1"], list[Value]()
    if wanted.whose in _WHOSE:
        parts.append(_WHOSE[wanted.whose])
        values.append(wanted.person)
    if wanted.party:
        parts.append("x.party = ?")
        values.append(wanted.party)
    return " AND ".join(parts), values


def chains_awaiting(board: Board, viewer: Viewer, now: int, most: int) -> list[InwardRound]:
    """The open rounds about roots that this viewer may see, oldest first, at most so many."""
    seen, mine = release_filter(board, viewer, now)
    columns = ", ".join(f"i.{name.strip()}" for name in inward.COLUMNS.split(","))
    rows = board.db.rows(
        f"""SELECT {columns} FROM waits r JOIN inward i ON i.round = r.step
            WHERE r.why <> '{ARRIVAL}' AND r.why = '{INWARD}' AND {seen}
            ORDER BY i.id LIMIT ?""",
        (*mine, most),
    )
    return [inward.round_of(row) for row in rows]
