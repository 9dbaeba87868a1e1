"""Slips of the hand in a browser, in each language: a form sent twice, a colleague who saves
meanwhile, a release to the wrong party that is taken back.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests import breadth
from tests.e2e import acts
from tests.e2e.acts import STORIES
from tests.e2e.nodes import found, serving

BACK_SECONDS = 15
OWN = re.compile(r'href="/record/MPA/([0-9a-f-]{36})"')


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Two nodes on which what a person releases can be taken back for some seconds."""
    made = found(tmp_path_factory.mktemp("held"), ["MPA", "MOD"], take_back_seconds=BACK_SECONDS)
    with serving(list(made.values())):
        yield made


@pytest.fixture(params=breadth.of(["ckb"], ["en", "ar", "ckb"]))
def story(request):
    return STORIES[request.param]


def release(page: Page, path: str) -> None:
    """Release a record to MOD with the keyboard; a first time is confirmed."""
    page.goto(path)
    page.keyboard.press("r")
    page.wait_for_url("**/release")
    page.locator(".tabs a[href*='to=MOD']").click()
    page.wait_for_url("**/release?to=MOD")
    if page.locator("#f-sure").count():
        page.check("#f-sure")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{path}")


def test_what_was_released_is_taken_back_and_nothing_leaves(held, seats, story):
    """For some seconds a key takes it back: the page says so, and what is released after it
    arrives, while the partner finds nothing of it.
    """
    page = seats.sit(held["MPA"], "liaison-officer", story.language)
    partner = seats.sit(held["MOD"], "duty-officer", story.language)
    path = acts.write_incident(page, story, category="other")
    release(page, path)
    expect(page.locator("[data-told=held_back] form[data-take-back]")).to_be_visible()
    page.keyboard.press("z")
    told = page.locator("[data-told=taken_back]")
    expect(told).to_contain_text("MOD")
    expect(page.locator("[data-take-back]")).to_have_count(0)
    after = acts.write_incident(page, story, category="other")
    release(page, after)
    partner.goto("/inbox")
    arrived = partner.locator(f"#i{after.rpartition('/')[2]}")
    expect(arrived).to_be_visible(timeout=(BACK_SECONDS + 20) * 1000)
    assert partner.request.get(path).status == 404
    expect(page.locator("[data-take-back]")).to_have_count(0)
    page.goto(path)
    expect(page.locator("#held")).to_contain_text(story.of("release_state.declined"))


def test_d4_without_a_party_no_key_releases(held, seats, story):
    """Nobody is ticked in the form and chosen in the panel; the button names the party in full and
    its code.
    """
    page = seats.sit(held["MPA"], "liaison-officer", story.language)
    page.goto("/incidents/new")
    expect(page.locator("input[name=audience]")).not_to_have_count(0)
    expect(page.locator("input[name=audience]:checked")).to_have_count(0)
    path = acts.write_incident(page, story, category="other")
    page.keyboard.press("r")
    page.wait_for_url("**/release")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_have_count(0)
    page.goto(path)
    expect(page.locator("#held")).to_contain_text(story.of("record.nobody"))
    page.goto(f"{path}/release?to=MOD")
    expect(page.locator("button[value=release]")).to_contain_text("MOD")


def test_c1_pressed_twice_it_is_saved_once(held, seats, story):
    """Whose first Ctrl+Enter had no answer yet presses again: there is one incident and one line,
    and the page says which was saved.
    """
    page = seats.sit(held["MPA"], "duty-officer", story.language)
    for begin, box in ((acts.begin_incident, "#f-internal"), (begin_line, "#f-text")):
        before = own(page)
        begin(page, story)
        with unanswered(page) as sent:
            page.locator(box).focus()
            page.keyboard.press("Control+Enter")
            while not sent:
                page.wait_for_timeout(50)
            page.keyboard.press("Control+Enter")
            expect(page.locator("[data-told=saved] a")).to_have_count(1)
        assert own(page) == before + 1, page.url


@contextmanager
def unanswered(page: Page) -> Iterator[list[int]]:
    """Until its end the first form that this page sends reaches the node, and the browser is not
    told; gives the node's answers.
    """
    answers: list[int] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not answers and "/goes/" not in route.request.url:
            answers.append(route.fetch(max_redirects=0).status)
        else:
            route.continue_()

    page.route("**/*", hold)
    yield answers
    page.unroute_all(behavior="ignoreErrors")
    assert answers == [302]


def begin_line(page: Page, story: acts.Story) -> None:
    """A line of the duty log, ready to be saved."""
    page.goto("/log")
    page.keyboard.press("F2")
    page.locator("#f-text").fill(story.line)


def own(page: Page) -> int:
    """How many incidents and lines of the own party stand in their lists."""
    lists = ("/incidents?owner=MPA&tab=all", "/log")
    return len({found for one in lists for found in OWN.findall(page.request.get(one).text())})


def test_d1_a_colleagues_words_are_never_replaced(held, seats, story):
    """Two edit; who saves second reads both texts with what differs marked, the colleague's stand,
    and what is chosen is saved after it was looked at.
    """
    page = seats.sit(held["MPA"], "liaison-officer", story.language)
    other = seats.sit(held["MPA"], "duty-officer", story.language)
    path = acts.write_incident(page, story)
    mine = f"{story.text} {story.line}"
    page.goto(f"{path}/edit")
    page.fill("#f-text", mine)
    acts.revise(other, path, story.later)
    page.locator("#f-text").press("Control+Enter")
    row = page.locator("tr#f-text")
    expect(row.locator("ins").first).to_be_visible()
    expect(row.locator("del").first).to_be_visible()
    expect(page.locator("tr#f-internal")).to_have_count(0)
    other.goto(path)
    expect(other.locator(".record-text")).to_have_text(story.later)
    page.check("#pick-text-mine")
    page.keyboard.press("Control+Enter")
    expect(page.locator("textarea#f-text")).to_have_value(mine)
    page.locator("textarea#f-text").press("Control+Enter")
    page.wait_for_url(f"**{path}")
    expect(page.locator(".record-text")).to_have_text(mine)
    is_read_in_each_edition(page, path, [story.text, story.later, mine])


def is_read_in_each_edition(page: Page, path: str, texts: list[str]) -> None:
    """Each edition opens from the page as it was, and compares with the one before it."""
    for number, text in enumerate(texts, start=1):
        page.goto(path)
        page.click(f".history a[href$='/edition/{number}']")
        expect(page.locator(".record-text")).to_have_text(re.compile(re.escape(text)))
    page.goto(path)
    page.click(".history a[href$='/edition/1/beside/2']")
    expect(page.locator("tr#f-text ins").first).to_be_visible()
    expect(page.locator("tr#f-text del").first).to_be_visible()


def test_d1_a_draft_of_an_earlier_edition_replaces_nothing(held, seats, story):
    """What this browser kept while a colleague saved is offered beside the saved text, not put
    into the form.
    """
    page = seats.sit(held["MPA"], "liaison-officer", story.language)
    other = seats.sit(held["MPA"], "duty-officer", story.language)
    path = acts.write_incident(page, story)
    mine = f"{story.text} {story.line}"
    page.goto(f"{path}/edit")
    page.fill("#f-text", mine)
    page.goto(path)
    acts.revise(other, path, story.later)
    page.goto(f"{path}/edit")
    expect(page.locator("#f-text")).to_have_value(story.later)
    page.locator("[data-draft-compare]").click()
    expect(page.locator("tr#f-text ins").first).to_be_visible()
    page.check("#pick-text-theirs")
    page.locator("button[value=merge]").click()
    expect(page.locator("textarea#f-text")).to_have_value(story.later)


def test_d8_words_that_are_typed_beside_a_field_lead_nowhere(held, seats):
    """A digit among letters that mean nothing is no section, and a moment later it is one again."""
    page = seats.sit(held["MPA"], "duty-officer", "en")
    page.goto("/keys")
    page.keyboard.type("Hgate 4, 2 cars")
    page.wait_for_timeout(1_200)
    assert page.url.endswith("/keys")
    page.keyboard.press("4")
    page.wait_for_url("**/inbox")


def test_d8_the_row_in_focus_is_unmistakable(held, seats, story):
    """It has a ground of its own beside its ring, in a list and in the log, by day and by night."""
    page = seats.sit(held["MPA"], "duty-officer", story.language)
    acts.write_line(page, f"{story.line} · D8")
    acts.write_line(page, f"{story.later} · D8")
    ground = "row => getComputedStyle(row).backgroundColor"
    for theme in ("day", "night"):
        page.goto("/log")
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        focused = page.locator(".line[data-walk]:focus")
        for _ in range(5):
            page.keyboard.press("j")
            page.wait_for_timeout(300)  # where the list was renewed meanwhile, once more
            if focused.count():
                break
        other = page.locator(".line[data-walk]:not(:focus)").first
        assert focused.evaluate(ground) != other.evaluate(ground)


def test_d11_what_one_saved_is_told_by_its_reference_and_not_as_a_change(held, seats, story):
    """The page of what was saved says so with its reference, once, and nothing announces that the
    record has changed.
    """
    page = seats.sit(held["MPA"], "liaison-officer", story.language)
    path = acts.write_incident(page, story, category="other")
    told = page.locator("[data-told=saved]")
    expect(told).to_contain_text(story.of("told.saved"))
    assert path.endswith(told.locator("a").get_attribute("href"))
    page.wait_for_timeout(2_500)  # what is live has come to rest
    expect(page.locator("[data-announcer]")).to_be_empty()
    page.reload()
    expect(told).to_have_count(0)
