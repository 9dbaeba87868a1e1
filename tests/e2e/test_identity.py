"""A browser with a telephone and a passkey; a screen that is locked, and two who share it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tansiq.domain.wording import LANGUAGES, phrase
from tansiq.node.scenario.cast import passphrase_of
from tansiq.node.settings import FILE
from tests.e2e.looks import faults
from tests.e2e.nodes import found, serving
from tests.e2e.seats import person_at, sign_on
from tests.web import device

DUTY, LIAISON, ADMINISTRATOR = "duty-officer", "liaison-officer", "administrator"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A node of this module alone, whose liaison officer needs a second factor."""
    made = found(tmp_path_factory.mktemp("identity"), ["MPA"])["MPA"]
    path = made.folder / FILE
    settings = json.loads(path.read_text("utf-8"))
    settings["identity"]["second_factor"] = ["liaison_officer"]
    path.write_text(json.dumps(settings), "utf-8")
    with serving([made]):
        yield made


def named(page, node, address):
    """The address at the host's name: passkeys know no numbers."""
    page.goto(f"http://localhost:{node.web_port}{address}")


def with_key(page):
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def language_at_name(context, node, language):
    url = f"http://localhost:{node.web_port}"
    context.add_cookies([{"name": "language", "value": language, "url": url}])


def fill_in(page, position, person):
    page.select_option("#position", position)
    page.fill("#person", person)
    page.fill("#passphrase", passphrase_of(person))
    page.click("main .btn-primary")


def codes_on(page):
    page.wait_for_selector(".codes bdi")
    return [text.replace(" ", "") for text in page.locator(".codes bdi").all_inner_texts()]


def test_a_liaison_officer_enrols_a_telephone_and_a_passkey(own, seats):
    """First a telephone is set up, then a passkey, which signs on without a passphrase."""
    context = seats.context(own)
    page, person = context.new_page(), person_at("MPA", LIAISON)
    with_key(page)
    named(page, own, "/sign-on")
    fill_in(page, LIAISON, person)
    expect(page.locator(".notice-warn")).to_be_visible()
    assert not faults(page, "en")
    page.click("a[href='/identity/totp']")
    assert not faults(page, "en")
    secret = page.locator("p.mono bdi").inner_text()
    page.fill("#code", device.code(secret, -1))
    page.click("main .btn-primary")
    codes = codes_on(page)
    assert 10 == len(codes)
    assert not faults(page, "en")
    page.click("main .btn-primary")
    page.click("a[href='/identity/passkey']")
    page.fill("#name", "This computer")
    assert not faults(page, "en")
    page.click("[data-passkey]")
    expect(page.get_by_text("This computer")).to_be_visible()
    page.click("form[action='/sign-off'] button")
    page.select_option("#position", LIAISON)
    page.click("[data-passkey]")
    expect(page.locator("nav.sections")).to_be_visible()
    page.keyboard.press("F8")
    page.click("[data-passkey]")
    expect(page.locator("nav.sections")).to_be_visible()
    page.click("form[action='/sign-off'] button")
    fill_in(page, LIAISON, person)
    expect(page.locator("#code")).to_be_visible()
    page.fill("#code", codes[0])
    page.click("main .btn-primary")
    expect(page.locator("nav.sections")).to_be_visible()
    page.click("form[action='/sign-off'] button")
    fill_in(page, LIAISON, person)
    page.click("[data-passkey]")
    expect(page.locator("nav.sections")).to_be_visible()


def test_a_passkey_that_is_not_there_is_said(own, seats):
    """A browser without a passkey says so, and the passphrase still works."""
    page = seats.context(own).new_page()
    with_key(page)
    named(page, own, "/sign-on")
    page.click("[data-passkey]")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    fill_in(page, DUTY, person_at("MPA", DUTY))
    expect(page.locator("nav.sections")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_ones_own_sign_on_are_whole(own, seats, language):
    """Overview, telephone, passkey, confirmation and lock, in every language, theme and width."""
    page = seats.context(own, language).new_page()
    language_at_name(page.context, own, language)
    named(page, own, "/sign-on")
    assert not faults(page, language)
    fill_in(page, ADMINISTRATOR, person_at("MPA", ADMINISTRATOR))
    expect(page.locator("nav.sections")).to_be_visible()
    for address in ("/identity", "/identity/totp", "/identity/passkey", "/identity/confirm"):
        named(page, own, address)
        assert not faults(page, language), address
    named(page, own, "/identity")
    page.keyboard.press("F8")
    expect(page.locator("#unlock")).to_be_focused()
    assert not faults(page, language)


def test_the_page_says_why_there_are_no_passkeys_at_a_number(own, seats):
    """At 127.0.0.1 the page tells where they work."""
    page = seats.context(own).new_page()
    sign_on(page, "MPA", DUTY)
    page.goto("/identity")
    expect(page.get_by_text(re.compile("Passkeys do not work at a numeric"))).to_be_visible()
    page.click("a[href^='http://localhost']")
    expect(page.locator("#position")).to_be_visible()


def test_a_screen_is_locked_while_somebody_types_and_nothing_is_lost(own, seats):
    """By a key, from within the composer; behind the lock is nothing, after it all is as it was."""
    page = seats.context(own).new_page()
    sign_on(page, "MPA", DUTY)
    page.goto("/log")
    page.keyboard.press("F2")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type("Half a sentence about")
    page.keyboard.press("F8")
    expect(page.locator("#unlock")).to_be_focused()
    assert "Half a sentence" not in page.content()
    page.go_back()
    expect(page.locator("#unlock")).to_be_visible()
    assert "Half a sentence" not in page.content()
    page.fill("#unlock", passphrase_of(person_at("MPA", DUTY)))
    page.keyboard.press("Enter")
    expect(page.locator("#f-text")).to_have_value("Half a sentence about")


def test_the_next_person_takes_over_in_one_step_and_finds_no_draft(own, seats):
    """Keys alone: the next person signs on at the lock, and the draft of the former is gone."""
    page = seats.context(own).new_page()
    sign_on(page, "MPA", DUTY)
    page.goto("/log")
    page.keyboard.press("F2")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type("A draft of the former")
    page.keyboard.press("F8")
    page.select_option("#position", ADMINISTRATOR)
    page.fill("#person", person_at("MPA", ADMINISTRATOR))
    page.fill("#passphrase", passphrase_of(person_at("MPA", ADMINISTRATOR)))
    page.keyboard.press("Enter")
    expect(page.locator("nav.sections")).to_be_visible()
    assert person_at("MPA", ADMINISTRATOR) in page.inner_text(".who")
    kept = page.evaluate("() => JSON.stringify(localStorage)")
    assert "A draft of the former" not in kept
    page.click("form[action='/sign-off'] button")
    sign_on(page, "MPA", DUTY)
    page.goto("/log")
    page.keyboard.press("F2")
    expect(page.locator("#f-text")).to_have_value("")


def test_rest_locks_every_page_of_a_browser(own, seats):
    """After the time of rest the page locks by itself; a second page hears of it and closes too."""
    context = seats.context(own)
    other, page = context.new_page(), context.new_page()
    page.clock.install()
    sign_on(page, "MPA", DUTY)
    other.goto("/incidents")
    expect(other.locator("[data-connection]")).to_have_attribute("data-state", "up")
    page.bring_to_front()
    page.clock.fast_forward(59 * 60_000)
    page.mouse.click(5, 400)
    page.clock.fast_forward(59 * 60_000)
    expect(page.locator("nav.sections")).to_be_visible()
    page.clock.fast_forward(2 * 60_000)
    expect(page.locator("#unlock")).to_be_visible()
    expect(other.locator("#unlock")).to_be_visible()
    assert phrase("lock.title", "en") in other.title()
