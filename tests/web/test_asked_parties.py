"""Whom cases ask: a facet with several values for one record, counted as its reader may see, and
whose act comes next on the cards of a board.
"""

import re
from dataclasses import replace

import pytest

from tansiq.desk.records import listing
from tansiq.desk.records.listing import ASKED, Asked
from tansiq.desk.release.recalling import recall
from tansiq.domain.parties import Classification, PartyCode
from tansiq.policy.agreement import Follow
from tests.asking import KINDS, act, carry, rfi, three_that_ask
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import CLEARED, HOUR, rule, to, uuid_of, worlds

ONE, HIGH = uuid_of("one/1"), Classification.CONFIDENTIAL


@pytest.fixture(scope="module")
def world():
    """MPA asks MOD and COA together, MOD alone, and COA above a low clearance."""
    with worlds("MPA", "MOD", "COA") as made:
        for other in ("MOD", "COA"):
            rules = [
                rule(sender, f"Q-{sender}", kinds=KINDS, automatic=True, follow=Follow.WHOLE,
                     class_max=HIGH)
                for sender in ("MPA", other)
            ]  # fmt: skip
            clearance = dict.fromkeys(map(PartyCode, ("MPA", other)), HIGH)
            made.agree("MPA", other, *rules, clearance=clearance)
        made.write("MPA", "both", rfi("MOD", "COA", text="The bridge"))
        made.write("MPA", "one", rfi("MOD", text="The mill"))
        high = rfi("COA", text="The silo")
        made.write("MPA", "high", replace(high, label=to("COA", classification=HIGH)))
        made.clock.time += HOUR
        carry(made)
        act(made, "MOD", ONE, "answer")
        yield made


def counts(world, party="MPA", position=CLEARED, **asked):
    desk, viewer = world.desk(party), world.viewer(party, position)
    return listing.values(desk, viewer, Asked(kind="rfi", tab="all", **asked), ASKED)


def listed(screen, query):
    """The requests of a list, by their texts."""
    page = text_of(screen.get(f"/requests?tab=all&{query}"))
    return {name for name in ("The bridge", "The mill", "The silo") if name in page}


def test_a_request_counts_for_each_party_that_it_asks(world):
    """Every count is that of the list which it opens; words and other filters narrow both."""
    assert counts(world) == {"MOD": 2, "COA": 2}
    assert counts(world, words="mill") == {"MOD": 1}
    screen = Screen(world, "MPA", CLEARED)
    assert listed(screen, "asked=MOD") == {"The bridge", "The mill"}
    assert listed(screen, "asked=COA") == {"The bridge", "The silo"}
    assert listed(screen, "asked=ZZZ") == set()
    page = text_of(screen.get("/requests?tab=all"))
    assert 'href="/requests?tab=all&asked=MOD"' in page


def test_who_is_asked_sees_itself_alone(world):
    """At its node there is no lane but its own."""
    assert counts(world, "MOD") == {"MOD": 2}
    assert counts(world, "COA") == {"COA": 2}


def test_what_is_withheld_is_counted_for_nobody(world):
    """A request above a clearance is in no count and under no filter; above it, it is in both."""
    assert counts(world, position=CLEARED) == {"MOD": 2, "COA": 2}
    assert counts(world, position="duty-officer") == {"MOD": 2, "COA": 1}
    assert listed(Screen(world, "MPA", "duty-officer"), "asked=COA") == {"The bridge"}


def test_the_parties_of_an_earlier_moment_are_those_that_are_asked_today(world):
    """A list as of a moment is narrowed and counted by the lanes that stand there now."""
    before = world.clock.time - HOUR // 2
    assert counts(world, position="duty-officer", as_of=before) == {"MOD": 2, "COA": 1}
    asked = Asked(kind="rfi", tab="all", asked="COA", as_of=before)
    desk, viewer = world.desk("MPA"), world.viewer("MPA", "duty-officer")
    (tab,) = [one for one in listing.tabs(desk, viewer, asked) if one.code == "all"]
    assert tab.total == 1


def test_who_holds_the_request_no_more_is_asked_no_more():
    """A recall ends the lane: the party stands in no count and under no filter of that request."""
    with three_that_ask() as made:
        record = made.write("MPA", "both", rfi("MOD", "COA", text="The bridge"))
        carry(made)
        actor = made.actor("MPA", "liaison-officer")
        recall(made.desk("MPA"), actor, record, PartyCode("COA"), "error")
        carry(made)
        assert counts(made) == {"MOD": 1}
        assert listed(Screen(made, "MPA", CLEARED), "asked=COA") == set()
        assert listed(Screen(made, "MPA", CLEARED), "asked=MOD") == {"The bridge"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_whose_act_comes_next_with_its_position(world, language):
    """The seat that is asked, or who wrote the request once it was answered; at both nodes."""
    heading = words("list.turn", language)
    for party in ("MPA", "MOD"):
        page = text_of(Screen(world, party, CLEARED).get("/requests?view=board&tab=all", language))
        assert heading in page
        cards = re.findall(r'<li class="card".*?</li>', page, re.DOTALL)
        (mill,) = [card for card in cards if "The mill" in card]
        (bridge,) = [card for card in cards if "The bridge" in card]
        assert re.search(r"MPA\W*(x|cleared)", mill)
        assert re.search(r"MOD\W*(x|cleared)", bridge)
        assert bool(re.search(r"COA\W*(x|cleared)", bridge)) is (party == "MPA")
