"""A new authority and new names on the pages of the links, and codes beside names."""

import re
from dataclasses import replace
from io import BytesIO

import pytest

from tansiq.desk.links import linking
from tansiq.desk.trust import papers, partners
from tansiq.domain.wording import Text
from tansiq.log.cards import make_card, read_card
from tests.unit.test_papers import NEXT, card_with
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import HOUR, authority, card_of, incident, node_keys, to

AGREE = {"act": "agree", "equal": "1"}


def seen_in(page, form):
    """By what a form of the page says what it showed."""
    return re.search(r'name="seen" value="([^"]+)"', page[page.index(f'id="{form}"') :])[1]


def file_of(data):
    item = BytesIO(data)
    item.name = "MOD-mod.card"
    return item


@pytest.mark.parametrize("language", LANGUAGES)
def test_b7_the_page_leads_through_a_new_authority(language):
    """A card on the joining page, a second person on the page of the link, told on every page."""
    with agreed() as world:
        world.clock.time += HOUR
        first = Screen(world, "MPA", "liaison-officer", "P-1")
        second = Screen(world, "MPA", "liaison-officer", "P-2")
        card = card_with("MOD", node_keys("MOD"), world.clock.now(), signer=NEXT)
        first.post("/links/join", {"card": file_of(card)}, language)
        page = text_of(first.get("/links/join", language))
        assert words("join.other_authority", language) in page
        assert all(word in page for word, _ in linking.words_of(card))
        first.post("/links/join", {"act": "trust", "equal": "1"}, language)
        asks = words("loud.authority_asked", language).partition("{")[0]
        assert asks in text_of(second.get("/log", language))
        assert words("authority.second", language) in text_of(first.get("/links/MOD", language))
        assert 403 == first.post("/links/MOD/authority", AGREE, language).status_code
        page = text_of(second.get("/links/MOD", language))
        assert all(word in page for word, _ in linking.words_of(card))
        assert 422 == second.post("/links/MOD/authority", {"act": "agree"}, language).status_code
        assert 422 == second.post("/links/MOD/authority", AGREE, language).status_code
        agreed_to = {**AGREE, "seen": seen_in(page, "f-authority")}
        assert 302 == second.post("/links/MOD/authority", agreed_to, language).status_code
        assert partners.partner(world.desk("MPA"), "MOD").authority == NEXT.public
        assert 'id="loud"' in text_of(second.get("/incidents", language))
        assert 302 == second.post("/links/seen", {"party": "MOD"}, language).status_code
        assert 'id="loud"' not in text_of(second.get("/incidents", language))


def test_b7_a_wish_is_taken_back_on_the_page():
    """Where the words differ, either of the two ends it."""
    with agreed() as world:
        world.clock.time += HOUR
        screen = Screen(world, "MPA", "liaison-officer")
        card = card_with("MOD", node_keys("MOD"), world.clock.now(), signer=NEXT)
        linking.join(world.desk("MPA"), world.actor("MPA", "liaison-officer"), card)
        screen.post("/links/MOD/authority", {"act": "drop"})
        assert 'id="f-authority"' not in text_of(screen.get("/links/MOD"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_b2_a_changed_name_is_accepted_on_the_page(language):
    """Until then the name before stands, with the code beside it."""
    with agreed() as world:
        world.clock.time += HOUR
        old = read_card(card_of("MOD"))
        names = Text("New name", "اسم جديد", "ناوێکی نوێ")
        card = replace(old, names=names, issued_ms=world.clock.now())
        papers.hear(world.desk("MPA"), make_card(card, authority("MOD").seed))
        screen = Screen(world, "MPA", "liaison-officer")
        page = text_of(screen.get("/links/MOD", language))
        assert words("names.text", language) in page
        assert f"<h1>{old.names.of(language)}" in page
        screen.post("/links/MOD/names", {"seen": seen_in(page, "f-names")}, language)
        assert f"<h1>{names.of(language)}" in text_of(screen.get("/links/MOD", language))


def test_b2_the_code_stands_beside_each_name_where_something_is_released():
    """On the audience, the tabs, the button, the preview and the recall."""
    with agreed() as world:
        world.clock.time += HOUR
        desk, actor = world.desk("MPA"), world.actor("MPA", "liaison-officer")
        names = Text("Guards", "الحرس", "پاسەوانان")
        card = replace(read_card(card_of("MOD")), names=names, issued_ms=world.clock.now())
        linking.join(desk, actor, make_card(card, authority("MOD").seed))
        record = world.write("MPA", "fire", incident(to("MOD", "JCC")))
        screen, full = Screen(world, "MPA", "liaison-officer"), "Guards (MOD)"
        page = text_of(screen.get(f"/record/MPA/{record}/release?to=MOD"))
        for part in ('<nav class="tabs"', 'id="preview"', 'name="act" value="release"'):
            assert full in page[page.index(part) :][:600], part
        edit = text_of(screen.get(f"/record/MPA/{record}/edit"))
        assert full in edit[edit.index('name="audience"') :][:900]
        world.release("MPA", record, "MOD", "R-MPA")
        recall = text_of(screen.get(f"/record/MPA/{record}/recall/MOD"))
        assert recall.count(full) >= 2
