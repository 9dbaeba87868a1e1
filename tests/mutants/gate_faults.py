"""Faults of the release decision, and the test that must see each: a row of what was found once."""

from tests.mutants.planting import Fault
from tests.unit.test_release_gate import other_text

GATE = "tests.unit.test_release_gate"
ENDINGS = "tests.unit.test_endings"
PREVIEW = "tests.web.test_preview"

GATE_FAULTS = (
    Fault(
        name="a release is prepared of what nobody previewed",
        where="tansiq.desk.release.releasing:prepare",
        old="if digest_of(desk, found) != seen:",
        new="if False:",
        killer=f"{GATE}:test_a3_nothing_leaves_but_what_was_previewed",
        given={"between": other_text},
    ),
    Fault(
        name="an approval sends more than a rule allows that came between",
        where="tansiq.desk.release.releasing:_demand_same",
        old="if rule.approvers > approvers or not is_no_laxer(frozen_as, wire.value):",
        new="if False:",
        killer=f"{GATE}:test_a3_approval_sends_the_frozen_bytes_and_no_laxer_ones",
    ),
    Fault(
        name="a form lifts what it does not show above the tear line",
        where="tansiq.web.shell.forms:parse",
        old="(stood - movable) | (chosen & movable)",
        new="chosen & movable",
        killer=f"{PREVIEW}:test_a4_a_form_moves_only_what_it_shows",
        given={"torn": ["same_as"], "ticked": []},
    ),
    Fault(
        name="a preview is silent about a field that leaves",
        where="tansiq.web.releases.panel:framed",
        old="if any(",
        new="if False and any(",
        killer=f"{PREVIEW}:test_a4_a_field_that_the_preview_does_not_show_is_a_failure",
    ),
    Fault(
        name="the strict rule is forgotten after many editions",
        where="tansiq.desk.release.releasing:_inherited",
        old="if rule != agreement.rule(rule.name) else {}",
        new="if not rule else {}",
        killer=f"{GATE}:test_a6_the_strictest_rule_binds_however_many_editions_follow",
    ),
    Fault(
        name="files that waited with a recalled release go with another",
        where="tansiq.desk.release.recalling:stop_unsent",
        old="in (*unsent, *along):",
        new="in unsent:",
        killer=f"{ENDINGS}:test_a1_a_recall_on_the_way_ends_the_files_that_waited_with_it",
    ),
    Fault(
        name="a correction of what was recalled goes by itself",
        where="tansiq.desk.release.history:belongs_to_ended",
        old=" or body.get(CORRECTS)",
        new="",
        killer=f"{ENDINGS}:test_a1_a_correction_of_an_ended_line_stays_too",
    ),
    Fault(
        name="a parcel from before an end is handed out",
        where="tansiq.desk.exchange.exchange:may_be_handed_out",
        old="over <= sent.terms.withdrawn and ",
        new="",
        killer="tests.web.test_links:test_a7_a_parcel_made_ahead_does_not_follow_what_ended",
    ),
    Fault(
        name="who saw it in a list is not stated",
        where="tansiq.desk.release.purging:_shown_to",
        old="[*opened, *acting]",
        new="opened",
        killer="tests.web.test_shown:test_a8_who_was_shown_it_is_named",
        given={"place": "/inbox"},
    ),
    Fault(
        name="an auditor's looking is told to the owner",
        where="tansiq.desk.release.purging:_shown_to",
        old=" if roles.get(code) is not Role.AUDITOR",
        new="",
        killer="tests.web.test_shown:test_a8_nobody_is_nobody",
    ),
    Fault(
        name="two editions tell the border between their cells",
        where="tansiq.domain.places:coarsen",
        old="[*positions_of(before), (place.lat, place.lon)]",
        new="[(place.lat, place.lon)]",
        killer=f"{GATE}:test_a12_two_editions_on_both_sides_of_a_border_are_told_alike",
    ),
    Fault(
        name="a place that is told coarsely counts as told whole",
        where="tansiq.policy.comparing:reduced_fields",
        old="sent[field.name] != own.get(field.name)",
        new="False",
        killer=f"{GATE}:test_d7_a_preview_says_of_what_it_tells_less",
    ),
)
