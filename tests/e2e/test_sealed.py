"""Two sealed plans meet (J6): one key asks, the answer is one word and whom to call, the plan is
moved and agreed, and the partner reads that checks took place; over the link, and by two trips of
a stick.
"""

import re

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import phrase
from tests.e2e.looks import faults
from tests.e2e.nodes import found, run, serving, unplug

TEXTS = {"en": "Move across the line", "ar": "تنقل عبر الخط", "ckb": "جووڵە بەسەر هێڵدا"}
# A day for each language, for the plans of one must not meet those of another.
DAYS = {"en": "2020-11-24", "ar": "2020-11-25", "ckb": "2020-11-26"}
AT = "35.90, 43.60\n35.95, 43.65"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two nodes of their own: the budget of a day is for these tests alone."""
    made = found(tmp_path_factory.mktemp("sealed"), ["MPA", "MOD"])
    with serving(list(made.values())):
        yield made


def files(page, language, hours, day=""):
    """File a sealed movement; the path of its page."""
    page.goto("/activities/new")
    page.select_option("#f-activity", "movement")
    page.fill("#f-text", TEXTS[language])
    page.check('[name="area-shape"][value="corridor"]')
    page.fill("#f-area-metres", "1000")
    page.fill("#f-area-positions", AT)
    expect(page.locator(".chip:not(.chip-warn)[data-area-read]")).to_be_visible()
    for name, hour in zip(("begins", "until"), hours, strict=True):
        page.fill(f"#f-{name}", f"{day or DAYS[language]} {hour}")
    page.fill("#f-contact", phrase("choice.whom.duty_officer", language))
    page.select_option("#f-sealed", "sealed")
    saves(page)
    return page.url.partition("/record/")[2].join(("/record/", ""))


def saves(page):
    """Save it, read what it meets, and save it once more."""
    page.locator("#f-text").press("Control+Enter")
    expect(page.locator("#neighbours input[name='neighbours_seen']")).to_have_count(1)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url(re.compile(r"/record/(MPA|MOD)/[0-9a-f-]+$"))


def asks(page, path):
    """Check by one key, once the counter says that it may be."""
    page.goto(path)
    expect(page.locator("#sealed-allowed")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator("#sealed-MOD [data-answer]")).to_be_visible()


def moved(page, path, language):
    """To the evening, out of the way, by a new edition."""
    page.goto(f"{path}/edit")
    page.fill("#f-begins", f"{DAYS[language]} 18:00")
    page.fill("#f-until", f"{DAYS[language]} 20:00")
    saves(page)


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_two_sealed_plans_meet_over_the_link(two, seats, language):
    """Overlap within seconds, whom to call; moved and clear; agreed; the partner's list says that
    two checks took place, and nothing of what was checked.
    """
    theirs = seats.sit(two["MOD"], "duty-officer", language)
    files(theirs, language, ("06:00", "12:00"))
    ours = seats.sit(two["MPA"], "duty-officer", language)
    path = files(ours, language, ("05:00", "09:00"))
    asks(ours, path)
    told = ours.locator("#sealed-MOD [data-answer='overlap']")
    expect(told).to_be_visible(timeout=20_000)
    expect(ours.locator("#call-sealed-MOD")).to_contain_text(phrase("sealed.call", language))
    assert not faults(ours, language)
    moved(ours, path, language)
    expect(ours.locator("#sealed-MOD")).to_contain_text(phrase("sealed.changed", language))
    asks(ours, path)
    expect(ours.locator("#sealed-MOD [data-answer='clear']")).to_be_visible(timeout=20_000)
    ours.click(f"form[action='/sealed/{path.rpartition('/')[2]}/agreed'] button")
    expect(ours.locator("main")).to_contain_text(phrase("state.agreed", language))
    theirs.goto("/sealed")
    expect(theirs.locator("#with-MPA tbody tr")).to_have_count(2 * (1 + list(DAYS).index(language)))
    expect(theirs.locator("main")).not_to_contain_text(TEXTS[language])
    assert not faults(theirs, language)


def test_the_same_by_two_trips_of_a_stick(tmp_path, seats):
    """Asked with the link down: the question goes by stick, the answer comes back by stick, and
    both nodes were started anew between. Each seat has a language of its own, so that one walk, of
    which starting nodes is the most, shows all three.
    """
    made = found(tmp_path, ["MPA", "MOD"])
    for node in made.values():
        unplug(node)
    stick = tmp_path / "stick"
    stick.mkdir()
    with serving(list(made.values())):
        theirs = seats.sit(made["MOD"], "duty-officer", "ar")
        files(theirs, "ar", ("06:00", "12:00"), DAYS["en"])
        ours = seats.sit(made["MPA"], "duty-officer", "ckb")
        path = files(ours, "ckb", ("05:00", "09:00"), DAYS["en"])
        asks(ours, path)
        for page in (ours, theirs):
            page.close()
    for party, other in (("MPA", "MOD"), ("MOD", "MPA"), ("MPA", "MOD")):
        done = run("exchange", made[party].folder, stick, "--to", other)
        assert done.returncode == 0, done.stdout + done.stderr
    with serving([made["MPA"]]):
        again = seats.sit(made["MPA"], "duty-officer", "en")
        again.goto(path)
        expect(again.locator("#sealed-MOD [data-answer='overlap']")).to_be_visible()
        expect(again.locator("#call-sealed-MOD")).to_contain_text(phrase("sealed.call", "en"))
