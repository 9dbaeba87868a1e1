"""The first page, the box and the wall view by hand: from the sign-on to a record with the keyboard
alone, and a big screen that says when it is old.
"""

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import LANGUAGES, phrase
from tests.e2e.seats import sign_on

POSITION = "duty-officer"
UNPLUGGED = "net::ERR_INTERNET_DISCONNECTED"  # of which a browser complains
# Of what is shown, the size of its letters, without the line at the foot of the screen.
SIZES = """() => [...document.querySelectorAll("main *, .wall-head *")]
  .filter((el) => [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((el) => el.getClientRects().length)
  .map((el) => parseFloat(getComputedStyle(el).fontSize))"""
CUT = """() => [...document.querySelectorAll(".tile, .tile span, .wall-rows li, .wall dl div")]
  .filter((el) => el.scrollWidth > el.clientWidth + 1).map((el) => el.textContent)"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_d3_the_box_leads_to_acts_places_and_records_by_the_keyboard_alone(nodes, seats, language):
    """One lands on the overview. The key of the box, some letters, an arrow and Enter begin an
    incident, with the cursor in its form; a record is three keys beyond its reference away.
    """
    page = seats.context(nodes["MPA"], language).new_page()
    sign_on(page, "MPA", POSITION)
    page.wait_for_url("**/overview")
    box, first = page.locator("#find"), page.locator("#find-found [data-choice]").first
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type(phrase("incident.new", language))
    expect(first).to_have_attribute("href", "/incidents/new")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/new")
    expect(page.locator("#f-text")).to_be_focused()
    page.goto("/incidents?tab=all")
    code = page.locator("tbody th .ref").first.inner_text()
    page.goto("/overview")
    page.keyboard.press("Control+k")
    page.keyboard.type(code.replace("-", " ").lower())
    expect(first).to_contain_text(code)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/**")
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wall_view_is_read_from_four_metres_and_says_when_it_is_old(nodes, seats, language):
    """On a big screen nothing is small or cut; without its node it is marked as old and comes back
    by itself; it opens nothing else, and the lock page gives the screen back.
    """
    context = seats.context(nodes["MPA"], language, viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    sign_on(page, "MPA", POSITION)
    page.locator("form[action='/overview/wall/show'] button").click()
    page.wait_for_url("**/overview/wall")
    expect(page.locator("body")).to_have_attribute("data-state", "up")
    assert min(page.evaluate(SIZES)) >= 44
    assert page.evaluate(CUT) == []
    assert page.evaluate("() => document.documentElement.scrollHeight") <= 1080
    assert page.locator("input, button, select, textarea").count() == 0
    context.set_offline(True)
    state = page.locator("[data-connection-word]")
    expect(state).to_have_text(phrase("wall.stale", language))
    assert float(page.locator("main").evaluate("el => getComputedStyle(el).opacity")) < 0.5
    context.set_offline(False)
    expect(state).to_have_text(phrase("wall.fresh", language))
    seats.complaints.found[:] = [one for one in seats.complaints.found if UNPLUGGED not in one]
    page.goto("/log")
    page.wait_for_url("**/overview/wall")
    page.locator(".wall-foot a").click()
    page.wait_for_url("**/lock")
    expect(page.locator("#unlock")).to_be_visible()
