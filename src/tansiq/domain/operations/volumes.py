"""Where, when and how high an activity is, and whether two of them meet: the one comparison.

An area is a core and a radius: a circle its middle and its radius, a corridor its line and half its
width, a polygon itself. So a circle is never a polygon drawn inside it, which would cover too
little. Margins lie around an area and before and after its time, those of both activities add, and
none lies above or below. What a body does not say of time and height is open; without an area there
is nothing to compare. A place that is no area, such as a protected site, is a point.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.operations.spells import Gap, Spell, after, gap, spells_of
from tansiq.domain.operations.sphere import (
    RADIUS_METRES,
    TOUCH_METRES,
    Core,
    apart,
    position,
    vector,
)
from tansiq.domain.records import Body

MINUTE_MS: Final = 60_000
_TOP: Final = 10**9  # metres above ground: higher than any ceiling that a body may say
# How far (metres) a corner of a cell lies from its middle, by the grain in which a place is told.
_CELL_REACH: Final = {"exact": 0.0, "km1": 800.0, "km5": 4_000.0}
_POLYGON: Final = "polygon"
_CORRIDOR: Final = "corridor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """An area with the ``radius`` around its core, the times and the band of heights in which it is
    taken, from the ``floor`` up to the ``ceiling``, and the margins around it. Metres and minutes.
    """

    core: Core
    radius: float
    spells: Sequence[Spell]
    floor: int = 0
    ceiling: int = _TOP
    margin_metres: int = 0
    margin_minutes: int = 0

    @property
    def begins(self) -> int:
        """When its first spell begins, its margin before it included (ms)."""
        return self.spells[0].begins - self.margin_minutes * MINUTE_MS

    @property
    def until(self) -> int:
        """When its last spell has ended, its margin behind it included (ms)."""
        return self.spells[-1].until + self.margin_minutes * MINUTE_MS

    @property
    def reach(self) -> float:
        """How far it reaches from the middle of its core with its margin, in radians."""
        return self.core.reach + (self.radius + self.margin_metres) / RADIUS_METRES


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """They do not come near one another."""

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """They stay apart, but not by their margins: so many whole metres and minutes lie between them,
    never said to be more than there are, at these spells.
    """

    metres: int
    minutes: int
    ours: Spell
    theirs: Spell


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """They take the same place at the same time and height, first at these spells."""

    ours: Spell
    theirs: Spell


Answer: TypeAlias = Clear | Near | Overlap
CLEAR: Final = Clear()


def volume_of(body: Body) -> Volume | None:
    """What a checked body takes up, whatever it may lack; None where it names no area."""
    area, place = body.get("area"), body.get("place")
    if isinstance(area, dict):
        core, radius = core_of(area)
    elif isinstance(place, dict) and place["lat"] is not None:
        return _around(place, spells_of(body))
    else:
        return None
    return Volume(
        core=core, radius=radius, spells=spells_of(body), floor=_count(body, "floor_metres", 0),
        ceiling=_count(body, "ceiling_metres", _TOP),
        margin_metres=min(_count(body, "margin_metres", 0), BOUNDS.margin_metres_max),
        margin_minutes=min(_count(body, "margin_minutes", 0), BOUNDS.margin_minutes_max),
    )  # fmt: skip


def hull_of(body: Body) -> tuple[int, int, int, int, int] | None:
    """A circle and a time around what a checked body takes up with its margins: from, until (ms),
    latitude, longitude (1e-7 degree), metres; None where it names no area.
    """
    found = volume_of(body)
    if found is None:
        return None
    # A metre more than it is: the middle is rounded.
    metres = int(found.reach * RADIUS_METRES) + 2
    return (max(found.begins, 0), found.until, *position(found.core.centre), metres)


def _around(place: Mapping[str, Any], spells: Sequence[Spell]) -> Volume:
    """What a place takes up that has no area: all of the cell in which it is told, and around it
    the distance within which others are told of it.
    """
    corner = vector((place["lat"], place["lon"]))
    return Volume(
        core=Core([corner]), radius=_CELL_REACH[str(place["grain"])], spells=spells,
        margin_metres=BOUNDS.site_near_metres,
    )  # fmt: skip


def core_of(area: Mapping[str, Any]) -> tuple[Core, float]:
    """The core of a checked area, and the radius around it in metres."""
    corners = [vector(one) for one in area["positions"]]
    if area["shape"] == _POLYGON:
        return Core(corners, filled=True), 0.0
    return Core(corners), area["metres"] / (2 if area["shape"] == _CORRIDOR else 1)


def _count(body: Body, name: str, otherwise: int) -> int:
    value = body.get(name)
    return value if type(value) is int else otherwise


def meets(ours: Volume, theirs: Volume, since: int = 0) -> Answer:
    """Whether two activities meet in what is still to come at ``since`` (ms)."""
    if ours.floor >= theirs.ceiling or theirs.floor >= ours.ceiling:
        return CLEAR
    mine, others = after(ours.spells, since), after(theirs.spells, since)
    if not mine or not others:
        return CLEAR
    times = gap(mine, others)
    if not times.overlap and times.ms >= margin_ms(ours, theirs):
        return CLEAR
    metres = metres_between(ours, theirs)
    if metres is None:
        return CLEAR
    if times.overlap and metres <= TOUCH_METRES:
        return Overlap(ours=times.ours, theirs=times.theirs)
    if metres > ours.margin_metres + theirs.margin_metres + TOUCH_METRES:
        return CLEAR
    return _near(times, metres)


def _near(times: Gap, metres: float) -> Near:
    # A millimetre short of a whole metre is a metre: below that nothing is told apart.
    return Near(
        metres=int(metres + TOUCH_METRES), minutes=times.ms // MINUTE_MS, ours=times.ours,
        theirs=times.theirs,
    )  # fmt: skip


def margin_ms(ours: Volume, theirs: Volume) -> int:
    """How long two activities are to stay apart, in milliseconds."""
    return (ours.margin_minutes + theirs.margin_minutes) * MINUTE_MS


def metres_between(ours: Volume, theirs: Volume) -> float | None:
    """How many metres lie between two areas, 0 where they meet; None where it is more than their
    margins.
    """
    radii = ours.radius + theirs.radius
    most = radii + ours.margin_metres + theirs.margin_metres + 2 * TOUCH_METRES
    bounds = most / RADIUS_METRES, radii / RADIUS_METRES
    found = apart(ours.core, theirs.core, *bounds) * RADIUS_METRES
    return None if found > most else max(found - radii, 0.0)
