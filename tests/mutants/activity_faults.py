"""Faults of planned activities: a sealed one that leaves, or one that is over and still stands."""

from tests.activities import SPOT
from tests.mutants.planting import Fault

DESKS = "tests.unit.test_planned_activities"
WEB = "tests.web.test_activities"
STAYS = f"{DESKS}:test_a_sealed_activity_never_leaves"

ACTIVITY_FAULTS = (
    Fault(
        name="a rule lets a sealed activity leave",
        where="tansiq.policy.release:matching_rules",
        old="kind.stays_home(edition.body)",
        new="kind.inner",
        killer=STAYS,
    ),
    Fault(
        name="the label of a sealed activity names a party",
        where="tansiq.desk.records.say:_label",
        old="and not kind.inner and label.audience",
        new="and kind.inner and label.audience",
        killer=STAYS,
    ),
    Fault(
        name="an open activity is sealed after it went",
        where="tansiq.domain.kinds.operations.planned_activity:_keeps",
        old='before.get("sealed") == OPEN',
        new='before.get("sealed") == SEALED',
        killer=f"{DESKS}:test_an_open_activity_is_not_sealed_later",
    ),
    Fault(
        name="a closed area is called what somebody typed",
        where="tansiq.domain.kinds.operations.planned_activity:_keeps",
        old='written.get("activity") == CLOSED_AREA',
        new='written.get("activity") is None',
        killer=f"{DESKS}:test_a_closed_area_says_what_the_program_says",
    ),
    Fault(
        name="a file counts the sealed activities that are not in it",
        where="tansiq.domain.tables:Table.leaving",
        old="total = self.total - len(self.rows) + len(known)",
        new="total, known = self.total, self.rows",
        killer=f"{WEB}:test_no_list_that_leaves_holds_a_sealed_one_or_its_count",
    ),
    Fault(
        name="a sealed activity leaves in a file",
        where="tansiq.web.shell.ways:row_of",
        old="sealed=kind.stays_home(view.value.body) and not kind.inner",
        new="sealed=False",
        killer=f"{WEB}:test_no_list_that_leaves_holds_a_sealed_one_or_its_count",
    ),
    Fault(
        name="an activity is saved by somebody who was not shown what it meets",
        where="tansiq.web.shell.first:seen",
        old='== shown["mark"])',
        new='!= "")',
        killer=f"{WEB}:test_what_changed_meanwhile_is_shown_again",
    ),
    Fault(
        name="a circle for other people's maps is drawn inside the circle",
        where="tansiq.web.shell.geo:_round",
        old="reach = metres * _WIDER / cos(pi / _SIDES)",
        new="reach = metres",
        killer="tests.unit.test_areas_for_maps:test_nothing_of_the_area_is_left_out",
        given={"area": SPOT},
    ),
    Fault(
        name="what has ended stays in the list of what comes",
        where="tansiq.board.choices:Choices.of_record",
        old="if self.phase:",
        new="if self.phase and not values:",
        killer=f"{DESKS}:test_what_has_ended_leaves_the_list_by_itself",
    ),
    Fault(
        name="an activity that comes again is over after its first window",
        where="tansiq.domain.operations.windows:over_at",
        old="found[-1].until",
        new="found[0].until",
        killer=f"{DESKS}:test_what_has_ended_leaves_the_list_by_itself",
    ),
)
