"""The faults that would break a promise, and for each the test that must see it."""

from tests.mutants.alerts_faults import ALERTS_FAULTS
from tests.mutants.attention_faults import ATTENTION_FAULTS
from tests.mutants.beside_faults import BESIDE_FAULTS
from tests.mutants.case_faults import CASES
from tests.mutants.catalogue_faults import CATALOGUE
from tests.mutants.chain_faults import CHAIN_FAULTS
from tests.mutants.evolution_faults import EVOLUTION_FAULTS
from tests.mutants.following import ALONE
from tests.mutants.isolates import ISOLATES
from tests.mutants.offer_faults import OFFER_FAULTS
from tests.mutants.overview_faults import OVERVIEW_FAULTS
from tests.mutants.partner_faults import PARTNER_FAULTS
from tests.mutants.planting import Fault
from tests.mutants.rooms import ROOMS
from tests.mutants.sections import SECTIONS
from tests.mutants.stock_faults import STOCK
from tests.mutants.support_faults import SUPPORT_FAULTS
from tests.mutants.unknowns import UNKNOWNS
from tests.mutants.ways import WAYS
from tests.noninterference.story import Case
from tests.world import HOUR, START, Classification, authority, to

RULE = "tansiq.policy.release"
PAGES = "tests.noninterference.test_pages"
RELEASE = "tests.unit.test_release"
STAYS = f"{RELEASE}:test_what_no_rule_and_no_label_allow_stays_here"
LOW = {"pages": None, "case": Case.LOW, "position": "duty-officer"}
OBSERVER = {"pages": None, "case": Case.LOW, "position": "observer"}


def kept(code: str, **terms):
    return {"label": to(*terms.pop("to", ("MOD",)), **terms), "rule_name": "R-MPA", "code": code}


LABELS = (
    Fault(
        name="an empty audience means everyone",
        where=f"{RULE}:may_read",
        old="if viewer.party not in label.readers():",
        new="if label.audience and viewer.party not in label.readers():",
        killer=STAYS,
        given=kept("not_in_audience", to=()),
    ),
    Fault(
        name="clearance is ignored",
        where=f"{RULE}:may_read",
        old="if label.classification.rank > viewer.clearance.rank:",
        new="if False:",
        killer=STAYS,
        given=kept("above_clearance", classification=Classification.SECRET),
    ),
    Fault(
        name="a restrictive category is ignored",
        where=f"{RULE}:may_read",
        old="if not categories <= viewer.categories:",
        new="if False:",
        killer=STAYS,
        given=kept("category_not_held", categories=frozenset({"medical"})),
    ),
    Fault(
        name="the administrator sees content",
        where=f"{RULE}:may_read",
        old="if viewer.role is Role.ADMINISTRATOR:",
        new="if False:",
        killer="tests.unit.test_desk:test_the_administrator_sees_and_tells_nothing",
    ),
    Fault(
        name="expiry is forgotten for one record",
        where=f"{RULE}:may_see",
        old="if label.expires and now >= label.expires:",
        new="if False:",
        killer="tests.unit.test_desk:test_what_expires_here_is_erased_and_told",
    ),
    Fault(
        name="expiry is forgotten in lists",
        where="tansiq.board.visible_labels:in_time",
        old="NOT ({table}.expires BETWEEN 1 AND ?)",
        new="NOT ({table}.expires + 1 < ?)",
        killer="tests.unit.test_board:test_lists_open_at_the_embargo_and_close_at_the_expiry",
    ),
    Fault(
        name="expiry is forgotten in totals",
        where="tansiq.board.index_scan:IndexScan._tallies",
        old="n - withheld.get(group, 0)",
        new="n",
        killer="tests.unit.test_board:test_lists_open_at_the_embargo_and_close_at_the_expiry",
    ),
    Fault(
        name="embargo is forgotten for one record",
        where=f"{RULE}:may_see",
        old="if now < label.embargo:",
        new="if False:",
        killer="tests.mutants.test_rules:test_an_embargo_holds_to_the_millisecond",
    ),
    Fault(
        name="embargo is forgotten when a release is due",
        where=f"{RULE}:due_at",
        old="max(proposal.edition.label.embargo,",
        new="max(0,",
        killer=f"{RELEASE}:test_embargo_and_delay_hold_a_release_until_its_time",
        given={
            "label": to("MOD", embargo=START + 2 * HOUR),
            "rule_name": "R-MPA",
            "wait": 2 * HOUR,
        },
    ),
    Fault(
        name="history shows editions under a stricter label",
        where="tansiq.policy.seal:relabel",
        old="join([own, its])",
        new="its",
        killer="tests.unit.test_desk:test_an_old_edition_follows_its_own_label_and_the_newest",
    ),
)

SIGHT = (
    Fault(
        name="a count over all records",
        where="tansiq.board.index_scan:IndexScan._tallies",
        old=" AND r.label IN ({numbers(self.visible.labels)}) AND {chosen} GROUP",
        new=" AND {chosen} GROUP",
        killer="tests.unit.test_desk:test_the_administrator_sees_and_tells_nothing",
    ),
    Fault(
        name="a list in the order of something hidden",
        where="tansiq.board.index_scan:IndexScan.keys",
        old="ORDER BY {plus}r.{by} {turn}",
        new=(
            "ORDER BY (SELECT COUNT(*) FROM link q WHERE q.target = substr(r.record, 5)),"
            " {plus}r.{by} {turn}"
        ),
        killer=f"{PAGES}:test_every_position_sees_the_same_in_both_worlds",
        given=OBSERVER,
    ),
    Fault(
        name="hidden rows take up a page",
        where="tansiq.board.holdings:found",
        old='WHERE {seen} AND {where}", (*mine, *values)',
        new='WHERE {where}", values',
        killer="tests.noninterference.test_limits:test_holdings_show_all_that_is_seen",
    ),
    Fault(
        name="a wake-up about what one may not see",
        where="tansiq.web.shell.live:_may_know",
        old="open_for(viewer, change.sealed, now) is not None",
        new="bool(viewer)",
        killer="tests.noninterference.test_events:test_the_stream_says_the_same_whatever_is_hidden",
        given=LOW,
    ),
    Fault(
        name="withheld reads otherwise than absent",
        where="tansiq.desk.records.read:record",
        old='raise InputError("record_absent")',
        new='raise InputError("record_absent" if sealed is None else "card_absent")',
        killer=f"{PAGES}:test_withheld_is_absent",
        given=LOW,
    ),
    Fault(
        name="the mark of a form covers editions that are hidden",
        where="tansiq.board.views:_mark",
        old='if name not in ("n", "previous")',
        new="if name",
        killer=f"{PAGES}:test_a_record_and_its_forms_answer_alike_whatever_is_hidden",
        given=LOW,
    ),
    Fault(
        name="everybody is told how long the feeds are",
        where="tansiq.desk.links.linking:_state",
        old="counts = bool(mandate.may_do(viewer.role, mandate.Act.VERIFY))",
        new="counts = True",
        killer=f"{PAGES}:test_every_position_sees_the_same_in_both_worlds",
        given=OBSERVER,
    ),
    Fault(
        name="a tombstone for everybody",
        where="tansiq.desk.records.read:tombstones",
        old="labels = queries.readable(desk.board, viewer)",
        new="labels = list(desk.board.labels())",
        killer="tests.unit.test_board:test_a_tombstone_is_for_those_who_could_have_read",
    ),
    Fault(
        name="the guard of the pages is off",
        where="tansiq.web.shell.page:guard",
        old="if isinstance(value, _REFUSED):",
        new="if False:",
        killer="tests.web.test_guard:test_nothing_unreleased_reaches_a_page",
    ),
)

WIRE = (
    Fault(
        name="what is below the tear line is on the wire",
        where=f"{RULE}:redact",
        old="below = kind.always_below() | edition.tear | rule.hide | proposal.hide",
        new="below = rule.hide | proposal.hide",
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="the place is not coarsened",
        where=f"{RULE}:_kept",
        old="else told.to_json()",
        new="else value",
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="a link to an unreleased record is on the wire",
        where=f"{RULE}:_kept",
        old="[item for item in value if item in known]",
        new="value",
        killer=(
            "tests.noninterference.test_wire:"
            "test_a_link_to_what_was_never_released_is_not_on_the_wire"
        ),
    ),
    Fault(
        name="the other recipients are on the wire",
        where=f"{RULE}:partner_label",
        old="audience=audience_of(to),",
        new="",
        killer="tests.noninterference.test_wire:test_a_partner_is_told_of_no_other_partner",
    ),
    Fault(
        name="recalled words are still sent",
        where="tansiq.desk.exchange.saying:lines_of",
        old="            data = None\n",
        new="            pass\n",
        killer=f"{RELEASE}:test_what_is_recalled_before_delivery_travels_as_its_hash",
    ),
    Fault(
        name="a recall in the same parcel loses against the original",
        where="tansiq.board.received:_states",
        old="(recalled, purged) == (0, 0) and",
        new="True and",
        killer="tests.unit.test_board:test_a_recall_that_comes_with_or_before_the_edition_wins",
    ),
    Fault(
        name="a restored node takes what it remembers for what left",
        where="tansiq.sync.engine:_receipt",
        old="doubted = (peer.unsure or peer.rewound > 0) and",
        new="doubted = False and",
        killer=(
            "tests.mutants.test_rules:"
            "test_a_restored_node_asks_for_what_it_does_not_remember_to_be_signed_for"
        ),
    ),
    Fault(
        name="a gap is accepted",
        where="tansiq.sync.engine:_run",
        old="    return _hold(peer, parcel)\n",
        new=(
            "    head = peer.head.extend(line.leaf for line in parcel.lines)\n"
            "        take = Accept(lines=parcel.lines, head=head, note=parcel.note)\n"
            "        return replace(peer, head=head), [take]\n"
        ),
        killer="tests.mutants.test_rules:test_a_run_behind_a_gap_waits_and_people_are_told",
    ),
    Fault(
        name="a receipt for more than came without a gap",
        where="tansiq.desk.exchange.saying:receipt_for",
        old="note = desk.store.note(in_log(party), size, party)",
        new=(
            "from tansiq.desk.exchange.exchange import _peer\n"
            "    held = _peer(desk, party).waiting\n"
            "    note = held[-1].note if held else desk.store.note(in_log(party), size, party)"
        ),
        killer="tests.mutants.test_rules:test_a_receipt_stops_before_a_gap",
    ),
)

HANDS = (
    Fault(
        name="the second person is the first",
        where="tansiq.policy.mandate:may_second",
        old="if approver.person in persons",
        new="if False",
        killer="tests.unit.test_policy:test_the_second_person_is_another_person_with_the_mandate",
    ),
    Fault(
        name="somebody approves what that person may not see",
        where="tansiq.desk.release.releasing:_demand_whole",
        old="if not sees(",
        new="if False and not sees(",
        killer="tests.mutants.test_rules:test_nobody_approves_an_attachment_unseen",
    ),
    Fault(
        name="a file above the releaser goes along",
        where="tansiq.desk.release.proposing:sees",
        old="if actor is None:",
        new="if True:",
        killer="tests.mutants.test_rules:test_a_file_above_the_releaser_stays_here",
    ),
    Fault(
        name="the signature of a parcel is skipped",
        where="tansiq.sync.parcel:_check_signature",
        old="if not keys.verifies(",
        new="if False and not keys.verifies(",
        killer="tests.unit.test_parcel:test_mutated_plain_forms_end_in_a_parcel_error",
    ),
    Fault(
        name="the signature of a head is skipped",
        where="tansiq.log.checkpoint:verify",
        old="if not keys.verifies(",
        new="if False and not keys.verifies(",
        killer="tests.mutants.test_rules:test_a_head_that_was_changed_is_refused",
    ),
    Fault(
        name="the signature of a receipt is skipped",
        where="tansiq.log.checkpoint:verify_cosignature",
        old="if not keys.verifies(",
        new="if False and not keys.verifies(",
        killer="tests.unit.test_checkpoint:test_a_changed_time_breaks_the_receipt",
    ),
    Fault(
        name="the signature of a card is skipped",
        where="tansiq.log.cards:read_card",
        old="if not keys.verifies(",
        new="if False and not keys.verifies(",
        killer="tests.unit.test_cards:test_a_changed_field_breaks_the_signature",
    ),
    Fault(
        name="the signature of an agreement is skipped",
        where="tansiq.desk.release.agreements:take",
        old="if not verifies(",
        new="if False and not verifies(",
        killer=f"{RELEASE}:test_agreements_need_authority_order_and_good_signatures",
    ),
)

PAPERS = "tests.unit.test_papers"
KEYS = (
    Fault(
        name="a revoked key goes on counting",
        where="tansiq.desk.trust.papers:signer",
        old="if revoked is not None:",
        new="if False:",
        killer=f"{PAPERS}:test_a_revoked_node_that_goes_on_is_refused_and_heard_of_once",
    ),
    Fault(
        name="a revoked node is sent to",
        where="tansiq.desk.exchange.exchange:_peer",
        old="if known.revoked_at:",
        new="if False:",
        killer=f"{PAPERS}:test_sending_to_a_revoked_node_stops_at_once",
    ),
    Fault(
        name="any authority revokes any node",
        where="tansiq.desk.trust.papers:take",
        old="if paper.authority != known.authority:",
        new="if False:",
        killer=f"{PAPERS}:test_nobody_elses_authority_revokes_a_node",
        given={"signer": authority("COA")},
    ),
    Fault(
        name="an old card brings an old key back",
        where="tansiq.desk.trust.papers:_take_card",
        old="card.issued_ms <= known.card.issued_ms",
        new="False",
        killer=f"{PAPERS}:test_an_old_card_changes_nothing",
    ),
    Fault(
        name="a replaced key signs for ever",
        where="tansiq.desk.trust.papers:_counts",
        old="until == 0 or (until > now and expires > now)",
        new="True",
        killer=f"{PAPERS}:test_an_old_key_opens_nothing_after_the_overlap",
    ),
    Fault(
        name="an expired card is sent to",
        where="tansiq.desk.exchange.exchange:_peer",
        old="if known.card.expires_ms <= desk.clock.now():",
        new="if False:",
        killer=f"{PAPERS}:test_a_card_that_has_expired_counts_no_longer",
    ),
    Fault(
        name="a confirmed key is authorised by nobody",
        where="tansiq.desk.exchange.exchange:_peer",
        old="if not known.authorised_at:",
        new="if False:",
        killer="tests.unit.test_restarting:test_a_confirmed_key_waits_for_the_release_authority",
    ),
    Fault(
        name="one person goes on alone with a stopped partner",
        where="tansiq.desk.trust.restarting:agree",
        old='if wish.by.get("person") == actor.person:',
        new="if False:",
        killer="tests.unit.test_restarting:test_one_person_alone_does_not_go_on",
    ),
)

PLANTED = (
    *ALERTS_FAULTS, *ATTENTION_FAULTS, *BESIDE_FAULTS, *EVOLUTION_FAULTS, *PARTNER_FAULTS,
    *OFFER_FAULTS, *SUPPORT_FAULTS, *ROOMS, *OVERVIEW_FAULTS,
)  # fmt: skip
FAULTS = (*LABELS, *SIGHT, *WIRE, *ALONE, *HANDS, *KEYS, *WAYS, *UNKNOWNS, *ISOLATES, *PLANTED,
          *SECTIONS, *CASES, *STOCK, *CATALOGUE, *CHAIN_FAULTS)  # fmt: skip
