"""Faults in what is told to the world: that it was asked for, approved by another, public, and what
the standard wants; and the test that must see each.
"""

from tansiq.domain.parties import Classification
from tests.mutants.planting import Fault

WEB = "tests.web.test_iati"
UNIT = "tests.unit.test_iati"
DESK = "tansiq.desk.reform.publishing"
PUBLISHING_FAULTS = (
    Fault(
        name="a project that was only asked for leaves",
        where=f"{DESK}:file_of",
        old="if one.leaves",
        new="if one.activity",
        killer=f"{WEB}:test_nothing_is_published_before_two_persons_say_so",
    ),
    Fault(
        name="one person publishes alone",
        where="tansiq.policy.mandate:may_second",
        old="approver.person in persons",
        new="False",
        killer=f"{WEB}:test_the_second_person_is_another_with_the_mandate",
    ),
    Fault(
        name="what changed since the approval leaves",
        where=f"{DESK}:_standing",
        old="if state == APPROVED and approved != digest:",
        new="if False:",
        killer=f"{WEB}:test_what_was_approved_is_what_leaves",
    ),
    Fault(
        name="the class of a project does not keep it from the world",
        where="tansiq.policy.publishing:may_publish",
        old="if label.classification is not Classification.OPEN:",
        new="if False:",
        killer=f"{WEB}:test_labels_decide_what_the_world_may_have",
        given={
            "label": {"classification": Classification.RESTRICTED},
            "parties": ("COA",),
        },
    ),
    Fault(
        name="evidence is linked that is not public",
        where=f"{DESK}:_documents",
        old='told.get("public") is True',
        new="True",
        killer=f"{WEB}:test_only_public_accepted_evidence_is_linked",
    ),
    Fault(
        name="the label of evidence does not keep it from the world",
        where=f"{DESK}:_documents",
        old="if may and str(value.record)",
        new="if str(value.record)",
        killer=f"{WEB}:test_only_public_accepted_evidence_is_linked",
    ),
    Fault(
        name="a field below the tear line leaves for the world",
        where="tansiq.domain.kinds.reform.activity:may_be_told",
        old="below = tear | PROJECT.always_below()",
        new="below = PROJECT.always_below()",
        killer=f"{UNIT}:test_only_what_stands_above_the_tear_line_is_looked_at",
    ),
    Fault(
        name="a project that is left out is named as a dependency",
        where=f"{DESK}:file_of",
        old="if code in codes",
        new="if code",
        killer=f"{WEB}:test_projects_are_named_beside_one_another_only_where_both_are_published",
    ),
    Fault(
        name="executed and not verified is told as closed",
        where="tansiq.domain.kinds.reform.activity:status_of",
        old="_VERIFIED if verified and state in DECLARED",
        new="_VERIFIED if state in DECLARED",
        killer=f"{UNIT}:test_executed_is_finalisation_until_it_is_verified",
    ),
    Fault(
        name="rules of the standard are not applied",
        where="tansiq.gateways.iati.checking:faults",
        old="*_rules(root, today), ",
        new="",
        killer=f"{UNIT}:test_a_day_that_has_not_come_is_no_actual_end",
    ),
)
