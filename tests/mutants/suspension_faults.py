"""Faults in suspending training: whose cohorts stand still, what is counted, who is asked, when it
rings, and the test that must see each.
"""

from tests.mutants.planting import Fault

UNIT = "tests.unit.test_suspending"
DESKS = "tests.unit.test_suspending_on_desks"
PROJECTS = "tests.unit.test_suspended_projects"
PURE = "tansiq.domain.training.suspending"
DESK = "tansiq.desk.training.suspending"
SUSPENSION_FAULTS = (
    Fault(
        name="what is suspended already is suspended again",
        where=f"{PURE}:effects_of",
        old="if one.open and scope.takes(one)]",
        new="if scope.takes(one)]",
        killer=f"{UNIT}:test_a_scope_without_conditions_takes_every_open_cohort",
    ),
    Fault(
        name="days that are done count as open",
        where=f"{PURE}:candidate",
        old='_count(body, "days") - _count(body, "days_done")',
        new='_count(body, "days")',
        killer=f"{UNIT}:test_a_scope_without_conditions_takes_every_open_cohort",
    ),
    Fault(
        name="a family lapses although a cohort of it goes on",
        where=f"{PURE}:effects_of",
        old="- go_on",
        new="",
        killer=f"{UNIT}:test_the_projects_and_families_that_stand_still",
    ),
    Fault(
        name="a party that decides suspends what others own",
        where=f"{DESK}:decide",
        old="own = found.effects.of(desk.me)",
        new="own = found.effects",
        killer=f"{DESKS}:test_deciding_suspends_the_own_cohorts_of_the_scope",
    ),
    Fault(
        name="what changed since the preview is suspended unseen",
        where=f"{DESK}:decide",
        old="if found.mark != mark:",
        new="if False:",
        killer=f"{DESKS}:test_what_was_shown_is_what_is_done",
    ),
    Fault(
        name="another owner is told of all cohorts in the scope",
        where=f"{DESK}:_ask",
        old="for one in theirs.cohorts],",
        new="for one in found.effects.cohorts],",
        killer=f"{DESKS}:test_a_partner_is_asked_about_its_own_cohorts_alone",
    ),
    Fault(
        name="a suspension is more open than what it names",
        where=f"{DESK}:_demand_label",
        old="!= label for one",
        new="is None for one",
        killer=f"{DESKS}:test_a_suspension_is_as_closed_as_what_it_names",
    ),
    Fault(
        name="an extended suspension rings on the old day",
        where="tansiq.board.puts:_wait",
        old="str(put.due or one.record)",
        new="one.record",
        killer=f"{DESKS}:test_the_day_of_review_rings_for_who_decided",
    ),
    Fault(
        name="a project waits on after its manager has decided",
        where="tansiq.board.waits:follow",
        old="IN ('{ARRIVAL}', '{PROPOSED}')",
        new="IN ('{ARRIVAL}')",
        killer=f"{PROJECTS}:test_a_project_waits_for_who_may_decide_about_it",
    ),
    Fault(
        name="a rebuild lets a decided project wait again",
        where="tansiq.board.puts:keep",
        old="last.get(target, -1) < n",
        new="True",
        killer=f"{PROJECTS}:test_a_project_that_was_decided_waits_no_more_after_a_rebuild",
    ),
    Fault(
        name="an answer that makes a record is taken without it",
        where="tansiq.desk.cases.rounds:_demand_said",
        old="if bool(known.makes or known.checked) is not made:",
        new="if False:",
        killer=f"{DESKS}:test_two_owners_by_one_decision",
    ),
    Fault(
        name="a suspension ends while a cohort of it stands still",
        where=f"{DESK}:resume",
        old="if len(set(cohorts)) == len(still):",
        new="if True:",
        killer=f"{DESKS}:test_some_resume_and_the_last_one_ends_it",
    ),
)  # fmt: skip
