"""Faults in the catalogue of supplies, and the test that must see each."""

from tests.mutants.planting import Fault
from tests.mutants.support_faults import RAISED
from tests.noninterference.story import Case

WEB = "tests.web.test_catalogue"
READS = "tansiq.desk.support.catalogue"
KEPT_OUT = f"{WEB}:test_one_row_that_cannot_be_used_keeps_the_whole_file_out"
FIFTH = {"wrong": "shells,V,Shells,x,x,piece,", "code": "catalogue_fifth", "language": "en"}
ARMS = {"wrong": "r1,vii,Rifle,x,x,piece,", "code": "catalogue_arms", "language": "en"}
CATALOGUE = (
    Fault(
        name="class V is a class like others",
        where=f"{READS}:_class",
        old="if plain in _FIFTH:",
        new="if False:",
        killer=KEPT_OUT,
        given=FIFTH,
    ),
    Fault(
        name="a weapon is an item like others",
        where=f"{READS}:_item",
        old='supplies.arms_in(" ".join((*names, cells["code"])))',
        new='""',
        killer=KEPT_OUT,
        given=ARMS,
    ),
    Fault(
        name="a line names an own item by its code alone",
        where="tansiq.desk.records.items:_named",
        old='return {**row, "named": f"{names}: {typed}" if typed else names}',
        new="return row",
        killer=f"{WEB}:"
        "test_a_line_carries_the_names_of_an_own_item_to_a_partner_who_does_not_have_it",
    ),
    Fault(
        name="a file is taken where it is only to be shown",
        where="tansiq.web.support.catalogue:look",
        old="    faults = [",
        new="    items.take(current().desk, seat.actor, found.items)\n    faults = [",
        killer=f"{WEB}:test_a_file_is_shown_before_it_is_taken_and_taken_twice_changes_nothing",
    ),
    Fault(
        name="a catalogue is told to partners",
        where="tansiq.desk.records.items:_say",
        old="    act.say(\n",
        new="    for party in ('MOD', 'JCC'):\n"
        "        if party != act.desk.me:\n"
        "            act.feed(party, {'type': 'catalogue', 'items': len(items)})\n"
        "    act.say(\n",
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="what is the same is looked for above a clearance, in two worlds",
        where="tansiq.desk.cases.alike:alike",
        old="read.page(desk, viewer, query)",
        new=f"read.page(desk, {RAISED}, query)",
        killer="tests.noninterference.test_supplies:"
        "test_what_is_the_same_is_found_alike_whatever_is_hidden",
        given={"case": Case.LOW, "position": "duty-officer", "pages": None},
    ),
    Fault(
        name="an item that was taken out may be asked for",
        where="tansiq.desk.records.items:_demand_offered",
        old="    if item and not item.offered and",
        new="    if False and",
        killer=f"{WEB}:"
        "test_an_item_that_is_taken_out_is_in_no_new_line_and_still_named_in_old_ones",
    ),
    Fault(
        name="a workbook is unpacked as far as it goes",
        where="tansiq.gateways.workbook:_demand_small",
        old="if len(parts) > _PARTS_MAX or unpacked >",
        new="if False and unpacked >",
        killer="tests.unit.test_workbooks:test_a_package_is_added_up_before_it_is_unpacked",
    ),
    Fault(
        name="a formula that was never calculated is an empty cell",
        where="tansiq.gateways.workbook:_rows",
        old='fault = "import_formula" if never else _fault(cells, said, width)',
        new="fault = _fault(cells, said, width)",
        killer="tests.unit.test_workbooks:"
        "test_a_formula_says_what_it_came_to_and_is_never_followed",
    ),
    Fault(
        name="anybody takes a catalogue",
        where="tansiq.desk.records.items:demand_catalogue",
        old="demand(mandate.may_do(actor.role, mandate.Act.CATALOGUE))",
        new="return",
        killer=f"{WEB}:test_who_has_no_mandate_for_the_catalogue_takes_nothing",
    ),
)
