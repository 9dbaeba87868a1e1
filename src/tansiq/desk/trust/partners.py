"""Partners on this node: whose card is trusted, which key signs, what the link was
last heard of.
"""

import hashlib
from collections.abc import Mapping

from tansiq.board import link_state
from tansiq.board import partners as rows
from tansiq.board.partners import Partner, card_in
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.trust import names
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.log.cards import Card, open_card
from tansiq.log.store import in_log
from tansiq.policy import mandate

__all__ = [
    "Partner", "accept_names", "authorise", "card_in", "mark_of", "next_number", "note_contact",
    "offered", "partner", "partners", "say_card", "trust",
]  # fmt: skip


def partners(desk: Desk) -> list[Partner]:
    """All partners, by code."""
    return rows.partners(desk.board)


def partner(desk: Desk, party: str) -> Partner | None:
    """One partner."""
    return rows.partner(desk.board, party)


def mark_of(card: bytes) -> str:
    """By what a form says which card its sender has seen."""
    return hashlib.sha256(card).hexdigest()


def trust(desk: Desk, actor: Actor, card_bytes: bytes) -> Card:
    """Accept a partner's card, after a person has compared its eight words aloud. Nothing is
    released by it, and nothing is exchanged before a release authority authorises it; where it is
    a release authority that accepts it, both happen at once.

    A card by another authority than before is for ``desk.trust.authority``. Raises ParcelError for
    a card that is not good, RefusedError without the mandate.
    """
    demand(mandate.may_do(actor.role, mandate.Act.JOIN))
    card = offered(desk, card_bytes)
    authority = bool(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    with desk.act() as act:
        _demand_fits(desk, card, new_authority=False)
        say_card(
            act, card, card_bytes, by=actor.to_json(), via="", authorised=authority, named=True
        )
    return card


def accept_names(desk: Desk, actor: Actor, party: str, *, seen: str) -> None:
    """Show a partner under the names of its newest card from now on, the one with the mark ``seen``
    (:func:`mark_of`). Raises InputError, also where a newer one has come, RefusedError, ParcelError
    for names that are like another party's.
    """
    demand(mandate.may_do(actor.role, mandate.Act.JOIN))
    names.demand_own(desk, _known(desk, party).card)
    with desk.act() as act:
        known = _known(desk, party)
        if mark_of(known.data) != seen:
            raise InputError("card_changed", party=party[:8])
        say_card(act, known.card, known.data, by=actor.to_json(), via="", named=True)


def say_card(
    act: Act,
    card: Card,
    data: bytes,
    *,
    by: Mapping[str, str],
    via: str,
    authorised: bool = False,
    named: bool = False,
    anew: bool = False,
    former: bool = False,
) -> None:
    """Note in the journal that a card counts from here on, and from which entry of the feed.
    ``named`` says that a person has seen its names and that they are shown from now on; ``anew``
    that another authority has signed it than the cards before; ``former`` that it counts for what
    was signed under it once, and for nothing new.
    """
    act.say(
        {
            "type": "card", "party": card.party, "card": data.decode(), "by": dict(by), "via": via,
            "authorised": authorised, "named": named, "anew": anew, "former": former,
            "size": act.desk.store.head(in_log(card.party)).size, "at": act.now,
        }
    )  # fmt: skip
    act.changed("link")


def authorise(desk: Desk, actor: Actor, party: str) -> None:
    """Let the exchange with a party begin whose key was confirmed. Nothing is released by it.

    Raises InputError, RefusedError without the mandate of a release authority.
    """
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    with desk.act() as act:
        if _known(desk, party).authorised_at:
            return
        act.say({"type": "authorised", "party": party, "by": actor.to_json(), "at": act.now})
        act.changed("link")


def offered(desk: Desk, card_bytes: bytes, *, new_authority: bool = False) -> Card:
    """The card that somebody hands over, if it could be trusted. Raises ParcelError."""
    card = open_card(card_bytes, desk.clock.now())
    if card.party == desk.me:
        raise ParcelError("card_own")
    _demand_fits(desk, card, new_authority=new_authority)
    names.demand_own(desk, card)
    return card


def _demand_fits(desk: Desk, card: Card, *, new_authority: bool) -> None:
    """A card counts beside those that are known of its party. Raises ParcelError."""
    known = partner(desk, card.party)
    if known is not None and known.authority != card.authority and not new_authority:
        raise ParcelError("card_other_authority", party=card.party)
    if known is not None and known.card.issued_ms > card.issued_ms:
        raise ParcelError("card_old", party=card.party)
    if rows.is_revoked(desk.board, card.party, card.public):
        raise ParcelError("card_revoked", party=card.party)


def _known(desk: Desk, party: str) -> Partner:
    known = partner(desk, party)
    if known is None:
        raise InputError("partner_unknown", party=party[:8])
    return known


def note_contact(act: Act, party: PartyCode, *, failure: str = "", contact: bool) -> None:
    """Remember when the link was tried and whether it worked."""
    link_state.note_contact(act.desk.board, party, act.now, failure, contact=contact)


def next_number(act: Act, party: PartyCode) -> int:
    """The number of the next parcel to ``party``, from 1; people read it aloud and see it in file
    names.
    """
    return link_state.next_number(act.desk.board, party)
