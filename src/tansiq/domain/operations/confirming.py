"""Who has confirmed having a protected site, or agreed to a coordination line, party by party; and
whether a site is due to be looked at.

The desk folds the rounds of a site's circle by :func:`confirmed`. A confirmation is of a place:
rounds say since when the place was verified of which they ask (``placed``), and whoever confirmed
another one has confirmed an older place. What is not in hand says nothing of its party.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.domain.cases import Round, Seat, Step
from tansiq.domain.kinds.operations.protected_site import NOTIFIED, PROPOSED, VERIFIED
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body, RecordView

SOON_DAYS: Final = 30
_PLACED: Final = "placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What is in hand of one party that was asked: the position that was asked last, when it was
    asked, and when it answered (ms, 0 = nothing in hand). ``older`` says that what it answered is
    of an older place, or of an older line. ``by`` is the position that did, ``said`` its step.
    """

    party: PartyCode
    position: str
    asked: int
    at: int = 0
    by: str = ""
    older: bool = False
    said: Step | None = None

    @property
    def has_it(self) -> bool:
        """Whether it has confirmed the place as it stands."""
        return bool(self.at) and not self.older


def placed_of(view: RecordView, rounds: Sequence[Round]) -> int:
    """Since when the place of a site was verified, as a reader holds it (ms); 0 where it is not
    verified. What a rule hides is what the newest round asked of.
    """
    if view.state == PROPOSED:
        return 0
    said = view.body.get(_PLACED)
    return said if isinstance(said, int) else (_of(rounds[-1]) if rounds else 0)


def confirmed(rounds: Sequence[Round], placed: int, named: str = _PLACED) -> tuple[Confirmed, ...]:
    """Who was asked, by party, and the newest that each confirmed, of whatever round; ``placed``
    says since when the place as it stands was verified (ms), as the value ``named`` of a round does
    of what that asked.
    """
    found: dict[PartyCode, Confirmed] = {}
    for one in rounds:
        for seat in one.seats:
            known = found.get(seat.seat.party)
            found[seat.seat.party] = _next(known, one, seat.seat)
            if seat.answer is not None:
                found[seat.seat.party] = Confirmed(
                    party=seat.seat.party, position=seat.seat.position, asked=one.opened.at,
                    at=seat.answer.at, by=seat.answer.seat.position, said=seat.answer,
                    older=_of(one, named) != placed,
                )  # fmt: skip
    return tuple(found[party] for party in sorted(found))


def _next(known: Confirmed | None, asked: Round, seat: Seat) -> Confirmed:
    """A party that is asked once more keeps what it has confirmed."""
    if known is not None:
        return replace(known, position=seat.position, asked=asked.opened.at)
    return Confirmed(party=seat.party, position=seat.position, asked=asked.opened.at)


def _of(one: Round, named: str = _PLACED) -> int:
    said = one.opened.values.get(named)
    return said if isinstance(said, int) else 0


def is_due(view: RecordView, today: dt.date) -> bool:
    """Whether a verified site is due to be looked at again."""
    left = days_left(view.body, today)
    return view.state in (VERIFIED, NOTIFIED) and left is not None and left < 0


def days_left(body: Body, today: dt.date) -> int | None:
    """How many days a site still stands as verified, below 0 once it is due; None where its reader
    is not told.
    """
    until = body.get("until")
    return (dt.date.fromisoformat(until) - today).days if isinstance(until, str) else None
