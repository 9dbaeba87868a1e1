"""A joint operation of two parties, on live nodes of its own: framed, a part shared, a passage
granted, a go that both say; another time asks again, what is called off rings until it is heard.
"""

import re

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import phrase
from tests import breadth
from tests.e2e import acts
from tests.e2e.looks import faults
from tests.e2e.nodes import found, serving

OTHER = {"en": "ar", "ar": "ckb", "ckb": "en"}
NAMES = {
    "en": "Aid to the families at the river",
    "ar": "مساعدات للعائلات عند النهر",
    "ckb": "یارمەتی بۆ خێزانەکانی لای ڕووبار",
}
DAYS = {"en": "2020-12-01", "ar": "2020-12-02", "ckb": "2020-12-03"}
WORDS = "#f-text"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two nodes where nothing else rings: what is called off does."""
    made = found(tmp_path_factory.mktemp("joint"), ["MPA", "MOD"])
    with serving(list(made.values())):
        yield made


def saved(page, box=WORDS):
    """The path of the record that a form makes."""
    acts.goes(page)
    page.locator(box).press("Control+Enter")
    page.wait_for_url(re.compile(r"/record/(MPA|MOD)/[0-9a-f-]+(#\w+)?$"))
    return page.url.partition("/record/")[2].partition("#")[0].join(("/record/", ""))


def frames(page, language):
    page.goto("/joint")
    page.keyboard.press("n")
    page.wait_for_url("**/joint/new")
    expect(page.locator("[data-note]")).to_have_count(1)
    page.select_option("#f-purpose", "aid_access")
    page.fill(WORDS, NAMES[language])
    page.check('[name="area-shape"][value="circle"]')
    page.fill("#f-area-metres", "5000")
    page.fill("#f-area-positions", acts.town("gwer", language))
    expect(page.locator(".chip:not(.chip-warn)[data-area-read]")).to_be_visible()
    for name, hour in (("begins", "06:00"), ("until", "12:00")):
        page.fill(f"#f-{name}", f"{DAYS[language]} {hour}")
    page.fill("#f-contacts", phrase("choice.whom.duty_officer", language))
    page.fill("#f-lines", "LINE-M")
    page.locator("aside details summary").first.click()
    page.check('[name="audience"][value="MOD"]')
    assert not faults(page, language)
    return saved(page)


def asks(page, language, move, state):
    page.locator(f"#move-{move} summary").click()
    for seat in ("MOD/duty-officer", "MPA/duty-officer"):
        box = page.locator(f'#move-{move} [name="seats"][value="{seat}"]')
        box.check()
    page.locator(f"#move-{move} form button[type=submit]").click()
    stands(page, language, state)


def stands(page, language, state):
    expect(page.locator(".record-kind .tag")).to_have_text(phrase(f"state.{state}", language))


def says(page, name, why=""):
    if why:
        page.locator(f"#act-{name} summary").click()
        page.select_option(f"#w-{name}", why)
        page.locator(f"#act-{name} form button").click()
    else:
        page.locator(f'#joint form:has([name="act"][value="{name}"]) button').click()


def looks_right(page, path, language):
    """Looked at from its top: after an act the bar covers what stands above the panel."""
    page.goto(path)
    assert not faults(page, language)


def shares(page, path, language):
    """Write a part for MPA alone, and say so on the page of the operation."""
    page.goto(path)
    assert not faults(page, language)
    page.locator(f'a[href^="/parts/new?about={path[8:]}"]').click()
    page.select_option("#f-does", "keeps_road_open")
    page.fill(WORDS, NAMES[language])
    page.fill("#f-contact", phrase("choice.whom.duty_officer", language))
    page.locator("aside details summary").first.click()
    page.check('[name="audience"][value="MPA"]')
    saved(page)
    page.goto(path)
    says(page, "parts_shared")


def passes(ours, theirs, path, language):
    """Ask for the passage of the line that the frame names; it is granted there."""
    ours.goto(f"/passages/new?about={path[8:]}")
    assert ours.input_value("#f-line") == "LINE-M"
    ours.select_option("#f-seats-MOD", "duty-officer")
    ours.fill("#f-contact", phrase("choice.whom.duty_officer", language))
    passage = saved(ours, "#f-line")
    theirs.goto("/passages")
    theirs.wait_for_selector(f'a[href="{passage}"]')
    theirs.goto(passage)
    assert not faults(theirs, OTHER[language])
    theirs.locator('form:has([name="act"][value="grant_passage"]) button').first.click()
    stands(theirs, OTHER[language], "passage_granted")


@pytest.mark.parametrize("language", breadth.of(["ar"], ["en", "ar", "ckb"]))
def test_two_parties_go_together_and_hear_when_it_is_called_off(two, seats, language):
    """Each acts on its own node, in its own language, and reads there what the other said."""
    there = OTHER[language]
    ours = seats.sit(two["MPA"], "duty-officer", language)
    theirs = seats.sit(two["MOD"], "duty-officer", there)
    path = frames(ours, language)
    asks(ours, language, "ask_parts", "parts_asked")
    theirs.goto("/joint")
    theirs.wait_for_selector(f'a[href="{path}"]')
    shares(theirs, path, there)
    expect(ours.locator("#shared")).to_contain_text(NAMES[there])
    passes(ours, theirs, path, language)
    ours.goto(path)
    asks(ours, language, "ask_go", "go_asked")
    says(ours, "say_go")
    theirs.goto(path)
    says(theirs, "say_go_if", "passage_granted")
    expect(ours.locator("#move-conclude_go")).to_be_visible()
    expect(ours.locator("#shared")).to_contain_text(phrase("state.passage_granted", language))
    looks_right(ours, path, language)
    ours.locator("#move-conclude_go summary").click()
    ours.check("#move-conclude_go [name=met]")
    ours.locator("#move-conclude_go form button").click()
    for page, its in ((ours, language), (theirs, there)):
        stands(page, its, "go_said")
    ours.goto(f"{path}/edit")
    ours.fill("#f-until", f"{DAYS[language]} 15:00")
    saved(ours)
    stands(ours, language, "go_asked")
    expect(theirs.locator("#joint")).to_contain_text(phrase("joint.asked_go", there))
    ours.locator("#move-call_operation_off summary").click()
    ours.select_option("#f-off_for", "weather")
    ours.locator("#move-call_operation_off form button[type=submit]").click()
    stands(theirs, there, "called_off")
    says(theirs, "heard_off")
    heard = phrase("did.heard_off", language)
    expect(ours.locator("#said-MOD-duty-officer")).to_contain_text(heard)
    for page, its in ((ours, language), (theirs, there)):
        looks_right(page, path, its)
