"""Planned activities on pages: when they take place, in words, and what is said of a sealed one and
of a movement of aid.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.desk.records.read import View
from tansiq.domain.kinds.listing import Phase
from tansiq.domain.kinds.operations.planned_activity import AID_CONVOY, OFF, PLANNED_ACTIVITY
from tansiq.domain.operations.spells import Spell
from tansiq.domain.operations.windows import window_at, windows
from tansiq.domain.records import Body
from tansiq.web.operations import neighbours, sealed
from tansiq.web.shell.page import Context
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

# What the room says of an own activity in words of its own.
FIELDS: Final = frozenset(
    {"begins", "until", "repeats", "repeats_until", "margin_metres", "margin_minutes",
     "floor_metres", "ceiling_metres"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When an activity takes place: its first window, the one that is open or next, how many there
    are, and where it stands now. ``every`` is how it repeats, "" = not.
    """

    first: Spell
    next: Spell
    count: int
    every: str
    phase: Phase


def panel(seat: Seat, view: View) -> Context:
    """What the page of an activity shows besides: what it meets now, when it takes place, and what
    holds for a sealed one and for a movement of aid.
    """
    body = view.value.body
    return {
        "when": None if view.value.state in OFF else when(body, current().desk.clock.now()),
        "sealed": PLANNED_ACTIVITY.stays_home(body),
        "aid": body.get("activity") == AID_CONVOY,
        "neighbours": neighbours.found_of(seat, view),
        "checks": sealed.panel(seat, view),
    }


def when(body: Body, now: int) -> When | None:
    """When an activity takes place; None where its owner has not said so."""
    found, following = windows(body), window_at(body, now)
    if following is None:
        return None
    phase = Phase.ENDED if now >= found[-1].until else (
        Phase.COMING if now < found[0].begins else Phase.NOW
    )  # fmt: skip
    return When(
        first=found[0], next=following, count=len(found), phase=phase,
        every=str(body["repeats"]) if len(found) > 1 else "",
    )  # fmt: skip
