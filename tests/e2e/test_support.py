"""J8, a need and its receipt, between two ministries: over a live link in each language, and in
three trips of a stick.
"""

import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tests import breadth
from tests.e2e import acts
from tests.e2e.seats import stays
from tests.e2e.test_stick import Desk

NEEDS = {
    "en": "Masks for the clinic at the silo",
    "ar": "كمامات للعيادة قرب السايلو",
    "ckb": "ماسک بۆ کلینیکەکەی لای سایلۆ",
}


@dataclass(frozen=True)
class Journey:
    """Who asks and who provides, and in which language."""

    language: str
    asks: Page
    provides: Page

    def of(self, key: str) -> str:
        """The interface's words in this language."""
        return phrase(key, self.language)

    def need(self) -> str:
        """Write the request with the keyboard; the path of its page."""
        page = self.asks
        page.goto("/support")
        page.keyboard.press("n")
        page.wait_for_url("**/support/new")
        page.select_option("#f-sort", "supplies")
        page.fill("#f-text", NEEDS[self.language])
        page.fill("#f-place-name", acts.town("kirkuk", self.language))
        page.fill("#f-needed_by", "2030-12-24 12:00")
        page.select_option("#f-priority", "urgent")
        page.fill("#f-reason", NEEDS[self.language])
        page.select_option('[name="lines-0-item"]', "mask")
        page.select_option('[name="lines-0-unit"]', "box")
        page.fill('[name="lines-0-count"]', "20")
        page.select_option('[name="seats-MOD"]', "liaison-officer")
        acts.goes(page)
        page.locator("#f-reason").press("Control+Enter")
        page.wait_for_url("**/record/MPA/*")
        expect(page.locator(".record-text")).to_have_text(NEEDS[self.language])
        return page.url.partition("/record/")[2].join(("/record/", ""))

    def stage(self, page: Page, name: str) -> None:
        """The lane of an open page says where it stands."""
        expect(page.locator(".lane h3 .tag")).to_have_text(self.of(f"state.{name}"))


def opened(page: Page, path: str, act: str) -> None:
    """Open the form of an act on the record's page."""
    page.goto(path)
    page.locator(f"details[id*='-{act}'] summary").first.click()


def promised(journey: Journey, path: str) -> None:
    """What is asked for stands in the form: promised and approved by one key."""
    page = journey.provides
    opened(page, path, "allot")
    first = page.locator("details[open] input.line-count").first
    expect(first).to_have_value("20")
    acts.sends(first)
    journey.stage(page, "approved")


def sent(journey: Journey, path: str) -> None:
    """All of it goes as one consignment, and is delivered."""
    page = journey.provides
    opened(page, path, "dispatch")
    page.select_option("details[open] [name='then']", "deliver")
    acts.sends(page.locator("details[open] input.line-count").first)
    journey.stage(page, "delivered")


def came(journey: Journey, path: str) -> None:
    """All came: the counts stand in the form, and one key signs and closes."""
    page = journey.asks
    page.goto(path)
    page.locator("details[id*='-receipt-'] summary").first.press("Enter")
    acts.sends(page.locator("details[open] input.line-count").first)
    journey.stage(page, "closed")


@pytest.mark.parametrize("language", breadth.of(["ckb"], ["en", "ar", "ckb"]))
def test_a_need_is_met_over_the_line(nodes, seats, language):
    """Each step is on the other side's page after one exchange; only the receipt closes."""
    journey = Journey(
        language=language, asks=seats.sit(nodes["MPA"], "liaison-officer", language),
        provides=seats.sit(nodes["MOD"], "liaison-officer", language),
    )  # fmt: skip
    path = journey.need()
    journey.provides.goto("/support")
    expect(journey.provides.locator(f"main a[href='{path}']").first).to_be_visible()
    stays(journey.asks, lambda: promised(journey, path))
    journey.stage(journey.asks, "approved")
    sent(journey, path)
    journey.stage(journey.asks, "delivered")
    came(journey, path)
    journey.provides.goto(path)
    journey.stage(journey.provides, "closed")
    expect(journey.provides.locator(".goods").first).to_contain_text("20")


def test_a_need_is_met_in_three_trips_of_a_stick(apart, seats, tmp_path):
    """There with the need, back with promise and consignment, there with the receipt."""
    stick = tmp_path / "stick"
    stick.mkdir()
    asks, provides = (
        Desk(party, seats.sit(apart[party], "liaison-officer", "ar"), stick)
        for party in ("MPA", "MOD")
    )
    journey = Journey(language="ar", asks=asks.page, provides=provides.page)
    path = journey.need()
    provides.take(asks.make())
    provides.says("stick.whole")
    promised(journey, path)
    sent(journey, path)
    asks.take(provides.make())
    asks.says("stick.whole")
    came(journey, path)
    provides.take(asks.make())
    provides.says("stick.whole")
    provides.page.goto(path)
    journey.stage(provides.page, "closed")


KEYS_OF_A_REQUEST, KEYS_OF_A_RECEIPT, REQUEST_SECONDS = 20, 5, 120
NEXT, BESIDE = "F4", "Tab"  # the next question, and what belongs to the same one
# What is typed: the field, the key that leads there, the keys that choose, the words that are said.
TYPED = (
    ("#f-sort", NEXT, "s", ""), ("#f-text", NEXT, "", "Masks for the nurses at the silo"),
    ("#f-place-name", NEXT, "", "Sinjar"), ("#f-needed_by", NEXT, "", "2030-11-24 12:00"),
    ("#f-priority", NEXT, "u", ""), ("#f-reason", NEXT, "", "None are left"),
    (".seats select", NEXT, "", ""), ("[name='seats-MOD']", BESIDE, "l", ""),
    ("[name='lines-0-item']", NEXT, "fa", ""), ("[name='lines-0-unit']", BESIDE, "b", ""),
    ("[name='lines-0-count']", BESIDE, "", "20"),
)  # fmt: skip


@dataclass
class Hands:
    """Somebody who uses the keyboard alone: every key counts, but for what is said in words."""

    page: Page
    keys: int = 0

    def press(self, *keys: str) -> None:
        """Press these keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def to(self, field: str, key: str) -> None:
        """Go on with a key until the cursor is in that field."""
        for _ in range(KEYS_OF_A_REQUEST):
            if self.page.evaluate("field => document.activeElement.matches(field)", field):
                return
            self.press(key)
        raise AssertionError(f"{field} is not reached")


def test_a_request_needs_twenty_keys_beyond_its_words_and_a_receipt_five(nodes, seats):
    """Counted on the real pages: from the list to the record that was sent, within two minutes, and
    from the list to a case that is closed where all came.
    """
    journey = Journey(
        language="en", asks=seats.sit(nodes["MPA"], "liaison-officer", "en"),
        provides=seats.sit(nodes["MOD"], "liaison-officer", "en"),
    )  # fmt: skip
    page = journey.asks
    page.goto("/support")
    hands, began = Hands(page), time.monotonic()
    hands.press("n")
    page.wait_for_url("**/support/new")
    for field, key, chosen, words in TYPED:
        hands.to(field, key)
        hands.press(*chosen)
        page.keyboard.type(words)
    acts.goes(page)
    hands.press("Control+Enter")
    page.wait_for_url("**/record/MPA/*")
    assert time.monotonic() - began < REQUEST_SECONDS
    assert hands.keys <= KEYS_OF_A_REQUEST
    path = page.url.partition("/record/")[2].join(("/record/", ""))
    expect(page.locator(".goods").first).to_contain_text("20")
    stays(journey.asks, lambda: promised(journey, path))
    sent(journey, path)
    page.goto("/support")
    hands = Hands(page)
    hands.press("j")
    expect(page.locator(f"[data-walk]:focus a[href='{path}']").first).to_be_visible()
    hands.press("Enter")
    page.wait_for_url(f"**{path}*")
    hands.press("g", "Control+Enter")
    journey.stage(page, "closed")
    assert hands.keys <= KEYS_OF_A_RECEIPT
