"""Faults of safety messages: narrowed, silenced without being read back, or taken by any door."""

from tests.mutants.planting import Fault

DESKS = "tests.unit.test_safety_messages"

SAFETY_FAULTS = (
    Fault(
        name="whoever hears a safety message silences it",
        where="tansiq.domain.attention:unheard",
        old="if wait.must_act:",
        new="if wait is None:",
        killer=f"{DESKS}:test_it_rings_until_it_was_read_back_and_not_until_it_was_heard",
    ),
    Fault(
        name="after a minute a safety message rings for the watch alone",
        where="tansiq.desk.records.attention:_able",
        old="if one.wait.haste is Haste.SAFETY:",
        new="if one.wait.haste is None:",
        killer=f"{DESKS}:test_it_rings_until_it_was_read_back_and_not_until_it_was_heard",
    ),
    Fault(
        name="a safety message rings for its sender as soon as it was sent",
        where="tansiq.board.restaging:_follow",
        old="quiet=all(turn.later for turn in turns)",
        new="quiet=not turns",
        killer=f"{DESKS}:"
        "test_the_sender_is_rung_for_each_party_that_has_not_read_it_back_in_a_minute",
    ),
    Fault(
        name="a safety message is in the bar of those alone for whom it rings",
        where="tansiq.board.attention:hasty",
        old="OR r.haste = 'safety')",
        new="OR r.haste = 'none')",
        killer=f"{DESKS}:test_it_stands_on_every_page_there_and_says_that_one_must_act",
    ),
    Fault(
        name="a form says to whom a safety message goes",
        where="tansiq.desk.records.say:_label_of",
        old="if not _asks_all(kind):",
        new="if kind.name:",
        killer=f"{DESKS}:test_no_form_narrows_it",
    ),
    Fault(
        name="a form keeps words of a safety message back",
        where="tansiq.desk.records.say:_first_edition",
        old="None if _asks_all(kind) else draft.tear",
        new="draft.tear",
        killer=f"{DESKS}:test_no_form_narrows_it",
    ),
    Fault(
        name="the page of any case reads a safety message back",
        where="tansiq.desk.cases.taking:take_in",
        old="first.checked:",
        new="first.makes:",
        killer=f"{DESKS}:test_no_other_door_takes_its_steps",
    ),
    Fault(
        name="any town says any place back",
        where="tansiq.domain.kinds.operations.said_back:is_said_back",
        old="return town is not None and town.key in",
        new="return town is not None or town.key in",
        killer=f"{DESKS}:test_what_was_not_said_back_rightly_does_not_count",
        given={"typed": "Makhmour", "confirmed": True, "code": "not_said_back"},
    ),
    Fault(
        name="a safety message needs a rule that people negotiated",
        where="tansiq.desk.release.agreements:texts",
        old="_asked(data)",
        new="_read(data)[0]",
        killer=f"{DESKS}:test_one_sentence_goes_to_every_party_without_approval_and_is_read_back",
    ),
    Fault(
        name="a text puts another rule in the place of the one that joining signed",
        where="tansiq.policy.agreement:_is_kept",
        old="rule != _joined(begins, kind, rule.sender)",
        new="rule is None",
        killer="tests.unit.test_agreement:test_the_names_of_the_rules_of_joining_are_kept_for_them",
        given={"name": "SAFETY-MPA", "kinds": ["incident"]},
    ),
    Fault(
        name="one party that cannot be told keeps the others from the end",
        where="tansiq.desk.operations.safety:_stood_down",
        old='if refused.code == "mandate":',
        new="if refused.code:",
        killer=f"{DESKS}:test_one_that_cannot_be_told_the_end_keeps_no_other_waiting",
    ),
    Fault(
        name="anybody's review is taken for the own one",
        where="tansiq.desk.operations.reviewing:make",
        old="if made is not None:",
        new="if made is None and not text:",
        killer=f"{DESKS}:test_an_incident_and_a_review_are_made_by_one_act_for_the_own_party_alone",
    ),
)
