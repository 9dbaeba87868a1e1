"""Exchange: parcels out, parcels in. The engine decides; here its effects are carried out in one
transaction.
"""

from dataclasses import dataclass, replace
from typing import Final

from tansiq.board.fold import Arrived
from tansiq.board.received import CHUNKS_MAX
from tansiq.desk import agreements, opening, papers, partners, waking
from tansiq.desk.desk import Act, Desk
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON, decode_object
from tansiq.log.checkpoint import (
    Checkpoint,
    cosign,
    feed_origin,
    node_name,
)
from tansiq.log.papers import KINDS
from tansiq.log.store import Entry, in_log, out_log
from tansiq.sync import engine
from tansiq.sync.engine import Accept, Alarm, Effect, Feeds, Hold, Peer, Receipt, Stop
from tansiq.sync.parcel import Header, Line, Parcel, seal

_SIGNED: Final = ("agreement", *KINDS)  # entries that an authority has signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an incoming parcel changed, in numbers that an exchange page can show."""

    party: PartyCode
    number: int
    first: int
    last: int
    accepted: int
    repeated: bool
    missing: tuple[int, int] | None
    stopped: str


def _peer(desk: Desk, party: str) -> Peer:
    known = partners.partner(desk, party)
    if known is None:
        raise ParcelError("partner_unknown", party=party)
    if not known.authorised_at:
        raise ParcelError("partner_unauthorised", party=party)
    if known.revoked_at:
        raise ParcelError("partner_revoked", party=party)
    if known.card.expires_ms <= desk.clock.now():
        raise ParcelError("partner_card_expired", party=party)
    return Peer(
        party=PartyCode(party),
        acknowledged=known.acknowledged,
        head=desk.store.head(in_log(party)),
        waiting=tuple(opening.waiting(desk, party)),
        stopped=bool(known.stopped_at),
    )


def _feeds(desk: Desk, party: PartyCode) -> Feeds:
    return Feeds(
        my_root_at=lambda size: desk.store.root_at(out_log(party), size),
        their_leaves=lambda start, end: desk.store.leaves(in_log(party), start, end),
        their_root_at=lambda size: desk.store.root_at(in_log(party), size),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A parcel that goes out: its sealed bytes, its number, its run, whether more is left, and how
    long the feed was.
    """

    data: bytes
    number: int
    start: int
    end: int
    more: bool
    size: int


def still_next(desk: Desk, sent: Sent, party: PartyCode) -> bool:
    """Whether a parcel that was made ahead is what :func:`next_parcel` would say now: the partner
    has signed for all before it, and nothing was said since, not even a recall.
    """
    known = partners.partner(desk, party)
    return (
        known is not None
        and not known.stopped_at
        and known.acknowledged == sent.start
        and desk.store.head(out_log(party)).size == sent.size
    )


def outgoing(desk: Desk, party: PartyCode, *, start: int | None = None) -> bytes:
    """The bytes of :func:`next_parcel`."""
    return next_parcel(desk, party, start=start).data


def next_parcel(desk: Desk, party: PartyCode, *, start: int | None = None) -> Sent:
    """The next parcel to ``party``: what it has not signed for, and our receipt. Raises
    ParcelError.

    ``start`` goes on past what was just sent on a carrier that answers later. A release that was
    recalled before it was delivered travels as its hash alone.
    """
    with desk.act() as act:
        if papers.own_revocation(desk) is not None:
            raise ParcelError("node_revoked")
        peer = _peer(desk, party)
        if peer.stopped:
            raise ParcelError("partner_stopped", party=party)
        size = desk.store.head(out_log(party)).size
        begin = peer if start is None else replace(peer, acknowledged=start)
        start, end = engine.offer(begin, size)
        lines = _lines(desk, party, desk.store.read(out_log(party), start, end))
        end = start + len(lines)
        root = desk.store.root_at(out_log(party), end)
        assert root is not None
        name = node_name(desk.me, desk.identity.node)
        checkpoint = Checkpoint(origin=feed_origin(desk.me, party), size=end, root=root)
        note = opening.own_head(desk, party, checkpoint)
        desk.store.keep_note(out_log(party), size=end, root=root, signer=desk.me, text=note)
        header = Header(
            sender=desk.me, receiver=party, node=desk.identity.node, start=start,
            count=len(lines), number=partners.next_number(act, party), made_ms=act.now,
            ack=_receipt_for(desk, party, name, act.now), more=end < size,
            papers=papers.unconfirmed(desk, party),
        )  # fmt: skip
        known = partners.partner(desk, party)
        assert known is not None
        data = seal(
            header, lines, note, node_keys=desk.identity.keys,
            receiver_age_recipient=known.card.age_recipient,
        )  # fmt: skip
    return Sent(data=data, number=header.number, start=start, end=end, more=header.more, size=size)


def _receipt_for(desk: Desk, party: PartyCode, name: str, now: int) -> str:
    size = desk.store.head(in_log(party)).size
    note = desk.store.note(in_log(party), size, party)
    return cosign(note, name, desk.identity.keys.seed, now) if note else ""


def _lines(desk: Desk, party: PartyCode, entries: list[Entry]) -> list[Line]:
    withdrawn = _withdrawn(desk, party, entries)
    lines: list[Line] = []
    total = 0
    for entry in entries:
        data = entry.data
        if data is not None and withdrawn and _release_of(data) in withdrawn:
            data = None
        total += len(data or b"") + 80
        if lines and total > BOUNDS.parcel_plain_bytes_max * 3 // 4:
            break
        lines.append(Line(data, entry.leaf))
    return lines


def _withdrawn(desk: Desk, party: PartyCode, entries: list[Entry]) -> set[str]:
    """The releases of this run, or with chunks in it, that go no more. A file's chunks come before
    its edition, at most a file's length.
    """
    if not entries:
        return set()
    rows = desk.database.rows(
        """SELECT release FROM release
           WHERE party = ? AND delivered_at = 0 AND feed_seq >= ? AND feed_seq < ?
             AND (recalled_at > 0 OR (expires > 0 AND expires <= ?))""",
        (party, entries[0].seq, entries[-1].seq + 1 + CHUNKS_MAX, desk.clock.now()),
    )
    return {str(row[0]) for row in rows}


def _release_of(data: bytes) -> str:
    item = decode_object(data)
    return str(item.get("release")) if item.get("type") in ("edition", "chunk") else ""


def incoming(desk: Desk, data: bytes) -> Taken:
    """Take one parcel. Idempotent, in any order. Raises ParcelError for bytes that are not
    acceptable.
    """
    parcel = opening.opened(desk, data)
    party = PartyCode(parcel.header.sender)
    with desk.act() as act:
        peer = _peer(desk, party)
        if peer.stopped:
            raise ParcelError("partner_stopped", party=party)
        before = peer.head.size
        stopped = ""
        taking: Parcel | None = parcel
        while taking is not None:
            peer, effects = engine.take(peer, taking, _feeds(desk, party), act.now)
            for effect in effects:
                stopped = _carry_out(act, party, effect, data) or stopped
            following = engine.next_waiting(peer)
            taking = None
            if following is not None:
                peer, taking = following
                desk.database.run(
                    "DELETE FROM waiting WHERE party = ? AND start = ?",
                    (party, taking.header.start),
                )
        purge_recalled(act, party)
        _purge_cut_short(act, party, before)
        partners.note_contact(act, party, contact=True)
        act.changed("link")
    return Taken(
        party=party, number=parcel.header.number, first=parcel.header.start + 1,
        last=parcel.header.end, accepted=peer.head.size - before,
        repeated=parcel.header.count > 0 and parcel.header.end <= before,
        missing=(
            (peer.head.size + 1, peer.waiting[0].header.start) if peer.waiting else None
        ),
        stopped=stopped,
    )  # fmt: skip


def answer(desk: Desk, data: bytes) -> bytes:
    """Take a parcel and give the one that goes back. Who signs with a revoked key hears that it is
    revoked, which is no secret, and nothing else.
    """
    try:
        party = incoming(desk, data).party
    except ParcelError as fault:
        if fault.code != "parcel_revoked":
            raise
        return str(fault.values["paper"]).encode()
    return outgoing(desk, party)


def _carry_out(act: Act, party: PartyCode, effect: Effect, data: bytes) -> str:
    match effect:
        case Accept():
            _accept(act, party, effect)
        case Receipt():
            act.desk.store.keep_note(
                out_log(party), size=effect.size, root=effect.root, signer=party, text=effect.note
            )
            delivered = act.desk.database.rows(
                """SELECT record FROM release
                     WHERE party = ? AND feed_seq < ? AND delivered_at = 0
                   UNION SELECT record FROM release WHERE party = ? AND recall_seq < ?
                     AND recall_seq IS NOT NULL AND recall_delivered_at = 0""",
                (party, effect.size, party, effect.size),
            )
            act.say(
                {"type": "receipt", "feed": party, "size": effect.size, "note": effect.note,
                 "at": act.now},
            )  # fmt: skip
            waking.tell(act, "release", (str(row[0]) for row in delivered))
        case Hold():
            act.desk.database.run(
                "INSERT OR REPLACE INTO waiting (party, start, data) VALUES (?, ?, ?)",
                (party, effect.parcel.header.start, data),
            )
        case Alarm():
            _alarm(act, party, effect.code, dict(effect.values))
        case Stop():
            act.say(
                {"type": "stopped", "party": party, "code": effect.code,
                 "evidence": list(effect.evidence), "at": act.now},
            )  # fmt: skip
            _alarm(act, party, effect.code, {})
            return effect.code
    return ""


def _alarm(act: Act, party: PartyCode, code: str, values: dict[str, object]) -> None:
    if code == "clock_differs":
        known = act.desk.database.rows(
            "SELECT text FROM alarm WHERE party = ? AND code = ? AND at > ?",
            (party, code, act.now - 3_600_000),
        )
        if known:
            return  # once an hour is enough
    act.say({"type": "alarm", "party": party, "code": code, "values": values, "at": act.now})
    act.changed("link")


def _accept(act: Act, party: PartyCode, effect: Accept) -> None:
    store, log = act.desk.store, in_log(party)
    arrived = _arrived(effect)
    waking.before(act, party, arrived)
    store.append_leaves(log, [(line.leaf, line.data) for line in effect.lines])
    store.keep_note(log, size=effect.size, root=effect.root, signer=party, text=effect.note)
    act.say(
        {"type": "accepted", "feed": party, "size": effect.size, "note": effect.note,
         "at": act.now},
        arrived,
    )  # fmt: skip
    for number, fault in act.desk.board.unusable:
        _alarm(act, party, "entry_unusable", {"number": number, "fault": fault})
    for _, item in arrived.run:
        if item.get("type") in _SIGNED:
            _take_signed(act, party, item)
    waking.after(act, party, arrived)


def _arrived(effect: Accept) -> Arrived:
    """The entries of a run that still have their content, as they were read once."""
    start = effect.size - len(effect.lines)
    run = [
        (
            Entry(seq=seq, leaf=line.leaf, data=line.data),
            decode_object(line.data) if line.item is None else line.item,
        )
        for seq, line in enumerate(effect.lines, start)
        if line.data is not None
    ]
    return Arrived(start=start, run=run)


def _take_signed(act: Act, party: PartyCode, item: dict[str, JSON]) -> None:
    try:
        if item.get("type") == "agreement":
            agreements.take(act, party, item)
        else:
            papers.of_entry(act, party, item)
    except (InputError, ParcelError) as fault:
        _alarm(act, party, "entry_unusable", {"number": 0, "fault": fault.code})


def purge_recalled(act: Act, party: PartyCode) -> None:
    """Erase what ``party`` recalled, and tell it so with who had read it."""
    _purge(act, "owner = ? AND recalled_at > 0", (party,), "recalled")


def purge_expired(desk: Desk) -> int:
    """Erase what partners released to us until now and no longer."""
    with desk.act() as act:
        return _purge(act, "expires > 0 AND expires <= ?", (act.now,), "expired")


def _purge(act: Act, where: str, values: tuple[str | int, ...], cause: str) -> int:
    desk = act.desk
    rows = desk.database.rows(
        f"""SELECT release, record, owner, read_by FROM received
            WHERE purged_at = 0 AND {where} LIMIT 500""",
        values,
    )
    for release, key, owner, read_by in rows:
        _erase(act, str(release), str(key), str(owner), cause=cause, read_by=str(read_by))
    if rows:
        # The index keeps deleted words in old segments until they are merged: make it forget them
        # now.
        desk.database.run("INSERT INTO search (search) VALUES ('optimize')")
    return len(rows)


def _purge_cut_short(act: Act, party: PartyCode, begin: int) -> None:
    """Erase the chunks of a file whose rest ``party`` withdrew: its name and its end never come."""
    log = act.desk.store.id_of(in_log(party))
    rows = act.desk.database.rows(
        """SELECT c.release, c.record FROM chunk c
             JOIN entry n ON n.log = c.log AND n.seq = c.seq + 1
           WHERE c.log = ? AND c.seq >= ? AND n.data IS NULL
             AND NOT EXISTS (SELECT 1 FROM received r WHERE r.release = c.release)""",
        (log, begin - 1),
    )
    for release, key in rows:
        _erase(act, str(release), str(key), party, cause="expired")


def _erase(act: Act, release: str, key: str, owner: str, *, cause: str, read_by: str = "") -> None:
    """Erase every entry of a release, take it off the board, and tell its owner."""
    desk, log = act.desk, in_log(owner)
    rows = desk.database.rows(
        """SELECT seq FROM content WHERE release = ? AND log = ?
           UNION SELECT seq FROM received WHERE release = ? AND owner = ? AND seq >= 0""",
        (release, desk.store.id_of(log), release, owner),
    )
    seqs = sorted(int(str(row[0])) for row in rows)
    label = _label_of(desk, release, owner, seqs)
    desk.store.erase(log, seqs)
    sent = {
        "type": "purged", "release": release, "cause": cause, "read_by": read_by.split(),
        "at": act.now,
    }  # fmt: skip
    waking.tell(act, "inbox", [key])
    seq = act.feed(PartyCode(owner), sent)
    record = key.partition("/")[2]
    act.say({**sent, "record": record, "owner": owner, "seq": seq, "label": label})


def _label_of(desk: Desk, release: str, owner: str, seqs: list[int]) -> JSON:
    """The label under which a release stood here, kept when its content goes; None if it never
    did.
    """
    for seq in seqs:
        for entry in desk.store.read(in_log(owner), seq, seq + 1):
            item = decode_object(entry.data) if entry.data else {}
            if item.get("type") == "edition" and desk.board.holds(release, owner, seq):
                return item["label"]
    return None
