"""What overtakes in our feeds: urgent entries go before those that nobody has signed yet.

``desk.release.hastening`` asks here; ``fold`` moves the places that the tables remember.
"""

from collections.abc import Callable, Sequence
from typing import Final

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import in_parts, number_of, text_of

# The columns that say where an entry of the feed to a party stands.
_PLACES: Final = (("release", "feed_seq"), ("release", "recall_seq"), ("papers_sent", "seq"))


def before(board: Board, party: str, first: int, seqs: Sequence[int]) -> list[tuple[str, int]]:
    """Earlier releases of the records that these entries release, which stand from ``first`` on and
    have to stay before them; with their places.
    """
    found: list[tuple[str, int]] = []
    for marks, part in in_parts(seqs):
        rows = board.db.rows(
            f"""SELECT o.release, o.feed_seq FROM release x JOIN release o
                  ON o.record = x.record AND o.party = x.party AND o.feed_seq < x.feed_seq
                WHERE x.party = ? AND x.feed_seq IN ({marks}) AND o.feed_seq >= ?
                  AND o.recalled_at = 0""",
            (party, *part, first),
        )
        found += [(str(release), int(str(seq))) for release, seq in rows]
    return found


def _overtook(board: Board, seq: int, item: Item) -> None:
    """Entries of the feed to a party have moved: some to its front, the others behind them."""
    party, first, ahead = text_of(item, "party"), number_of(item, "first"), item["ahead"]
    assert isinstance(ahead, list)
    moved = [int(str(one)) for one in ahead]
    spans = list(zip([first, *(one + 1 for one in moved)], [*moved, None], strict=True))
    for table, column in _PLACES:
        update = f"UPDATE {table} SET {column} = ? WHERE party = ? AND {column} = ?"
        board.db.many(update, [(-new - 1, party, old) for new, old in enumerate(moved, first)])
        for further, (begin, end) in reversed(list(enumerate(spans))):
            bound = "" if end is None else f"AND {column} < {end}"
            board.db.run(
                f"""UPDATE {table} SET {column} = -({column} + ?) - 1
                    WHERE party = ? AND {column} >= ? {bound}""",
                (len(moved) - further, party, begin),
            )
        board.db.run(
            f"UPDATE {table} SET {column} = -{column} - 1 WHERE party = ? AND {column} < 0",
            (party,),
        )


JOURNAL_OVERTAKING: Final[dict[str, Callable[[Board, int, Item], None]]] = {"overtook": _overtook}
