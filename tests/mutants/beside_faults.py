"""Faults in what travels beside the feeds."""

from tests.mutants.planting import Fault
from tests.unit.test_files_beside import others, stop_by_label

BESIDE = "tests.unit.test_files_beside"

BESIDE_FAULTS = (
    Fault(
        name="bytes of a file leave without asking whether it may still go",
        where="tansiq.desk.release.file_leaving:may_leave",
        old="if open_ and may_release(wish, kind_named(file.kind), agreement, now):",
        new="if wish:",
        killer=f"{BESIDE}:test_b5_bytes_that_have_not_left_stay",
        given={"stop": stop_by_label},
    ),
    Fault(
        name="a file is whole without its digest",
        where="tansiq.desk.exchange.beside:_is_true",
        old="return found.hexdigest() == known.digest",
        new='return found.hexdigest() != ""',
        killer=f"{BESIDE}:test_b5_bytes_that_are_not_the_file_are_erased_and_asked_for_no_more",
        given={"pieces": others},
    ),
    Fault(
        name="a file counts as delivered with its words",
        where="tansiq.board.fold:_receipt",
        old="SET delivered_at = ? WHERE",
        new="SET delivered_at = ?, whole_at = 1 WHERE",
        killer=f"{BESIDE}:test_b5_a_file_goes_on_at_any_byte_and_is_delivered_when_it_is_whole",
    ),
)
