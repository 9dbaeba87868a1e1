"""A protected site is in danger (J7): one key, one sentence to every party, read back there, ended;
over live links in three languages, and by stick where no link works.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import phrase
from tests.e2e import acts
from tests.e2e.looks import faults
from tests.e2e.seats import stays
from tests.e2e.test_stick import Desk

SENTENCES = {
    "en": "Vehicles come near the camp clinic: all movement near it stops",
    "ar": "مركبات تقترب من عيادة المخيم: تتوقف كل حركة قربها",
    "ckb": "ئۆتۆمبێل لە نۆرینگەی کەمپ نزیک دەبنەوە: هەموو جووڵەیەک لە نزیکی دەوەستێت",
}
OTHER = {"en": "ar", "ar": "ckb", "ckb": "en"}
TOWN = "khazir"
WITHIN_SECONDS = 60


def sends(page, language):
    """From any page by one key; the path of the message's page."""
    page.goto("/log")
    page.keyboard.press("F10")
    page.wait_for_url("**/safety/new")
    expect(page.locator("#goes-to")).to_contain_text("MOD")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type(SENTENCES[language])
    page.fill("#f-place-name", acts.town(TOWN, language))
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url("**/record/MPA/*")
    expect(page.locator(".record-text").first).to_have_text(SENTENCES[language])
    return page.url.partition("/record/")[2].partition("#")[0].join(("/record/", ""))


def reads_back(page, path, language):
    """By the key of the bar; another place is not taken, the right one is."""
    page.wait_for_selector(f".alerts-safety a[href*='{path}']", timeout=15_000)
    page.keyboard.press("F9")
    page.wait_for_url(f"**{path}#told")
    page.check('[name="confirmed"]')
    page.fill("#f-typed", acts.town("makhmour", language))
    page.locator("#f-typed").press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.fill("#f-typed", acts.town(TOWN, language))
    acts.sends(page.locator("#f-typed"))
    expect(page.locator("#f-typed")).to_have_count(0)


def stage(page, party, name, language):
    """The row of a party says where its lane stands."""
    expect(page.locator(f"#told-{party} .tag")).to_have_text(phrase(f"state.{name}", language))


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_a_site_in_danger_is_told_to_all_and_read_back_within_a_minute(nodes, seats, language):
    """From the key to what was read back, on open pages; the end is heard there, and an incident
    and a review are made by one button.
    """
    there = OTHER[language]
    sender = seats.sit(nodes["MPA"], "duty-officer", language)
    reader = seats.sit(nodes["MOD"], "duty-officer", there)
    reader.goto("/incidents")
    begun = time.monotonic()
    path = sends(sender, language)
    stays(sender, lambda: reads_back(reader, path, there))
    stage(sender, "MOD", "read_back", language)
    took = time.monotonic() - begun
    assert took < WITHIN_SECONDS, f"{took:.1f} s"
    officer = sender.locator("#told-MOD td").last
    expect(officer).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(sender.locator("#call-COA")).to_be_visible()
    expect(sender.locator("#call-MOD")).to_have_count(0)
    sender.locator("#call-COA summary").click()
    sender.select_option("#w-COA", "duty_officer")
    sender.select_option("#r-COA", "no_answer")
    sender.locator("#call-COA form button").click()
    expect(sender.locator("#told-COA")).to_contain_text(phrase("choice.result.no_answer", language))
    sender.locator("form[action$='/stand-down'] button").click()
    stage(sender, "COA", "stood_down", language)
    reader.wait_for_selector("[data-ended]")
    expect(reader.locator(".alerts-safety")).to_have_count(0)
    sender.locator("form[action$='/follow-up'] button").click()
    sender.wait_for_url(re.compile(r"/record/MPA/[0-9a-f-]+$"))
    expect(sender.locator("#made-with a").first).to_be_visible()
    assert not faults(sender, language)


def test_a_message_is_read_back_by_stick_where_no_link_works(apart, seats, tmp_path):
    """Meanwhile the sender is reminded and telephones; the stick carries it there and the answer
    back, and it rings there although it was read back on the telephone.
    """
    language = "ar"
    sender = seats.sit(apart["MPA"], "duty-officer", language)
    path = sends(sender, language)
    stage(sender, "MOD", "not_read_back", language)
    sender.locator("#call-MOD summary").click()
    sender.select_option("#w-MOD", "liaison_officer")
    sender.select_option("#r-MOD", "read_back")
    sender.locator("#call-MOD form button").click()
    stage(sender, "MOD", "by_telephone", language)
    mpa, mod = (
        Desk(party, seats.sit(apart[party], "liaison-officer", language), tmp_path)
        for party in ("MPA", "MOD")
    )
    assert not faults(sender, language)
    mod.take(mpa.make())
    mod.page.goto(path)
    assert not faults(mod.page, language)
    reads_back(mod.page, path, language)
    mpa.take(mod.make())
    sender.goto(path)
    stage(sender, "MOD", "read_back", language)
    sender.locator("form[action$='/stand-down'] button").click()
    stage(sender, "MOD", "stood_down", language)
    mod.take(mpa.make())
    expect(mod.page.locator(".alerts-safety")).to_have_count(0)
