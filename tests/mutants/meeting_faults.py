"""Faults in the meetings of two plans, and the test that must see each."""

from tests.mutants.planting import Fault

UNIT = "tests.unit.test_meetings"
DESK = "tansiq.desk.operations.meetings"
MEETING_FAULTS = (
    Fault(
        name="a meeting names a plan that was not released to the other",
        where=f"{DESK}:_body",
        old="if not held or PLANNED_ACTIVITY.stays_home(ours.body):",
        new="held = held or [str(theirs.received)]\n    if PLANNED_ACTIVITY.stays_home(ours.body):",
        killer=f"{UNIT}:test_what_was_not_released_is_not_met",
    ),
    Fault(
        name="a plan that is moved leaves its meeting standing",
        where="tansiq.desk.release.ending:end_changed",
        old="if off or _is_broken",
        new="if off and _is_broken",
        killer=f"{UNIT}:test_who_changes_its_plan_says_void_in_the_same_act",
    ),
    Fault(
        name="a recalled plan leaves its meeting standing",
        where="tansiq.desk.release.ending:end_recalled",
        old="if one.party == to:",
        new="if one.party != to:",
        killer=f"{UNIT}:test_who_changes_its_plan_says_void_in_the_same_act",
    ),
    Fault(
        name="moving as was agreed ends what was agreed",
        where="tansiq.domain.operations.agreeing:breaks",
        old="if found is None:",
        new="if found is not None or found is None:",
        killer=f"{UNIT}:test_agreed_by_time_and_each_plan_becomes_agreed_by_its_own_party",
    ),
    Fault(
        name="who moves elsewhere and is in the way still has kept its word",
        where="tansiq.domain.operations.agreeing:breaks",
        old="return space and (side not in found.moves or _overlap(after, other))",
        new="return space and side not in found.moves",
        killer=f"{UNIT}:test_agreed_by_space_waits_until_the_plan_has_moved",
    ),
    Fault(
        name="a plan in another place is agreed on as before",
        where="tansiq.domain.kinds.operations.planned_activity:_keeps",
        old="if name != SETTLED}",
        new="if name}",
        killer=f"{UNIT}:test_agreed_by_time_and_each_plan_becomes_agreed_by_its_own_party",
    ),
    Fault(
        name="what meets waits on while a meeting stands",
        where="tansiq.board.meets:_waits",
        old="ends=_OVER if between else",
        new="ends=",
        killer=f"{UNIT}:test_one_side_opens_and_both_wait_for_one_another",
    ),
)
