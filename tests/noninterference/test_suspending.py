"""What a training manager is shown before a suspension and after it, and what another owner is sent
by it, are the same in two worlds that differ only in what that one may not see.
"""

import re
from dataclasses import replace

import pytest

from tansiq.desk.records import say
from tansiq.desk.training import suspending
from tansiq.domain.parties import Classification, Role
from tests.suspending import (
    MANAGER,
    PROGRAMME,
    asking,
    carry,
    cohort,
    course,
    decide,
    decision,
    project,
    training,
)
from tests.web.pair import Screen, text_of
from tests.world import START, to

WORD = "zqhidden"
FORM = {
    "text": "All training", "reason_class": "pandemic", "reason": "Curfew", "decision": "Order 1",
    "first_day": "2020-12-21", "review": "2021-01-18", "act": "look",
}  # fmt: skip


def played(world, *, busy):
    """MPA lets its training stand still and asks MOD; in the busy world it has more cohorts, more
    projects and asks JCC too, none of which MOD may see, and MOD has a cohort that its training
    manager may not see.
    """
    about = course(world, "MPA", label=to("MOD", "JCC"))
    cohort(world, "MPA", "K-01", about, label=to("MOD", "JCC"), for_projects="P-1")
    project(world, "MPA", "P-1")
    theirs = course(world, "MOD", "C-LAW", "law", label=to("MPA"))
    cohort(world, "MOD", "M-01", theirs, label=to("MPA"))
    asked = {"MOD"}
    if busy:
        medical = course(world, "MPA", WORD, "medical", label=to("JCC"))
        cohort(world, "MPA", f"K-{WORD}", medical, label=to("JCC"), places=77, for_projects="P-2")
        project(world, "MPA", "P-2")
        law = course(world, "JCC", f"C-{WORD}", "law", label=to("MPA"))
        cohort(world, "JCC", f"J-{WORD}", law, label=to("MPA"), places=55)
        closed(world, theirs)
        asked.add("JCC")
    carry(world)
    world.sent.clear()
    decide(world, "MPA", decision(asked=frozenset(asked), label=to("MOD")), name="MPA decides")
    carry(world)


def closed(world, about):
    """A cohort of MOD above the clearance of its training manager."""
    actor = replace(world.actor("MOD"), role=Role.TRAINING_MANAGER)
    body = {"code": f"M-{WORD}", "text": WORD, "about": about, "mode": "in_person", "days": 9,
            "places": 99}  # fmt: skip
    label = to(classification=Classification.CONFIDENTIAL)
    with world.names.under("closed"):
        say.write(world.desk("MOD"), actor, say.Draft(kind="cohort", body=body, label=label))


def seen(world):
    """Every page on which MOD reads of it, and what its own suspension would come to."""
    view = asking(world, "MOD", "MPA")
    screen = Screen(world, "MOD", MANAGER)
    about = f"MPA/{view.value.record}"
    pages = {
        "form": screen.get(f"/training/suspend?about={about}"),
        "look": screen.post("/training/suspend", {**FORM, "about": about, "ask": "MPA"}),
        "narrow": screen.post("/training/suspend", {**FORM, "family": "medical"}),
        "asked": screen.get(f"/record/{about}"),
        "list": screen.get("/suspensions?tab=all"),
        "cohorts": screen.get("/cohorts?tab=all"),
        "portfolio": Screen(world, "MOD", PROGRAMME).get("/reform"),
    }
    return {name: (page.status_code, _renamed(text_of(page))) for name, page in pages.items()}


def _renamed(text):
    """Ids are drawn at random: what stands for one is which of a page's ids it is."""
    found = dict.fromkeys(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}|Z-[0-9A-Z]{5}", text))
    for number, name in enumerate(found):
        text = text.replace(name, f"<{number}>")
    return re.sub(r'name="mark" value="[0-9a-f]+"', 'name="mark"', text)


@pytest.fixture(scope="module")
def worlds_apart():
    """What MOD sees, and what was sent to it, in the calm and in the busy world."""
    found = []
    for busy in (False, True):
        with training("MPA", "MOD", "JCC") as world:
            assert world.clock.time == START
            played(world, busy=busy)
            sent = b"".join(plain for _, receiver, plain in world.sent if receiver == "MOD")
            actor = world.actor("MOD", MANAGER)
            desk = world.desk("MOD")
            scope = suspending.Scope(first_day="2020-12-21")
            effects = suspending.foreseen(desk, desk.viewer(actor), scope, actor).effects
            found.append((seen(world), sent, effects))
    return found


def test_every_page_of_another_owner_is_the_same(worlds_apart):
    """Form, preview with its sums and families, question, lists and lights, to the last byte."""
    (calm, _, few), (busy, _, many) = worlds_apart
    for name, page in calm.items():
        assert page == busy[name], name
        assert page[0] == (422 if name == "narrow" else 200), name
        assert WORD not in page[1], name
    assert few == many


def test_nothing_that_is_sent_names_what_is_hidden(worlds_apart):
    """No code, no party that is asked beside, no number of places or of cohorts."""
    for _, sent, _ in worlds_apart:
        for hidden in (WORD, f"JCC/{MANAGER}", "place_sum", "day_sum", '"projects', "put_to"):
            assert hidden.encode() not in sent, hidden
