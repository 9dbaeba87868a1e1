"""Catch-up plans: both planners, the checker that shares nothing with them, merges, calendars."""

import datetime as dt
import itertools
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.domain.training.checker import broken_rules
from tansiq.domain.training.greedy import greedy, plan_of
from tansiq.domain.training.measures import measures_of, value_of
from tansiq.domain.training.merging import Mergeable, merges_of
from tansiq.domain.training.problem import (
    FACTORS,
    HOLIDAYS,
    Placed,
    Plan,
    Pool,
    Spell,
    holidays_between,
    known_holidays,
    weights_of,
)  # fmt: skip
from tansiq.domain.training.solving import Numbers
from tansiq.gateways import planning
from tests.breadth import of
from tests.planning import SUNDAY, cohort, day, drawn, half_until, problem, room

SECONDS = 5


def solved(asked, seconds=SECONDS):
    numbers = Numbers(asked)
    found = numbers.solved(planning.solved(numbers.question(seconds)))
    assert found is not None
    return found


def rules(asked, plan):
    return {one.rule for one in broken_rules(asked, plan)}


# The calendar ------------------------------------------------------------------------------------


def test_the_working_week_goes_from_sunday_to_thursday():
    """Seven days of training end on the Monday of the second week: Friday and Saturday are free."""
    (row,) = greedy(problem(cohort("K-01", 7))).rows
    assert (row.first, row.last) == (SUNDAY, day("2020-09-28"))


def test_half_the_capacity_takes_twice_the_days():
    """At half capacity five days take two weeks, as two groups come by turns."""
    asked = problem(cohort("K-07", 5), capacity=half_until("2020-12-31"))
    (row,) = greedy(asked).rows
    assert row.last == day("2020-10-01")


def test_two_shifts_make_half_a_capacity_whole():
    """With two shifts both groups come on one day, to the same instructors."""
    pool = Pool(subject="radio", language="ckb", count=2)
    one = cohort("K-07", 5, instructors=2, subject="radio", language="ckb")
    asked = problem(one, capacity=half_until("2020-12-31"), pools=(pool,))
    assert greedy(asked).rows[0].last == day("2020-10-01")
    assert greedy(replace(asked, shifts=2)).rows[0].last == day("2020-09-24")


def test_what_is_taught_on_line_needs_no_capacity_but_keeps_holidays():
    """A cohort on line goes on at no capacity, and stops on a holiday as all do."""
    closed = half_until("2021-12-31", factor=0)
    feast = Spell(first=day("2020-09-22"), last=day("2020-09-22"), factor=0, name="other")
    asked = problem(cohort("K-10", 3, on_line=True), cohort("K-01", 3), capacity=closed,
                    holidays=(feast,))  # fmt: skip
    plan = greedy(asked)
    assert plan.left == ("K-01",)
    assert plan.rows[0].last == day("2020-09-23")


def test_a_cohort_begins_with_a_week_and_not_before_its_earliest_day():
    """One that may begin on a Wednesday begins then; a holiday on a Sunday moves the first day."""
    early = cohort("K-01", 2, earliest=day("2020-09-23"))
    feast = Spell(first=SUNDAY, last=SUNDAY, factor=0)
    plan = greedy(problem(early, cohort("K-02", 2), holidays=(feast,)))
    assert [one.first for one in plan.rows] == [day("2020-09-23"), day("2020-09-21")]


def test_every_year_from_2020_to_2027_has_its_holidays():
    """Newroz and both feasts stand in each year at no capacity, and what follows the moon is marked
    as an estimate.
    """
    for year in range(2020, 2028):
        found = {one.name: one for one in known_holidays() if one.first.year == year}
        assert {"newroz", "eid_fitr", "eid_adha", "ramadan", "exams"} <= found.keys()
        assert not found["newroz"].estimate
        for name in ("eid_fitr", "eid_adha"):
            assert found[name].factor == 0
            assert found[name].estimate
        assert found["ramadan"].estimate
        before = found["eid_fitr"].first - found["ramadan"].last
        assert before == dt.timedelta(days=1), "the fasting month ends on the eve of the feast"
        assert 29 <= (found["ramadan"].last - found["ramadan"].first).days + 1 <= 30


def test_a_feast_comes_ten_or_eleven_days_earlier_each_year():
    """The feasts follow the moon: a row that was written wrong stands out."""
    for name in ("eid_fitr", "eid_adha", "ramadan"):
        days = [one.first for one in known_holidays() if one.name == name]
        steps = {(b - a).days for a, b in itertools.pairwise(days)}
        assert steps <= {353, 354, 355, 356}, name


def test_holidays_are_of_known_names_and_factors():
    """Each row of the table can be chosen in a form."""
    for one in known_holidays():
        assert one.name in HOLIDAYS
        assert one.factor in FACTORS
        assert one.first <= one.last
    assert holidays_between(day("2021-03-01"), 4)[0].name == "newroz"


# Rooms, instructors, order -----------------------------------------------------------------------


def test_a_room_is_had_by_one_cohort_at_a_time():
    """Two cohorts and one room: the second begins in the week after the first ends."""
    plan = greedy(problem(cohort("A", 5), cohort("B", 5), rooms=(room("R1"),)))
    assert [(one.first, one.room) for one in plan.rows] == [
        (SUNDAY, "R1"), (SUNDAY + dt.timedelta(days=7), "R1"),
    ]  # fmt: skip


def test_a_room_that_is_too_small_or_elsewhere_does_not_do():
    """Forty do not fit into thirty, and a room of another place helps nobody; where no room of a
    place is known, rooms do not limit.
    """
    rooms = (room("R1"), room("R2", places=60, place="duhok"))
    large, elsewhere = cohort("A", 5, places=40), cohort("B", 5, place="kirkuk")
    plan = greedy(problem(large, elsewhere, rooms=rooms))
    assert plan.left == ("A",)
    assert plan.row("B").room == ""


def test_what_is_fixed_keeps_its_room_and_its_instructors():
    """A plan goes around cohorts that keep their dates."""
    fixed = Placed(code="MOD K-1", first=SUNDAY, last=day("2020-10-01"), room="R1",
                   instructors=2, subject="radio", language="ar")  # fmt: skip
    one = cohort("A", 5, instructors=1, subject="radio", language="ar", room="R1")
    pools = (Pool(subject="radio", language="ar", count=2),)
    asked = problem(one, fixed=(fixed,), rooms=(room("R1"),), pools=pools)
    for plan in (greedy(asked), solved(asked).plan):
        assert plan.row("A").first == day("2020-10-04")


def test_whoever_comes_after_another_begins_when_that_has_ended():
    """The order binds also where the one before is of less weight, and also a fixed one."""
    long, short = cohort("A", 20), cohort("B", 2, after=("A", "MOD K-1"))
    fixed = Placed(code="MOD K-1", first=SUNDAY, last=day("2020-11-05"))
    for plan in (greedy(problem(long, short, fixed=(fixed,))),
                 solved(problem(long, short, fixed=(fixed,))).plan):  # fmt: skip
        assert plan.row("B").first == day("2020-11-08")


def test_cohorts_that_wait_for_one_another_are_left():
    """A circle of courses is nobody's plan, and the others are planned all the same."""
    asked = problem(cohort("A", 5, after=("B",)), cohort("B", 5, after=("A",)), cohort("C", 5))
    for plan in (greedy(asked), solved(asked).plan):
        assert plan.left == ("A", "B")
        assert plan.row("C").first == SUNDAY


@pytest.mark.parametrize(
    ("rule", "first"), [("nearly_finished", "B"), ("dependencies", "A"), ("oldest", "C")]
)
def test_the_rule_says_who_comes_first(rule, first):
    """With one room, the rule decides: few days left, others that wait, or begun long ago."""
    asked = problem(
        cohort("A", 20, projects=2), cohort("B", 5), cohort("C", 20, begun=day("2019-09-01")),
        rooms=(room("R1"),), rule=rule,
    )  # fmt: skip
    plan = greedy(asked)
    assert min(plan.rows, key=lambda one: one.first).code == first
    assert max(weights_of(asked.cohorts, rule), key=weights_of(asked.cohorts, rule).get) == first


# The solver --------------------------------------------------------------------------------------


def test_the_solver_beats_the_plain_plan_where_order_matters():
    """One long cohort of great weight and many short ones for one room: putting the weightiest
    first is not best, the solver finds better and says how good it can get.
    """
    asked = problem(
        cohort("A", 60, projects=9), *(cohort(f"B{n}", 5, projects=8) for n in range(6)),
        rooms=(room("R1"),), rule="dependencies", weeks=30,
    )  # fmt: skip
    found = solved(asked)
    assert found.optimal
    assert value_of(asked, found.plan) == found.bound < value_of(asked, greedy(asked))


def test_a_solver_that_says_nothing_or_nonsense_is_not_believed():
    """What cannot be read, is too short, or does not fit together is no plan."""
    asked = problem(cohort("A", 5), cohort("B", 5), rooms=(room("R1"),))
    numbers = Numbers(asked)
    for said in (
        None, b"", b"[]", b"{", b'{"chosen": []}', b'{"chosen": [], "bound": 1, "optimal": true}',
        b'{"chosen": [[0, 0], [0, 0]], "bound": 1, "optimal": true}',
        b'{"chosen": [[9999, 0], null], "bound": 1, "optimal": true}',
        b'{"chosen": [[0, -1], null], "bound": 1, "optimal": true}',
    ):  # fmt: skip
        assert numbers.solved(said) is None, said


def test_the_question_names_nobody():
    """The solver gets numbers: no code, no place, no subject and no date."""
    asked = problem(
        cohort("SECRET", 5, instructors=1, subject="radio", language="ar"),
        rooms=(room("HIDDEN"),), pools=(Pool(subject="radio", language="ar", count=3),),
    )  # fmt: skip
    text = Numbers(asked).question(1).decode()
    assert set(json.loads(text)) == {"weeks", "cohorts", "free", "pools", "hint", "seconds"}
    assert not any(word in text for word in ("SECRET", "HIDDEN", "radio", "erbil", "2020"))


def test_the_same_problem_gives_the_same_plan():
    """A small problem is solved to its end and comes out the same each time."""
    asked = drawn(5, cohorts=14, weeks=40)
    first, second = solved(asked), solved(asked)
    assert first.optimal
    assert first.bound == second.bound
    assert value_of(asked, first.plan) == value_of(asked, second.plan)


# Any plan ----------------------------------------------------------------------------------------


@given(seed=st.integers(0, 10**6), cohorts=st.integers(1, 24), weeks=st.integers(4, 40))
def test_any_plain_plan_keeps_every_hard_rule(seed, cohorts, weeks):
    """The checker finds nothing, and a plan is better than no plan."""
    asked = drawn(seed, cohorts, weeks)
    plan = greedy(asked)
    assert broken_rules(asked, plan) == []
    nothing = plan_of(asked, ())
    assert value_of(asked, plan) <= value_of(asked, nothing)
    assert bool(plan.rows) == (value_of(asked, plan) < value_of(asked, nothing))


@settings(max_examples=of(20, 200))
@given(seed=st.integers(0, 10**6), cohorts=st.integers(1, 14))
def test_any_plan_of_the_solver_keeps_every_hard_rule(seed, cohorts):
    """The checker finds nothing; no plan is below the bound or worse than the plain one."""
    asked = drawn(seed, cohorts, 30)
    found = solved(asked, 2)
    assert broken_rules(asked, found.plan) == []
    assert found.bound <= value_of(asked, found.plan) <= value_of(asked, greedy(asked))


@settings(max_examples=of(20, 200))
@given(seed=st.integers(0, 10**6))
def test_the_checker_sees_what_a_plan_breaks(seed):
    """A row that is moved, shortened, sent to another room or left out is found."""
    asked = drawn(seed, 20, 40)
    plan, chance = greedy(asked), random.Random(seed)
    row = chance.choice(plan.rows)
    others = tuple(one for one in plan.rows if one is not row)
    week = dt.timedelta(days=7)

    def with_row(**more):
        return rules(asked, replace(plan, rows=(*others, replace(row, **more))))

    assert "complete" in rules(asked, replace(plan, rows=others))
    assert "complete" in rules(asked, replace(plan, left=(*plan.left, row.code)))
    assert with_row(last=row.last - dt.timedelta(days=1)) & {"days", "idle_day"}
    assert with_row(last=row.last + week) & {"days", "idle_day"}
    assert with_row(first=row.first - week * 60, last=row.last - week * 60) >= {"too_early"}
    one = next(one for one in asked.cohorts if one.code == row.code)
    if not one.on_line:
        assert "room" in with_row(room="nowhere")


def test_the_checker_sees_two_in_one_room_and_too_few_instructors():
    """Both at once, and each of them alone."""
    one, other = (
        cohort(code, 5, instructors=2, subject="radio", language="ar") for code in ("A", "B")
    )
    asked = problem(one, other, rooms=(room("R1"), room("R2")),
                    pools=(Pool(subject="radio", language="ar", count=3),))  # fmt: skip
    row = Placed(code="A", first=SUNDAY, last=day("2020-09-24"), room="R1", instructors=2,
                 subject="radio", language="ar")  # fmt: skip
    same = replace(row, code="B")
    assert rules(asked, Plan(rows=(row, same))) == {"room_twice", "instructors"}
    assert rules(asked, Plan(rows=(row, replace(same, room="R2")))) == {"instructors"}
    later = replace(same, first=day("2020-09-27"), last=day("2020-10-01"))
    assert rules(asked, Plan(rows=(row, later))) == set()
    late = replace(asked, cohorts=(replace(one, after=("B",)), other))
    assert rules(late, Plan(rows=(row, later))) == {"order"}
    gone = replace(asked, rooms=(room("R1", last=day("2020-09-22")), room("R2")))
    assert rules(gone, Plan(rows=(row, later))) == {"room_there"}


# Measures and merges -----------------------------------------------------------------------------


def test_the_measures_of_a_plan():
    """The last end, the days by which cohorts are late, who was left and which rooms are used."""
    asked = problem(cohort("A", 5, due=day("2020-09-20")), cohort("B", 5, places=90),
                    rooms=(room("R1"),), weeks=2)  # fmt: skip
    found = measures_of(asked, greedy(asked))
    assert (found.last, found.left, found.rooms) == (day("2020-09-24"), 1, 1)
    assert found.late == 4 + (14 + 28)


def test_cohorts_of_one_course_that_have_not_begun_may_join():
    """The smaller joins the larger as long as the course takes both; another place, language or
    mode keeps them apart, and so does a day that was held.
    """

    def one(code, places, **more):
        return Mergeable(**{"code": code, "course": "C", "place": "erbil", "language": "ckb",
                            "mode": "in_person", "places": places, "done": 0, "most": 34,
                            **more})  # fmt: skip

    assert merges_of([one("K-08", 14), one("K-12", 20)]) == {"K-08": "K-12"}
    assert merges_of([one("K-08", 15), one("K-12", 20)]) == {}
    for other in ({"place": "duhok"}, {"language": "ar"}, {"mode": "on_line"}, {"done": 1},
                  {"course": "D"}):  # fmt: skip
        assert merges_of([one("K-08", 14), one("K-12", 20, **other)]) == {}, other
