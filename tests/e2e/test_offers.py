"""An offer that nobody asked for, between two ministries over a live link: made, received, taken by
the request that it becomes, and promised there. Each side works in a language of its own.
"""

import re

from playwright.sync_api import expect

from tansiq.domain.wording import phrase
from tests.e2e import acts
from tests.e2e.seats import stays
from tests.e2e.test_support import Journey, promised

GIVES, TAKES = "ar", "ckb"
OFFERED = "كمامات من مخزن يُخلى"


def offered(page) -> str:
    """Offer masks with the keyboard from the list; the path of the offer's page."""
    page.goto("/offers")
    page.keyboard.press("n")
    page.wait_for_url("**/offers/new")
    page.select_option("#f-sort", "supplies")
    page.fill("#f-text", OFFERED)
    page.fill("#f-place-name", acts.town("kirkuk", GIVES))
    page.fill("#f-valid_until", "2030-12-20 12:00")
    page.fill("#f-available-from", "2030-12-21 08:00")
    page.fill("#f-available-to", "2030-12-24 12:00")
    page.select_option('[name="lines-0-item"]', "mask")
    page.select_option('[name="lines-0-unit"]', "box")
    page.fill('[name="lines-0-count"]', "20")
    page.select_option('[name="seats-MPA"]', "liaison-officer")
    acts.goes(page)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url("**/record/MOD/*")
    expect(page.locator(".record-text")).to_have_text(OFFERED)
    return page.url.partition("/record/")[2].join(("/record/", ""))


def taken(page, path) -> str:
    """Take an offer: the form has its words and says what saving does; the path of the request."""
    page.goto(path)
    page.get_by_role("button", name=phrase("act.take_offer", TAKES), exact=True).click()
    page.wait_for_url(re.compile(r"/support/new\?about="))
    expect(page.locator("#takes")).to_be_visible()
    expect(page.locator("#f-text")).to_have_value(OFFERED)
    expect(page.locator('[name="seats-MOD"]')).to_have_value("liaison-officer")
    expect(page.locator('[name="lines-0-count"]')).to_have_value("20")
    page.select_option("#f-priority", "routine")
    acts.goes(page)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url("**/record/MPA/*")
    return page.url.partition("/record/")[2].join(("/record/", ""))


def stage(page, name, language) -> None:
    """The lane of an open page says where it stands."""
    expect(page.locator(".lane h3 .tag")).to_have_text(phrase(f"state.{name}", language))


def test_an_offer_is_taken_and_its_request_promised_over_the_line(nodes, seats):
    """Offered, received, accepted by a request, allotted: each step is on the other side's open
    page after one exchange, and each page leads to the other record.
    """
    gives = seats.sit(nodes["MOD"], "liaison-officer", GIVES)
    takes = seats.sit(nodes["MPA"], "liaison-officer", TAKES)
    offer = offered(gives)
    takes.goto("/offers")
    expect(takes.locator(f"main a[href='{offer}']").first).to_be_visible()
    takes.goto(offer)
    receive = takes.get_by_role("button", name=phrase("act.receive", TAKES), exact=True)
    stays(gives, receive.click)
    stage(gives, "received", GIVES)
    requests: list[str] = []
    stays(gives, lambda: requests.append(taken(takes, offer)))
    stage(gives, "accepted", GIVES)
    (request,) = requests
    expect(gives.locator(f"#replies a[href='{request}']")).to_be_visible()
    expect(takes.locator(f"main a[href='{offer}']").first).to_be_visible()
    stays(takes, lambda: promised(Journey(language=GIVES, asks=takes, provides=gives), request))
    stage(takes, "approved", TAKES)
    takes.goto(offer)
    stage(takes, "accepted", TAKES)
    expect(takes.locator(f"#replies a[href='{request}']")).to_be_visible()
