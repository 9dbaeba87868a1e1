"""Training as kinds and counts: dates in order, counts that fit one another, and a baseline."""

import pytest

from tansiq.domain.days import days_between, shifted
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.training.cohort import COHORT, kept_baseline, project_codes
from tansiq.domain.training.counts import (
    Indicators,
    Seen,
    Taught,
    indicators,
    is_there,
    taught,
)
from tests.world import uuid_of

COURSE_ID = uuid_of("course")


def cohort(**more):
    """A cohort of thirty places in ten days."""
    return {
        "about": COURSE_ID, "code": "K-04", "text": "First aid", "mode": "in_person",
        "first_day": "2020-03-02", "last_day": "2020-03-15", "days": 10, "places": 30, **more,
    }  # fmt: skip


def session(state="planned", **more):
    return Seen({"about": COURSE_ID, "text": "x", "first_day": "2020-03-02", "days": 5, **more},
                state)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"last_day": "2020-03-01"}, "cohort_dates", "last_day"),
        ({"first_day": ""}, "cohort_first_day", "first_day"),
        ({"days": 0}, "training_no_days", "days"),
        ({"days_done": 11}, "cohort_days_done", "days_done"),
        ({"enrolled": 31}, "cohort_enrolled", "enrolled"),
        ({"enrolled": 30, "finished": 31}, "cohort_finished", "finished"),
        ({"enrolled": 30, "finished": 28, "passed": 29}, "cohort_passed", "passed"),
        ({"passed": 31}, "cohort_passed", "passed"),
        ({"baseline_first": "2020-01-01"}, "cohort_baseline", "baseline_last"),
    ],
)
def test_a_cohort_whose_numbers_do_not_fit_is_refused(more, code, field):
    """Dates are in order, and no count is above the one that holds it, whichever are said."""
    with pytest.raises(InputError) as refused:
        COHORT.check(cohort(**more))
    assert (refused.value.code, refused.value.values["field"]) == (code, field)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("course", {"code": "C", "text": "x", "family": "law", "subject": "law", "days": 3,
                    "size_min": 9, "size_max": 8}, "course_size"),
        ("course", {"code": "C", "text": "x", "family": "law", "subject": "law", "days": 0},
         "training_no_days"),
        ("session", {"about": COURSE_ID, "text": "x", "first_day": "2020-03-02", "days": 0},
         "training_no_days"),
        ("instructors", {"subject": "law", "language": "ar", "of": "local", "count": 2,
                         "from": "2020-02-01", "until": "2020-01-31"}, "training_span"),
        ("training_room", {"code": "E", "text": "x", "capacity": 9, "mode": "in_person",
                           "from": "2020-02-01", "until": "2020-01-31"}, "training_span"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(kind, body, code):
    """Courses without days or with sizes turned round, and spans that end before they begin."""
    with pytest.raises(InputError) as refused:
        KINDS[kind].check(body)
    assert refused.value.code == code


def test_the_greatest_numbers_that_fit_are_taken():
    """Every count may be as high as the one that holds it."""
    full = cohort(days_done=10, enrolled=30, finished=30, passed=30, last_day="2020-03-02")
    assert COHORT.check(full)["passed"] == 30


def test_the_first_dates_stay_as_the_baseline():
    """Dates that move for the first time are kept, later ones are not; dates that were never said
    and dates that stay make no baseline.
    """
    first, second, third = (
        cohort(first_day=f"2020-0{month}-01", last_day=f"2020-0{month}-15") for month in (3, 4, 5)
    )
    moved = kept_baseline(first, second)
    assert (moved["baseline_first"], moved["baseline_last"]) == ("2020-03-01", "2020-03-15")
    again = kept_baseline(moved, {**moved, **{n: third[n] for n in ("first_day", "last_day")}})
    assert (again["first_day"], again["baseline_first"]) == ("2020-05-01", "2020-03-01")
    assert kept_baseline(first, {**first, "places": 40}) == {**first, "places": 40}
    open_end = {name: value for name, value in first.items() if name != "last_day"}
    assert "baseline_first" not in kept_baseline(open_end, second)


def test_the_codes_of_projects_are_read_as_they_are_typed():
    """Commas of every script, each code once."""
    body = cohort(for_projects="TRN-04، TRN-05, TRN-04")
    assert project_codes(body) == ("TRN-04", "TRN-05")
    assert project_codes(cohort()) == ()


def test_what_was_taught_follows_from_sessions():
    """Held days and person-days count what was held alone; lost days stand under their reason."""
    found = taught(
        [
            session("held", attended=90), session("held", attended=60), session("planned"),
            session("moved", days=2, attended=7), session("lost", reason_class="pandemic"),
            session("lost", days=1, reason_class="security"), session("lost", days=1),
        ]
    )  # fmt: skip
    assert found == Taught(
        held=10, to_come=7, person_days=150, lost={"pandemic": 5, "security": 1, "other": 1}
    )


def test_indicators_count_what_their_definitions_say():
    """Persons of finished cohorts alone; of those judged, how many passed; places of cancelled
    cohorts, with those that went on elsewhere; instructors who are there that day.
    """
    cohorts = [
        Seen(cohort(finished=20, passed=15), "finished"),
        Seen(cohort(finished=10), "finished"),  # says nothing of who passed
        Seen(cohort(finished=9, passed=9), "running"),
        Seen(cohort(places=12, merged_into="K-12"), "cancelled"),
        Seen(cohort(places=8), "cancelled"),
    ]
    pools = [
        Seen({"of": "local", "count": 6}, "saved"),
        Seen({"of": "nl", "count": 2, "until": "2020-06-30"}, "saved"),
        Seen({"of": "gb", "count": 50, "from": "2020-07-01"}, "saved"),
    ]
    found = indicators(cohorts, [session("held", attended=90)], pools, "2020-06-30")
    assert (found.finished, found.passed, found.judged, found.pass_share) == (30, 15, 20, 75)
    assert (found.local, found.foreign, found.local_share) == (6, 2, 75)
    assert (found.cancelled, found.merged, found.taught.person_days) == (20, 12, 90)
    nothing = indicators([], [], [], "2020-06-30")
    assert (nothing.pass_share, nothing.local_share) == (None, None)
    assert isinstance(nothing, Indicators)


def test_days_are_counted_across_months_and_back():
    """Moving by days and counting days are each other's reverse, over a leap day too."""
    assert shifted("2020-02-28", 2) == "2020-03-01"
    assert days_between("2020-03-08", "2020-02-28") == -9
    assert is_there({"from": "2020-01-01", "until": "2020-01-01"}, "2020-01-01")
    assert not is_there({"until": "2020-01-01"}, "2020-01-02")


def test_a_cohort_that_began_is_the_only_one_that_ends():
    """What was suspended before its clearance goes back to it: no step leads around clearance."""
    ways = {(source, step.target) for step in COHORT.transitions for source in step.sources}
    assert {source for source, target in ways if target == "running"} == {"cleared"}
    assert {source for source, target in ways if target == "cleared"} == {"clearance_pending"}
    assert {source for source, target in ways if target == "finished"} == {"running", "resumed"}
    open_states = set(COHORT.states) - {"finished", "cancelled"}
    assert {s for s, target in ways if target == "suspended"} == open_states - {"suspended"}
    assert {s for s, target in ways if target == "cancelled"} == open_states
