"""Faults that would let a partner, or what a computer makes of its files, mislead us."""

from tests.mutants.planting import Fault

LINKED = "tests.web.test_linked"
NAMES = "tests.unit.test_names"
AUTHORITY = "tests.unit.test_new_authority"
EARLIER = "tests.unit.test_recovery_twists"
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
        where="tansiq.desk.records.linked:named_each",
        old="key_of(one.value.owner, name) for name in",
        new="key_of(owner, name) for owner in [*partners.codes(desk.board), desk.me] for name in",
        killer=f"{LINKED}:test_b3_one_of_the_same_id_is_another_record",
    ),
    Fault(
        name="a stick is written full of what asks and brings nothing",
        where="tansiq.carriers.bundle:write",
        old="if not parcel.more or not (entries or parcel.files):",
        new="if not parcel.more:",
        killer="tests.unit.test_stick_recovery:test_b6_what_brings_nothing_new_is_written_once",
    ),
    Fault(
        name="one person alone accepts a new authority",
        where="tansiq.desk.trust.authority:_compared",
        old='if wish.by.get("person") == actor.person:',
        new="if False:",
        killer=f"{AUTHORITY}:test_b7_a_new_authority_is_accepted_by_two_persons",
    ),
    Fault(
        name="a second person agrees to a card that nobody compared",
        where="tansiq.desk.trust.authority:_compared",
        old="if partners.mark_of(wish.card) != seen:",
        new="if False:",
        killer=f"{AUTHORITY}:test_a3_who_agrees_agrees_to_the_card_that_was_compared",
    ),
    Fault(
        name="what a partner states last of an erasure stands",
        where="tansiq.board.received:_receive_purged",
        old="WHERE release = ? AND party = ? AND purged_at = 0",
        new="WHERE release = ? AND party = ? AND purged_at >= 0",
        killer="tests.unit.test_board:test_d9_what_a_partner_stated_first_of_an_erasure_stands",
    ),
    Fault(
        name="what a node signed under an earlier key is not its own",
        where="tansiq.desk.trust.papers:_take_former",
        old="if any(one.public == card.public for one in known):",
        new="if True:",
        killer=f"{EARLIER}:test_b7_own_words_under_a_key_that_was_lost_are_own_words",
    ),
    Fault(
        name="an earlier card of ours counts as the one in use",
        where="tansiq.board.papers:_card",
        old="at if former else 0",
        new="0",
        killer=f"{EARLIER}:test_b7_own_words_under_a_key_that_was_lost_are_own_words",
    ),
    Fault(
        name="a new authority leaves the keys of before their days",
        where="tansiq.board.papers:_card",
        old='at if item["anew"] else at + BOUNDS.key_overlap_ms',
        new="at + BOUNDS.key_overlap_ms",
        killer=f"{AUTHORITY}:test_b7_under_a_new_authority_no_key_of_before_counts",
    ),
    Fault(
        name="a new card brings its names with it",
        where="tansiq.board.papers:_partner",
        old='if item["named"]:',
        new="if True:",
        killer=f"{NAMES}:test_b2_a_changed_name_needs_a_person",
    ),
    Fault(
        name="a card under another party's name is taken by itself",
        where="tansiq.desk.trust.papers:_take_card",
        old="if alike is not None:",
        new="if alike is not None and by:",
        killer=f"{NAMES}:test_b2_a_card_under_another_partys_name_is_refused_with_an_alarm",
    ),
    Fault(
        name="letters of other scripts make a name of its own",
        where="tansiq.desk.trust.names:_looks",
        old='plain = normalise("".join(map(_prototype, text)))',
        new="return normalise(text)",
        killer=f"{NAMES}:test_b2_names_like_another_partys_are_alike",
        given={"how": "cyrillic"},
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
