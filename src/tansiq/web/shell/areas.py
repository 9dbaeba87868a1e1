"""Areas in words, as a page, a list and a file say them: the shape, how large it is, and where by
the nearest towns. A position is said exactly only where the area itself is shown.
"""

from typing import Any, Final

from tansiq.domain.areas import Shape, length_of, place_of
from tansiq.domain.kinds.operations.said_back import near_towns
from tansiq.domain.places import Grain, Place
from tansiq.domain.wording import phrase

_KM: Final = 1_000
_FINE_KM: Final = 100_000  # below it a length has a decimal


def area_words(area: dict[str, Any], language: str) -> str:
    """What a checked area is, in one line."""
    shape, positions = area["shape"], area["positions"]
    if shape == Shape.CORRIDOR:
        said = phrase(
            "area.corridor", language, length=length_words(length_of(area), language),
            width=length_words(area["metres"], language), first=_about(positions[0], language),
            last=_about(positions[-1], language),
        )  # fmt: skip
    else:
        told = length_words(area["metres"], language) if area["metres"] else ""
        said = phrase(
            f"area.{shape}", language, radius=told, count=len(positions),
            at=_where(area, language),
        )  # fmt: skip
    grain = area["grain"]
    return said if grain == Grain.EXACT else f"{said} ({phrase(f'grain.{grain}', language)})"


def length_words(metres: int, language: str) -> str:
    """A length in metres, or from a kilometre on in kilometres."""
    if metres < _KM:
        return phrase("length.m", language, count=metres)
    whole, rest = divmod(metres, _KM)
    fine = f".{rest // 100}" if rest >= 100 and metres < _FINE_KM else ""
    return phrase("length.km", language, count=f"{whole}{fine}")


def _where(area: dict[str, Any], language: str) -> str:
    """Its name as somebody wrote it, else by the nearest town."""
    place = place_of(area)
    return place.name or _near(place, language)


def _about(position: list[int], language: str) -> str:
    return _near(Place(lat=position[0], lon=position[1]), language)


def _near(place: Place, language: str) -> str:
    (near,) = near_towns(place, 1)
    town = near.town.names.of(language)
    if not near.direction:
        return town
    return phrase(f"near.{near.direction}", language, km=near.km, town=town)
