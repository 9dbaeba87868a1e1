"""Faults in what is saved by a slip of the hand, and the test that must see each."""

from tests.mutants.planting import Fault

ONCE = "tests.unit.test_once"
PAGES = "tests.web.test_saved_once"
BACK = "tests.unit.test_take_back"
SLIPS = "tests.web.test_slips"
EDITIONS = "tests.web.test_editions"
SAME = "tests.web.test_same"

SAVING_FAULTS = (
    Fault(
        name="a form is not remembered with what it saved",
        where="tansiq.desk.act.desk:Desk._acting",
        old="if form is not None and act.wrote:",
        new="if False:",
        killer=f"{ONCE}:test_c1_a_form_is_saved_once",
    ),
    Fault(
        name="a form of another person counts",
        where="tansiq.web.shell.once:_mark",
        old="\\n{seat.actor.person}",
        new="",
        killer=f"{PAGES}:test_c1_a_token_of_another_is_refused_and_nothing_is_lost",
        given={"token": "foreign", "language": "en"},
    ),
    Fault(
        name="what was changed in a form that was saved is dropped in silence",
        where="tansiq.desk.act.once:answered",
        old=" and found[0] == form.digest",
        new="",
        killer=f"{PAGES}:test_c1_a_form_with_other_words_is_asked_about_and_keeps_them",
    ),
    Fault(
        name="a release is not held back",
        where="tansiq.desk.release.releasing:_back_until",
        old="act.now + act.desk.take_back_ms",
        new="0",
        killer=f"{BACK}:test_take_back_holds_a_release_for_its_time_and_then_it_goes",
    ),
    Fault(
        name="anybody takes a release back",
        where="tansiq.desk.release.releasing:_may_take_back",
        old="return next((one for one in found if one), found[0])",
        new="return mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE)",
        killer=f"{BACK}:test_take_back_is_for_those_who_released",
    ),
    Fault(
        name="a first release to a party is not asked about",
        where="tansiq.web.releases.panel:_asks_once_more",
        old="offers.is_first(desk, actor, choice.to)",
        new="False",
        killer=f"{SLIPS}:test_d4_a_first_release_to_a_party_asks_once_more",
        given={"language": "en"},
    ),
    Fault(
        name="a form with errors takes the newest edition for its own",
        where="tansiq.web.records.editing:_save",
        old="status=422, files=_files(seat, view), base=base",
        new='status=422, files=_files(seat, view), base=""',
        killer=f"{EDITIONS}:test_d1_a_form_with_errors_keeps_the_edition_that_it_began_with",
    ),
    Fault(
        name="what both changed is chosen for the writer",
        where="tansiq.web.records.conflicts:_whose",
        old='return ""',
        new="return _MINE",
        killer=f"{EDITIONS}:test_d1_what_is_chosen_is_shown_before_it_is_saved",
    ),
    Fault(
        name="an earlier edition is read under its own label alone",
        where="tansiq.board.queries:editions",
        old="relabel(one, governing)",
        new="one",
        killer=f"{EDITIONS}:test_d1_an_earlier_edition_obeys_the_labels_of_today",
    ),
    Fault(
        name="what goes at once is not asked about",
        where="tansiq.web.shell.foreseen:demand_shown",
        old="if not {one.mark for one in going if one.party not in held} <= shown:",
        new="if False:",
        killer="tests.web.test_foreseen:test_d10_a_rule_that_was_shown_is_no_leave_for_another",
    ),
    Fault(
        name="a button sends a record to who does not have it without a word",
        where="tansiq.web.shell.foreseen:shown_first",
        old="demand_shown(act, request, held)",
        new="",
        killer="tests.web.test_foreseen:test_d10_a_button_that_would_send_asks_first",
        given={"language": "en"},
    ),
    Fault(
        name="a conflict counts hidden editions",
        where="tansiq.web.records.conflicts:_as_numbered",
        old="return _base_of(seat, theirs, theirs.value.digest) or theirs",
        new="return theirs",
        killer=f"{EDITIONS}:test_d1_a_conflict_counts_no_edition_that_is_hidden",
    ),
    Fault(
        name="a link of one event takes all that its record keeps above the tear line",
        where="tansiq.desk.records.same:_with",
        old="tear=old.tear",
        new="tear=frozenset()",
        killer=f"{SAME}:test_c7_the_link_does_not_leave",
        given={"known": True, "automatic": True},
    ),
    Fault(
        name="a link of one event is another one each time that it is said",
        where="tansiq.desk.records.same:link",
        old="if named.value.record not in links_of(old):",
        new="if True:",
        killer=f"{SAME}:test_c7_said_twice_it_is_written_once",
    ),
    Fault(
        name="a record of a partner takes a link of ours",
        where="tansiq.desk.records.same:ours_first",
        old="if one.value.owner == desk.me else (other, one)",
        new="",
        killer=f"{SAME}:test_c7_from_a_partners_record_the_own_one_is_linked",
    ),
)
