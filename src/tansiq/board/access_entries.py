"""What an entry of the access log does to the board's tables."""

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import number_of, text_of, texts_of


def fold_access(board: Board, seq: int, item: Item) -> None:
    """Index one entry by whom and by what. Call it inside the transaction that appended it."""
    board.db.run(
        "INSERT INTO access_entry (seq, at, position, person, act) VALUES (?, ?, ?, ?, ?)",
        (
            seq,
            number_of(item, "at"),
            text_of(item, "position"),
            text_of(item, "person"),
            text_of(item, "act"),
        ),
    )
    shown = {tuple(text.split("@", 1)) for text in texts_of(item, "items")}
    board.db.many(
        "INSERT INTO access_record (record, seq, edition) VALUES (?, ?, ?)",
        [(record, seq, edition) for record, edition in sorted(shown)],
    )
