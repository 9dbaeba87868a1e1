"""A place as a form asks for it: a name, a position in any notation, and how well it is known.

``controls`` calls it for fields that hold a place. What nobody touched comes back as it was, to the
last digit.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

from markupsafe import Markup

from tansiq.desk.reader.positions import grid_text, read_position
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field
from tansiq.domain.kinds.operations.said_back import Near, near_towns
from tansiq.domain.near_names import kilometres, near_names
from tansiq.domain.places import E7, Grain, Place, Precision, checked_place, find_town, gazetteer
from tansiq.web.shell.dates import ltr

_WAS_MAX: Final = 4 * BOUNDS.line_chars_max  # characters of a place as JSON
_DECIMALS_MIN: Final = 2
_PARTS: Final = ("name", "at", "precision", "grain")
_LARGE: Final = frozenset({"erbil", "sulaymaniyah", "duhok", "kirkuk", "baghdad", "mosul"})


class Post(Protocol):
    """What was posted."""

    def get(self, key: str, default: str) -> str:
        """The last value of that name."""
        ...


def typed(post: Post, one: Field) -> dict[str, str]:
    """What was typed, as the form shows it again. ``was`` is the place that the form came with, and
    a name that was picked instead of the one that was typed takes its place; so do coordinates that
    a person had exchanged. ``grain`` is there where the form asks how coarsely it is told.
    """
    parts: tuple[str, ...] = ("name", "at", "precision", "was", "meant", "turned")
    parts += ("grain",) if one.grains else ()
    found = {part: str(post.get(f"{one.name}-{part}", "")).strip() for part in parts}
    found["name"] = found.pop("meant") or found["name"]
    turned = read_position(found["at"]) if found.pop("turned") else None
    if turned is not None:
        found["at"] = degrees_text(turned.lon, turned.lat)
    return {**found, "precision": found["precision"] or Precision.ABOUT.value}


def meant(one: Field, value: dict[str, str]) -> object:
    """The place that was meant, None for nothing. Raises InputError that names the field."""
    if value["precision"] not in set(Precision):
        raise InputError("choice_unknown", field=one.name)
    grain = value.get("grain") or Grain.EXACT.value
    if grain not in set(Grain):
        raise InputError("choice_unknown", field=one.name)
    was = _untouched(value)
    if was is not None:
        return was
    name, at = value["name"], value["at"]
    if not (name or at):
        return None
    town, position = find_town(name), read_position(at)
    if at and position is None:
        raise InputError("coordinate_form", field=one.name)
    lat, lon = (town.lat, town.lon) if town else (None, None)
    if position is not None:
        lat, lon = position.lat, position.lon
    return Place(
        name=name, key=town.key if town else "", lat=lat, lon=lon,
        precision=Precision(value["precision"]), grain=Grain(grain),
    ).to_json()  # fmt: skip


def _untouched(value: dict[str, str]) -> dict[str, Any] | None:
    """The place that the form came with, where nobody typed anything else."""
    try:
        was = checked_place(json.loads(value["was"][:_WAS_MAX])) if value["was"] else None
    except (ValueError, RecursionError, InputError):
        return None
    shown = again(was) if was else {}
    same = was and all(shown[part] == value.get(part, shown[part]) for part in _PARTS)
    return was if same else None


def untouched(value: object) -> bool:
    """Whether what was typed, as :func:`typed` gives it, is what the form came with."""
    return isinstance(value, dict) and "was" in value and _untouched(value) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A town that may be meant: its nearest spelling, where it is, and how many kilometres from
    the coordinates that were typed, if any were.
    """

    spelling: str
    degrees: Markup
    away: int | None


def meant_by(name: str, at: tuple[int, int] | None) -> tuple[Meant, ...]:
    """The towns that a name may mean, if it is none itself; ``at`` are typed coordinates."""
    if find_town(name):
        return ()
    return tuple(
        Meant(
            spelling=one.spelling, degrees=spoken_degrees(one.town.lat, one.town.lon),
            away=None if at is None else round(kilometres(at, (one.town.lat, one.town.lon))),
        )
        for one in near_names(name)
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What was understood of a typed place, for the line below its inputs: ``source`` names where
    the coordinates are from, ``place.<source>``.
    """

    name: str
    source: str
    degrees: Markup | str = ""
    grid: str = ""
    meant: tuple[Meant, ...] = ()


def understood(value: dict[str, str], language: str) -> Understood | None:
    """What is understood of a name and of coordinates as typed; None where neither was."""
    name, at = value.get("name", "").strip(), value.get("at", "").strip()
    if not (name or at):
        return None
    town, position = find_town(name), read_position(at)
    shown = town.names.of(language) if town else name
    if at and position is None:
        return Understood(name=shown, source="unread")
    if position is not None:
        where, source = (position.lat, position.lon), "typed"
    elif town is not None:
        where, source = (town.lat, town.lon), "gazetteer"
    else:
        return Understood(name=shown, source="nowhere", meant=meant_by(name, None))
    return Understood(
        name=shown, source=source, degrees=spoken_degrees(*where), grid=grid_text(*where),
        meant=meant_by(name, where),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A position as people write it down, by name of the notation, each read back by every form;
    and the town next to it.
    """

    texts: tuple[tuple[str, str], ...]
    near: Near | None


def written(text: str) -> Written | None:
    """The position that a text says, in degrees, in minutes with seconds, and on the military
    grid; None for a text that says none.
    """
    at = read_position(text)
    if at is None:
        return None
    place = Place(name="", key="", lat=at.lat, lon=at.lon, precision=Precision.EXACT)
    texts = (
        ("decimal", degrees_text(at.lat, at.lon)),
        ("minutes", f"{_seconds(at.lat, 'NS')} {_seconds(at.lon, 'EW')}"),
        ("mgrs", grid_text(at.lat, at.lon)),
    )
    near = next(iter(near_towns(place, 1)), None)
    return Written(texts=tuple(one for one in texts if one[1]), near=near)


def _seconds(value: int, sides: str) -> str:
    """Degrees, minutes and tenths of a second (3 m on the ground), with their letter."""
    tenths = round(abs(value) * 36_000 / E7)
    minutes, tenth = divmod(tenths, 600)
    degrees, minute = divmod(minutes, 60)
    return f"{degrees}°{minute:02d}'{tenth // 10:02d}.{tenth % 10}\"{sides[value < 0]}"


def again(value: dict[str, Any]) -> dict[str, str]:
    """A checked place as the form shows it. A town's own position stands in no input: it follows
    from the name.
    """
    town = gazetteer().get(str(value["key"]))
    lat, lon = value["lat"], value["lon"]
    follows = town is not None and (town.lat, town.lon) == (lat, lon)
    return {
        "name": str(value["name"]),
        "at": "" if lat is None or follows else degrees_text(lat, lon),
        "precision": str(value["precision"]),
        "grain": str(value["grain"]),
        "was": json.dumps(value, ensure_ascii=False),
    }


def degrees_text(lat: int, lon: int) -> str:
    """A position as a form shows it, to the last digit: an edit must not move it."""
    return f"{_degree(lat)}, {_degree(lon)}"


def spoken_degrees(lat: int, lon: int) -> Markup:
    """A position as people say it: degrees with north and east."""
    north, east = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return ltr(f"{_degree(abs(lat))} {north} {_degree(abs(lon))} {east}")


def _degree(value: int) -> str:
    whole, part = divmod(abs(value), E7)
    fine = f"{part:07d}".rstrip("0").ljust(_DECIMALS_MIN, "0")
    return f"{'-' if value < 0 else ''}{whole}.{fine}"


def towns_of(language: str) -> list[list[object]]:
    """The names that a map shows, with the zoom from which on."""
    return [
        [town.lat, town.lon, town.names.of(language), 1 if town.key in _LARGE else 2]
        for town in gazetteer().values()
    ]
