"""Where a line of a proposal stands at the owner of its cohort: pure, by the row that was proposed
and the cohort as it is now. The page that shows lines and the act that accepts them ask the same.
"""

from typing import Any, Final

from tansiq.domain.kinds.training.cohort import OPEN
from tansiq.domain.kinds.training.plan_proposal import PLAN_PROPOSAL
from tansiq.domain.records import Body
from tansiq.domain.training.counts import number

# What of a row of a plan a proposal says.
SAID: Final = tuple(column.name for column in PLAN_PROPOSAL.field("moves").columns)
WAITS, TAKEN, VOID = "waits", "taken", "void"


def is_whole(row: dict[str, Any]) -> bool:
    """Whether a partner's row says a code and days in their order."""
    days = row.get("first_day"), row.get("last_day")
    return "code" in row and None not in days and str(days[0]) <= str(days[1])


def new_dates(row: dict[str, Any], cohort: Body) -> tuple[str, str]:
    """The first and last day that a cohort gets: what has begun keeps its first."""
    begun = number(cohort, "days_done") > 0 and "first_day" in cohort
    return str(cohort["first_day"] if begun else row["first_day"]), str(row["last_day"])


def stands(row: dict[str, Any], cohort: Body, state: str) -> str:
    """Whether a line waits for an answer, is taken already, or void because the cohort has changed
    since it was proposed.
    """
    now = cohort.get("first_day"), cohort.get("last_day")
    if now == new_dates(row, cohort):
        return TAKEN
    same = now == (row.get("was_first"), row.get("was_last"))
    return WAITS if same and state in OPEN else VOID
