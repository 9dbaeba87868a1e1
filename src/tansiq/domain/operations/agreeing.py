"""What two parties propose to one another where their plans meet, and what of it was agreed.

The kind of the meeting, the desk and the pages read proposals here. A proposal that does not say
what its way asks for is none: nobody can agree to it, whoever sent it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tansiq.domain.cases import Lane, Side, Standing, Step, StepKey, StepValue, stands
from tansiq.domain.cases.declaration import Declaration
from tansiq.domain.operations.volumes import Overlap, meets, volume_of
from tansiq.domain.records import Body

TO_RESOLVE, FIRST_PROPOSES, OTHER_PROPOSES = "to_resolve", "first_proposes", "other_proposes"
AGREED, VOID, LAPSED = "meeting_agreed", "meeting_void", "meeting_lapsed"
BY_TIME, BY_SPACE, BY_BOTH, CONTACT_PLAN = "by_time", "by_space", "by_both", "contact_plan"
WAYS: Final = (BY_TIME, BY_SPACE, BY_BOTH, CONTACT_PLAN)
MOVERS: Final = ("first", "other", "each")
WINDOWS: Final = ("first_begins", "first_until", "other_begins", "other_until")
NAMED: Final = {Side.OWNER: "first", Side.SEAT: "other"}
_WINDOW: Final = ("begins", "until")
_AGAIN: Final = ("repeats", "repeats_until")
_SPACE: Final = ("area", "floor_metres", "ceiling_metres")
_SAID: Final = "agreed"  # the state of an activity that is as it was agreed to be
_ASKED: Final = frozenset({"planned", "checked", _SAID})
_CALLED: Final = 2  # both parties, one position of each


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed: which sides get a new window (milliseconds), which move in place or height,
    and of a contact plan when to call and the positions that do.
    """

    way: str
    windows: Mapping[Side, tuple[int, int]]
    moves: frozenset[Side]
    call_at: int = 0
    call_seats: tuple[str, ...] = ()

    def changes(self, side: Side) -> bool:
        """Whether that side is to change its activity."""
        return side in self.windows or side in self.moves


def proposal_of(values: Mapping[str, StepValue]) -> Proposal | None:
    """The proposal that a step makes; None for one that does not say what its way asks for."""
    way = values.get("way")
    windows = {side: window for side in Side if (window := _window(values, NAMED[side]))}
    moves = _movers(values.get("moves"))
    if way == CONTACT_PLAN:
        at, seats = values.get("call_at"), values.get("call_seats")
        called = isinstance(seats, tuple) and len({one.partition("/")[0] for one in seats})
        if not isinstance(at, int) or not isinstance(seats, tuple) or called != _CALLED:
            return None
        return Proposal(
            way=CONTACT_PLAN, windows={}, moves=frozenset(), call_at=at, call_seats=seats
        )
    if way not in WAYS or (way != BY_SPACE and not windows) or (way != BY_TIME and not moves):
        return None
    return Proposal(
        way=str(way), windows=windows if way != BY_SPACE else {},
        moves=moves if way != BY_TIME else frozenset(),
    )  # fmt: skip


def _window(values: Mapping[str, StepValue], name: str) -> tuple[int, int] | None:
    begins, until = values.get(f"{name}_begins"), values.get(f"{name}_until")
    if isinstance(begins, int) and isinstance(until, int) and begins < until:
        return begins, until
    return None


def _movers(named: object) -> frozenset[Side]:
    if named == "each":
        return frozenset(Side)
    return frozenset(side for side, name in NAMED.items() if name == named)


def proposed(standing: Standing, lane: Lane) -> Step | None:
    """The proposal that counts where a lane stands: the one to be answered, or the one that was
    agreed to; None where there is none.
    """
    named = {one.key: one for one in lane.steps()}
    last: StepKey | None = None
    for key, stage in standing.path:
        if stage in (FIRST_PROPOSES, OTHER_PROPOSES):
            last = key
        elif stage != AGREED:
            last = None
    return named.get(last) if last else None


def breaks(
    declared: Declaration, lane: Lane, side: Side, was: tuple[Body, Body], other: Body | None
) -> bool:
    """Whether an own activity that said the first of two bodies and says the second is no longer
    what the meeting is about: place, time or height are others, and not as was agreed. ``other`` is
    the other activity as it was read here, None where it is gone.
    """
    before, after = was
    time, space = _differ(before, after, _WINDOW), _differ(before, after, _SPACE)
    again = _differ(before, after, _AGAIN)
    if again or not (time or space):
        return again
    found = agreed(declared, lane)
    if found is None:
        return True
    if time and tuple(after.get(name) for name in _WINDOW) != found.windows.get(side):
        return True
    return space and (side not in found.moves or _overlap(after, other))


def agreed(declared: Declaration, lane: Lane) -> Proposal | None:
    """What was agreed in a lane; None where nothing is."""
    standing = stands(declared, lane)
    step = proposed(standing, lane) if standing.stage == AGREED else None
    return proposal_of(step.values) if step else None


def unsettled(declared: Declaration, lane: Lane, side: Side, body: Body, state: str) -> bool:
    """Whether an own activity is yet to be made what was agreed of it: to be moved to the agreed
    time, or to be said to be as agreed.
    """
    found = agreed(declared, lane)
    if found is None or state not in _ASKED:
        return False
    window = found.windows.get(side)
    moved = window is None or tuple(body.get(name) for name in _WINDOW) == window
    return state != _SAID or not moved


def _differ(before: Body, after: Body, names: tuple[str, ...]) -> bool:
    return any(before.get(name) != after.get(name) for name in names)


def _overlap(body: Body, other: Body | None) -> bool:
    """Whether two activities take the same place at the same time and height."""
    ours, theirs = volume_of(body), volume_of(other) if other is not None else None
    if ours is None or theirs is None:
        return False
    return isinstance(meets(ours, theirs), Overlap)
