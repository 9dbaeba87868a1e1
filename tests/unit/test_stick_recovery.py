"""Two nodes that have nothing but sticks: a restored one heals, and no stick is written full."""

from dataclasses import replace
from unittest import mock

import pytest

from tansiq.carriers import bundle
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.database import Sqlite
from tests.unit.test_recovery import image_of, level, put_back, views
from tests.world import incident, to, worlds

TRIPS = 6
FILES = 8  # a stick that is written full is full soon


@pytest.fixture
def apart():
    """Two parties with an agreement in force, a backup of MPA's node, and a release after it."""
    with worlds("MPA", "MOD", databases=lambda _party: Sqlite(None)) as world:
        world.agree("MPA", "MOD")
        backup = image_of(world, "MPA")
        record = world.write("MPA", "later", incident(to("MOD")))
        world.release("MPA", record, "MOD", "R-MPA")
        world.exchange("MPA", "MOD")
        put_back(world, "MPA", backup)
        with mock.patch.object(bundle, "BOUNDS", replace(BOUNDS, stick_files_max=FILES)):
            yield world, record


def walk(world, stick, sender, receiver):
    """Write a stick for a partner and let the partner read it; how many files were written."""
    written = bundle.write(world.desk(sender), stick, PartyCode(receiver))
    for found in bundle.read(world.desk(receiver), bundle.look(stick, PartyCode(receiver))):
        assert found.fault is None, found.fault
    return len(written)


def test_b6_what_brings_nothing_new_is_written_once(apart, tmp_path):
    """A restored node asks, its partner gives back: one file for each walk, whatever is lacking."""
    world, _ = apart
    for trip in range(2):
        stick = tmp_path / str(trip)
        stick.mkdir()
        assert walk(world, stick, "MPA", "MOD") == 1
        assert walk(world, stick, "MOD", "MPA") == 1


def test_b6_both_sides_heal_over_sticks_alone(apart, tmp_path):
    """In a few walks there and back everything is as it was on both sides, in a few files."""
    world, record = apart
    files = 0
    for trip in range(TRIPS):
        stick = tmp_path / str(trip)
        stick.mkdir()
        files += walk(world, stick, "MPA", "MOD") + walk(world, stick, "MOD", "MPA")
    level(world)
    assert record in {view.value.record for view in views(world, "MPA")}
    assert files <= 3 * TRIPS
