"""The one search box by the keyboard: from any page, also while somebody types."""

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import LANGUAGES, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_is_three_keys_and_what_was_heard_away(nodes, seats, language):
    """The key of the box, the reference, Enter: its record. The other key opens the box from a
    field; Escape closes it, and what stood in the field stands there.
    """
    page = seats.sit(nodes["MPA"], "duty-officer", language)
    page.goto("/log")
    page.keyboard.press("F2")
    page.fill("#f-text", "A cow stands on the road")
    page.locator("#f-text").press("Control+k")
    box = page.locator("#find")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator("#f-text")).to_have_value("A cow stands on the road")
    page.locator("#f-text").press("Control+Enter")
    line = page.locator(".line", has_text="A cow stands on the road").first
    expect(line).to_be_visible()
    code = line.locator(".ref").first.inner_text()
    page.goto("/links")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    box.fill(code.replace("-", "").lower())
    box.press("Enter")
    page.wait_for_url("**/record/MPA/*")
    expect(page.locator("h1").first).to_be_visible()
    assert phrase("kind.log_line", language) in page.title()


def test_the_box_stays_the_one_that_it_is_where_the_page_is_renewed_around_it(nodes, seats):
    """Something comes or goes above the sections while somebody types: neither the words nor the
    cursor are lost, and there is no second box.
    """
    page = seats.sit(nodes["MPA"], "duty-officer", "en")
    page.goto("/log")
    page.keyboard.press("/")
    box = page.locator("#find")
    box.fill("Makhm")
    with page.expect_response(lambda reply: reply.request.headers.get("x-live") == "1"):
        page.evaluate(
            """() => {
              const sections = document.querySelector("nav.sections");
              sections.before(document.createElement("nav"));
              sections.closest("live-region").refresh();
            }"""
        )
    expect(page.locator("live-region > nav:empty")).to_have_count(0)
    expect(box).to_have_count(1)
    expect(box).to_have_value("Makhm")
    expect(box).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_no_entry_of_the_navigation_is_cut(nodes, seats, language, width):
    """An entry of the bar is shown whole, or stands in the menu alone."""
    page = seats.sit(nodes["MPA"], "liaison-officer", language)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/log")
    cut = page.evaluate(
        """() => {
          const bar = document.querySelector(".section-bar"), frame = bar.getBoundingClientRect();
          return [...bar.children].filter((el) => {
            const one = el.getBoundingClientRect();
            return one.width && one.top < frame.bottom - 1
              && (one.left < frame.left - 1 || one.right > frame.right + 1);
          }).map((el) => el.textContent);
        }"""
    )
    assert cut == []
