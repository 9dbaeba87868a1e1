"""Faults that would let a partner, or what a computer makes of its files, mislead us."""

from tests.mutants.planting import Fault

LINKED = "tests.web.test_linked"
STICK = "tests.unit.test_bundle"

PARTNER_FAULTS = (
    Fault(
        name="a partner's correction counts for a line of ours",
        where="tansiq.desk.records.linked:by_owner",
        old="found.get((source.value.owner, target), [])",
        new="found.get((views[0].value.owner, target), [])",
        killer=f"{LINKED}:test_b3_a_link_counts_only_from_the_owner_of_the_record",
        given={"field": "corrects", "owner": "MOD"},
    ),
    Fault(
        name="a link leads to a record of another party under the same id",
        where="tansiq.desk.records.linked:named_by_owner",
        old="[view.value.owner]",
        new="[view.value.owner, *partners.codes(desk.board), desk.me]",
        killer=f"{LINKED}:test_b3_one_of_the_same_id_is_another_record",
    ),
    Fault(
        name="a parcel under another name is passed over",
        where="tansiq.carriers.stick_files:_judged",
        old="if not (begins_a_parcel(head) or named):",
        new="if not named:",
        killer=f"{STICK}:test_b8_a_file_is_known_by_what_it_holds",
        given={"name": "TANSIQ~1"},
    ),
    Fault(
        name="a torn file is no reason to look again",
        where="tansiq.carriers.stick_files:_judged",
        old="Why.TORN if said else Why.FOREIGN",
        new="Why.FOREIGN",
        killer=f"{STICK}:test_b8_what_is_not_read_is_named_with_its_reason",
    ),
)
