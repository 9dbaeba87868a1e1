"""What is said back of a safety message: the place, in words and by its distance from known towns,
or the sentence where there is no place. The page shows it, the desk asks before it counts.
"""

from collections import Counter
from dataclasses import dataclass
from math import atan2, cos, degrees, radians
from typing import Final

from tansiq.domain.near_names import kilometres
from tansiq.domain.places import E7, Place, Town, find_town, gazetteer, place_from_json
from tansiq.domain.records import Body
from tansiq.domain.search import normalise

DIRECTIONS: Final = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
HERE_KM: Final = 2  # closer than this a place is in the town, and in no direction from it
_SLICE: Final = 360 / len(DIRECTIONS)
_ENOUGH: Final = 80  # percent of the words of a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A town of the gazetteer, how far a place is from it (km) and in which direction; "" for a
    place that lies in it.
    """

    town: Town
    km: int
    direction: str


def place_of(body: Body) -> Place | None:
    """The place that a message names, if it names one."""
    return place_from_json(body["place"]) if "place" in body else None


def near_towns(place: Place | None, most: int = 2) -> tuple[Near, ...]:
    """The towns next to a place, nearest first; none for one whose coordinates are not known."""
    if place is None or place.lat is None or place.lon is None:
        return ()
    at = place.lat, place.lon
    far = [(kilometres(at, (town.lat, town.lon)), town) for town in gazetteer().values()]
    far.sort(key=lambda one: (one[0], one[1].key))
    return tuple(
        Near(
            town=town, km=round(km),
            direction="" if km < HERE_KM else _direction(town, at),
        )
        for km, town in far[:most]
    )  # fmt: skip


def is_said_back(body: Body, typed: str) -> bool:
    """Whether what somebody typed says back where it is: the name of the place, or of the nearest
    town, in any spelling that is known; without a place, the words of the sentence.
    """
    place, said = place_of(body), normalise(typed)
    if not said:
        return False
    if place is None or not (place.name or near_towns(place, 1)):
        return _says_sentence(str(body.get("text", "")), said)
    town = find_town(typed)
    if said == normalise(place.name) or (town is not None and town.key == place.key):
        return True
    return town is not None and town.key in {one.town.key for one in near_towns(place, 1)}


def _says_sentence(sentence: str, said: str) -> bool:
    """Whether nearly all words of a sentence were said: a slip of one is none of the meaning."""
    wanted = Counter(normalise(sentence).split())
    found = sum((wanted & Counter(said.split())).values())
    return found * 100 >= sum(wanted.values()) * _ENOUGH


def _direction(town: Town, at: tuple[int, int]) -> str:
    """In which direction from a town a position lies."""
    north = (at[0] - town.lat) / E7
    east = (at[1] - town.lon) / E7 * cos(radians(town.lat / E7))
    return DIRECTIONS[round(degrees(atan2(east, north)) / _SLICE) % len(DIRECTIONS)]
