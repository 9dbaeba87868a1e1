"""Faults in what the steering report takes in from other rooms, and the test that must see each."""

from tests.mutants.planting import Fault

KILLERS = "tests.web.test_training_in_report"
REPORT_FAULTS = (
    Fault(
        name="training in the report is as of now, whatever day is asked",
        where="tansiq.web.training.figures:table",
        old="as_of_in(address, current().zone, desk.clock.now())",
        new="0",
        killer=f"{KILLERS}:test_as_of_an_earlier_day_it_counts_what_was_known_then",
    ),
    Fault(
        name="an indicator of the report counts another list than the page of training",
        where="tansiq.web.training.figures:indicators",
        old='cohorts.to(only="judged")',
        new='cohorts.to(only="finished")',
        killer="tests.web.test_training:test_every_number_is_what_its_list_counts",
    ),
)  # fmt: skip
