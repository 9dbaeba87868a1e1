"""The tally: how many records stand under each label, by kind and state, and by each facet apart.

What a page says in numbers is added up from a few rows of it instead of counted over a hundred
thousand. It is derived like every table of the board, kept in the transaction that changes the
records, and counted per label, so that a viewer's total is a sum over what that viewer may see.
Each facet is counted by itself: a product of all of them would have more rows than records.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from tansiq.board.board import Board
from tansiq.domain.kinds import kind_named

# kind, label, state and the facets: what a record is counted by
Place: TypeAlias = tuple[str, int, str, tuple[int, ...]]
# kind, label, facet (0 = all records), value, state
Count: TypeAlias = tuple[str, int, int, int, str]
COLUMNS: Final = "kind, label, state, f1, f2, f3, f4, f5, f6"


def place_of(row: Sequence[object]) -> Place:
    """Where a record counts, from its ``COLUMNS``."""
    kind, label, state, *facets = row
    return str(kind), int(str(label)), str(state), tuple(int(str(n)) for n in facets)


def moved(board: Board, gone: Iterable[Place], come: Iterable[Place]) -> None:
    """Count a batch of records out of where they stood and into where they stand now.

    Call it inside the transaction that changes their rows; one call for a whole batch costs a
    statement or two, however many records it moves.
    """
    places = Counter(come)
    places.subtract(Counter(gone))
    change: dict[Count, int] = {}
    for (kind, label, state, facets), by in places.items():
        if by:
            key = (kind, label, 0, 0, state)
            change[key] = change.get(key, 0) + by
            for facet in kind_named(kind).counted:
                key = (kind, label, facet, facets[facet - 1], state)
                change[key] = change.get(key, 0) + by
    rows = [(*key, by) for key, by in sorted(change.items()) if by]
    if not rows:
        return
    board.db.many(
        """INSERT INTO tally (kind, label, facet, value, state, n) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (kind, label, facet, value, state) DO UPDATE SET n = tally.n + excluded.n""",
        rows,
    )
    left = [row[:5] for row in rows if row[5] < 0]
    if left:
        board.db.many(
            """DELETE FROM tally WHERE kind = ? AND label = ? AND facet = ? AND value = ?
                 AND state = ? AND n = 0""",
            left,
        )
