"""Which positions of which parties can be asked: what forms that ask a seat offer."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.parties import PartyCode
from tansiq.web.shell.site import current


@dataclass(frozen=True, slots=True)
class PartnerSeats:
    """The positions of a partner that can be asked; where there are none, ``why`` is the end of the
    key of the words that say so.
    """

    code: str
    positions: tuple[str, ...]
    why: str = ""


_NEVER_ASKED: Final = frozenset({"administrator", "auditor"})  # they do not act for their party


def seats_of_partners() -> list[PartnerSeats]:
    """The positions of each partner that can be asked, for forms that ask a seat: those that its
    card names and that read and act for it.
    """
    desk, found = current().desk, []
    for known in partners.partners(desk):
        party = known.card.party
        agreed = agreements.in_force(desk.board, PartyCode(party), desk.clock.now())
        places = (place.code for place in known.card.positions)
        codes = tuple(code for code in places if code not in _NEVER_ASKED)
        why = "no_agreement" if agreed is None else "" if codes else "no_positions"
        found.append(PartnerSeats(party, codes if agreed else (), why))
    return sorted(found, key=lambda one: one.code)


def seats_of_members(members: Collection[str]) -> list[PartnerSeats]:
    """The positions that a round may name, of ours and of these partners; none without members."""
    if not members:
        return []
    desk = current().desk
    own = tuple(one.code for one in desk.identity.positions if one.code not in _NEVER_ASKED)
    theirs = [one for one in seats_of_partners() if one.code in members and one.positions]
    return [PartnerSeats(str(desk.me), own), *theirs]
