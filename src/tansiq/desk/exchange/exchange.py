"""Exchange: parcels out, parcels in. The engine decides; here its effects are carried out in one
transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tansiq.board import link_state, recovered, releases
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.exchange import accepting, beside, handshake, opening, recovery, saying
from tansiq.desk.release import agreements, purging
from tansiq.desk.trust import papers, partners
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log.store import in_log, out_log
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
from tansiq.sync.header import Header
from tansiq.sync.parcel import Parcel, check_entries, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an incoming parcel changed, in numbers that an exchange page can show. ``more``: the
    partner has more to say, ``moved``: something has changed that lets both sides go on, ``room``:
    how long the answer may be (0 = it does not matter).
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
    room: int = 0


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
    the feed was, the partner's word that it repeats, and on what terms it was made. ``files`` are
    the releases of which it has bytes, ``reached`` is up to where each file was said until now.
    """

    data: bytes
    number: int
    start: int
    end: int
    more: bool
    size: int
    told: str
    terms: Terms
    files: frozenset[str] = frozenset()
    reached: Mapping[str, int] = field(default_factory=dict)


def file_name(sender: str, receiver: str, number: int) -> str:
    """The name of the file that carries parcel ``number``, whoever writes it."""
    return f"tansiq-{sender}-to-{receiver}-{number:06d}.tsq"


def may_be_handed_out(desk: Desk, sent: Sent, party: PartyCode) -> bool:
    """Whether a parcel that was made before may still leave in any form: exchange with ``party``
    goes on, and it is made on the terms of now. What was recalled, has ended or stands under
    another agreement since is made anew, without what may not follow.
    """
    try:
        _demand_open(desk, party)
    except ParcelError:
        return False
    over = saying.over(desk, party, sent.start, sent.end)
    terms = _terms(desk, party, set(sent.terms.withdrawn))
    files = all(beside.may_go(desk, party, release) for release in sent.files)
    return files and over <= sent.terms.withdrawn and terms == sent.terms


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
    desk: Desk, party: PartyCode, *, start: int | None = None, live: bool = False, room: int = 0
) -> bytes:
    """The bytes of :func:`next_parcel`."""
    return next_parcel(desk, party, start=start, live=live, room=room).data


def next_parcel(
    desk: Desk, party: PartyCode, *, start: int | None = None, live: bool = False, room: int = 0,
    reached: Mapping[str, int] | None = None,
) -> Sent:  # fmt: skip
    """The next parcel to ``party``: what it has not signed for, our receipt, and bytes of files in
    what is left of ``room`` (in bytes, 0 = as much as a parcel holds). Raises ParcelError.

    ``start`` goes on past what was just sent on a carrier that answers later, and ``reached`` past
    the bytes of files that went there. A ``live`` carrier answers at once: there nothing new is
    said before ``party`` was heard in this process. A release that was recalled before it was
    delivered travels as its hash alone.
    """
    with desk.act() as act:
        peer = _demand_open(desk, party)
        said = saying.to_say(desk, peer, start=start, live=live, room=room)
        files = saying.files_beside(
            desk, said, reached or {}, act.now, ahead=live and start is not None
        )
        note = saying.signed_head(desk, party, said.end)
        number = partners.next_number(act, party)
        ack = saying.receipt_for(desk, party, act.now, live=live)
        header = Header(
            sender=desk.me, receiver=party, node=desk.identity.node, start=said.start,
            count=len(said.lines), number=number, made_ms=act.now,
            ack=ack,
            more=said.more or files.more, have=desk.store.head(in_log(party)).size,
            need=said.lacks, ask=said.asks, told=handshake.told(desk, party),
            papers=saying.papers_at_head(desk, said, ack), back=len(said.back[0]),
            back_start=said.back_start, lacks=beside.lacks(desk, party, act.now, number),
            pieces=len(files.pieces), room=room,
        )  # fmt: skip
        terms = _terms(desk, party, said.withdrawn)
        data = seal(
            header, said.lines, note, node_keys=desk.identity.keys, pieces=files.pieces,
            receiver_age_recipient=terms.recipient, back=said.back,
        )  # fmt: skip
    return Sent(
        data=data, number=number, start=said.start, end=said.end, more=header.more, size=said.size,
        told=header.told, terms=terms, files=frozenset(one.release for one in files.pieces),
        reached=files.reached,
    )  # fmt: skip


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
        asked = beside.listen(act, party, parcel.header)
        peer = replace(peer, unsynced=handshake.unsynced(desk, party))
        stopped, files = "", 0
        taking: Parcel | None = parcel
        while taking is not None:
            peer, effects = engine.take(peer, taking, _feeds(desk, party), act.now)
            if not any(isinstance(effect, Accept) for effect in effects):
                check_entries(taking)  # else they are read as they are taken
            for effect in effects:
                stopped = _carry_out(act, party, effect, data) or stopped
            files += 0 if stopped else beside.take(act, party, taking.pieces)
            following = engine.next_waiting(peer)
            taking = None
            if following is not None:
                peer, taking = following
                link_state.drop_held(desk.board, party, taking.header.start)
        purging.recalled(act, party)
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
        more=parcel.header.more or peer.rewound > 0 or (asked and bool(parcel.header.lacks)),
        moved=moved or asked or bool(files) or peer.head.size > before
        or engine.needs(peer) != lacked, room=parcel.header.room,
    )  # fmt: skip


def answer(desk: Desk, data: bytes, *, live: bool = False) -> bytes:
    """Take a parcel and give the one that goes back. Who signs with a revoked key hears that it is
    revoked, which is no secret, and nothing else.
    """
    try:
        taken = incoming(desk, data)
    except ParcelError as fault:
        if fault.code != "parcel_revoked":
            raise
        return str(fault.values["paper"]).encode()
    return outgoing(desk, taken.party, live=live, room=taken.room)


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
