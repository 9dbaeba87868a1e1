"""Positions that stand in a text among other words: what a reader of it can take from it.

The page of a release asks for its inference box. What ``positions`` reads is found here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.desk.reader.positions import MGRS, UTM, Position, plain, read_position
from tansiq.domain.places import E7

_FOUND_MAX: Final = 50  # positions of one text that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in a text: a position, or with none half of one, beside the words that say it."""

    text: str
    position: Position | None


_ALONE: Final = r"(?<![\w.,:/-])"
_END: Final = r"(?![\w°])(?![.,:/]\d)"
_SIDE: Final = r"(?:[NSEW](?![A-Za-z]))"
_HERE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ALONE}{MGRS.pattern.replace('{2,10}', '{4,10}')}{_END}",
        rf"{_ALONE}{UTM.pattern}{_END}",
        (rf"{_ALONE}\d{{4,7}}(?:\.\d{{1,8}})?\s?[NS][\s,;/]{{0,3}}"
         rf"\d{{5,7}}(?:\.\d{{1,8}})?\s?[EW]{_END}"),
        (rf"{_ALONE}\d{{1,2}}(?:\s\d{{1,2}}){{1,2}}(?:\.\d{{1,8}})?\s?[NS][\s,;/]{{0,3}}"
         rf"\d{{1,3}}(?:\s\d{{1,2}}){{1,2}}(?:\.\d{{1,8}})?\s?[EW]{_END}"),
    )
)  # fmt: skip
_PART: Final = r"\d{1,2}(?:[.,]\d{1,8})?"
_ONE: Final = re.compile(
    rf"(?<![\w.])(?P<axis>[@#]\s{{0,3}})?(?P<before>{_SIDE}\s?)?[-+]?\d{{1,3}}"
    rf"(?:[.,](?P<fine>\d{{1,12}}))?(?P<mark>\s?[°:](?:\s?{_PART}\s?[':](?:\s?{_PART}\s?\"?)?)?)?"
    rf"(?P<after>\s?{_SIDE})?{_END}",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s,;/|&()]{0,4}")
_LOCAL: Final = re.compile(
    rf"{_ALONE}([A-HJ-NP-Z])([A-HJ-NP-V])\s?(\d{{3,5}})\s?(\d{{3,5}}){_END}", re.IGNORECASE
)
_ZONES: Final = tuple(f"{zone}{band}" for zone in (38, 37, 39) for band in "SR")
# The region, in which two bare numbers are a position; elsewhere they may count anything.
REGION: Final = (25 * E7, 42 * E7, 35 * E7, 52 * E7)
_NEAR: Final = E7  # a degree: from a place that is known, so far off a bare value still tells of it


def positions_in(text: str, near: tuple[int, int] | None = None) -> list[Written]:
    """The positions that stand in a text among other words, in order, for whoever asks what it
    tells. ``near`` is the place of the record: a grid reference without its zone is read there, and
    one coordinate alone counts where it is of that place. Bare numbers count in the region only.
    """
    said = plain(text)
    found: list[tuple[int, int, Position | None]] = []
    for pattern in _HERE:
        for match in pattern.finditer(said):
            position = read_position(match.group())
            if position is not None:
                found.append((*match.span(), position))
    found += _pairs(said, near)
    if near is not None:
        found += _local(said, near)
    told: list[Written] = []
    end = -1
    for start, stop, position in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= end and len(told) < _FOUND_MAX:
            told.append(Written(text=said[start:stop].strip("@# "), position=position))
            end = stop
    return told


def _pairs(said: str, near: tuple[int, int] | None) -> Iterator[tuple[int, int, Position | None]]:
    """Two values beside each other that are a position; a value alone that is half of ``near``."""
    ones = list(_ONE.finditer(said))
    at = 0
    while at < len(ones):
        one = ones[at]
        pair = _pair(said, ones[at : at + 2])
        if pair is not None:
            yield pair
            at += 2
            continue
        if near is not None and _half(one, near):
            yield (*one.span(), None)
        at += 1


def _pair(said: str, ones: Sequence[re.Match[str]]) -> tuple[int, int, Position | None] | None:
    if len(ones) < 2 or not _BETWEEN.fullmatch(said, ones[0].end(), ones[1].start()):
        return None
    if not any(one[group] for one in ones for group in ("fine", "mark", "before", "after")):
        return None
    start, stop = ones[0].start(), ones[1].end()
    position = read_position(said[start:stop])
    if position is None:
        return None
    if position.said or any("°" in (one["mark"] or "") for one in ones):
        return start, stop, position
    fine = all(len(one["fine"] or "") >= 2 for one in ones)
    return (start, stop, position) if fine and _in_region(position) else None


def _in_region(position: Position) -> bool:
    """Whether it lies in the region, as written or with its values the other way round."""
    south, north, west, east = REGION
    return any(
        south <= lat <= north and west <= lon <= east
        for lat, lon in ((position.lat, position.lon), (position.lon, position.lat))
    )


def _half(one: re.Match[str], near: tuple[int, int]) -> bool:
    told = one["mark"] or one["before"] or one["after"] or one["axis"]
    if not told and len(one["fine"] or "") < 3:
        return False
    northern, alone = _northern(one), one.group()
    value = read_position(f"{alone}; 0.0 E" if northern else f"0.0 N; {alone}")
    if value is None:
        return False
    degrees = value.lat if northern else value.lon
    if told:
        return abs(degrees - near[0 if northern else 1]) <= _NEAR
    return any(abs(degrees - side) <= _NEAR for side in near)


def _northern(one: re.Match[str]) -> bool:
    signs = f"{one['axis'] or ''}{one['before'] or ''}{one['after'] or ''}".upper()
    return any(sign in signs for sign in "@NS")


def _local(said: str, near: tuple[int, int]) -> Iterator[tuple[int, int, Position | None]]:
    """Grid references without their zone: read in the zone in which they come near the place."""
    for match in _LOCAL.finditer(said):
        if len(match[3]) != len(match[4]):
            continue
        for zone in _ZONES:
            read = read_position(f"{zone}{match[1]}{match[2]}{match[3]}{match[4]}")
            if read and max(abs(read.lat - near[0]), abs(read.lon - near[1])) <= _NEAR:
                yield (*match.span(), read)
                break
