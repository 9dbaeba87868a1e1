"""Which town a misspelt name may mean: proposals of the gazetteer, which a person takes or leaves.

Names are compared by their sounds, so that "Makmoor", ``مخمور`` and ``مەخموور`` are near, and by
their letters. Forms and the chip of a place call it; nothing is put right without being asked.
"""

import functools
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Final

from tansiq.domain.places import E7, Town, gazetteer
from tansiq.domain.search import normalise

_PROPOSED_MAX: Final = 3
_CHARS_MAX: Final = 40  # no town's name is longer; what is longer is a description
_KM_PER_DEGREE: Final = 111.2
_SOUNDS: Final = str.maketrans(
    {
        **dict.fromkeys("ااعءوهی", ""), "ب": "b", "پ": "b", "ت": "t", "ط": "t", "ث": "t",
        "ج": "j", "چ": "j", "ح": "h", "خ": "k", "د": "d", "ذ": "d", "ض": "d", "ظ": "d", "ر": "r",
        "ز": "z", "ژ": "z", "س": "s", "ص": "s", "ش": "s", "غ": "g", "گ": "g", "ف": "f", "ڤ": "f",
        "ق": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n",
        **dict.fromkeys("aeiouyw", ""), "c": "k", "q": "k", "x": "k", "p": "b", "v": "f",
    }
)  # fmt: skip
_PAIRS: Final = (("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "j"), ("th", "t"), ("dh", "d"),
                 ("ph", "f"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A town that may be meant, in the spelling that is nearest to what was typed."""

    town: Town
    spelling: str


def _sounds(name: str) -> str:
    """The consonants of a name, each once where it was doubled, in one script."""
    plain = normalise(name).replace(" ", "")
    plain = plain.removeprefix("ال")
    for pair, sound in _PAIRS:
        plain = plain.replace(pair, sound)
    heard = plain.translate(_SOUNDS).replace("h", "")
    return "".join(sound for at, sound in enumerate(heard) if not at or heard[at - 1] != sound)


@functools.cache
def _known() -> tuple[tuple[str, str, str, Town], ...]:
    """Every spelling of every town: as it is written, folded, and by its sounds."""
    return tuple(
        (spelling, normalise(spelling), _sounds(spelling), town)
        for town in gazetteer().values()
        for spelling in town.spellings
    )


def near_names(text: str) -> list[Proposal]:
    """The towns that a name may mean, nearest first, each once; none for words that are near none.
    Whatever the text, its work is bounded.
    """
    plain = normalise(text)
    if not plain or len(plain) > _CHARS_MAX:
        return []
    heard = _sounds(text)
    found: list[tuple[float, str, Town]] = []
    for spelling, folded, sounds, town in _known():
        apart = _apart(plain, folded)
        near = apart <= max(1, min(len(plain), len(folded)) // 4)
        alike = len(sounds) >= 3 and _apart(heard, sounds) <= len(sounds) // 5
        if near or alike:
            script = plain[0].isascii() == folded[0].isascii()
            found.append((apart if script else apart + _CHARS_MAX, spelling, town))
    proposals: dict[str, Proposal] = {}
    for _, spelling, town in sorted(found, key=lambda item: (item[0], item[1])):
        proposals.setdefault(town.key, Proposal(town=town, spelling=spelling))
    return list(proposals.values())[:_PROPOSED_MAX]


def _apart(one: str, other: str) -> int:
    """How many letters must be changed, put in, left out or exchanged with the next."""
    if abs(len(one) - len(other)) > _CHARS_MAX // 4:
        return _CHARS_MAX
    before, last = list[int](), list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for n, against in enumerate(other, 1):
            least = min(last[n] + 1, row[n - 1] + 1, last[n - 1] + (letter != against))
            if at > 1 and n > 1 and letter == other[n - 2] and against == one[at - 2]:
                least = min(least, before[n - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def kilometres(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How far two positions (1e-7 degree) are apart, near enough for telling near from far."""
    middle = radians((one[0] + other[0]) / 2 / E7)
    north = (one[0] - other[0]) / E7
    east = (one[1] - other[1]) / E7 * cos(middle)
    return hypot(north, east) * _KM_PER_DEGREE
