"""Escalation: whom a wait asks, one level after the other. A plan is data, made anew from the
positions of this moment whenever it is asked for: no plan is kept that could be out of date.

What must hold: every wait asks somebody. A level at which nobody is takes no time and is named as a
gap before it is needed. Only positions that may see what the wait is about are asked, at any level.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.domain.parties import ACTING, Position, Role

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS


class Haste(StrEnum):
    """How much haste a wait has, most first."""

    SAFETY = "safety"
    FLASH = "flash"
    URGENT = "urgent"
    ROUTINE = "routine"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 = safety."""
        return list(Haste).index(self)


# How long each level is given before the next is asked as well.
GIVEN_MS: Final = {
    Haste.SAFETY: MINUTE_MS,
    Haste.FLASH: 10 * MINUTE_MS,
    Haste.URGENT: 30 * MINUTE_MS,
    Haste.ROUTINE: 24 * HOUR_MS,
}


class Rung(StrEnum):
    """The levels of a plan, in their order."""

    POSITION = "position"
    DEPUTY = "deputy"
    SENIOR = "senior"
    EVERYBODY = "everybody"
    TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True)
class Level:
    """One level: which positions are asked, and how long it is given (ms)."""

    rung: Rung
    positions: tuple[str, ...]
    given: int


@dataclass(frozen=True, slots=True)
class Step:
    """A level that will be asked: its positions that are there, ``after`` so many ms."""

    rung: Rung
    positions: tuple[str, ...]
    after: int


def plan(seat: str, positions: Sequence[Position], haste: Haste) -> tuple[Level, ...]:
    """The levels for a wait that asks ``seat``: the code of a position, or "" for the watch.

    The seat, its deputy, the senior duty officer, then a telephone card; where a life is in danger,
    the seat and then everybody who acts. A position stands at one level only, the first. A seat
    that is no position of the node any more has an empty level.
    """
    senior = [item.code for item in positions if item.role is Role.SENIOR_DUTY_OFFICER]
    asked = [item for item in positions if item.code == seat] if seat else _watch(positions)
    chosen = {Rung.POSITION: [item.code for item in asked]}
    if haste is Haste.SAFETY:
        chosen[Rung.EVERYBODY] = [item.code for item in positions if item.role in ACTING]
    else:
        chosen[Rung.DEPUTY] = [item.deputy for item in asked if item.deputy]
        chosen[Rung.SENIOR] = senior
    levels: list[Level] = []
    seen: set[str] = set()
    for rung, codes in chosen.items():
        fresh = tuple(code for code in dict.fromkeys(codes) if code not in seen)
        seen.update(fresh)
        if fresh or rung is Rung.POSITION:
            levels.append(Level(rung, fresh, GIVEN_MS[haste]))
    return (*levels, Level(Rung.TELEPHONE, tuple(senior), 0))


def _watch(positions: Sequence[Position]) -> list[Position]:
    """Who is asked first where nobody is named: the duty officers, else all who may release."""
    for roles in ({Role.DUTY_OFFICER}, {Role.LIAISON_OFFICER}, {Role.SENIOR_DUTY_OFFICER}):
        found = [item for item in positions if item.role in roles]
        if found:
            return found
    return []


def steps(levels: Sequence[Level], on: Collection[str], able: Collection[str]) -> tuple[Step, ...]:
    """What the plan comes to, with those who are ``on`` duty and those ``able`` to see it.

    The last step, the telephone card, always has somebody who is able, on duty or not; only where
    nobody at all is able there are no steps.
    """
    found: list[Step] = []
    after = 0
    for level in levels[:-1]:
        there = tuple(code for code in level.positions if code in on and code in able)
        if there:
            found.append(Step(level.rung, there, after))
            after += level.given
    callers = _callers(levels, found, able)
    return (*found, Step(levels[-1].rung, callers, after)) if callers else tuple(found)


def _callers(
    levels: Sequence[Level], found: Sequence[Step], able: Collection[str]
) -> tuple[str, ...]:
    """Who takes the telephone: the highest who is on duty, else all of the plan, else anybody."""
    if found:
        return found[-1].positions
    planned = [code for level in levels for code in level.positions if code in able]
    return tuple(dict.fromkeys(planned)) or tuple(sorted(able))


def gaps(levels: Sequence[Level], on: Collection[str], able: Collection[str]) -> tuple[Level, ...]:
    """The levels at which nobody is now who may see it: shown red before they are needed."""
    return tuple(
        level for level in levels if not any(c in on and c in able for c in level.positions)
    )
