"""What an accepted entry of a partner's feed does to the board's tables.

Every value is checked before it changes anything: a partner's malformed entry harms nothing but
itself, and a partner writes only into what is its own.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from tansiq.board.board import Board, key_of
from tansiq.board.rows import (
    Item,
    ensure_received,
    keep_chunk,
    number_of,
    partner_moment,
    point,
    put,
    text_of,
    texts_of,
)
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.parties import PartyCode, position_code
from tansiq.domain.records import RECALL_REASONS, WireEdition, record_id, wire_from_json
from tansiq.log.canonical import decode_object
from tansiq.log.store import Entry, in_log
from tansiq.policy.agreement import PURPOSES

CHUNKS_MAX: Final = -(-BOUNDS.attachment_bytes_max // BOUNDS.chunk_bytes_max)

_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")


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
        assert isinstance(data, bytes)
        assert isinstance(log, int)
        assert isinstance(seq, int)
        wire = wire_from_json(dict(decode_object(data)), PartyCode(str(owner)))
        wire = checked(KINDS[wire.kind], wire)
        point(board, KINDS[wire.kind], wire, log=log, seq=seq, received=str(received))
        return
    found = board.db.rows("SELECT id FROM record WHERE record = ?", (record,))
    if found:
        board.db.run("DELETE FROM search WHERE rowid = ?", (found[0][0],))
        board.db.run("DELETE FROM record WHERE id = ?", (found[0][0],))
    board.db.run("DELETE FROM link WHERE source = ?", (record,))


def keep_content(board: Board, party: PartyCode, entry: Entry, sent: Item) -> None:
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
    wire = checked(kind, wire)
    key = key_of(party, wire.record)
    ensure_received(board, {"release": wire.release, "record": wire.record, "owner": party})
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
    put(board, kind, wire, log=log, seq=entry.seq, received=wire.release)


def checked(kind: Kind, wire: WireEdition) -> WireEdition:
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
    text_of(sent, "data")
    if not 0 <= number_of(sent, "n") < number_of(sent, "of") <= CHUNKS_MAX:
        raise InputError("entry_form", field="n")
    keep_chunk(board, party, sent, board.store.id_of(in_log(party)), entry.seq)


def _receive_recall(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    record, reason = record_id(sent.get("record")), text_of(sent, "reason")
    reason = reason if reason in RECALL_REASONS else "other"
    for release in [record_id(item) for item in texts_of(sent, "releases")]:
        ensure_received(board, {"release": release, "record": record, "owner": party})
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
        (
            partner_moment(sent),
            position_code(sent.get("position")),
            text_of(sent, "release"),
            party,
        ),
    )


def _receive_purged(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    board.db.run(
        """UPDATE release SET purged_at = ?, purged_read_by = ?, purged_cause = ?
           WHERE release = ? AND party = ?""",
        (partner_moment(sent), " ".join(position_code(code) for code in texts_of(sent, "read_by")),
         text_of(sent, "cause"), text_of(sent, "release"), party),
    )  # fmt: skip


def _receive_anchor(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    """It stays in the log, where it can be shown later; only its form is looked at."""
    partner_moment(sent)
    if not _COMMITMENT.fullmatch(text_of(sent, "commitment")):
        raise InputError("wire_form", field="commitment")


FeedHandler: TypeAlias = Callable[[Board, PartyCode, Entry, Item, int], None]

FEED: Final[dict[str, FeedHandler]] = {
    "edition": _receive_edition,
    "chunk": _receive_chunk,
    "recall": _receive_recall,
    "read": _receive_read,
    "purged": _receive_purged,
    "anchor": _receive_anchor,
}
