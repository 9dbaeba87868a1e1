"""An older and a newer node, on every carrier, in both directions, with rebuilds between."""

import pytest

from tansiq.desk.exchange import exchange, newer
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.release import agreements, releasing
from tansiq.node.founding import actor_of
from tests.contract.desks import ALL_TIME, MOD, MPA, befriend, desk_of, found
from tests.contract.roads import ROADS
from tests.versions import INCIDENT_2, planted
from tests.world import agreement_of, incident, prepare_seen, to


@pytest.fixture(params=sorted(ROADS))
def pair(request, tmp_path):
    """MPA, which is updated, and MOD, which is not, with an agreement, and a carrier each way."""
    settings = {party: found(tmp_path, party) for party in (MPA, MOD)}
    desks = {party: desk_of(settings[party]) for party in settings}
    befriend(desks[MPA], settings[MOD])
    befriend(desks[MOD], settings[MPA])
    roads = {}
    for one, other in ((MPA, MOD), (MOD, MPA)):
        (tmp_path / f"to {other}").mkdir()
        made = ROADS[request.param](
            desks[one], desks[other], settings[other], tmp_path / f"to {other}"
        )
        roads[one] = made
    for desk in desks.values():
        agreements.sign(desk, actor(desk), agreement_of(MPA, MOD, ends=ALL_TIME))
    carry(roads)
    yield desks, roads
    for road in roads.values():
        road.close()
    for desk in desks.values():
        desk.database.close()


def actor(desk):
    return actor_of(desk, "liaison", "P-1")


def within(desk):
    """What the program of a node knows: MPA's is the newer one."""
    return planted(*((INCIDENT_2,) if desk.me == MPA else ()))


def carry(roads, rounds=2):
    """Parcels both ways, each made, taken and answered by the program of its node."""
    for _ in range(rounds):
        for road, other in ((roads[MPA], MOD), (roads[MOD], MPA)):
            with within(road.here):
                parcel = exchange.outgoing(road.here, other)
            with within(road.there):
                road.bring(parcel)
            with within(road.here):
                exchange.incoming(road.here, road.back[-1])


def rebuilt(desks):
    """Both boards are folded anew, each by its own program."""
    for desk in desks.values():
        with within(desk):
            before = checking.snapshot(desk)
            checking.rebuild(desk, lambda *_: None)
            assert checking.snapshot(desk) == before


def written(desk, receiver, **body):
    """An incident that is written and released by the program of its node."""
    with within(desk):
        record = say.write(desk, actor(desk), incident(to(receiver), **body))
        wish = releasing.Wish(record=record, to=receiver, rule=f"R-{desk.me}")
        prepare_seen(desk, actor(desk), wish)
    return record


def seen(desk, owner, record):
    """A record as the position sees it."""
    with within(desk):
        return read.record(desk, desk.viewer(actor(desk)), owner, record).value


def state_of(desk, record):
    with within(desk):
        return read.releases_of(desk, desk.viewer(actor(desk)), record)[-1].state


def test_b4_an_older_and_a_newer_node_exchange_in_both_directions(pair):
    """What is newer is held and said until the update, what is older is read; rebuilds change
    nothing on either side.
    """
    desks, roads = pair
    new = written(desks[MPA], MOD, channel="three fields")
    old = written(desks[MOD], MPA, size="two fields")
    carry(roads)
    rebuilt(desks)
    assert seen(desks[MPA], MOD, old).body["channel"] == "two fields"
    assert "delivered" == state_of(desks[MOD], old)
    assert "held" == state_of(desks[MPA], new)
    with planted(INCIDENT_2):  # MOD is updated
        checking.rebuild(desks[MOD], lambda *_: None)
        newer.settle(desks[MOD])
        found = read.record(desks[MOD], desks[MOD].viewer(actor(desks[MOD])), MPA, new)
        assert found.value.body["channel"] == "three fields"
        for road, other in ((roads[MOD], MPA), (roads[MPA], MOD), (roads[MOD], MPA)):
            road.bring(exchange.outgoing(road.here, other))
            exchange.incoming(road.here, road.back[-1])
        assert "delivered" == state_of(desks[MPA], new)
