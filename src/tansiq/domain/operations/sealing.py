"""The rules of sealed checks, the same on both nodes: what one may ask about, how often, to which
sizes sets are padded, and which answers there are. No cryptography, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.operations.covering import (
    CORE,
    HOUR_MS,
    WIDE,
    elements_of,
    hours_of,
    square_kilometres,
)
from tansiq.domain.operations.volumes import volume_of
from tansiq.domain.records import Body

CLEAR: Final = "clear"
NEAR: Final = "near"
OVERLAP: Final = "overlap"
ANSWERS: Final = (CLEAR, NEAR, OVERLAP)
# Why a node does not answer, and why an answer that came says nothing.
REFUSALS: Final = ("budget", "many", "form", "agreement")
FAILURES: Final = ("form", "proof", "reach")
SIZES_ASKED: Final = (250, 1_000, 2_500, BOUNDS.sealed_elements_max)
SIZES_ANSWERED: Final = (1_000, 5_000, BOUNDS.sealed_elements_own_max)
DAY_MS: Final = 24 * HOUR_MS
REACH_MS: Final = 10 * DAY_MS  # so far ahead a node answers for
REACH_ASKED_MS: Final = 7 * DAY_MS  # and so far ahead it is asked: answers may travel for days
COOL_DOWN_MS: Final = HOUR_MS  # after an activity was called off that had been checked
_VOLUME: Final = (
    "area", "begins", "until", "repeats", "repeats_until", "margin_metres", "margin_minutes",
)  # fmt: skip


class Spent(NamedTuple):
    """One check that was asked: when it counted (ms), and of which size it was."""

    at: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left in the 24 hours before a moment: so many checks, so many elements."""

    checks: int
    elements: int

    def allows(self, size: int) -> bool:
        """Whether one more of that size may be asked."""
        return self.checks > 0 and size <= self.elements


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one check would ask: the elements, the size that they are padded to, and what a person
    is told of it: square kilometres and hours.
    """

    elements: frozenset[bytes]
    size: int
    kilometres: int
    hours: int


def left(spent: Iterable[Spent], now: int) -> Left:
    """What one party may still ask another at ``now``."""
    counted = [one.size for one in spent if one.at > now - DAY_MS]
    return Left(
        checks=max(BOUNDS.sealed_checks_a_day - len(counted), 0),
        elements=max(BOUNDS.sealed_elements_a_day - sum(counted), 0),
    )


def size_asked(count: int) -> int:
    """To how many elements a question is padded. Raises InputError for more than any size."""
    return _size(count, SIZES_ASKED)


def size_answered(count: int) -> int:
    """To how many outputs an answer is padded. Raises InputError for more than any size."""
    return _size(count, SIZES_ANSWERED)


def _size(count: int, sizes: Sequence[int]) -> int:
    found = next((one for one in sizes if count <= one), None)
    if found is None:
        raise InputError("sealed_many", limit=sizes[-1])
    return found


def wanted(body: Body, now: int) -> Wanted:
    """What a check of an activity would ask at ``now``. Raises InputError for what is over, lies
    too far ahead, is too large or lasts too long.
    """
    volume, area = volume_of(body), body.get("area")
    if volume is None or not isinstance(area, dict):
        raise InputError("sealed_no_area")
    if volume.until <= now:
        raise InputError("sealed_over")
    if volume.until > now + REACH_ASKED_MS:
        raise InputError("sealed_far", days=REACH_ASKED_MS // DAY_MS)
    kilometres = square_kilometres(area)
    hours = hours_of(volume, now, BOUNDS.sealed_hours_max)
    if kilometres > BOUNDS.sealed_kilometres_max:
        raise InputError("sealed_area", limit=BOUNDS.sealed_kilometres_max, area=kilometres)
    if hours > BOUNDS.sealed_hours_max:
        raise InputError("sealed_hours", limit=BOUNDS.sealed_hours_max)
    elements = elements_of(volume, now, volume.until, BOUNDS.sealed_elements_max)
    return Wanted(
        elements=frozenset(elements), size=size_asked(len(elements)), kilometres=kilometres,
        hours=hours,
    )  # fmt: skip


def reach(now: int) -> tuple[int, int]:
    """From when up to when (ms) a node answers at ``now``, whatever it has planned."""
    begins = now // HOUR_MS * HOUR_MS
    return begins, begins + REACH_MS


def taken(bodies: Iterable[Body], now: int) -> frozenset[bytes]:
    """What a node compares with: all that its own activities take within its reach. Raises
    InputError where that is more than an answer holds; nothing is ever left out.
    """
    begins, until = reach(now)
    found: set[bytes] = set()
    for body in bodies:
        volume = volume_of(body)
        if volume is not None:
            found |= elements_of(volume, begins, until, BOUNDS.sealed_elements_own_max)
            size_answered(len(found))
    return frozenset(found)


def volume_json(body: Body) -> dict[str, object]:
    """What of an activity a commitment binds: where it is, when, and its margins."""
    return {name: body[name] for name in _VOLUME if name in body}


def answer_of(met: Iterable[bytes]) -> str:
    """What is said of the elements that both have: the worst of them."""
    labels = {one[:1] for one in met}
    return OVERLAP if CORE in labels else NEAR if WIDE in labels else CLEAR
