"""Folding what a node that went back to an older state finds out and gets back."""

from collections.abc import Callable
from typing import Final

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import number_of, text_of

Handler = Callable[[Board, int, Item], None]


def _rewound(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE partner SET rewound = ? WHERE party = ?",
        (number_of(item, "size"), text_of(item, "party")),
    )


def _recovered(board: Board, seq: int, item: Item) -> None:
    """The feed has its old entries back: what stood there has moved, or was one of them.

    The entries that say what was released and recalled there follow in the journal.
    """
    party, size = text_of(item, "party"), number_of(item, "size")
    first, kept = number_of(item, "first"), item["kept"]
    assert isinstance(kept, list)
    board.db.run(
        """UPDATE release SET feed_seq = NULL, superseded_at = 0
           WHERE party = ? AND feed_seq >= ?""",
        (party, first),
    )
    papers = board.db.rows(
        "SELECT seq, paper FROM papers_sent WHERE party = ? AND seq >= ?", (party, first)
    )
    board.db.run("DELETE FROM papers_sent WHERE party = ? AND seq >= ?", (party, first))
    moved = {int(str(old)): size + place for place, old in enumerate(kept)}
    board.db.many(
        "INSERT INTO papers_sent (party, seq, paper) VALUES (?, ?, ?)",
        [(party, moved[int(str(old))], paper) for old, paper in papers if old in moved],
    )
    for old, new in sorted(moved.items(), reverse=True):  # they move up: nothing is overwritten
        board.db.run(
            "UPDATE release SET recall_seq = ? WHERE party = ? AND recall_seq = ?",
            (new, party, old),
        )
    board.db.run(
        "INSERT INTO recovered (party, first, size) VALUES (?, ?, ?)",
        (party, first, size),
    )
    bare = item["bare"]
    assert isinstance(bare, list)
    board.db.many(
        "INSERT INTO bare (party, seq) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(party, int(str(place))) for place in bare],
    )
    board.db.run("UPDATE partner SET rewound = 0 WHERE party = ? AND rewound <= ?", (party, size))


JOURNAL_ROLLBACK: Final[dict[str, Handler]] = {"rewound": _rewound, "recovered": _recovered}
