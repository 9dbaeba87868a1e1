"""The own items of this node as its journal last said them: one whole list, which replaces the one
before.
"""

from collections.abc import Callable
from typing import Final, cast

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.log.canonical import decode_object, encode


def _said(board: Board, seq: int, item: Item) -> None:
    board.db.run("DELETE FROM own_item")
    board.db.many(
        "INSERT INTO own_item (code, said) VALUES (?, ?)",
        [
            (str(one["code"]), encode(one).decode("utf-8"))
            for one in cast("list[Item]", item["items"])
        ],
    )


def said(board: Board) -> list[Item]:
    """Every own item, as the journal says it."""
    rows = board.db.rows("SELECT said FROM own_item ORDER BY code")
    return [decode_object(str(row[0]).encode("utf-8")) for row in rows]


JOURNAL_CATALOGUE: Final[dict[str, Callable[[Board, int, Item], None]]] = {"catalogue": _said}
