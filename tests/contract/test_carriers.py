"""What every carrier must do. A new one joins by adding its road to ``roads.ROADS``."""

from contextlib import suppress

import pytest

from tansiq.carriers.carrier import LinkError
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.domain.bounds import BOUNDS
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
from tests.contract.roads import ROADS


@pytest.fixture
def nodes(tmp_path):
    """Three founded nodes; MPA and MOD know each other, GER knows both and is known to MPA."""
    settings = {party: found(tmp_path, party) for party in (MPA, MOD, GER)}
    desks = {party: desk_of(settings[party]) for party in settings}
    for party, other in ((MPA, MOD), (MOD, MPA), (GER, MPA), (GER, MOD), (MPA, GER)):
        befriend(desks[party], settings[other])
    yield settings, desks
    for desk in desks.values():
        desk.database.close()


@pytest.fixture(params=sorted(ROADS))
def road(request, nodes, tmp_path):
    """A carrier from MPA to MOD."""
    settings, desks = nodes
    made = ROADS[request.param](desks[MPA], desks[MOD], settings[MOD], tmp_path)
    yield made
    made.close()


def bring_all(road, parcels):
    """Bring every parcel, whatever becomes of it on the way."""
    for parcel in parcels:
        with suppress(LinkError):  # a carrier that answers at once says no; another cannot
            road.bring(parcel)


def test_it_delivers_bytes_unchanged_and_brings_a_receipt_back(road):
    """What is sent arrives byte for byte, and the answer lets the sender count it as delivered."""
    speak(road.here, MOD, 1)
    parcel = exchange.outgoing(road.here, MOD)
    road.bring(parcel)
    assert road.arrived == [parcel]
    assert sizes(road.there, MPA) == (0, 1)
    (answer,) = road.back
    exchange.incoming(road.here, answer)
    assert signed_for(road.here, MOD) == 1
    assert not checking.fsck(road.there, lambda _log, _done: None)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 1, 2, 0, 0), (2, 0, 2, 1, 1)])
def test_repetition_and_any_order_converge(road, order):
    """Parcels that come twice or in any order end in the same feed."""
    parcels = []
    for version in (1, 2, 3):
        speak(road.here, MOD, version)
        parcels.append(exchange.outgoing(road.here, MOD, start=version - 1))
    bring_all(road, [parcels[place] for place in order])
    assert sizes(road.there, MPA) == (0, 3)
    assert not road.faults
    exchange.incoming(road.here, road.back[-1])
    assert signed_for(road.here, MOD) == 3
    assert not checking.fsck(road.there, lambda _log, _done: None)


def spoilt(parcel):
    """A parcel spoilt in every way that a carrier can."""
    yield from (parcel[:place] for place in (0, 3, 9, len(parcel) // 2, len(parcel) - 1))
    for place in (0, 5, 40, len(parcel) // 2, len(parcel) - 1):
        yield parcel[:place] + bytes([parcel[place] ^ 1]) + parcel[place + 1 :]
    yield parcel + b"\x00"
    yield b"x" * (BOUNDS.parcel_bytes_max + 1)


def test_spoilt_bytes_end_in_a_typed_fault_and_change_nothing(road):
    """Tampered, truncated and oversize bytes get a code each; the receiver stays as it was."""
    speak(road.here, MOD, 1)
    before = state(road.there)
    for count, bad in enumerate(spoilt(exchange.outgoing(road.here, MOD)), start=1):
        bring_all(road, [bad])
        assert len(road.faults) >= count, "the receiver noted no fault"
        assert state(road.there) == before
    assert not road.back


def test_a_parcel_for_another_receiver_is_refused(road):
    """What is sealed for GER is nothing to MOD, whoever brings it."""
    speak(road.here, GER, 1)
    before = state(road.there)
    bring_all(road, [exchange.outgoing(road.here, GER)])
    assert road.faults == ["parcel_sealed"]
    assert state(road.there) == before


def test_a_stranger_learns_nothing(road, nodes):
    """Noise, a parcel for somebody else and one from an unknown party all look the same."""
    _, desks = nodes
    speak(road.here, MOD, 1)
    tampered = bytearray(exchange.outgoing(road.here, MOD))
    tampered[-1] ^= 1  # another byte whatever it was: a fixed one is the right one now and then
    brought = [b"", b"noise", bytes(tampered), exchange.outgoing(desks[GER], MOD)]
    brought.append(exchange.outgoing(desks[GER], MPA))
    before = state(road.there)
    seen = [road.stranger_sees(data) for data in brought]
    assert all(sight == seen[0] for sight in seen)
    assert len(set(road.faults)) > 1  # the node knows well what was wrong, and keeps it to itself
    assert state(road.there) == before


def test_a_link_that_is_down_leaves_all_as_it_was_and_resumes(road):
    """A fault in words, nothing lost, and the next try after the repair delivers everything."""
    speak(road.here, MOD, 1)
    before = state(road.here), state(road.there)
    road.cut()
    with pytest.raises(LinkError) as caught:
        road.bring(exchange.outgoing(road.here, MOD))
    assert all(caught.value.text(language) for language in ("en", "ar", "ckb"))
    assert (state(road.here), state(road.there)) == before
    road.mend()
    speak(road.here, MOD, 2)
    road.bring(exchange.outgoing(road.here, MOD))
    assert sizes(road.there, MPA) == (0, 2)
