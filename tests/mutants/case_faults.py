"""Faults in cases, and the test that must see each. Those of the pure folds' order and crossing
stand in ``tests/property/test_cases.py`` too.
"""

from tests.mutants.planting import Fault
from tests.noninterference.story import Case

ON_DESKS = "tests.unit.test_cases_on_desks"
BOUNDED = "tests.unit.test_cases_bounded"
OUTWARD = "tests.unit.test_outward"
SETTLING = "tests.unit.test_settling"
RESTATED = "tests.unit.test_restated_requests"
TAKING = "tansiq.desk.cases.taking"
STEPPING = "tansiq.desk.release.stepping"
CASES = (
    Fault(
        name="the stage follows the order of arrival",
        where="tansiq.board.restaging:_moved",
        old="stage_of(declared, [at for _, at in stood])",
        new="next((getattr(declared.act(lane.came[-1].step.act), 'target', '') "
        "for lane, _ in stood if lane.came), declared.stages[0])",
        killer=f"{BOUNDED}:test_an_answer_that_crossed_the_end_counts_on_both_nodes",
    ),
    Fault(
        name="a step goes to all who hold the root",
        where=f"{STEPPING}:leave",
        old="    send(act, root, step, to, by=by)\n",
        new="    send(act, root, step, to, by=by)\n"
        "    for other in cases.holders(desk.board, key_of(root.owner, root.record), act.now):\n"
        "        if root.owner == desk.me and other != to:\n"
        "            act.feed(other, step.to_json())\n",
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="a step follows a root that has ended",
        where="tansiq.board.cases:holders",
        old="AND (r.expires = 0 OR r.expires > ?)",
        new="AND (r.expires >= 0 OR r.expires > ?)",
        killer=f"{ON_DESKS}:test_a1_no_step_follows_a_root_that_has_ended",
    ),
    Fault(
        name="the root tells one party how far another is",
        where="tansiq.desk.release.releasing:frozen",
        old="wire = replace(wire, extra=",
        new="rows = act.desk.board.db.rows('SELECT state FROM record WHERE record = ?', "
        "(f'{act.desk.me}/{edition.record}',))\n"
        "    wire = replace(wire, state=str(rows[0][0]), extra=",
        killer=f"{ON_DESKS}:test_a_restatement_tells_nobody_how_far_another_is",
    ),
    Fault(
        name="time ends a lane before its time",
        where="tansiq.board.cases:falling",
        old="WHERE at <= ? AND",
        new="WHERE at - 3600000 <= ? AND",
        killer=f"{BOUNDED}:test_nothing_falls_before_its_time",
    ),
    Fault(
        name="what fell due before anybody looked is forgotten",
        where="tansiq.board.restaging:_ending",
        old="for one in times.rung if not one.over]",
        new="for one in times.rung if False]",
        killer=f"{BOUNDED}:"
        "test_a_step_that_comes_after_the_time_and_before_the_tick_keeps_nothing_open",
    ),
    Fault(
        name="a decision counts in a lane that has ended",
        where="tansiq.domain.cases.lane:Course._standing",
        old="within = order.known(ended.after or (), self._lane.owner)",
        new="pass",
        killer="tests.unit.test_cases_recovered:"
        "test_a_lane_that_was_recalled_after_the_backup_stays_ended",
    ),
    Fault(
        name="a step names what was said in another lane",
        where=f"{STEPPING}:new_step",
        old="after=stands(declared, held.lane).newest",
        new="after=tuple(sorted({name for one in __import__('tansiq.board.lanes', fromlist=['x'])."
        "of_root(desk.board, key_of(root.owner, root.record)) "
        "for name in stands(declared, one.lane).newest}))",
        killer=f"{ON_DESKS}:test_two_are_asked_and_neither_learns_of_the_other",
    ),
    Fault(
        name="a step is taken whatever its verdict",
        where=f"{TAKING}:_judged",
        old="if verdict.outcome is not Outcome.COUNTED:",
        new="if False:",
        killer=f"{ON_DESKS}:"
        "test_we_have_no_information_ends_it_and_not_releasable_says_nothing_else",
    ),
    Fault(
        name="a seat's words go to members beside whose root they cannot stand",
        where="tansiq.desk.cases.rounds:take_in",
        old="to=receivers if root.owner == desk.me else [root.owner]",
        new="to=receivers",
        killer="tests.web.test_circle_page:test_words_go_beside_a_step_of_a_circle",
        given={"language": "en"},
    ),
    Fault(
        name="a refusal falls on whoever took the id",
        where="tansiq.domain.cases.circle:circle_stands",
        old="refused.get(step.key) if",
        new="next((by for key, by in refused.items() if key.step == step.step), None) if",
        killer="tests.unit.test_case_steps:"
        "test_a_refusal_in_a_circle_reaches_the_step_of_the_author_that_it_names",
    ),
    Fault(
        name="who follows the stage hears each stage of the lanes",
        where="tansiq.board.restaging:show",
        old='one.declared.coarse.get(newest[one.root], "")',
        new="newest[one.root]",
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="who follows the stage hears when somebody else acts",
        where="tansiq.board.outward:stands",
        old="SET stands = ? WHERE",
        new="SET stands = ?, told = '' WHERE",
        killer=f"{OUTWARD}:test_who_follows_the_stage_hears_one_word_when_it_changes",
    ),
    Fault(
        name="who follows the stage gets the steps of a circle",
        where="tansiq.board.cases:holders",
        old="if follows == FOLLOWS_STEPS",
        new="if follows",
        killer=f"{OUTWARD}:test_a_circle_is_followed_by_its_stage_too",
    ),
    Fault(
        name="a word of where a case stands outlives the recall",
        where="tansiq.board.case_folds:end_lane",
        old="outward.drop(board, release)",
        new="pass",
        killer=f"{OUTWARD}:test_no_word_goes_without_a_rule_or_to_who_holds_nothing",
    ),
    Fault(
        name="a root has always stood where its newest step has brought it",
        where="tansiq.board.restaging:_moved",
        old="later -= one.came",
        new="later = set()",
        killer=f"{SETTLING}:test_folded_in_sets_of_any_size_the_board_is_what_it_was_live",
        given={"seed": 0},
    ),
    Fault(
        name="a lane waits since the newest thing that was said in it",
        where="tansiq.board.restaging:_follow",
        old="return before\n        wait",
        new="pass\n        wait",
        killer=f"{SETTLING}:test_what_a_lane_waited_for_goes_on_over_facts",
    ),
    Fault(
        name="a step counts before what it names is in hand",
        where="tansiq.domain.cases.lane:Course._placed",
        old="behind and",
        new="True and",
        killer="tests.property.test_cases:"
        "test_a_lane_folded_once_tells_how_it_stood_with_less_in_hand",
    ),
    Fault(
        name="what changes a lane does not settle what has moved before",
        where="tansiq.board.fold:fold_run",
        old="if name in _JOURNAL and name not in _GOES_ON:",
        new="if False:",
        killer=f"{SETTLING}:test_folded_in_sets_of_any_size_the_board_is_what_it_was_live",
        given={"seed": 1},
    ),
    Fault(
        name="a lane is open to whoever knows its root",
        where="tansiq.board.step_roots:root_of",
        old="seat_code(seat).party == party",
        new="True",
        killer=f"{ON_DESKS}:test_a_step_in_the_lane_of_another_is_kept_apart",
    ),
    Fault(
        name="who is asked no longer is not told",
        where="tansiq.desk.cases.changing:_withdraw",
        old="if ending is not None:",
        new="if False:",
        killer=f"{RESTATED}:test_who_is_asked_no_longer_is_told_and_gets_nothing_more",
    ),
    Fault(
        name="what waits still goes to who is asked no longer",
        where="tansiq.desk.cases.changing:_withdraw",
        old="recalling.stop_unsent(act, actor.to_json(), root.record, party)",
        new="pass",
        killer=f"{RESTATED}:test_what_was_still_to_go_to_who_is_asked_no_longer_stays_here",
    ),
    Fault(
        name="what was promised upon can be changed",
        where="tansiq.desk.cases.changing:settled",
        old="names += kind.promised",
        new="pass",
        killer=f"{RESTATED}:test_what_was_promised_upon_stays_and_the_rest_may_change",
    ),
    Fault(
        name="an answer knows what came after it",
        where="tansiq.desk.cases.reading:_behind",
        old="return known if known < held.newest.ordinal else 0",
        new="return 0",
        killer=f"{RESTATED}:test_an_answer_that_crossed_a_new_edition_is_one_to_the_old",
    ),
)
