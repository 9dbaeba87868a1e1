"""Faults in sealed checks, and the test that must see each."""

from tansiq.log import ristretto
from tests.mutants.planting import Fault

CELLS = "tests.unit.test_covering"
CHECKS = "tests.unit.test_sealed_checks"
LATE = "tests.unit.test_sealed_late"
RFC = "tests.unit.test_voprf"
_POINT = ristretto.base_times(b"\x01" + bytes(31))
COVERING = "tansiq.domain.operations.covering"
SEALED_FAULTS = (
    Fault(
        name="the hour in which an activity ends is not covered",
        where=f"{COVERING}:_hours",
        old="-(-ends // HOUR_MS)",
        new="ends // HOUR_MS",
        killer=f"{CELLS}:test_clear_is_never_said_wrongly_and_errors_stay_within_a_cell",
    ),
    Fault(
        name="cells whose middle an area does not reach are not covered",
        where=f"{COVERING}:_holds",
        old="(metres + around + _SLACK_METRES)",
        new="(metres + _SLACK_METRES)",
        killer=f"{CELLS}:test_clear_is_never_said_wrongly_and_errors_stay_within_a_cell",
    ),
    Fault(
        name="a budget begins anew at midnight",
        where="tansiq.domain.operations.sealing:left",
        old="one.at > now - DAY_MS",
        new="one.at // DAY_MS == now // DAY_MS",
        killer=f"{CELLS}:test_budget_of_a_day",
    ),
    Fault(
        name="plans that do not fit are left out of an answer",
        where="tansiq.domain.operations.sealing:taken",
        old="size_answered(len(found))",
        new="found = set(sorted(found)[:1_000])",
        killer=f"{CELLS}:test_what_a_node_answers_with_is_whole_or_nothing",
    ),
    Fault(
        name="any proof is good",
        where="tansiq.log.voprf:verify_proof",
        old="hmac.compare_digest(_challenge(public, together, made, first, second), challenge)",
        new="True",
        killer=f"{RFC}:test_a_proof_shows_one_key_for_all",
    ),
    Fault(
        name="a scalar may be written in two ways",
        where="tansiq.log.voprf:_is_scalar",
        old="ristretto.product(data, _ONE) == data",
        new="True",
        killer=f"{RFC}:test_a_scalar_has_one_form",
    ),
    Fault(
        name="bytes that were not named are evaluated",
        where="tansiq.log.sealed:joined",
        old="len(data) != length or digest(data) != wanted",
        new="len(data) != length",
        killer="tests.unit.test_sealed_messages:test_parts_are_what_was_named",
    ),
    Fault(
        name="an answer is given without an agreement",
        where="tansiq.desk.operations.answering:_demand_allowed",
        old="is None:",
        new="is False:",
        killer=f"{CHECKS}:test_where_no_agreement_is_in_force_nothing_is_asked_or_answered",
    ),
    Fault(
        name="a second word about a check replaces the first",
        where="tansiq.board.sealed_checks:_refused",
        old="if known and known[0].state == WAITING and not known[0].told:",
        new="if known:",
        killer=f"{CHECKS}:test_the_first_word_stands",
    ),
    Fault(
        name="who calls off what was checked asks on",
        where="tansiq.desk.operations.sealed:_called_off",
        old="state in OFF and",
        new="state not in OFF and",
        killer=f"{CHECKS}:test_who_calls_off_what_was_checked_waits",
    ),
    Fault(
        name="the question names the record to the partner",
        where="tansiq.desk.operations.sealed:ask",
        old="act.feed_all(one.party, [one.said,",
        new='act.feed_all(one.party, [{**one.said, "record": view.record},',
        killer=f"{CHECKS}:test_the_asker_learns_one_word",
        given={"theirs": {}, "word": "overlap"},
    ),
    Fault(
        name="what is no question costs a look at all plans",
        where="tansiq.desk.operations.answering:_evaluated",
        old="sealed.elements_asked(asked)",
        new="pass",
        killer=f"{CHECKS}:test_a_hostile_question_gets_a_word",
        given={"header": {}, "data": _POINT * 249 + bytes(32)},
    ),
    Fault(
        name="who asks without end is answered before all others",
        where="tansiq.board.sealed_checks:questions",
        old="islice(whole, 1)",
        new="islice(whole, 99)",
        killer=f"{CHECKS}:test_who_asks_without_end_crowds_out_itself_alone",
    ),
    Fault(
        name="a look at plans that are too many to answer is free",
        where="tansiq.board.sealed_checks:spent",
        old="OR reason = 'many'",
        new="OR reason = 'none'",
        killer=f"{CHECKS}:test_more_than_an_answer_holds_is_refused_and_nothing_left_out",
    ),
    Fault(
        name="having to wait tells of an activity that one may not see",
        where="tansiq.desk.operations.sealed:_called_off",
        old='read.seen(desk, viewer, [(desk.me, key.partition("/")[2]) for key in sorted(keys)])',
        new="[type('Seen', (), {'value': one._value}) for one in __import__("
        "'tansiq.board.queries', fromlist=['queries']).found_each(desk.board, keys).values()]",
        killer=f"{CHECKS}:test_who_calls_off_what_was_checked_waits",
    ),
    Fault(
        name="a partner is answered whose link was stopped",
        where="tansiq.desk.operations.answering:_stopped",
        old="known is None or bool(known.stopped_at)",
        new="known is None",
        killer=f"{CHECKS}:test_who_was_stopped_is_answered_once_the_link_goes_on",
    ),
    Fault(
        name="a late answer rings for nobody",
        where="tansiq.board.sealed_checks:_ring",
        old="one.ended - one.at > LATE_MS",
        new="one.ended < one.at",
        killer=f"{LATE}:test_a_late_answer_rings_for_who_asked",
    ),
    Fault(
        name="a late answer waits on once it was heard",
        where="tansiq.board.rung:_heard",
        old="== waits.CHECKED",
        new="== waits.MEETS",
        killer=f"{LATE}:test_a_late_answer_rings_for_who_asked",
    ),
    Fault(
        name="the list of checks tells what the answer was",
        where="tansiq.desk.operations.sealed:_outwardly",
        old="else ANSWERED",
        new="else ANSWERED if check.state == 'clear' else FAILED",
        killer="tests.noninterference.test_sealed:"
        "test_what_came_of_a_check_is_told_to_those_alone_who_may_see_the_activity",
    ),
)
