"""The tally: how many records stand under each label, by kind, state, severity and category.

What a page says in numbers is added up from a few rows of it instead of counted over a hundred
thousand. It is derived like every table of the board, kept in the transaction that changes the
records, and counted per label, so that a viewer's total is a sum over what that viewer may see.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final, TypeAlias

from tansiq.board.board import Board

# kind, label, state, severity, category: the columns by which lists count
Place: TypeAlias = tuple[str, int, str, str, str]
COLUMNS: Final = "kind, label, state, severity, category"


def place_of(row: tuple[object, ...]) -> Place:
    """Where a record counts, from its ``COLUMNS``."""
    kind, label, state, severity, category = row
    return str(kind), int(str(label)), str(state), str(severity), str(category)


def moved(board: Board, gone: Iterable[Place], come: Iterable[Place]) -> None:
    """Count a batch of records out of where they stood and into where they stand now.

    Call it inside the transaction that changes their rows; one call for a whole batch costs a
    statement or two, however many records it moves.
    """
    change = Counter(come)
    change.subtract(Counter(gone))
    rows = [(*place, by) for place, by in sorted(change.items()) if by]
    if not rows:
        return
    board.db.many(
        f"""INSERT INTO tally ({COLUMNS}, n) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT ({COLUMNS}) DO UPDATE SET n = tally.n + excluded.n""",
        rows,
    )
    left = [row[:5] for row in rows if row[5] < 0]
    if left:
        board.db.many(
            """DELETE FROM tally WHERE kind = ? AND label = ? AND state = ? AND severity = ?
                 AND category = ? AND n = 0""",
            left,
        )
