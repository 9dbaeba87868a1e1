"""What a position was shown counts as shown: the statement of a recall follows the access log."""

import pytest

from tansiq.desk.records import read
from tansiq.desk.release import releasing
from tansiq.policy.agreement import Receipts
from tests import world as worlds
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import incident, to, uuid_of

FIRE = uuid_of("fire/1")
TEXT = "Fire near the old mill"
PLACES = (
    "/inbox", "/inbox/part", "/incidents", "/incidents/part", "/incidents/csv", "/incidents/print",
    "/incidents?q=mill", f"/record/MPA/{FIRE}/part", "/list/incident", "/list/incident/part",
)  # fmt: skip


@pytest.fixture
def world():
    """MPA's incident that MOD holds, receipts with positions."""
    yield from made(Receipts.POSITION)


@pytest.fixture
def terse():
    """The same, where receipts name the party alone."""
    yield from made(Receipts.PARTY)


def made(receipts):
    with worlds.worlds("MPA", "MOD") as both:
        both.agree("MPA", "MOD", worlds.rule("MPA", "FAST", automatic=True, receipts=receipts))
        both.write("MPA", "fire", incident(to("MOD"), text=TEXT))
        both.exchange("MPA", "MOD")
        yield both


def stated(world):
    """What MOD states once MPA has recalled."""
    releasing.recall(world.desk("MPA"), world.actor("MPA"), FIRE, "MOD", "error")
    world.exchange("MPA", "MOD")
    (state,) = read.releases_of(world.desk("MPA"), world.viewer("MPA"), FIRE)
    return state


@pytest.mark.parametrize("place", PLACES)
def test_a8_who_was_shown_it_is_named(world, place):
    """Inbox, list, sheet, paper, search and a refreshed part: all show text, none of them opens."""
    text = text_of(Screen(world, "MOD", "duty-officer").get(place))
    assert TEXT in text
    state = stated(world)
    assert (state.purged_shown, state.purged_shown_to) == (True, ("duty-officer",))
    assert state.purged_read_by == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a8_shown_and_opened_are_told_apart(world, language):
    """Each in words of its own, on both sides; the auditor's looking is told to nobody."""
    Screen(world, "MOD", "duty-officer").get("/inbox")
    Screen(world, "MOD", "senior-duty-officer").get(f"/record/MPA/{FIRE}")
    Screen(world, "MOD", "auditor", "P-3").get(f"/record/MPA/{FIRE}")
    state = stated(world)
    assert state.purged_read_by == ("senior-duty-officer",)
    assert set(state.purged_shown_to) == {"senior-duty-officer", "duty-officer"}
    ours = text_of(Screen(world, "MPA", "liaison-officer").get(f"/record/MPA/{FIRE}", language))
    for key in ("held.opened_to", "held.shown_to"):
        assert words(key, language) in ours
    theirs = text_of(Screen(world, "MOD", "duty-officer").get("/inbox", language))
    for key in ("inbox.had_opened", "inbox.had_seen"):
        assert words(key, language) in theirs


def test_a8_nobody_is_nobody(world):
    """A list that does not show it, and another record, are not held against it."""
    other = world.write("MPA", "other", incident(to("MOD"), text="Another"))
    world.exchange("MPA", "MOD")
    Screen(world, "MOD", "duty-officer").get(f"/record/MPA/{other}")
    Screen(world, "MOD", "auditor", "P-3").get(f"/record/MPA/{FIRE}")
    state = stated(world)
    assert (state.purged_shown, state.purged_shown_to, state.purged_read_by) == (False, (), ())
    ours = text_of(Screen(world, "MPA", "liaison-officer").get(f"/record/MPA/{FIRE}"))
    for key in ("held.opened_nobody", "held.shown_nobody"):
        assert words(key) in ours


def test_a8_each_edition_counts_for_its_own_release(world):
    """Who saw the first edition alone is not said to have seen the second."""
    Screen(world, "MOD", "duty-officer").get("/inbox")
    desk, actor = world.desk("MPA"), world.actor("MPA")
    base = worlds.say.current(desk, actor, FIRE).value.digest
    with world.names.under("again"):
        worlds.say.revise(desk, actor, FIRE, base, incident(to("MOD"), text="Put out"))
    world.exchange("MPA", "MOD")
    releasing.recall(desk, actor, FIRE, "MOD", "error")
    world.exchange("MPA", "MOD")
    first, second = read.releases_of(desk, world.viewer("MPA"), FIRE)
    assert (first.purged_shown_to, second.purged_shown_to) == (("duty-officer",), ())


def test_a8_where_positions_are_not_named_only_that_it_was_shown_is(terse):
    """The owner is told whether, and not to whom, in words that say so."""
    Screen(terse, "MOD", "duty-officer").get("/inbox")
    state = stated(terse)
    assert (state.purged_shown, state.purged_shown_to, state.purged_read_by) == (True, (), ())
    ours = text_of(Screen(terse, "MPA", "liaison-officer").get(f"/record/MPA/{FIRE}"))
    for key in ("held.opened_nobody", "held.shown_unnamed"):
        assert words(key) in ours
