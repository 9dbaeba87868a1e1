"""The positions of an area as people write them: coordinates in any notation, a town, or so far in
which direction from a town; one a line, or parted by semicolons.

Forms ask :func:`read_corner` for each of :func:`corners_in`. Whatever the text, the answer is a
position or none.
"""

import re
from math import cos, radians
from typing import Final

from tansiq.desk.reader.positions import plain, read_position
from tansiq.domain.places import E7, find_town

_CHARS_MAX: Final = 120  # of one position, with a town and its distance
_PARTED: Final = re.compile(r"[\n;؛]")
_METRES_PER_DEGREE: Final = 111_320
_FAR_MAX: Final = 500_000  # metres; who writes more means another town
_KM: Final = 1_000
# What a direction ends in where the town follows it in Sorani.
_OF: Final = re.compile("(باکوور|باشوور|باکور|باشور|ڕۆژهەڵات|ڕۆژئاوا)ی")
_FAR: Final = re.compile(
    r"(?P<number>\d{1,6}(?:[.,]\d{1,3})?)\s?"
    r"(?P<unit>km|kilomet(?:er|re)s?|كم|کم|كيلومترا?ت?|کیلۆمەتر|m|met(?:er|re)s?|متر|مەتر|م)"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_SIDES: Final = re.compile(r"(?<![^\W\d_])([NS])?[\s-]*([EW])?(?![^\W\d_])", re.IGNORECASE)
_KILOMETRES: Final = re.compile("k|ك|ک", re.IGNORECASE)
_FILLS: Final = re.compile(
    r"(?<![^\W\d_])(?:of|from|the|at|away|على|بعد|من|عن|لە|بۆ|دوور|دووری)(?![^\W\d_])",
    re.IGNORECASE,
)


def corners_in(text: str) -> list[str]:
    """The positions of an area as they were written, each by itself, without what is empty."""
    return [part.strip() for part in _PARTED.split(text) if part.strip()]


def read_corner(text: str) -> tuple[int, int] | None:
    """The position that one of them says, in 1e-7 degree; None for what says none."""
    found = read_position(text)
    if found is not None:
        return found.lat, found.lon
    if len(text) > _CHARS_MAX:
        return None
    town = find_town(text)
    return (town.lat, town.lon) if town else _from_town(text)


def _from_town(text: str) -> tuple[int, int] | None:
    """So far in which direction from a town."""
    said = plain(_OF.sub(r"\1", text))
    far = _FAR.search(said)
    if far is None:
        return None
    rest = _FILLS.sub(" ", f"{said[: far.start()]} {said[far.end() :]}")
    sides = next((one for one in _SIDES.finditer(rest) if one[1] or one[2]), None)
    if sides is None:
        return None
    town = find_town(f"{rest[: sides.start()]} {rest[sides.end() :]}".strip(" ,-"))
    metres = float(far["number"].replace(",", "."))
    metres *= _KM if _KILOMETRES.match(far["unit"]) else 1
    if town is None or metres > _FAR_MAX:
        return None
    north, east = (sides[1] or "").upper(), (sides[2] or "").upper()
    metres /= 2**0.5 if north and east else 1
    lat = town.lat + round({"N": 1, "S": -1}.get(north, 0) * metres / _METRES_PER_DEGREE * E7)
    narrow = cos(radians(town.lat / E7))
    over = {"E": 1, "W": -1}.get(east, 0) * metres / _METRES_PER_DEGREE / narrow
    return lat, town.lon + round(over * E7)
