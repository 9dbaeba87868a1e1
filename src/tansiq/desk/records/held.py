"""How many releases each partner has, and how they stand there: the figures beside
``read.holdings``, for the viewer.
"""

from dataclasses import dataclass, replace

from tansiq.board import holdings
from tansiq.board.holdings import ALL, Left, Stand
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records.read import partner_codes
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode, Viewer

__all__ = ["HeldCount", "Left", "Stand", "first_left", "held_counts", "stand_counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCount:
    """How many releases left to a party; with ``more``, so many and more."""

    party: PartyCode
    count: int
    more: bool


@reading_as
def held_counts(desk: Desk, viewer: Viewer, wanted: Left = ALL) -> list[HeldCount]:
    """How many of the releases that ``read.holdings`` lists each partner has, in the order of
    codes. Attachments are no rows there and are not counted.
    """
    now = desk.clock.now()
    most, found = BOUNDS.counted_max, list[HeldCount]()
    for party in partner_codes(desk):
        theirs = replace(wanted, party=party)
        number = holdings.left_count(desk.board, viewer, now, theirs, most)
        found.append(HeldCount(party=party, count=min(number, most), more=number > most))
    return found


@reading_as
def stand_counts(desk: Desk, viewer: Viewer, wanted: Left = ALL) -> dict[Stand, int] | None:
    """How many of them stand in each way; None where they are too many to count one by one."""
    now, most = desk.clock.now(), BOUNDS.counted_max
    every = replace(wanted, stand=None)
    found = holdings.left_stands(desk.board, viewer, now, every, most)
    if sum(found.values()) > most:
        return None
    return {stand: found[stand] for stand in Stand if stand in found}


@reading_as
def first_left(desk: Desk, viewer: Viewer, wanted: Left = ALL) -> int:
    """When the first of them left, in milliseconds; 0 where nothing did."""
    return holdings.first_left(desk.board, viewer, desk.clock.now(), wanted)
