"""Faults in certificates and clearances: a number or a no that others can tell, and what counts
that must not; and the test that must see each.
"""

from tests.mutants.planting import Fault

CLEARANCES = "tests.unit.test_clearances"
CERTIFICATES = "tests.unit.test_certificates"
CODES = "tests.unit.test_certificate_codes"
ISSUING = "tansiq.desk.training.certificates"
CHECKING = "tansiq.desk.training.checking"
ALONE = {"body": {"answer": "no", "day": "2020-12-01"}}
SINGLE = {
    "body": {"answer": "yes", "day": "2020-12-01", "valid_until": "2021-01-01", "holder": "P-1"}
}
CERTIFICATE_FAULTS = (
    Fault(
        name="a no is confined to nobody",
        where="tansiq.domain.kinds.training.clearance:confined",
        old='return "" if body.get("answer") == YES and',
        new='return "" if body.get("answer") in (YES, NO) and',
        killer=f"{CLEARANCES}:test_what_is_no_yes_of_a_cohort_is_for_the_training_manager_alone",
        given=ALONE,
    ),
    Fault(
        name="the clearance of one holder is like that of a cohort",
        where="tansiq.domain.kinds.training.clearance:confined",
        old='and not body.get("holder") else',
        new="else",
        killer=f"{CLEARANCES}:test_what_is_no_yes_of_a_cohort_is_for_the_training_manager_alone",
        given=SINGLE,
    ),
    Fault(
        name="what is for one role is for its whole party",
        where="tansiq.policy.release:may_read",
        old="own and viewer.role is CONFINED[one]",
        new="own",
        killer=f"{CERTIFICATES}:test_only_the_training_manager_issues_or_sees_one",
    ),
    Fault(
        name="what is for one role is for that role of every party",
        where="tansiq.policy.release:may_read",
        old="own and viewer.role is CONFINED[one]",
        new="viewer.role is CONFINED[one]",
        killer="tests.unit.test_policy:test_what_is_for_one_role_is_for_its_own_party",
        given={"role": "training_manager", "party": "MOD"},
    ),
    Fault(
        name="a label that somebody writes lifts what its kind confines",
        where="tansiq.desk.records.say:_label",
        old="categories=checked.categories | {alone}",
        new="categories=checked.categories",
        killer=f"{CLEARANCES}:test_no_form_lifts_the_confinement",
    ),
    Fault(
        name="a yes that is none any more stays at the partner",
        where="tansiq.desk.records.say:_next",
        old="if edition.label.categories & CONFINED.keys():",
        new="if False:",
        killer=f"{CLEARANCES}:test_a_partner_gets_a_yes_with_its_validity_and_nothing_else",
    ),
    Fault(
        name="the access log has the digest of what one role alone may know",
        where="tansiq.web.shell.access:item_of",
        old="if alone else",
        new="if False else",
        killer="tests.noninterference.test_training:test_no_digest_of_what_is_confined_is_noted",
        given={"pages": None},
    ),
    Fault(
        name="a lapsed clearance clears",
        where="tansiq.domain.kinds.training.clearance:holds",
        old="until >= today.isoformat()",
        new="bool(until)",
        killer=f"{CLEARANCES}:test_a_cohort_is_cleared_by_a_yes_that_holds_today",
    ),
    Fault(
        name="a step goes without its proof",
        where="tansiq.desk.records.say:_demand_proof",
        old="if not move.proof:",
        new="if True:",
        killer=f"{CLEARANCES}:test_a_cohort_is_cleared_by_a_yes_that_holds_today",
    ),
    Fault(
        name="two clearances of one cohort",
        where="tansiq.desk.records.say:_demand_single",
        old="if same and (",
        new="if False and (",
        killer=f"{CLEARANCES}:test_there_is_one_of_a_cohort_and_one_of_each_holder",
    ),
    Fault(
        name="what lapses never rings",
        where="tansiq.board.current_rows:_await_ends",
        old="if one.kind.lapses and one.received is None:",
        new="if False:",
        killer=f"{CLEARANCES}:test_a_clearance_that_lapses_rings_for_the_training_manager",
    ),
    Fault(
        name="more certificates than have passed",
        where=f"{ISSUING}:_demand_fits",
        old="if len(wish.holders) > stands.left:",
        new="if len(wish.holders) > stands.passed:",
        killer=f"{CERTIFICATES}:test_never_more_stand_than_have_passed",
    ),
    Fault(
        name="a certificate is withdrawn and the list does not say so",
        where=f"{ISSUING}:withdraw",
        old="_restate(act, actor)",
        new="None",
        killer=f"{CERTIFICATES}:test_a_certificate_is_withdrawn_on_its_own_page_alone",
    ),
    Fault(
        name="the step that withdraws goes without the list",
        where="tansiq.desk.records.say:step",
        old="if kind_named(old.kind).transition(name).within:",
        new="if False:",
        killer=f"{CERTIFICATES}:test_a_certificate_is_withdrawn_on_its_own_page_alone",
    ),
    Fault(
        name="one in the place of another leaves that standing",
        where=f"{ISSUING}:issue_instead",
        old="_withdraw(act, actor, old, REPLACED)",
        new="None",
        killer=f"{CERTIFICATES}:test_one_in_the_place_of_another_has_a_new_serial_and_the_old_is_"
        "withdrawn",
    ),
    Fault(
        name="a code is as good as any other statement of the key",
        where="tansiq.log.certificates:is_signed_by",
        old="_DOMAIN + _bytes(code.claims)",
        new="_bytes(code.claims)",
        killer=f"{CODES}:test_no_other_statement_of_the_key_is_a_certificate",
    ),
    Fault(
        name="a revoked key goes on signing certificates",
        where=f"{CHECKING}:_key",
        old="if revoked is not None:",
        new="if False:",
        killer=f"{CERTIFICATES}:test_what_a_revoked_key_signed_counts_no_more",
    ),
    Fault(
        name="an authority that is none any more vouches on",
        where=f"{CHECKING}:_key",
        old="if known[signer] != authority:",
        new="if False:",
        killer=f"{CERTIFICATES}:test_what_was_signed_under_another_authority_is_not_vouched_for",
    ),
    Fault(
        name="a list that did not come whole names nobody",
        where=f"{CHECKING}:_list_of",
        old="return found if whole else None",
        new="return found",
        killer=f"{CERTIFICATES}:test_a_list_that_did_not_come_whole_names_nobody",
    ),
    Fault(
        name="a holder who says another number holds it all the same",
        where=f"{CHECKING}:check",
        old="mark_of(number, claims.salt) == claims.mark",
        new="bool(claims.mark)",
        killer=f"{CERTIFICATES}:test_the_number_that_the_holder_says_is_compared",
    ),
)  # fmt: skip
