"""Faults in offers that nobody asked for, and the test that must see each."""

from tests.mutants.planting import Fault
from tests.mutants.support_faults import RAISED

PAGES = "tests.web.test_offers"
DESKS = "tests.unit.test_offers_on_desks"
MAKING = "tansiq.desk.cases.making"
ALONE = f"{PAGES}:test_an_offer_is_taken_with_a_request_and_in_no_other_way"
OFFER_FAULTS = (
    Fault(
        name="an offer is taken and no request comes of it",
        where="tansiq.desk.cases.taking:take_in",
        old="if first is not None and first.makes:",
        new="if False:",
        killer=ALONE,
    ),
    Fault(
        name="an offer's words are read by another provider",
        where=f"{MAKING}:make",
        old="if [seat.party for seat in _seats(draft.body)] != [other]:",
        new="if other not in [seat.party for seat in _seats(draft.body)]:",
        killer=ALONE,
    ),
    Fault(
        name="an offer's words stand below its class",
        where=f"{MAKING}:as_closed",
        old="label.categories | root.categories",
        new="label.categories",
        killer=f"{DESKS}:test_what_was_made_of_an_offer_is_as_closed_as_the_offer",
    ),
    Fault(
        name="an offer names a request above a clearance",
        where=f"{MAKING}:named_here",
        old="read.record(desk, viewer, desk.me, str(about))",
        new=f"read.record(desk, {RAISED}, desk.me, str(about))",
        killer=f"{DESKS}:test_an_offer_joins_no_record_that_it_only_names",
    ),
    Fault(
        name="an offer leaves before the chain for what is given",
        where="tansiq.desk.release.inward:_root_chain",
        old="Before.GIVING if gives else Before.ASKING",
        new="Before.ASKING",
        killer=f"{DESKS}:test_the_chain_that_is_asked_before_giving_approves_an_offer_first",
    ),
    Fault(
        name="who followed the stage is never asked",
        where="tansiq.desk.release.asking:newly_asked",
        old="return seat_asked(kind, edition.body, to) is not None",
        new="return False",
        killer=f"{PAGES}:test_an_offer_about_a_request_that_only_is_heard_of_joins_it",
    ),
    Fault(
        name="a form takes what it does not say that it takes",
        where="tansiq.web.records.writing:_written",
        old='if (made.value.lane if made else "") != request.POST.get("lane", ""):',
        new="if False:",
        killer=f"{PAGES}:test_the_request_and_the_step_are_kept_together_or_neither_is",
    ),
    Fault(
        name="a weapon is offered by another name",
        where="tansiq.domain.kinds.support.terms:demand_whole",
        old='if arms := supplies.arms_in(str(row.get("named", ""))):',
        new='if arms := "":',
        killer=f"{PAGES}:test_what_does_not_go_together_is_said_beside_its_field",
        given={"language": "en"},
    ),
)
