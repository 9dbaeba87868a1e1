"""The exchange loop against a carrier of our own: rounds, waits, failures, stops."""

import asyncio
import io
import json
from types import SimpleNamespace

import pytest

from tansiq.carriers.carrier import LinkError
from tansiq.desk.cases import taking
from tansiq.desk.exchange import exchange
from tansiq.desk.records import attention
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import BreachError, StoreError
from tansiq.node import exchange_loop
from tansiq.node.clock import SystemClock
from tansiq.node.exchange_loop import ROOM_BYTES, ExchangeLoop, Routes, delay_after, paced
from tansiq.node.journal_log import NodeLog
from tansiq.node.serve import Supervisor
from tansiq.node.settings import read_settings
from tests.contract.desks import (
    GER,
    MOD,
    MPA,
    befriend,
    desk_of,
    found,
    signed_for,
    sizes,
    speak,
    state,
)


class Memory:
    """A carrier in memory; ``fault`` is raised where it is set."""

    def __init__(self, there):
        self.there = there
        self.trips = 0
        self.fault = None
        self.change = lambda answer: answer

    async def carry(self, _party, _number, parcel):
        self.trips += 1
        if self.fault is not None:
            raise self.fault
        return self.change(exchange.answer(self.there, parcel))


async def directly(call, *arguments, **named):
    return call(*arguments, **named)


@pytest.fixture
def made(tmp_path):
    """A loop of MPA's with a memory carrier to MOD, and both desks."""
    one, other = found(tmp_path, MPA), found(tmp_path, MOD)
    here, there = desk_of(one), desk_of(other)
    befriend(here, other)
    befriend(there, one)
    carrier, stream = Memory(there), io.StringIO()
    loop = ExchangeLoop(here, carrier, directly, NodeLog(SystemClock(), stream))
    yield loop, carrier, here, there, stream
    here.database.close()
    there.database.close()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_nothing_new_costs_one_round_trip(made):
    """And a release one as well: the receipt comes back with it."""
    loop, carrier, here, there, _ = made
    assert asyncio.run(loop.level(MOD))
    assert carrier.trips == 1
    speak(here, MOD, 1)
    assert asyncio.run(loop.level(MOD))
    assert (carrier.trips, signed_for(here, MOD), sizes(there, MPA)) == (2, 1, (0, 1))


class Less:
    """The bounds, with parcels of two entries."""

    def __getattr__(self, name):
        real = getattr(BOUNDS, name)
        return 2 if name == "parcel_entries_max" else real


def test_the_next_parcel_is_made_while_the_partner_takes_one(made, monkeypatch):
    """It goes out as it was made, unless something was said meanwhile: then it is made anew."""
    loop, carrier, here, there, _ = made
    monkeypatch.setattr("tansiq.sync.engine.BOUNDS", Less())
    for version in range(1, 6):
        speak(here, MOD, version)
    sizes_made, honest = [], exchange.next_parcel

    def making(desk, party, **how):
        sizes_made.append((how.get("start"), desk.store.head(f"out/{party}").size))
        return honest(desk, party, **how)

    async def carry(party, number, parcel):
        await asyncio.sleep(0.01)  # the time in which the next one is made
        if carrier.trips == 1:
            speak(here, MOD, 6)
        return await Memory.carry(carrier, party, number, parcel)

    monkeypatch.setattr(exchange, "next_parcel", making)
    monkeypatch.setattr(carrier, "carry", carry)
    assert asyncio.run(loop.level(MOD))
    assert (sizes(here, MOD)[0], sizes(there, MPA)[1], signed_for(here, MOD)) == (6, 6, 6)
    ahead = [size for start, size in sizes_made if start is not None]
    fresh = [size for start, size in sizes_made if start is None]
    assert 5 in ahead  # made ahead before the sixth was said,
    assert 6 in fresh  # and not sent: made anew


def test_long_feeds_go_on_until_both_sides_are_level(made, monkeypatch):
    """More than one parcel either way is one call of the loop."""
    loop, _, here, there, stream = made
    monkeypatch.setattr("tansiq.sync.engine.BOUNDS", Less())
    for version in range(1, 6):
        speak(here, MOD, version)
        speak(there, MPA, version)
    assert asyncio.run(loop.level(MOD))
    assert (sizes(here, MOD), sizes(there, MPA)) == ((5, 5), (5, 5))
    assert (signed_for(here, MOD), signed_for(there, MPA)) == (5, 5)
    assert {"exchanged"} == {line["event"] for line in lines(stream)}


def test_a_disk_that_does_not_answer_for_a_moment_ends_no_loop(made, monkeypatch):
    """Whom there is to exchange with is asked again, and the exchange goes on."""
    loop, carrier, *_ = made
    monkeypatch.setattr(exchange_loop, "ROSTER_SECONDS", 0.01)
    asked, honest = [], partners.partners

    def failing(desk):
        asked.append(desk)
        if len(asked) < 3:
            raise StoreError("store_io")
        return honest(desk)

    monkeypatch.setattr(partners, "partners", failing)

    async def until_it_exchanges():
        running = asyncio.create_task(loop.run())
        while not carrier.trips:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(asyncio.wait_for(until_it_exchanges(), 30))
    assert len(asked) >= 3


def test_one_work_of_the_tick_that_fails_keeps_none_of_the_others_waiting(made, monkeypatch):
    """What one record does must not keep another from ringing; a broken invariant stops all."""
    _, _, here, _, _ = made
    stream, rung = io.StringIO(), asyncio.Event()
    node = SimpleNamespace(desk=here, settings=SimpleNamespace(anchor_hours=24))
    supervisor = Supervisor(node, NodeLog(SystemClock(), stream), lambda *_: None)

    def fails(_desk):
        raise KeyError("of one record")

    monkeypatch.setattr(taking, "tick", fails)

    async def until_it_rings():
        here_loop = asyncio.get_running_loop()
        monkeypatch.setattr(
            attention, "tick", lambda _desk: here_loop.call_soon_threadsafe(rung.set)
        )
        ticking = asyncio.create_task(supervisor._tick())
        await rung.wait()
        ticking.cancel()

    asyncio.run(asyncio.wait_for(until_it_rings(), 30))
    assert ("tick_failed", "unexpected") in {
        (one["event"], one.get("code")) for one in lines(stream)
    }

    def breaks(_desk):
        raise BreachError("broken")

    with pytest.raises(BreachError):
        asyncio.run(supervisor._due(breaks, here))


def test_a_failure_is_kept_told_and_changes_nothing_else(made):
    """The page shows the code; the logs stay as they were; the next success clears it."""
    loop, carrier, here, _, stream = made
    speak(here, MOD, 1)
    heard = []
    here.listen(lambda changes: heard.extend(change.topic for change in changes))
    before = state(here)
    carrier.fault = LinkError("link_down")
    for _ in range(2):
        assert not asyncio.run(loop.level(MOD))
    assert state(here) == before
    assert partners.partner(here, MOD).failure == "link_down"
    assert heard == ["link"]  # pages are woken when it changes, not at each try
    assert [("exchange_failed", "link_down")] * 2 == [
        (line["event"], line["code"]) for line in lines(stream)
    ]
    carrier.fault = None
    assert asyncio.run(loop.level(MOD))
    assert partners.partner(here, MOD).failure == ""


@pytest.mark.parametrize("fault", [ValueError("SECRETWORD"), KeyError("SECRETWORD")])
def test_a_mistake_of_ours_stops_neither_the_node_nor_tells_content(made, fault):
    """One partner's round fails; the log has a code for it."""
    loop, carrier, _, _, stream = made
    carrier.fault = fault
    assert not asyncio.run(loop.level(MOD))
    assert [line["code"] for line in lines(stream)] == ["unexpected"]
    assert "SECRETWORD" not in stream.getvalue()


def test_spoilt_answers_are_failures_and_change_nothing(made):
    """What comes back is trusted no more than what comes in."""
    loop, carrier, here, _, _ = made
    speak(here, MOD, 1)
    before = state(here)
    carrier.change = lambda answer: answer[:-1]
    assert not asyncio.run(loop.level(MOD))
    assert state(here) == before
    assert partners.partner(here, MOD).failure == "parcel_sealed"


def test_a_partner_that_signs_for_nothing_is_not_asked_without_end(made, monkeypatch):
    """An answer without a receipt, again and again, ends the round."""
    loop, carrier, here, there, _ = made

    class Less:
        def __getattr__(self, name):
            real = getattr(BOUNDS, name)
            return 1 if name == "parcel_entries_max" else real

    monkeypatch.setattr("tansiq.sync.engine.BOUNDS", Less())
    mute = exchange.outgoing(there, MPA)
    carrier.change = lambda _answer: mute
    for version in (1, 2, 3):
        speak(here, MOD, version)
    assert not asyncio.run(loop.level(MOD))
    assert partners.partner(here, MOD).failure == "link_no_progress"
    assert carrier.trips == 2


def test_another_partys_answer_is_noticed(made, tmp_path):
    """A good parcel of a third party at MOD's address is taken as what it is, and said."""
    loop, carrier, here, _, _ = made
    settings = found(tmp_path, GER)
    third = desk_of(settings)
    befriend(here, settings)
    befriend(third, read_settings(tmp_path / "MPA"))
    carrier.change = lambda _answer: exchange.outgoing(third, MPA)
    assert not asyncio.run(loop.level(MOD))
    assert partners.partner(here, MOD).failure == "link_other_party"
    third.database.close()


def test_a_stopped_partner_is_left_alone(made):
    """Nothing is sent until people have spoken."""
    loop, carrier, here, _, _ = made
    with here.act() as act:
        act.say({"type": "stopped", "party": MOD, "code": "split_view", "evidence": [], "at": 1})
    assert asyncio.run(loop.level(MOD))
    assert carrier.trips == 0


def test_waits_grow_are_bound_and_spread():
    """Fifteen seconds, then longer, at most five minutes, never all nodes at the same moment."""
    assert 12 <= delay_after(0, 0.0) <= delay_after(0, 0.999) <= 15
    assert delay_after(3, 0.5) > 2 * delay_after(1, 0.5)
    assert delay_after(10_000, 0.999) <= 300
    assert delay_after(50, 0.0) >= 240


def test_b5_parcels_are_as_long_as_the_link_carries_in_a_second():
    """A slow link shortens them at once, down to a bound; a fast one lets them grow in a few."""
    room = ROOM_BYTES
    for _ in range(3):
        room = paced(room, room, room / 16_384)
    assert room == BOUNDS.room_bytes_min
    assert paced(512 * 1024, 512 * 1024, 4.0) == 128 * 1024
    assert paced(room, 600, 0.2) == room  # nothing large went: nothing is known
    for _ in range(5):
        room = paced(room, room, 0.1)
    assert room == BOUNDS.parcel_bytes_max


def test_a_release_wakes_the_loop_at_once(made, monkeypatch):
    """Also one that another thread makes, and also while a failure is being waited for."""
    loop, carrier, here, there, _ = made
    monkeypatch.setattr(exchange_loop, "CADENCE_SECONDS", 3600.0)

    async def live():
        task = asyncio.create_task(loop.run())
        while carrier.trips < 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.to_thread(speak, here, MOD, 1)
        async with asyncio.timeout(5):
            while sizes(there, MPA) != (0, 1):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(live())


def test_routes_come_from_the_cards(made):
    """A partner's card is its route; a stranger has none."""
    _, _, here, _, _ = made
    routes = Routes(here)
    assert routes(MOD).address == partners.partner(here, MOD).card.address
    assert routes(MOD) is routes(MOD)
    with pytest.raises(LinkError):
        routes(GER)
