"""Faults in what travels beside the feeds."""

from tests.mutants.planting import Fault
from tests.unit.test_files_beside import others, stop_by_label

BESIDE = "tests.unit.test_files_beside"

HASTE = "tests.unit.test_hastening"

BESIDE_FAULTS = (
    Fault(
        name="what is urgent goes before what is signed",
        where="tansiq.desk.release.hastening:_first",
        old="front = max(desk.store.signed(log, desk.me), ",
        new="front = max(0, ",
        killer=f"{HASTE}:test_b5_what_is_signed_never_moves",
    ),
    Fault(
        name="an edition overtakes an earlier one of its record",
        where="tansiq.board.overtaking:before",
        old="o.feed_seq < x.feed_seq",
        new="o.feed_seq > x.feed_seq",
        killer=f"{HASTE}:test_b5_an_edition_takes_along_what_waits_of_its_record",
    ),
    Fault(
        name="a step of a flash case waits its turn",
        where="tansiq.desk.release.stepping:send",
        old="if steps_are_urgent(root.kind, root.body):",
        new="if False:",
        killer=f"{HASTE}:test_b5_an_answer_to_a_flash_request_goes_before_what_waits",
        given={"priority": "flash"},
    ),
    Fault(
        name="a step overtakes the words that were said before it",
        where="tansiq.desk.release.hastening:_of_cases",
        old="and _case_of(entry) in roots:",
        new="and False:",
        killer=f"{HASTE}:test_b5_an_answer_to_a_flash_request_goes_before_what_waits",
        given={"priority": "flash"},
    ),
    Fault(
        name="a recall waits its turn",
        where="tansiq.desk.release.recalling:_recall_all",
        old="hasten(act, to, recalled)",
        new="",
        killer=f"{HASTE}:test_b5_what_is_urgent_goes_before_what_waits",
        given={"act": "recall"},
    ),
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
