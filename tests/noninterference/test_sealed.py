"""Two worlds that differ only in what a party has sealed: its partner's pages, files, forms and the
parcels that it gets are the same, and so is every list that the party itself lets out.

Two more that differ only in what sealed checks were about and what came of them: whoever may not
see the activities, on either side, is told the same, and so is the wire.
"""

import re

import pytest

from tansiq.desk.records import attention
from tansiq.policy.agreement import Follow
from tests.activities import SPOT, planned
from tests.meetings import KINDS, opened, propose
from tests.noninterference.story import HIGH
from tests.unit.test_sealed_checks import FAR, HERE, ask, newest, plan, settle, step
from tests.web.pair import Screen, text_of
from tests.world import HOUR, START, rule, to, uuid_of, worlds

WORD = "zqsealed"
PAGES = (
    "/activities", "/activities?tab=all&view=map", "/activities?view=calendar", "/log", "/inbox",
    "/meetings", "/meetings?view=board&tab=all", "/meetings?view=calendar",
    "/activities/data?bbox=40,30,50,40&z=8&tab=all", "/search?q=movement", "/holdings",
)  # fmt: skip
FILES = ("csv", "print", "ics", "geojson", "kml")
FORM = {
    "activity": "survey", "text": "Survey", "area-shape": "circle", "area-metres": "4000",
    "area-name": "Makhmour", "begins": "2020-12-20 16:30", "until": "2020-12-20 17:30",
    "contact": "Desk", "sealed": "open", "margin_metres": "20000", "margin_minutes": "600",
    "class": "restricted",
}  # fmt: skip


def played(world, *, busy):
    """MPA files an open plan beside one of MOD; in the busy world it seals two more there, gives
    one back and closes an area. The open ones are resolved in a meeting all the same.
    """
    plans = {}
    for party, other in (("MPA", "MOD"), ("MOD", "MPA")):
        plan = planned(other, text=f"Plan of {party}")
        plans[party] = world.write(party, f"open {party}", plan)
        world.exchange(party, other)
    world.ours, world.theirs = plans["MOD"], plans["MPA"]
    world.sent.clear()
    if busy:
        for name, more in (("near", {}), ("far", {"begins": START + HOUR, "area": SPOT})):
            world.write("MPA", name, planned(sealed="sealed", text=f"{WORD} {name}", **more))
        closed = planned(activity="closed_area", sealed="sealed", text=WORD)
        world.write("MPA", "closed", closed)
    world.exchange("MPA", "MOD")
    world.meeting = opened(world)
    propose(world, "MPA", world.meeting, "move", "East of it", way="by_space", moves="other")
    world.exchange("MPA", "MOD")


@pytest.fixture(scope="module")
def pair():
    """The quiet world and the busy one."""
    with worlds("MPA", "MOD") as quiet, worlds("MPA", "MOD") as busy:
        for world in (quiet, busy):
            made = [rule(one, f"ACT-{one}", kinds=KINDS, automatic=True, follow=Follow.WHOLE)
                    for one in ("MPA", "MOD")]  # fmt: skip
            world.agree("MPA", "MOD", *made)
            played(world, busy=world is busy)
        yield quiet, busy


def plain(text):
    """A page without what is drawn anew each time."""
    return re.sub(r"\?v=[0-9a-f]+", "", text)


def seen(world):
    """All that MOD is told, and the files that MPA lets out."""
    there = Screen(world, "MOD", "duty-officer", "P-2")
    found = {address: plain(text_of(there.get(address))) for address in PAGES}
    found["record"] = plain(text_of(there.get(f"/record/MOD/{uuid_of('open MOD/1')}")))
    found["meeting"] = plain(text_of(there.get(f"/record/MOD/{world.meeting}")))
    found["form"] = plain(text_of(there.post("/activities/new", FORM)))
    here = Screen(world, "MPA", "duty-officer", "P-1")
    for way in FILES:
        left = here.get(f"/activities/{way}?tab=all")
        found[f"file {way}"] = plain(text_of(left))
    return found


def test_what_is_sealed_is_told_to_nobody_by_any_way(pair):
    """No page, count, map, form or file of the two worlds differs, and none has its words."""
    quiet, busy = map(seen, pair)
    for name, text in quiet.items():
        assert text == busy[name], name
        assert WORD not in busy[name], name


def test_nothing_is_sent_for_it(pair):
    """The parcels are the same, byte by byte, as many and as long."""
    quiet, busy = pair
    assert [one[:2] for one in quiet.sent] == [one[:2] for one in busy.sent]
    assert [len(one[2]) for one in quiet.sent] == [len(one[2]) for one in busy.sent]
    assert not any(WORD.encode() in one[2] for one in busy.sent)


def test_its_own_party_sees_the_difference(pair):
    """The worlds do differ: the party that sealed it finds it, and is told what it meets."""
    _, busy = pair
    page = text_of(Screen(busy, "MPA", "duty-officer", "P-3").get("/activities?tab=all"))
    assert f"{WORD} near" in page
    assert "Closed area" in page


# Sealed checks ------------------------------------------------------------------------------------

CHECKED = (*PAGES, "/sealed", "/", "/approvals")


def checked(world, *, busy):
    """MPA checks a plan that its duty officer may see, and one above that, with MOD. In the busy
    world the second is elsewhere, meets what MOD has sealed there, and is called off.
    """
    high = to(classification=HIGH)
    plan(world, "MOD", "theirs", label=high, text=WORD if busy else "x", area=HERE if busy else FAR)
    more = {"area": HERE, "text": f"{WORD} hidden"} if busy else {"text": "x", "margin_metres": 10}
    hidden = plan(world, "MPA", "hidden", label=high, begins=START + 2 * HOUR, **more)
    world.record = plan(world, "MPA", "ours", begins=START + 7 * HOUR, until=START + 8 * HOUR)
    world.sent.clear()
    for name, record in (("ours", world.record), ("hidden", hidden)):
        ask(world, record, f"ask {name}")
    settle(world)
    world.answer = newest(world, hidden).state
    if busy:
        step(world, hidden, "cancel_activity")
    settle(world)
    attention.tick(world.desk("MPA"))
    attention.tick(world.desk("MOD"))


@pytest.fixture(scope="module")
def checks():
    """The quiet world and the busy one."""
    with worlds("MPA", "MOD") as quiet, worlds("MPA", "MOD") as busy:
        for world in (quiet, busy):
            world.agree("MPA", "MOD")
            checked(world, busy=world is busy)
        yield quiet, busy


def told(world):
    """All that a duty officer is told of it on both sides, who may not see what was hidden."""
    found = {}
    for party, person in (("MPA", "P-1"), ("MOD", "P-2")):
        screen = Screen(world, party, "duty-officer", person)
        for address in CHECKED:
            found[f"{party} {address}"] = plain(text_of(screen.get(address)))
        for way in FILES:
            left = screen.get(f"/activities/{way}?tab=all")
            found[f"{party} {way}"] = plain(text_of(left))
    here = Screen(world, "MPA", "duty-officer", "P-1")
    found["record"] = plain(text_of(here.get(f"/record/MPA/{world.record}")))
    for n, name in enumerate(map(uuid_of, ("hidden/1", "nothing/1"))):
        for end in ("ask", "agreed"):
            answer = here.post(f"/sealed/{name}/{end}", {"party": ["MOD"]})
            text = plain(text_of(answer)).replace(name, "")  # the shell repeats the address
            found[f"{end} {n}"] = answer.status_code, text
    return found


def test_what_came_of_a_check_is_told_to_those_alone_who_may_see_the_activity(checks):
    """No page, count, file or refusal differs, also not by having to wait after something was
    called off; and what is hidden is refused as what never was.
    """
    quiet, busy = map(told, checks)
    assert [world.answer for world in checks] == ["clear", "overlap"]
    for name, said in quiet.items():
        assert said == busy[name], name
        assert WORD not in str(said), name
    for end in ("ask", "agreed"):
        assert quiet[f"{end} 0"] == quiet[f"{end} 1"]


def test_the_wire_of_a_check_tells_nothing(checks):
    """As many parcels, as long, in both directions, whatever was asked and whatever is planned."""
    quiet, busy = checks
    assert [(*one[:2], len(one[2])) for one in quiet.sent] == [
        (*one[:2], len(one[2])) for one in busy.sent
    ]
