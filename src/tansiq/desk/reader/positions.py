"""Positions as people write them: decimal degrees, degrees with minutes and seconds, UTM, MGRS.

Forms and imports ask :func:`read_position`; ``in_texts`` finds with the same reading what stands
among other words, so that what the one reads the other finds. Whatever the text, the answer is a
value or none, in time that grows with its length and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

import mgrs

from tansiq.domain.digits import western
from tansiq.domain.places import E7

_CHARS_MAX: Final = 80  # of one position; no notation needs more
_GRID: Final = mgrs.MGRS()


class Notation(StrEnum):
    """How a position was written; ``notation.<value>`` is the word."""

    DECIMAL = "decimal"
    MINUTES = "minutes"
    SECONDS = "seconds"
    UTM = "utm"
    MGRS = "mgrs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A position in 1e-7 degree, and how it was written. ``said`` is whether the text itself names
    which value is which: two bare numbers can stand the wrong way round.
    """

    lat: int
    lon: int
    notation: Notation
    said: bool = True


# Signs ------------------------------------------------------------------------------------------

_SIGNS: Final = {
    **dict.fromkeys(map(ord, "º˚∘"), "°"),
    **dict.fromkeys(map(ord, "′’‘ʹʼ`´"), "'"),
    **dict.fromkeys(map(ord, "″”“ʺ"), '"'),
    **dict.fromkeys(map(ord, "−–—‐‑"), "-"),
    **dict.fromkeys(range(0x064B, 0x0653)),  # vowel signs
    **dict.fromkeys((0x00A0, 0x202F, *range(0x2000, 0x200B)), " "),
}
# The letters of a square in a grid reference may spell a word (37SEC 00000 00000).
_NO_SQUARE: Final = r"(?!\s?\d{3}\s?\d)"
# Longer words first: the same letters begin several.
_WORDS: Final = (
    (r"(?:(?:خط\s)?(?:دائرة\s)?(?:ال)?عرض|latitude|lat\.?|پانی)\s?[:=]?", "@"),
    (r"(?:(?:خط\s)?(?:ال)?طول|longitude|long\.?|lon\.?|lng\.?|درێژی)\s?[:=]?", "#"),
    (r"north|(?:ال)?شمال(?:ا|ي)?|باکوور|باکور", "N"),
    (r"south|(?:ال)?جنوب(?:ا|ي)?|باشوور|باشور", "S"),
    (r"east|(?:ال)?شرق(?:ا|ي)?|ڕۆژهەڵات|رۆژهەڵات", "E"),
    (r"west|(?:ال)?غرب(?:ا|ي)?|ڕۆژئاوا|رۆژئاوا", "W"),
    (rf"degrees?|deg{_NO_SQUARE}\.?|درجة|درجه|پلە", "°"),
    (r"minutes?|min\.?|دقيقة|دقیقه|خولەک", "'"),
    (rf"seconds?|sec{_NO_SQUARE}\.?|ثانية|ثانیه|چرکە", '"'),
)
_SPOKEN: Final = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE), f" {sign} ")
    for words, sign in _WORDS
)

_SPACES: Final = re.compile(" {2,}")


def plain(text: str) -> str:
    """The text with one sign for each thing that it may say."""
    said = western(text).translate(_SIGNS).replace("''", '"')
    for words, sign in _SPOKEN:
        said = words.sub(sign, said)
    return _SPACES.sub(" ", said)


# A whole text that is one position ---------------------------------------------------------------

MGRS: Final = re.compile(
    r"(\d{1,2})\s?([C-HJ-NP-X])\s?([A-HJ-NP-Z])\s?([A-HJ-NP-V])((?:\s?\d){2,10})", re.IGNORECASE
)
UTM: Final = re.compile(
    r"(?:UTM\s?)?(?:ZONE\s?)?(\d{1,2})\s?([C-HJ-NP-X])[\s,]{1,3}(\d{6})(?:[.,]\d{1,4})?\s?(?:M?E)?"
    r"[\s,;/]{1,3}(\d{6,7})(?:[.,]\d{1,4})?\s?(?:M?N)?",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(
    r"(?P<number>\d{1,12}(?:\.\d{1,20})?)|(?P<side>[NSEW])|(?P<mark>[°'\":])|(?P<axis>[@#])"
    r"|(?P<apart>[,;/|])|(?P<sign>[-+])|(?P<space>\s{1,10})",
    re.IGNORECASE,
)
_FOUR: Final = re.compile(r"([-+]?\d{1,3}),(\d{1,12}),\s?([-+]?\d{1,3}),(\d{1,12})")
_COMMA: Final = re.compile(r"(?<=\d),(?=\d)")
_PACKED: Final = re.compile(r"(\d{2,3})(\d{2})(\d{2}(?:\.\d{1,8})?)?")


def read_position(text: str) -> Position | None:
    """The position that a text says and says nothing else, as a form or an import was given it;
    None for any other text.
    """
    if len(text) > _CHARS_MAX:
        return None
    said = plain(text).strip(" \t\n.,;()[]")
    grid = _of_grid(said)
    if grid is not None:
        return grid
    for reading in _commas(said):
        found = _of_degrees(reading)
        if found is not None:
            return found
    return None


def _of_grid(said: str) -> Position | None:
    found = MGRS.fullmatch(said)
    if found:
        digits = "".join(found[5].split())
        if len(digits) % 2:
            return None
        return _located(f"{found[1]}{found[2]}{found[3]}{found[4]}{digits}".upper(), Notation.MGRS)
    found = UTM.fullmatch(said)
    if not found:
        return None
    # S is the band in which this region lies far more often than a hemisphere that it is not in.
    north = found[2].upper() >= "N"
    try:
        code = _GRID.UTMToMGRS(int(found[1]), "N" if north else "S", int(found[3]), int(found[4]))
    except mgrs.core.MGRSError:
        return None
    return _located(code, Notation.UTM)


def _located(code: str, notation: Notation) -> Position | None:
    try:
        lat, lon = _GRID.toLatLon(code)
    except mgrs.core.MGRSError:
        return None
    return Position(lat=round(lat * E7), lon=round(lon * E7), notation=notation)


def _commas(said: str) -> Iterator[str]:
    """What the commas may mean, likeliest first: decimals where there is no point, or a pause."""
    four = _FOUR.fullmatch(said)
    if four:
        yield f"{four[1]}.{four[2]} {four[3]}.{four[4]}"
        return
    if "," in said and "." not in said:
        yield _COMMA.sub(".", said)
    yield said


@dataclass(frozen=True, slots=True)
class _Token:
    name: str
    text: str


def _of_degrees(said: str) -> Position | None:
    tokens, at = [], 0
    while at < len(said):
        match = _TOKEN.match(said, at)
        if match is None:
            return None
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match.group().upper()))
        at = match.end()
    split = _split(tokens)
    if split is None:
        return None
    one, other = _value(tokens[: split[0]]), _value(tokens[split[1] :])
    return None if one is None or other is None else _paired(one, other)


def _split(tokens: list[_Token]) -> tuple[int, int] | None:
    """Where the first value ends and the second begins."""
    names = [token.name for token in tokens]
    apart = [at for at, name in enumerate(names) if name == "apart"]
    if len(apart) == 1:
        return apart[0], apart[0] + 1
    if apart:
        return None
    named = [at for at, name in enumerate(names) if name in ("side", "axis")]
    if len(named) >= 2:
        at = named[1] if named[0] == 0 else named[0] + 1
        return at, at
    degrees = [at for at, token in enumerate(tokens) if token.text == "°"]
    numbers = [at for at, name in enumerate(names) if name == "number"]
    if len(degrees) == 2:
        at = max((n for n in numbers if n < degrees[1]), default=0)
    elif len(numbers) in (2, 4, 6):
        at = numbers[len(numbers) // 2]
    else:
        return None
    at -= at > 0 and names[at - 1] == "sign"
    return at, at


@dataclass(frozen=True, slots=True)
class _Value:
    """Degrees with what they were said to be: ``side`` of N S E W, ``@`` latitude, ``#`` longitude,
    or empty. ``parts`` numbers said it, and ``fine`` is whether more than whole degrees were said.
    """

    degrees: Fraction
    side: str
    parts: int
    fine: bool


_MARKS: Final = ("°", "'", '"')


def _value(tokens: list[_Token]) -> _Value | None:
    """One value: degrees, or degrees and minutes, or with seconds, under one sign or letter."""
    numbers: list[str] = []
    side, axis, negative = "", "", False
    for at, token in enumerate(tokens):
        if token.name == "number":
            numbers.append(token.text)
        elif token.name == "mark":
            sign = token.text
            if not numbers or sign not in (":", _MARKS[min(len(numbers), 3) - 1]):
                return None
        elif token.name == "side" and not side and (not numbers or at == len(tokens) - 1):
            side = token.text
        elif token.name == "axis" and not axis:
            axis = token.text
        elif token.name == "sign" and not numbers and not negative:
            negative = token.text == "-"
        else:
            return None
    if len(numbers) == 1 and side:
        numbers = _unpacked(numbers[0])
    if axis and side and (side in "NS") != (axis == "@"):
        return None
    return _degrees(numbers, side or axis, negative=negative)


def _unpacked(number: str) -> list[str]:
    """Degrees, minutes and seconds that were written without anything between them."""
    whole = number.partition(".")[0]
    found = _PACKED.fullmatch(number) if len(whole) >= 4 else None
    return [part for part in found.groups() if part] if found else [number]


def _degrees(numbers: list[str], side: str, *, negative: bool) -> _Value | None:
    if not 1 <= len(numbers) <= 3 or any("." in number for number in numbers[:-1]):
        return None
    parts = [Fraction(number) for number in numbers]
    if any(part >= 60 for part in parts[1:]) or parts[0] > 180:
        return None
    if negative and side in ("N", "S", "E", "W"):
        return None
    degrees = sum((part / 60**n for n, part in enumerate(parts)), Fraction(0))
    fine = len(parts) > 1 or "." in numbers[0] or bool(side)
    return _Value(-degrees if negative or side in ("S", "W") else degrees, side, len(parts), fine)


_NOTATIONS: Final = {1: Notation.DECIMAL, 2: Notation.MINUTES, 3: Notation.SECONDS}


def _paired(one: _Value, other: _Value) -> Position | None:
    north, east = ("N", "S", "@"), ("E", "W", "#")
    if one.side in east or other.side in north:
        one, other = other, one
    if one.side in east or other.side in north or not (one.fine or other.fine):
        return None
    lat, lon = (_e7(value.degrees) for value in (one, other))
    if abs(lat) > 90 * E7:
        return None
    return Position(
        lat=lat, lon=lon, notation=_NOTATIONS[max(one.parts, other.parts)],
        said=bool(one.side or other.side),
    )  # fmt: skip


def _e7(degrees: Fraction) -> int:
    """In 1e-7 degree, the nearest; a half goes away from zero, as people round."""
    scaled = abs(degrees) * E7 + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    return -whole if degrees < 0 else whole


# A position as it is shown -----------------------------------------------------------------------


def grid_text(lat: int, lon: int) -> str:
    """The grid reference of a position, to a metre, as it is read over the radio; empty where the
    grid has none.
    """
    try:
        code = _GRID.toMGRS(lat / E7, lon / E7)
    except mgrs.core.MGRSError:
        return ""
    head = len(code) - 10
    return f"{code[: head - 2]} {code[head - 2 : head]} {code[head : head + 5]} {code[head + 5 :]}"
