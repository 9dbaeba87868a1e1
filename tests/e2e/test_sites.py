"""Protected sites over two live nodes in three languages: listed by a short form, verified, asked
about, confirmed there; and named in a safety message by one key, and by typing (J7, step 2).
"""

import re

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import phrase
from tests import breadth
from tests.e2e import acts
from tests.e2e.looks import faults
from tests.e2e.seats import stays

NAMES = {
    "en": "Clinic of the western quarter",
    "ar": "عيادة الحي الغربي",
    "ckb": "نۆرینگەی گەڕەکی ڕۆژئاوا",
}
SENTENCES = {
    "en": "Shots very near: all movement stops",
    "ar": "إطلاق نار قريب جداً: تتوقف كل حركة",
    "ckb": "تەقە زۆر نزیکە: هەموو جووڵەیەک دەوەستێت",
}
OTHER = {"en": "ar", "ar": "ckb", "ckb": "en"}
AT = "35.7912, 43.5734"


def lists(page, language):
    """From the list by one key; the path of the site."""
    page.goto("/sites")
    expect(page.locator("[data-note]")).to_have_count(2)
    page.keyboard.press("n")
    page.wait_for_url("**/sites/new")
    page.fill("#f-text", NAMES[language])
    page.select_option("#f-site", "clinic")
    page.fill("#f-place-name", acts.town("makhmour", language))
    page.fill("#f-place-at", AT)
    assert page.input_value("#f-until") == "2021-02-20", "90 days"
    page.check('[name="audience"][value="MOD"]')
    acts.goes(page)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url("**/record/ERB/*")
    return page.url.partition("/record/")[2].partition("#")[0].join(("/record/", ""))


def verifies(page, language):
    page.locator("#verify summary").click()
    page.select_option("#f-verify-verified_how", "seen_there")
    page.locator("#verify form button[type=submit]").click()
    verified = phrase("state.site_verified", language)
    expect(page.locator(".record-kind .tag")).to_have_text(verified)


def asks(page, language):
    page.locator("#notify summary").click()
    page.locator("#notify form button[type=submit]").click()
    expect(page.locator(".record-kind .tag")).to_have_text(phrase("state.notified", language))
    nothing = phrase("circle.nothing_in_hand", language)
    expect(page.locator("#told-MOD")).to_contain_text(nothing)


def confirms(page, path):
    page.goto(path)
    page.check("[name=has]")
    page.locator("#site form button[type=submit]").first.click()
    expect(page.locator("[name=has]")).to_have_count(0)


def warns(page, path, language, name):
    """By one key from the page of the site; the message is called as the site is."""
    page.goto(path)
    page.keyboard.press("x")
    page.wait_for_url(re.compile(r"/safety/new\?site="))
    assert not faults(page, language)
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type(SENTENCES[language])
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url("**/record/MOD/*")
    expect(page.locator("[data-field=place]").first).to_contain_text(name)


def finds(page, language, name):
    """F10 and the name: when it was verified last, and who has confirmed having it."""
    page.goto("/log")
    page.keyboard.press("F10")
    page.wait_for_url("**/safety/new")
    page.fill("#f-place-name", name)
    card = page.locator("#sites .card")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("2020-11-22")
    expect(card).to_contain_text(phrase("site.has_it", language))
    expect(card.locator("[name=site]")).to_be_checked()
    assert not faults(page, language)


@pytest.mark.parametrize("language", breadth.of(["ckb"], ["en", "ar", "ckb"]))
def test_a_site_is_listed_confirmed_there_and_warned_of(nodes, seats, language):
    """The owner reads on its open page that the other party has it; whoever is telephoned there
    warns of it by one key, and the owner finds it by its name.
    """
    there = OTHER[language]
    owner = seats.sit(nodes["ERB"], "senior-duty-officer", language)
    reader = seats.sit(nodes["MOD"], "duty-officer", there)
    path = lists(owner, language)
    assert not faults(owner, language)
    verifies(owner, language)
    asks(owner, language)
    reader.goto("/sites")
    expect(reader.locator(f'a[href="{path}"]').first).to_be_visible()
    stays(owner, lambda: confirms(reader, path))
    assert not faults(reader, there)
    expect(owner.locator("#told-MOD")).to_contain_text(phrase("site.has_it", language))
    owner.goto("/sites")
    row = owner.locator("tr", has_text=NAMES[language])
    expect(row).to_contain_text(phrase("site.confirmed_by", language))
    assert not faults(owner, language)
    warns(reader, path, there, NAMES[language])
    finds(owner, language, NAMES[language])
    reader.locator("form[action$='/stand-down'] button").click()
    reader.wait_for_selector("[data-ended]")
    expect(owner.locator(".alerts-safety")).to_have_count(0)
    owner.goto(f"{path}/print")
    expect(owner.locator("#told-MOD")).to_contain_text(re.compile(r"\d\d:\d\d"))
    assert not faults(owner, language)
