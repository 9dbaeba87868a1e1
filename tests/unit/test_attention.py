"""Attention at a desk: what waits, rings and is heard, and who knows of it."""

from dataclasses import replace

import pytest

from tansiq.board import waits
from tansiq.desk.act import timekeeping
from tansiq.desk.proof import checking
from tansiq.desk.records import approvals, attention, inbox, read, say
from tansiq.desk.release import releasing
from tansiq.domain.attention import Wait
from tansiq.domain.duty import Post, hours_from_text
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.escalation import Haste, Rung
from tansiq.domain.parties import Classification
from tansiq.web.shell.live import topics_for
from tests.world import (
    CLEARED,
    DAY,
    HOUR,
    POSITIONS,
    START,
    asking,
    incident,
    prepare_seen,
    rule,
    to,
    worlds,
)

MINUTE = HOUR // 60
OFFICERS = {CLEARED, "duty-officer"}


@pytest.fixture
def town():
    """MPA and MOD have agreed."""
    with worlds("MPA", "MOD") as made:
        terms = {"class_max": Classification.SECRET}
        seconds = [rule("MPA", name, approvers=number, **terms)
                   for number, name in ((1, "TWO"), (2, "THREE"))]  # fmt: skip
        replies = [rule(code, f"A-{code}", kinds=frozenset({"acknowledgement", "rfi"}),
                        automatic=True, purpose="answer", **terms)
                   for code in ("MPA", "MOD")]  # fmt: skip
        clearance = dict.fromkeys(("MPA", "MOD"), Classification.SECRET)
        made.agree(
            "MPA", "MOD", rule("MPA", "ALL", **terms), *seconds, *replies, clearance=clearance
        )
        made.heard = []
        made.desk("MOD").listen(made.heard.append)
        yield made


def comes(town, name="fire", severity="flash", **label):
    """An incident of MPA comes to MOD."""
    record = town.write("MPA", name, incident(to("MOD", **label), severity=severity))
    town.release("MPA", record, "MOD", "ALL")
    town.exchange("MPA", "MOD")
    return record


def rings(town, *, after=0):
    """At MOD, the positions for whom something rings now."""
    town.clock.time += after
    town.heard.clear()
    attention.tick(town.desk("MOD"))
    desk = town.desk("MOD")
    return {
        item.code
        for item in POSITIONS
        for changes in town.heard
        if "ring" in topics_for(town.viewer("MOD", item.code), changes, desk.clock.now())
    }


def waiting(town, position=CLEARED, party="MOD"):
    return attention.waiting(town.desk(party), town.viewer(party, position))


def alarm(town, position):
    return attention.sounding(town.desk("MOD"), town.viewer("MOD", position))


def test_a_record_rings_up_the_levels_until_it_is_answered(town):
    """The duty officers, then the senior duty officer, then the telephone card; an answer ends
    it.
    """
    record = comes(town)
    assert rings(town) == OFFICERS
    assert rings(town, after=9 * MINUTE) == set()
    assert rings(town, after=MINUTE) == {"senior-duty-officer"}
    assert rings(town, after=10 * MINUTE) == {"senior-duty-officer"}
    (one,) = waiting(town)
    assert one.view.value.record == record
    assert one.stand.reached[-1].rung is Rung.TELEPHONE
    view = read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", record)
    say.reply(town.desk("MOD"), town.actor("MOD"), "acknowledgement", about=view.value, body={})
    assert waiting(town) == []
    assert rings(town, after=30 * DAY) == set()


def test_a_ring_is_told_to_those_whom_it_asks(town):
    """Others who may see the record hear no sound: it is not theirs yet."""
    comes(town)
    assert "senior-duty-officer" not in rings(town)


def test_who_may_not_see_the_record_hears_and_counts_nothing(town):
    """Above the clearance: only who is cleared is rung, at every level, and counts it."""
    comes(town, classification=Classification.SECRET)
    assert rings(town) == {CLEARED}
    assert rings(town, after=2 * HOUR) == {CLEARED}
    low, high = town.viewer("MOD", "duty-officer"), town.viewer("MOD", CLEARED)
    assert 0 == inbox.unread_count(town.desk("MOD"), low, 9)
    assert 1 == inbox.unread_count(town.desk("MOD"), high, 9)
    assert waiting(town, "duty-officer") == []
    assert alarm(town, "duty-officer") == attention.Alarm(number=0, haste=None)
    named = waiting(town)[0].id
    with pytest.raises(InputError):
        attention.hear(town.desk("MOD"), town.actor("MOD", "duty-officer"), named)


def test_hearing_silences_all_and_waits_on(town):
    """One officer hears it: no position sounds, it still waits, and a new edition rings anew."""
    record = comes(town)
    rings(town)
    assert alarm(town, "duty-officer") == attention.Alarm(number=1, haste=Haste.FLASH)
    assert 1 == attention.hear(town.desk("MOD"), town.actor("MOD", CLEARED))
    assert alarm(town, "duty-officer").number == 0
    assert rings(town, after=DAY) == set()
    (one,) = waiting(town)
    assert one.stand.heard
    with town.names.under("again"):
        draft = incident(to("MOD"), severity="flash", text="It spreads")
        base = read.record(town.desk("MPA"), town.viewer("MPA"), "MPA", record).value.digest
        say.revise(town.desk("MPA"), town.actor("MPA"), record, base, draft)
    town.release("MPA", record, "MOD", "ALL", name="spread")
    town.exchange("MPA", "MOD")
    assert rings(town) == OFFICERS


def test_nothing_rings_twice(town):
    """Neither after a restart nor after the board was folded again; what waits is the same."""
    comes(town)
    rings(town)
    town.desk("MOD").watched = None
    assert rings(town) == set()
    before = [replace(one, view=None) for one in waiting(town)]
    checking.rebuild(town.desk("MOD"), lambda _log, _count: None)
    assert [replace(one, view=None) for one in waiting(town)] == before
    assert rings(town) == set()
    assert alarm(town, CLEARED).number == 1


def test_a_flood_is_one_bundle(town):
    """Many that come at once ring in one tick, and are one number."""
    for number in range(12):
        comes(town, f"fire {number}")
    assert rings(town) == OFFICERS
    assert len(town.heard) == 1
    assert alarm(town, CLEARED).number == 12


def test_a_recall_waits_until_it_is_noted(town):
    """For those who could read what was taken back; the record itself waits no longer."""
    record = comes(town)
    releasing.recall(town.desk("MPA"), town.actor("MPA"), record, "MOD", "error")
    town.exchange("MPA", "MOD")
    (one,) = waiting(town)
    assert (one.why, one.view) == (waits.RECALLED, None)
    assert rings(town) == OFFICERS
    with pytest.raises(RefusedError):
        attention.note(town.desk("MOD"), town.actor("MOD", "observer"), one.id)
    attention.note(town.desk("MOD"), town.actor("MOD"), one.id)
    assert waiting(town) == []
    with pytest.raises(InputError):
        attention.note(town.desk("MOD"), town.actor("MOD"), one.id)


def test_a_release_waits_for_its_second_person(town):
    """Until somebody approves it, with the count that every page shows."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    wish = releasing.Wish(record=record, to="MOD", rule="TWO")
    with town.names.under("prepare"):
        release = prepare_seen(town.desk("MPA"), town.actor("MPA", person="P-1"), wish)
    (one,) = waiting(town, party="MPA")
    assert (one.why, one.view.value.record) == (waits.APPROVAL, record)
    asked = town.actor("MPA", "duty-officer", person="P-2")
    assert approvals.to_decide(town.desk("MPA"), asked, 9) == 1
    releasing.approve(town.desk("MPA"), town.actor("MPA", person="P-2"), release)
    assert waiting(town, party="MPA") == []


def test_each_person_who_is_still_to_approve_is_rung(town):
    """Two are to approve: once the first has, it rings anew for the second."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    with town.names.under("prepare"):
        wish = releasing.Wish(record=record, to="MOD", rule="THREE")
        release = prepare_seen(town.desk("MPA"), town.actor("MPA", person="P-1"), wish)
    desk = town.desk("MPA")
    assert (attention.tick(desk), attention.tick(desk)) == (1, 0)
    releasing.approve(desk, town.actor("MPA", person="P-2"), release)
    assert (attention.tick(desk), attention.tick(desk)) == (1, 0)
    releasing.approve(desk, town.actor("MPA", person="P-3"), release)
    assert waiting(town, party="MPA") == []


def test_a_question_rings_when_its_answer_is_due(town):
    """That it came was heard; that its time is up rings once more."""
    record = comes(town)
    view = read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", record)
    with town.names.under("ask"):
        body = asking("MPA", "How large?", needed_by=START + 5 * HOUR)
        say.reply(town.desk("MOD"), town.actor("MOD"), "rfi", about=view.value, body=body)
    town.exchange("MPA", "MOD")
    desk = town.desk("MPA")
    assert attention.tick(desk) == 1
    (one,) = waiting(town, party="MPA")
    receipt = START + HOUR // 4  # a lane falls due clock by clock
    assert (one.due, one.haste) == (receipt, Haste.URGENT)
    attention.hear(desk, town.actor("MPA"), one.id)
    assert attention.tick(desk) == 0
    town.clock.time = receipt
    assert attention.tick(desk) == 1
    assert attention.tick(desk) == 0


def test_duty_decides_whom_a_ring_asks(town):
    """Off duty and vacant are not asked, hours are counted in the node's zone, and the page shows
    what the ring asks.
    """
    desk = town.desk("MOD")
    attention.say_duty(desk, town.actor("MOD", "duty-officer"), "duty-officer", Post.OFF)
    attention.say_duty(desk, town.actor("MOD"), CLEARED, Post.VACANT)
    assert attention.on_duty(desk)[CLEARED] is Post.VACANT
    comes(town)
    assert rings(town) == {"senior-duty-officer"}
    assert waiting(town)[0].stand.gaps[0].rung is Rung.POSITION
    with pytest.raises(RefusedError):
        attention.say_duty(desk, town.actor("MOD", "observer"), CLEARED, Post.ON)
    attention.say_duty(desk, town.actor("MOD", "duty-officer"), "duty-officer", Post.ON)
    assert rings(town) == {"duty-officer"}
    night = tuple(
        replace(item, hours=(hours_from_text("19:00-07:00"),)) for item in desk.identity.positions
    )
    desk.identity = replace(desk.identity, positions=night)
    assert attention.on_duty(desk)["adviser"] is Post.OFF


def test_a_call_is_kept_with_its_result(town):
    """Who was telephoned, by whom, when and with what result; unknown results are refused."""
    comes(town)
    name = waiting(town)[0].id
    desk, actor = town.desk("MOD"), town.actor("MOD", "senior-duty-officer")
    attention.call(desk, actor, name, CLEARED, "no_answer")
    with pytest.raises(InputError):
        attention.call(desk, actor, name, CLEARED, "maybe")
    with pytest.raises(InputError):
        attention.call(desk, actor, name, "nobody", "reached")
    checking.rebuild(desk, lambda _log, _count: None)
    (line,) = waiting(town)[0].calls
    assert (line.position, line.by, line.result) == (CLEARED, actor.position, "no_answer")


def test_a_fold_lets_a_lane_wait(town):
    """A seat is asked about a lane of a record; who may not see the record knows nothing of it."""
    record = town.write("MOD", "own", incident(to(classification=Classification.SECRET)))
    board, about = town.desk("MOD").board, f"MOD/{record}#lane-1"
    wait = Wait(seat=CLEARED, about=about, why="turn", step="s1", since=START,
                due=START + HOUR, haste=Haste.URGENT)  # fmt: skip
    with town.desk("MOD").act():
        waits.turn(board, about, wait)
        waits.turn(board, about, wait)
        waits.turn(board, "MOD/none", replace(wait, about="MOD/none"))
    assert [one.about for one in waiting(town)] == [about]
    assert waiting(town, "duty-officer") == []
    assert rings(town) == {CLEARED}
    with town.desk("MOD").act():
        waits.turn(board, about, None)
    assert waiting(town) == []


def test_a_clock_in_doubt_holds_due_times(town):
    """A year ahead no further level is asked; once a person says that it is right, it is."""
    comes(town, severity="routine")
    assert rings(town) == OFFICERS
    assert rings(town, after=400 * DAY) == set()
    timekeeping.confirm(town.desk("MOD"))
    assert rings(town) == {"senior-duty-officer"}


def test_the_administrator_is_told_nothing(town):
    """No wait and no alarm for who may read no content."""
    comes(town)
    for ask in (attention.waiting, attention.sounding):
        with pytest.raises(RefusedError):
            ask(town.desk("MOD"), town.viewer("MOD", "administrator"))
