"""Steps about records that never come: they wait for a time, so many, and are then given up."""

import json
from dataclasses import replace

import pytest

from tansiq.desk.act import timekeeping
from tansiq.desk.cases import lost
from tansiq.desk.proof import checking
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tests.asking import act, carry, rfi, stages, three_that_ask
from tests.world import DAY, uuid_of


@pytest.fixture
def three():
    with three_that_ask() as world:
        yield world


def strange(world, count, name="strange"):
    """So many steps of MOD about records of its own that MPA never gets."""
    said = world.desk("MPA").board.db.rows("SELECT said FROM step WHERE author = 'MOD'")[0][0]
    with world.desk("MOD").act() as doing:
        for number in range(count):
            ids = {key: uuid_of(f"{name} {key} {number}") for key in ("root", "lane", "step")}
            doing.feed(PartyCode("MPA"), {**json.loads(said), **ids, "after": []})
    carry(world)


def waiting(world):
    rows = world.desk("MPA").board.db.rows("SELECT root FROM step WHERE waits = 1 ORDER BY id")
    return [root for (root,) in rows]


def alarms(world):
    rows = world.desk("MPA").board.db.rows("SELECT code, text FROM alarm ORDER BY id")
    return [(code, text) for code, text in rows]


def test_a_step_waits_for_its_root_and_is_given_up_in_the_end(three):
    """After its days it goes, an alarm says how many, what belongs to a root stays, and a rebuild
    forgets the same.
    """
    record = three.write("MPA", "rfi", rfi("MOD"))
    carry(three)
    act(three, "MOD", record, "accept")
    strange(three, 3)
    assert len(waiting(three)) == 3
    assert lost.tick(three.desk("MPA")) == 0
    three.clock.time += (BOUNDS.case_waiting_days + 1) * DAY
    timekeeping.confirm(three.desk("MPA"))
    assert lost.tick(three.desk("MPA")) == 3
    assert lost.tick(three.desk("MPA")) == 0
    assert waiting(three) == []
    ((code, said),) = alarms(three)
    assert code == "steps_given_up"
    assert json.loads(said)["count"] == 3
    assert stages(three, "MPA", record)[0] == "accepted"
    before = checking.snapshot(three.desk("MPA"))
    checking.rebuild(three.desk("MPA"), lambda *_: None)
    assert checking.snapshot(three.desk("MPA")) == before


def test_of_too_many_that_wait_the_oldest_are_given_up(three, monkeypatch):
    """However many records a partner makes up, so many steps of it wait and no more."""
    monkeypatch.setattr("tansiq.board.steps.BOUNDS", replace(BOUNDS, case_waiting_max=4))
    record = three.write("MPA", "rfi", rfi("MOD"))
    carry(three)
    act(three, "MOD", record, "accept")
    strange(three, 7)
    first = waiting(three)
    assert lost.tick(three.desk("MPA")) == 3
    assert waiting(three) == first[3:]
    assert lost.tick(three.desk("MPA")) == 0


def test_nothing_is_given_up_while_the_clock_is_in_doubt(three, monkeypatch):
    """A clock that jumped a year ahead gives up nothing."""
    record = three.write("MPA", "rfi", rfi("MOD"))
    carry(three)
    act(three, "MOD", record, "accept")
    strange(three, 1)
    monkeypatch.setattr("tansiq.desk.act.timekeeping.in_doubt", lambda _desk: True)
    three.clock.time += 2 * BOUNDS.case_waiting_days * DAY
    assert lost.tick(three.desk("MPA")) == 0
    assert len(waiting(three)) == 1
