"""Rows of the board: how a chunk and a received release stand in the tables, and how an entry's
members are read. Shared by the folding of the journal and of a partner's feed.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

from tansiq.board.board import Board, key_of
from tansiq.board.reading import Item
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError

_Asked = TypeVar("_Asked", str, int)
ASKED_AT_ONCE: Final = 500  # values in one statement


def in_parts(values: Iterable[_Asked]) -> Iterable[tuple[str, tuple[_Asked, ...]]]:
    """The values in parts of bounded size, each with its marks for ``IN (...)``."""
    ordered = sorted(values)
    for at in range(0, len(ordered), ASKED_AT_ONCE):
        part = tuple(ordered[at : at + ASKED_AT_ONCE])
        yield ",".join("?" * len(part)), part


def keep_chunk(board: Board, owner: str, item: Item, log: int, seq: int) -> None:
    """Remember where a part of an attachment stands, and how many bytes it is."""
    key, release = key_of(owner, text_of(item, "record")), text_of(item, "release")
    board.db.run(
        """INSERT INTO chunk (record, release, n, log, seq, bytes) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (record, release, n, log) DO UPDATE
             SET seq = excluded.seq, bytes = excluded.bytes""",
        (key, release, number_of(item, "n"), log, seq, number_of(item, "bytes")),
    )


def ensure_received(board: Board, item: Item) -> None:
    """Make the row of a partner's release where there is none: a recall may come before what it
    recalls. One of which the record was not said yet is of the record that is said first.
    """
    board.db.run(
        """INSERT INTO received (release, record, owner, seq, at, read_at, read_by,
             recalled_at, recall_reason, purged_at, expires)
           VALUES (?, ?, ?, -1, 0, 0, '', 0, '', 0, 0)
           ON CONFLICT (release) DO UPDATE SET record = excluded.record
             WHERE received.record = excluded.owner || '/'""",
        (
            text_of(item, "release"), key_of(text_of(item, "owner"), text_of(item, "record")),
            text_of(item, "owner"),
        ),
    )  # fmt: skip


def item_at(item: Item) -> int:
    """When an entry was made, in milliseconds."""
    return number_of(item, "at")


def partner_moment(sent: Item) -> int:
    """As :func:`item_at`, of a partner: within the calendar."""
    at = number_of(sent, "at")
    if not 0 <= at <= BOUNDS.moment_max:
        raise InputError("entry_form", field="at")
    return at


def text_of(item: Item, name: str) -> str:
    """A member that must be text. Raises InputError."""
    value = item.get(name)
    if not isinstance(value, str):
        raise InputError("entry_form", field=name)
    return value


def texts_of(item: Item, name: str) -> list[str]:
    """A member that must be a list of texts. Raises InputError."""
    value = item.get(name)
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise InputError("entry_form", field=name)
    return [str(part) for part in value]


def number_of(item: Item, name: str) -> int:
    """A member that must be a whole number. Raises InputError."""
    value = item.get(name)
    if type(value) is not int:
        raise InputError("entry_form", field=name)
    return value
