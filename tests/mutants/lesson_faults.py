"""Faults in lessons: who judges, what a move needs, what rings and what counts, and the test that
must see each.
"""

from tests.mutants.planting import Fault

DESKS = "tests.unit.test_lessons"
DESK = "tansiq.desk.operations.lessons"
KIND = "tansiq.domain.kinds.operations.lesson"
LESSON_FAULTS = (
    Fault(
        name="a lesson is identified without anybody's answer",
        where=f"{DESK}:_demand_answer",
        old="if not fits or not any(",
        new="if False and not any(",
        killer=f"{DESKS}:test_nothing_goes_on_without_the_answer_that_it_needs",
    ),
    Fault(
        name="who made the change is asked whether it works",
        where=f"{DESK}:_said",
        old="if move.asks == VALIDATION and",
        new="if False and",
        killer=f"{DESKS}:test_who_made_the_change_does_not_judge_it",
    ),
    Fault(
        name="several positions have one action",
        where=f"{DESK}:_said",
        old="if len(wish.seats) > 1:",
        new="if False:",
        killer=f"{DESKS}:test_who_made_the_change_does_not_judge_it",
    ),
    Fault(
        name="the day of an action that is done rings",
        where=f"{KIND}:puts",
        old='status_of(body) == "assigned" and',
        new="",
        killer=f"{DESKS}:test_the_day_of_the_action_rings_for_the_owner_as_long_as_it_is_not_done",
    ),
    Fault(
        name="what was archived without a change counts as a lesson",
        where=f"{DESK}:_is_lesson",
        old="return status not in _BEFORE and",
        new="return True and",
        killer=f"{DESKS}:test_the_measure_is_a_list_of_lessons_with_a_change_that_works",
    ),
)  # fmt: skip
