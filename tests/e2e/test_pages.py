"""Every page in three languages and two themes, at two widths; and the keyboard alone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import LANGUAGES, phrase
from tests.e2e import acts
from tests.e2e.data import MIXED
from tests.e2e.looks import DATES, faults
from tests.e2e.seats import Complaints, Seats

NOVEMBER = {"en": "22 November 2020", "ar": "22 تشرين الثاني 2020", "ckb": "22 تشرینی دووەم 2020"}
FILES = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "ics": b"BEGIN:VCALENDAR"}
MPA, MOD = ("MPA", "liaison-officer"), ("MOD", "duty-officer")
# Who looks, and at which address; in braces the record of that name.
PAGES = {
    "log": (MPA, "/log"),
    "log, nothing found": (MPA, "/log?q=nothing"),
    "search": (MPA, "/search?q=Makhmour"),
    "search, nothing found": (MPA, "/search?q=I-ZZZZZ"),
    "correct": (MPA, "{correct}"),
    "line": (MPA, "{line}"),
    "incidents": (MPA, "/incidents"),
    "new incident": (MPA, "/incidents/new"),
    "map": (MPA, "/map"),
    "own record": (MPA, "{asked}"),
    "record never released": (MPA, "{own}"),
    "record that was recalled": (MPA, "{gone}"),
    "edit": (MPA, "{own}/edit"),
    "release panel": (MPA, "{own}/release?to=MOD"),
    "release refused": (MPA, "{line}/release"),
    "approvals": (MPA, "/approvals"),
    "approval": (("MPA", "duty-officer"), "{approval}"),
    "recall": (MPA, "{held}/recall/MOD"),
    "holdings": (MPA, "/holdings"),
    "inbox": (MOD, "/inbox"),
    "received record": (MOD, "{held}"),
    "requests": (MOD, "/requests?tab=all"),
    "requests by stage": (MPA, "/requests?view=board&tab=all"),
    "new request": (MOD, "/requests/new"),
    "dispute": (MOD, "{asked}/reply/dispute"),
    "request": (MPA, "{question}"),
    "new safety message": (MPA, "/safety/new"),
    "safety messages": (MPA, "/safety?tab=all"),
    "safety message": (MPA, "{warned}"),
    "safety message received": (MOD, "{warned}"),
    "links": (MPA, "/links"),
    "link": (MPA, "/links/MOD"),
    "stick": (MPA, "/links/MOD/stick"),
    "join": (MPA, "/links/join"),
    "keys": (MPA, "/keys"),
    "who hears": (MOD, "/watch"),
    "administrator's links": (("MPA", "administrator"), "/links"),
    "absent": (MPA, "/nowhere"),
    "refused": (("MPA", "administrator"), "/holdings"),
}


@pytest.fixture(scope="module")
def views(browser, nodes):
    """A page a position and language, kept for all tests of this module."""
    seats, pages = Seats(browser=browser, complaints=Complaints()), {}

    def view(party, position, language):
        key = (party, position, language)
        if key not in pages:
            pages[key] = seats.sit(nodes[party], position, language)
        return pages[key]

    yield view
    seats.close()
    assert not seats.complaints.found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_d12_a_page_is_whole(views, paths, name, language):
    """Nothing is inaccessible, untranslated, turned round or wider than the screen."""
    (party, position), address = PAGES[name]
    page = views(party, position, language)
    page.goto(address.format(**paths))
    assert not faults(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_of_all_sections_opens_and_is_whole(views, language):
    """On a telephone the bar keeps where one is and what waits; the menu holds every section."""
    page = views(*MPA, language)
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/log")
    menu, bar = page.locator(".section-menu"), page.locator(".section-bar a")
    expect(bar.filter(visible=True).first).to_have_attribute("aria-current", "page")
    expect(menu.locator("a").first).to_be_hidden()
    menu.locator("summary").click()
    assert not faults(page, language)
    wanted = bar.evaluate_all("found => found.map(one => one.getAttribute('href'))")
    shown = menu.locator("a").filter(visible=True)
    assert set(wanted) <= set(shown.evaluate_all("s => s.map(a => a.getAttribute('href'))"))
    page.keyboard.press("u")
    page.wait_for_url("**/unknowns")
    page.set_viewport_size(before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_on_page_is_whole(nodes, seats, language):
    """Who has not signed on yet meets a page without faults, also after a wrong passphrase."""
    page = seats.context(nodes["MPA"], language).new_page()
    page.goto("/")
    assert not faults(page, language)
    page.fill("#person", "MPA-99")
    page.click("main .btn-primary")
    expect(page.locator(".error-summary")).to_be_visible()
    assert not faults(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_with_errors_is_whole(views, language):
    """Errors stand at the top and beside their fields, and what was typed is still there."""
    page = views("MPA", "duty-officer", language)
    page.goto("/incidents/new")
    page.fill("#f-text", "x" * 40)
    page.fill("#f-observed", "yesterday")
    page.click("main .btn-primary")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#f-observed")).to_have_value("yesterday")
    assert not faults(page, language)


def test_a_correction_begins_with_what_the_line_says_and_no_more(views, paths):
    """The form of a correction holds the old words; what was empty is empty."""
    page = views("MPA", "duty-officer", "en")
    page.goto(paths["correct"])
    expect(page.locator("#f-text")).to_be_focused()
    expect(page.locator("#f-text")).to_have_value(MIXED)
    for empty in ("#f-internal", "#f-channel"):
        expect(page.locator(empty)).to_have_value("")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_with_errors_is_kept_until_it_is_discarded(views, language):
    """What could not be saved is still there at the next visit, until it is thrown away."""
    page = views("MPA", "duty-officer", language)
    page.goto("/log")
    page.keyboard.press("F2")
    page.keyboard.type("The road")
    expect(page.locator("#f-text")).to_have_value("The road")
    page.fill("#f-observed", "soon")
    page.locator("#f-text").press("Control+Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    assert not faults(page, language)
    page.goto("/log")
    page.keyboard.press("F2")
    expect(page.locator("#f-text")).to_be_focused()
    expect(page.locator("#f-observed")).to_have_value("soon")
    page.click("[data-draft-discard]")
    expect(page.locator("#f-observed")).not_to_have_value("soon")


@pytest.mark.parametrize("language", LANGUAGES)
def test_november_is_named_as_iraq_names_it(views, language):
    """The month is that of the Gregorian year in each language."""
    page = views("MPA", "liaison-officer", language)
    page.goto("/log")
    expect(page.locator(".page-head .lead")).to_have_text(NOVEMBER[language])


def test_a_list_is_taken_along_by_each_of_its_buttons(views):
    """A browser gets every file that a list offers; its pages come from a process of the node."""
    page = views("MPA", "liaison-officer", "ar")
    page.goto("/incidents?tab=all")
    for way, starts in FILES.items():
        with page.expect_download() as taken:
            page.locator(f"a[href^='/incidents/{way}']").click()
        assert taken.value.suggested_filename.endswith(f".{way}")
        assert Path(taken.value.path()).read_bytes().startswith(starts), way


@pytest.mark.parametrize("language", ["ar", "ckb"])
def test_dates_read_from_year_to_day(views, paths, language):
    """A date keeps its order, also inside what somebody typed from right to left."""
    page = views("MPA", "liaison-officer", language)
    page.goto(paths["asked"])
    found = page.evaluate(DATES)
    assert found["count"] >= 3
    assert not found["wrong"]


def test_a_line_is_written_and_a_record_acknowledged_by_keys_alone(views, paths):
    """No step of the daily work asks for a mouse, and the focus is seen on every step."""
    page = views("MPA", "duty-officer", "ar")
    page.goto("/incidents")
    page.keyboard.press("1")
    page.wait_for_url("**/log")
    acts.write_line(page, "كتب بالمفاتيح وحدها")
    page = views("MOD", "duty-officer", "ar")
    page.goto("/log")
    page.keyboard.press("4")
    page.wait_for_url("**/inbox")
    row = page.locator(f"#i{paths['fresh'].rpartition('/')[2]}")
    for _ in range(20):
        page.keyboard.press("j")
        if row.evaluate("element => element === document.activeElement"):
            break
    assert is_outlined(page)
    with page.expect_response("**/inbox/part**"):  # what comes meanwhile leaves the row its focus
        row.evaluate("element => element.closest('live-region').refresh()")
    page.wait_for_timeout(100)
    assert row.evaluate("element => element === document.activeElement")
    page.keyboard.press("a")
    expect(row).to_contain_text(phrase("kind.acknowledgement", "ar"))


def is_outlined(page):
    """Whether the element with the focus wears a ring that can be seen."""
    return page.evaluate(
        """() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        }"""
    )


def test_each_stop_of_the_tab_key_is_seen(views):
    """Walking through the log with Tab shows where one stands."""
    page = views("MPA", "duty-officer", "en")
    page.goto("/log")
    page.wait_for_timeout(2_000)  # what other tests released has come to rest
    for _ in range(20):
        page.keyboard.press("Tab")
        assert is_outlined(page), page.evaluate("() => document.activeElement.outerHTML")


def test_what_is_announced_is_legible_and_goes_away(views):
    """Words about a change stand on a ground of their own, inside the screen, and not for ever."""
    page = views("MPA", "liaison-officer", "ar")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/holdings")
    place = page.locator("[data-announcer]")
    expect(place).to_be_empty()
    page.evaluate("words => window.tansiq.announce(words)", phrase("link.changed", "ar"))
    expect(place).to_have_text(phrase("link.changed", "ar"))
    ground = "element => getComputedStyle(element).backgroundColor"
    assert place.evaluate(ground) != "rgba(0, 0, 0, 0)"
    expect(place).to_be_in_viewport(ratio=1)
    assert not faults(page, "ar")
    expect(place).to_be_empty(timeout=10_000)


def test_digits_lead_to_the_sections_and_the_question_mark_to_the_keys(views):
    """Each section has its digit; ``?`` lists all keys."""
    page = views("MPA", "liaison-officer", "ckb")
    page.goto("/keys")
    sections = ("log", "incidents", "map", "inbox", "approvals", "holdings", "links")
    for digit, section in enumerate(sections, start=1):
        page.keyboard.press(str(digit))
        page.wait_for_url(f"**/{section}")
    page.keyboard.press("Shift+Slash")
    page.wait_for_url("**/keys")
    expect(page.locator("main kbd", has_text="F2")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_d8_f2_begins_a_line_on_every_page(views, language):
    """From a form, too: what is typed next is the line, and the form keeps its words as a draft."""
    page = views("MPA", "duty-officer", language)
    page.goto("/incidents/new")
    page.fill("#f-text", "half an incident")
    page.keyboard.press("F2")
    page.wait_for_url("**/log#new-line")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type("4 cars at the gate")
    expect(page.locator("#f-text")).to_have_value("4 cars at the gate")
    page.click("[data-draft-discard]") if page.locator(
        "[data-draft-discard]"
    ).is_visible() else None
    page.goto("/incidents/new")
    expect(page.locator("#f-text")).to_have_value("half an incident")
    page.click("[data-draft-discard]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_refuses_leads_back_to_where_one_was(views, language):
    """What cannot be done is no dead end: the page before is one press away."""
    page = views("MPA", "administrator", language)
    page.goto("/links")
    page.goto("/holdings")
    page.click("[data-go-back]")
    page.wait_for_url("**/links")
