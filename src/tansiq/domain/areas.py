"""Areas: a circle, a corridor or a polygon as a field holds it, and how coarsely one is told.

Positions are WGS84 integers of 1e-7 degree, lengths whole metres. What may be told only coarsely is
never told as a shape: it becomes a circle about the centre of a fixed cell.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any, Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.isolates import LRI, PDI
from tansiq.domain.operations.sphere import RADIUS_METRES, Core, crossing, position, vector
from tansiq.domain.places import (
    E7,
    Grain,
    Place,
    Precision,
    cell_of,
    find_town,
    place_from_json,
    snapped,
)
from tansiq.domain.texts import plain_line

METRES_MAX: Final = 1_000_000
METRES_PER_DEGREE: Final = 111_320  # of latitude; no degree of longitude is longer
# The side of a cell in whole metres: what a coarse radius is a multiple of.
_SIDES: Final = {Grain.KM1: 1_000, Grain.KM5: 5_000}
_NAMES: Final = frozenset({"shape", "name", "positions", "metres", "grain"})
_GRAINS: Final = {one.value: one for one in Grain}


class Shape(StrEnum):
    """What the positions of an area mean; ``metres`` is a radius, a width, or 0."""

    CIRCLE = "circle"
    CORRIDOR = "corridor"
    POLYGON = "polygon"


# How many positions each shape needs at least; a circle has exactly one.
LEAST: Final = {Shape.CIRCLE: 1, Shape.CORRIDOR: 2, Shape.POLYGON: 3}
_SHAPES: Final = {one.value: one for one in Shape}


def checked_area(value: object) -> dict[str, Any]:
    """An area as a body may hold it, with exactly its five members. Raises InputError."""
    if not isinstance(value, dict) or value.keys() != _NAMES:
        raise InputError("area_form")
    shape, grain = value["shape"], value["grain"]
    if not isinstance(shape, str) or not isinstance(grain, str):
        raise InputError("area_form")
    if shape not in _SHAPES or grain not in _GRAINS:
        raise InputError("area_form")
    positions, metres = value["positions"], value["metres"]
    if not isinstance(positions, list) or not all(map(_is_position, positions)):
        raise InputError("area_position")
    _check_count(_SHAPES[shape], len(positions))
    least = 0 if shape == Shape.POLYGON else 1
    most = 0 if shape == Shape.POLYGON else METRES_MAX
    if type(metres) is not int or not least <= metres <= most:
        raise InputError("area_metres", limit=METRES_MAX)
    _check_sound(_SHAPES[shape], positions)
    return {
        "shape": shape, "name": plain_line(value["name"], field="area"), "positions": positions,
        "metres": metres, "grain": grain,
    }  # fmt: skip


def _check_sound(shape: Shape, positions: list[list[int]]) -> None:
    """Raises InputError where an area is too wide to have one inside, or a polygon's border crosses
    or touches itself, and says where.
    """
    corners = [vector(one) for one in positions]
    limit = BOUNDS.area_reach_metres_max
    if Core(corners).reach * RADIUS_METRES > limit:
        raise InputError("area_wide", limit=limit // 1_000)
    if shape is Shape.POLYGON:
        found = crossing(corners)
        if found is not None:
            at = ", ".join(f"{one / E7:.5f}" for one in position(found))
            raise InputError("area_crossed", at=f"{LRI}{at}{PDI}")


def _check_count(shape: Shape, count: int) -> None:
    """Raises InputError where a shape has too few positions, or too many."""
    most = 1 if shape is Shape.CIRCLE else BOUNDS.area_positions_max
    if not LEAST[shape] <= count <= most:
        raise InputError("area_positions", least=LEAST[shape], limit=most)


def _is_position(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    lat, lon = value
    whole = type(lat) is int and type(lon) is int
    return whole and abs(lat) <= 90 * E7 and abs(lon) <= 180 * E7


def coarsen_area(
    area: dict[str, Any], grain: Grain, before: Sequence[dict[str, Any]] = ()
) -> dict[str, Any] | None:
    """A checked area as ``policy`` may tell it at ``grain``; None where only the district may be
    told, or the area is too large for a coarse one. ``before`` are the areas of the record's
    earlier editions, by the first of which the cell is chosen, as for a place.

    Told coarsely it is a circle about the centre of the cell in which the middle of the area lies,
    with a radius that covers it all: how far the area reaches, in whole sides of a cell, and one
    side more, or two where the middle lies beside the cell. Doing it twice changes nothing more.
    The name stays only where it is a town's.
    """
    grain = max(grain, _GRAINS[area["grain"]], key=lambda g: g.rank)
    if grain is Grain.EXACT:
        return area
    if grain is Grain.DISTRICT:
        return None
    side, positions = _SIDES[grain], area["positions"]
    lat, lon = _middle(area)
    centre = list(cell_of([*map(_middle, before), (lat, lon)], grain))
    metres = area["metres"]
    told = area["grain"] == grain and [centre] == positions and metres % side == 0
    if not told:
        reach = max(abs(a - lat) + abs(b - lon) for a, b in positions) * METRES_PER_DEGREE // E7
        beside = centre != list(snapped(lat, lon, grain))
        metres = -(-(reach + metres) // side) * side + side * (2 if beside else 1)
    if metres > METRES_MAX:
        return None
    return {
        "shape": Shape.CIRCLE.value, "name": area["name"] if find_town(area["name"]) else "",
        "positions": [centre], "metres": metres, "grain": grain.value,
    }  # fmt: skip


def place_of(value: object) -> Place:
    """Where a checked place or area lies: of an area its middle, known as an area is. Raises
    InputError for what is neither.
    """
    if not isinstance(value, dict) or "shape" not in value:
        return place_from_json(value)
    area = checked_area(value)
    lat, lon = _middle(area)
    town = find_town(area["name"])
    return Place(
        name=area["name"], key=town.key if town else "", lat=lat, lon=lon,
        precision=Precision.AREA, grain=_GRAINS[area["grain"]],
    )  # fmt: skip


def position_of(value: object) -> tuple[int, int] | None:
    """The position by which a map places a checked place or area; None for one that has none."""
    if not isinstance(value, dict):
        return None
    if "shape" in value:
        return _middle(value)
    return None if value["lat"] is None else (value["lat"], value["lon"])


def length_of(area: dict[str, Any]) -> int:
    """How long the line through the positions of a checked area is, in whole metres: of a corridor
    its length. Flat between two positions, which is true to a thousandth within a country.
    """
    return round(sum(_metres(one, other) for one, other in pairwise(area["positions"])))


def _metres(one: Sequence[int], other: Sequence[int]) -> float:
    turned = (other[1] - one[1] + 540 * E7) % (360 * E7) - 180 * E7  # the short way round
    narrow = cos(radians((one[0] + other[0]) / 2 / E7))
    return hypot(other[0] - one[0], turned * narrow) * METRES_PER_DEGREE / E7


def _middle(area: dict[str, Any]) -> tuple[int, int]:
    lats, lons = zip(*area["positions"], strict=True)
    return (min(lats) + max(lats)) // 2, (min(lons) + max(lons)) // 2
