"""Catch-up plans on desks: what goes into a plan, and what happens when one is chosen."""

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.desk.training import moving
from tansiq.domain.errors import InputError, RefusedError
from tansiq.gateways import planning as gateway
from tests.catching_up import (
    HALF,
    MANAGER,
    choose,
    cohort,
    cohorts,
    course,
    plan,
    results,
    room,
    seen,
    suspended,
    write,
)  # fmt: skip
from tests.world import refusal


@pytest.fixture
def world():
    with suspended() as made:
        yield made


class Solver:
    """The solver in this process."""

    there = True

    def solved(self, content):
        return gateway.solved(content)


def sessions(world, party="MPA"):
    found = read.page(world.desk(party), world.viewer(party, MANAGER),
                      Query(kinds=("session",), limit=100)).rows  # fmt: skip
    return {one.value.body["about"]: one.value for one in found}


def test_a_plan_says_when_why_and_by_whom(world):
    """Two cohorts and one room: the second waits for it, both are taught at half capacity, and the
    plan says that a plain planner made it.
    """
    about = course(world)
    cohort(world, about, "K-01", places=38)
    cohort(world, about, "K-02", places=30, days_done=5)
    room(world)
    found = plan(world, capacity=(HALF,))
    rows = results(world, found)
    assert rows["K-02"] == {
        "code": "K-02", "was_first": "2020-03-02", "was_last": "2020-03-15", "outcome": "moved",
        "first_day": "2020-09-20", "last_day": "2020-10-01", "room": "EBL-1",
        "held_up": "capacity", "gained": 7,
    }  # fmt: skip
    assert (rows["K-01"]["first_day"], rows["K-01"]["held_up"]) == ("2020-10-04", "room")
    assert rows["K-01"]["held_by"] == "K-02"
    body = seen(world, found).body
    assert (body["planner"], body["ends"]) == ("plain", rows["K-01"]["last_day"])
    assert "bound" not in body


def test_a_node_with_the_solver_uses_it(world):
    """The plan says so, and how good a plan could be at best."""
    world.desk("MPA").planner = Solver()
    cohort(world, course(world), "K-01")
    body = seen(world, plan(world)).body
    assert (body["planner"], body["bound"]) == ("solver", body["weighted"])


def test_what_is_under_way_or_told_to_stay_is_planned_around(world):
    """A cohort that keeps its dates has its room; codes that nobody has are refused."""
    about = course(world)
    cohort(world, about, "K-01", first_day="2020-09-20", last_day="2020-10-01", days_done=0,
           room="EBL-1")  # fmt: skip
    cohort(world, about, "K-02")
    room(world)
    rows = results(world, plan(world, stay=("K-01",)))
    assert set(rows) == {"K-02"}
    assert rows["K-02"]["first_day"] == "2020-10-04"
    for name in ("only", "stay", "give_up"):
        with refusal("plan_code_unknown"):
            plan(world, **{name: ("K-99",)})


def test_cohorts_of_others_are_planned_around_and_never_planned(world):
    """COA's cohort in the same room is in the way; its code stands nowhere in the plan."""
    theirs = write(world, "course", {"code": "C-X", "text": "x", "family": "medical",
                   "subject": "first_aid", "days": 10}, "MPA", party="COA")  # fmt: skip
    cohort(world, theirs, "K-77", "MPA", party="COA", first_day="2020-09-20",
           last_day="2020-10-01", days_done=0, room="EBL-1")  # fmt: skip
    world.exchange("MPA", "COA")
    cohort(world, course(world), "K-01")
    room(world)
    found = plan(world)
    assert results(world, found)["K-01"]["first_day"] == "2020-10-04"
    assert "K-77" not in str(seen(world, found).body)


def test_courses_and_projects_give_an_order(world):
    """A course that needs another comes after its cohorts, and a project after those that it
    depends on.
    """
    first, second = course(world, "C-AID"), course(world, "C-MED", needs="C-AID")
    cohort(world, second, "K-02", days_done=8)
    cohort(world, first, "K-01", for_projects="TRN-01")
    cohort(world, first, "K-03", for_projects="TRN-02", days_done=8)
    project = {"text": "x", "workstream": "training"}
    for code, needs in (("TRN-01", ""), ("TRN-02", "TRN-01")):
        world.write("MPA", f"project {code}", say.Draft(kind="project", body={
            **project, "code": code, "depends_on": needs}, label=say.Label()),
            "programme-manager")  # fmt: skip
    rows = results(world, plan(world))
    assert rows["K-01"]["last_day"] < rows["K-03"]["first_day"] < rows["K-02"]["first_day"]
    assert rows["K-03"]["held_up"] == "order"
    assert rows["K-03"]["held_by"] == "K-01"


def test_choosing_moves_all_cohorts_and_their_sessions(world):
    """Each gets its dates and keeps the old ones as its baseline; what has begun keeps its first
    day, and the next session begins with the plan.
    """
    about = course(world)
    begun = cohort(world, about, "K-01")
    new = cohort(world, about, "K-02", days_done=None, places=30)
    room(world)
    found = plan(world)
    rows = results(world, found)
    choose(world, found, "It ends first")
    after = cohorts(world)
    assert after["K-01"].body["first_day"] == "2020-03-02"
    assert after["K-02"].body["first_day"] == rows["K-02"]["first_day"]
    for code in ("K-01", "K-02"):
        assert after[code].body["last_day"] == rows[code]["last_day"]
        assert after[code].body["baseline_last"] == "2020-03-15"
    assert sessions(world)[begun].body["first_day"] == rows["K-01"]["first_day"]
    assert sessions(world)[new].state == "moved"
    chosen = seen(world, found)
    assert (chosen.state, chosen.body["reason"]) == ("chosen", "It ends first")


def test_partners_get_the_changes_only(world):
    """A cohort whose dates stay has no new edition at the partner; a plan never goes."""
    about = course(world, "C-AID", "COA")
    cohort(world, about, "K-01", "COA", first_day="2020-09-20", last_day="2020-10-01",
           days_done=0, sessions=0)  # fmt: skip
    cohort(world, about, "K-02", "COA")
    world.exchange("MPA", "COA")
    before = {code: one.digest for code, one in cohorts(world, "COA").items()}
    found = plan(world)
    assert results(world, found)["K-01"]["outcome"] == "unchanged"
    choose(world, found)
    world.exchange("MPA", "COA")
    after = cohorts(world, "COA")
    assert {code for code in after if after[code].digest != before[code]} == {"K-02"}
    assert after["K-02"].body["last_day"] == results(world, found)["K-02"]["last_day"]
    assert not read.page(world.desk("COA"), world.viewer("COA", MANAGER),
                         Query(kinds=("catch_up",))).rows  # fmt: skip


def test_a_plan_is_chosen_whole_or_not_at_all(world, monkeypatch):
    """Where the last cohort cannot be moved none is, and the plan stays proposed."""
    about = course(world)
    for number in range(4):
        cohort(world, about, f"K-0{number}")
    found = plan(world)
    before = {code: one.digest for code, one in cohorts(world).items()}
    moved, real = [], moving.move_in

    def fails_late(act, actor, view, dates, **more):
        moved.append(view)
        if len(moved) == 4:
            raise InputError("record_absent")
        return real(act, actor, view, dates, **more)

    monkeypatch.setattr(moving, "move_in", fails_late)
    with refusal("record_absent"):
        choose(world, found)
    assert len(moved) == 4
    assert {code: one.digest for code, one in cohorts(world).items()} == before
    assert seen(world, found).state == "proposed"


def test_an_old_plan_is_not_chosen(world):
    """Where a cohort moved since the plan was made, or is over, the plan is made anew; a plan that
    was chosen is not chosen again.
    """
    cohort(world, course(world), "K-01")
    first, second = plan(world, "A"), plan(world, "B", shifts=2, capacity=(HALF,))
    choose(world, first)
    with refusal("plan_old"):
        choose(world, second)
    with pytest.raises(RefusedError):
        choose(world, first)


def test_choosing_wants_a_reason_and_its_own_page(world):
    """Without a reason nothing moves, and the step of a record's page takes no plan."""
    cohort(world, course(world), "K-01")
    found = plan(world)
    with refusal("step_needs"):
        choose(world, found, "")
    with refusal("step_within"):
        say.step(world.desk("MPA"), world.actor("MPA", MANAGER), found, seen(world, found).digest,
                 "choose_plan", said={"reason": "x"})  # fmt: skip
    assert cohorts(world)["K-01"].body["last_day"] == "2020-03-15"


def test_cohorts_that_join_and_that_are_given_up_end(world):
    """The smaller joins the larger, which has its places then; what is given up is called off with
    the plan as the decision.
    """
    about = course(world)
    for code, places in (("K-08", 14), ("K-12", 20)):
        cohort(world, about, code, places=places, days_done=None, sessions=0)
    cohort(world, about, "K-05")
    found = plan(world, merge=True, give_up=("K-05",))
    rows = results(world, found)
    assert (rows["K-08"]["outcome"], rows["K-08"]["merged_into"]) == ("joined", "K-12")
    assert rows["K-05"]["outcome"] == "called_off"
    choose(world, found)
    after = cohorts(world)
    assert (after["K-08"].state, after["K-08"].body["merged_into"]) == ("cancelled", "K-12")
    assert (after["K-12"].body["places"], after["K-12"].state) == (34, "planned")
    assert after["K-05"].state == "cancelled"


def test_a_plan_is_as_closed_as_what_went_into_it(world):
    """Nobody but the own party reads it, and the labels of all that went in are joined."""
    about = course(world)
    cohort(world, about, "K-01", "COA")
    assert seen(world, plan(world)).label.audience == ()
    cohort(world, about, "K-02", label={"caveats": frozenset({"exercise"})})
    assert seen(world, plan(world)).label.caveats == {"exercise"}


def test_only_managers_plan(world):
    """Others read what they may; making and choosing is the managers'."""
    cohort(world, course(world), "K-01")
    with pytest.raises(RefusedError):
        plan(world, position="liaison-officer")
    found = plan(world)
    with pytest.raises(RefusedError):
        choose(world, found, position="liaison-officer")


def test_two_cohorts_of_one_code_are_no_plan(world):
    """A plan speaks of cohorts by their codes."""
    about = course(world)
    cohort(world, about, "K-01")
    cohort(world, about, "K-01")
    with refusal("plan_code_twice"):
        plan(world)


def test_without_cohorts_there_is_no_plan(world):
    """Where nothing was stopped and nothing is ahead, nobody has to choose."""
    with refusal("plan_empty"):
        plan(world)


def test_a_plan_reaches_as_far_as_it_was_asked_to(world):
    """What does not fit into the weeks is left, with the reason, and keeps its dates."""
    cohort(world, course(world), "K-01", days=40)
    found = plan(world, weeks=2)
    row = results(world, found)["K-01"]
    assert (row["outcome"], row["held_up"]) == ("left", "horizon")
    choose(world, found)
    assert cohorts(world)["K-01"].body["last_day"] == "2020-03-15"
