"""A reform project whose training stands still waits for who may decide about it."""

import pytest

from tansiq.desk.proof import checking
from tansiq.desk.records import attention, say
from tansiq.domain.kinds.training.suspension import SUSPENSION
from tansiq.domain.training.suspending import Scope
from tests.suspending import (
    PROGRAMME,
    cohort,
    decide,
    decision,
    filled,
    foreseen,
    project,
    state,
    training,
    waits,
)


@pytest.fixture
def town():
    """MPA with three open cohorts and one on line, COA with one; each sees the other's."""
    with training() as world:
        yield filled(world)


def test_a_project_waits_for_who_may_decide_about_it(town):
    """A training manager suspends no project: it waits for the programme manager, until that has
    written what holds; a senior duty officer, who may do both, does both at once.
    """
    found = project(town, "MPA", "TRN-04")
    seen = foreseen(town, "MPA", meets="in_person")
    assert [(one.value.body["code"], may) for one, may in seen.projects] == [("TRN-04", False)]
    record = decide(town, "MPA")
    assert state(town, "MPA", found).state == "chartered"
    (wait,) = waits(town, "MPA", "proposed")
    assert wait.about == f"MPA/{found}"
    assert wait.begun
    attention.tick(town.desk("MPA"))
    (wait,) = waits(town, "MPA", "proposed")
    assert wait.stand.reached[0].positions == (PROGRAMME,)
    before = checking.snapshot(town.desk("MPA"))
    checking.rebuild(town.desk("MPA"), lambda *_: None)
    assert checking.snapshot(town.desk("MPA")) == before
    with town.names.under("suspends the project"):
        said = {"reason_class": "pandemic", "reason": "Training stands still",
                "decision": SUSPENSION.reference(record)}  # fmt: skip
        old = state(town, "MPA", found)
        say.step(town.desk("MPA"), town.actor("MPA", PROGRAMME), found, old.digest, "suspend",
                 said=said)  # fmt: skip
    assert waits(town, "MPA", "proposed") == []
    checking.rebuild(town.desk("MPA"), lambda *_: None)
    assert waits(town, "MPA", "proposed") == []


def test_who_may_suspend_projects_does_it_by_the_same_decision(town):
    """In one transaction, with the decision's reference; nothing waits."""
    found = project(town, "MPA", "TRN-04")
    record = decide(town, "MPA", position="senior-duty-officer")
    view = state(town, "MPA", found)
    assert (view.state, view.body["decision"]) == ("suspended", SUSPENSION.reference(record))
    assert view.body["reason_class"] == "pandemic"
    assert waits(town, "MPA", "proposed") == []


def test_a_project_that_was_decided_waits_no_more_after_a_rebuild(town):
    """Also where the decision and the project's next edition are folded as one run."""
    found = project(town, "MPA", "TRN-09")
    desk = town.desk("MPA")
    about = state(town, "MPA", town.ids["K-01"]).body["about"]
    cohort(town, "MPA", "K-50", about, for_projects="TRN-09")  # nothing of it leaves in between
    with desk.act():
        made = decision(scope=Scope(first_day="2020-12-21", codes=("K-50",)))
        record = decide(town, "MPA", made)
        with town.names.under("at once"):
            said = {"reason_class": "pandemic", "reason": "x", "decision": record}
            old = state(town, "MPA", found)
            say.step(desk, town.actor("MPA", PROGRAMME), found, old.digest, "suspend", said=said)
    assert waits(town, "MPA", "proposed") == []
    checking.rebuild(desk, lambda *_: None)
    assert waits(town, "MPA", "proposed") == []
