"""Folding: what each journal entry does to the board's tables.

The journal alone gives the order. Entries of a partner's feed are folded where the journal says
"accepted", so that folding again from nothing gives the same tables. Inside one accepted run,
recalls go before what they recall.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from tansiq.board.board import Board, cell_of, key_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.labels import label_from_json
from tansiq.domain.parties import PartyCode, position_code
from tansiq.domain.places import place_from_json
from tansiq.domain.records import (
    RECALL_REASONS,
    Body,
    Edition,
    WireEdition,
    edition_from_json,
    record_id,
    wire_from_json,
)
from tansiq.domain.search import fold as folded
from tansiq.log.canonical import JSON, decode_object
from tansiq.log.store import JOURNAL, Entry, in_log
from tansiq.policy.agreement import PURPOSES

Item: TypeAlias = dict[str, JSON]
CHUNKS_MAX: Final = -(-BOUNDS.attachment_bytes_max // BOUNDS.chunk_bytes_max)


def fold(board: Board, seq: int, item: Item) -> None:
    """Apply one journal entry. Call it inside the transaction that appended it."""
    handler = _JOURNAL.get(str(item["type"]))
    if handler is not None:
        handler(board, seq, item)


def _edition(board: Board, seq: int, item: Item) -> None:
    edition = edition_from_json(dict(item), board.me)
    kind = KINDS.get(edition.kind)
    if kind is None:
        return
    _put(board, kind, edition, log=board.store.id_of(JOURNAL), seq=seq, received=None)
    reference = edition.body.get("source_ref")
    if isinstance(reference, str):
        board.db.run(
            "INSERT OR IGNORE INTO reference (reference, record) VALUES (?, ?)",
            (reference, key_of(board.me, edition.record)),
        )


def _put(
    board: Board, kind: Kind, edition: Edition | WireEdition, *, log: int, seq: int,
    received: str | None,
) -> None:  # fmt: skip
    board.db.run(
        "INSERT INTO edition (record, log, seq, received) VALUES (?, ?, ?, ?)",
        (key_of(edition.owner, edition.record), log, seq, received),
    )
    _point(board, kind, edition, log=log, seq=seq, received=received)


def _point(
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


def _chunk(board: Board, seq: int, item: Item) -> None:
    _keep_chunk(board, board.me, {**item, "release": ""}, board.store.id_of(JOURNAL), seq)


def _keep_chunk(board: Board, owner: str, item: Item, log: int, seq: int) -> None:
    key, release = key_of(owner, _text(item, "record")), _text(item, "release")
    board.db.run(
        "INSERT OR REPLACE INTO chunk (record, release, n, log, seq) VALUES (?, ?, ?, ?, ?)",
        (key, release, _number(item, "n"), log, seq),
    )


def _prepared(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        """INSERT INTO release (release, record, party, rule, edition, journal, automatic, second,
             prepared_by, prepared_at, approved_by, approved_at, declined_at, due, feed_seq,
             released_at, delivered_at, read_at, read_by, superseded_at, recalled_at,
             recall_reason, recall_seq, recall_delivered_at, purged_at, purged_read_by,
             purged_cause, expires)
           VALUES (?,?,?,?,?,?,?,?,?,?,'',0,0,?,NULL,0,0,0,'',0,0,'',NULL,0,0,'','',?)""",
        (
            _text(item, "release"), key_of(board.me, _text(item, "record")), _text(item, "to"),
            _text(item, "rule"),
            _number(item, "n"), seq, int(bool(item["automatic"])), int(bool(item["second"])),
            json.dumps(item["by"], sort_keys=True), _number(item, "at"), _number(item, "due"),
            _number(item, "expires"),
        ),
    )  # fmt: skip


def _approved(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE release SET approved_by = ?, approved_at = ? WHERE release = ?",
        (json.dumps(item["by"], sort_keys=True), item_at(item), _text(item, "release")),
    )


def _declined(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE release SET approved_by = ?, declined_at = ? WHERE release = ?",
        (json.dumps(item["by"], sort_keys=True), item_at(item), _text(item, "release")),
    )


def _released(board: Board, seq: int, item: Item) -> None:
    release, at = _text(item, "release"), item_at(item)
    board.db.run(
        """UPDATE release SET superseded_at = ? WHERE superseded_at = 0 AND recalled_at = 0
             AND feed_seq IS NOT NULL AND (record, party) =
             (SELECT record, party FROM release WHERE release = ?)""",
        (at, release),
    )
    board.db.run(
        "UPDATE release SET feed_seq = ?, released_at = ? WHERE release = ?",
        (_number(item, "seq"), at, release),
    )


def _recall(board: Board, seq: int, item: Item) -> None:
    for release in _texts(item, "releases"):
        board.db.run(
            "UPDATE release SET recalled_at = ?, recall_reason = ?, recall_seq = ? WHERE release = ?",
            (item_at(item), _text(item, "reason"), _number(item, "seq"), release),
        )


def _read(board: Board, seq: int, item: Item) -> None:
    _ensure_received(board, item)
    board.db.run(
        """UPDATE received SET read_at = CASE read_at WHEN 0 THEN ? ELSE read_at END,
             read_by = TRIM(read_by || ' ' || ?) WHERE release = ?""",
        (item_at(item), _text(item, "position"), _text(item, "release")),
    )


def _ensure_received(board: Board, item: Item) -> None:
    board.db.run(
        """INSERT OR IGNORE INTO received (release, record, owner, seq, at, read_at, read_by,
             recalled_at, recall_reason, purged_at, expires)
           VALUES (?, ?, ?, -1, 0, 0, '', 0, '', 0, 0)""",
        (
            _text(item, "release"), key_of(_text(item, "owner"), _text(item, "record")),
            _text(item, "owner"),
        ),
    )  # fmt: skip


def _purged(board: Board, seq: int, item: Item) -> None:
    _ensure_received(board, item)
    release, owner = _text(item, "release"), _text(item, "owner")
    board.db.run(
        """UPDATE received SET purged_at = ?, seq = -1, at = 0, expires = 0, label = ?
           WHERE release = ?""",
        (item_at(item), _label_kept(board, item), release),
    )
    board.db.run(
        "DELETE FROM content WHERE release = ? AND log = ?",
        (release, board.store.id_of(in_log(owner))),
    )
    withdraw(board, release, key_of(owner, _text(item, "record")))


def _label_kept(board: Board, item: Item) -> int | None:
    """Under which label the erased release stood: who could have it may know that it is gone."""
    label = item.get("label")
    if label is None:
        return None
    return board.label_id(PartyCode(_text(item, "owner")), label_from_json(label))


def withdraw(board: Board, release: str, record: str) -> None:
    """Take a partner's release off the board; an older edition that is still
    released stands again.
    """
    board.db.run("DELETE FROM edition WHERE received = ?", (release,))
    board.db.run("DELETE FROM chunk WHERE record = ? AND release = ?", (record, release))
    left = board.db.rows(
        """SELECT e.log, e.seq, e.received, n.data, g.owner FROM edition e
             JOIN entry n ON n.log = e.log AND n.seq = e.seq
             JOIN received g ON g.release = e.received
           WHERE e.record = ? AND n.data IS NOT NULL ORDER BY e.seq DESC LIMIT 1""",
        (record,),
    )
    if left:
        log, seq, received, data, owner = left[0]
        assert isinstance(data, bytes) and isinstance(log, int) and isinstance(seq, int)
        wire = wire_from_json(dict(decode_object(data)), PartyCode(str(owner)))
        wire = _checked(KINDS[wire.kind], wire)
        _point(board, KINDS[wire.kind], wire, log=log, seq=seq, received=str(received))
        return
    found = board.db.rows("SELECT id FROM record WHERE record = ?", (record,))
    if found:
        board.db.run("DELETE FROM search WHERE rowid = ?", (found[0][0],))
        board.db.run("DELETE FROM record WHERE id = ?", (found[0][0],))
    board.db.run("DELETE FROM link WHERE source = ?", (record,))


def _accepted(board: Board, seq: int, item: Item) -> None:
    party = PartyCode(_text(item, "feed"))
    begin = board.db.rows("SELECT accepted FROM partner WHERE party = ?", (party,))
    start = int(begin[0][0] or 0) if begin else 0
    entries = board.store.read(in_log(party), start, _number(item, "size"))
    decoded = [(entry, decode_object(entry.data)) for entry in entries if entry.data is not None]
    board.unusable = []
    for entry, sent in sorted(decoded, key=lambda pair: pair[1].get("type") != "recall"):
        _keep_content(board, party, entry, sent)
        handler = _FEED.get(str(sent.get("type")))
        if handler is None:
            continue  # a newer partner's type: kept in the log
        try:
            handler(board, party, entry, sent, item_at(item))
        except (InputError, ParcelError) as fault:
            # A partner's malformed entry harms nothing but itself: it stays in the log, and people
            # are told, by the journal: a later purge must not take the alarm away.
            board.unusable.append((entry.seq, fault.code))
    board.db.run("UPDATE partner SET accepted = ? WHERE party = ?", (_number(item, "size"), party))


def _keep_content(board: Board, party: PartyCode, entry: Entry, sent: Item) -> None:
    """Remember which entries a purge must erase, also those that this node cannot use."""
    release = sent.get("release")
    if sent.get("type") in ("edition", "chunk") and isinstance(release, str):
        board.db.run(
            "INSERT INTO content (release, log, seq) VALUES (?, ?, ?)",
            (release, board.store.id_of(in_log(party)), entry.seq),
        )


def _receive_edition(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    wire = wire_from_json(dict(sent), party)
    kind = KINDS.get(wire.kind)
    if kind is None or wire.version != kind.version:
        return  # a newer partner's kind: kept in the log, shown once this node knows it
    wire = _checked(kind, wire)
    key = key_of(party, wire.record)
    _ensure_received(board, {"release": wire.release, "record": wire.record, "owner": party})
    state = board.db.rows(
        """SELECT recalled_at, purged_at, record = ? FROM received
           WHERE release = ? AND seq < 0""", (key, wire.release)
    )  # fmt: skip
    if not state or state[0] != (0, 0, 1):
        return  # recalled or purged before it came, or a release id that was used before
    board.db.run(
        "UPDATE received SET seq = ?, at = ?, expires = ? WHERE release = ?",
        (entry.seq, at, wire.label.expires, wire.release),
    )
    log = board.store.id_of(in_log(party))
    _put(board, kind, wire, log=log, seq=entry.seq, received=wire.release)


def _checked(kind: Kind, wire: WireEdition) -> WireEdition:
    """What a partner sent, with only such values as its kind and our word lists know. Raises
    InputError.
    """
    if wire.state not in kind.states:
        raise InputError("wire_form", field="state")
    if wire.purpose not in PURPOSES:
        raise InputError("wire_form", field="purpose")
    return replace(wire, body=kind.check(wire.body, whole=False))


def _receive_chunk(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    record_id(sent.get("record"))
    record_id(sent.get("release"))
    _text(sent, "data")
    if not 0 <= _number(sent, "n") < _number(sent, "of") <= CHUNKS_MAX:
        raise InputError("entry_form", field="n")
    _keep_chunk(board, party, sent, board.store.id_of(in_log(party)), entry.seq)


def _receive_recall(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    record, reason = record_id(sent.get("record")), _text(sent, "reason")
    reason = reason if reason in RECALL_REASONS else "other"
    for release in [record_id(item) for item in _texts(sent, "releases")]:
        _ensure_received(board, {"release": release, "record": record, "owner": party})
        known = board.db.run(
            """UPDATE received SET recalled_at = ?, recall_reason = ?
               WHERE release = ? AND record = ?""",
            (at, reason, release, key_of(party, record)),
        )
        if known:
            withdraw(board, release, key_of(party, record))


def _receive_read(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    board.db.run(
        """UPDATE release SET read_at = CASE read_at WHEN 0 THEN ? ELSE read_at END,
             read_by = TRIM(read_by || ' ' || ?) WHERE release = ? AND party = ?""",
        (_moment(sent), position_code(sent.get("position")), _text(sent, "release"), party),
    )


def _receive_purged(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    board.db.run(
        """UPDATE release SET purged_at = ?, purged_read_by = ?, purged_cause = ?
           WHERE release = ? AND party = ?""",
        (_moment(sent), " ".join(position_code(code) for code in _texts(sent, "read_by")),
         _text(sent, "cause"), _text(sent, "release"), party),
    )  # fmt: skip


def _receipt(board: Board, seq: int, item: Item) -> None:
    party, size, at = _text(item, "feed"), _number(item, "size"), item_at(item)
    board.db.run("UPDATE partner SET acknowledged = ? WHERE party = ?", (size, party))
    board.db.run(
        """UPDATE release SET delivered_at = ? WHERE party = ? AND delivered_at = 0
             AND feed_seq IS NOT NULL AND feed_seq < ?""",
        (at, party, size),
    )
    board.db.run(
        """UPDATE release SET recall_delivered_at = ? WHERE party = ? AND recall_delivered_at = 0
             AND recall_seq IS NOT NULL AND recall_seq < ?""",
        (at, party, size),
    )


def _card(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        """INSERT INTO partner (party, card, trusted_at, trusted_by, stopped_at, stop_code,
             acknowledged, accepted) VALUES (?, ?, ?, ?, 0, '', 0, 0)
           ON CONFLICT (party) DO UPDATE SET card = excluded.card""",
        (
            _text(item, "party"), _text(item, "card").encode(), item_at(item),
            json.dumps(item["by"], sort_keys=True),
        ),
    )  # fmt: skip


def _agreement(board: Board, seq: int, item: Item) -> None:
    signed = item["signatures"]
    agreement = item["agreement"]
    assert isinstance(signed, dict) and isinstance(agreement, dict)
    party = _text(item, "party")
    board.db.run(
        """INSERT INTO agreement (party, id, version, journal, ours, theirs)
           VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (party, id, version) DO UPDATE SET journal = excluded.journal,
             ours = excluded.ours, theirs = excluded.theirs""",
        (
            party,
            _text(agreement, "id"),
            _number(agreement, "version"),
            seq,
            int(board.me in signed),
            int(party in signed),
        ),
    )


def _stopped(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE partner SET stopped_at = ?, stop_code = ? WHERE party = ?",
        (item_at(item), _text(item, "code"), _text(item, "party")),
    )


def _alarm(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO alarm (party, code, text, at) VALUES (?, ?, ?, ?)",
        (_text(item, "party"), _text(item, "code"), json.dumps(item["values"], sort_keys=True), item_at(item)),
    )


_Handler: TypeAlias = Callable[[Board, int, Item], None]
_FeedHandler: TypeAlias = Callable[[Board, PartyCode, Entry, Item, int], None]

_JOURNAL: Final[dict[str, _Handler]] = {
    "edition": _edition,
    "chunk": _chunk,
    "release": _prepared,
    "approved": _approved,
    "declined": _declined,
    "released": _released,
    "recall": _recall,
    "read": _read,
    "purged": _purged,
    "accepted": _accepted,
    "receipt": _receipt,
    "card": _card,
    "agreement": _agreement,
    "stopped": _stopped,
    "alarm": _alarm,
}
_FEED: Final[dict[str, _FeedHandler]] = {
    "edition": _receive_edition,
    "chunk": _receive_chunk,
    "recall": _receive_recall,
    "read": _receive_read,
    "purged": _receive_purged,
}


def item_at(item: Item) -> int:
    """When an entry was made, in milliseconds."""
    return _number(item, "at")


def _moment(sent: Item) -> int:
    """As :func:`item_at`, of a partner: within the calendar."""
    at = _number(sent, "at")
    if not 0 <= at <= BOUNDS.moment_max:
        raise InputError("entry_form", field="at")
    return at


def _text(item: Item, name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise InputError("entry_form", field=name)
    return value


def _texts(item: Item, name: str) -> list[str]:
    value = item.get(name)
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise InputError("entry_form", field=name)
    return [str(part) for part in value]


def _number(item: Item, name: str) -> int:
    value = item.get(name)
    if type(value) is not int:
        raise InputError("entry_form", field=name)
    return value
