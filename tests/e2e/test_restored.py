"""A node that was brought back from a backup, as people see it."""

import pytest
from playwright.sync_api import expect

from tansiq.desk.exchange import handshake
from tansiq.domain.wording import LANGUAGES, phrase
from tests.e2e.looks import faults
from tests.e2e.nodes import MOMENT, found, serving, unplug


@pytest.fixture(scope="module")
def restored(tmp_path_factory):
    """A node that was restored and whose only partner cannot be reached."""

    def fill(desks, _carry):
        handshake.mark_restored(desks["MPA"], MOMENT - 26 * 3_600_000)

    made = found(tmp_path_factory.mktemp("restored"), ["MPA", "MOD"], fill)
    for node in made.values():
        unplug(node)
    with serving([made["MPA"]]):
        yield made["MPA"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_from_when_its_state_is(restored, seats, language):
    """In words and with the time, readable by day and night, narrow and wide."""
    page = seats.sit(restored, "liaison-officer", language)
    line = page.locator("header p[role=status]")
    for address in ("/log", "/links"):
        page.goto(restored.url + address)
        expect(line).to_contain_text(phrase("page.restored", language))
        expect(line.locator("time")).to_have_text("2020-11-21 12:05")
    assert not faults(page, language)
