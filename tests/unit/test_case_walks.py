"""The five walks of a case through the pure folds, each with everything that crosses in it."""

import pytest

from tansiq.domain.cases import (
    Accepted,
    Line,
    Outcome,
    Side,
    circle_stands,
    due,
    last_told,
)
from tansiq.domain.parties import PartyCode
from tests.property.case_kinds import COHORTS, EVIDENCE, HOUR, INFORMATION, MEETING, SUPPORT
from tests.property.case_world import START, World
from tests.property.circle_world import Circle

MPA, COA, MOD, JCC = map(PartyCode, ("MPA", "COA", "MOD", "JCC"))
TABLETS = Line("masks", "piece")


def outcome(world, party, node, step):
    return world.stands(party, node).verdicts[step.key].outcome


def both(world, party):
    """The stage of a lane, the same at both nodes."""
    mine, theirs = world.stands(party, MPA), world.stands(party, party)
    assert (mine.stage, mine.sums, mine.verdicts) == (theirs.stage, theirs.sums, theirs.verdicts)
    return mine


# Information: two addressees, one redirected, one that expires -------------------------------


def test_a_request_for_information_goes_to_two_and_each_lane_stands_alone():
    """One addressee redirects, the value of the other's answer expires, and neither learns of the
    other.
    """
    world = World(INFORMATION, seats=2, moments={"needed_by": START + 8 * HOUR})
    world.drain()
    world.act(COA, COA, "receive")
    world.act(COA, COA, "redirect", to="MOD")
    world.drain()
    assert both(world, COA).stage == "redirected"
    world.act(COA, MPA, "satisfied")
    world.act(MOD, MOD, "receive")
    world.act(MOD, MOD, "accept")
    world.drain()
    assert [turn.side for turn in both(world, MOD).turns] == [Side.SEAT]
    world.act(MOD, MPA, "expire")
    world.drain()
    assert both(world, MOD).stage == "expired"
    assert both(world, COA).stage == "closed"
    seen_by_mod = [entry for entry in world.held[MOD, MOD].entries if "COA" in str(entry)]
    assert not seen_by_mod


def test_an_answer_outweighs_the_end_of_its_value_that_crossed_it():
    """An answer on its way when the value ends is an answer; a cancelling stands against it."""
    for act, stage in (("expire", "answered"), ("cancel", "cancelled")):
        world = World(INFORMATION)
        world.drain()
        world.act(COA, COA, "accept")
        world.drain()
        answer = world.act(COA, COA, "answer")
        ending = world.act(COA, MPA, act)
        world.drain()
        assert both(world, COA).stage == stage
        lost = ending if stage == "answered" else answer
        assert outcome(world, COA, COA, lost) is Outcome.GAVE_WAY


def test_no_information_is_final_and_a_later_end_of_value_is_not_allowed():
    """An honest "we have no information" ends the question; who knows it lets nothing expire."""
    world = World(INFORMATION)
    world.drain()
    world.act(COA, COA, "no_information")
    world.drain()
    late = world.act(COA, MPA, "expire")
    assert world.stands(COA, MPA).stage == "no_information"
    verdict = world.stands(COA, MPA).verdicts[late.key]
    assert (verdict.outcome, verdict.stood) == (Outcome.NOT_ALLOWED, "no_information")


def test_the_clocks_of_a_question_ring_at_a_quarter_at_three_quarters_and_at_its_end():
    """Receipt in a quarter of an hour, a decision in 25 % of its life, a warning at 75 %."""
    world = World(INFORMATION, moments={"needed_by": START + 8 * HOUR})
    world.drain()
    lane = world.held[COA, COA].lane
    accepted = [Accepted(START, world.held[COA, COA].entries[0])]
    rings = due(INFORMATION, lane, accepted, START + 8 * HOUR)
    assert [(ring.clock.name, ring.at - START) for ring in rings] == [
        ("receipt", HOUR // 4),
        ("decision", 2 * HOUR),
        ("warning", 6 * HOUR),
        ("value", 8 * HOUR),
    ]
    accepted.append(Accepted(START + HOUR, world.make(COA, COA, "accept")))
    names = [ring.clock.name for ring in due(INFORMATION, lane, accepted, START + 8 * HOUR)]
    assert names == ["receipt", "warning", "value"]


# Support: two providers, three deliveries, one short -----------------------------------------


def goods(count):
    return {"masks.piece": count}


def test_a_request_for_support_is_met_by_two_providers_in_three_deliveries_of_which_one_is_short():
    """Each lane counts its own; what was lost is worked out and no allotment goes astray."""
    world = World(SUPPORT, seats=2)
    world.drain()
    for party, count in ((COA, 20_000), (MOD, 10_000)):
        world.act(party, party, "take")
        world.act(party, party, "allot", **goods(count))
    world.drain()
    first = world.act(COA, COA, "send", **goods(12_000))
    second = world.act(COA, COA, "send", **goods(8_000))
    third = world.act(MOD, MOD, "send", **goods(6_000))
    # The second arrives before word of it.
    world.act(COA, MPA, "receipt", of=second.step, **goods(8_000))
    early = world.stands(COA, MPA).sums[TABLETS]
    assert (early.received, early.sent, early.surplus) == (8_000, 0, 0)
    world.drain()
    world.act(COA, MPA, "receipt", of=first.step, **goods(11_000))
    world.act(MOD, MPA, "receipt", of=third.step, **goods(6_000))
    world.act(COA, MPA, "receipt", of=first.step, **goods(11_500))
    world.act(MOD, MOD, "give_back", **goods(4_000))
    world.drain()
    coa, mod = both(world, COA).sums[TABLETS], both(world, MOD).sums[TABLETS]
    assert (coa.sent, coa.received, coa.lost, coa.under_way) == (20_000, 19_500, 500, 0)
    assert (mod.allotted, mod.given_back, mod.open, mod.lost) == (10_000, 4_000, 0, 0)
    world.act(COA, MPA, "close")
    world.act(MOD, MPA, "close")
    world.drain()
    assert both(world, COA).stage == both(world, MOD).stage == "closed"


def test_a_recalled_request_takes_facts_only_and_what_is_open_is_given_back():
    """The end of a lane outweighs what crossed it, but goods on their way still count."""
    world = World(SUPPORT)
    world.drain()
    world.act(COA, COA, "take")
    world.act(COA, COA, "allot", **goods(100))
    world.drain()
    ready = world.act(COA, COA, "ready")
    world.recall(COA)
    world.drain()
    theirs = world.stands(COA, COA)
    assert (theirs.ended, theirs.stage, theirs.verdicts) == (True, "", {})
    assert [turn.acts for turn in theirs.turns] == [("give_back",)]
    world.act(COA, COA, "give_back", **goods(100))
    world.drain()
    mine = world.stands(COA, MPA)
    assert (mine.ended, mine.stage, mine.sums[TABLETS].open) == (True, "taken", 0)
    assert mine.verdicts[ready.key].outcome is Outcome.GAVE_WAY


# Two activities that meet, one changed meanwhile ---------------------------------------------


def test_two_activities_meet_and_one_that_changes_meanwhile_voids_what_was_agreed():
    """The party whose code comes first opens; an agreement that crossed the change is void too."""
    assert min(MPA, COA) == COA
    world = World(MEETING)
    world.drain()
    world.act(COA, COA, "propose")
    world.drain()
    agreed = world.act(COA, MPA, "agree")
    void = world.act(COA, COA, "void")
    world.drain()
    assert both(world, COA).stage == "void"
    assert outcome(world, COA, MPA, void) is Outcome.COUNTED
    assert outcome(world, COA, MPA, agreed) is Outcome.COUNTED


def test_where_nobody_settles_what_crosses_is_set_aside_and_the_lane_falls_back():
    """Neither agreeing nor reopening wins; what one side built on its own is settled otherwise."""
    world = World(MEETING)
    world.drain()
    world.act(COA, COA, "propose")
    world.drain()
    agreed = world.act(COA, MPA, "agree")
    reopened = world.act(COA, COA, "reopen")
    again = world.act(COA, COA, "propose")
    world.drain()
    standing = both(world, COA)
    assert standing.stage == "overlap"
    assert standing.verdicts[agreed.key].outcome is Outcome.CROSSED
    assert standing.verdicts[reopened.key].outcome is Outcome.CROSSED
    assert standing.verdicts[again.key].outcome is Outcome.SETTLED_OTHERWISE
    world.act(COA, MPA, "propose")
    world.drain()
    assert both(world, COA).stage == "proposed"


# Evidence: verified by two nations and an officer --------------------------------------------


def test_evidence_is_verified_by_two_nations_and_an_officer_and_the_owner_concludes():
    """A seat's newest answer to the newest round counts, and a missing one says nothing."""
    circle = Circle(EVIDENCE, MPA, (COA, MOD, JCC))
    seats = ("COA/adviser-gb", "COA/adviser-de", "MOD/officer")
    asked = circle.act(MPA, "duty", "ask", seats=seats)
    circle.drain()
    circle.act(COA, "adviser-gb", "doubt", of=asked.step)
    circle.act(COA, "adviser-gb", "verify", of=asked.step)
    stranger = circle.act(JCC, "adviser-us", "verify", of=asked.step)
    circle.act(MOD, "officer", "verify", of=asked.step)
    circle.drain()
    standing = circle.stands(JCC)
    answers = [item.answer and item.answer.act for item in standing.newest.seats]
    assert answers == ["verify", None, "verify"]
    assert standing.newest.conclusion is None
    assert standing.verdicts[stranger.key].outcome is Outcome.NOT_ALLOWED
    circle.act(MPA, "duty", "conclude", of=asked.step, finding="verified")
    circle.drain()
    for node in (MPA, COA, MOD, JCC):
        assert circle.stands(node).newest.conclusion.values == {"finding": "verified"}
    circle.act(MPA, "duty", "ask", seats=seats[:1])
    circle.drain()
    newest = circle.stands(MOD).newest
    assert (len(newest.seats), newest.seats[0].answer, newest.conclusion) == (1, None, None)


def test_an_answer_to_a_round_that_is_not_in_hand_waits():
    """A third party hears an answer before the round itself, and shows it only with the round."""
    circle = Circle(EVIDENCE, MPA, (COA, MOD))
    asked = circle.act(MPA, "duty", "ask", seats=("COA/adviser-gb",))
    circle.drain(MPA, COA)
    answer = circle.act(COA, "adviser-gb", "verify", of=asked.step)
    circle.drain(COA, MOD)
    standing = circle_stands(EVIDENCE, MPA, circle.held[MOD])
    assert (standing.newest, standing.verdicts[answer.key].outcome) == (None, Outcome.WAITING)
    circle.drain(MPA, MOD)
    assert circle.stands(MOD).newest.seats[0].answer.step == answer.step
    assert last_told(circle.held[MOD], COA) == (answer.step,)


# Cohorts of two owners, suspended by one decision --------------------------------------------


def test_cohorts_of_two_owners_are_suspended_by_one_decision_and_resumed_by_their_owners():
    """The other owner resumes in its own lane; a resuming that crosses the withdrawal gives way."""
    world = World(COHORTS, seats=2)
    world.drain()
    world.act(COA, COA, "note")
    world.drain()
    world.act(COA, COA, "resume")
    world.drain()
    resumed = world.act(MOD, MOD, "resume")
    world.act(MOD, MPA, "withdraw")
    world.drain()
    assert both(world, COA).stage == "resumed"
    assert both(world, MOD).stage == "withdrawn"
    assert outcome(world, MOD, MOD, resumed) is Outcome.GAVE_WAY


# What the owner settles and refuses ----------------------------------------------------------


@pytest.mark.parametrize("stands", ["change", "ready"])
def test_what_crosses_with_equal_weight_stays_contested_until_the_owner_settles_it(stands):
    """Only facts and endings count meanwhile, and the settled one decides for both nodes."""
    world = World(SUPPORT)
    world.drain()
    world.act(COA, COA, "take")
    world.drain()
    steps = {
        "change": world.act(COA, MPA, "change"),
        "ready": world.act(COA, COA, "ready"),
    }
    world.drain()
    assert set(both(world, COA).contested) == {step.key for step in steps.values()}
    early = world.act(COA, COA, "take")
    world.act(COA, COA, "send", **goods(5))
    world.drain()
    standing = both(world, COA)
    assert standing.verdicts[early.key].stood == "contested"
    assert standing.sums[TABLETS].sent == 5
    assert [turn.acts for turn in standing.turns] == [("settle",)]
    world.act(COA, MPA, "settle", of=steps[stands].step)
    world.drain()
    standing = both(world, COA)
    assert standing.stage == {"change": "asked", "ready": "ready"}[stands]
    assert standing.contested == ()
    assert standing.verdicts[steps[stands].key].outcome is Outcome.COUNTED


def test_an_owner_refuses_at_once_and_never_a_fact_or_an_ending():
    """What it refuses does not count, nor what followed it unaware; later it cannot refuse."""
    world = World(SUPPORT)
    world.drain()
    taken = world.act(COA, COA, "take")
    sent = world.act(COA, COA, "send", **goods(5))
    world.drain()
    world.act(COA, MPA, "refuse", of=sent.step)
    assert world.stands(COA, MPA).sums[TABLETS].sent == 5
    world.act(COA, MPA, "refuse", of=taken.step)
    unaware = world.act(COA, COA, "ready")
    world.drain()
    standing = both(world, COA)
    assert standing.stage == "asked"
    assert standing.verdicts[taken.key].outcome is Outcome.REFUSED
    assert standing.verdicts[unaware.key].outcome is Outcome.SETTLED_OTHERWISE
    again = world.act(COA, COA, "take")
    world.drain()
    world.act(COA, MPA, "close")
    late = world.act(COA, MPA, "refuse", of=again.step)
    assert outcome(world, COA, MPA, late) is Outcome.NOT_ALLOWED


def test_a_step_that_names_what_is_not_in_hand_waits_with_all_that_follow_it():
    """Nothing counts before what its author knew is here, and nothing is lost."""
    world = World(INFORMATION)
    world.drain()
    first = world.act(COA, COA, "receive")
    second = world.act(COA, COA, "accept")
    world.deliver(COA, COA, [second])
    assert outcome(world, COA, MPA, second) is Outcome.WAITING
    assert world.stands(COA, MPA).stage == "sent"
    world.deliver(COA, COA, [first])
    assert world.stands(COA, MPA).stage == "accepted"
