"""An area as a form asks for it: a shape, its positions in any notation, and its metres.

``controls`` calls it for fields that hold an area; ``understood`` is what the line under the inputs
says, and where the map of the form draws it.
"""

from dataclasses import dataclass
from typing import Any, Final

from tansiq.desk.reader.corners import corners_in, read_corner
from tansiq.domain.areas import checked_area
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.places import Grain, find_town
from tansiq.web.shell.areas import area_words
from tansiq.web.shell.places import degrees_text

PARTS: Final = ("shape", "name", "positions", "metres")
_SHOWN_CHARS: Final = 40  # of a line that cannot be read
_DIGITS_MAX: Final = 7
_FIELD: Final = Field(name="area", type=Type.AREA)


def meant(one: Field, value: dict[str, str]) -> object:
    """The area that was meant, None for nothing. Raises InputError that names the field, and the
    line that cannot be read.
    """
    name, lines = value["name"], corners_in(value["positions"])
    if not (name or lines or value["metres"]):
        return None
    if len(lines) > BOUNDS.area_positions_max:
        limit = BOUNDS.area_positions_max
        raise InputError("area_positions", least=1, limit=limit, field=one.name)
    positions = [_position(one, number, line) for number, line in enumerate(lines, start=1)]
    town = find_town(name)
    if not positions and town is not None:
        positions = [[town.lat, town.lon]]
    try:
        return checked_area(
            {"shape": value["shape"], "name": name, "positions": positions,
             "metres": _metres(one, value["metres"]), "grain": Grain.EXACT.value}
        )  # fmt: skip
    except InputError as error:
        raise InputError(error.code, **{**error.values, "field": one.name}) from None


def _position(one: Field, number: int, line: str) -> list[int]:
    read = read_corner(line)
    if read is None:
        raise InputError("area_line", field=one.name, line=number, text=line[:_SHOWN_CHARS])
    return [*read]


def _metres(one: Field, text: str) -> int:
    digits = western(text.strip()).replace(",", "")
    if digits and not (digits.isdecimal() and len(digits) <= _DIGITS_MAX):
        raise InputError("count_range", field=one.name)
    return int(digits or "0")


def again(value: dict[str, Any]) -> dict[str, Any]:
    """A checked area as the form shows it."""
    return {
        **value,
        "positions": "\n".join(degrees_text(lat, lon) for lat, lon in value["positions"]),
        "metres": str(value["metres"] or ""),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What was understood of a typed area, in words, or what is wrong with it, and the positions
    that could be read, in their order: None stands for a line that could not.
    """

    said: str = ""
    fault: str = ""
    shape: str = ""
    metres: int = 0
    positions: tuple[tuple[int, int] | None, ...] = ()


def understood(value: dict[str, str], language: str) -> Understood | None:
    """What is understood of an area as typed; None where nothing was."""
    lines = corners_in(value.get("positions", ""))[: BOUNDS.area_positions_max]
    given = {part: str(value.get(part, "")).strip() for part in PARTS}
    said = fault = ""
    metres, positions = 0, tuple(map(read_corner, lines))
    try:
        area = meant(_FIELD, given)
    except InputError as error:
        fault = error.text(language)
    else:
        if not isinstance(area, dict):
            return None
        said, metres = area_words(area, language), area["metres"]
        positions = tuple((lat, lon) for lat, lon in area["positions"])
    return Understood(
        said=said, fault=fault, shape=given["shape"], metres=metres, positions=positions
    )
