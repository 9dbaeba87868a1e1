"""Papers on this node: new cards, revocations and successions, taken from whoever hands them over.

A paper proves itself: it counts where it is signed by the authority key that people have compared,
or that such a key has named. Nobody's word is needed beside it. What must hold: a revoked key is
never believed again; a key that was replaced opens doors for a bounded time; the newest card alone
says where to send and for whom to encrypt; every change of keys is in the journal and told to
people.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final, cast

from tansiq.board import alarms, arrivals
from tansiq.board import partners as rows
from tansiq.board.partners import Revoked
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.trust import names, partners
from tansiq.desk.trust.partners import Partner
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError, ParcelError, Refused, RefusedError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.log.canonical import JSON
from tansiq.log.cards import Card, open_card, read_card
from tansiq.log.checkpoint import feed_origin, verify
from tansiq.log.papers import (
    Paper,
    Revocation,
    Succession,
    as_bytes,
    as_handed,
    as_object,
    begins_a_paper,
    kind_of,
    make_revocation,
    read_paper,
    read_revocation,
)
from tansiq.log.store import in_log
from tansiq.policy import mandate
from tansiq.sync.header import Header
from tansiq.sync.parcel import signer_of

__all__ = [
    "announce", "as_handed", "begins_a_paper", "bring", "cards_of", "doubt_about", "entry_of",
    "hear", "heard", "in_doubt", "of_entry", "own_authority", "own_card", "own_revocation",
    "pass_on", "revocations", "revoke_own", "revoked_key", "signed_under", "signer", "succeed",
    "take", "tell", "unconfirmed",
]  # fmt: skip

NEWS: Final = {"revocation": "node_revoked", "succession": "authority_changed"}
HOUR_MS: Final = 3_600_000
_NONE: Final[Mapping[str, str]] = {}


def bring(desk: Desk, actor: Actor, data: bytes) -> Paper | None:
    """Take a paper that a person brings; None where it was known. Raises ParcelError,
    RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.EXCHANGE))
    with desk.act() as act:
        return take(act, data, by=actor.to_json())


def hear(desk: Desk, data: bytes) -> Paper | None:
    """Take a paper that comes without a person: on a stick, or as a partner's answer that a key,
    perhaps ours, is revoked. None where it was known. Raises ParcelError.
    """
    with desk.act() as act:
        return take(act, data)


def take(act: Act, data: bytes, *, by: Mapping[str, str] = _NONE, via: str = "") -> Paper | None:
    """Keep a paper and do what it says; None where nothing in it is new. Raises ParcelError."""
    desk, paper = act.desk, read_paper(data)
    if paper.party == desk.me:
        return _of_ours(act, paper, data, by, via)
    known = partners.partner(desk, paper.party)
    if known is None:
        raise ParcelError("partner_unknown", party=paper.party)
    if paper.authority != known.authority:
        if isinstance(paper, Succession) and paper.successor == known.authority:
            return None
        if isinstance(paper, Card) and via == paper.party:
            _hear_of_authority(act, paper)
            return None
        raise ParcelError("paper_authority", party=paper.party)
    if isinstance(paper, Card):
        return paper if _take_card(act, known, data, by, via) else None
    if isinstance(paper, Revocation) and revoked_key(desk, paper.party, paper.public):
        return None
    _say(act, paper, data, by, via)
    _alarm(act, paper.party, NEWS[kind_of(paper)], _named(paper))
    if isinstance(paper, Revocation) and paper.replacement:
        # A newer card may be known already; what is revoked is revoked all the same.
        with suppress(ParcelError):
            _take_card(act, known, paper.replacement, by, via)
    return paper


def _take_card(act: Act, known: Partner, data: bytes, by: Mapping[str, str], via: str) -> bool:
    """Whether the card is newer than the one in use. Raises ParcelError."""
    card = read_card(data)
    if data == known.data or card.issued_ms <= known.card.issued_ms:
        return False
    open_card(data, act.now)
    if revoked_key(act.desk, card.party, card.public):
        raise ParcelError("card_revoked", party=card.party)
    alike = names.like_another(act.desk, card)
    if alike is not None:
        if by:
            raise ParcelError(
                "card_name_alike", party=card.party, name=alike.name, other=alike.party
            )
        _refuse_name(act, card, alike)
        return False
    partners.say_card(act, card, data, by=by, via=via)
    if card.public != known.card.public:
        _alarm(act, card.party, "key_changed", {"node": card.node})
    if card.names != known.names:
        _alarm(act, card.party, "names_changed", {})
    return True


def _refuse_name(act: Act, card: Card, alike: names.Alike) -> None:
    """A card under another party's name is not taken, and people hear of it once an hour: it comes
    with every parcel.
    """
    if not alarms.rang_since(act.desk.board, card.party, "name_alike", act.now - HOUR_MS):
        names.tell(act, card, alike)


def _hear_of_authority(act: Act, card: Card) -> None:
    """A partner's own node shows a card by an authority that nobody here knows: only people can
    say whether it is the partner's. They hear of it once an hour.
    """
    if not alarms.rang_since(act.desk.board, card.party, "authority_other", act.now - HOUR_MS):
        _alarm(act, card.party, "authority_other", {"node": card.node})
        act.changed("link")


def _of_ours(act: Act, paper: Paper, data: bytes, by: Mapping[str, str], via: str) -> Paper | None:
    """A paper of our own authority: what another machine of ours, or a partner, tells us."""
    if isinstance(paper, Card):
        return paper if _take_former(act, paper, data, by, via) else None
    if paper.authority != own_authority(act.desk):
        raise ParcelError("paper_authority", party=paper.party)
    if isinstance(paper, Succession) or revoked_key(act.desk, paper.party, paper.public):
        return None
    _say(act, paper, data, by, via)
    _tell_all(act, paper, data)
    return paper


def _take_former(act: Act, card: Card, data: bytes, by: Mapping[str, str], via: str) -> bool:
    """Whether a card of ours is one that this node did not know: it was founded in the place of a
    lost one, or went back past a change of keys. What is signed under it is ours. Raises
    ParcelError for the card in use, and for one of an authority that was never ours.
    """
    desk, known = act.desk, cards_of(act.desk, act.desk.me)
    if card.public == desk.identity.keys.public:
        raise ParcelError("card_own")
    if card.authority not in {own_authority(desk), *(one.authority for one in known)}:
        raise ParcelError("paper_authority", party=card.party)
    if any(one.public == card.public for one in known):
        return False
    partners.say_card(act, card, data, by=by, via=via, former=True)
    return True


def own_authority(desk: Desk) -> bytes:
    """The public key of our own authority, whose secret may be elsewhere; b"" where unknown."""
    if desk.identity.authority is not None:
        return desk.identity.authority.public
    own = cards_of(desk, desk.me)
    return own[0].authority if own else b""


def _named(paper: Paper) -> dict[str, str]:
    return {} if isinstance(paper, Succession) else {"node": paper.node}


def _say(act: Act, paper: Paper, data: bytes, by: Mapping[str, str], via: str) -> None:
    act.say(
        {
            "type": kind_of(paper), "party": paper.party, "paper": data.decode(), "by": dict(by),
            "via": via, "size": act.desk.store.head(in_log(paper.party)).size, "at": act.now,
        }
    )  # fmt: skip
    act.changed("link")


def _alarm(act: Act, party: str, code: str, values: Mapping[str, str]) -> None:
    act.say({"type": "alarm", "party": party, "code": code, "values": dict(values), "at": act.now})


# Our own papers, on their way to every partner ---------------------------------------------------


def announce(desk: Desk, card_bytes: bytes) -> bool:
    """Tell every partner of our card, where it is not the one that was told last."""
    card = read_card(card_bytes)
    if any(data == card_bytes for data in rows.cards(desk.board, desk.me)):
        return False
    with desk.act() as act:
        partners.say_card(act, card, card_bytes, by={}, via="")
        _tell_all(act, card, card_bytes)
    return True


def succeed(desk: Desk, paper_bytes: bytes) -> None:
    """Tell every partner that another authority key takes the place of ours."""
    paper = read_paper(paper_bytes)
    with desk.act() as act:
        _say(act, paper, paper_bytes, {}, "")
        _tell_all(act, paper, paper_bytes)


def _tell_all(act: Act, paper: Paper, data: bytes) -> None:
    for known in partners.partners(act.desk):
        tell(act, known.party, paper, data)


def tell(act: Act, party: PartyCode, paper: Paper, data: bytes) -> None:
    """Put a paper of ours into the feed; until it is signed for, it also heads every parcel."""
    seq = act.feed(party, entry_of(paper, data))
    act.say({"type": "told", "to": party, "seq": seq, "paper": data.decode(), "at": act.now})


def entry_of(paper: Paper, data: bytes) -> dict[str, object]:
    """The entry of a feed that carries a paper."""
    return {"type": kind_of(paper), **as_object(data)}


def unconfirmed(
    desk: Desk, party: str, most: int = BOUNDS.papers_per_parcel_max
) -> tuple[bytes, ...]:
    """Our papers that the partner has not signed for, oldest first."""
    return rows.papers_unsigned(desk.board, party, most)


def own_card(desk: Desk) -> tuple[bytes, ...]:
    """The card in use of this node; none before it was announced."""
    return tuple(rows.cards(desk.board, desk.me)[:1])


def signed_under(desk: Desk, party: PartyCode, notes: Iterable[str]) -> tuple[bytes, ...]:
    """The earlier cards of ``party`` under which it signed these heads of its feed."""
    _, *former = rows.cards(desk.board, party)
    origin, found = feed_origin(party, desk.me), dict[bytes, None]()
    for note in notes:
        for data in former:
            with suppress(ParcelError):
                verify(note, origin, origin, partners.card_in(data).public)
                found[data] = None
                break
    return tuple(found)


def pass_on(desk: Desk, actor: Actor, public: bytes, party: str) -> None:
    """Hand a revocation on to another partner: a person's act, since it tells whom we know."""
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    found = [item for item in revocations(desk) if item.public == public]
    known = partners.partner(desk, party)
    if not found or known is None or found[0].party in (party, desk.me):
        raise InputError("partner_unknown", party=party[:8])
    with desk.act() as act:
        act.feed(known.party, entry_of(read_revocation(found[0].paper), found[0].paper))
        act.say(
            {
                "type": "passed", "to": party, "paper": found[0].paper.decode(),
                "by": actor.to_json(), "at": act.now,
            }
        )  # fmt: skip


def revoke_own(desk: Desk, actor: Actor, public: bytes, lost: int) -> bytes:
    """Revoke another node of this party, or a key that this one had, and tell every partner. The
    paper. Raises InputError, RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    authority = desk.identity.authority
    if authority is None:
        raise RefusedError(Refused("no_authority_key"))
    found = [card for card in cards_of(desk, desk.me) if card.public == public]
    if not found or public == desk.identity.keys.public:
        raise InputError("revoke_which")
    now = desk.clock.now()
    said = Revocation(
        party=desk.me, authority=authority.public, node=found[0].node, public=public,
        revoked_ms=now, lost_ms=lost if 0 < lost <= now else now, reason="lost",
    )  # fmt: skip
    data = make_revocation(said, authority.seed)
    with desk.act() as act:
        take(act, data, by=actor.to_json())
    return data


# What arrives ------------------------------------------------------------------------------------


def heard(desk: Desk, header: Header) -> None:
    """Take the papers at the head of a parcel. One that does not count changes nothing, and the
    parcel is judged without it.
    """
    for data in header.papers:
        with suppress(FaultError):
            paper = read_paper(data)
            ours = isinstance(paper, Card) and paper.party == desk.me
            if ours or paper.party == header.sender:
                with desk.act() as act:
                    take(act, data, via=header.sender)


def of_entry(act: Act, party: PartyCode, item: Mapping[str, JSON]) -> None:
    """Take the paper of a feed's entry. One of a party that is a stranger here says nothing."""
    data = as_bytes(cast("JSON", item))
    paper = read_paper(data)
    if paper.party in (party, act.desk.me) or partners.partner(act.desk, paper.party) is not None:
        take(act, data, via=party)


def signer(desk: Desk, plain: bytes, header: Header) -> bytes:
    """The key that signed a parcel, if it is one that counts now. Raises ParcelError."""
    now = desk.clock.now()
    known = partners.partner(desk, header.sender)
    keys = rows.keys_of(desk.board, header.sender, header.node)
    if known is None or not keys:
        raise ParcelError("parcel_sender")
    public = signer_of(plain, list(dict.fromkeys(key.public for key in keys)))
    if public is None:
        raise ParcelError("parcel_signature")
    revoked = revoked_key(desk, header.sender, public)
    if revoked is not None:
        _speaks_on(desk, header, public)
        raise ParcelError("parcel_revoked", paper=revoked.paper.decode())
    if not any(_counts(key, now) for key in keys if key.public == public):
        raise ParcelError("parcel_key_old")
    return public


def _counts(key: rows.Key, now: int) -> bool:
    until, expires = key.until, key.expires
    # The card in use has words of its own where it has expired: the link says so.
    return until == 0 or (until > now and expires > now)


def _speaks_on(desk: Desk, header: Header, public: bytes) -> None:
    """A revoked node goes on: people hear of it once."""
    if not alarms.revoked_speaks(desk.board, header.sender, public):
        with desk.act() as act:
            _alarm(act, header.sender, "revoked_speaks", {"node": header.node})
            act.changed("link")


# What is known -----------------------------------------------------------------------------------


def cards_of(desk: Desk, party: str) -> list[Card]:
    """All cards that a party has had here, the one in use first: old signatures are checked with
    the key of their time.
    """
    return [partners.card_in(data) for data in rows.cards(desk.board, party)]


def revocations(desk: Desk, party: str = "") -> list[Revoked]:
    """All revocations that this node has taken, or those of one party, newest first."""
    return rows.revocations(desk.board, party)


def revoked_key(desk: Desk, party: str, public: bytes) -> Revoked | None:
    """The revocation of a key, if there is one."""
    return next((item for item in revocations(desk, party) if item.public == public), None)


def own_revocation(desk: Desk) -> Revoked | None:
    """The revocation of this very node, if its authority has revoked it."""
    return revoked_key(desk, desk.me, desk.identity.keys.public)


def in_doubt(desk: Desk, owner: str, at: int) -> Revoked | None:
    """The revocation that puts in doubt what came from ``owner`` at ``at``: between the loss of the
    node and the moment when this node heard of it.
    """
    return next((r for r in revocations(desk, owner) if r.lost <= at < r.at), None)


def doubt_about(desk: Desk, owner: str, release: str | None) -> Revoked | None:
    """As :func:`in_doubt`, for a partner's release."""
    came = arrivals.arrived(desk.board, release or "")
    return in_doubt(desk, owner, came.at) if came else None
