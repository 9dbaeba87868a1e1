"""Lists without a row: what they say, and where they lead."""

import pytest

from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import incident, to

NARROWED = (
    "/incidents?q=nothing", "/log?q=nothing", "/log?since=2031-01-01", "/inbox?owner=MOD",
    "/holdings?party=MOD", "/approvals?party=MOD", "/unknowns?owner=MOD",
)  # fmt: skip


@pytest.fixture(scope="module")
def world():
    with agreed() as made:
        made.write("MPA", "fire", incident(to("MOD"), text="Fire at the silo"))
        yield made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", NARROWED)
def test_d3_a_filter_that_leaves_nothing_says_so_and_leads_to_the_whole(world, address, language):
    """The page speaks of the filter: it neither says that there is nothing at all nor asks for the
    first line.
    """
    page = text_of(Screen(world, "MPA", "duty-officer").get(address, language))
    empty = page.partition('<div class="empty">')[2].partition("</div>")[0]
    assert words("list.none_found", language) in empty
    assert f'href="{address.partition("?")[0]}"' in empty
    assert words("log.empty_text", language) not in page


def test_who_writes_no_lines_is_not_asked_for_the_first_one(world):
    """An empty log asks a duty officer for a line, and an administrator for nothing."""
    for position, asks in (("duty-officer", True), ("administrator", False)):
        page = text_of(Screen(world, "MOD", position).get("/log"))
        assert asks is (words("log.empty_text") in page), position
