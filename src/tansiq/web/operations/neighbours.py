"""What a planned activity meets, on its form before it is saved and on its page: neighbours that
this seat may see, how close they come, whom to call, and who is told of it.
"""

from dataclasses import dataclass, replace
from typing import Final

from tansiq.desk.operations import checking
from tansiq.desk.operations.checking import ACTIVITY, SEEN, Checked, Neighbour
from tansiq.desk.records.read import View
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY
from tansiq.domain.operations.volumes import Near
from tansiq.domain.records import Body
from tansiq.web.operations import meetings
from tansiq.web.operations.meetings import Between
from tansiq.web.shell.home import First
from tansiq.web.shell.page import Context
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

_DRAWN_MAX: Final = 12  # of a sort beside the own area: more would cover one another
_ORDER: Final = ("activities", "operations", "sites", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A neighbour as a page shows it: how far apart in metres and minutes, 0 and 0 where they
    overlap. ``told`` says whether its party is shown the other one: both, or this side alone;
    ``between`` how the two stand to one another where both are.
    """

    view: View
    overlaps: bool
    metres: int
    minutes: int
    begins: int
    until: int
    told: str
    between: Between | None = None


def found(seat: Seat, body: Body, old: View | None) -> Context:
    """What a body meets that is about to be saved, with the mark that says it was shown."""
    own = f"{old.value.owner}/{old.value.record}" if old else ""
    checked = checking.found(current().desk, seat.viewer, body, own=own)
    readers = old.value.label.readers() if old else frozenset[str]()
    return {**shown(checked, body, readers), "mark": checked.digest}


def found_of(seat: Seat, view: View) -> Context:
    """What an activity meets now, for its page."""
    checked, value = checking.found_of(current().desk, seat.viewer, view), view.value
    found = shown(checked, value.body, value.label.readers())
    known = meetings.of_activity(seat, view)
    if value.received is None:
        for name, those in found["met"].items():
            found["met"][name] = tuple(
                replace(one, between=meetings.between(seat, value, one.view.value, known))
                if one.told == "both" else one
                for one in those
            )  # fmt: skip
    return {**found, "meetings": known}


def shown(checked: Checked, body: Body, readers: frozenset[str]) -> Context:
    """What was found as its template shows it."""
    sealed = PLANNED_ACTIVITY.stays_home(body)
    groups = {name: getattr(checked, name) for name in _ORDER}
    return {
        "met": {
            name: tuple(_met(one, readers, sealed=sealed) for one in those)
            for name, those in groups.items() if those
        },
        "compared": checked.area, "more": checked.more, "meetings": (),
        "drawn": tuple(
            (one.view.value.body["area"], "bad" if one.overlaps else "warn")
            for those in groups.values() for one in those[:_DRAWN_MAX]
            if "area" in one.view.value.body
        ),
    }  # fmt: skip


def _met(one: Neighbour, readers: frozenset[str], *, sealed: bool) -> Met:
    near = one.answer if isinstance(one.answer, Near) else None
    value = one.view.value
    told = "own" if value.received is None else "sealed" if sealed else (
        "both" if value.owner in readers else "unsent"
    )  # fmt: skip
    return Met(
        view=one.view, overlaps=one.overlaps, metres=near.metres if near else 0,
        minutes=near.minutes if near else 0, begins=one.answer.theirs.begins,
        until=one.answer.theirs.until, told=told if value.kind == ACTIVITY else "",
    )  # fmt: skip


FIRST: Final = First(template="operations/_neighbours.html", field=SEEN, make=found)
