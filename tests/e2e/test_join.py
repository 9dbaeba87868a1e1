"""Joining: each side reads its own eight words aloud, and both see the same."""

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import LANGUAGES
from tests.e2e.looks import faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sides_see_the_same_eight_words_before_they_trust(nodes, seats, language):
    """A card is trusted only after somebody said that its words are equal on both screens."""
    theirs = seats.sit(nodes["COA"], "liaison-officer", language)
    theirs.goto("/links")
    card = theirs.request.get("/links/card").body()
    page = seats.sit(nodes["ERB"], "neutral-desk", language)
    page.goto("/links/join")
    page.set_input_files(
        "#f-card", {"name": "MOD-mod.card", "mimeType": "application/json", "buffer": card}
    )
    page.click('button[value="show"]')
    shown = page.locator("section", has_text="COA").locator(".words bdi")
    expect(shown).to_have_count(8 * 2)  # each with its number
    words = shown.all_inner_texts()
    assert words == theirs.locator("#card .words bdi").all_inner_texts()
    page.click('button[value="trust"]')
    expect(page.locator(".has-error .error")).to_be_visible()
    assert not faults(page, language)
    page.check("#f-equal")
    page.click('button[value="trust"]')
    page.wait_for_url("**/links/COA")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_card_is_refused_in_words(nodes, seats, language):
    """A file that is no card, and our own card, are refused beside the field."""
    page = seats.sit(nodes["ERB"], "neutral-desk", language)
    for data in (b"{}", page.request.get("/links/card").body()):
        page.goto("/links/join")
        page.set_input_files(
            "#f-card", {"name": "MOD-mod.card", "mimeType": "application/json", "buffer": data}
        )
        page.click('button[value="show"]')
        expect(page.locator(".has-error .error")).to_be_visible()
        assert not faults(page, language)
