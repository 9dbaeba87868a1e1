"""What time does to lanes by itself, and what a partner can make a node pay."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tansiq.board import case_folds, lanes, received
from tansiq.desk.cases import taking
from tansiq.desk.proof import checking
from tansiq.desk.release import agreements
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.node.journal_log import NodeLog
from tansiq.node.serve import Supervisor
from tests.asking import KINDS, act, carry, case_at, rfi, stages, three_that_ask
from tests.world import HOUR, START, agreement_of, refusal, rule, uuid_of


@pytest.fixture
def three():
    """MPA, who may ask MOD and COA by itself, and they may answer."""
    with three_that_ask() as world:
        yield world


def asked(world, *parties, name="rfi"):
    record = world.write("MPA", name, rfi(*parties))
    carry(world)
    return record


def feed(world, sender, root, lane, count, *, act="partial", after=()):
    """Steps of ``sender`` in MPA's lane, none of which knows of another; they do not travel yet."""
    with world.desk(sender).act() as doing:
        for n in range(count):
            step = {
                "type": "step", "v": 1, "root": root, "lane": lane,
                "step": uuid_of(f"{act} {root} {lane} {n}"), "release": uuid_of(f"r {n}"),
                "seat": f"{sender}/liaison-officer", "act": act, "of": "", "after": list(after),
                "values": {}, "at": START,
            }  # fmt: skip
            doing.feed(PartyCode("MPA"), step)


def steps_at(world, party, where="1 = 1"):
    ((count,),) = world.desk(party).board.db.rows(f"SELECT COUNT(*) FROM step WHERE {where}")
    return count


def test_the_served_nodes_tick_ends_what_time_ends(three):
    """A request expires without anybody: the supervisor's tick does it, on the node that asked."""
    record = asked(three, "MOD")
    three.clock.time = START + 10 * HOUR
    desk = three.desk("MPA")
    node = SimpleNamespace(desk=desk, settings=SimpleNamespace(anchor_hours=24))
    supervisor = Supervisor(node, NodeLog(three.clock), lambda *_: None)

    async def until_it_expires():
        ticking = asyncio.create_task(supervisor._tick())
        while stages(three, "MPA", record)[0] != "expired":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        ticking.cancel()

    asyncio.run(asyncio.wait_for(until_it_expires(), 60))
    carry(three)
    assert stages(three, "MOD", record) == ("expired", {"MOD": "expired"})


def test_an_answer_that_crossed_the_end_counts_on_both_nodes(three):
    """Whichever came last: at one node the end, at the other the answer, and both say answered."""
    record = asked(three, "MOD")
    three.clock.time = START + 10 * HOUR
    act(three, "MOD", record, "answer", travels=False)
    assert taking.tick(three.desk("MPA")) == 1
    assert stages(three, "MPA", record)[0] == "expired"
    carry(three)
    for party in ("MPA", "MOD"):
        assert stages(three, party, record) == ("answered", {"MOD": "answered"})


def test_a_clock_that_was_set_back_harms_no_lane(three):
    """A step that was accepted before the release that opened its lane is folded like any other."""
    three.clock.time = START + HOUR
    record = asked(three, "MOD")
    three.clock.time = START
    act(three, "MOD", record, "receive")
    for party in ("MPA", "MOD"):
        assert stages(three, party, record) == ("received", {"MOD": "received"})


def test_nothing_falls_before_its_time(three):
    """A millisecond before, the tick is idle; at the moment it is not."""
    asked(three, "MOD")
    three.clock.time = START + 10 * HOUR - 1
    assert taking.tick(three.desk("MPA")) == 0
    three.clock.time += 1
    assert taking.tick(three.desk("MPA")) == 1


def test_a_step_that_comes_after_the_time_and_before_the_tick_keeps_nothing_open(three):
    """What fell due stays due: neither a late step nor asking again makes the end forgotten."""
    first, second = asked(three, "MOD"), asked(three, "MOD", name="second")
    act(three, "MOD", second, "answer")
    act(three, "MOD", first, "partial", travels=False)
    three.clock.time = START + 11 * HOUR
    carry(three)
    act(three, "MPA", second, "ask_again")
    assert taking.tick(three.desk("MPA")) == 2
    assert {stages(three, "MPA", one)[0] for one in (first, second)} == {"expired"}


def test_a_lane_that_cannot_be_told_keeps_no_other_waiting(three, monkeypatch):
    """Where no rule lets the end of a lane go any more, the next tick goes on behind it."""
    monkeypatch.setattr(taking, "AT_ONCE", 1)
    stuck = asked(three, "MOD")
    three.clock.time += 1
    free = three.write("MPA", "free", rfi("COA", needed_by=START + 11 * HOUR))
    carry(three)
    mpa = three.desk("MPA")
    text = agreement_of("MPA", "MOD", rule("MOD", "Q-MOD", kinds=KINDS), version=2)
    for party in ("MPA", "MOD"):
        agreements.sign(three.desk(party), three.actor(party, "liaison-officer"), text)
    carry(three)
    three.clock.time = START + 11 * HOUR
    assert sum(taking.tick(mpa) for _ in range(3)) == 1
    assert [stages(three, "MPA", one)[0] for one in (stuck, free)] == ["sent", "expired"]


def test_a_partner_fills_its_own_half_of_a_lane_and_no_more(three, monkeypatch):
    """Beyond the bound its steps are unusable or count for nothing, and ours still count."""
    small = replace(BOUNDS, case_decisions_max=8, case_steps_max=20)
    monkeypatch.setattr(case_folds, "BOUNDS", small)
    monkeypatch.setattr(lanes, "BOUNDS", small)
    record = asked(three, "MOD")
    (lane,) = case_at(three, "MPA", record)[1].lanes
    feed(three, "MOD", record, lane.id, 12, after=lane.newest)
    carry(three)
    assert steps_at(three, "MPA") == 10
    assert len(case_at(three, "MPA", record)[1].lanes[0].said) == 8
    act(three, "MPA", record, "cancel")
    assert stages(three, "MPA", record)[0] == "cancelled"


def test_own_decisions_stop_at_the_same_bound(three, monkeypatch):
    """What our partner would not take up is not taken here."""
    monkeypatch.setattr(case_folds, "BOUNDS", replace(BOUNDS, case_decisions_max=2))
    record = asked(three, "MOD")
    act(three, "MOD", record, "receive")
    act(three, "MOD", record, "partial")
    with refusal("case_full"):
        act(three, "MOD", record, "answer")
    assert steps_at(three, "MOD") == steps_at(three, "MPA") == 2


def test_steps_about_roots_that_nobody_holds_touch_nothing(three):
    """What waits for a root is kept once, is never folded, and stands after a rebuild as before."""
    for sender in ("MOD", "COA"):
        for n in range(4):
            feed(three, sender, uuid_of(f"nowhere {sender} {n}"), uuid_of(f"lane {sender}"), 2)
    carry(three)
    board = three.desk("MPA").board
    for table in ("opening", "waits", "lane_due", "lane_end"):
        assert board.db.rows(f"SELECT * FROM {table} WHERE 1 = 1") == []
    before = checking.snapshot(three.desk("MPA"))
    checking.rebuild(three.desk("MPA"), lambda *_: None)
    assert checking.snapshot(three.desk("MPA")) == before
    assert steps_at(three, "MPA") == 16


def test_a_run_of_steps_is_folded_once(three, monkeypatch):
    """However many steps stand in a parcel, each of their roots is folded once."""
    record = asked(three, "MOD")
    (lane,) = case_at(three, "MPA", record)[1].lanes
    feed(three, "MOD", record, lane.id, 12, after=lane.newest)
    folded = []
    monkeypatch.setattr(received.restaging, "move", lambda _board, root, *_at: folded.append(root))
    three.exchange("MPA", "MOD")
    assert folded == [f"MPA/{record}"]
    assert steps_at(three, "MPA") == 12
