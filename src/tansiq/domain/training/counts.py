"""What was taught, counted: never typed in, never a person.

The page of training asks, with what its reader may see: cohorts, sessions and instructors, each as
its body and its state. Who sees less counts less.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tansiq.domain.kinds.training.instructors import LOCAL
from tansiq.domain.kinds.training.session import TO_COME
from tansiq.domain.records import Body

_WHOLE: Final = 100  # of a hundred
_UNSAID: Final = "other"  # the reason of days that were lost without one


class Seen(NamedTuple):
    """A record as its reader sees it: what it says, and its state."""

    body: Body
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What sessions say together: training days that were held, that are to come and that were lost
    by reason, and how many person-days were attended.
    """

    held: int = 0
    to_come: int = 0
    person_days: int = 0
    lost: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """The indicators of training. ``passed`` of those ``judged`` passed: who finished a cohort that
    says how many passed. Of the instructors that there are on a day so many are ``local``, so many
    ``foreign``. Of the places that were ``cancelled``, so many were in cohorts that were ``merged``
    into others.
    """

    finished: int
    passed: int
    judged: int
    taught: Taught
    local: int
    foreign: int
    cancelled: int
    merged: int

    @property
    def pass_share(self) -> int | None:
        """How many of a hundred passed; None where nobody was judged."""
        return self.passed * _WHOLE // self.judged if self.judged else None

    @property
    def local_share(self) -> int | None:
        """How many of a hundred instructors are local; None where there are none."""
        there = self.local + self.foreign
        return self.local * _WHOLE // there if there else None


def taught(sessions: Iterable[Seen]) -> Taught:
    """What these sessions say together."""
    held = to_come = person_days = 0
    lost: Counter[str] = Counter()
    for body, state in sessions:
        days = number(body, "days")
        if state == "held":
            held += days
            person_days += number(body, "attended")
        elif state == "lost":
            lost[str(body.get("reason_class") or _UNSAID)] += days
        elif state in TO_COME:
            to_come += days
    return Taught(held=held, to_come=to_come, person_days=person_days, lost=dict(lost))


def indicators(
    cohorts: Iterable[Seen], sessions: Iterable[Seen], instructors: Iterable[Seen], day: str
) -> Indicators:
    """The indicators of these as of a day (YYYY-MM-DD)."""
    known = list(cohorts)
    over = [body for body, state in known if state == "finished"]
    judged = [body for body in over if "passed" in body]
    called_off = [body for body, state in known if state == "cancelled"]
    there = [body for body, _ in instructors if is_there(body, day)]
    local = [body for body in there if body.get("of") == LOCAL]
    return Indicators(
        finished=_sum(over, "finished"), passed=_sum(judged, "passed"),
        judged=_sum(judged, "finished"), taught=taught(sessions),
        local=_sum(local, "count"), foreign=_sum(there, "count") - _sum(local, "count"),
        cancelled=_sum(called_off, "places"),
        merged=_sum((body for body in called_off if body.get("merged_into")), "places"),
    )  # fmt: skip


def is_there(body: Body, day: str) -> bool:
    """Whether instructors or a room are there on a day (YYYY-MM-DD)."""
    begins, ends = str(body.get("from", "")), str(body.get("until", ""))
    return begins <= day and (not ends or day <= ends)


def number(body: Body, name: str) -> int:
    """A count of a body, 0 where it is not said."""
    value = body.get(name)
    return value if isinstance(value, int) else 0


def _sum(bodies: Iterable[Body], name: str) -> int:
    return sum(number(body, name) for body in bodies)
