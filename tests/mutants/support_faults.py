"""Faults in support: what a page of it tells, counts or closes, and the test that must see each."""

from tests.mutants.planting import Fault

SUPPORT = "tests.web.test_support"
NEED = f"{SUPPORT}:test_a_need_goes_to_a_receipt_with_one_key_for_each_step"
WHOLE = f"{SUPPORT}:test_what_does_not_go_together_is_said_beside_its_field"
SUMS = "tansiq.domain.cases.quantities"
REQUEST = "tansiq.domain.kinds.support.request"
RAISED = (  # as whoever at this party reads most
    "type(viewer)(party=viewer.party, position=viewer.position, role=viewer.role, "
    "clearance=max((one.clearance for one in desk.identity.positions), key=lambda c: c.rank))"
)
BOUNDED = "tests.web.test_support_bounded"
ABOVE = f"{SUPPORT}:test_what_is_above_a_clearance_resembles_nothing_and_is_in_no_figure"
SUPPORT_FAULTS = (
    Fault(
        name="the provider signs for the requester",
        where="tansiq.domain.cases.lane:Judge._judge",
        old="_side(self._lane, step) in act.by and act.fits(step)",
        new="act.fits(step)",
        killer=f"{SUPPORT}:test_what_the_provider_says_came_closes_nothing",
    ),
    Fault(
        name="the search for what is the same looks above a clearance",
        where="tansiq.desk.cases.alike:alike",
        old="read.page(desk, viewer, query)",
        new=f"read.page(desk, {RAISED}, query)",
        killer=ABOVE,
    ),
    Fault(
        name="figures count what is above a clearance",
        where="tansiq.desk.support.figures:figures_of",
        old="read.page(desk, viewer, Query",
        new=f"read.page(desk, {RAISED}, Query",
        killer=ABOVE,
    ),
    Fault(
        name="what did not come is not told",
        where=f"{SUMS}:_receive",
        old='total["lost"] += max(0, count - whole)',
        new="pass",
        killer=NEED,
    ),
    Fault(
        name="damaged goods came in good order",
        where=f"{SUMS}:came",
        old="Came(good.get(line, 0), damaged.get(line, 0))",
        new="Came(good.get(line, 0) + damaged.get(line, 0), 0)",
        killer=NEED,
    ),
    Fault(
        name="what was refused is still to be decided",
        where=f"{SUMS}:Sums.undecided",
        old=" + self.refused",
        new="",
        killer=NEED,
    ),
    Fault(
        name="of several receipts another counts than is shown",
        where="tansiq.domain.cases.quantities:_newest",
        old="return min(last",
        new="return max(last",
        killer=f"{SUPPORT}:test_of_two_receipts_that_crossed_the_page_shows_the_one_that_counts",
    ),
    Fault(
        name="a request resembles those of every place",
        where=f"{REQUEST}:_resembles",
        old='if not _near(body.get("place"), other.get("place")):',
        new="if False:",
        killer=f"{SUPPORT}:test_what_resembles_an_open_request_is_shown_before_it_is_sent",
    ),
    Fault(
        name="supplies are asked for without a line",
        where="tansiq.domain.kinds.support.terms:demand_whole",
        old='if sort == "supplies" and not rows:',
        new="if False:",
        killer=WHOLE,
        given={"language": "en"},
    ),
    Fault(
        name="an item is counted in any unit",
        where="tansiq.domain.kinds.support.supplies:fits",
        old="item == OTHER or is_own(item) or unit in ITEMS[item].units",
        new="True",
        killer=WHOLE,
        given={"language": "en"},
    ),
    Fault(
        name="a contested lane says nothing of what crossed",
        where="tansiq.desk.cases.reading:_lane",
        old="contested=tuple(one for one in said if one.step.key in standing.contested)",
        new="contested=()",
        killer=f"{SUPPORT}:test_a_contested_lane_shows_what_each_side_said_and_one_act_settles_it",
        given={"language": "en"},
    ),
    Fault(
        name="the requester adds up one lane only",
        where="tansiq.desk.cases.reading:_case",
        old="together(one.sums for one in lanes)",
        new="together(one.sums for one in lanes[:1])",
        killer=f"{SUPPORT}:test_each_of_two_providers_counts_its_own",
    ),
    Fault(
        name="a partner names lines without end",
        where="tansiq.board.case_folds:_demand_lines",
        old="len(lines.union(*before)) > BOUNDS.case_lines_max or ",
        new="",
        killer=f"{BOUNDED}:test_a_lane_names_so_many_lines_and_no_more_often_than_a_page_can_bear",
    ),
    Fault(
        name="a partner counts without end",
        where="tansiq.board.case_folds:_demand_lines",
        old=" or counted > BOUNDS.case_counts_max",
        new="",
        killer=f"{BOUNDED}:test_the_same_lines_are_counted_so_often_and_no_more",
    ),
    Fault(
        name="a page has a form for each consignment",
        where="tansiq.desk.cases.goods:receivable",
        old="[:RECEIPTS_MAX]",
        new="",
        killer=f"{BOUNDED}:test_a_page_has_few_forms_of_receipts_and_the_one_of_a_code",
    ),
    Fault(
        name="another party's ids hide the code of a consignment",
        where="tansiq.board.steps:between",
        old="PARTITION BY author ",
        new="",
        killer=f"{BOUNDED}:test_ids_that_begin_alike_hide_no_consignment_from_its_code",
    ),
    Fault(
        name="what was sent does not say for what it stands",
        where="tansiq.desk.cases.goods:instead_in",
        old="Column.ALLOTTED, Column.SENT",
        new="Column.RECEIVED",
        killer="tests.web.test_substitutes:test_what_stands_for_another_moves_no_sum",
    ),
    Fault(
        name="a line that is not counted stands for another",
        where="tansiq.domain.cases.declaration:_stands_in",
        old='name.removesuffix(f".{INSTEAD}") in named',
        new="True",
        killer="tests.web.test_substitutes:test_a_step_that_says_it_in_another_form_counts_nothing",
        given={"values": {"mask.box": 1, "gown.piece.for": "mask.box"}},
    ),
    Fault(
        name="a request that was recalled offers steps",
        where="tansiq.desk.cases.reading:_now",
        old="if ended and side is Side.OWNER:",
        new="if False:",
        killer=f"{BOUNDED}:test_a_request_that_was_recalled_offers_no_step_that_could_not_leave",
    ),
)
