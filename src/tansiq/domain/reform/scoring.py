"""How well ranges did: the score of one, and of forecasts that were made before.

The bench asks, and ``desk.reform.forecasts`` for what is printed beside a new range. A forecast
counts once its range has passed: then what has not ended by its last day is a miss, and the quick
ones do not speak alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tansiq.domain.reform.forecasting import Range

_OUTSIDE: Final = 10  # 2 by 0.2: what a day outside a range of eight in ten costs, in days of width


def score(said: Range, truth: int) -> int:
    """The interval score in days: how wide the range is, and ten times by how much it misses. Less
    is better; a range of one day is what a plan says.
    """
    missed = max(said.early - truth, truth - said.late, 0)
    return said.late - said.early + _OUTSIDE * missed


def score_of_plan(day: int, truth: int) -> int:
    """The same for the day that a plan says, as the range of that one day."""
    return score(Range(early=day, middle=day, late=day), truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A forecast that was made on the day ``made`` for the project ``key``, whose plan then said
    ``plan``; ``ended`` is when it ended, 0 where it has not.
    """

    key: str
    made: int
    said: Range
    plan: int
    ended: int

    @property
    def held(self) -> bool:
        """Whether the truth lay in the range."""
        return self.said.early <= self.ended <= self.said.late

    def truth(self, today: int) -> int:
        """When it ended; what goes on has not ended before today."""
        return self.ended or today


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How earlier forecasts did: those whose range has passed, how many of them held, and their
    scores together beside those of the plans (days).
    """

    past: tuple[Past, ...]
    held: int
    scored: int
    naive: int


def record_of(past: Iterable[Past], today: int) -> Record:
    """What is known on a day of forecasts that were made before."""
    over = tuple(one for one in past if one.said.late < today)
    return Record(
        past=over,
        held=sum(one.held for one in over),
        scored=sum(score(one.said, one.truth(today)) for one in over),
        naive=sum(score_of_plan(one.plan, one.truth(today)) for one in over),
    )
