"""Which forms were saved already: a form that is sent again saves nothing again.

Not folded and not truth (``node_state``): a token, what the form held as a hash, and where its
sender went. ``desk.act.once`` asks here, inside the transaction of the act that the form wants.
"""

from typing import Final

from tansiq.board.board import Board
from tansiq.domain.bounds import BOUNDS

_FLOOR: Final = ""  # the row that says since when tokens count; no token is empty


def saved(board: Board, token: str) -> tuple[str, str] | None:
    """The hash of what a form held when it was saved, and its answer; None where it was not."""
    rows = board.db.rows("SELECT digest, answer FROM sent_form WHERE token = ?", (token,))
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def counts_since(board: Board, now: int) -> int:
    """Tokens that were made by then (ms) count no more: what was saved with them is forgotten."""
    rows = board.db.rows("SELECT made FROM sent_form WHERE token = ?", (_FLOOR,))
    return max(now - BOUNDS.form_ms, int(rows[0][0] or 0) if rows else 0)


def keep(board: Board, token: str, digest: str, answer: str, *, made: int, now: int) -> None:
    """Remember a form as saved, and forget those whose tokens count no more. Call it inside the
    act that saves it.
    """
    forget(board, token)
    board.db.run(
        "INSERT INTO sent_form (token, digest, answer, made) VALUES (?, ?, ?, ?)",
        (token, digest, answer, made),
    )
    board.db.run(
        "DELETE FROM sent_form WHERE made <= ? AND token <> ?", (now - BOUNDS.form_ms, _FLOOR)
    )
    rows = board.db.rows("SELECT COUNT(*) FROM sent_form WHERE token <> ?", (_FLOOR,))
    if int(rows[0][0] or 0) > BOUNDS.forms_max:
        _forget_oldest(board)


def _forget_oldest(board: Board) -> None:
    """Make room: of the oldest half neither the rows are kept nor do their tokens count."""
    rows = board.db.rows(
        "SELECT made FROM sent_form WHERE token <> ? ORDER BY made DESC LIMIT 1 OFFSET ?",
        (_FLOOR, BOUNDS.forms_max // 2),
    )
    floor = int(rows[0][0] or 0)
    board.db.run("DELETE FROM sent_form WHERE made <= ?", (floor,))
    board.db.run(
        "INSERT INTO sent_form (token, digest, answer, made) VALUES (?, '', '', ?)",
        (_FLOOR, floor),
    )


def answer(board: Board, token: str, text: str) -> None:
    """Remember where the sender of a saved form went. Call it inside a transaction."""
    board.db.run("UPDATE sent_form SET answer = ? WHERE token = ?", (text, token))


def forget(board: Board, token: str) -> None:
    """Forget a form: it may be sent again. Call it inside a transaction."""
    board.db.run("DELETE FROM sent_form WHERE token = ?", (token,))
