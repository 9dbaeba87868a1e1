"""Faults in approval chains: each would let something leave unapproved, or tell of the chain."""

from tests.mutants.planting import Fault
from tests.noninterference.story import Case

CHAINS = "tests.unit.test_approval_chains"
INWARD = "tansiq.board.inward"
APPROVING = "tansiq.desk.cases.approving"
CHAIN_FAULTS = (
    Fault(
        name="a rule lets a request go before its chain has approved",
        where="tansiq.desk.release.automatic:_entry",
        old="if not inward.clears(act.desk, edition):",
        new="if False:",
        killer=f"{CHAINS}:test_a_request_leaves_once_all_have_approved_in_their_order",
    ),
    Fault(
        name="a person releases a request past the chain",
        where="tansiq.desk.release.proposing:context",
        old="inward.clears(desk, edition) if decision else decision",
        new="decision",
        killer=f"{CHAINS}:test_a_person_cannot_release_past_the_chain",
    ),
    Fault(
        name="a promise leaves before its chain was asked",
        where="tansiq.desk.cases.taking:_chain",
        old="if side_of(desk, root.owner) is Side.OWNER:",
        new="if True:",
        killer=f"{CHAINS}:test_a_promise_leaves_exactly_as_the_chain_approved_it",
    ),
    Fault(
        name="the second act of a key passes the chain",
        where="tansiq.desk.cases.taking:_chain",
        old="wanted.act, wanted.then",
        new="wanted.then[:0]",
        killer=f"{CHAINS}:test_a_promise_leaves_exactly_as_the_chain_approved_it",
    ),
    Fault(
        name="more is sent than the chain has approved",
        where="tansiq.desk.cases.taking:_chain",
        old="if not (more or ",
        new="if not (",
        killer=f"{CHAINS}:test_nothing_is_sent_past_what_the_chain_has_approved",
    ),
    Fault(
        name="one approval stands for the whole chain",
        where=f"{INWARD}:_decided",
        old="if len(given) == len(found.positions):",
        new="if given:",
        killer=f"{CHAINS}:test_a_request_leaves_once_all_have_approved_in_their_order",
    ),
    Fault(
        name="one person is two of a chain",
        where=f"{APPROVING}:_may_decide",
        old="if actor.person in one.persons:",
        new="if False:",
        killer=f"{CHAINS}:test_who_asked_and_who_approved_before_is_not_asked_again",
    ),
    Fault(
        name="anybody of the party approves",
        where=f"{APPROVING}:_may_decide",
        old="if one.turn not in asked:",
        new="if False:",
        killer=f"{CHAINS}:test_an_approver_on_leave_blocks_nobody",
    ),
    Fault(
        name="what was approved of an older request is promised for the newer",
        where=f"{INWARD}:_goes_on",
        old="lane[0] == release and",
        new="",
        killer=f"{CHAINS}:test_a_request_stated_anew_overtakes_the_promise",
    ),
    Fault(
        name="what an older edition said is approved for the newer",
        where=f"{INWARD}:is_approved",
        old="lane = '' AND digest = ? AND",
        new="lane = '' AND ? <> '' AND",
        killer=f"{CHAINS}:test_notes_below_the_tear_line_need_no_new_approval",
    ),
    Fault(
        name="the partner is told that a chain was asked",
        where="tansiq.desk.release.inward:begin",
        old='    act.tell("asked_inward"',
        new="    for to in asked.body.get('seats') or [asked.owner]:\n"
        "        if (other := str(to).partition('/')[0]) != desk.me:\n"
        "            act.feed(PartyCode(other), {'type': 'seen', 'release': desk.entropy.uuid()})\n"
        '    act.tell("asked_inward"',
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="a round is counted for who may not see its request",
        where="tansiq.board.approvals:chains_awaiting",
        old="AND r.why = '{INWARD}' AND {seen}",
        new="AND r.why = '{INWARD}' AND ({seen} OR 1 = 1)",
        killer=f"{CHAINS}:test_who_may_not_see_the_request_hears_counts_and_decides_nothing",
    ),
)
