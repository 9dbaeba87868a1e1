"""A project as a forecast knows it: planned and real days, what it needs, and when it stood still.

``desk.reform.forecasts`` makes these of what a reader may see; ``habits`` and ``forecasting`` read
them. Days are ordinals (``datetime.date.toordinal``), 0 = not said.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]  # from a day to before another; to 0 = it goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A milestone: when it was to be done, and when it was."""

    due: int
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A project of an owner, with a planned start and end. ``begun`` says that it is or was under
    way, ``ended`` the day on which its owner declared it executed; ``stops`` are the spans for
    which it was on hold or suspended; ``needs`` are the keys of the projects that it cannot end
    before.
    """

    key: str
    owner: str
    start: int
    end: int
    begun: bool
    ended: int = 0
    steps: tuple[Step, ...] = ()
    stops: tuple[Span, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def planned(self) -> int:
        """How many days it was to take, at least one."""
        return max(1, self.end - self.start)

    def stopped(self, since: int, until: int) -> int:
        """For how many days of this span it stood still."""
        return sum(max(0, min(to or until, until) - max(begun, since)) for begun, to in self.stops)

    def worked(self, since: int, until: int) -> int:
        """How many days of this span it was under way, at least one."""
        return max(1, until - since - self.stopped(since, until))

    def still_since(self) -> int:
        """Since when it stands still; 0 where it does not."""
        return max((since for since, to in self.stops if not to), default=0)

    def reached(self) -> tuple[int, int, int]:
        """How far it is: the due day of the last milestone up to which all are done, the day on
        which they were, and how many they are; without one, its start.
        """
        due, at, count = self.start, self.start, 0
        for step in sorted(self.steps, key=lambda one: (one.due, one.done or math.inf)):
            if not step.done or not step.due:
                break
            due, at, count = max(due, min(step.due, self.end)), max(at, step.done), count + 1
        return due, at, count

    def ahead(self) -> tuple[int, int, int]:
        """What is left of the plan from there: the days to the next milestone, those from it to the
        planned end, and how many milestones are left.
        """
        due, _, _ = self.reached()
        later = sorted({one.due for one in self.steps if not one.done and one.due > due})
        following = min(later[0], self.end) if later else self.end
        left = sum(not one.done for one in self.steps)
        # What is still to be done where the plan leaves no day for it: one day in twenty.
        least = max(1, self.planned // 20)
        return max(least, following - due), max(0, self.end - following), max(1, left)
