"""Exchange by stick, in Arabic, between two nodes between which no link works."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tansiq.node.scenario.files import file_named
from tests.e2e import acts
from tests.e2e.nodes import copied, run

STORY = acts.STORIES["ar"]
OTHER = {"MPA": "MOD", "MOD": "MPA"}


@dataclass(frozen=True)
class Desk:
    """A liaison officer's two hands: a browser at the node, and a stick."""

    party: str
    page: Page
    stick: Path

    @property
    def address(self) -> str:
        return f"/links/{OTHER[self.party]}/stick"

    def make(self) -> Path:
        """Make the file for the partner and take it along."""
        self.page.goto(self.address)
        self.page.locator("form[action$='/stick/make'] button").first.click()
        return self.download()

    def download(self) -> Path:
        with self.page.expect_download() as download:
            self.page.click("#made .btn-primary")
        path = self.stick / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def take(self, path: Path) -> None:
        """Take the file that came."""
        self.page.goto(self.address)
        self.page.set_input_files("#f-parcel", path)
        self.page.locator("form[enctype] button").click()

    def says(self, key: str) -> None:
        """What was taken is told in these words."""
        expect(self.page.locator("#taken")).to_contain_text(phrase(key, "ar"))


@pytest.fixture
def desks(apart, seats, tmp_path):
    return {
        party: Desk(party, seats.sit(apart[party], "liaison-officer", "ar"), tmp_path)
        for party in apart
    }


def test_a_stick_carries_what_a_broken_link_cannot(apart, seats, desks, tmp_path):
    """A release goes by file, its receipt comes back by file, and a second import does nothing."""
    mpa, mod = desks["MPA"], desks["MOD"]
    record = acts.write_incident(mpa.page, STORY, file_named("sketch").data)
    acts.ask_for_approval(mpa.page, record, "MOD")
    acts.decide(seats.sit(apart["MPA"], "duty-officer", "ar"))
    shows_that_it_waits(mpa.page)

    parcel = mpa.make()
    assert parcel.name.startswith("tansiq-MPA-to-MOD-")
    assert STORY.text.encode() not in parcel.read_bytes()
    mod.take(parcel)
    mod.says("stick.whole")
    reads_and_acknowledges(mod.page, record)

    mod.take(parcel)
    mod.says("stick.repeated")
    mpa.take(mod.make())
    mpa.says("stick.whole")
    mpa.page.goto(record)
    state = phrase("release_state.acknowledged", "ar")
    expect(mpa.page.locator("#held")).to_contain_text(state)
    mpa.page.goto("/links/MOD")
    expect(mpa.page.locator("main")).not_to_contain_text(STORY.text)
    for node in apart.values():
        assert run("verify", copied(node, tmp_path)).returncode == 0


def shows_that_it_waits(page: Page) -> None:
    """The links page says that the partner cannot be reached and that something waits."""
    page.goto("/links")
    card = page.locator("#kMOD")
    expect(card).to_contain_text(phrase("link.state_failing", "ar"))
    page.goto("/links/MOD/stick")
    expect(page.locator("#f-make")).to_contain_text(phrase("stick.leaves", "ar"))


def reads_and_acknowledges(page: Page, record: str) -> None:
    """What came by stick reads as what comes by line."""
    page.goto("/inbox")
    expect(page.locator(".line", has_text=STORY.word)).to_be_visible()
    page.goto(record)
    expect(page.locator("article.record")).to_contain_text(STORY.text)
    page.keyboard.press("a")
    acknowledged = phrase("release_state.acknowledged", "ar")
    expect(page.locator("#acts")).to_contain_text(acknowledged)


def test_the_reply_is_offered_where_a_file_was_taken(desks):
    """After a file was taken, one button makes the file that goes back."""
    mpa, mod = desks["MPA"], desks["MOD"]
    mod.take(mpa.make())
    mod.page.click("#taken button")
    assert mod.download().name.startswith("tansiq-MOD-to-MPA-")


def test_a_wrong_file_gives_words(desks, tmp_path):
    """What is no file of the partner changes nothing and says what to do."""
    mpa, mod = desks["MPA"], desks["MOD"]
    ours = mpa.make()
    torn = tmp_path / "torn.tsq"
    torn.write_bytes(ours.read_bytes()[:-20])
    foreign = tmp_path / "foreign.tsq"
    foreign.write_bytes(file_named("report").data)
    for desk, path in ((mpa, ours), (mod, torn), (mod, foreign)):
        desk.take(path)
        error = desk.page.locator(".has-error .error")
        expect(error).to_be_visible()
        words = re.sub("\u2066[^\u2069]*\u2069", "", error.inner_text())  # a file's own name
        assert not set("abcdefghijklmnopqrstuvwxyz") & set(words)
    mod.page.goto(mod.address)
    mod.page.locator("form[enctype] button").click()
    expect(mod.page.locator(".has-error .error")).to_be_visible()
