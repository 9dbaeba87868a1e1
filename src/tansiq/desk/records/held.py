"""How many releases each partner has: the figures beside ``read.holdings``, for the viewer."""

from dataclasses import dataclass

from tansiq.board.holdings import left_count
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records.read import partner_codes
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCount:
    """How many releases left to a party; with ``more``, so many and more."""

    party: PartyCode
    count: int
    more: bool


@reading_as
def held_counts(desk: Desk, viewer: Viewer) -> list[HeldCount]:
    """How many of the releases that ``read.holdings`` lists each partner has, in the order of
    codes. Attachments are no rows there and are not counted.
    """
    now = desk.clock.now()
    most, found = BOUNDS.counted_max, list[HeldCount]()
    for party in partner_codes(desk):
        number = left_count(desk.board, viewer, now, party, most)
        found.append(HeldCount(party=party, count=min(number, most), more=number > most))
    return found
