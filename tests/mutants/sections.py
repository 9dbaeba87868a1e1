"""Faults of what stands beside the sections in the navigation, and of the forms of all of them."""

from tests.mutants.planting import Fault
from tests.mutants.reader_faults import READER_FAULTS
from tests.mutants.saving_faults import SAVING_FAULTS

SECTIONS = (
    Fault(
        name="the navigation counts what its reader may not see",
        where="tansiq.board.queries:_waiting",
        old="AND {seen} AND",
        new="AND ({seen} OR 1 = 1) AND",
        killer="tests.web.test_requests:"
        "test_the_navigation_counts_no_request_that_its_reader_may_not_see",
    ),
    *READER_FAULTS,
    *SAVING_FAULTS,
)
