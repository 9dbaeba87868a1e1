"""Keys that change while parcels are on the road, over every carrier."""

import asyncio
import io
from contextlib import suppress
from dataclasses import replace

import pytest

from tansiq.carriers.carrier import LinkError
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.trust import papers, partners
from tansiq.node.exchange_loop import ExchangeLoop, Routes
from tansiq.node.founding import write_card
from tansiq.node.journal_log import NodeLog
from tansiq.node.keyring import load_keyring, renewed
from tests.contract.desks import MOD, MPA, revocation_of, sizes, speak
from tests.contract.test_carriers import nodes, road

__all__ = ["nodes", "road"]


def rotate(settings, desk):
    """Give the node new keys while its desk is open; the certificate of its listener stays."""
    now = desk.clock.now()
    old = load_keyring(settings.keys)
    ring = replace(
        renewed(old, "new.keys", now + 1_000_000, now),
        tls_key=old.tls_key,
        certificate=old.certificate,
    )
    desk.identity = replace(desk.identity, keys=ring.node)
    papers.announce(desk, write_card(settings, ring))


def test_a_rotation_in_the_middle_of_traffic_loses_nothing(road, nodes):
    """Both sides change keys between parcels; what was under way arrives; the logs are whole."""
    settings, _ = nodes
    speak(road.here, MOD, 1)
    under_way = exchange.outgoing(road.here, MOD)
    rotate(settings[MPA], road.here)
    speak(road.here, MOD, 2)
    road.bring(exchange.outgoing(road.here, MOD))
    road.bring(under_way)
    assert not road.faults
    for answer in road.back:
        exchange.incoming(road.here, answer)
    rotate(settings[MOD], road.there)
    speak(road.here, MOD, 3)
    road.bring(exchange.outgoing(road.here, MOD))  # sealed for the old key of MOD
    exchange.incoming(road.here, road.back[-1])
    road.bring(exchange.outgoing(road.here, MOD))
    exchange.incoming(road.here, road.back[-1])
    assert not road.faults
    assert sizes(road.here, MOD) == (4, 1)
    assert sizes(road.there, MPA) == (1, 4)
    for desk in (road.here, road.there):
        assert checking.fsck(desk, lambda *_: None) == []
        assert not any(r.damages for r in checking.verify_feeds(desk, lambda *_: None))


def test_a_revocation_in_the_middle_of_traffic_stops_both_directions(road, nodes):
    """What was under way from the revoked node is refused on every carrier; nothing goes back."""
    settings, _ = nodes
    speak(road.here, MOD, 1)
    road.bring(exchange.outgoing(road.here, MOD))
    speak(road.here, MOD, 2)
    under_way = exchange.outgoing(road.here, MOD)
    held, answers = sizes(road.there, MPA), len(road.back)
    papers.hear(road.there, revocation_of(settings[MPA]))
    with suppress(LinkError):
        road.bring(under_way)
    assert sizes(road.there, MPA) == held
    back = road.back[answers:]
    assert back in ([], [revocation_of(settings[MPA])])
    with pytest.raises(exchange.ParcelError, match="was revoked by its authority"):
        exchange.outgoing(road.there, MPA)
    assert checking.fsck(road.there, lambda *_: None) == []


def test_the_road_to_a_revoked_node_is_closed_when_its_parcel_is_ready(nodes):
    """A parcel that was made before the revocation was heard does not leave."""
    settings, desks = nodes
    routes = Routes(desks[MPA])
    assert routes(MOD).address
    papers.hear(desks[MPA], revocation_of(settings[MOD]))
    with pytest.raises(LinkError) as caught:
        routes(MOD)
    assert caught.value.code == "partner_revoked"


def test_a_served_node_that_is_revoked_hears_it_and_stops(nodes):
    """The partner answers with the revocation; the node sends nothing more, and says why."""
    settings, desks = nodes
    asked = []

    class Across:
        async def carry(self, party, number, parcel):
            asked.append(party)
            return exchange.answer(desks[party], parcel)

    async def work(call, *args, **named):
        return call(*args, **named)

    loop = ExchangeLoop(desks[MPA], Across(), work, NodeLog(desks[MPA].clock, io.StringIO()))
    assert asyncio.run(loop.level(MOD))
    papers.hear(desks[MOD], revocation_of(settings[MPA]))
    speak(desks[MPA], MOD, 1)
    before = len(asked)
    assert not asyncio.run(loop.level(MOD))
    assert not asyncio.run(loop.level(MOD))
    assert len(asked) == before + 1
    assert partners.partner(desks[MPA], MOD).failure == "node_revoked"
    assert papers.own_revocation(desks[MPA]) is not None
