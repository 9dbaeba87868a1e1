"""Two thousand forms as nobody should send them."""

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tests.noninterference.addresses import FORM, patterns
from tests.noninterference.browser import Browser
from tests.web.hostile import SCRIPT, runs
from tests.world import both_ways, incident, line, to, uuid_of, worlds

# What a form may mean, and what no form sends.
CODES = """none MOD MPA ZZZ A1 secret R-MPA release approve error confirm fire urgent 0 -1 1e9 35,7
91 ² ../.. %s%n ڕۆژ"""
MOMENTS = ("2020-12-20 10:00", "2020-13-41 25:61", "9999-12-31 23:59", "0001-01-01 00:00",
           "٢٠٢٠-١٢-٢٠ ١٠:٠٠")  # fmt: skip
STRANGE = ("", " ", "9" * 30, "9" * 5_000, "x" * 500, "x" * 5_000, "\x00", "\ud800", "\u202e",
           SCRIPT, "' OR 1=1 --", "{{ 7*7 }}", "\r\nX: y", "0" * 64, uuid_of("fire/1"))  # fmt: skip
NASTY = st.one_of(st.sampled_from((*CODES.split(), *MOMENTS, *STRANGE)), st.text(max_size=20))
MORE = """internal size hurt dead done unknowns-new unknowns-rows unknowns-0-id
unknowns-0-text unknowns-0-state unknowns-0-by asked informant tell action_due significant channel
needed_by place-at place-was place-meant place-turned sure place-precision class embargo
expires categories caveats onward hide grain seen preview_lang start equal tear tear-form q after"""
NAMES = (*FORM, *MORE.split())
FORMS = st.dictionaries(st.sampled_from(NAMES), st.one_of(NASTY, st.lists(NASTY, max_size=4)),
                        max_size=14)  # fmt: skip


# These end the session, hash slowly, say nothing or give a file; each has tests of its own.
NOT_POSTED = {"sign-off", "lock", "wall-show", "sign-on", "confirm", "active", "evidence"}


class Place:
    """A node that may be written full, and two who write."""

    def __repr__(self) -> str:
        return "a node"


@pytest.fixture(scope="module")
def place():
    """A node that may be written full."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"), version=1)
        record = made.write("MPA", "fire", incident(to("MOD"), text="What was there before"))
        made.write("MPA", "line", line(to("MOD")))
        made.release("MPA", record, "MOD", "R-MPA")
        theirs = made.write("MOD", "theirs", incident(to("MPA")))
        made.release("MOD", theirs, "MPA", "R-MOD")
        made.exchange("MPA", "MOD")
        found = Place()
        found.made, found.desk = made, made.desk("MPA")
        found.browsers = [Browser(found.desk, who) for who in ("cleared", "liaison-officer")]
        yield found
        for browser in found.browsers:
            browser.close()


@cache
def posted():
    """The addresses to which something can be posted, of records that are there and are not."""
    return sorted(set(_posted()))


def _posted():
    ids = [("MPA", uuid_of("fire/1")), ("MPA", uuid_of("line/1")), ("MOD", uuid_of("theirs/1")),
           ("MPA", uuid_of("nothing"))]  # fmt: skip
    for name, pattern in patterns().items():
        if name not in NOT_POSTED:
            for owner, record in ids:
                yield pattern.format(
                    owner=owner, record=record, party="MOD", kind="dispute", code="ar", number=1,
                    other=1, name="auditor", public="0" * 64, lane=uuid_of("no lane"),
                    release=uuid_of(f"release {record} to MOD/1"),
                )  # fmt: skip


ASKED = ("/safety/sites", "/area/understood", "/log/proposed")


@settings(max_examples=2_000, suppress_health_check=list(HealthCheck))
@given(st.data(), FORMS, st.integers(0, 1))
def test_two_thousand_forms_end_in_words_and_lose_nothing(place, data, form, who):
    """Whatever is posted ends in a page or a refusal in words; what was there is still there."""
    desk = place.desk
    address = data.draw(st.sampled_from(posted()))
    size = desk.store.head("journal").size
    reply = place.browsers[who].post(address, form)
    # What a form would send, or means, is asked by posting it, and nothing is saved.
    asks = address.startswith("/goes/") or address in ASKED
    assert 300 <= reply.status < 500 or asks, (address, form)
    assert reply.body or asks or reply.status in (302, 405), (address, form)
    assert desk.store.head("journal").size >= size
    if reply.status == 422 and reply.header("content-type").startswith("text/html"):
        assert [] == runs(reply.text)
        typed = form.get("text", "")
        if (
            re.search(r'<textarea[^>]* name="text"', reply.text)
            and isinstance(typed, str)
            and typed.isascii()
        ):
            assert escape(typed.strip()) in reply.text, "what was typed is lost"


def test_after_all_of_them_the_node_is_sound(place):
    """The logs and the board agree, and the first record still says what it said."""
    desk = place.desk
    assert [] == checking.fsck(desk, lambda *_: None)
    history = read.history(desk, place.made.viewer("MPA"), "MPA", uuid_of("fire/1"))
    assert "What was there before" == history[0].value.body["text"]
