"""Names that could be taken for another party's.

A partner writes its own names into its card, and people release to names. Two names are alike where
they read the same after everything that an eye passes over: case, spaces, marks and invisible
signs, the variants of Arabic and Kurdish letters (``domain.search``), and letters of other scripts
that look the same (Unicode's table of confusable characters, by ``confusable-homoglyphs``).

What must hold: no party is ever shown under a name that is like a name or the code of another one
that this node knows, its own included.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from confusable_homoglyphs.confusables import confusables_data

from tansiq.board import partners as rows
from tansiq.board.board import Board
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.domain.search import normalise
from tansiq.domain.wording import Text
from tansiq.log.cards import Card

_MARK = "\u200e"  # the table writes it around letters that run right to left


@dataclass(frozen=True, slots=True)
class Alike:
    """A name in a card that is like one of ``party``; "" where it has no letter at all."""

    name: str
    party: str


def forms(name: str) -> frozenset[str]:
    """What is left of a name for the eye. Two names are alike where they share one of these: a
    capital may look like another letter than its small form does.
    """
    found = {_looks(name), _looks(normalise(name))}
    return frozenset(filter(None, found))


def _looks(text: str) -> str:
    plain = normalise("".join(map(_prototype, text)))
    looks = "".join(map(_prototype, plain)).replace(" ", "").casefold()
    return looks.replace(
        "i", "l"
    )  # the table knows the capital alone; on a screen both are a stroke


@functools.lru_cache(maxsize=4_096)
def _prototype(character: str) -> str:
    """The letter for which a letter may be taken. In the table it stands alone for each that looks
    like it, and has all of those itself.
    """
    others: list[str] = [one["c"].strip(_MARK) for one in confusables_data.get(character, ())]
    if len(others) != 1:
        return character
    (other,) = others
    back = [one["c"].strip(_MARK) for one in confusables_data.get(other, ())]
    return min(character, other) if back == [character] else other


def like_another(desk: Desk, card: Card) -> Alike | None:
    """The first name in a card, its own or one of a position, that could be taken for another
    party's.
    """
    known = dict(_known(desk.board, desk.me, card.party))
    for name in _names(card):
        looks = forms(name)
        if not looks:
            return Alike(name, "")
        party = next((known[form] for form in sorted(looks) if form in known), "")
        if party:
            return Alike(name, party)
    return None


def demand_own(desk: Desk, card: Card) -> None:
    """Refuse a card with a name that could be taken for another party's, and tell people. Raises
    ParcelError.
    """
    found = like_another(desk, card)
    if found is None:
        return
    if not found.party:
        raise ParcelError("card_field", field="names")
    with desk.act() as act:
        tell(act, card, found)
    raise ParcelError("card_name_alike", party=card.party, name=found.name, other=found.party)


def tell(act: Act, card: Card, found: Alike) -> None:
    """Let people hear that a party calls itself like another one."""
    values = {"party": card.party, "name": found.name, "other": found.party}
    act.say(
        {"type": "alarm", "party": card.party, "code": "name_alike", "values": values,
         "at": act.now}
    )  # fmt: skip
    act.changed("link")


def _names(card: Card) -> Iterator[str]:
    yield from _each(card.names)
    for position in card.positions:
        yield from _each(position.names)


def _each(names: Text) -> Iterator[str]:
    yield from (names.en, names.ar, names.ckb)


def _known(board: Board, me: PartyCode, party: str) -> Iterator[tuple[str, str]]:
    """Every form of the names and codes of all parties but ``party``, with whose it is."""
    cards = [rows.card_in(data) for data in rows.cards(board, me)[:1]]
    owners = [(str(me), card.names) for card in cards]
    for known in rows.partners(board):
        owners += [(known.party, known.names), (known.party, known.card.names)]
    codes = {me, *(owner for owner, _ in owners)} - {party}
    for code in sorted(codes):
        yield from ((form, code) for form in forms(code))
    for owner, names in owners:
        if owner != party:
            yield from ((form, owner) for name in _each(names) for form in forms(name))
