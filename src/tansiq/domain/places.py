"""Places: how well one is known, how much of it is told, and the names by which people find it.

Coordinates are WGS84 integers of 1e-7 degree. Coarsening snaps to fixed cells of a grid whose
coarse cells are unions of fine ones, so that two releases of one place at two grains never tell
more than the finer of them.
"""

import csv
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import resources
from typing import Any, Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.search import normalise, without_overrides
from tansiq.domain.wording import Text

E7: Final = 10_000_000


class Precision(StrEnum):
    """How well the place is known."""

    EXACT = "exact"
    ABOUT = "about"
    AREA = "area"


class Grain(StrEnum):
    """How much of the place is told, finest first."""

    EXACT = "exact"
    KM1 = "km1"
    KM5 = "km5"
    DISTRICT = "district"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 = exact."""
        return list(Grain).index(self)


# Cell sides in 1e-7 degree of latitude and longitude: about 1 km and 5 km at 35 degrees north.
_CELLS: Final = {Grain.KM1: (90_000, 110_000), Grain.KM5: (450_000, 550_000)}
_BORDER: Final = 20  # how many times narrower than its cell the strip along a border is


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: a name as the person wrote it, a gazetteer key or "", and a position or none."""

    name: str = ""
    key: str = ""
    lat: int | None = None
    lon: int | None = None
    precision: Precision = Precision.ABOUT
    grain: Grain = Grain.EXACT

    def to_json(self) -> dict[str, object]:
        """The one way in which a place is written."""
        return {
            "name": self.name,
            "key": self.key,
            "lat": self.lat,
            "lon": self.lon,
            "precision": self.precision.value,
            "grain": self.grain.value,
        }


_NAMES: Final = frozenset(Place().to_json())
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_PRECISIONS: Final = {one.value: one for one in Precision}
_GRAINS: Final = {one.value: one for one in Grain}


def place_from_json(value: object) -> Place:
    """Read a place strictly. Raises InputError."""
    item = checked_place(value)
    return Place(
        name=item["name"], key=item["key"], lat=item["lat"], lon=item["lon"],
        precision=_PRECISIONS[item["precision"]], grain=_GRAINS[item["grain"]],
    )  # fmt: skip


def checked_place(value: object) -> dict[str, Any]:
    """The place as :meth:`Place.to_json` writes it. Raises InputError."""
    if not isinstance(value, dict) or value.keys() != _NAMES:
        raise InputError("place_form")
    name, key, lat, lon = value["name"], value["key"], value["lat"], value["lon"]
    if not isinstance(name, str) or len(name) > BOUNDS.line_chars_max:
        raise InputError("place_form")
    if not isinstance(key, str) or len(key) > BOUNDS.line_chars_max:
        raise InputError("place_form")
    if (lat is None) != (lon is None):
        raise InputError("place_form")
    if lat is not None and not (_whole(lat, 90 * E7) and _whole(lon, 180 * E7)):
        raise InputError("place_position")
    name = without_overrides(name).strip()
    if _CONTROL.search(name):
        raise InputError("text_control", field="place")
    precision, grain = value["precision"], value["grain"]
    if not isinstance(precision, str) or not isinstance(grain, str):
        raise InputError("place_form")
    if precision not in _PRECISIONS or grain not in _GRAINS:
        raise InputError("place_form")
    return {
        "name": name, "key": key, "lat": lat, "lon": lon, "precision": precision, "grain": grain,
    }  # fmt: skip


def _whole(value: object, limit: int) -> bool:
    return type(value) is int and -limit <= value <= limit


def coarsen(place: Place, grain: Grain, before: Sequence[Place] = ()) -> Place:
    """The place as it may be told at ``grain``: never finer than before, and stable (twice changes
    nothing more).

    A place that says it is coarse already is snapped all the same: its word is not taken for it. A
    coarsened place keeps its name and its key only if they are a town of the gazetteer; free words
    could be more exact than the cell. At the grain of a district the position goes altogether.
    ``before`` are the places of the record's earlier editions, oldest first, by which the cell is
    chosen (:func:`cell_of`).
    """
    grain = max(grain, place.grain, key=lambda g: g.rank)
    if grain is Grain.EXACT:
        return place
    key = place.key if place.key in gazetteer() else ""
    name = place.name if key and _spellings().get(normalise(place.name)) == key else ""
    lat = lon = None
    if grain is not Grain.DISTRICT and place.lat is not None and place.lon is not None:
        lat, lon = cell_of([*positions_of(before), (place.lat, place.lon)], grain)
    return replace(
        place, name=name, key=key, lat=lat, lon=lon, precision=Precision.AREA, grain=grain
    )


def positions_of(places: Sequence[Place]) -> list[tuple[int, int]]:
    """The positions of those places that have one."""
    return [(p.lat, p.lon) for p in places if p.lat is not None and p.lon is not None]


def is_empty(place: Place) -> bool:
    """Whether nothing of a place is left: such a one tells nothing and does not leave."""
    return not (place.name or place.key) and place.lat is None


def cell_of(positions: Sequence[tuple[int, int]], grain: Grain) -> tuple[int, int]:
    """The centre of the cell by which the last of the positions of a record is told.

    It is the cell of the first, and stays so while the positions lie in it or less than half a side
    beside it. Else two editions a few metres apart, on both sides of a border, would tell the
    border.
    """
    told: tuple[int, int] | None = None
    for lat, lon in positions:
        beside = told is None or not lies_about(told, (lat, lon), grain)
        told = snapped(lat, lon, grain) if beside else told
    assert told is not None, "a cell is chosen by one position at least"
    return told


def lies_about(centre: tuple[int, int], position: tuple[int, int], grain: Grain) -> bool:
    """Whether a position lies in the cell about ``centre``, or less than half a side beside it."""
    high, wide = _CELLS[grain]
    return abs(position[0] - centre[0]) < high and abs(position[1] - centre[1]) < wide


def stands_for(told: Place, place: Place) -> bool:
    """Whether ``told`` is what a partner may have been told of ``place``, coarse or as it is."""
    if told == place or told.lat is None or place.lat is None:
        return told == coarsen(place, told.grain)
    if told.grain not in _CELLS or told.lon is None or place.lon is None:
        return False
    snap = replace(coarsen(place, told.grain), lat=told.lat, lon=told.lon)
    near = lies_about((told.lat, told.lon), (place.lat, place.lon), told.grain)
    return near and snap == told


def snapped(lat: int, lon: int, grain: Grain) -> tuple[int, int]:
    """The centre of the fixed cell in which a position lies, at ``km1`` or ``km5``."""
    high, wide = _CELLS[grain]
    return (
        min(lat // high * high + high // 2, 90 * E7), min(lon // wide * wide + wide // 2, 180 * E7),
    )  # fmt: skip


def is_at_border(lat: int, lon: int, grain: Grain) -> bool:
    """Whether a position lies within a twentieth of a side of the border of its cell: together with
    another record, told in the next cell, it could be told where.
    """
    return any(
        min(value % side, side - value % side) * _BORDER < side
        for value, side in zip((lat, lon), _CELLS[grain], strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town of the gazetteer: key, names in three languages, rounded centre, other spellings."""

    key: str
    names: Text
    lat: int
    lon: int
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Its names in three languages and its other known spellings."""
        return (self.names.en, self.names.ar, self.names.ckb, *self.aliases)


@functools.cache
def gazetteer() -> dict[str, Town]:
    """The towns that come with the product, by key. A centre adds its own in its own lists."""
    towns = {}
    source = resources.files("tansiq.domain") / "gazetteer.csv"
    with source.open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            towns[row["key"]] = Town(
                key=row["key"],
                names=Text(row["en"], row["ar"], row["ckb"]),
                lat=_e7(row["lat"]),
                lon=_e7(row["lon"]),
                aliases=tuple(part for part in row["aliases"].split("|") if part),
            )
    return towns


def _e7(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(7, "0")[:7])


@functools.cache
def _spellings() -> dict[str, str]:
    found = {}
    for town in gazetteer().values():
        for spelling in (*town.spellings, town.key):
            found[normalise(spelling)] = town.key
    return found


def find_town(text: str) -> Town | None:
    """The town that is spelled so, in any of the three languages or a known other spelling."""
    key = _spellings().get(normalise(text))
    return gazetteer()[key] if key else None


def place_named(text: str, *, precision: Precision = Precision.ABOUT) -> Place:
    """A place from what a person typed: a town's position where the gazetteer knows it, else the
    words alone.
    """
    town = find_town(text)
    if town is None:
        return Place(name=text.strip(), precision=precision)
    return Place(name=text.strip(), key=town.key, lat=town.lat, lon=town.lon, precision=precision)
