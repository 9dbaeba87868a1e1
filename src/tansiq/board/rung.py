"""Folding what rang, who heard it, who is on duty and who was telephoned."""

import json
from collections.abc import Callable, Sequence
from typing import Final

from tansiq.board import waits
from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import in_parts, item_at, number_of, text_of, texts_of
from tansiq.domain.attention import Bell, Past, Wait
from tansiq.domain.escalation import Rung
from tansiq.log.canonical import JSON

Handler = Callable[[Board, int, Item], None]


def named(wait: Wait) -> dict[str, JSON]:
    """How an entry of the journal names a wait."""
    return {"about": wait.about, "why": wait.why, "seat": wait.seat, "step": wait.step}


def _waits(item: Item) -> list[Item]:
    found = item["waits"]
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]


def _numbers(board: Board, one: Item) -> list[int]:
    wait = Wait(
        seat=text_of(one, "seat"), about=text_of(one, "about"), why=text_of(one, "why"),
        step=text_of(one, "step"), since=0,
    )  # fmt: skip
    return waits.numbers_of(board, wait)


def _rang(board: Board, seq: int, item: Item) -> None:
    board.db.many(
        """INSERT INTO rung (wait, bell, position, level, heard_at) VALUES (?, ?, ?, ?, 0)
           ON CONFLICT (wait, bell, position) DO UPDATE SET level = excluded.level""",
        [
            (number, text_of(one, "bell"), position, text_of(one, "level"))
            for one in _waits(item)
            for number in _numbers(board, one)
            for position in texts_of(one, "to")
        ],
    )


def _heard(board: Board, seq: int, item: Item) -> None:
    """What came of a sealed check waits for no more than to be heard."""
    for one in _waits(item):
        for number in _numbers(board, one):
            if text_of(one, "why") == waits.CHECKED:
                waits.drop(board, "id = ?", (number,))
                continue
            board.db.run(
                "UPDATE rung SET heard_at = ? WHERE wait = ? AND bell = ? AND heard_at = 0",
                (item_at(item), number, text_of(one, "bell")),
            )


def _noted(board: Board, seq: int, item: Item) -> None:
    for one in _waits(item):
        for number in _numbers(board, one):
            waits.drop(board, "id = ?", (number,))


def _duty(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        """INSERT INTO duty (position, post) VALUES (?, ?)
           ON CONFLICT (position) DO UPDATE SET post = excluded.post""",
        (text_of(item, "position"), text_of(item, "post")),
    )


def _called(board: Board, seq: int, item: Item) -> None:
    for number in _numbers(board, item):
        board.db.run(
            """INSERT INTO called (wait, seq, position, result, at, called_by)
               VALUES (?, ?, ?, ?, ?, ?)""",
            (
                number, seq, text_of(item, "position"), text_of(item, "result"),
                number_of(item, "at"), json.dumps(item["by"], sort_keys=True),
            ),
        )  # fmt: skip


JOURNAL_ATTENTION: Final[dict[str, Handler]] = {
    "rang": _rang,
    "heard": _heard,
    "noted": _noted,
    "duty": _duty,
    "called": _called,
}


def past_of(board: Board, found: Sequence[waits.Held]) -> Past:
    """How these waits rang, and what of that was heard."""
    ids = {one.number: one.wait.id for one in found}
    before = Past()
    for marks, part in in_parts(ids):
        rows = board.db.rows(
            f"SELECT wait, bell, position, level, heard_at FROM rung WHERE wait IN ({marks})", part
        )
        for number, bell, position, level, heard in rows:
            key = ids[int(str(number))], Bell(str(bell))
            before.rung.setdefault(key, set()).add(str(position))
            if level == Rung.TELEPHONE:
                before.telephoned.add(key)
            if int(str(heard)):
                before.heard.add(key)
    return before
