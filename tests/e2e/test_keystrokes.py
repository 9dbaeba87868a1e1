"""How many keys an act takes from any page, beyond its words, in each language."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import LANGUAGES, phrase
from tests.e2e import acts
from tests.e2e.acts import STORIES

LINES = {
    "en": "Fire at Makhmour, fields burn, C3, 3 injured",
    "ar": "حريق في مخمور، حقول تحترق، ج٣، ٣ جرحى",
    "ckb": "ئاگر لە مەخمووردا، کێڵگە دەسووتێن، C3، ٣ بریندار",
}
CHIPS = ["category:fire", "place:makhmour", "grade:C3", "hurt:3"]


@dataclass
class Hand:
    """Types words and presses keys, and counts the keys."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.pressed.append(name)

    def words(self, text: str) -> None:
        self.page.keyboard.type(text)

    def within(self, most: int) -> None:
        """What was pressed since the last look is so much at most."""
        assert len(self.pressed) <= most, f"{len(self.pressed)} keys of {most}: {self.pressed}"
        self.pressed.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_acts_take_few_keys_from_any_page(nodes, seats, language):
    """A line in 4, an incident in 12, a record by its reference in 3, approving in 3."""
    page = seats.sit(nodes["MPA"], "duty-officer", language)
    hand = Hand(page)
    for act in (writes_a_line, makes_an_incident, finds_by_reference):
        page.goto("/links")
        act(hand, language)
    liaison = seats.sit(nodes["MPA"], "liaison-officer", language)
    path = acts.write_incident(liaison, STORIES[language])
    acts.ask_for_approval(liaison, path, "MOD")
    page.goto("/approvals")
    page.goto(page.locator('a[href^="/approvals/"]').last.get_attribute("href"))
    hand.keys("Control+Enter")
    page.wait_for_url("**/approvals*")
    expect(page.locator('button[value="approve"]')).to_have_count(0)
    hand.within(3)


def writes_a_line(hand: Hand, language: str) -> None:
    """F2, the words, Ctrl+Enter."""
    begin(hand)
    hand.words(STORIES[language].line)
    hand.keys("Control+Enter")
    lines = hand.page.locator(".log .line-text", has_text=STORIES[language].line)
    expect(lines.first).to_be_visible()
    hand.within(4)


def makes_an_incident(hand: Hand, language: str) -> None:
    """The words are understood while they are typed, one chip is taken away, and what was typed
    stands in the form of the incident and in the incident.
    """
    page = hand.page
    begin(hand)
    hand.words(LINES[language])
    chips = page.locator("[data-chips] [name=chip]")
    expect(chips).to_have_count(len(CHIPS))
    assert [one.get_attribute("value") for one in chips.all()] == CHIPS
    hand.keys("Tab", "Tab", "Tab", "Tab", "Space")
    expect(chips.nth(3)).not_to_be_checked()
    hand.keys("F6")
    page.wait_for_url("**/incidents/new?line=*")
    expect(page.locator("#from-line")).to_contain_text(LINES[language])
    expect(page.locator("#f-hurt")).to_have_value("")
    hand.keys("Control+Enter")
    page.wait_for_url("**/record/MPA/*")
    expect(page.locator(".record-text")).to_have_text(LINES[language])
    shown = page.locator("#record")
    for word in (phrase("choice.category.fire", language), acts.town("makhmour", language)):
        expect(shown).to_contain_text(word)
    hand.within(12)


def finds_by_reference(hand: Hand, language: str) -> None:
    """The box, the reference as it was heard, Enter."""
    page = hand.page
    page.goto("/log")
    line = page.locator(".line", has_text=STORIES[language].line).first
    code = line.locator(".ref").first.inner_text()
    page.goto("/links")
    hand.keys("/")
    hand.words(code.replace("-", "").lower())
    hand.keys("Enter")
    page.wait_for_url("**/record/MPA/*")
    hand.within(3)


def begin(hand: Hand) -> None:
    """F2 opens the composer from here, with the cursor in it."""
    hand.keys("F2")
    expect(hand.page.locator("#f-text")).to_be_focused()


def test_the_clock_of_a_line_stops_at_its_first_letter(nodes, seats):
    """A page that stood open for long gives a line the time of its first letter, and no later
    letter moves it.
    """
    page = seats.sit(nodes["MPA"], "duty-officer", "en")
    page.clock.install()
    page.goto("/log")
    page.keyboard.press("F2")
    box, opened = page.locator("#f-observed"), page.input_value("#f-observed")
    page.clock.fast_forward("10:00")
    page.keyboard.type("A")
    began = box.input_value()
    assert began > opened
    page.clock.fast_forward("05:00")
    page.keyboard.type(" cow")
    expect(box).to_have_value(began)
    page.locator("[data-draft-discard]").evaluate("button => button.click()")
