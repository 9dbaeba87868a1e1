"""What stood before: rows of editions that a newer one took the place of.

``current_rows`` keeps the rows, ``as_of`` asks for them. What must hold: what is
withdrawn is gone from here too, and folding the logs anew gives the same rows.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tansiq.board.board import Board, turn_of
from tansiq.domain.kinds import KINDS
from tansiq.log.database import Value

if TYPE_CHECKING:
    from tansiq.board.current_rows import CurrentRow

_COLUMNS: Final = (
    "record, kind, state, label, came, moment, turn, lat, lon, due, f1, f2, f3, f4, f5, f6, log,"
    " seq, received, words"
)
# Under its own label: that of the row may be stricter for an edition that is held.
_COPY: Final = f"""INSERT INTO superseded ({_COLUMNS})
    SELECT r.id, r.kind, {{state}}, h.label, r.came, r.moment, r.turn, r.lat, r.lon, r.due,
      r.f1, r.f2, r.f3, r.f4, r.f5, r.f6, r.log, r.seq, r.received, s.words
    FROM record r JOIN edition h ON h.record = r.id AND h.log = r.log AND h.seq = r.seq
      JOIN search s ON s.rowid = r.id WHERE r.id = ?"""
_INSERT: Final = f"""INSERT INTO superseded ({_COLUMNS})
    VALUES ({", ".join("?" * len(_COLUMNS.split(",")))})"""


def keep(board: Board, replaced: Sequence[int], passed: Sequence[tuple["CurrentRow", int]]) -> None:
    """Keep the rows of these records as they stand, and after them the editions of a run that never
    stood because a newer one came with them, each with the number of its record.
    """
    if replaced:
        copy = _COPY.format(state=_said_state())
        board.db.many(copy, [(number,) for number in replaced])
    if passed:
        board.db.many(_INSERT, [_row(board, one, number) for one, number in passed])


def _said_state() -> str:
    """What an edition says of its state, as SQL over ``record``: of a case the first stage.
    Where it stood is in ``stage``, and in the row only what is known by now.
    """
    lanes = [
        f"WHEN '{name}' THEN '{kind.states[0]}'"
        for name, kind in sorted(KINDS.items())
        if kind.staged
    ]
    return f"CASE r.kind {' '.join(lanes)} ELSE r.state END" if lanes else "r.state"


def _row(board: Board, one: "CurrentRow", number: int) -> tuple[Value, ...]:
    derived = one.derived
    return (
        number, one.kind.name, one.state, one.label_id(board), one.came, derived.order,
        turn_of(one.key), derived.lat, derived.lon, derived.due, *derived.facets, one.log, one.seq,
        one.received, derived.words,
    )  # fmt: skip


def drop(board: Board, where: str, values: Sequence[Value]) -> None:
    """Keep no longer the rows of which this condition holds: withdrawn, or standing again."""
    board.db.run(f"DELETE FROM superseded WHERE {where}", values)
