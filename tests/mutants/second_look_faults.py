"""Faults in the second look at accepted evidence, and the test that must see each."""

from tests.mutants.planting import Fault

FOLD = "tansiq.domain.kinds.reform.judging"
PURE = "tests.unit.test_second_look"
DESKS = "tests.web.test_second_look"
SECOND_LOOK_FAULTS = (
    Fault(
        name="a look before its day puts the second off",
        where=f"{FOLD}:second_look",
        old="return {AGAIN: asked[-1]} if",
        new="return {} if",
        killer=f"{PURE}:test_a_look_before_its_day_puts_nothing_off",
    ),
    Fault(
        name="what was returned stands again once a new round asks",
        where=f"{FOLD}:accepting",
        old="found.clear()",
        new="pass",
        killer=f"{PURE}:"
        "test_what_was_accepted_stands_while_a_second_round_asks_until_somebody_returns_it",
    ),
    Fault(
        name="a project is no longer verified while its second look is overdue",
        where="tansiq.domain.kinds.reform.progress:progress_of",
        old="and accepted == len(milestones)",
        new="and accepted == len(milestones) and not overdue",
        killer=f"{PURE}:test_what_is_overdue_stays_verified_and_the_light_says_so",
    ),
    Fault(
        name="nothing rings on the day of a second look",
        where="tansiq.board.circles:restage",
        old="waits.until(board, waits.AGAIN,",
        new="(board, waits.AGAIN,",
        killer=f"{DESKS}:test_the_day_rings_once_for_who_concluded_and_survives_a_start",
    ),
    Fault(
        name="whoever concludes types the day of the second look",
        where="tansiq.desk.cases.rounds:_worked_out",
        old="if name not in names}",
        new="}",
        killer=f"{DESKS}:test_the_day_is_worked_out_and_nobody_types_it",
    ),
    Fault(
        name="what was accepted is made to prove more",
        where=f"{FOLD}:is_settled",
        old="return asks or bool(accepting(owner, standing))",
        new="return asks",
        killer=f"{DESKS}:test_what_was_accepted_is_not_written_anew_under_its_acceptance",
    ),
    Fault(
        name="whoever concludes once more puts the second look off",
        where=f"{FOLD}:looked_at",
        old="return min(answered, found.conclusion.at) if found.conclusion else answered",
        new="return found.conclusion.at if found.conclusion else answered",
        killer=f"{PURE}:test_to_conclude_once_more_puts_nothing_off",
    ),
)  # fmt: skip
