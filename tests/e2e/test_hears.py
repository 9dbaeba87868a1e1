"""A flash record is heard at once on every open page of the partner, and silent once heard."""

import time

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import phrase
from tests.e2e import acts
from tests.e2e.seats import stays

WITHIN_SECONDS = 2.0
OPEN = ("/log", "/inbox", "/incidents/new", "/keys")


def sounded(page):
    """How often this page has sounded."""
    return int(page.evaluate("() => document.documentElement.dataset.sounded || '0'"))


def quieten(page):
    """All that rings at a position from before is heard."""
    page.goto("/watch")
    while (button := page.locator("main form[action='/alerts/hear'] button")).count():
        button.first.click()
    expect(page.locator(".alerts")).not_to_have_attribute("data-chime", "")


def fill(page, text):
    """A flash incident that goes by itself where the agreement says so, ready to be saved."""
    page.goto("/incidents/new")
    page.fill("#f-text", text)
    page.fill("#f-place-name", "Kirkuk")
    page.select_option("#f-category", "explosive_hazard")
    page.select_option("#f-severity", "flash")
    page.select_option("#f-grade-r", "B")
    page.select_option("#f-grade-c", "2")
    page.check('[name="audience"][value="MOD"]')
    acts.goes(page)


@pytest.fixture
def watch(nodes, seats):
    """Open pages at MOD: of a duty officer, in two browsers, and of a liaison officer."""
    first = seats.sit(nodes["MOD"], "duty-officer", "en")
    quieten(first)
    pages = [first, *(first.context.new_page() for _ in OPEN[1:])]
    for page, address in zip(pages, OPEN, strict=True):
        page.goto(address)
    other = seats.sit(nodes["MOD"], "duty-officer", "en")
    beside = seats.sit(nodes["MOD"], "liaison-officer", "en")
    for page in (other, beside):
        page.goto("/log")
    for page in (*pages, other, beside):
        expect(page.locator("[data-connection]")).to_have_attribute("data-state", "up")
    return pages, other, beside


def test_a_flash_record_is_on_every_open_page_and_silent_once_it_is_heard(nodes, seats, watch):
    """Within two seconds of leaving in bar and title of each page; one page of a browser sounds,
    and only after a key; what somebody types stays; when one person hears it, all are silent.
    """
    pages, other, beside = watch
    typing = pages[2]
    typing.locator("#f-text").press_sequentially("Smoke over")
    other.locator("h1").click()
    writing = seats.sit(nodes["MPA"], "duty-officer", "en")
    fill(writing, "A device lies at the bridge")
    place = typing.locator("#f-text").bounding_box()
    writing.locator("#f-text").press("Control+Enter")
    writing.wait_for_url("**/record/MPA/*")
    left = time.monotonic()
    record = writing.url.rpartition("/")[2]
    for page in (*pages, other, beside):
        page.wait_for_selector(f".alerts-flash a[href$='{record}']", timeout=15_000)
    took = time.monotonic() - left
    assert took < WITHIN_SECONDS, f"{took:.1f} s"
    for page in (*pages, other):
        expect(page.locator(".alerts[data-ring]")).to_have_count(1)
        assert page.title().startswith("(")
    assert typing.locator("#f-text").bounding_box() == place, "nothing moves when it comes"
    assert beside.locator(".alerts[data-chime]").count() == 0, "it rings for those whom it asks"

    one, two = sounded(typing), sounded(other)
    for page in (typing, other):
        page.wait_for_function("() => Number(document.documentElement.dataset.sounded) >= 2")
    assert sounded(typing) > one or sounded(other) > two
    assert [0, 0, 0] == [sounded(page) for page in pages if page is not typing]
    waits = phrase("alerts.wait_for_key", "en")
    expect(pages[0].locator(".alerts")).to_contain_text(waits)

    stays(other, lambda: other.keyboard.press("F9"))
    for page in (*pages, other, beside):
        expect(page.locator(".alerts-flash, .alerts[data-ring]")).to_have_count(0)
    heard = sounded(typing), sounded(other)
    typing.wait_for_timeout(5_000)
    assert heard == (sounded(typing), sounded(other))
    expect(typing.locator("#f-text")).to_have_value("Smoke over")
    typing.locator("#f-text").fill("")


def test_the_sound_is_the_choice_of_the_person(nodes, seats):
    """Off, it is told in words that it is off, also after the next sign-on in this browser."""
    page = seats.sit(nodes["MOD"], "duty-officer", "en")
    page.goto("/keys")
    page.select_option("[data-sound-choice]", "low")
    page.click("[data-sound-try]")
    assert sounded(page) >= 1
    page.select_option("[data-sound-choice]", "off")
    page.goto("/keys")
    expect(page.locator("[data-sound-choice]")).to_have_value("off")
    page.click("h1")
    assert page.evaluate("() => document.documentElement.dataset.sound") == "off"
