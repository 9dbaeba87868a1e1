"""Faults in catch-up plans: what a plan may not do or tell, and the test that must see each."""

from tests.mutants.planting import Fault

PLANS = "tests.unit.test_catch_up_plans"
DESKS = "tests.unit.test_catch_up_on_desks"
CATCH_UP_FAULTS = (
    Fault(
        name="a cohort begins in the week in which the one before it ends",
        where="tansiq.domain.training.greedy:Board.ordered",
        old="< start.week",
        new="<= start.week",
        killer=f"{PLANS}:test_whoever_comes_after_another_begins_when_that_has_ended",
    ),
    Fault(
        name="a room is taken for the first week alone",
        where="tansiq.domain.training.greedy:Board.room",
        old="if all(weeks[start.week : start.until + 1]):",
        new="if weeks[start.week]:",
        killer=f"{PLANS}:test_any_plain_plan_keeps_every_hard_rule",
    ),
    Fault(
        name="a room of any size will do",
        where="tansiq.domain.training.weeks:suits",
        old="return named and sort.places >= one.places",
        new="return named",
        killer=f"{PLANS}:test_a_room_that_is_too_small_or_elsewhere_does_not_do",
    ),
    Fault(
        name="a holiday counts only for who is taught in a room",
        where="tansiq.domain.training.weeks:Calendar.quarters",
        old="share = _share(self.problem.holidays, day)",
        new="share = 100 if on_line else _share(self.problem.holidays, day)",
        killer=f"{PLANS}:test_what_is_taught_on_line_needs_no_capacity_but_keeps_holidays",
    ),
    Fault(
        name="the checker overlooks two in one room",
        where="tansiq.domain.training.checker:_two_at_once",
        old="if not apart and",
        new="if apart and",
        killer=f"{PLANS}:test_the_checker_sees_two_in_one_room_and_too_few_instructors",
    ),
    Fault(
        name="what a solver says is believed",
        where="tansiq.domain.training.solving:Numbers._rows",
        old="if found is None and (sort != NO_ROOM or wants_room(self._problem, one)):",
        new="if found is None and sort != NO_ROOM:",
        killer=f"{PLANS}:test_a_solver_that_says_nothing_or_nonsense_is_not_believed",
    ),
    Fault(
        name="a reason is the smallest of what would help",
        where="tansiq.domain.training.reasons:_reason",
        old="name = min(ends, key=",
        new="name = max(ends, key=",
        killer=f"{DESKS}:test_a_plan_says_when_why_and_by_whom",
    ),
    Fault(
        name="cohorts of others are planned",
        where="tansiq.desk.training.problems:gathered",
        old="ours = _coded(own.cohorts)",
        new="ours = _coded(cohorts)",
        killer=f"{DESKS}:test_cohorts_of_others_are_planned_around_and_never_planned",
    ),
    Fault(
        name="a plan is read by whom its cohorts are not",
        where="tansiq.desk.training.planning:plan",
        old="caveats=closed.caveats",
        new="caveats=frozenset()",
        killer=f"{DESKS}:test_a_plan_is_as_closed_as_what_went_into_it",
    ),
    Fault(
        name="an old plan is chosen",
        where="tansiq.desk.training.choosing:choices_of",
        old='_dates(one.value.body) != (row.get("was_first"), row.get("was_last"))',
        new="False",
        killer=f"{DESKS}:test_an_old_plan_is_not_chosen",
    ),
    Fault(
        name="a button of the record's page chooses a plan and moves nothing",
        where="tansiq.desk.records.say:step",
        old="if kind_named(old.kind).transition(name).within:",
        new="if False:",
        killer=f"{DESKS}:test_choosing_wants_a_reason_and_its_own_page",
    ),
)  # fmt: skip
