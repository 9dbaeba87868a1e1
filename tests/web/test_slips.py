"""What leaves by a slip of the hand: whom a release is for is said by a person, twice if it is new,
and what was released can be taken back for some seconds.
"""

import re

import pytest

from tansiq.desk.records import read
from tansiq.desk.release import releasing
from tests.web.forms import sheets_of
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import incident, to, uuid_of

FIRE = uuid_of("fire/1")
PANEL = f"/record/MPA/{FIRE}/release"


@pytest.fixture
def world():
    with agreed() as made:
        made.write("MPA", "fire", incident(to("MOD"), text="Fire near the mill"))
        yield made


def liaison(world, person="P-1"):
    return Screen(world, "MPA", "liaison-officer", person)


def held(world):
    return read.releases_of(world.desk("MPA"), world.viewer("MPA"), FIRE)


def panel_form(screen, language="en"):
    page = screen.get(f"{PANEL}?to=MOD", language).content.decode()
    (sheet,) = [one for one in sheets_of(page, PANEL) if one.action == PANEL]
    return sheet.filled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_d4_no_partner_is_chosen_beforehand(world, language):
    """The panel opens without a party, says so, and without one releases nothing."""
    screen = liaison(world)
    page = text_of(screen.get(PANEL, language))
    assert words("panel.choose_party", language) in page
    assert 'value="release"' not in page
    assert not re.search(r'class="tabs".*aria-current.*</nav>', page)
    reply = screen.post(PANEL, {"act": "release"}, language)
    assert 422 == reply.status_code
    assert words("error.party_unchosen", language) in text_of(reply)
    assert not held(world)


@pytest.mark.parametrize("address", ["/incidents/new", "/log", "/list/incident/new"])
def test_d4_no_audience_is_ticked_beforehand(world, address):
    """A new record is for its owner alone until a person says otherwise."""
    page = liaison(world).get(address).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="audience"[^>]*>', page)
    assert boxes
    assert not [box for box in boxes if "checked" in box]


@pytest.mark.parametrize("language", LANGUAGES)
def test_d4_the_button_names_the_party_and_its_code(world, language):
    """Whom it goes to stands on the button itself, by name and code."""
    page = text_of(liaison(world).get(f"{PANEL}?to=MOD", language))
    (button,) = re.findall(r'<button[^>]*value="release".*?</button>', page, re.DOTALL)
    assert "MOD" in button


@pytest.mark.parametrize("language", LANGUAGES)
def test_d4_a_first_release_to_a_party_asks_once_more(world, language):
    """Without the confirmation nothing leaves; afterwards this person is not asked again, another
    is.
    """
    screen = liaison(world)
    form = panel_form(screen, language)
    reply = screen.post(PANEL, form, language)
    assert 422 == reply.status_code
    assert words("error.party_first", language) in text_of(reply)
    assert not held(world)
    assert 422 == screen.post(PANEL, {**form, "sure": "JCC"}).status_code
    form = panel_form(screen, language)
    assert 302 == screen.post(PANEL, {**form, "sure": "MOD"}).status_code
    assert 1 == len(held(world))
    assert 'id="f-sure"' not in text_of(screen.get(f"{PANEL}?to=MOD"))
    assert 'id="f-sure"' in text_of(liaison(world, "P-2").get(f"{PANEL}?to=MOD"))


def released(world, screen, language="en"):
    world.desk("MPA").take_back_ms = 5_000
    form = {**panel_form(screen, language), "sure": "MOD"}
    return text_of(screen.get(screen.post(PANEL, form, language)["Location"], language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_d11_a_release_is_told_with_its_way_back(world, language):
    """The page after a release names record, party and rule, and offers to take it back."""
    screen = liaison(world)
    page = released(world, screen, language)
    (told,) = re.findall(r'<div class="notice notice-ok".*?</form>', page, re.DOTALL)
    assert "R-MPA" in told
    assert "MOD" in told
    assert read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", FIRE).value.reference in told
    assert words("take_back.act", language) in told
    (sheet,) = [s for s in sheets_of(told, PANEL) if "/approvals/" in s.action]
    reply = screen.post(sheet.action, sheet.filled(), language)
    assert reply["Location"] == f"/record/MPA/{FIRE}"
    page = text_of(screen.get(reply["Location"], language))
    assert 'data-told="taken_back"' in page
    world.clock.time += 5_000
    assert 0 == releasing.tick(world.desk("MPA"))
    assert "declined" == held(world)[0].state


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_left_is_not_taken_back_and_says_so(world, language):
    """Pressed too late, the page says that it has left, and what to do."""
    screen = liaison(world)
    page = released(world, screen)
    sheet = next(s for s in sheets_of(page, PANEL) if "/approvals/" in s.action)
    world.clock.time += 5_000
    assert 1 == releasing.tick(world.desk("MPA"))
    reply = screen.post(sheet.action, sheet.filled(), language)
    assert 422 == reply.status_code
    assert words("error.release_left", language) in text_of(reply)
    assert "/approvals/" not in text_of(screen.get(f"/record/MPA/{FIRE}")).partition("<main")[2]


def test_d11_what_was_done_is_told_to_who_may_see_it_alone(world):
    """A message about a record that may not be seen any more is no message."""
    screen = liaison(world)
    world.desk("MPA").take_back_ms = 0
    form = {**panel_form(screen), "sure": "MOD"}
    screen.post(PANEL, form)
    world.clock.time += 1
    record = world.write("MPA", "gone", incident())
    session = screen.client.session
    session["told"] = session["told"].replace(FIRE, uuid_of("nothing has this id"))
    session.save()
    assert "data-told" not in text_of(screen.get(f"/record/MPA/{record}"))
