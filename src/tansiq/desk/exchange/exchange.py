"""Exchange: parcels out, parcels in. The engine decides; here its effects are carried out in one
transaction.
"""

from dataclasses import dataclass, replace

from tansiq.board import link_state, recovered, releases
from tansiq.board.received import CHUNKS_MAX
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.exchange import accepting, handshake, opening, recovery
from tansiq.desk.release import agreements, purging
from tansiq.desk.trust import papers, partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.checkpoint import (
    Checkpoint,
    cosign,
    feed_origin,
    node_name,
)
from tansiq.log.store import Entry, in_log, out_log
from tansiq.sync import engine
from tansiq.sync.engine import (
    Accept,
    Alarm,
    Effect,
    Feeds,
    Hold,
    Peer,
    Receipt,
    Regain,
    Rewound,
    Stop,
)
from tansiq.sync.parcel import Header, Line, Parcel, check_entries, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an incoming parcel changed, in numbers that an exchange page can show. ``more``: the
    partner has more to say, ``moved``: something has changed that lets both sides go on.
    """

    party: PartyCode
    number: int
    first: int
    last: int
    accepted: int
    repeated: bool
    missing: tuple[int, int] | None
    stopped: str
    more: bool = False
    moved: bool = False


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
    unsynced = handshake.unsynced(desk, party)
    return Peer(
        party=PartyCode(party),
        acknowledged=known.acknowledged,
        have=handshake.position(desk, party)[0],
        rewound=known.rewound,
        regained=recovered.size(desk.board, party),
        unsynced=unsynced,
        unsure=unsynced,
        word=handshake.word(desk),
        head=desk.store.head(in_log(party)),
        waiting=tuple(opening.waiting(desk, party)),
        stopped=bool(known.stopped_at),
    )


def _feeds(desk: Desk, party: PartyCode) -> Feeds:
    return Feeds(
        my_root_at=lambda size: desk.store.root_at(out_log(party), size),
        their_leaves=lambda start, end: desk.store.leaves(in_log(party), start, end),
        their_root_at=lambda size: desk.store.root_at(in_log(party), size),
        my_leaves=lambda start, end: desk.store.leaves(out_log(party), start, end),
        my_head=lambda: desk.store.head(out_log(party)),
        signed_by_me=lambda note: recovery.signed_by_me(desk, party, note),
        my_notes=lambda size: desk.store.notes_past(out_log(party), size, desk.me),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what a parcel was made: the releases of its run that go no more, the agreement that is
    asked, by id, version and whether it holds, and the key that alone opens it.
    """

    withdrawn: frozenset[str]
    agreement: tuple[str, int, bool] | None
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A parcel that goes out: its sealed bytes, its number, its run, whether more is left, how long
    the feed was, the partner's word that it repeats, and on what terms it was made.
    """

    data: bytes
    number: int
    start: int
    end: int
    more: bool
    size: int
    told: str
    terms: Terms


def may_be_handed_out(desk: Desk, sent: Sent, party: PartyCode) -> bool:
    """Whether a parcel that was made before may still leave in any form: exchange with ``party``
    goes on, and it is made on the terms of now. What was recalled, has ended or stands under
    another agreement since is made anew, without what may not follow.
    """
    try:
        _demand_open(desk, party)
    except ParcelError:
        return False
    over = _over(desk, party, sent.start, sent.end)
    terms = _terms(desk, party, set(sent.terms.withdrawn))
    return over <= sent.terms.withdrawn and terms == sent.terms


def _demand_open(desk: Desk, party: PartyCode) -> Peer:
    """The partner, if parcels may go out to it. Raises ParcelError."""
    if papers.own_revocation(desk) is not None:
        raise ParcelError("node_revoked")
    peer = _peer(desk, party)
    if peer.stopped:
        raise ParcelError("partner_stopped", party=party)
    return peer


def _terms(desk: Desk, party: PartyCode, withdrawn: set[str]) -> Terms:
    known = partners.partner(desk, party)
    assert known is not None
    now = desk.clock.now()
    text = agreements.governs(desk.board, party, now)
    return Terms(
        withdrawn=frozenset(withdrawn), recipient=known.card.age_recipient,
        agreement=(text.id, text.version, text.in_force(now)) if text else None,
    )  # fmt: skip


def may_follow(desk: Desk, sent: Sent, party: PartyCode) -> bool:
    """Whether a parcel that was made ahead may go out now that the one before it has been taken:
    nothing was said since, not even a recall, the partner waits for nothing that is not in it, and
    it may still be handed out.
    """
    known = partners.partner(desk, party)
    _, need = handshake.position(desk, party)
    return (
        known is not None
        and not known.stopped_at
        and (need, handshake.told(desk, party)) == (None, sent.told)
        and desk.store.head(out_log(party)).size == sent.size
        and may_be_handed_out(desk, sent, party)
    )


def outgoing(
    desk: Desk, party: PartyCode, *, start: int | None = None, live: bool = False
) -> bytes:
    """The bytes of :func:`next_parcel`."""
    return next_parcel(desk, party, start=start, live=live).data


def next_parcel(
    desk: Desk, party: PartyCode, *, start: int | None = None, live: bool = False
) -> Sent:
    """The next parcel to ``party``: what it has not signed for, and our receipt. Raises
    ParcelError.

    ``start`` goes on past what was just sent on a carrier that answers later. A ``live`` carrier
    answers at once: there nothing new is said before ``party`` was heard in this process. A release
    that was recalled before it was delivered travels as its hash alone.
    """
    with desk.act() as act:
        peer = _demand_open(desk, party)
        size = desk.store.head(out_log(party)).size
        begin = peer if start is None else replace(peer, acknowledged=start, have=None)
        start, end = engine.offer(begin, size)
        asks, (_, need) = handshake.asks(desk, party, live=live), handshake.position(desk, party)
        lacks = engine.needs(peer)
        back, back_note = recovery.given_back(desk, party, need)
        if asks or back or lacks is not None:
            start = end = min(start, peer.acknowledged)  # nothing that is not signed for already
        end = desk.store.fitting(out_log(party), start, end, BOUNDS.parcel_run_bytes_max)
        asks = asks or handshake.again(desk, gap=bool(peer.waiting))
        entries = desk.store.read(out_log(party), start, end)
        withdrawn = _withdrawn(desk, party, entries)
        lines = _lines(entries, withdrawn)
        end = start + len(lines)
        root = desk.store.root_at(out_log(party), end)
        assert root is not None
        checkpoint = Checkpoint(origin=feed_origin(desk.me, party), size=end, root=root)
        note = opening.own_head(desk, party, checkpoint)
        desk.store.keep_note(out_log(party), size=end, root=root, signer=desk.me, text=note)
        header = Header(
            sender=desk.me, receiver=party, node=desk.identity.node, start=start,
            count=len(lines), number=partners.next_number(act, party), made_ms=act.now,
            ack=_receipt_for(desk, party, act.now, live=live),
            more=end < size or lacks is not None or bool(back),
            have=desk.store.head(in_log(party)).size, need=lacks, ask=asks,
            told=handshake.told(desk, party), papers=papers.unconfirmed(desk, party),
            back=len(back), back_start=need if back and need else 0,
        )  # fmt: skip
        known = partners.partner(desk, party)
        assert known is not None
        data = seal(
            header, lines, note, node_keys=desk.identity.keys,
            receiver_age_recipient=known.card.age_recipient, back=(back, back_note),
        )  # fmt: skip
        terms = _terms(desk, party, withdrawn)
    return Sent(data=data, number=header.number, start=start, end=end, more=header.more,
                size=size, told=header.told, terms=terms)  # fmt: skip


def _receipt_for(desk: Desk, party: PartyCode, now: int, *, live: bool) -> str:
    """Our receipt for all that we hold. A partner that goes on from there has it already: then it
    is left out of a parcel that is answered at once, and nothing new costs little.
    """
    size = desk.store.head(in_log(party)).size
    if live and handshake.has_receipt(desk, party, size):
        return ""
    name = node_name(desk.me, desk.identity.node)
    note = desk.store.note(in_log(party), size, party)
    return cosign(note, name, desk.identity.keys.seed, now) if note else ""


def _lines(entries: list[Entry], withdrawn: set[str]) -> list[Line]:
    lines: list[Line] = []
    for entry in entries:
        data = entry.data
        if data is not None and withdrawn and _release_of(data) in withdrawn:
            data = None
        lines.append(Line(data, entry.leaf))
    return lines


def _withdrawn(desk: Desk, party: PartyCode, entries: list[Entry]) -> set[str]:
    """The releases of this run, or with chunks in it, that go no more."""
    if not entries:
        return set()
    over = _over(desk, party, entries[0].seq, entries[-1].seq + 1)
    return over | recovery.halves(desk, party, entries)


def _over(desk: Desk, party: PartyCode, start: int, end: int) -> set[str]:
    """The releases of a run that were recalled or have ended. A file's chunks come before its
    edition, at most a file's length.
    """
    return releases.over(desk.board, party, (start, end + CHUNKS_MAX), desk.clock.now())


def _release_of(data: bytes) -> str:
    item = decode_object(data)
    return str(item.get("release")) if item.get("type") in ("edition", "chunk", "stage") else ""


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
        before, lacked = peer.head.size, engine.needs(peer)
        if parcel.header.more and desk.parse_worker is not None:
            desk.parse_worker.expect()
        if handshake.begins_anew(desk, party, parcel.header):
            link_state.drop_held(desk.board, party)
            peer = replace(peer, waiting=())
        moved = handshake.listen(act, party, parcel.header)
        peer = replace(peer, unsynced=handshake.unsynced(desk, party))
        stopped = ""
        taking: Parcel | None = parcel
        while taking is not None:
            peer, effects = engine.take(peer, taking, _feeds(desk, party), act.now)
            if not any(isinstance(effect, Accept) for effect in effects):
                check_entries(taking)  # else they are read as they are taken
            for effect in effects:
                stopped = _carry_out(act, party, effect, data) or stopped
            following = engine.next_waiting(peer)
            taking = None
            if following is not None:
                peer, taking = following
                link_state.drop_held(desk.board, party, taking.header.start)
        purging.recalled(act, party)
        purging.cut_short(act, party, before)
        partners.note_contact(act, party, contact=True)
        handshake.settle(act, party, parcel.header, peer.head.size)
        act.changed("link")
    return Taken(
        party=party, number=parcel.header.number, first=parcel.header.start + 1,
        last=parcel.header.end, accepted=peer.head.size - before,
        repeated=parcel.header.count > 0 and parcel.header.end <= before,
        missing=(
            (peer.head.size + 1, peer.waiting[0].header.start) if peer.waiting else None
        ),
        stopped=stopped,
        more=parcel.header.more or peer.rewound > 0,
        moved=moved or peer.head.size > before or engine.needs(peer) != lacked,
    )  # fmt: skip


def answer(desk: Desk, data: bytes, *, live: bool = False) -> bytes:
    """Take a parcel and give the one that goes back. Who signs with a revoked key hears that it is
    revoked, which is no secret, and nothing else.
    """
    try:
        party = incoming(desk, data).party
    except ParcelError as fault:
        if fault.code != "parcel_revoked":
            raise
        return str(fault.values["paper"]).encode()
    return outgoing(desk, party, live=live)


def _carry_out(act: Act, party: PartyCode, effect: Effect, data: bytes) -> str:
    match effect:
        case Accept():
            accepting.accept(act, party, effect)
        case Receipt():
            act.desk.store.keep_note(
                out_log(party), size=effect.size, root=effect.root, signer=party, text=effect.note
            )
            delivered = releases.newly_delivered(act.desk.board, party, effect.size)
            act.say(
                {"type": "receipt", "feed": party, "size": effect.size, "note": effect.note,
                 "at": act.now},
            )  # fmt: skip
            notify.tell(act, "release", delivered)
        case Rewound():
            act.say(
                {"type": "rewound", "party": party, "size": effect.size, "note": effect.note,
                 "at": act.now},
            )  # fmt: skip
            accepting.alarm(act, party, "rewound" if effect.size else "forgotten", {})
            if not effect.size:
                recovery.recall_anew(act, party)
        case Regain():
            recovery.regain(act, party, effect)
        case Hold():
            link_state.hold(act.desk.board, party, effect.parcel.header.start, data)
        case Alarm():
            accepting.alarm(act, party, effect.code, dict(effect.values))
        case Stop():
            act.say(
                {"type": "stopped", "party": party, "code": effect.code,
                 "evidence": list(effect.evidence), "at": act.now},
            )  # fmt: skip
            accepting.alarm(act, party, effect.code, {})
            return effect.code
    return ""
