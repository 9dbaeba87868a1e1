"""Doubts about a place before it is saved: what is hardly meant, and is asked about, not refused.

Forms and imports call :func:`place_doubts`. A person may always stand by what was typed.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from tansiq.domain.near_names import kilometres
from tansiq.domain.places import E7, Place, Town, find_town

# Where the centre's records are from: Iraq, with what lies close behind its borders.
AREA: Final = (28 * E7, 39 * E7, 38 * E7, 50 * E7)
NOWHERE: Final = "place_nowhere"  # a name, and no coordinates
SWAPPED: Final = "place_swapped"  # the values of the coordinates seem to be exchanged
_FAR_KM: Final = 30  # a town and its district; what lies farther off is another's
_ZERO: Final = E7  # a degree about 0, 0, where instruments put what they do not know


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One doubt, in the words ``doubt.<code>``."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


def place_doubts(place: Place) -> list[Doubt]:
    """What may be wrong with a place, gravest first; nothing for one without name and position."""
    if place.lat is None or place.lon is None:
        return [Doubt(code=NOWHERE, values={"name": place.name})] if place.name else []
    if abs(place.lat) < _ZERO and abs(place.lon) < _ZERO:
        return [Doubt(code="place_zero")]
    town = find_town(place.name)
    if _sound(place, town):
        return []
    if _sound(replace(place, lat=place.lon, lon=place.lat), town):
        return [Doubt(code=SWAPPED)]
    if not _inside(place):
        return [Doubt(code="place_outside")]
    assert town is not None
    far = kilometres((place.lat, place.lon), (town.lat, town.lon))
    return [Doubt(code="place_far", values={"name": place.name, "km": round(far)})]


def _sound(place: Place, town: Town | None) -> bool:
    """Whether a position may well be meant: inside the area, and near the town that it names."""
    if not _inside(place) or place.lat is None or place.lon is None:
        return False
    return town is None or kilometres((place.lat, place.lon), (town.lat, town.lon)) <= _FAR_KM


def _inside(place: Place) -> bool:
    south, north, west, east = AREA
    assert place.lat is not None
    assert place.lon is not None
    return south <= place.lat <= north and west <= place.lon <= east
