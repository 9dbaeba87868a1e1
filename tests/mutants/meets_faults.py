"""Faults in the check of planned activities, and the test that must see each."""

from tests.mutants.planting import Fault

UNIT = "tests.unit.test_meets"
VOLUMES = "tansiq.domain.operations.volumes"
CELLS = "tansiq.domain.operations.cells"
SPELLS = "tansiq.domain.operations.spells"
SPHERE = "tansiq.domain.operations.sphere"
DESKS = "tests.unit.test_checking"
DESK = "tansiq.desk.operations.checking"
BOARD = "tansiq.board.meets"
MEETS_FAULTS = (
    Fault(
        name="what is near is never overdue",
        where=f"{BOARD}:_waits",
        old="(first, then) if made.due else (first,)",
        new="(first,)",
        killer="tests.unit.test_meetings:"
        "test_two_that_come_near_are_urgent_once_they_should_be_resolved",
    ),
    Fault(
        name="a circle is as small as a polygon of sixteen corners inside it",
        where=f"{VOLUMES}:core_of",
        old='area["metres"] / (2 if area["shape"] == _CORRIDOR else 1)',
        new='area["metres"] / (2 if area["shape"] == _CORRIDOR else 1) * 0.9808',
        killer=f"{UNIT}:test_a_circle_is_never_a_polygon_inside_it",
    ),
    Fault(
        name="the margin of the other activity is forgotten",
        where=f"{VOLUMES}:meets",
        old="if metres > ours.margin_metres + theirs.margin_metres + TOUCH_METRES:",
        new="if metres > ours.margin_metres + TOUCH_METRES:",
        killer=f"{UNIT}:test_margins_of_both_add",
    ),
    Fault(
        name="minutes count for one of the two",
        where=f"{VOLUMES}:margin_ms",
        old="(ours.margin_minutes + theirs.margin_minutes)",
        new="max(ours.margin_minutes, theirs.margin_minutes)",
        killer=f"{UNIT}:test_margins_of_both_add",
    ),
    Fault(
        name="what lasts beyond midnight is looked for on its first day alone",
        where=f"{CELLS}:days_of",
        old="max(until - 1, begins) // DAY_MS",
        new="begins // DAY_MS",
        killer=f"{UNIT}:test_cells_cover_from_outside",
    ),
    Fault(
        name="the last night is over at midnight",
        where=f"{SPELLS}:_repeated",
        old="range(min(more, BOUNDS.spells_max) + 1)",
        new="range(min(more, BOUNDS.spells_max))",
        killer=f"{UNIT}:test_what_repeats_meets_by_the_clock_of_its_area",
    ),
    Fault(
        name="what ends as another begins overlaps it",
        where=f"{SPELLS}:_between",
        old="mine.begins < other.until and",
        new="mine.begins <= other.until and",
        killer=f"{UNIT}:test_times_are_half_open_and_cross_midnight",
    ),
    Fault(
        name="what lies inside a polygon and touches no edge is not seen",
        where=f"{SPHERE}:apart",
        old="one.holds(other.corners[0]) or other.holds(one.corners[0])",
        new="False",
        killer=f"{UNIT}:test_what_lies_inside_overlaps_whatever_it_is",
    ),
    Fault(
        name="cells end at the antimeridian",
        where=f"{CELLS}:bands",
        old="if here < count:",
        new="if False:",
        killer=f"{UNIT}:test_cells_cover_from_outside",
    ),
    Fault(
        name="the check forgets the release filter",
        where=f"{DESK}:_near",
        old="open_all(viewer, hulls.views(desk.board, entry(None, volume), now, where), now)",
        new="""[
            type("R", (), {"value": one._value})()
            for one in hulls.views(desk.board, entry(None, volume), now, ("TRUE", ()))
        ]""",
        killer=f"{DESKS}:test_nobody_is_told_of_what_was_not_released_for_him",
    ),
    Fault(
        name="a ring stands under the label of the own plan alone",
        where=f"{BOARD}:_place",
        old="join([ours.label, theirs.label])",
        new="join([ours.label])",
        killer=f"{DESKS}:test_a_ring_names_no_plan_that_one_may_not_see",
    ),
    Fault(
        name="a plan that was taken back rings on",
        where=f"{BOARD}:forget",
        old="waits.drop(board, where, values)",
        new="str((where, values))",
        killer=f"{DESKS}:test_whoever_plans_is_rung_when_a_partners_plan_comes_near",
    ),
    Fault(
        name="what two plans were to one another is rung for ever",
        where=f"{BOARD}:_keep",
        old="waits.end(board, held.values())",
        new="str(held)",
        killer=f"{DESKS}:test_whoever_plans_is_rung_when_a_partners_plan_comes_near",
    ),
)
