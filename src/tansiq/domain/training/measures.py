"""What a plan comes to: when the last cohort ends, how late they are, who is not in it, and which
rooms it uses. The page that compares plans shows it, and a measurement reads it.
"""

import datetime as dt
from dataclasses import dataclass

from tansiq.domain.training.problem import UNPLACED_DAYS, WEEK, Plan, Problem, weights_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """``late`` are days by which cohorts end after they would have, ``weighted`` the same by their
    weight; who is not placed counts as four weeks after the plan's end.
    """

    last: dt.date | None
    late: int
    weighted: int
    left: int
    rooms: int


def measures_of(problem: Problem, plan: Plan) -> Measures:
    """The measures of a plan."""
    days = _late(problem, plan)
    weights = weights_of(problem.cohorts, problem.rule)
    return Measures(
        last=max((one.last for one in plan.rows), default=None),
        late=sum(days.values()),
        weighted=sum(weights[code] * late for code, late in days.items()),
        left=len(plan.left),
        rooms=len({one.room for one in plan.rows if one.room}),
    )


def value_of(problem: Problem, plan: Plan) -> int:
    """The weighted lateness of a plan, which planners make small."""
    return measures_of(problem, plan).weighted


def _late(problem: Problem, plan: Plan) -> dict[str, int]:
    sunday = problem.first - dt.timedelta(days=(problem.first.weekday() + 1) % WEEK)
    never = sunday + dt.timedelta(days=problem.weeks * WEEK + UNPLACED_DAYS)
    ends = {one.code: one.last for one in plan.rows}
    return {one.code: max(0, (ends.get(one.code, never) - one.due).days) for one in problem.cohorts}
