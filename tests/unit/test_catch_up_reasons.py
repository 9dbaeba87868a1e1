"""Why a cohort is where a plan has it: one thing is changed, and what that gains is named."""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.domain.training.greedy import greedy
from tansiq.domain.training.problem import Placed, Pool, Spell
from tansiq.domain.training.reasons import REASONS, Reason, reasons_of
from tests.breadth import of
from tests.planning import SUNDAY, cohort, day, drawn, half_until, problem, room

WEEK = dt.timedelta(days=7)


def why(asked, code):
    return reasons_of(asked, greedy(asked))[code]


def test_nothing_holds_what_could_not_end_earlier():
    """A cohort that begins at once and is taught every day is as early as it can be."""
    assert why(problem(cohort("A", 5)), "A") == Reason(code="earliest")


def test_a_room_that_another_has_is_named_with_who_has_it():
    """The second waits for the room; without that it would end a week earlier."""
    asked = problem(cohort("A", 5), cohort("B", 5), rooms=(room("R1"),))
    assert why(asked, "B") == Reason(code="room", days=7, held_by=("A",))
    assert why(asked, "A") == Reason(code="earliest")


def test_instructors_that_another_has_are_named():
    """Two instructors cannot teach two cohorts that want two each."""
    one, other = (
        cohort(code, 5, instructors=2, subject="radio", language="ar") for code in ("A", "B")
    )
    asked = problem(one, other, pools=(Pool(subject="radio", language="ar", count=2),))
    assert why(asked, "B") == Reason(code="instructors", days=7, held_by=("A",))


def test_capacity_holidays_and_order_are_named():
    """Each alone is found by taking it away."""
    half = problem(cohort("A", 5), capacity=half_until("2020-12-31"))
    assert why(half, "A") == Reason(code="capacity", days=7)
    feast = Spell(first=SUNDAY, last=day("2020-09-24"), factor=0)
    assert why(problem(cohort("A", 5), holidays=(feast,)), "A") == Reason(code="holidays", days=7)
    order = problem(cohort("A", 5), cohort("B", 5, after=("A",)))
    assert why(order, "B") == Reason(code="order", days=7, held_by=("A",))


def test_who_is_left_hears_why():
    """No room is large enough, the plan ends too soon, or one thing alone does not do."""
    rooms = (room("R1"),)
    assert why(problem(cohort("A", 5, places=90), rooms=rooms), "A").code == "room"
    assert why(problem(cohort("A", 20), weeks=3), "A").code == "horizon"
    both = problem(cohort("A", 20, places=90), rooms=rooms, weeks=3)
    assert why(both, "A") == Reason(code="several")


def test_a_reason_names_no_cohort_of_another_party():
    """What is fixed has a room too, and a reason says that a room is wanted, not whose it is."""
    fixed = Placed(code="MOD K-1", first=SUNDAY, last=day("2020-09-24"), room="R1")
    asked = problem(cohort("A", 5), fixed=(fixed,), rooms=(room("R1"),))
    assert why(asked, "A") == Reason(code="room", days=7)


@settings(max_examples=of(12, 100))
@given(seed=st.integers(0, 10**6))
def test_every_cohort_has_a_reason_that_holds(seed):
    """Without what a reason names, the cohort alone would end earlier by what the reason says, or
    would be placed at all.
    """
    asked = drawn(seed, 16, 30)
    plan = greedy(asked)
    found = reasons_of(asked, plan)
    assert set(found) == {one.code for one in asked.cohorts}
    taken = {"capacity": {"capacity": ()}, "holidays": {"holidays": ()}}
    for one in asked.cohorts:
        reason, row = found[one.code], plan.row(one.code)
        assert reason.code in REASONS
        assert (reason.days > 0) == (row is not None and reason.code != "earliest")
        assert set(reason.held_by) <= {other.code for other in asked.cohorts} - {one.code}
        if row is not None and reason.code in taken:
            others = tuple(other for other in plan.rows if other.code != one.code)
            alone = replace(asked, cohorts=(one,), fixed=(*asked.fixed, *others),
                            **taken[reason.code])  # fmt: skip
            (again,) = greedy(alone).rows
            assert (row.last - again.last).days == reason.days
