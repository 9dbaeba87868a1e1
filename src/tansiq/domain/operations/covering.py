"""Cells of area and time that cover an activity from outside: what a sealed check compares in its
place (``desk.operations.sealed``).

A cell is about two kilometres wide and high in Iraq and lasts one hour; the same on every node. Of
an activity there are two sets: what it takes (``CORE``), and that with its margins (``WIDE``). What
must hold: two activities that overlap share a core cell, two that come near share a wide one, so
that "clear" is never said wrongly. Who shares a cell may be apart all the same, by less than the
diagonal of a cell and less than an hour. Heights are not looked at: one above the other is called
an overlap.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import cos, pi, radians
from typing import Any, Final

from tansiq.domain.areas import METRES_PER_DEGREE, Shape, length_of
from tansiq.domain.errors import InputError
from tansiq.domain.operations.cells import Box, box_around
from tansiq.domain.operations.spells import Spell, after
from tansiq.domain.operations.sphere import E7, RADIUS_METRES, Core, angle, apart, vector
from tansiq.domain.operations.volumes import MINUTE_MS, Volume

HOUR_MS: Final = 3_600_000
HEIGHT: Final = 180_000  # of a cell, in 1e-7 degree of latitude: 2.0 km
WIDTH: Final = 225_000  # in 1e-7 degree of longitude: 2.0 km at 35.5 degrees
ROWS: Final = 180 * E7 // HEIGHT
COLUMNS: Final = 360 * E7 // WIDTH
CORE: Final = b"o"
WIDE: Final = b"n"
_BLOCK: Final = 16  # cells in a row and in a column that are looked at together first
_LOOKED_MAX: Final = 10_000  # such blocks in the box around one area
_SLACK_METRES: Final = 1.0  # more than rounding takes, and what touches

Cell = tuple[int, int]  # row and column


def elements_of(volume: Volume, since: int, until: int, most: int) -> set[bytes]:
    """What an activity takes from ``since`` up to ``until`` (ms), as elements that say label, row,
    column and hour: ``o|..``, ``n|..``. Raises InputError for more than ``most``, and never leaves
    one out.
    """
    margin = volume.margin_minutes * MINUTE_MS
    spells = [one for one in after(volume.spells, since - margin) if one.begins - margin < until]
    taken, wide = _hours(spells, 0, since, until), _hours(spells, margin, since, until)
    if len(wide) > most:
        raise InputError("sealed_many", limit=most)
    found = cells_of(volume.core, volume.radius, most)
    around = cells_of(volume.core, volume.radius + volume.margin_metres, most)
    if len(found) * len(taken) + len(around) * len(wide) > most:
        raise InputError("sealed_many", limit=most)
    return {*_named(CORE, found, taken), *_named(WIDE, around, wide)}


def hours_of(volume: Volume, since: int, most: int) -> int:
    """How many hours an activity touches from ``since`` on, without its margins; ``most`` and one
    where there are more.
    """
    count = sum(
        -(-one.until // HOUR_MS) - max(one.begins, since) // HOUR_MS
        for one in after(volume.spells, since)
    )
    return min(count, most + 1)


def cells_of(core: Core, metres: float, most: int) -> list[Cell]:
    """The cells that hold any of what lies within ``metres`` of a core, and of those that touch it
    from outside some. Raises InputError for more than ``most``.
    """
    box = box_around(core.centre, core.reach + (metres + _SLACK_METRES) / RADIUS_METRES)
    rows, columns = _within(box)
    if len(rows) * len(columns) > _LOOKED_MAX * _BLOCK**2:
        raise InputError("sealed_many", limit=most)
    found: list[Cell] = []
    for row in range(rows.start, rows.stop, _BLOCK):
        for column in range(columns.start, columns.stop, _BLOCK):
            here = _cut(rows, row), _cut(columns, column)
            if _holds(core, metres, *here):
                found += _in_block(core, metres, *here)
            if len(found) > most:
                raise InputError("sealed_many", limit=most)
    return found


def square_kilometres(area: Mapping[str, Any]) -> int:
    """How large a checked area is, rounded up; flat, which is true to a hundredth within what a
    sealed check may ask about.
    """
    metres, plain = area["metres"], dict(area)
    if area["shape"] == Shape.CIRCLE:
        size = pi * metres**2
    elif area["shape"] == Shape.CORRIDOR:
        size = metres * length_of(plain) + pi * (metres / 2) ** 2
    else:
        size = _inside(area["positions"])
    return -int(-size // 1_000_000)


def _hours(spells: Iterable[Spell], margin: int, since: int, until: int) -> set[int]:
    """The hours that these spells touch with a margin on either side."""
    found: set[int] = set()
    for one in spells:
        begins, ends = max(one.begins - margin, since), min(one.until + margin, until)
        if begins < ends:
            found.update(range(begins // HOUR_MS, -(-ends // HOUR_MS)))
    return found


def _named(label: bytes, cells: Iterable[Cell], hours: Iterable[int]) -> Iterator[bytes]:
    hours = tuple(hours)
    for row, column in cells:
        for hour in hours:
            yield b"%b|%d|%d|%d" % (label, row, column, hour)


def _within(box: Box) -> tuple[range, range]:
    """The rows and columns of a box; columns may lie beyond the last, where it goes round."""
    south, west = (int((one + way) * E7) for one, way in ((box.south, 90), (box.west, 540)))
    north, east = (int((one + way) * E7) for one, way in ((box.north, 90), (box.east, 540)))
    rows = range(max(south // HEIGHT, 0), min(north // HEIGHT, ROWS - 1) + 1)
    first, last = west // WIDTH, east // WIDTH
    return rows, range(first, min(last, first + COLUMNS - 1) + 1)


def _cut(whole: range, start: int) -> range:
    return range(start, min(start + _BLOCK, whole.stop))


def _in_block(core: Core, metres: float, rows: range, columns: range) -> Iterator[Cell]:
    for row in rows:
        for column in columns:
            if _holds(core, metres, range(row, row + 1), range(column, column + 1)):
                yield row, column % COLUMNS


def _holds(core: Core, metres: float, rows: range, columns: range) -> bool:
    """Whether any of neighbouring cells may lie within ``metres`` of a core: the circle around them
    does.
    """
    middle, around = _circle(rows.start, len(rows), len(columns))
    at = vector((middle, (2 * columns.start + len(columns)) * WIDTH // 2 - 180 * E7))
    reach = (metres + around + _SLACK_METRES) / RADIUS_METRES
    return apart(core, Core([at]), most=reach, enough=reach) <= reach


@lru_cache(maxsize=4096)
def _circle(row: int, rows: int, columns: int) -> tuple[int, float]:
    """The latitude of the middle of neighbouring cells, and how far (metres) any of them lies from
    it at most: the corners are furthest.
    """
    south, north = row * HEIGHT - 90 * E7, (row + rows) * HEIGHT - 90 * E7
    middle = (south + north) // 2
    at, aside = vector((middle, 0)), columns * WIDTH // 2 + 1
    corners = (vector((lat, aside)) for lat in (south, north))
    return middle, max(angle(at, one) for one in corners) * RADIUS_METRES


def _inside(positions: list[list[int]]) -> float:
    """The size of a polygon in square metres, by its corners."""
    base = positions[0]
    narrow = cos(radians(sum(lat for lat, _ in positions) / len(positions) / E7))
    flat = [
        ((lat - base[0]) / E7 * METRES_PER_DEGREE,
         ((lon - base[1] + 540 * E7) % (360 * E7) - 180 * E7) / E7 * METRES_PER_DEGREE * narrow)
        for lat, lon in positions
    ]  # fmt: skip
    turned = zip(flat, [*flat[1:], flat[0]], strict=True)
    return abs(sum(a * d - b * c for (a, b), (c, d) in turned)) / 2
