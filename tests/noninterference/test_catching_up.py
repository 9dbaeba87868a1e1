"""Catch-up plans tell nobody what others hide: two worlds that differ in it give the same plan, the
same reasons and the same pages.
"""

import re

from tests.catching_up import (
    HALF,
    MANAGER,
    choose,
    cohort,
    course,
    plan,
    results,
    room,
    suspended,
)  # fmt: skip
from tests.web.pair import Screen, text_of

# What is drawn anew in each world: ids, digests, references, and the moment of the clock.
DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|\b[A-Z]-[0-9A-Z]{5}\b|\d{4}-\d\d-\d\dT[\d:.Z+-]+"
)
ADDRESSES = ("/plans", "/plans/compare", "/plans/new", "/plans/csv", "/plans/print")


def told(world, party, position, record):
    """Every page of plans as a position reads it."""
    screen = Screen(world, party, position)
    found = [screen.get(one) for one in (*ADDRESSES, f"/record/MPA/{record}")]
    return [(one.status_code, DRAWN.sub("", text_of(one))) for one in found]


def planned(hidden):
    """A plan of MPA, where COA keeps so many cohorts in the same rooms to itself."""
    with suspended() as world:
        theirs = course(world, "C-X", party="COA")
        for number in range(hidden):
            cohort(world, theirs, f"HID-{number}", party="COA", room="EBL-1", days_done=0,
                   first_day="2020-09-20", last_day="2020-12-31")  # fmt: skip
        about = course(world)
        cohort(world, about, "K-01", places=38)
        cohort(world, about, "K-02", places=30, days_done=5)
        room(world)
        world.exchange("MPA", "COA")
        record = plan(world, capacity=(HALF,))
        return results(world, record), told(world, "MPA", MANAGER, record)


def test_what_a_partner_hides_changes_no_plan_and_no_reason():
    """COA's cohorts that MPA was not given are nowhere: not in a date, a room or a reason."""
    assert planned(0) == planned(3)


def partner_reads(plans):
    """What COA reads where MPA makes so many plans, and moves nothing."""
    with suspended() as world:
        about = course(world, "C-AID", "COA")
        cohort(world, about, "K-01", "COA")
        record = plan(world, "first")
        for number in range(plans):
            record = plan(world, f"secret {number}", capacity=(HALF,))
        world.exchange("MPA", "COA")
        return told(world, "COA", MANAGER, record)


def test_plans_that_were_not_chosen_tell_a_partner_nothing():
    """However many there are, and whatever they are called."""
    assert partner_reads(0) == partner_reads(4)


def chosen(secret):
    """What COA reads of the one cohort that it has, after a plan with hidden ones was chosen."""
    with suspended() as world:
        about = course(world, "C-AID", "COA")
        cohort(world, about, "K-01", "COA")
        kept = course(world, "C-KEPT")
        for number in range(secret):
            cohort(world, kept, f"HID-{number}", days_done=9)
        choose(world, plan(world, f"secret {secret}"), f"Because of {secret}")
        world.exchange("MPA", "COA")
        screen = Screen(world, "COA", MANAGER)
        return [DRAWN.sub("", text_of(screen.get(one))) for one in ("/cohorts", "/sessions")]


def test_a_choice_tells_a_partner_its_own_cohorts_alone():
    """Neither the name of the plan nor its other cohorts reach the partner; where these bind
    nothing, not even a date differs.
    """
    assert chosen(0) == chosen(2)
