"""The links of a node, for a page: when a partner was last heard of, what waits, which alarms
stand.

Nothing here is content: an administrator may read all of it. How many entries have left or come is
told to those who keep the links level (administrator, auditor, senior duty officer); everybody
else sees the releases that wait, counted over what that position may see.
"""

import json
from dataclasses import dataclass
from typing import Final

from tansiq.board import alarms, link_state
from tansiq.board.partners import Revoked
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.records import read
from tansiq.desk.records.read import ReleaseState
from tansiq.desk.release import agreements
from tansiq.desk.trust import authority, papers, partners, restarting
from tansiq.desk.trust.partners import Partner
from tansiq.desk.trust.restarting import Asked
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.wording import Text
from tansiq.log.cards import Card, card_words, read_card
from tansiq.log.database import Value
from tansiq.log.keys import fingerprint_words
from tansiq.log.store import in_log, out_log
from tansiq.policy import mandate
from tansiq.policy.agreement import Agreement, smallest, with_joined

ALARMS_SHOWN: Final = 20
LOUD_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a person must hear: its words are ``alarm.<code>``. ``records`` are those that
    it is about and that this person may see.
    """

    code: str
    values: dict[str, str]
    at: int
    records: tuple[read.View, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How many entries were sent, signed for and received; how many parcels wait behind a gap."""

    sent: int
    signed: int
    received: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """One partner's link.

    ``state``: revoked, stopped, confirmed (its key was compared, the exchange is not authorised),
    failing, waiting, up, or new (never heard of). ``silent`` since a day. ``releases`` wait for the
    partner's signature; ``waiting`` counts them, or all entries for those who see ``lengths``.
    ``new_authority`` is a card by another authority that ``asked_by`` wishes to accept; ``renamed``
    is the mark of the newest card where it has names that nobody here has accepted, "" elsewhere.
    """

    party: PartyCode
    state: str
    partner: Partner
    releases: tuple[ReleaseState, ...]
    waiting: int
    lengths: Lengths | None
    alarms: tuple[Alarm, ...]
    restart: Asked | None
    new_authority: "CardSeen | None"
    asked_by: dict[str, str]
    renamed: str
    silent: bool


def links(desk: Desk, viewer: Viewer) -> list[LinkState]:
    """All links, by party."""
    demand(mandate.may_do(viewer.role, mandate.Act.SEE_LINKS))
    return [_state(desk, viewer, partner) for partner in partners.partners(desk)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """A link over which nothing comes: why, as :class:`LinkState` names it, or "silent" where its
    partner was not heard of for a day; and when it was last heard of (ms, 0 = never).
    """

    party: PartyCode
    state: str
    contact_at: int


def down(desk: Desk, viewer: Viewer) -> tuple[Down, ...]:
    """The links over which nothing comes, by party; nothing without the mandate to see links."""
    if not mandate.may_do(viewer.role, mandate.Act.SEE_LINKS):
        return ()
    known = partners.partners(desk)
    found = [(one, _hindrance(one) or ("silent" if _is_silent(desk, one) else "")) for one in known]
    return tuple(
        Down(party=one.party, state=state, contact_at=one.contact_at)
        for one, state in found
        if state
    )


def _hindrance(partner: Partner) -> str:
    """What keeps a link from working; "" where nothing is known to."""
    ladder = (
        (partner.revoked_at, "revoked"),
        (partner.stopped_at, "stopped"),
        (not partner.authorised_at, "confirmed"),
        (partner.failure, "failing"),
    )
    return next((state for holds, state in ladder if holds), "")


def _is_silent(desk: Desk, partner: Partner) -> bool:
    quiet = desk.clock.now() - partner.contact_at > BOUNDS.silent_ms
    return bool(partner.contact_at) and quiet


def link(desk: Desk, viewer: Viewer, party: str) -> LinkState:
    """The link to one partner. Raises InputError for a party that is no partner."""
    demand(mandate.may_do(viewer.role, mandate.Act.SEE_LINKS))
    known = partners.partner(desk, party)
    if known is None:
        raise InputError("partner_unknown", party=party[:8])
    return _state(desk, viewer, known)


def _state(desk: Desk, viewer: Viewer, partner: Partner) -> LinkState:
    party = partner.party
    reads = bool(mandate.may_do(viewer.role, mandate.Act.READ))
    releases = read.waiting_for(desk, viewer, party) if reads else []
    counts = bool(mandate.may_do(viewer.role, mandate.Act.VERIFY))
    lengths = _lengths(desk, partner) if counts else None
    waiting = lengths.sent - lengths.signed if lengths else len(releases)
    state = "waiting" if waiting else "up" if partner.contact_at else "new"
    wish = authority.asked(desk, party)
    return LinkState(
        party=party, state=_hindrance(partner) or state, partner=partner,
        releases=tuple(releases), waiting=waiting, lengths=lengths,
        alarms=_alarms(desk, viewer, party), restart=restarting.asked(desk, party),
        new_authority=_card_seen(desk, wish.card) if wish else None,
        asked_by=wish.by if wish else {},
        renamed=partners.mark_of(partner.data) if partner.names != partner.card.names else "",
        silent=_is_silent(desk, partner),
    )  # fmt: skip


def _lengths(desk: Desk, partner: Partner) -> Lengths:
    return Lengths(
        sent=desk.store.head(out_log(partner.party)).size, signed=partner.acknowledged,
        received=desk.store.head(in_log(partner.party)).size,
        held=link_state.held_count(desk.board, partner.party),
    )  # fmt: skip


def _alarms(desk: Desk, viewer: Viewer, party: PartyCode) -> tuple[Alarm, ...]:
    found = alarms.newest(desk.board, party, ALARMS_SHOWN)
    return tuple(_alarm(code, text, at, desk, viewer) for code, text, at in found)


def _alarm(code: Value, text: Value, at: Value, desk: Desk, viewer: Viewer) -> Alarm:
    said = json.loads(str(text))
    keys = [str(one).partition("/") for one in said.pop("records", [])]
    values = {name: str(value) for name, value in said.items()}
    records = read.seen(desk, viewer, [(owner, record) for owner, _, record in keys])
    return Alarm(code=str(code), values=values, at=int(str(at)), records=tuple(records))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An agreement and the parties whose authorities have signed it."""

    agreement: Agreement
    by: tuple[str, ...]
    ours: bool
    theirs: bool
    in_force: bool


def agreements_with(desk: Desk, viewer: Viewer, party: str) -> list[Signed]:
    """The agreements with a party, newest version first."""
    demand(mandate.may_do(viewer.role, mandate.Act.SEE_LINKS))
    now = desk.clock.now()
    current = agreements.in_force(desk.board, party, now)
    return [
        Signed(
            agreement=agreement, by=tuple(sorted(signatures)), ours=desk.me in signatures,
            theirs=party in signatures, in_force=with_joined(agreement) == current,
        )
        for agreement, signatures in agreements.agreements(desk.board, party, both=False)
    ]  # fmt: skip


def join(desk: Desk, actor: Actor, data: bytes) -> Card:
    """Trust a card whose words a person has compared. Where a release authority does it, the
    exchange is authorised and the smallest agreement signed at once. A card of a partner by another
    authority than before waits for a second person, who brings it in the same way or agrees on the
    page. Raises as :func:`tansiq.desk.trust.partners.trust`.
    """
    if authority.is_other(desk, data):
        wish = authority.asked(desk, read_card(data).party)
        other = wish is not None and wish.by.get("person") != actor.person
        if wish is not None and wish.card == data and other:
            seen = partners.mark_of(data)
            return authority.agree(desk, actor, read_card(data).party, seen=seen)
        return authority.ask(desk, actor, data)
    card = partners.trust(desk, actor, data)
    _sign_smallest(desk, actor, PartyCode(card.party))
    return card


def authorise(desk: Desk, actor: Actor, party: str) -> None:
    """Let the exchange with a party begin whose key was confirmed, and sign the smallest agreement.
    Raises InputError, RefusedError without the mandate of a release authority.
    """
    partners.authorise(desk, actor, party)
    _sign_smallest(desk, actor, PartyCode(party))


def _sign_smallest(desk: Desk, actor: Actor, party: PartyCode) -> None:
    """Sign the text of joining, unless there is another one or this node cannot sign."""
    text = smallest(desk.me, party)
    known = agreements.agreements(desk.board, party, both=False)
    if any(other != text or desk.me in signatures for other, signatures in known):
        return
    if mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT) and desk.identity.authority:
        agreements.sign(desk, actor, text)


def sign_waiting(desk: Desk, actor: Actor, party: str, name: str, version: int) -> None:
    """Sign the text that the partner has signed already. Raises InputError, RefusedError,
    ParcelError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    for item in agreements_with(desk, desk.viewer(actor), party):
        same = (item.agreement.id, item.agreement.version) == (name, version)
        if same and item.theirs and not item.ours:
            agreements.sign(desk, actor, item.agreement)
            return
    raise InputError("agreement_signed")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeen:
    """A card as two people compare it: whose it is and the eight words with their numbers."""

    party: str
    names: Text
    node: str
    address: str
    positions: int
    expires: int
    known: bool
    other_authority: bool
    words: tuple[tuple[str, int], ...]
    mark: str


def seen(desk: Desk, data: bytes, *, own: bool = False) -> CardSeen:
    """What a card says, if it could be trusted, where it is by another authority than before by
    two persons. Raises ParcelError.
    """
    if not own:
        partners.offered(desk, data, new_authority=True)
    return _card_seen(desk, data)


def _card_seen(desk: Desk, data: bytes) -> CardSeen:
    card = read_card(data)
    return CardSeen(
        party=card.party, names=card.names, node=card.node, address=card.address,
        positions=len(card.positions), expires=card.expires_ms,
        known=partners.partner(desk, card.party) is not None,
        other_authority=authority.is_other(desk, data), words=card_words(data),
        mark=partners.mark_of(data),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Loud:
    """An alarm that stands on every page until somebody has marked it as seen."""

    party: str
    alarm: Alarm


def loud(desk: Desk, viewer: Viewer) -> tuple[Loud, ...]:
    """What this position must hear of keys and names, newest first; nothing without the mandate
    to see links.
    """
    if not mandate.may_do(viewer.role, mandate.Act.SEE_LINKS):
        return ()
    found = alarms.unseen(desk.board, authority.LOUD, LOUD_SHOWN)
    return tuple(
        Loud(party=str(party), alarm=_alarm(code, text, at, desk, viewer))
        for party, code, text, at in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A card of our own party: the one in use, or one before it that can be revoked."""

    node: str
    public: str
    expires: int
    current: bool
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPage:
    """How the keys of this node stand, and what was revoked anywhere."""

    own: tuple[OwnKey, ...]
    holds_authority: bool
    own_revoked: bool
    revocations: tuple[Revoked, ...]
    partners: tuple[str, ...]


def key_page(desk: Desk, viewer: Viewer) -> KeyPage:
    """The keys, for those who see the links. No secret is in it."""
    demand(mandate.may_do(viewer.role, mandate.Act.SEE_LINKS))
    revoked = papers.revocations(desk)
    gone = {item.public for item in revoked if item.party == desk.me}
    mine = desk.identity.keys.public
    seen: dict[bytes, OwnKey] = {}
    for card in papers.cards_of(desk, desk.me):
        seen.setdefault(
            card.public,
            OwnKey(
                node=card.node, public=card.public.hex(), expires=card.expires_ms,
                current=card.public == mine, revoked=card.public in gone,
            ),
        )  # fmt: skip
    return KeyPage(
        own=tuple(seen.values()), holds_authority=desk.identity.authority is not None,
        own_revoked=mine in gone, revocations=tuple(revoked),
        partners=tuple(known.party for known in partners.partners(desk)),
    )  # fmt: skip


def words_of(data: bytes) -> tuple[tuple[str, int], ...]:
    """The eight words of any file, with their numbers."""
    return fingerprint_words(data)
