"""A medical evacuation over live nodes in three languages: asked by one key, declined there, asked
of another party, fetched with every stamp on open pages, and told across a line.
"""

import re

import pytest
from playwright.sync_api import expect

from tansiq.desk.records import say
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.wording import phrase
from tansiq.node.scenario.cast import PARTIES, moment
from tests import breadth
from tests.e2e import acts
from tests.e2e.looks import faults
from tests.e2e.nodes import found, serving
from tests.e2e.seats import stays

OTHER = {"en": "ar", "ar": "ckb", "ckb": "en"}
CONTACTS = {"en": "Checkpoint commander", "ar": "آمر السيطرة", "ckb": "فەرماندەی خاڵی پشکنین"}
LINE = "MAKHMOUR"


def _line(desks, carry):
    """A line of MOD in force, which MPA and COA hold and on which MPA is told."""
    body = {
        "code": LINE, "text": "Line Makhmour", "terms": "Tell the other side first",
        "area": {"shape": "corridor", "name": "", "metres": 4_000, "grain": "exact",
                 "positions": [[357_800_000, 435_800_000], [360_400_000, 433_900_000]]},
        "begins": moment("2020-11-01 00:00"), "until": moment("2021-06-30 00:00"),
        "told_there": [{"party": "MPA"}, {"party": "MOD"}],
    }  # fmt: skip
    label = Label(audience=audience_of(PartyCode("MPA"), PartyCode("COA")))
    draft = say.Draft(kind=COORDINATION_LINE.name, body=body, label=label)
    say.write(desks["MOD"], PARTIES["MOD"].duty(), draft)
    for other in ("MPA", "COA"):
        carry("MOD", other)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three nodes where nothing else rings."""
    made = found(tmp_path_factory.mktemp("evacuations"), ["MPA", "MOD", "COA"], _line)
    with serving(list(made.values())):
        yield made


def asks(page, language):
    """From any page by one key; the path of the request."""
    page.goto("/log")
    page.keyboard.press("F7")
    page.wait_for_url("**/medevac/new")
    assert not faults(page, language)
    page.check('[name="to"][value="COA"]')
    page.fill("#f-place-name", acts.town("makhmour", language))
    page.fill("#f-contact", CONTACTS[language])
    page.fill("#f-urgent", "2")
    page.fill("#f-litter", "1")
    page.fill("#f-walking", "1")
    page.locator("#f-walking").press("Control+Enter")
    page.wait_for_url("**/record/MPA/*")
    return page.url.partition("/record/")[2].partition("#")[0].join(("/record/", ""))


def does(page, name, value=""):
    """Take an act of the one lane that has it."""
    form = page.locator("#case form").filter(has=page.locator(f'[name="act"][value="{name}"]'))
    if value:
        page.locator(f"details[id$='{name}'] > summary").click()
        form.locator("select").select_option(value)
    form.locator("button").last.click()


def says(page, word, language):
    expect(page.locator("#timeline")).to_contain_text(phrase(word, language))


@pytest.mark.parametrize("language", breadth.of(["ckb"], ["en", "ar", "ckb"]))
def test_who_cannot_come_is_followed_by_who_does(three, seats, language):
    """The requester's page stays open all the while and reads each stamp as it is said."""
    there = OTHER[language]
    owner = seats.sit(three["MPA"], "duty-officer", language)
    first = seats.sit(three["COA"], "duty-officer", there)
    second = seats.sit(three["MOD"], "duty-officer", there)
    path = asks(owner, language)
    expect(owner.locator("#evacuation [data-since]")).to_be_visible()
    first.goto("/log")
    first.wait_for_selector(f".alerts a[href*='{path}']")
    first.goto("/medevac?view=board")
    expect(first.locator("#pile-requested [data-since]")).to_be_visible()
    assert not faults(first, there)
    first.goto(path)
    stays(owner, lambda: does(first, "decline_evacuation", "too_far"))
    says(owner, "did.decline_evacuation", language)
    assert not faults(owner, language)
    owner.check('#offer [value="MOD"]')
    owner.locator("#offer button").click()
    expect(owner.locator("#offer")).to_have_count(0)
    second.goto("/log")
    second.wait_for_selector(f".alerts a[href*='{path}']")
    second.goto(path)
    does(second, "accept_evacuation")
    second.locator("#tell-crossing > summary").click()
    second.select_option("#f-line", index=1)
    second.fill("#f-contact", CONTACTS[there])
    second.locator("#tell-crossing button").click()
    expect(second.locator("#crossings article")).to_contain_text(LINE)
    assert not faults(second, there)
    for name in ("set_off", "pick_up"):
        does(second, name)
        says(second, f"did.{name}", there)
    does(second, "hand_over", "hospital")
    says(owner, "did.hand_over", language)
    does(owner, "close_evacuation")
    says(owner, "did.close_evacuation", language)
    expect(owner.locator("#evacuation [data-since]")).to_have_count(0)
    owner.goto("/inbox")
    expect(owner.locator("main")).to_contain_text(LINE)
    owner.goto(f"{path}/print")
    expect(owner.locator("body")).to_contain_text(CONTACTS[language])
    assert not faults(owner, language)
    first.goto(path)
    expect(first.locator("#timeline")).to_contain_text(phrase("did.cancel", there))
    expect(first.locator("main")).not_to_contain_text(re.compile(r"\bMOD\b"))
