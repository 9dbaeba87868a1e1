"""What another owner is shown and sent by a proposal of dates, the dates themselves among it, is
the same in two worlds that differ only in what that owner may not see; who is not asked learns
nothing.
"""

import re

import pytest

from tansiq.desk.records import say
from tansiq.domain.places import place_named
from tests.proposing import choose, filled, lines, plan
from tests.suspending import MANAGER, carry, cohort, course, project, training
from tests.web.pair import Screen, text_of
from tests.world import to

WORD = "zqhidden"
OWNERS = ("MPA", "COA")


def played(world, *, busy):
    """MPA proposes dates to COA; in the busy world it has more cohorts of its own, of one course
    and project, JCC has one in the same room, both are asked, and nothing of it is COA's to see.
    """
    filled(world, owners=OWNERS)
    body = {"code": "R-1", "text": "Hall", "capacity": 40, "mode": "in_person",
            "place": place_named("Erbil").to_json()}  # fmt: skip
    draft = say.Draft(kind="training_room", body=body, label=to("MPA"))
    world.write("COA", "room of COA", draft, MANAGER)
    carry(world)
    if busy:
        about = course(world, "JCC", f"C-{WORD}", "law", label=to("MPA"))
        more = {"room": "R-1", "places": 77, "for_projects": "P-1", "days": 55}
        days = {"first_day": "2021-02-07", "last_day": "2021-04-01", "days_done": 55}
        cohort(world, "JCC", f"S-{WORD}", about, label=to("MPA"), **more, **days)
        cohort(world, "JCC", "C-01", about, label=to("MPA"), **more)
        cohort(world, "JCC", f"J-{WORD}", about, label=to("MPA"), **more)
        mine = course(world, "MPA", WORD, "medical")
        cohort(world, "MPA", f"K-{WORD}", mine, **more)
        project(world, "MPA", "P-1")
        carry(world)
    world.sent.clear()
    choose(world, plan(world, WORD), *(("COA", "JCC") if busy else ("COA",)), reason=WORD)
    carry(world)


def pages(world, party, *more):
    """Every page on which a party could read of it."""
    screen = Screen(world, party, MANAGER)
    found = {
        address: screen.get(address)
        for address in (
            "/", "/plan-proposals?tab=all", "/cohorts?tab=all", "/training", "/plans/compare",
            "/inbox", *more,
        )
    }  # fmt: skip
    return {name: (page.status_code, _renamed(text_of(page))) for name, page in found.items()}


def _renamed(text):
    """Ids are drawn at random: what stands for one is which of a page's ids it is."""
    found = dict.fromkeys(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{1,2}-[0-9A-Z]{5}", text))
    for number, name in enumerate(found):
        text = text.replace(name, f"<{number}>")
    return text


@pytest.fixture(scope="module")
def worlds_apart():
    """What COA and MOD see, what was sent to each and what is proposed, in both worlds."""
    found = []
    for busy in (False, True):
        with training("MPA", "COA", "JCC", "MOD") as world:
            played(world, busy=busy)
            sent = {
                party: b"".join(plain for _, receiver, plain in world.sent if receiver == party)
                for party in ("COA", "MOD")
            }
            dates = {code: (line.dates, line.row) for code, line in lines(world).items()}
            seen = {party: pages(world, party) for party in ("COA", "MOD")}
            (view,) = {line.record for line in lines(world).values()} - {world.ids["C-02"]}
            seen["COA"] |= pages(world, "COA", f"/record/COA/{view}")
            found.append((seen, sent, dates))
    return found


def test_every_page_of_the_owner_who_is_asked_is_the_same(worlds_apart):
    """Lists, cohorts, overview and the numbers in the bar, to the last byte."""
    (calm, _, _), (busy, _, _) = worlds_apart
    for party in ("COA", "MOD"):
        for name, page in calm[party].items():
            assert page == busy[party][name], (party, name)
            assert WORD not in page[1], (party, name)


def test_the_dates_themselves_tell_nothing(worlds_apart):
    """What is proposed to an owner comes from its own records alone: the same days, for the same
    reasons, whatever else there is to plan.
    """
    assert worlds_apart[0][2] == worlds_apart[1][2]
    assert set(worlds_apart[0][2]) == {"C-01", "C-02"}


def test_nothing_that_is_sent_names_what_is_hidden(worlds_apart):
    """No code, no name of the plan, no reason, no party that is asked beside; who is not asked gets
    no proposal at all.
    """
    for _, sent, _ in worlds_apart:
        for hidden in (WORD, f"JCC/{MANAGER}", "part_of"):
            assert hidden.encode() not in sent["COA"], hidden
        assert b"plan_proposal" not in sent["MOD"]
