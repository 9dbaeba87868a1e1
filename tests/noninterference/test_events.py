"""Live events: who may not see a change does not even hear that something happened."""

from functools import partial

import pytest

from tansiq.desk.records import attention
from tansiq.web.shell import edge
from tests import stores
from tests.noninterference import scene
from tests.noninterference.browser import Browser
from tests.noninterference.story import BUSY, CALM, Case, node_of
from tests.noninterference.test_pages import MOST, each


@pytest.fixture(autouse=True)
def unlocked(monkeypatch):
    """The story takes days of the worlds' clock: on a slow machine the stream would look in the
    middle of it whether its screen is locked by now, and end.
    """
    monkeypatch.setattr(edge, "_LOOK_SECONDS", 3_600)


def heard(case, secret, position):
    """The stream of a position while the whole story goes by."""
    story = scene.begin(case, secret)
    browser = Browser(story.world.desk(node_of(case)), position)

    def told(chapter):
        chapter(story)
        for desk in story.world.desks.values():
            attention.tick(desk)

    chapters = [partial(told, chapter) for chapter in scene.CHAPTERS]
    try:
        return browser.hears(*chapters)
    finally:
        browser.close()
        story.world.close()


LISTENING = [
    *MOST.items(), (Case.LOW, "observer"), (Case.LOW, "auditor"), (Case.RECEIVER, "adviser"),
]  # fmt: skip


@each(LISTENING[:: 4 if stores.on_postgresql() else 1])
def test_the_stream_says_the_same_whatever_is_hidden(pages, case, position):
    """Topics come in the same order, as often, with nothing in between."""
    calm, busy = (heard(case, secret, position) for secret in (CALM, BUSY))
    assert calm == busy
    assert any(b'"link"' in line for line in busy)


def test_a_ring_is_heard(pages):
    """The comparison has rings in it: the watch hears them, an observer does not."""
    assert any(b'"ring"' in line for line in heard(Case.LOW, BUSY, "duty-officer"))
    assert not any(b'"ring"' in line for line in heard(Case.LOW, BUSY, "observer"))


def test_the_stream_of_somebody_who_may_see_says_more(pages):
    """The comparison is not empty: a cleared position hears what the others do not."""
    assert heard(Case.LOW, CALM, "cleared") != heard(Case.LOW, BUSY, "cleared")


@pytest.mark.parametrize("secret", [CALM, BUSY], ids=["calm", "busy"])
def test_nobody_hears_without_signing_on(pages, secret):
    """A stream without a seat is refused with nothing in it."""
    assert [b"403", b"200"][:1] == [line for line in heard(Case.LOW, secret, "") if line][:1]


def test_the_administrator_hears_of_links_alone(pages):
    """Content wakes nobody who may read no content."""
    lines = heard(Case.ADMINISTRATOR, BUSY, "administrator")
    assert {b'data: {"topics": ["link"]}\n\n'} == {line for line in lines if line[:4] == b"data"}
