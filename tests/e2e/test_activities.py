"""Two open plans meet (the open half of J6): whoever files one is shown the other with metres and
minutes before it is saved, both sides are told, and agree in a meeting on another time; on live
nodes.
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
TEXTS = {
    "en": ("Water tankers to the villages", "Repair of the road"),
    "ar": ("صهاريج مياه إلى القرى", "إصلاح الطريق"),
    "ckb": ("تانکەری ئاو بۆ گوندەکان", "چاککردنەوەی ڕێگا"),
}
# A day for each language, for the plans of one must not meet those of another.
DAYS = {"en": "2020-11-24", "ar": "2020-11-25", "ckb": "2020-11-26"}
DEGREES = re.compile(r"\d+\.\d{5}, \d+\.\d{5}")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two nodes where nothing else rings: the bar tells several at once as a number."""
    made = found(tmp_path_factory.mktemp("plans"), ["MPA", "MOD"])
    with serving(list(made.values())):
        yield made


def fills(page, text, language, *, hours, lines, to):
    """The form of an activity, with its points typed and looked at on the map."""
    page.goto("/activities")
    page.keyboard.press("n")
    page.wait_for_url("**/activities/new")
    page.select_option("#f-activity", "movement")
    page.fill("#f-text", text)
    page.check('[name="area-shape"][value="corridor"]')
    page.fill("#f-area-metres", "1000")
    page.fill("#f-area-positions", lines)
    expect(page.locator(".chip:not(.chip-warn)[data-area-read]")).to_be_visible()
    for name, hour in zip(("begins", "until"), hours, strict=True):
        page.fill(f"#f-{name}", f"{DAYS[language]} {hour}")
    page.fill("#f-contact", phrase("choice.whom.duty_officer", language))
    page.select_option("#f-sealed", "open")
    page.fill("#f-margin_metres", "5000")
    page.fill("#f-margin_minutes", "90")
    page.locator("aside details summary").first.click()
    page.check(f'[name="audience"][value="{to}"]')
    acts.goes(page)


def saves(page):
    """Save it, read what it meets, and save it once more."""
    page.locator("#f-text").press("Control+Enter")
    expect(page.locator("#neighbours input[name='neighbours_seen']")).to_have_count(1)


def confirms(page):
    acts.goes(page)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url(re.compile(r"/record/(MPA|MOD)/[0-9a-f-]+$"))
    return page.url.partition("/record/")[2].join(("/record/", ""))


@pytest.mark.parametrize("language", breadth.of(["ar"], ["en", "ar", "ckb"]))
def test_two_open_plans_are_seen_by_both_sides_before_they_meet(two, seats, language):
    """Filed on one node and seen on the other; near with metres and minutes; agreed by time."""
    there = OTHER[language]
    ours = seats.sit(two["MPA"], "duty-officer", language)
    theirs = seats.sit(two["MOD"], "duty-officer", there)
    makhmour, gwer = (acts.town(key, language) for key in ("makhmour", "gwer"))
    fills(theirs, TEXTS[language][0], language, hours=("06:00", "09:00"), to="MPA",
          lines="35.90, 43.60\n35.95, 43.65")  # fmt: skip
    saves(theirs)
    first = confirms(theirs)
    ours.goto("/activities")
    ours.wait_for_selector(f'a[href="{first}"]')
    fills(ours, TEXTS[language][1], language, hours=("10:00", "12:00"), to="MOD",
          lines=f"{makhmour}\n{gwer}")  # fmt: skip
    saves(ours)
    met = ours.locator("#neighbours li")
    expect(met).to_contain_text(TEXTS[language][0])
    expect(met).to_contain_text(phrase("neighbours.near", language))
    expect(met).to_contain_text(re.compile(r"60"))  # minutes between nine and ten
    assert not faults(ours, language)
    second = confirms(ours)
    expect(ours.locator(f"#neighbours a[href='{first}']")).to_be_visible()
    ours.locator("#neighbours details summary").click()
    expect(ours.locator("#neighbours details")).to_contain_text(
        phrase("choice.whom.duty_officer", language)
    )
    assert not faults(ours, language)
    for page in (ours, theirs):
        page.wait_for_selector(".alerts a[href*='/record/']", timeout=20_000)
    theirs.goto(first)
    expect(theirs.locator(f"#neighbours a[href='{second}']")).to_be_visible()
    assert not faults(theirs, there)
    resolved(ours, theirs, language, first=first, second=second)


def resolved(ours, theirs, language, *, first, second):
    """MOD, whose code comes first, opens the meeting by a key; MPA proposes its own afternoon, MOD
    agrees, and MPA lets its plan be moved there: both plans are agreed, and meet nothing any more.
    """
    expect(ours.locator("#neighbours [data-who-opens]")).to_contain_text("MOD")
    theirs.keyboard.press("m")
    expect(theirs.locator("#meeting")).to_be_visible()
    met = theirs.url.partition("#")[0]
    path = met[met.index("/record/") :]
    expect(theirs.locator("#side-other")).to_contain_text(TEXTS[language][1])
    assert not faults(theirs, OTHER[language])
    expect(ours.locator(f"#neighbours [data-meeting] a[href='{path}']")).to_be_visible()
    ours.goto(path)
    ours.locator("#propose-by_time summary").click()
    ours.fill("#f-by_time-other_begins", f"{DAYS[language]} 15:00")
    ours.fill("#f-by_time-other_until", f"{DAYS[language]} 17:00")
    assert not faults(ours, language)
    acts.sends(ours.locator("#f-by_time-other_until"))
    expect(ours.locator("#meeting .proposal")).to_contain_text("15:00")
    expect(theirs.locator("#meeting .proposal")).to_contain_text("15:00")
    assert not faults(theirs, OTHER[language])
    theirs.keyboard.press("m")
    said = phrase("state.agreed", OTHER[language])
    expect(theirs.locator("#side-first .tag", has_text=said)).to_be_visible()
    expect(ours.locator("#meeting form[action$='/settle']")).to_be_visible()
    ours.keyboard.press("m")
    said = phrase("state.agreed", language)
    expect(ours.locator("#side-other .tag", has_text=said)).to_be_visible()
    assert not faults(ours, language)
    for page, own in ((ours, second), (theirs, first)):
        page.goto(own)
        expect(page.locator("#neighbours .tag-ok").first).to_be_visible()
        expect(page.locator(f"#neighbours a[href='{path}']")).to_be_visible()


def test_an_area_is_drawn_by_hand_and_by_keys(two, seats):
    """On the map of the form: a click and Enter add points, an arrow key moves one, Delete takes it
    out; the lines of the text say the same.
    """
    page = seats.sit(two["MPA"], "duty-officer", "en")
    page.goto("/activities/new")
    page.check('[name="area-shape"][value="polygon"]')
    page.locator("[data-area] details summary").click()
    box = page.locator("[data-area] .map")
    box.locator(".leaflet-control-zoom-in").wait_for()
    box.click(position={"x": 120, "y": 90})
    expect(box.locator(".corner")).to_have_count(1)
    box.click(position={"x": 260, "y": 90})
    expect(box.locator(".corner")).to_have_count(2)
    box.focus()
    page.keyboard.press("Enter")
    expect(box.locator(".corner")).to_have_count(3)
    lines = page.locator("#f-area-positions")
    before = lines.input_value().splitlines()
    assert len(before) == 3
    assert all(DEGREES.fullmatch(line) for line in before)
    box.locator(".corner").nth(1).focus()
    page.keyboard.press("ArrowDown")
    expect(lines).not_to_have_value("\n".join(before))
    after = lines.input_value().splitlines()
    assert (before[0], before[2]) == (after[0], after[2])
    expect(page.locator("[data-area-read]")).to_contain_text("Polygon")
    box.locator(".corner").nth(2).focus()
    page.keyboard.press("Delete")
    expect(box.locator(".corner")).to_have_count(2)
