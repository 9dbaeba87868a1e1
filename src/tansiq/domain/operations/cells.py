"""An index of activities by cells of the globe and by days: it names who may be near, and leaves
out nobody who is.

Cells lie in grids of several levels, each with columns four times as wide as the one before. An
activity stands in the finest level in which at most two by two cells cover it and its margin, from
outside; with each of its days, or without a day where it lasts longer than ``DAYS_MAX``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import asin, cos, degrees, pi, sin
from operator import itemgetter
from typing import Final, Generic, NamedTuple, TypeVar

from tansiq.domain.operations.sphere import E7, Vector, position
from tansiq.domain.operations.volumes import Volume

# Columns around the globe, by level: in Iraq those of the finest are 8 km wide.
COLUMNS: Final = (4096, 1024, 256, 64, 16, 4)
DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 4
LONG: Final = -1  # the day of what lasts longer, where a table wants one
ROW: Final = 1 << 13  # so many numbers of cells lie from one row to the next
LEVEL: Final = 1 << 26  # and from one level to the next
_SLACK: Final = 1e-7  # degrees, a centimetre: what rounding may have taken from a box
_ROUND: Final = 360.0
_BEGINS: Final = itemgetter(1)  # of an entry

Name = TypeVar("Name")


class Box(NamedTuple):
    """Degrees. ``west`` and ``east`` may lie beyond 180 where it crosses the antimeridian."""

    south: float
    north: float
    west: float
    east: float


class Band(NamedTuple):
    """The numbers of neighbouring cells in one row, from ``first`` to ``last``."""

    first: int
    last: int


def box_around(centre: Vector, reach: float) -> Box:
    """The box around all that lies within ``reach`` (radians) of a position."""
    lat, lon = (one / E7 for one in position(centre))
    far = degrees(reach) + _SLACK
    south, north = lat - far, lat + far
    wide = cos(abs(lat) * pi / 180)
    if south <= -90 or north >= 90 or sin(reach) >= wide:
        return Box(south, north, -_ROUND / 2, _ROUND / 2)
    aside = degrees(asin(sin(reach) / wide)) + _SLACK / wide
    return Box(south, north, lon - aside, lon + aside)


def level_of(box: Box) -> int:
    """The finest level at which at most two by two cells cover a box; the last for any other."""
    size = max(box.north - box.south, box.east - box.west)
    fitting = (n for n, columns in enumerate(COLUMNS) if size * columns <= _ROUND)
    return next(fitting, len(COLUMNS) - 1)


def bands(box: Box, level: int) -> list[Band]:
    """The cells of one level that cover a box, row by row."""
    columns = COLUMNS[level]
    rows = max(columns // 2, 1)
    share = columns / _ROUND
    low = min(max(int((box.south + 90) * share), 0), rows - 1)
    high = min(max(int((box.north + 90) * share), 0), rows - 1)
    west, east = int((box.west + 540) * share), int((box.east + 540) * share)
    first, count = west % columns, min(east - west + 1, columns)
    found = []
    for row in range(low, high + 1):
        start = level * LEVEL + row * ROW
        here = min(count, columns - first)
        found.append(Band(start + first, start + first + here - 1))
        if here < count:  # around the globe and on
            found.append(Band(start, start + count - here - 1))
    return found


def days_of(begins: int, until: int) -> range | None:
    """The days (UTC, counted from 1970) that something touches from a moment up to another (ms);
    None for more than ``DAYS_MAX``.
    """
    first, last = begins // DAY_MS, max(until - 1, begins) // DAY_MS
    return range(first, last + 1) if last - first < DAYS_MAX else None


class Entry(NamedTuple, Generic[Name]):
    """An activity as the index holds it: what it is called, its hull in time (ms) and on the globe
    (radians), margins included, and itself.
    """

    name: Name
    begins: int
    until: int
    centre: Vector
    reach: float
    volume: Volume


def entry(name: Name, volume: Volume) -> Entry[Name]:
    """An activity with its hull."""
    return Entry(name, volume.begins, volume.until, volume.core.centre, volume.reach, volume)


@dataclass(slots=True)
class _Cell(Generic[Name]):
    """What stands in a cell: on no day, and on each day."""

    long: list[Entry[Name]] = field(default_factory=list)
    days: dict[int, list[Entry[Name]]] = field(default_factory=dict)

    def order(self) -> None:
        """Put all that stands here in the order of its beginnings."""
        for one in (self.long, *self.days.values()):
            one.sort(key=_BEGINS)

    def within(self, found: list[tuple[Entry[Name], Entry[Name]]]) -> None:
        """Add the pairs in this cell to those that were found."""
        _beside(self.long, self.long, found)
        for there in self.days.values():
            _beside(there, there, found)
            _beside(there, self.long, found)

    def beside(self, other: "_Cell[Name]", found: list[tuple[Entry[Name], Entry[Name]]]) -> None:
        """Add the pairs of one in this cell and one in a coarser cell around it."""
        for day, there in self.days.items():
            _beside(there, other.long, found)
            _beside(there, other.days.get(day, []), found)
        if self.long:
            _beside(self.long, other.long, found)
            for there in other.days.values():
                _beside(self.long, there, found)


class Index(Generic[Name]):
    """Activities by their cells and days."""

    def __init__(self, entries: Iterable[Entry[Name]] = ()) -> None:
        self._levels: tuple[dict[int, _Cell[Name]], ...] = tuple({} for _ in COLUMNS)
        for one in entries:
            self.add(one)

    def add(self, one: Entry[Name], box: Box | None = None) -> None:
        """Take up one more; ``box`` is the box around it, where it is known."""
        box = box or box_around(one.centre, one.reach)
        level, days = level_of(box), days_of(one.begins, one.until)
        cells = self._levels[level]
        for band in bands(box, level):
            for number in range(band.first, band.last + 1):
                cell = cells.get(number)
                if cell is None:
                    cell = cells[number] = _Cell()
                if days is None:
                    cell.long.append(one)
                    continue
                for day in days:
                    cell.days.setdefault(day, []).append(one)

    def near(self, one: Entry[Name], box: Box | None = None) -> list[Entry[Name]]:
        """Those whose hulls meet the hull of one, each once. Who meets it is among them."""
        box = box or box_around(one.centre, one.reach)
        _, begins, until, (x, y, z), reach, _ = one
        found: dict[int, Entry[Name]] = {}
        days = days_of(begins, until)
        for level, cells in enumerate(self._levels):
            if not cells:
                continue
            for there in _there(cells, bands(box, level), days):
                for other in there:
                    if other.begins >= until or other.until <= begins:
                        continue
                    a, b, c = other.centre
                    far = reach + other.reach + _SLACK
                    if (x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 <= far * far:
                        found[id(other)] = other
        return list(found.values())

    def pairs(self) -> Iterator[tuple[Entry[Name], Entry[Name]]]:
        """All pairs whose hulls meet, each once. Who meets is among them."""
        for cells in self._levels:
            for cell in cells.values():
                cell.order()
        seen: set[tuple[int, int]] = set()
        for level, cells in enumerate(self._levels):
            for number, cell in cells.items():
                found: list[tuple[Entry[Name], Entry[Name]]] = []
                cell.within(found)
                for other in self._above(number, level):
                    cell.beside(other, found)
                for pair in found:  # one comes once for each cell and day that both have
                    one, other_one = id(pair[0]), id(pair[1])
                    named = (one, other_one) if one < other_one else (other_one, one)
                    if named not in seen:
                        seen.add(named)
                        yield pair

    def _above(self, number: int, level: int) -> Iterator[_Cell[Name]]:
        """The cells of coarser levels in which a cell lies: each is cut into four by four."""
        row, column = divmod(number - level * LEVEL, ROW)
        for coarser in range(level + 1, len(COLUMNS)):
            row, column = row // 4, column // 4
            found = self._levels[coarser].get(coarser * LEVEL + row * ROW + column)
            if found is not None:
                yield found


def _there(
    cells: dict[int, _Cell[Name]], asked: list[Band], days: range | None
) -> Iterator[list[Entry[Name]]]:
    """What stands in these cells on these days (None = on any)."""
    count = sum(band.last - band.first + 1 for band in asked)
    found: Iterable[_Cell[Name] | None] = cells.values()
    if count <= len(cells):
        found = (cells.get(n) for band in asked for n in range(band.first, band.last + 1))
    for cell in found:
        if cell is None:
            continue
        if cell.long:
            yield cell.long
        if days is None:
            yield from cell.days.values()
            continue
        for day in days:
            there = cell.days.get(day)
            if there:
                yield there


def pairs(entries: Iterable[Entry[Name]]) -> Iterator[tuple[Entry[Name], Entry[Name]]]:
    """All pairs whose hulls meet, each once. Who meets is among them."""
    return Index(entries).pairs()


def _beside(
    some: list[Entry[Name]], others: list[Entry[Name]],
    found: list[tuple[Entry[Name], Entry[Name]]],
) -> None:  # fmt: skip
    """Add the pairs of one of some and one of others whose hulls meet; of a list and itself, each
    pair once. Both are in the order of their beginnings.
    """
    for n, one in enumerate(some):
        _, begins, until, (x, y, z), reach, _ = one
        reach += _SLACK
        for other in others[n + 1 :] if some is others else others:
            if other[1] >= until:
                break
            if other[2] > begins:
                a, b, c = other[3]
                a, b, c, far = x - a, y - b, z - c, reach + other[4]
                if a * a + b * b + c * c <= far * far:
                    found.append((one, other))
