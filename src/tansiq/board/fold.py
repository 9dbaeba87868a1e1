"""Folding: what each journal entry does to the board's tables.

The journal alone gives the order. Entries of a partner's feed are folded where the journal says
"accepted", so that folding again from nothing gives the same tables. Inside one accepted run,
recalls go before what they recall.
"""

import json
from collections.abc import Callable
from typing import Final, TypeAlias

from tansiq.board import received
from tansiq.board.board import Board, key_of
from tansiq.board.rows import (
    Item,
    ensure_received,
    item_at,
    keep_chunk,
    number_of,
    put,
    text_of,
    texts_of,
)
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import label_from_json
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import edition_from_json
from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL, in_log


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
    put(board, kind, edition, log=board.store.id_of(JOURNAL), seq=seq, received=None)
    reference = edition.body.get("source_ref")
    if isinstance(reference, str):
        board.db.run(
            "INSERT OR IGNORE INTO reference (reference, record) VALUES (?, ?)",
            (reference, key_of(board.me, edition.record)),
        )


def _chunk(board: Board, seq: int, item: Item) -> None:
    keep_chunk(board, board.me, {**item, "release": ""}, board.store.id_of(JOURNAL), seq)


def _prepared(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        """INSERT INTO release (release, record, party, rule, edition, journal, automatic, second,
             prepared_by, prepared_at, approved_by, approved_at, declined_at, due, feed_seq,
             released_at, delivered_at, read_at, read_by, superseded_at, recalled_at,
             recall_reason, recall_seq, recall_delivered_at, purged_at, purged_read_by,
             purged_cause, expires)
           VALUES (?,?,?,?,?,?,?,?,?,?,'',0,0,?,NULL,0,0,0,'',0,0,'',NULL,0,0,'','',?)""",
        (
            text_of(item, "release"), key_of(board.me, text_of(item, "record")),
            text_of(item, "to"), text_of(item, "rule"), number_of(item, "n"), seq,
            int(bool(item["automatic"])), int(bool(item["second"])),
            json.dumps(item["by"], sort_keys=True), number_of(item, "at"), number_of(item, "due"),
            number_of(item, "expires"),
        ),
    )  # fmt: skip


def _approved(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE release SET approved_by = ?, approved_at = ? WHERE release = ?",
        (json.dumps(item["by"], sort_keys=True), item_at(item), text_of(item, "release")),
    )


def _declined(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE release SET approved_by = ?, declined_at = ? WHERE release = ?",
        (json.dumps(item["by"], sort_keys=True), item_at(item), text_of(item, "release")),
    )


def _released(board: Board, seq: int, item: Item) -> None:
    release, at = text_of(item, "release"), item_at(item)
    board.db.run(
        """UPDATE release SET superseded_at = ? WHERE superseded_at = 0 AND recalled_at = 0
             AND feed_seq IS NOT NULL AND (record, party) =
             (SELECT record, party FROM release WHERE release = ?)""",
        (at, release),
    )
    board.db.run(
        "UPDATE release SET feed_seq = ?, released_at = ? WHERE release = ?",
        (number_of(item, "seq"), at, release),
    )


def _recall(board: Board, seq: int, item: Item) -> None:
    for release in texts_of(item, "releases"):
        board.db.run(
            """UPDATE release SET recalled_at = ?, recall_reason = ?, recall_seq = ?
               WHERE release = ?""",
            (item_at(item), text_of(item, "reason"), number_of(item, "seq"), release),
        )


def _read(board: Board, seq: int, item: Item) -> None:
    ensure_received(board, item)
    board.db.run(
        """UPDATE received SET read_at = CASE read_at WHEN 0 THEN ? ELSE read_at END,
             read_by = TRIM(read_by || ' ' || ?) WHERE release = ?""",
        (item_at(item), text_of(item, "position"), text_of(item, "release")),
    )


def _purged(board: Board, seq: int, item: Item) -> None:
    ensure_received(board, item)
    release, owner = text_of(item, "release"), text_of(item, "owner")
    board.db.run(
        """UPDATE received SET purged_at = ?, seq = -1, at = 0, expires = 0, label = ?
           WHERE release = ?""",
        (item_at(item), _label_kept(board, item), release),
    )
    board.db.run(
        "DELETE FROM content WHERE release = ? AND log = ?",
        (release, board.store.id_of(in_log(owner))),
    )
    received.withdraw(board, release, key_of(owner, text_of(item, "record")))


def _label_kept(board: Board, item: Item) -> int | None:
    """Under which label the erased release stood: who could have it may know that it is gone."""
    label = item.get("label")
    if label is None:
        return None
    return board.label_id(PartyCode(text_of(item, "owner")), label_from_json(label))


def _accepted(board: Board, seq: int, item: Item) -> None:
    party = PartyCode(text_of(item, "feed"))
    begin = board.db.rows("SELECT accepted FROM partner WHERE party = ?", (party,))
    start = int(begin[0][0] or 0) if begin else 0
    entries = board.store.read(in_log(party), start, number_of(item, "size"))
    decoded = [(entry, decode_object(entry.data)) for entry in entries if entry.data is not None]
    board.unusable = []
    for entry, sent in sorted(decoded, key=lambda pair: pair[1].get("type") != "recall"):
        received.keep_content(board, party, entry, sent)
        handler = received.FEED.get(str(sent.get("type")))
        if handler is None:
            continue  # a newer partner's type: kept in the log
        try:
            handler(board, party, entry, sent, item_at(item))
        except (InputError, ParcelError) as fault:
            # A partner's malformed entry harms nothing but itself: it stays in the log, and people
            # are told, by the journal: a later purge must not take the alarm away.
            board.unusable.append((entry.seq, fault.code))
    board.db.run(
        "UPDATE partner SET accepted = ? WHERE party = ?", (number_of(item, "size"), party)
    )


def _receipt(board: Board, seq: int, item: Item) -> None:
    party, size, at = text_of(item, "feed"), number_of(item, "size"), item_at(item)
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
            text_of(item, "party"), text_of(item, "card").encode(), item_at(item),
            json.dumps(item["by"], sort_keys=True),
        ),
    )  # fmt: skip


def _agreement(board: Board, seq: int, item: Item) -> None:
    signed = item["signatures"]
    agreement = item["agreement"]
    assert isinstance(signed, dict)
    assert isinstance(agreement, dict)
    party = text_of(item, "party")
    board.db.run(
        """INSERT INTO agreement (party, id, version, journal, ours, theirs)
           VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (party, id, version) DO UPDATE SET journal = excluded.journal,
             ours = excluded.ours, theirs = excluded.theirs""",
        (
            party,
            text_of(agreement, "id"),
            number_of(agreement, "version"),
            seq,
            int(board.me in signed),
            int(party in signed),
        ),
    )


def _stopped(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE partner SET stopped_at = ?, stop_code = ? WHERE party = ?",
        (item_at(item), text_of(item, "code"), text_of(item, "party")),
    )


def _alarm(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO alarm (party, code, text, at) VALUES (?, ?, ?, ?)",
        (
            text_of(item, "party"),
            text_of(item, "code"),
            json.dumps(item["values"], sort_keys=True),
            item_at(item),
        ),
    )


def _anchored(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO anchor (at, journal, commitment) VALUES (?, ?, ?)",
        (item_at(item), seq, text_of(item, "commitment")),
    )


_Handler: TypeAlias = Callable[[Board, int, Item], None]

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
    "anchored": _anchored,
}
