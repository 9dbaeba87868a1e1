"""One record's whole life between two ministries, over a live link, in each language."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tansiq.node.scenario.files import file_named
from tests import breadth
from tests.e2e import acts
from tests.e2e.acts import STORIES, Story
from tests.e2e.nodes import LiveNode, copied, run
from tests.e2e.seats import Seats, stays


@dataclass
class Life:
    """Who sits where, and what has come about so far."""

    story: Story
    seats: Seats
    nodes: dict[str, LiveNode]
    path: str = ""
    files: str = ""
    fragment: bytes = b""
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """Where the partner's inbox shows the record."""
        return f"#i{self.path.rpartition('/')[2]}"

    def at(self, party: str, position: str, use: str = "") -> Page:
        """A page of that position; another ``use`` is another tab."""
        key = (party, position + use)
        if key not in self.pages:
            node = self.nodes[party]
            self.pages[key] = self.seats.sit(node, position, self.story.language)
        return self.pages[key]


@pytest.fixture(params=breadth.of(["ar"], ["en", "ar", "ckb"]))
def life(request, nodes, seats):
    return Life(story=STORIES[request.param], seats=seats, nodes=nodes)


def test_a_record_lives_from_its_first_word_to_its_recall(life):
    """What is written, released, read, answered, revised and recalled is right on both pages."""
    is_written(life)
    is_previewed_and_asked_for(life)
    is_approved_by_another_and_arrives(life)
    is_read_as_it_was_previewed(life)
    is_acknowledged(life)
    is_asked_about_and_answered(life)
    is_disputed(life)
    is_revised(life)
    is_recalled(life)


def test_the_logs_of_both_are_whole_afterwards(nodes, tmp_path):
    """Every feed holds against its roots, and every board against its logs."""
    for party in ("MPA", "MOD"):
        folder = copied(nodes[party], tmp_path)
        for verb in ("verify", "fsck"):
            done = run(verb, folder)
            assert done.returncode == 0, done.stdout + done.stderr


def is_written(life: Life) -> None:
    """The duty officer writes a line, then an incident with a sketch."""
    duty = life.at("MPA", "duty-officer")
    acts.write_line(duty, life.story.line)
    life.path = acts.write_incident(duty, life.story, file_named("sketch").data)
    life.files = duty.locator("article.record a[href$='/file']").get_attribute("href")


def is_previewed_and_asked_for(life: Life) -> None:
    """The liaison officer sees what the partner will read and asks for a second person."""
    page, story = life.at("MPA", "liaison-officer"), life.story
    page.goto(life.path)
    page.keyboard.press("r")
    page.wait_for_url("**/release")
    page.locator(".tabs a[href*='to=MOD']").click()
    page.wait_for_url("**/release?to=MOD")
    article = page.locator("article.record")
    expect(article).to_have_attribute("lang", story.language)
    expect(article).to_contain_text(story.text)
    assert story.internal not in article.inner_text()
    life.fragment = acts.fragment(page, page.url)
    if page.locator("#f-sure").count():
        page.check("#f-sure")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{life.path}")
    expect(page.locator("#held")).to_contain_text(story.of("release_state.prepared"))


def is_approved_by_another_and_arrives(life: Life) -> None:
    """Who asked may not approve; once another has, the partner's open inbox shows it."""
    page, story = life.at("MPA", "liaison-officer", "approving"), life.story
    page.goto("/approvals?tab=yours")
    page.goto(page.locator('a[href^="/approvals/"]').last.get_attribute("href"))
    expect(page.locator('button[value="approve"]')).to_be_disabled()
    expect(page.locator("main")).to_contain_text(story.of("refused.same_person"))
    page.locator('button[value="approve"]').evaluate("button => { button.disabled = false; }")
    page.click('button[value="approve"]')
    expect(page.locator(".error-summary")).to_contain_text(story.of("refused.same_person"))
    inbox = life.at("MOD", "duty-officer")
    inbox.goto("/inbox")

    def approved() -> None:
        acts.decide(life.at("MPA", "duty-officer"))
        expect(inbox.locator(life.row)).to_contain_text(story.word)

    stays(inbox, approved)
    life.at("MPA", "liaison-officer").goto(life.path)
    tells(life, "delivered")


def is_read_as_it_was_previewed(life: Life) -> None:
    """The partner reads, byte for byte, what the preview showed."""
    page = life.at("MOD", "duty-officer")
    page.goto(life.path)
    assert acts.fragment(page, life.path) == life.fragment
    preview = life.at("MPA", "liaison-officer", "approving")
    assert acts.drawn(page) == acts.drawn(preview)
    assert life.story.internal not in page.content()
    tells(life, "read")
    kept = life.at("MPA", "liaison-officer").request.get(life.files).body()
    assert page.request.get(life.files).body() == kept  # without the traces of its making


def tells(life: Life, state: str) -> None:
    """The owner's open page says, without being loaded anew, what became of the release."""
    page, words = life.at("MPA", "liaison-officer"), life.story.of(f"release_state.{state}")
    stays(page, lambda: expect(page.locator("#held")).to_contain_text(words))


def is_acknowledged(life: Life) -> None:
    """The partner acknowledges with one key, and the owner sees it."""
    page = life.at("MOD", "duty-officer")
    page.keyboard.press("a")
    expect(page.locator("#acts")).to_contain_text(life.story.of("release_state.acknowledged"))
    tells(life, "acknowledged")


def is_asked_about_and_answered(life: Life) -> None:
    """A question goes one way and its answer the other, both onto open pages."""
    asking, duty = life.at("MOD", "duty-officer"), life.at("MPA", "duty-officer")
    acts.ask(asking, life.path, "MPA", life.story.question)
    duty.goto("/inbox")
    asked = duty.locator(".line", has_text=life.story.question).first
    expect(asked).to_be_visible()
    path = asked.locator("a.line-title").get_attribute("href")
    asking.goto(path)
    acts.answer(duty, path, life.story.answer)
    stays(asking, lambda: expect(asking.locator("#case")).to_contain_text(life.story.answer))


def is_disputed(life: Life) -> None:
    """A different account stands beside the first one, at both."""
    page = life.at("MOD", "duty-officer")
    acts.reply(page, life.path, "dispute", life.story.dispute)
    tells(life, "disputed")
    for side in (page, life.at("MPA", "liaison-officer")):
        expect(side.locator("#replies")).to_contain_text(life.story.dispute)
        expect(side.locator(".record-text")).to_have_text(life.story.text)


def is_revised(life: Life) -> None:
    """A second edition reaches the partner once it was released too."""
    reader, story = life.at("MOD", "duty-officer"), life.story
    reader.goto(life.path)
    liaison = life.at("MPA", "liaison-officer")
    acts.revise(liaison, life.path, story.later)
    expect(reader.locator(".record-text")).to_have_text(story.text)
    acts.ask_for_approval(liaison, life.path, "MOD")

    def approved() -> None:
        acts.decide(life.at("MPA", "duty-officer"))
        expect(reader.locator(".record-text")).to_have_text(story.later)

    stays(reader, approved)


def is_recalled(life: Life) -> None:
    """A recall leaves the partner the fact and takes the content; the owner reads who had it."""
    liaison, reader, story = (
        life.at("MPA", "liaison-officer"),
        life.at("MOD", "duty-officer"),
        life.story,
    )
    reader.goto("/inbox")
    liaison.goto(f"{life.path}/recall/MOD")
    liaison.check('input[name="reason"][value="error"]')

    def recalled() -> None:
        liaison.click("main .btn-danger")
        expect(reader.locator("#recalled")).to_contain_text(story.of("recall_reason.error"))
        expect(reader.locator(life.row)).to_have_count(0)

    stays(reader, recalled)
    is_gone(life, reader)
    expect(liaison.locator("#held")).to_contain_text(story.of("release_state.purged"))
    expect(liaison.locator("#held")).to_contain_text(story.of("held.opened_to"))


def is_gone(life: Life, reader: Page) -> None:
    """No page, no search and no download of the partner holds the content any more."""
    for address in (life.path, life.files):
        assert reader.request.get(address).status == 404
    found = reader.goto(f"/incidents?tab=all&q={life.story.word}")
    assert life.story.later not in found.text()
    expect(reader.locator("main .empty")).to_be_visible()
    for address in ("/inbox", "/map?tab=all", "/log"):
        assert life.story.later not in reader.request.get(address).text()
