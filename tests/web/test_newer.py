"""What a newer partner sent, on the pages of its receiver and of its owner, in three languages."""

import pytest

from tests.versions import INCIDENT_2, exchanged, planted
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import incident, say, to, uuid_of

FIRE = uuid_of("fire/1")


@pytest.fixture(scope="module")
def world():
    with agreed() as made:
        desk, actor = made.desk("MPA"), made.actor("MPA")
        made.write("MPA", "fire", incident(to("MOD"), text="Fire near the mill"))
        made.release("MPA", FIRE, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        with planted(INCIDENT_2):
            digest = say.current(desk, actor, FIRE).value.digest
            say.revise(desk, actor, FIRE, digest, incident(to("MOD"), text="It spreads"))
            made.release("MPA", FIRE, "MOD", "R-MPA", name="newer")
        exchanged(made, "MPA", "MOD", INCIDENT_2)
        yield made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receiver_reads_that_a_newer_edition_has_come(world, language):
    """On the record's page, in print, in the list and in its file; the links page tells of it."""
    screen = Screen(world, "MOD", "duty-officer")
    for address in (f"/record/MPA/{FIRE}", f"/record/MPA/{FIRE}/print"):
        text = text_of(screen.get(address, language))
        assert words("record.newer_held", language) in text
        assert "It spreads" not in text
    assert words("record.not_newest", language) in text_of(screen.get("/incidents", language))
    assert words("alarm.newer_held", language) in text_of(screen.get("/links/MPA", language))


def test_c10_an_alarm_leads_to_its_record_for_whom_may_see_it(world):
    """Who reads the record is led to it; an administrator reads the alarm alone."""
    for position, leads in (("duty-officer", True), ("administrator", False)):
        text = text_of(Screen(world, "MOD", position).get("/links/MPA"))
        assert words("alarm.newer_held") in text
        assert (f'href="/record/MPA/{FIRE}"' in text) is leads


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_owner_reads_that_it_is_held_there(world, language):
    """Beside the release and in the list of who holds what: not "delivered"."""
    with planted(INCIDENT_2):
        screen = Screen(world, "MPA", "liaison-officer")
        page = text_of(screen.get(f"/record/MPA/{FIRE}", language))
        assert words("release_state.held", language) in page
        assert words("held.cannot_show_version", language) in page
        assert words("release_state.held", language) in text_of(screen.get("/holdings", language))
