"""Faults in assessments: what is told of their basis, and until when they are good, and the test
that must see each.
"""

from tests.mutants.planting import Fault

DESKS = "tests.unit.test_assessments"
DESK = "tansiq.desk.watch.assessing"
KIND = "tansiq.domain.kinds.watch.assessment"
ASSESSMENT_FAULTS = (
    Fault(
        name="who could not have read a record hears that it was recalled",
        where="tansiq.board.arrivals:recalled_of",
        old='AND {among("label", labels)}',
        new='AND ({among("label", labels)} OR TRUE)',
        killer=f"{DESKS}:test_a_record_that_may_not_be_seen_reads_as_one_that_is_not_there",
    ),
    Fault(
        name="an assessment is good a day longer than it says",
        where=f"{KIND}:puts",
        old="+ _HALF_DAY_MS",
        new="+ 3 * _HALF_DAY_MS",
        killer=f"{DESKS}:test_after_its_last_day_its_author_is_asked_for_a_new_one",
    ),
    Fault(
        name="a record that changed since reads as it was",
        where=f"{DESK}:basis",
        old="one.value.at > view.value.at",
        new="False",
        killer=f"{DESKS}:test_what_it_rests_on_is_shown_as_it_stands_now",
    ),
)  # fmt: skip
