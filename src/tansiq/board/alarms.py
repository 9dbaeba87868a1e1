"""What people must hear, and what became of the ways in which they sign on, as the board keeps it.

The links page and the auditor's page ask here; the journal holds both.
"""

import json
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import item_at, text_of
from tansiq.log.database import Row


def newest(board: Board, party: str, limit: int) -> list[Row]:
    """The newest alarms about a partner: code, values as JSON, moment."""
    return board.db.rows(
        "SELECT code, text, at FROM alarm WHERE party = ? ORDER BY id DESC LIMIT ?", (party, limit)
    )


def unseen(board: Board, codes: Sequence[str], limit: int) -> list[Row]:
    """The newest alarms with these codes that nobody has marked as seen: party, code, values as
    JSON, moment.
    """
    marks = ",".join("?" * len(codes))
    return board.db.rows(
        f"""SELECT party, code, text, at FROM alarm WHERE seen_at = 0 AND code IN ({marks})
            ORDER BY id DESC LIMIT ?""",
        (*codes, limit),
    )


def rang_since(board: Board, party: str, code: str, moment: int) -> bool:
    """Whether this alarm about a partner was raised after ``moment``."""
    return bool(
        board.db.rows(
            "SELECT text FROM alarm WHERE party = ? AND code = ? AND at > ?", (party, code, moment)
        )
    )


def revoked_speaks(board: Board, party: str, public: bytes) -> bool:
    """Whether people have heard that a partner's node goes on with this key, though revoked."""
    return bool(
        board.db.rows(
            """SELECT 1 FROM alarm a JOIN revocation r ON r.party = a.party AND r.public = ?
               WHERE a.party = ? AND a.code = 'revoked_speaks' AND a.at >= r.at""",
            (public.hex(), party),
        )
    )


def sign_ons(board: Board, limit: int) -> list[Row]:
    """The newest events of sign-on: event, person, actor as JSON, moment."""
    return board.db.rows(
        "SELECT event, person, actor, at FROM sign_on_event ORDER BY id DESC LIMIT ?", (limit,)
    )


def _alarm(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO alarm (party, code, text, at, seen_at) VALUES (?, ?, ?, ?, 0)",
        (
            text_of(item, "party"),
            text_of(item, "code"),
            json.dumps(item["values"], sort_keys=True),
            item_at(item),
        ),
    )


def _seen(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE alarm SET seen_at = ? WHERE party = ? AND seen_at = 0",
        (item_at(item), text_of(item, "party")),
    )


Handler: TypeAlias = Callable[[Board, int, Item], None]

JOURNAL_ALARMS: Final[dict[str, Handler]] = {"alarm": _alarm, "seen": _seen}
