"""Who hears of an answer to a sealed check that comes when nobody looks at the page any more."""

from tansiq.board import sealed_checks
from tansiq.desk.records import attention
from tests.unit.test_sealed_checks import answer_to, ask, plan, settle, world
from tests.world import HOUR, START

__all__ = ["world"]


def rung(world):
    """What waits for MPA because a sealed check ended: whom it asks, its haste, whom it rings."""
    attention.tick(world.desk("MPA"))
    return world.desk("MPA").database.rows(
        """SELECT w.seat, w.haste, g.position FROM waits w LEFT JOIN rung g ON g.wait = w.id
           WHERE w.why = 'checked'"""
    )


def test_a_late_answer_rings_for_who_asked(world):
    """An answer within a minute is on the page; one that comes later rings for the position that
    asked, urgent where it overlaps, until somebody heard it or it is checked once more.
    """
    plan(world, "MOD", "theirs")
    ours = plan(world, "MPA", "ours", until=START + 9 * HOUR)
    answer_to(world, ours, "at once")
    assert rung(world) == []
    seat = world.actor("MPA").position
    for ending in ("asked once more", "heard"):
        ask(world, ours, ending)
        world.clock.time += sealed_checks.LATE_MS + 1
        settle(world)
        assert rung(world) == [(seat, "urgent", seat)]
        world.desk("MPA").board.forget()
    desk, viewer = world.desk("MPA"), world.viewer("MPA")
    (one,) = [one for one in attention.waiting(desk, viewer) if one.why == "checked"]
    attention.hear(desk, world.actor("MPA"), one.id)
    assert rung(world) == []
