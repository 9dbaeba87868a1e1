"""How wide a run is: everyday, or whole as ``./dev test --full`` asks before an issue is resolved.

The everyday run keeps each rule, each exit for each role once, one id of each sort on every store,
each walk of a room in the browser in one language, in turns, and whatever a planted fault needs to
die. The whole run multiplies them with one another.
``tests/conftest.py`` reads the option, before any test module is imported.
"""

from typing import TypeVar

T = TypeVar("T")

_WHOLE = [False]


def choose(*, whole: bool) -> None:
    """Said once, by ``tests/conftest.py``."""
    _WHOLE[0] = whole


def of(everyday: T, whole: T) -> T:
    """What this run takes of the two."""
    return whole if _WHOLE[0] else everyday
