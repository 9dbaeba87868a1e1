"""Faults in proposing dates to other owners: whose cohorts are named, what is moved and by whom,
and the test that must see each.
"""

from tests.mutants.planting import Fault

DESKS = "tests.unit.test_proposing_on_desks"
TWO_WORLDS = "tests.noninterference.test_proposing"
PROBLEMS = "tansiq.desk.training.problems"
PROPOSING = "tansiq.desk.training.proposing"
ACCEPTING = "tansiq.desk.training.accepting"
PROPOSAL_FAULTS = (
    Fault(
        name="the dates of one owner are planned among the cohorts of all",
        where=f"{PROBLEMS}:_theirs",
        old="part = known.of(owner)",
        new="part = known",
        killer=f"{DESKS}:test_a_plan_works_out_dates_for_others_only_where_it_is_asked_to",
    ),
    Fault(
        name="what others keep stands in the way of what is proposed to an owner",
        where=f"{PROBLEMS}:_theirs",
        old="stays = [one for one in part.cohorts",
        new="stays = [one for one in known.cohorts",
        killer=f"{TWO_WORLDS}:test_the_dates_themselves_tell_nothing",
    ),
    Fault(
        name="own cohorts are planned where another owner's are proposed",
        where=f"{PROBLEMS}:_proposed",
        old="for row in them.plan.rows:",
        new="for row in ():",
        killer=f"{DESKS}:test_own_cohorts_leave_room_for_what_is_proposed",
    ),
    Fault(
        name="an owner is asked whom nobody named",
        where=f"{PROPOSING}:propose_in",
        old="for owner in sorted(set(owners)):",
        new="for owner in sorted(parts):",
        killer=f"{DESKS}:test_choosing_proposes_to_whom_a_person_names_and_moves_nothing_of_theirs",
    ),
    Fault(
        name="a proposal is more open than what it names",
        where=f"{PROPOSING}:_propose",
        old="caveats=closed.caveats",
        new="caveats=frozenset()",
        killer=f"{DESKS}:test_a_proposal_is_as_closed_as_what_it_names",
    ),
    Fault(
        name="dates are proposed for a cohort that changed since the plan",
        where=f"{PROPOSING}:_propose",
        old='_dates(view.value.body) != (row["was_first"], row["was_last"])',
        new="False",
        killer=f"{DESKS}:test_a_plan_whose_foreign_cohorts_changed_is_not_proposed",
    ),
    Fault(
        name="a cohort that changed meanwhile is moved all the same",
        where=f"{ACCEPTING}:accept_in",
        old="if line is None or line.stands != WAITS:",
        new="if line is None:",
        killer=f"{DESKS}:test_a_cohort_that_changed_meanwhile_voids_its_line",
    ),
    Fault(
        name="an old page of a proposal is accepted",
        where=f"{ACCEPTING}:accept_in",
        old="now.value.digest != value.digest",
        new="False",
        killer=f"{DESKS}:test_accepting_goes_through_its_room_alone",
    ),
    Fault(
        name="the common door of circles takes what its room should",
        where="tansiq.desk.cases.rounds:_demand_said",
        old="if bool(known.makes or known.checked) is not made:",
        new="if bool(known.makes) is made:",
        killer=f"{DESKS}:test_an_owner_accepts_all_and_its_cohorts_move_by_its_own_act",
    ),
)  # fmt: skip
