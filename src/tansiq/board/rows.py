"""Rows of the board: how an edition, a chunk and a received release stand in the tables, and how an
entry's members are read. Shared by the folding of the journal and of a partner's feed.
"""

from collections.abc import Iterable
from typing import TypeAlias

from tansiq.board.board import Board, cell_of, key_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind
from tansiq.domain.places import place_from_json
from tansiq.domain.records import Body, Edition, WireEdition
from tansiq.domain.search import fold as folded
from tansiq.log.canonical import JSON

Item: TypeAlias = dict[str, JSON]


def put(
    board: Board, kind: Kind, edition: Edition | WireEdition, *, log: int, seq: int,
    received: str | None,
) -> None:  # fmt: skip
    """Keep an edition, and let the record's row stand for it."""
    board.db.run(
        "INSERT INTO edition (record, log, seq, received) VALUES (?, ?, ?, ?)",
        (key_of(edition.owner, edition.record), log, seq, received),
    )
    point(board, kind, edition, log=log, seq=seq, received=received)


def point(
    board: Board, kind: Kind, edition: Edition | WireEdition, *, log: int, seq: int,
    received: str | None,
) -> None:  # fmt: skip
    """Let the record's row stand for this edition."""
    body, label, at = edition.body, edition.label, edition.at
    key = key_of(edition.owner, edition.record)
    lat, lon = _position(kind, body)
    count = board.db.rows("SELECT COUNT(*) FROM edition WHERE record = ?", (key,))
    row = (
        edition.owner, kind.name, edition.state, board.label_id(edition.owner, label),
        label.embargo, label.expires, kind.when(body, at), at, lat, lon, cell_of(lat, lon),
        str(body.get("severity", "")), str(body.get("category", "")), log, seq, count[0][0],
        received,
    )  # fmt: skip
    board.db.run(
        """INSERT INTO record (owner, kind, state, label, embargo, expires, moment, at, lat, lon,
             cell, severity, category, log, seq, editions, received, record)
           VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
           ON CONFLICT (record) DO UPDATE SET owner=excluded.owner, kind=excluded.kind,
             state=excluded.state, label=excluded.label, embargo=excluded.embargo,
             expires=excluded.expires, moment=excluded.moment, at=excluded.at, lat=excluded.lat,
             lon=excluded.lon, cell=excluded.cell, severity=excluded.severity,
             category=excluded.category, log=excluded.log, seq=excluded.seq,
             editions=excluded.editions, received=excluded.received""",
        (*row, key),
    )
    found = board.db.rows("SELECT id FROM record WHERE record = ?", (key,))
    board.db.run("DELETE FROM search WHERE rowid = ?", (found[0][0],))
    board.db.run(
        "INSERT INTO search (rowid, words) VALUES (?, ?)",
        (found[0][0], folded(kind.search_text(body))),
    )
    board.db.run("DELETE FROM link WHERE source = ?", (key,))
    board.db.many(
        "INSERT OR IGNORE INTO link (source, field, target) VALUES (?, ?, ?)",
        ((key, field, target) for field, target in _links(kind, body)),
    )


def _position(kind: Kind, body: Body) -> tuple[int | None, int | None]:
    """Keep an edition, and let the record's row stand for it."""
    value = body.get(kind.place) if kind.place else None
    if value is None:
        return None, None
    place = place_from_json(value)
    return place.lat, place.lon


def _links(kind: Kind, body: Body) -> Iterable[tuple[str, str]]:
    for field in kind.fields:
        value = body.get(field.name)
        if field.type in ("records", "attachments") and isinstance(value, list):
            yield from ((field.name, str(item)) for item in value)
        elif field.type == "record" and isinstance(value, str):
            yield field.name, value


def keep_chunk(board: Board, owner: str, item: Item, log: int, seq: int) -> None:
    """Remember where a part of an attachment stands."""
    key, release = key_of(owner, text_of(item, "record")), text_of(item, "release")
    board.db.run(
        "INSERT OR REPLACE INTO chunk (record, release, n, log, seq) VALUES (?, ?, ?, ?, ?)",
        (key, release, number_of(item, "n"), log, seq),
    )


def ensure_received(board: Board, item: Item) -> None:
    """Make the row of a partner's release where there is none: a recall may come before what it
    recalls.
    """
    board.db.run(
        """INSERT OR IGNORE INTO received (release, record, owner, seq, at, read_at, read_by,
             recalled_at, recall_reason, purged_at, expires)
           VALUES (?, ?, ?, -1, 0, 0, '', 0, '', 0, 0)""",
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
