"""Faults in training: what is counted, what hangs on a date, what is kept of it, and the test that
must see each.
"""

from tests.mutants.planting import Fault

UNIT = "tests.unit.test_training"
PAGES = "tests.web.test_training"
COUNTS = "tansiq.domain.training.counts"
TRAINING_FAULTS = (
    Fault(
        name="a session that is to come counts as attended",
        where=f"{COUNTS}:taught",
        old='if state == "held":',
        new='if state != "lost":',
        killer=f"{UNIT}:test_what_was_taught_follows_from_sessions",
    ),
    Fault(
        name="who has not finished yet counts as finished",
        where=f"{COUNTS}:indicators",
        old='if state == "finished"]',
        new='if "finished" in body]',
        killer=f"{UNIT}:test_indicators_count_what_their_definitions_say",
    ),
    Fault(
        name="instructors who are gone count as there",
        where=f"{COUNTS}:is_there",
        old="begins <= day and (not ends or day <= ends)",
        new="begins <= day",
        killer=f"{UNIT}:test_days_are_counted_across_months_and_back",
    ),
    Fault(
        name="the baseline moves with the dates",
        where="tansiq.domain.kinds.training.cohort:kept_baseline",
        old='if after.get("baseline_first") or not all(old) or old == new:',
        new="if not all(old) or old == new:",
        killer=f"{UNIT}:test_the_first_dates_stay_as_the_baseline",
    ),
    Fault(
        name="sessions that were held move with their cohort",
        where="tansiq.desk.training.moving:moving",
        old="if one.value.state in TO_COME",
        new='if one.value.state != "lost"',
        killer=f"{PAGES}:test_what_hangs_on_the_dates_moves_with_them",
    ),
    Fault(
        name="a cohort moves and its sessions stay",
        where="tansiq.desk.training.moving:move_in",
        old="for one in found.sessions:",
        new="for one in ():",
        killer=f"{PAGES}:test_what_hangs_on_the_dates_moves_with_them",
    ),
    Fault(
        name="what a page did not show moves too",
        where="tansiq.web.training.moving:_posted",
        old='or request.POST.get("shown") != _mark(found)',
        new="or False",
        killer=f"{PAGES}:test_a_move_that_was_not_shown_as_it_is_is_shown_again",
    ),
    Fault(
        name="a calendar never hears of new days",
        where="tansiq.web.shell.calendars:_entry",
        old="max(0, row.written // 1_000 - _FROM)",
        new="0",
        killer=f"{PAGES}:test_what_hangs_on_the_dates_moves_with_them",
    ),
    Fault(
        name="training of a past day shows what was decided since",
        where="tansiq.desk.training.overview:overview_of",
        old="limit=limit, as_of=as_of",
        new="limit=limit, as_of=0",
        killer=f"{PAGES}:test_as_of_a_past_day_is_what_was_known_then",
    ),
)  # fmt: skip
