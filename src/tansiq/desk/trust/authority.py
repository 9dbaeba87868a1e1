"""A partner that has lost its authority key, and the new one that people accept for it.

An authority that steps down signs for the one that follows (``papers``). Where its key is lost or
in other hands nobody can sign, and nothing but people can say that a card by an unknown authority
is the partner's. What must hold: two persons of this party have compared the card's eight words
with the partner by voice, each for themselves; until then the key that was known counts; from then
on no key of before counts; and everybody here is told until somebody has seen it.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.board import partners as rows
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.log.cards import Card, read_card
from tansiq.policy import mandate

# What stands on every page until a person has marked it as seen.
LOUD: Final = (
    "authority_asked", "authority_new", "authority_changed", "authority_other", "name_alike",
    "names_changed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody wishes to accept a card by another authority; another person has to agree."""

    card: bytes
    by: dict[str, str]
    at: int


def asked(desk: Desk, party: str) -> Asked | None:
    """The wish that waits for a second person."""
    found = rows.new_authority(desk.board, party)
    return Asked(card=found[0], by=found[1], at=found[2]) if found else None


def is_other(desk: Desk, data: bytes) -> bool:
    """Whether a card is a partner's by another authority than the one that is known."""
    card = read_card(data)
    known = partners.partner(desk, card.party)
    return known is not None and known.authority != card.authority


def ask(desk: Desk, actor: Actor, data: bytes) -> Card:
    """Wish to accept a card by another authority, after its words were compared; nothing changes
    before another person agrees. Raises InputError, ParcelError, RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.JOIN))
    card = partners.offered(desk, data, new_authority=True)
    with desk.act() as act:
        if not is_other(desk, data):
            raise InputError("authority_known", party=card.party)
        _say(act, card.party, data, actor)
        _alarm(act, card.party, "authority_asked", actor)
    return card


def agree(desk: Desk, actor: Actor, party: str, *, seen: str) -> Card:
    """Accept the new authority, as the second person who has compared the words of the card with
    the mark ``seen``. Raises InputError, also where another card is asked for by now, ParcelError,
    RefusedError for the one who asked.
    """
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    card = partners.offered(desk, _compared(desk, actor, party, seen).card, new_authority=True)
    with desk.act() as act:
        wish = _compared(desk, actor, party, seen)
        partners.say_card(act, card, wish.card, by=actor.to_json(), via="", named=True, anew=True)
        _alarm(act, card.party, "authority_new", actor)
        act.fed.add(PartyCode(card.party))  # the exchange loop looks at once
    return card


def _compared(desk: Desk, actor: Actor, party: str, seen: str) -> Asked:
    """The wish of somebody else for the card with that mark."""
    wish = asked(desk, party)
    if wish is None:
        raise InputError("authority_not_asked")
    if wish.by.get("person") == actor.person:
        raise RefusedError(Refused("restart_same_person"))
    if partners.mark_of(wish.card) != seen:
        raise InputError("card_changed", party=party[:8])
    return wish


def drop(desk: Desk, actor: Actor, party: str) -> None:
    """Take the wish back: the words were not the same. Raises InputError, RefusedError."""
    demand(mandate.may_do(actor.role, mandate.Act.JOIN))
    with desk.act() as act:
        if asked(desk, party) is None:
            raise InputError("authority_not_asked")
        _say(act, party, b"", actor)


def see(desk: Desk, actor: Actor, party: str) -> None:
    """Say that people here have seen the alarms about a party. Raises RefusedError."""
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    with desk.act() as act:
        act.say({"type": "seen", "party": party[:8], "by": actor.to_json(), "at": act.now})
        act.changed("link")


def _say(act: Act, party: str, data: bytes, actor: Actor) -> None:
    act.say(
        {"type": "new_authority", "party": party, "card": data.decode(), "by": actor.to_json(),
         "at": act.now}
    )  # fmt: skip
    act.changed("link")


def _alarm(act: Act, party: str, code: str, actor: Actor) -> None:
    values = {"position": actor.position}
    act.say({"type": "alarm", "party": party, "code": code, "values": values, "at": act.now})
