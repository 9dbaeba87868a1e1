"""A clock that jumps erases nothing early and sends nothing early."""

import pytest

from tansiq.desk.act import timekeeping
from tansiq.desk.exchange import exchange
from tansiq.desk.release import purging, releasing
from tansiq.domain.parties import PartyCode
from tests.world import DAY, HOUR, incident, to, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")


@pytest.fixture
def made():
    """MOD holds something of MPA's until in ten days; MPA has something due in ten days."""
    with worlds("MPA", "MOD") as world:
        world.agree("MPA", "MOD")
        for desk in world.desks.values():
            assert not timekeeping.in_doubt(desk)
        until = world.clock.time + 10 * DAY
        held = world.write("MPA", "held", incident(to("MOD", expires=until)))
        world.release("MPA", held, "MOD", "R-MPA")
        due = world.write("MPA", "due", incident(to("MOD", embargo=until)))
        world.release("MPA", due, "MOD", "R-MPA")
        world.exchange("MPA", "MOD")
        yield world


def acts(world) -> tuple[int, int]:
    """What the clock makes both nodes do."""
    return purging.expired(world.desk("MOD")), releasing.tick(world.desk("MPA"))


def test_time_that_passes_is_believed(made):
    """A node that was off for a month does what is due when it is on again."""
    made.clock.time += 30 * DAY
    assert acts(made) == (1, 1)


def test_a_clock_years_ahead_makes_nothing_irrevocable(made):
    """Nothing is erased or sent, people hear of it once, and all is as before when it is put
    right.
    """
    before = made.clock.time
    made.clock.time += 3 * 366 * DAY
    for _ in range(3):
        assert acts(made) == (0, 0)
    for desk in made.desks.values():
        rows = desk.database.rows("SELECT COUNT(*) FROM alarm WHERE code = 'clock_jumped'")
        assert rows[0][0] == 1
    made.clock.time = before + 11 * DAY
    assert acts(made) == (1, 1)


def test_a_partners_clock_or_a_person_confirms_it(made):
    """A parcel made at about this time, or a word of somebody who has compared the clocks."""
    old = exchange.outgoing(made.desk("MPA"), MOD)
    made.clock.time += 100 * DAY
    assert acts(made) == (0, 0)
    exchange.incoming(made.desk("MOD"), old)
    assert acts(made) == (0, 0)
    exchange.incoming(made.desk("MOD"), exchange.outgoing(made.desk("MPA"), MOD))
    assert acts(made) == (1, 0)
    assert timekeeping.confirm(made.desk("MPA"))
    assert acts(made) == (0, 1)


def test_a_clock_that_goes_back_brings_nothing_back(made):
    """What was erased stays erased; time that was seen is seen."""
    made.clock.time += 12 * DAY
    assert acts(made) == (1, 1)
    made.clock.time -= 12 * DAY + HOUR
    assert acts(made) == (0, 0)
    rows = made.desk("MOD").database.rows("SELECT COUNT(*) FROM received WHERE purged_at > 0")
    assert rows[0][0] == 1
