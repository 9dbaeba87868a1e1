"""What a short code may mean: the records whose ids begin alike.

Whoever finds a record by five characters asks here. Only what the viewer may see is looked at, so
that a bound never lets what is withheld hide what is not.
"""

from typing import Final

from tansiq.board.board import Board
from tansiq.board.visible_labels import visible_to
from tansiq.domain.parties import PartyCode, Viewer

# Of one owner: five characters are one of 33 million, and who draws ids that begin alike on purpose
# hides nobody's records but its own.
ALIKE_MAX: Final = 100
# The filter compares and leads to no index: what begins alike is little, what one may see is not.
_ROW: Final = "+r"


def records(
    board: Board, viewer: Viewer, ids: tuple[str, str], now: int
) -> list[tuple[PartyCode, str]]:
    """The records whose ids stand from the first of ``ids`` up to the second: owner and id of
    each. A file may stand under more labels than its own: it is opened before it is shown.
    """
    seen, values = visible_to(board, viewer).where(board.db.dialect, now, table=_ROW)
    found: list[tuple[PartyCode, str]] = []
    for owner in sorted({owner for owner, _ in board.labels().values()}):
        first, end = (f"{owner}/{one}" for one in ids)
        rows = board.db.rows(
            f"""SELECT r.record FROM record r WHERE r.record >= ? AND r.record < ? AND {seen}
                ORDER BY r.record LIMIT ?""",
            (first, end, *values, ALIKE_MAX),
        )
        found += ((PartyCode(owner), str(row[0]).partition("/")[2]) for row in rows)
    return found
