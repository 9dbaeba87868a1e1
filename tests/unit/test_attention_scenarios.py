"""Attention by scenario: who is rung, when, how often, whatever happens to the clock, the node and
the plan meanwhile.
"""

import dataclasses

import pytest

from tansiq.domain.attention import Bell, Rang, Wait, past, sounding, unheard
from tansiq.domain.escalation import HOUR_MS, MINUTE_MS, Haste, Rung
from tansiq.domain.parties import Role
from tests.floor import DAY_MS, POSTS, START, Floor, post


@pytest.fixture
def floor():
    """A floor where everybody is on duty."""
    return Floor()


def test_each_level_is_asked_after_the_one_before_was_given_its_time(floor):
    """The position, ten minutes later its deputy, then the senior duty officer, then the card."""
    wait = floor.comes()
    assert floor.tick() == {"duty-1": ["MPA/1"]}
    assert floor.after(10 * MINUTE_MS - 1) == {}
    assert floor.after(1) == {"duty-2": ["MPA/1"]}
    assert floor.after(10 * MINUTE_MS) == {"senior": ["MPA/1"]}
    assert floor.after(10 * MINUTE_MS) == {"senior": ["MPA/1"]}
    assert floor.journal[-1] == Rang(
        wait=wait.id, bell=Bell.ARRIVAL, level=Rung.TELEPHONE, to=("senior",)
    )
    assert floor.after(30 * DAY_MS) == {}


def test_a_step_without_anyone_takes_no_time(floor):
    """Where the deputy is not there, the senior duty officer is asked at the deputy's time."""
    floor.comes()
    floor.on -= {"duty-2"}
    assert floor.tick() == {"duty-1": ["MPA/1"]}
    assert floor.after(10 * MINUTE_MS) == {"senior": ["MPA/1"]}


def test_a_vacancy_is_red_before_it_is_needed(floor):
    """The gap is named while the first level is still being asked."""
    wait = floor.comes()
    floor.tick()
    assert floor.stands(wait).gaps == ()
    floor.on -= {"duty-2"}
    assert [level.rung for level in floor.stands(wait).gaps] == [Rung.DEPUTY]
    assert floor.stands(wait).next.rung is Rung.SENIOR


def test_every_wait_asks_somebody(floor):
    """With nobody on duty the senior duty officer is asked at once, by telephone."""
    floor.on = set()
    floor.comes()
    assert "senior" in floor.tick()
    assert floor.journal[-1].level is Rung.TELEPHONE


def test_a_node_without_a_senior_duty_officer_still_asks_somebody():
    """Whoever is there takes the telephone."""
    floor = Floor((post("liaison", Role.LIAISON_OFFICER), post("observer", Role.OBSERVER)))
    floor.comes(seat="gone")
    assert floor.tick() == {"liaison": ["MPA/1"], "observer": ["MPA/1"]}


def test_off_duty_is_not_rung(floor):
    """A position that is off duty hears nothing, and is rung once when it comes on."""
    floor.on -= {"duty-1"}
    floor.comes()
    assert floor.tick() == {"duty-2": ["MPA/1"]}
    floor.on |= {"duty-1"}
    assert floor.after(MINUTE_MS) == {"duty-1": ["MPA/1"]}
    assert floor.after(MINUTE_MS) == {}


def test_the_watch_is_every_duty_officer(floor):
    """What asks nobody by name rings all duty officers, and nobody twice as deputy."""
    floor.comes(seat="")
    assert floor.tick() == {"duty-1": ["MPA/1"], "duty-2": ["MPA/1"]}
    assert floor.after(10 * MINUTE_MS) == {"senior": ["MPA/1"]}


def test_a_plan_changed_while_active(floor):
    """Another deputy is asked, and nobody who was rung is rung again."""
    floor.comes()
    floor.tick()
    floor.posts = (dataclasses.replace(POSTS[0], deputy="liaison"), *POSTS[1:])
    assert floor.after(10 * MINUTE_MS) == {"liaison": ["MPA/1"]}
    floor.posts = POSTS
    assert floor.after(MINUTE_MS) == {"duty-2": ["MPA/1"]}
    assert floor.after(MINUTE_MS) == {}


def test_a_plan_deleted_while_active(floor):
    """The position is no position any more: the senior duty officer is asked at once."""
    floor.comes()
    floor.tick()
    floor.posts = POSTS[1:]
    assert floor.after(MINUTE_MS) == {"senior": ["MPA/1"]}


def test_a_level_added_after_the_last(floor):
    """All levels have been asked; a senior duty officer who is new is rung, once."""
    floor.comes()
    for _ in range(4):
        floor.after(10 * MINUTE_MS)
    floor.posts = (*POSTS, post("senior-2", Role.SENIOR_DUTY_OFFICER))
    floor.on |= {"senior-2"}
    assert floor.after(MINUTE_MS) == {"senior-2": ["MPA/1"]}
    assert floor.after(MINUTE_MS) == {}


def test_the_first_alert_jumps_no_queue(floor):
    """What comes later stands behind what has equal haste, whenever it rings first."""
    floor.comes(about="MPA/old", haste=Haste.URGENT)
    floor.now += MINUTE_MS
    floor.comes(about="MPA/new", haste=Haste.URGENT)
    floor.comes(about="MPA/flash", haste=Haste.FLASH)
    assert floor.tick() == {"duty-1": ["MPA/flash", "MPA/old", "MPA/new"]}


def test_one_bundle_after_downtime(floor):
    """Four that came and stood while the node was off are one bundle for each who is asked."""
    for number in range(4):
        floor.comes(about=f"MPA/{number}", since=START + number)
    four = [f"MPA/{number}" for number in range(4)]
    assert floor.after(8 * HOUR_MS) == {"duty-1": four, "duty-2": four, "senior": four}
    assert len(floor.journal) == 4
    assert floor.tick() == {}


def test_bundling_counts_what_nobody_has_heard(floor):
    """The number that is shown counts the waits that sound, not the rings that there were."""
    waits = [floor.comes(about=f"MPA/{n}", due=START + HOUR_MS) for n in range(4)]
    floor.tick()
    floor.after(2 * HOUR_MS)
    assert len(sounding(waits, past(floor.journal), "duty-1")) == 4
    floor.hears(waits[0])
    assert len(sounding(waits, past(floor.journal), "duty-1")) == 3


def test_who_acknowledges_silences_every_channel(floor):
    """Heard by one is heard for all who were rung, and no level above is asked."""
    wait = floor.comes()
    floor.after(10 * MINUTE_MS)
    floor.hears(wait)
    for code in ("duty-1", "duty-2", "senior"):
        assert sounding([wait], past(floor.journal), code) == []
    assert floor.after(30 * DAY_MS) == {}
    assert floor.stands(wait).heard


def test_acknowledging_one_wait_silences_no_other(floor):
    """Two seats are asked about one record: what one hears leaves the other's own wait ringing."""
    mine, theirs = floor.comes(), floor.comes(seat="liaison")
    floor.tick()
    floor.hears(mine)
    assert sounding([mine, theirs], past(floor.journal), "liaison") == [theirs]
    assert floor.after(10 * MINUTE_MS) == {"senior": ["MPA/1"]}


def test_an_acknowledged_record_rings_anew_in_a_new_edition(floor):
    """A new edition is another starting step."""
    floor.hears(floor.comes())
    floor.waits.clear()
    floor.comes(step="r2")
    assert floor.tick() == {"duty-1": ["MPA/1"]}


def test_a_recalled_wait_ends(floor):
    """What waits no longer rings no longer, at no level."""
    wait = floor.comes()
    floor.tick()
    del floor.waits[wait.id]
    assert floor.after(DAY_MS) == {}


def test_a_due_time_rings_although_the_arrival_was_heard(floor):
    """Each bell of a wait rings once: hearing that it came does not silence that it is due."""
    wait = floor.comes(due=START + HOUR_MS, haste=Haste.ROUTINE)
    floor.tick()
    floor.hears(wait)
    assert floor.after(HOUR_MS - 1) == {}
    assert floor.after(1) == {"duty-1": ["MPA/1"]}
    floor.hears(wait)
    assert floor.after(30 * DAY_MS) == {}


def test_two_levels_due_at_once_ring_once(floor):
    """The journal has one ring, at the higher level, for all who are asked by now."""
    floor.comes()
    floor.tick()
    assert floor.after(20 * MINUTE_MS) == {"duty-2": ["MPA/1"], "senior": ["MPA/1"]}
    assert [entry.level for entry in floor.journal] == [Rung.POSITION, Rung.SENIOR]


def check_in(last, step):
    """A team that was last heard of then, by this step, says something every hour."""
    return Wait(
        seat="duty-1", about="MPA/team", why="turn", step=step, since=last, due=last + HOUR_MS,
        haste=Haste.URGENT, quiet=True,
    )  # fmt: skip


def test_a_check_in_that_fails(floor):
    """The next word that does not come in time rings, once; the one that comes late ends it."""
    wait = check_in(START, "s1")
    floor.waits = {wait.id: wait}
    assert floor.tick() == {}
    assert floor.after(HOUR_MS) == {"duty-1": ["MPA/team"]}
    assert floor.after(MINUTE_MS) == {}
    wait = check_in(floor.now, "s2")
    floor.waits = {wait.id: wait}
    assert floor.tick() == {}
    assert floor.after(HOUR_MS) == {"duty-1": ["MPA/team"]}


def test_nothing_rings_twice_after_a_restart_or_rebuild(floor):
    """The journal read again from its beginning gives the same state, and no ring."""
    wait = floor.comes()
    floor.after(10 * MINUTE_MS)
    again = Floor()
    again.now, again.waits, again.journal = floor.now, dict(floor.waits), list(floor.journal)
    assert again.tick() == {}
    assert again.stands(wait) == floor.stands(wait)


def test_a_crash_between_ring_and_journal_loses_nothing(floor):
    """What the journal does not have rings at the next tick."""
    floor.comes()
    floor.tick()
    floor.journal.clear()
    assert floor.tick() == {"duty-1": ["MPA/1"]}


def test_a_clock_that_goes_back_rings_nothing_again(floor):
    """What has rung has rung; what came and did not ring does so at once."""
    floor.comes(due=START)
    floor.tick()
    assert floor.after(-DAY_MS) == {}
    floor.comes(about="MPA/2", since=START)
    assert floor.tick() == {"duty-1": ["MPA/2"]}
    assert floor.after(DAY_MS) == {}


def test_a_clock_in_doubt_rings_no_due_time(floor):
    """Years ahead: no due time and no further level, until the clock is believed or put right."""
    floor.comes(due=START + HOUR_MS, haste=Haste.ROUTINE)
    floor.tick()
    floor.in_doubt = True
    assert floor.after(1_000 * DAY_MS) == {}
    floor.now = START + HOUR_MS
    floor.in_doubt = False
    assert floor.tick() == {"duty-1": ["MPA/1"]}


def test_arrivals_ring_while_the_clock_is_in_doubt(floor):
    """What comes then is heard at once, by its first level alone."""
    floor.in_doubt = True
    floor.comes(haste=Haste.ROUTINE, since=START - 1_000 * DAY_MS)
    assert floor.tick() == {"duty-1": ["MPA/1"]}


@pytest.mark.parametrize("haste", [Haste.SAFETY, Haste.FLASH])
def test_safety_and_flash_ring_always(floor, haste):
    """They do not wait for a clock that is believed."""
    floor.in_doubt = True
    floor.comes(haste=haste, since=START - DAY_MS, due=START - HOUR_MS)
    everybody = {"liaison"} if haste is Haste.SAFETY else set()
    assert set(floor.tick()) == {"duty-1", "duty-2", "senior"} | everybody


def test_danger_to_life_asks_everybody_who_acts_after_a_minute(floor):
    """Not level by level: whoever is on duty; and having heard it silences nobody."""
    floor.comes(haste=Haste.SAFETY)
    assert set(floor.tick()) == {"duty-1"}
    floor.journal += unheard(*floor.waits.values(), past(floor.journal))
    assert set(floor.after(MINUTE_MS)) == {"duty-2", "liaison", "senior"}


def test_what_rings_only_when_its_time_is_up_is_heard_as_all_else(floor):
    """The sender of a message that nobody read back is reminded, and may hear it."""
    wait = floor.comes(haste=Haste.SAFETY, quiet=True, due=START + MINUTE_MS)
    assert floor.tick() == {}
    assert set(floor.after(MINUTE_MS)) == {"duty-1"}
    assert len(unheard(wait, past(floor.journal))) == 1


def test_a_week_off_line(floor):
    """What fell due meanwhile rings once, not each level that would have rung."""
    for number in range(3):
        floor.comes(about=f"MPA/{number}", due=START + (number + 1) * DAY_MS,
                    haste=Haste.URGENT)  # fmt: skip
    floor.tick()
    told = floor.after(7 * DAY_MS)
    assert set(told["duty-1"]) == {"MPA/0", "MPA/1", "MPA/2"}
    assert floor.tick() == {}


def test_the_telephone_card_comes_last(floor):
    """No other step comes after it, and it goes to the highest who is on duty."""
    wait = floor.comes()
    usual = [rung for rung in Rung if rung is not Rung.EVERYBODY]
    assert [step.rung for step in floor.watch().steps(wait)] == usual
    floor.on -= {"senior"}
    assert floor.watch().steps(wait)[-1].positions == ("duty-2",)


def test_who_may_not_see_is_never_rung(floor):
    """Not at its own level, not as deputy, not at the end, not when nobody is there."""
    floor.blind = {"duty-1", "senior"}
    floor.comes()
    told = [floor.tick(), *(floor.after(10 * MINUTE_MS) for _ in range(4))]
    assert {code for heard in told for code in heard} == {"duty-2"}
    floor.blind = set(floor.on)
    floor.comes(about="MPA/2")
    assert floor.tick() == {}
