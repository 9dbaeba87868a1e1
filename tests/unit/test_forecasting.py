"""Forecasts: what they are worked out from, that the same inputs give the same days, and that their
ranges hold what really happened.
"""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import programmes
from bench.forecast import measure
from tansiq.domain.reform.chances import Chances, Weighted
from tansiq.domain.reform.forecasting import Range, forecast
from tansiq.domain.reform.habits import OWN_LEAST, learnt
from tansiq.domain.reform.plans import Plan, Step
from tansiq.domain.reform.scoring import Past, record_of, score

DAY = 737_500


def plan(key, start=DAY - 400, planned=300, **more):
    given = {"begun": True, "owner": "MPA", **more}
    return Plan(key=f"{given['owner']}/{key}", start=start, end=start + planned, **given)


def finished(count, ratio=1.0, owner="MPA"):
    """So many projects of 100 days that took ``ratio`` times as long."""
    return [
        plan(f"F{n}", start=DAY - 900 + n, planned=100, owner=owner,
             ended=DAY - 900 + n + round(100 * ratio))
        for n in range(count)
    ]  # fmt: skip


def said(plans, key, today=DAY):
    return forecast(plans, today).ranges[key]


def test_the_same_projects_give_the_same_days_in_any_order():
    """No clock and no chance: two nodes that see the same say the same."""
    plans = [*finished(12, 1.2), plan("A"), plan("B", needs=("MPA/A",))]
    first = forecast(plans, DAY)
    assert forecast(list(reversed(plans)), DAY) == first
    assert forecast([*plans, plan("C")], DAY).ranges["MPA/A"] != first.ranges["MPA/A"]


def test_slow_projects_make_late_ranges_and_nobody_elses_count():
    """What others took says nothing of an owner's plans."""
    ahead = plan("A", start=DAY + 10, begun=False)
    quick, slow = (said([*finished(15, r), ahead], "MPA/A") for r in (0.9, 2.0))
    assert quick.late < slow.early
    assert said([*finished(15, 0.9), *finished(15, 3.0, owner="COA"), ahead], "MPA/A").late < (
        slow.early
    )


def test_few_of_their_own_stand_with_a_reference_class():
    """With none, with some and with ten finished projects; a range always holds its middle."""
    for count in (0, 3, OWN_LEAST):
        found = forecast([*finished(count), plan("A", start=DAY + 10, begun=False)], DAY)
        habits = found.habits["MPA"]
        assert habits.own == count
        assert len(habits.pace.values) == OWN_LEAST
        one = found.ranges["MPA/A"]
        assert DAY < one.early <= one.middle <= one.late


def test_what_is_not_finished_is_no_evidence_of_speed():
    """Slow projects that go on make the others later: the finished ones alone would be the quick
    ones.
    """
    ahead, done = plan("A", start=DAY + 10, begun=False), finished(15)
    crawling = [plan(f"C{n}", start=DAY - 500, planned=100) for n in range(15)]
    alone, beside = said([*done, ahead], "MPA/A"), said([*done, *crawling, ahead], "MPA/A")
    assert beside.late - DAY > (alone.late - DAY) * 2
    # And going on for less than planned tells nothing.
    young = [plan(f"Y{n}", start=DAY - 20, planned=100) for n in range(15)]
    assert abs(said([*done, *young, ahead], "MPA/A").middle - alone.middle) < 15


def test_no_project_ends_before_what_it_needs():
    """Also where both need each other, and where what is needed is not known."""
    slow = plan("S", start=DAY + 300, planned=600, begun=False)
    needs = plan("N", start=DAY - 290, needs=("MPA/S", "MPA/none"))
    found = forecast([*finished(12), slow, needs], DAY)
    assert found.ranges["MPA/N"].early >= found.ranges["MPA/S"].early
    assert found.whole == found.ranges["MPA/N"]
    both = [plan("X", needs=("MPA/Y",)), plan("Y", needs=("MPA/X",))]
    assert set(forecast(both, DAY).ranges) == {"MPA/X", "MPA/Y"}


def test_a_stop_is_no_work_and_goes_on():
    """Days on which a project stood still are not held against its pace; one that stands still ends
    later, and the later the longer it has stood.
    """
    stopped = [
        replace(one, ended=one.ended + 200, stops=((one.start + 20, one.start + 220),))
        for one in finished(15)
    ]
    assert learnt(stopped, DAY).pace.values == learnt(finished(15), DAY).pace.values
    assert learnt(stopped, DAY).stops == 15
    still = [plan("A", stops=((DAY - days, 0),)) for days in (5, 250)]
    middles = [said([*stopped, one], "MPA/A").middle for one in (plan("A"), *still)]
    assert middles[0] < middles[1]
    assert max(middles) == middles[2]


def test_milestones_tell_how_a_project_goes():
    """One that did its milestones late ends later than one that did them in time."""
    steps = [(DAY - 300, late) for late in (0, 150)]
    found = [
        said([*finished(15), plan("A", steps=(Step(due=due, done=due + late), Step(due=DAY)))],
             "MPA/A")
        for due, late in steps
    ]  # fmt: skip
    assert found[0].middle < found[1].middle


def test_nothing_open_has_no_range():
    """A programme that is all executed is not foreseen."""
    found = forecast(finished(5), DAY)
    assert (found.ranges, found.whole) == ({}, None)
    assert forecast([], DAY).whole is None


plans = st.builds(
    lambda key, start, planned, steps, stops, more: plan(
        key, start, planned, steps=tuple(Step(due=a, done=b) for a, b in steps),
        stops=tuple((a, a + b if b else 0) for a, b in stops),
        begun=more[0], ended=more[1], needs=tuple(f"MPA/{one}" for one in more[2]),
    ),
    st.sampled_from("ABCDE"), st.integers(DAY - 5000, DAY + 5000), st.integers(0, 4000),
    st.lists(st.tuples(st.integers(DAY - 5000, DAY + 5000),
                       st.one_of(st.just(0), st.integers(DAY - 9000, DAY))), max_size=4),
    st.lists(st.tuples(st.integers(DAY - 5000, DAY), st.integers(0, 400)), max_size=3),
    st.tuples(st.booleans(), st.one_of(st.just(0), st.integers(DAY - 9000, DAY)),
              st.lists(st.sampled_from("ABCDE"), max_size=3)),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(plans, max_size=5, unique_by=lambda one: one.key))
def test_whatever_people_typed_has_ranges(found):
    """Dates out of order, stops that overlap, milestones done before the start, needs in a ring."""
    made = forecast(found, DAY)
    assert set(made.ranges) == {one.key for one in found if not one.ended}
    for one in made.ranges.values():
        assert DAY <= one.early <= one.middle <= one.late


def test_draws_follow_their_seed_and_their_weights():
    """The same numbers each time; means and shares as they are meant."""
    one, other = Chances(7), Chances(7)
    assert [one.uniform() for _ in range(9)] == [other.uniform() for _ in range(9)]
    drawn = [one.normal() for _ in range(4000)]
    assert abs(sum(drawn) / 4000) < 0.06
    assert abs(sum(n * n for n in drawn) / 4000 - 1) < 0.08
    assert abs(sum(one.count(3.0) for _ in range(2000)) / 2000 - 3) < 0.15
    places = Weighted([1, 0, 3])
    found = [places.draw(one) for _ in range(2000)]
    assert 1 not in found
    assert abs(found.count(2) / 2000 - 0.75) < 0.04


def test_a_score_is_width_and_ten_times_what_is_missed():
    """A plan's date is a range of one day."""
    wide = Range(early=10, middle=15, late=30)
    assert [score(wide, truth) for truth in (8, 10, 30, 33)] == [40, 20, 20, 50]
    assert score(Range(early=10, middle=10, late=10), 14) == 40


def test_a_forecast_counts_once_its_range_has_passed():
    """What has not ended by then is a miss; what ended early does not count before the others."""
    narrow = Range(early=DAY - 9, middle=DAY - 5, late=DAY - 1)
    past = [
        Past(key="a", made=1, said=narrow, plan=DAY - 30, ended=DAY - 4),
        Past(key="b", made=1, said=narrow, plan=DAY - 30, ended=0),
        Past(key="c", made=1, said=replace(narrow, late=DAY), plan=DAY, ended=DAY - 5),
    ]
    found = record_of(past, DAY)
    assert [one.key for one in found.past] == ["a", "b"]
    assert (found.held, found.scored, found.naive) == (1, 8 + 8 + 10, 260 + 300)


@pytest.mark.parametrize("seed", [1, 2])
def test_ranges_hold_the_truth_of_programmes(seed):
    """On some of the programmes of ``./dev bench forecast``: about eight in ten, and far better
    than the dates of the plans.
    """
    found = measure(2, seed)
    assert 0.7 < found["coverage"] < 0.9
    assert found["score_vs_naive"] < 0.5


def test_a_programme_of_the_bench_tells_no_future():
    """What is known on the day that it is asked is no more than what has happened."""
    made = programmes.world(programmes.CLASSES[2], random.Random(1))
    for one in made.known():
        assert one.ended <= made.asked
        assert all(step.done <= made.asked for step in one.steps)
        assert all(max(span) <= made.asked for span in one.stops)
