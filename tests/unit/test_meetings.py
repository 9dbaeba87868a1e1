"""Meetings of two plans: opened by one side, resolved by both, void once either plan is another."""

import pytest

from tansiq.desk.operations import meetings
from tansiq.desk.records import attention, say
from tansiq.desk.release import recalling
from tansiq.domain.errors import InputError, RefusedError
from tests.activities import SPOT, planned
from tests.meetings import (
    LATER,
    agree,
    apart,
    changes,
    met,
    opened,
    propose,
    seen,
    shown,
    stage,
    view,
    waits,
)
from tests.world import HOUR, START


def refused(call, *args, **named):
    with pytest.raises((InputError, RefusedError)) as caught:
        call(*args, **named)
    return caught.value.code


def test_one_side_opens_and_both_wait_for_one_another():
    """The party whose code comes first opens it, once, about what both were released; until then
    both are told that they meet, and then the meeting waits at both, urgent, for either's proposal.
    """
    with met() as world:
        assert [one for one, _ in waits(world, "MOD")] == [world.ours]
        assert [one for one, _ in waits(world, "MPA")] == [world.theirs]
        due = world.desk("MPA").database.rows("SELECT due FROM waits WHERE why = 'meets'")
        assert due == [(START + 2 * HOUR,)], "two hours before the earlier of both begins"
        mpa, actor = world.desk("MPA"), world.actor("MPA")
        digests = tuple(
            view(world, "MPA", owner, one).value.digest
            for owner, one in (("MPA", world.theirs), ("MOD", world.ours))
        )
        code = refused(
            meetings.open_meeting, mpa, actor, world.theirs, f"MOD/{world.ours}", seen=digests
        )
        assert code == "meeting_other_opens"
        record = opened(world)
        for party, own in (("MOD", world.ours), ("MPA", world.theirs)):
            assert stage(world, party, record) == "to_resolve"
            assert waits(world, party) == []
            rows = world.desk(party).database.rows(
                "SELECT seat, haste, due FROM waits WHERE why = 'turn'"
            )
            assert [row[1:] for row in rows] == [("urgent", START + 2 * HOUR)]
            found = seen(world, party, record)
            assert (found.own.value.record, found.may_propose) == (own, True)
            assert found.other is not None
        body = view(world, "MPA", "MOD", record).value.body
        assert (body["how"], body["about"], body["other"]) == ("overlap", world.ours, world.theirs)
        assert body["other_as"] == view(world, "MOD", "MPA", world.theirs).value.received
        assert body["about_as"] == view(world, "MPA", "MOD", world.ours).value.received
        desk = world.desk("MOD")
        again = refused(
            meetings.open_meeting, desk, world.actor("MOD"), world.ours, f"MPA/{world.theirs}",
            seen=shown(world),
        )  # fmt: skip
        assert again == "one_is_there"


def test_two_that_come_near_are_urgent_once_they_should_be_resolved():
    """Near is routine, and no later than an overlap it is overdue and rings like one, for as long
    as nobody opens a meeting.
    """
    with met(begins=START + 10 * HOUR, until=START + 12 * HOUR, margin_minutes=180) as world:
        desk, viewer = world.desk("MOD"), world.viewer("MOD")

        def told():
            attention.tick(desk)
            found = [one for one in attention.waiting(desk, viewer) if one.begun]
            return [(one.why, one.haste) for one in found if one.why in ("meets", "unresolved")]

        assert told() == [("meets", "routine")]
        world.clock.time = START + 2 * HOUR
        assert told() == [("unresolved", "urgent")]
        assert "unresolved" in {one.why for one in attention.late(desk, viewer)}
        opened(world)
        assert told() == []


def test_what_was_not_released_is_not_met():
    """An own plan that the other was not shown is refused; what was withheld from us is absent."""
    with apart() as world:
        world.ours = world.write("MOD", "ours", planned())
        world.theirs = world.write("MPA", "theirs", planned("MOD"))
        hidden = world.write("MPA", "hidden", planned())
        world.exchange("MOD", "MPA")
        desk, actor = world.desk("MOD"), world.actor("MOD")
        code = refused(
            meetings.open_meeting, desk, actor, world.ours, f"MPA/{world.theirs}",
            seen=shown(world),
        )  # fmt: skip
        assert code == "meeting_not_released"
        absent = ("MPA/" + one for one in (hidden, "0" * 8 + hidden[8:]))
        codes = {
            refused(meetings.open_meeting, desk, actor, world.ours, one, seen=("", ""))
            for one in absent
        }
        assert codes == {"record_absent"}


def test_agreed_by_time_and_each_plan_becomes_agreed_by_its_own_party():
    """The other side agrees to a later time of ours: its plan is agreed at once, and ours once
    somebody here lets it be moved; moving it as agreed voids nothing, and moving it again does.
    """
    with met() as world:
        record = opened(world)
        propose(world, "MOD", record, "later", way="by_time", **LATER)
        assert seen(world, "MOD", record).may_agree is False, "nobody agrees with itself"
        world.exchange("MOD", "MPA")
        assert stage(world, "MPA", record) == "first_proposes"
        agree(world, "MPA", record)
        assert view(world, "MPA", "MPA", world.theirs).value.state == "agreed"
        world.exchange("MOD", "MPA")
        assert stage(world, "MOD", record) == "meeting_agreed"
        found = seen(world, "MOD", record)
        assert (found.may_settle, found.own.value.state) == (True, "planned")
        assert [said.endswith("settle") for _, said in waits(world, "MOD")] == [True]
        with world.names.under("settle"):
            meetings.settle(world.desk("MOD"), world.actor("MOD"), "MOD", record)
        own = view(world, "MOD", "MOD", world.ours).value
        assert (own.state, own.body["begins"]) == ("agreed", LATER["first_begins"])
        world.exchange("MOD", "MPA")
        for party in ("MOD", "MPA"):
            assert (stage(world, party, record), waits(world, party)) == ("meeting_agreed", [])
        changes(world, "MOD", world.ours, "later still", until=START + 14 * HOUR)
        assert view(world, "MOD", "MOD", world.ours).value.state == "planned"
        world.exchange("MOD", "MPA")
        assert {stage(world, party, record) for party in ("MOD", "MPA")} == {"meeting_void"}


def test_who_changes_its_plan_says_void_in_the_same_act():
    """A new text changes nothing; another time, a recall or calling it off ends the meeting, and
    what meets then asks for a new one at both.
    """
    with met() as world:
        record = opened(world)
        changes(world, "MPA", world.theirs, "words", text="Survey of wells", contact="Desk 2")
        assert stage(world, "MPA", record) == "to_resolve"
        changes(world, "MPA", world.theirs, "time", until=START + 7 * HOUR)
        assert stage(world, "MPA", record) == "meeting_void"
        assert [one for one, _ in waits(world, "MPA")] == [world.theirs]
        world.exchange("MOD", "MPA")
        assert stage(world, "MOD", record) == "meeting_void"
        assert [one for one, _ in waits(world, "MOD")] == [world.ours]
        again = opened_again(world, "again")
        desk, actor = world.desk("MOD"), world.actor("MOD")
        with world.names.under("recall"):
            recalling.recall(desk, actor, world.ours, "MPA", "error")
        world.exchange("MOD", "MPA")
        assert {stage(world, party, again) for party in ("MOD", "MPA")} == {"meeting_void"}
    with met() as world:
        record = opened(world)
        desk, actor = world.desk("MPA"), world.actor("MPA")
        own = say.current(desk, actor, world.theirs).value
        with world.names.under("off"):
            say.step(desk, actor, world.theirs, own.digest, "cancel_activity")
        world.exchange("MOD", "MPA")
        assert stage(world, "MOD", record) == "meeting_void"
        assert waits(world, "MOD") == []


def opened_again(world, name):
    with world.names.under(name):
        record = meetings.open_meeting(
            world.desk("MOD"), world.actor("MOD"), world.ours, f"MPA/{world.theirs}",
            seen=shown(world),
        )  # fmt: skip
    world.exchange("MOD", "MPA")
    return record


def test_proposals_that_cross_stand_aside_and_voids_that_cross_end_it():
    """Two that propose at once have agreed to nothing and both are shown; an agreement that
    crosses a new proposal is none; two that change at once end it once.
    """
    with met() as world:
        record = opened(world)
        propose(world, "MOD", record, "one", way="by_time", **LATER)
        plan = {"call_at": START + HOUR, "call_seats": ("MOD/duty-officer", "MPA/duty-officer")}
        propose(world, "MPA", record, "two", "Radio, channel 4", way="contact_plan", **plan)
        world.exchange("MOD", "MPA")
        for party in ("MOD", "MPA"):
            assert stage(world, party, record) == "to_resolve"
            found = seen(world, party, record)
            assert [one.counted for one in found.proposals] == [False, False]
            assert "Radio, channel 4" in [one.words for one in found.proposals]
        propose(world, "MPA", record, "three", "Radio, channel 4", way="contact_plan", **plan)
        world.exchange("MOD", "MPA")
        agree(world, "MOD", record)
        propose(world, "MPA", record, "four", "East of the road", way="by_space", moves="other")
        world.exchange("MOD", "MPA")
        assert {stage(world, party, record) for party in ("MOD", "MPA")} == {"to_resolve"}
        for party, own in (("MOD", world.ours), ("MPA", world.theirs)):
            changes(world, party, own, f"{party} moves", begins=START + 5 * HOUR)
        world.exchange("MOD", "MPA")
        assert {stage(world, party, record) for party in ("MOD", "MPA")} == {"meeting_void"}
        assert [len(waits(world, party)) for party in ("MOD", "MPA")] == [1, 1]


def test_agreed_by_space_waits_until_the_plan_has_moved():
    """Who is to move writes its plan anew elsewhere; still in the way it is void, out of it it
    stands. A proposal that does not say what its way asks for is none.
    """
    with met() as world:
        record = opened(world)
        for values, words in (
            ({"way": "by_time"}, "later"), ({"way": "by_space"}, "east"),
            ({"way": "by_space", "moves": "first"}, ""), ({"way": "contact_plan"}, "radio"),
        ):  # fmt: skip
            code = refused(propose, world, "MOD", record, f"bad {values} {words}", words, **values)
            assert code in {"proposal_incomplete", "field_required"}
        propose(world, "MPA", record, "you", "East of the road", way="by_space", moves="first")
        world.exchange("MOD", "MPA")
        agree(world, "MOD", record)
        found = seen(world, "MOD", record)
        assert (found.to_move, found.own.value.state) == (True, "planned")
        far = {**SPOT, "positions": [[358_500_000, 445_800_000]], "name": ""}
        changes(world, "MOD", world.ours, "moves", area=far)
        assert stage(world, "MOD", record) == "meeting_agreed"
        with world.names.under("settle"):
            meetings.settle(world.desk("MOD"), world.actor("MOD"), "MOD", record)
        assert view(world, "MOD", "MOD", world.ours).value.state == "agreed"
        changes(world, "MOD", world.ours, "back", area=SPOT)
        assert stage(world, "MOD", record) == "meeting_void"
