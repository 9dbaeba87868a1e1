"""Where cases stand is worked out once for many entries, and is what it was entry by entry."""

import random
from contextlib import suppress

import pytest

from bench import needs
from tansiq.board import restaging
from tansiq.desk.cases import reading, taking
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.desk.release import recalling
from tansiq.domain.errors import TansiqError
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import E7
from tests.asking import rfi, three_that_ask
from tests.world import HOUR, START, worlds

PARTIES = ("MPA", "MOD", "COA")
MINUTE = HOUR // 60


def quiet(_log, _entries):
    """Nobody looks."""


def ask(world, number, chance):
    """MPA asks one or both of the others."""
    asked = chance.choice([("MOD",), ("COA",), ("MOD", "COA")])
    needed = START + chance.choice([2, 8, 30]) * HOUR
    return world.write("MPA", f"ask {number}", rfi(*asked, needed_by=needed))


def step(world, number, record, chance):
    """Somebody takes one of the steps that are offered to it, if any is; it does not travel yet."""
    party = chance.choice(PARTIES)
    desk, actor = world.desk(party), world.actor(party)
    with suppress(TansiqError), world.names.under(f"step {number}"):
        view = read.record(desk, desk.viewer(actor), "MPA", record)
        case = reading.lanes_of(desk, desk.viewer(actor), view, actor).value
        ways = [
            (lane, act.name)
            for lane in case.lanes
            for act in lane.acts
            if not any(value.required for value in act.values)
        ]
        lane, name = chance.choice(ways or [(None, "")])
        if lane is not None:
            wanted = taking.Wanted(
                owner="MPA", record=record, lane=lane.id, act=name, seen=lane.newest
            )
            taking.take(desk, actor, wanted)


def revise(world, number, record, chance):
    """MPA states a request anew; it leaves to those that it asks."""
    desk, actor = world.desk("MPA"), world.actor("MPA")
    view = read.record(desk, desk.viewer(actor), "MPA", record).value
    needed = START + chance.choice([2, 8, 30]) * HOUR
    body = {**view.body, "text": f"How is it at {number}?", "needed_by": needed}
    with world.names.under(f"revise {number}"):
        draft = say.Draft(kind="rfi", body=body, label=view.label)
        say.revise(desk, actor, record, view.digest, draft)


def recall(world, number, record, chance):
    """MPA takes a request back from one of those that it asked."""
    other = PartyCode(chance.choice(PARTIES[1:]))
    with suppress(TansiqError), world.names.under(f"recall {number}"):
        recalling.recall(world.desk("MPA"), world.actor("MPA"), record, other, "error")


def tick(world, number, chance):
    """A node looks at what is due and at what rings."""
    desk = world.desk(chance.choice(PARTIES))
    with world.names.under(f"tick {number}"):
        taking.tick(desk)
        attention.tick(desk)


def live(world, chance, acts=120):
    """Many acts about a few requests, of which some cross."""
    records = [ask(world, n, chance) for n in range(2)]
    for number in range(acts):
        world.clock.time += chance.choice([0, 1, MINUTE, 5 * MINUTE])
        record = chance.choice(records)
        match chance.choice(
            ["step"] * 14 + ["carry"] * 8 + ["recall", "tick"] + ["ask", "revise"] * 2
        ):
            case "step":
                step(world, number, record, chance)
            case "carry":
                with world.names.under(f"carry {number}"):
                    world.exchange("MPA", chance.choice(PARTIES[1:]), rounds=1)
            case "recall":
                recall(world, number, record, chance)
            case "revise":
                revise(world, number, record, chance)
            case "tick":
                tick(world, number, chance)
            case "ask":
                records.append(ask(world, f"more {number}", chance))


def assert_folds_alike(world, sizes=(1_000, 7, 1)):
    """Each node's board, folded anew in sets of any size, is what it was live."""
    with pytest.MonkeyPatch.context() as patch:
        for desk in world.desks.values():
            before = checking.snapshot(desk)
            for size in sizes:
                patch.setattr(checking, "FOLDED_AT_ONCE", size)
                checking.rebuild(desk, quiet)
                after = checking.snapshot(desk)
                assert [name for name in after if after[name] != before[name]] == []


@pytest.mark.parametrize("seed", range(4))
def test_folded_in_sets_of_any_size_the_board_is_what_it_was_live(seed):
    """Stages and since when, waits and since when, what rang: entry by entry, or a log at once."""
    with three_that_ask() as world:
        live(world, random.Random(seed))
        assert all(checking.snapshot(desk)["stage"] for desk in world.desks.values())
        assert_folds_alike(world)


def test_what_a_lane_waited_for_goes_on_over_facts():
    """A fact moves no stage: whose turn it was waits since before, folded live or at once."""
    with worlds(needs.ME, *needs.OTHERS) as world:
        needs.agreed(world)
        for name, (asks, asked, live_on) in needs.LIVES.items():
            case = needs.Case(world, name, asks, asked)
            case.ask((36 * E7, 44 * E7))
            live_on(case, asked[0])
        assert_folds_alike(world)


def test_a_log_is_settled_in_few_sets(monkeypatch):
    """However many steps there are, each root is looked at once for as many entries as bear it."""
    settled = []
    moved = restaging._moved
    with three_that_ask() as world:
        live(world, random.Random(1))
        desk = world.desk("MPA")
        monkeypatch.setattr(
            restaging, "_moved",
            lambda me, root, moves, *more, **named: settled.append(len(moves.moves))
            or moved(me, root, moves, *more, **named),
        )  # fmt: skip
        checking.rebuild(desk, quiet)
        assert max(settled) > 3
