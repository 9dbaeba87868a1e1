"""Approval chains inside a party: who approves in which order, and that nothing else lets it go."""

import pytest

from tansiq.carriers import bundle
from tansiq.desk.cases import approving, taking
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.desk.support import stock
from tansiq.domain.cases import Before, RoundState, chain_for
from tansiq.domain.duty import Post
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Classification, PartyCode
from tests.chaining import (
    ALL,
    FIRST,
    SECOND,
    THIRD,
    chained,
    chains,
    lane_at,
    need,
    promise,
    rounds,
    says,
    two_that_help,
)
from tests.world import CLEARED, DAY, refusal, to

GIVING = {"before": Before.GIVING}


@pytest.fixture
def world():
    """MPA and MOD help one another; MPA's requests are approved by three of its positions."""
    with two_that_help() as found:
        chained(found, "MPA", *chains(*ALL), deputies={SECOND: "adviser"})
        yield found


def held(world, record):
    """Whether MOD has the request after an exchange."""
    world.exchange("MPA", "MOD")
    try:
        read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", record)
    except InputError:
        return False
    return True


def test_a_request_leaves_once_all_have_approved_in_their_order(world):
    """Nobody out of turn, no one twice; what the last approves goes at once, in that act."""
    record = world.write("MPA", "need", need(world))
    assert not held(world, record)
    with refusal("not_your_turn"):
        says(world, "MPA", record, SECOND)
    for position in ALL:
        assert not held(world, record)
        says(world, "MPA", record, position)
    assert held(world, record)
    (one,) = rounds(world, "MPA", record)
    assert one.state is RoundState.APPROVED
    assert [given.position for given in one.given] == list(ALL)
    with refusal("inward_over"):
        says(world, "MPA", record, THIRD)


def test_who_asked_and_who_approved_before_is_not_asked_again(world):
    """Each of a chain is another person, whatever position that person sits at."""
    record = world.write("MPA", "need", need(world))
    asker = world.actor("MPA").person
    with refusal("same_person"):
        says(world, "MPA", record, FIRST, person=asker)
    says(world, "MPA", record, FIRST, person="P-9")
    with refusal("same_person"):
        says(world, "MPA", record, SECOND, person="P-9")


def test_a_rejection_says_why_and_nothing_leaves(world):
    """A reason is asked for; the round is over, and a new edition asks the chain anew."""
    record = world.write("MPA", "need", need(world))
    with refusal("field_required"):
        says(world, "MPA", record, FIRST, RoundState.REJECTED)
    says(world, "MPA", record, FIRST, RoundState.REJECTED, reason="no_funds", text="Not this year")
    assert not held(world, record)
    desk, actor = world.desk("MPA"), world.actor("MPA")
    digest = say.current(desk, actor, record).value.digest
    with world.names.under("smaller"):
        say.revise(desk, actor, record, digest, need(world, text="Some masks"))
    first, second = rounds(world, "MPA", record)
    assert (first.state, first.reason, first.text) == (
        RoundState.REJECTED, "no_funds", "Not this year",
    )  # fmt: skip
    assert second.turn == FIRST
    for position in ALL:
        says(world, "MPA", record, position)
    assert held(world, record)


def test_notes_below_the_tear_line_need_no_new_approval(world):
    """What others do not read asks nobody; what they would read asks everybody again."""
    record = world.write("MPA", "need", need(world))
    for position in ALL:
        says(world, "MPA", record, position)
    desk, actor = world.desk("MPA"), world.actor("MPA")
    for name, body in (("note", {"internal": "The minister asked"}), ("more", {"text": "More"})):
        digest = say.current(desk, actor, record).value.digest
        with world.names.under(name):
            say.revise(desk, actor, record, digest, need(world, **body))
    assert [one.edition for one in rounds(world, "MPA", record)] == [1, 3]
    assert held(world, record)
    seen = read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", record).value
    assert seen.body["text"] == "Masks for the clinic"


def test_nothing_is_sent_past_what_the_chain_has_approved(world):
    """A consignment of what nobody promised is a promise: it asks the chain, whatever the page
    offers, and leaves once that has approved; what was promised is sent without asking again.
    """
    chained(world, "MPA")
    chained(world, "MOD", *chains(FIRST, **GIVING))
    record = world.write("MPA", "need", need(world))
    world.exchange("MPA", "MOD")
    for name, values in (("all", {"mask.piece": 40}), ("other", {"gloves.pair": 3})):
        assert not promise(world, record, name=name, act="dispatch", values=values)
        assert not lane_at(world, "MOD", record).consignments
    promise(world, record)
    says(world, "MOD", record, FIRST)
    assert promise(world, record, name="some", act="dispatch", values={"mask.piece": 30})
    assert not promise(world, record, name="more", act="dispatch", values={"mask.piece": 11})
    says(world, "MOD", record, FIRST)
    assert lane_at(world, "MOD", record).goods[0].sums.sent == 41
    given = {"values": {"mask.piece": 1}, "act": "dispatch"}
    with refusal("stock_chain"):
        promise(world, record, name="booked", take=stock.take, **given)


def test_a_newer_edition_overtakes_what_was_asked(world):
    """Nobody approves what is no longer what would leave."""
    record = world.write("MPA", "need", need(world))
    says(world, "MPA", record, FIRST)
    desk, actor = world.desk("MPA"), world.actor("MPA")
    digest = say.current(desk, actor, record).value.digest
    with world.names.under("again"):
        say.revise(desk, actor, record, digest, need(world, text="Fewer masks"))
    first, second = rounds(world, "MPA", record)
    assert first.state is RoundState.OVERTAKEN
    assert (second.state, second.turn) == (RoundState.OPEN, FIRST)


def test_a_person_cannot_release_past_the_chain(world):
    """The panel refuses with the reason, and goes on once the chain has approved."""
    record = world.write("MPA", "need", need(world))
    with refusal("inward_waiting"):
        world.release("MPA", record, "MOD", "S-MPA")
    for position in ALL:
        says(world, "MPA", record, position)
    assert held(world, record)


def test_no_time_approves(world):
    """Weeks go by and every clock rings: the request still waits at its first approver."""
    record = world.write("MPA", "need", need(world))
    desk = world.desk("MPA")
    for _ in range(20):
        world.clock.time += DAY
        taking.tick(desk)
        attention.tick(desk)
        assert not held(world, record)
    (one,) = rounds(world, "MPA", record)
    assert (one.state, one.turn) == (RoundState.OPEN, FIRST)
    assert one.due < world.clock.time


def test_whose_turn_it_is_is_rung_and_counted_and_nobody_else(world):
    """The position hears it, then its deputy; the badge counts for who may decide now."""
    desk = world.desk("MPA")
    record = world.write("MPA", "need", need(world))
    says(world, "MPA", record, FIRST)
    attention.tick(desk)
    sounding = {
        code: attention.sounding(desk, world.viewer("MPA", code)).number
        for code in (*ALL, "adviser")
    }
    assert sounding == {FIRST: 0, SECOND: 1, THIRD: 0, "adviser": 0}
    counted = {
        code: approving.to_decide(desk, world.actor("MPA", code), 9) for code in (*ALL, "adviser")
    }
    assert counted == {FIRST: 0, SECOND: 1, THIRD: 0, "adviser": 1}
    world.clock.time += DAY
    attention.tick(desk)
    assert attention.sounding(desk, world.viewer("MPA", "adviser")).number == 1


def test_an_approver_on_leave_blocks_nobody(world):
    """The deputy approves at any time; who leads the watch where neither is on duty."""
    record = world.write("MPA", "need", need(world))
    says(world, "MPA", record, FIRST)
    with refusal("not_your_turn"):
        says(world, "MPA", record, THIRD)
    desk = world.desk("MPA")
    for code in (SECOND, "adviser"):
        attention.say_duty(desk, world.actor("MPA"), code, Post.OFF)
    says(world, "MPA", record, THIRD, person="P-7")
    says(world, "MPA", record, THIRD)
    assert held(world, record)


def test_who_asked_takes_it_back_and_nobody_else(world):
    """A round that was withdrawn lets nothing go."""
    record = world.write("MPA", "need", need(world))
    with refusal("not_preparer"):
        says(world, "MPA", record, FIRST, RoundState.WITHDRAWN)
    says(world, "MPA", record, CLEARED, RoundState.WITHDRAWN)
    with refusal("inward_over"):
        says(world, "MPA", record, FIRST)
    assert not held(world, record)


def test_a_promise_leaves_exactly_as_the_chain_approved_it(world):
    """The other side sees the stage move once, with the lines that were asked for."""
    chained(world, "MPA")
    chained(world, "MOD", *chains(FIRST, SECOND, **GIVING))
    record = world.write("MPA", "need", need(world))
    world.exchange("MPA", "MOD")
    assert not promise(world, record)
    for position in (FIRST, SECOND):
        world.exchange("MPA", "MOD")
        assert lane_at(world, "MPA", record).stage == "sent"
        says(world, "MOD", record, position)
    world.exchange("MPA", "MOD")
    lane = lane_at(world, "MPA", record)
    assert lane.stage == "approved"
    assert [str(one.step.seat) for one in lane.said] == [f"MOD/{CLEARED}"] * 2
    assert {sums.allotted for sums in lane.sums.values()} == {40}


def test_the_outward_stage_never_needs_an_inward_step(world):
    """While MOD's chain is asked MPA cancels: it counts at once, and overtakes the round."""
    chained(world, "MPA")
    chained(world, "MOD", *chains(FIRST, **GIVING))
    record = world.write("MPA", "need", need(world))
    world.exchange("MPA", "MOD")
    promise(world, record)
    world.step("MPA", "off", ("MPA", record), "cancel")
    assert lane_at(world, "MPA", record).stage == "cancelled"
    world.exchange("MPA", "MOD")
    (one,) = rounds(world, "MOD", record)
    assert one.state is RoundState.OVERTAKEN
    assert lane_at(world, "MOD", record).stage == "cancelled"


def test_a_request_stated_anew_overtakes_the_promise(world):
    """The chain approved what was asked then, and not what is asked now."""
    chained(world, "MPA")
    chained(world, "MOD", *chains(FIRST, **GIVING))
    record = world.write("MPA", "need", need(world))
    world.exchange("MPA", "MOD")
    promise(world, record)
    desk, actor = world.desk("MPA"), world.actor("MPA")
    digest = say.current(desk, actor, record).value.digest
    with world.names.under("anew"):
        say.revise(desk, actor, record, digest, need(world, text="Other masks"))
    world.exchange("MPA", "MOD")
    assert rounds(world, "MOD", record)[0].state is RoundState.OVERTAKEN


def test_what_promises_nothing_asks_nobody(world):
    """To receive, to return and to reject leave at once; a second promise overtakes the first."""
    chained(world, "MPA")
    chained(world, "MOD", *chains(FIRST, **GIVING))
    record = world.write("MPA", "need", need(world))
    world.exchange("MPA", "MOD")
    assert promise(world, record, "receive", "receive")
    assert not promise(world, record, "first")
    assert not promise(world, record, "second")
    assert [one.state for one in rounds(world, "MOD", record)] == [
        RoundState.OVERTAKEN, RoundState.OPEN,
    ]  # fmt: skip
    assert promise(world, record, "no", "reject", values={"why_not": "no_funds"})
    assert rounds(world, "MOD", record)[1].state is RoundState.OVERTAKEN


def test_who_may_not_see_the_request_hears_counts_and_decides_nothing(world):
    """A round stands under the label of its root."""
    high = to("MOD", classification=Classification.CONFIDENTIAL)
    record = world.write("MPA", "need", need(world, label=high))
    desk = world.desk("MPA")
    attention.tick(desk)
    for position in (FIRST, "administrator"):
        assert approving.to_decide(desk, world.actor("MPA", position), 9) == 0
        with refusal("record_absent"):
            says(world, "MPA", record, position)
    assert attention.sounding(desk, world.viewer("MPA", FIRST)).number == 0


def test_a_need_its_approval_and_its_receipt_travel_by_three_sticks(world, tmp_path):
    """Approvals inside need no trip of their own, on either side."""
    chained(world, "MOD", *chains(FIRST, SECOND, **GIVING))
    record = world.write("MPA", "need", need(world))
    for position in ALL:
        says(world, "MPA", record, position)
    trip(world, tmp_path / "1", "MPA", "MOD")
    promise(world, record)
    for position in (FIRST, SECOND):
        says(world, "MOD", record, position)
    given = {"values": {"mask.piece": 40}, "then": "deliver"}
    world.step("MOD", "sent", ("MPA", record), "dispatch", **given)
    trip(world, tmp_path / "2", "MOD", "MPA")
    (sent,) = lane_at(world, "MPA", record).consignments
    given = {"values": {"mask.piece": 40, "met": "whole"}, "then": "confirm_receipt"}
    world.step("MPA", "came", ("MPA", record), "receipt", of=sent.sent.step, **given)
    trip(world, tmp_path / "3", "MPA", "MOD")
    assert lane_at(world, "MOD", record).stage == "closed"


def trip(world, stick, sender, receiver):
    """One stick from one party to the other."""
    stick.mkdir()
    bundle.write(world.desk(sender), stick, PartyCode(receiver))
    desk = world.desk(receiver)
    assert list(bundle.read(desk, bundle.look(stick, desk.me)))


def test_the_first_chain_that_fits_is_asked_and_a_withheld_sort_fits_all():
    """Nothing passes a chain because it says less."""
    found = (
        *chains(FIRST, sorts=("supplies",)), *chains(SECOND, sorts=("medical",)), *chains(THIRD),
    )  # fmt: skip
    asked = {sort: chain_for(found, Before.ASKING, sort) for sort in ("medical", "escort", "")}
    assert asked == {"medical": (SECOND,), "escort": (THIRD,), "": (FIRST,)}
    assert chain_for(found, Before.GIVING, "medical") == ()


def test_the_journal_folds_to_the_same_rounds_again(world):
    """Nothing of a round stands on the board alone."""
    record = world.write("MPA", "need", need(world))
    says(world, "MPA", record, FIRST)
    before = rounds(world, "MPA", record)
    assert before
    checking.rebuild(world.desk("MPA"), lambda *_: None)
    assert rounds(world, "MPA", record) == before
