"""D16: docs/start.md is walked as it is written, between two ministries."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.wording import phrase
from tansiq.node.scenario.cast import PARTIES, passphrase_of
from tests.e2e import guide
from tests.e2e.guide import Step
from tests.e2e.nodes import LiveNode, copied, found, run, serving
from tests.e2e.seats import Seats, person_at, stays

TEXT = guide.START.read_text("utf-8")
INCIDENT, QUESTION = kind_named("incident"), kind_named("rfi")
AT = {"A": ("MPA", "duty-officer"), "B": ("MOD", "duty-officer"), "C": ("MPA", "liaison-officer")}


def named(text: str, language: str = "en") -> str:
    """The party whose name the guide writes, without the word that marks a sample."""
    codes = [code for code, plan in PARTIES.items() if plan.names.of(language).startswith(text)]
    assert len(codes) == 1, text
    return codes[0]


@dataclass
class Walk:
    """The windows of the guide, its steps, and the record that is written on the way."""

    windows: dict[str, Page]
    steps: dict[int, Step]
    path: str = ""

    def at(self, window: str, number: int) -> tuple[Page, Step]:
        return self.windows[window], self.steps[number]

    @property
    def row(self) -> str:
        """Where lists show the record."""
        return f"main a[href='{self.path}']"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The two ministries of the guide, where nobody else writes: of two incidents of the same
    minute either can be the first row, which is where the guide presses J and Enter.
    """
    made = found(tmp_path_factory.mktemp("start"), ["MPA", "MOD"])
    with serving(list(made.values())):
        yield made


def walk_in(nodes: dict[str, LiveNode], seats: Seats) -> Walk:
    """Everybody signs on as the guide says."""
    windows = {}
    for window, one in guide.seats(TEXT).items():
        party, position = AT[window]
        assert named(one.party) == party
        assert person_at(party, position) == one.person
        assert passphrase_of(one.person) == one.passphrase
        windows[window] = seats.sit(nodes[party], position)
        windows[window].goto("/")
    return Walk(windows=windows, steps=guide.steps(TEXT))


def test_d16_the_walk_is_as_it_is_written(two, seats, tmp_path):
    """Each key, word and value of the guide does what it says, and none is left out."""
    walk = walk_in(two, seats)
    for act in (writes, previews, approves, arrives, asks, recalls):
        act(walk)
    verifies(walk, copied(two["MPA"], tmp_path))
    for step in walk.steps.values():
        step.ends()


def writes(walk: Walk) -> None:
    """The form is filled in from top to bottom; nobody is ticked; it is saved once."""
    page, step = walk.at("A", 1)
    page.click("nav.langs a[lang=ar]")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    step.press(page)
    page.wait_for_url("**/incidents")
    step.press(page)
    page.wait_for_url("**/incidents/new")
    expect(page.locator("#f-text")).to_be_focused()
    expect(page.locator("[name=audience]:checked")).to_have_count(0)
    below = -1.0
    for name, box in fill_in(page, step):
        where = page.locator(box).evaluate("box => box.getBoundingClientRect().top + scrollY")
        assert where >= below, f"{name} stands further up"
        below = where
    reliability, credibility = step.value(INCIDENT, "grade").split(" and ")
    page.select_option("#f-grade-r", reliability)
    page.select_option("#f-grade-c", credibility)
    party = named(step.fields.pop(phrase("label.audience", "en")), "ar")
    page.check(f"[name=audience][value={party}]")
    expect(page.locator("#f-goes")).to_contain_text(phrase("goes.nothing", "ar"))
    page.locator("#f-internal").focus()
    step.press(page)
    page.wait_for_url("**/record/MPA/*")
    expect(page.locator("[data-told=saved] .ref")).to_have_text(re.compile(r"I-[0-9A-Z]{5}$"))
    walk.path = page.url[page.url.index("/record/") :]


def fill_in(page: Page, step: Step):
    """Fill in what the guide lists, but for grade and party; gives field and box, one by one."""
    boxes = {"text": "#f-text", "place": "#f-place-name", "unknowns": "[name=unknowns-new]"}
    for name, box in {**boxes, "informant": "#f-informant", "internal": "#f-internal"}.items():
        page.fill(box, step.value(INCIDENT, name))
        yield name, box
        if name == "unknowns":
            for choice in ("category", "severity"):
                chosen = step.value(INCIDENT, choice)
                page.select_option(f"#f-{choice}", label=chosen)


def previews(walk: Walk) -> None:
    """Reached by keys alone; what stands below the tear line is not there; nothing leaves."""
    page, step = walk.at("C", 2)
    step.press(page)
    page.wait_for_url("**/incidents")
    step.press(page, 2)
    page.wait_for_url(f"**{walk.path}")
    step.press(page)
    page.wait_for_url("**/release")
    expect(page.locator("#panel")).to_have_count(0)
    page.click(".tabs a[href*='to=MOD']")
    expect(page.locator("[name=rule]:checked")).to_have_value(step.next())
    article = page.locator("article.record")
    fields = guide.steps(TEXT)[1].fields
    expect(article).to_contain_text(fields[label("text")])
    for name in ("informant", "internal"):
        assert fields[label(name)] not in article.inner_text()
    expect(page.locator("main")).to_contain_text("5 km")
    if page.locator("#f-sure").count():
        page.check("#f-sure")
    step.press(page)
    page.wait_for_url(f"**{walk.path}")
    expect(page.locator("[data-told=asked]")).to_be_visible()


def label(name: str, kind: Kind = INCIDENT) -> str:
    return kind.field(name).label().en


def approves(walk: Walk) -> None:
    """A second person opens what waits and approves; who prepared it finds it, and may not."""
    page, step = walk.at("A", 3)
    page.click("nav.langs a[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    asker = walk.windows["C"]
    asker.goto("/approvals")
    step.press(page)
    page.wait_for_url("**/approvals")
    asker.get_by_role("link", name=step.next()).click()
    expect(asker.locator("button[value=withdraw]").first).to_be_visible()
    page.locator("a[href^='/approvals/']").last.click()
    expect(page.locator("main")).to_contain_text(guide.steps(TEXT)[1].fields[label("text")])
    walk.windows["B"].goto("/inbox")
    page.click("button[value=approve]")
    page.wait_for_url("**/approvals")


def arrives(walk: Walk) -> None:
    """It stands in the inbox without a reload, and the sender sees by whom it was read."""
    page, step = walk.at("B", 4)
    stays(page, lambda: expect(page.locator(walk.row).first).to_be_visible(timeout=40_000))
    step.press(page)
    page.wait_for_url("**/inbox")
    page.locator(walk.row).first.click()
    sender = walk.windows["C"]
    sender.goto(walk.path)
    held = sender.locator("#held")
    expect(held).to_contain_text(phrase("release_state.read", "en"))
    expect(held).to_contain_text("Duty officer")


def asks(walk: Walk) -> None:
    """Acknowledged and asked about by keys; what is not known is a full answer."""
    page, step = walk.at("B", 5)
    step.press(page)
    expect(page.locator("#acts")).to_contain_text(phrase("release_state.acknowledged", "en"))
    step.press(page)
    page.wait_for_url(re.compile("/requests/new"))
    page.fill("#f-text", step.value(QUESTION, "text"))
    page.fill("#f-needed_by", step.value(QUESTION, "needed_by"))
    party, position = step.value(QUESTION, "seats").split(", ")
    page.select_option(f"#f-seats-{named(party)}", label=position)
    expect(page.locator("#f-goes")).to_contain_text("R-14-MOD")
    page.locator("#f-text").focus()
    step.press(page)
    page.wait_for_url("**/record/MOD/*")
    path = page.url[page.url.index("/record/") :]
    is_answered(walk, path)
    for _ in range(2):
        expect(page.get_by_role("button", name=step.next())).to_be_visible()
    step.press(page)
    page.wait_for_url("**/unknowns")


def is_answered(walk: Walk, path: str) -> None:
    """The liaison officer says that it came, and that there is no information."""
    page, step = walk.at("C", 5)
    step.press(page)
    page.wait_for_url("**/requests")
    section = page.locator("nav.sections a[href='/requests']").first
    expect(section).to_have_text(re.compile(r"Requests\D*[1-9]\d*\s*$"))
    page.locator(f"main a[href='{path}']").first.click()
    expect(page.locator("#case h2").first).to_have_text(step.next())
    page.get_by_role("button", name=step.next(), exact=True).click()
    page.locator("summary", has_text=step.next()).click()
    page.locator("details[open] textarea").first.fill("None")
    page.locator("details[open] textarea").first.focus()
    step.press(page)
    page.wait_for_url(re.compile("#case$"))


def recalls(walk: Walk) -> None:
    """Recalled with a reason: gone there, told there, and said to be erased."""
    page, step = walk.at("C", 6)
    step.press(page)
    page.wait_for_url("**/holdings")
    page.locator(f"a[href='{walk.path}/recall/MOD']", has_text=step.next()).click()
    page.locator("[name=reason]").first.check()
    page.click("main .btn-danger")
    page.wait_for_url(f"**{walk.path}")
    expect(page.locator("#held")).to_contain_text(step.next())
    reader = walk.windows["B"]
    reader.goto("/inbox")
    expect(reader.locator("#recalled")).to_be_visible()
    assert reader.request.get(walk.path).status == 404


def verifies(walk: Walk, folder) -> None:
    """The commands run as they stand, on the node's own folder."""
    for command in guide.commands(TEXT):
        program, verb, place = command.split()
        assert (program, place) == (".venv/bin/tansiq", ".demo/mpa")
        assert walk.steps[7].next() == verb
        done = run(verb, folder)
        assert done.returncode == 0, done.stdout + done.stderr
