"""Faults in what goes by itself, and the test that must see each."""

from tansiq.policy.agreement import Receipts
from tests.mutants.gate_faults import GATE_FAULTS
from tests.mutants.planting import Fault

FOLLOWING = "tests.unit.test_following"
ALONE = (
    Fault(
        name="a recall is forgotten by what follows",
        where="tansiq.policy.following:goes_by_itself",
        old="not past.ended and ",
        new="",
        killer="tests.unit.test_release_vectors:test_the_vectors_of_release_still_hold",
    ),
    Fault(
        name="what is recalled on its way is not remembered",
        where="tansiq.board.fold:_declined",
        old='item.get("cause") == "recalled"',
        new="False",
        killer=f"{FOLLOWING}:test_a1_a_recall_of_what_is_still_on_its_way_ends_it_too",
    ),
    Fault(
        name="an edition that reads alike leaves",
        where="tansiq.policy.following:reads_alike",
        old="return told is not None and",
        new="return False and",
        killer=f"{FOLLOWING}:test_a5_an_edition_that_reads_alike_does_not_leave",
    ),
    Fault(
        name="the rules of earlier editions are forgotten",
        where="tansiq.policy.release:rule_of",
        old="stricter(rule, proposal.past.rules)",
        new="stricter(rule, ())",
        killer=f"{FOLLOWING}:test_a6_an_edition_inherits_the_strictest_rule_of_all",
    ),
    Fault(
        name="a step goes whole where only the stage may",
        where="tansiq.policy.following:step_goes",
        old="rule.follow\n",
        new="Follow.WHOLE\n",
        killer="tests.unit.test_policy:test_a_step_goes_as_far_as_the_rule_follows",
    ),
    Fault(
        name="an agreement counts before it begins",
        where="tansiq.policy.agreement:governing",
        old="if text.begins <= now]",
        new="]",
        killer=f"{FOLLOWING}:test_a14_an_agreement_that_begins_later_changes_nothing_before",
    ),
    Fault(
        name="a receipt names the position wherever it was read",
        where="tansiq.policy.following:names_positions",
        old="if severity == FLASH:",
        new="if True:",
        killer=f"{FOLLOWING}:test_a13_receipts_name_what_the_agreement_says",
        given={"terms": {"receipts": Receipts.PARTY}, "severity": "urgent", "exact": False},
    ),
    *GATE_FAULTS,
)
