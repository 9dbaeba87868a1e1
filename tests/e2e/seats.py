"""Seats: a browser for a position at a node, and a note of all that the browser complains of."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response

from tansiq.node.scenario.cast import PARTIES, passphrase_of
from tests.e2e.nodes import LiveNode

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)
CHROMIUM = "/usr/bin/chromium"
OK = 200
# The browser notes each answer that is no success; the pages of errors are meant to be such.
_MEANT = re.compile(r"Failed to load resource: the server responded with a status of 4")


@dataclass
class Complaints:
    """What browsers complained of since it was last asked."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        bad = message.type in {"error", "warning"} or "Content Security Policy" in message.text
        if bad and not _MEANT.search(message.text):
            self.found.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= 500 or (response.status >= 400 and path.startswith("/static/")):
            self.found.append(f"{response.status} for {path}")


@dataclass
class Seats:
    """Opens browsers; each position signs on once, by the form, and comes back by its cookie."""

    browser: Browser
    complaints: Complaints
    contexts: list[BrowserContext] = field(default_factory=list)
    cookies: dict[tuple[str, str], list] = field(default_factory=dict)

    def context(self, node: LiveNode, language: str = "en", **more: object) -> BrowserContext:
        """A browser in which nobody has signed on."""
        more.setdefault("viewport", {"width": 1280, "height": 800})
        more.setdefault("reduced_motion", "reduce")  # a colour is measured, not its way there
        context = self.browser.new_context(base_url=node.url, locale="en-GB", **more)
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "language", "value": language, "url": node.url}])
        context.on("page", self.complaints.watch)
        context.on("page", patient)
        self.contexts.append(context)
        return context

    def sit(self, node: LiveNode, position: str, language: str = "en", **more: object) -> Page:
        """A page of a browser in which this position has signed on."""
        context = self.context(node, language, **more)
        page = context.new_page()
        known = (node.url, position)
        context.add_cookies(self.cookies.get(known, []))
        # The eldest of many sessions of one person ends: then that person signs on once more.
        if context.request.get("/identity", max_redirects=0).status != OK:
            sign_on(page, node.party, position)
            kept = [c for c in context.cookies() if c["name"] != "language"]
            self.cookies[known] = kept
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def patient(page: Page) -> None:
    """A key is pressed once the page has come whole: before that its script hears no key, and a
    hand is never as quick.
    """
    press = page.keyboard.press

    def waits(key: str, **more: float) -> None:
        page.wait_for_load_state()
        press(key, **more)

    page.keyboard.press = waits


def patient_at(press: Callable[..., None]) -> Callable[..., None]:
    """The same for a key that is pressed in an input."""

    @wraps(press)
    def waits(box: Locator, key: str, **more: float) -> None:
        box.page.wait_for_load_state()
        press(box, key, **more)

    return waits


def person_at(party: str, position: str) -> str:
    """The roster number of who works at a position."""
    people = PARTIES[party].people.items()
    return next(person for person, posts in people if position in posts)


def sign_on(page: Page, party: str, position: str) -> None:
    """Sign on through the form."""
    person = person_at(party, position)
    page.goto("/sign-on")
    page.select_option("#position", position)
    page.fill("#person", person)
    page.fill("#passphrase", passphrase_of(person))
    page.click("main .btn-primary")
    page.wait_for_selector("nav.sections")


def stays(page: Page, act: Callable[[], None]) -> None:
    """Do ``act``, and be sure that the page was not loaded anew meanwhile."""
    page.evaluate("() => { window.stays = true; }")
    act()
    assert page.evaluate("() => window.stays === true"), "the page was loaded anew"
