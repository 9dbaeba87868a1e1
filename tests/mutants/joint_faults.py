"""Faults of joint operations: a go by silence or of an older frame, one who is not told, and what
was not shared.
"""

from tests.mutants.planting import Fault

DESKS = "tests.unit.test_joint_operations"
PARTS = "test_a_part_is_shared_as_its_party_decides_and_what_was_not_reads_like_nothing"
ROOM = "test_the_frame_is_a_neighbour_of_plans_that_meet_it_until_it_is_called_off"
FOLD = "tests.unit.test_going"

JOINT_FAULTS = (
    Fault(
        name="whoever says nothing goes too",
        where="tansiq.domain.operations.going:_said",
        old='[one.answer.act if one.answer else "" for one in seats]',
        new="[one.answer.act for one in seats if one.answer]",
        killer=f"{DESKS}:test_it_goes_only_where_each_position_that_was_asked_says_go",
    ),
    Fault(
        name="a go to an older frame is a go",
        where="tansiq.domain.operations.going:going",
        old="older=newest.opened.values.get(STATED, 0) != stated,",
        new="older=False,",
        killer=f"{DESKS}:test_nobody_says_go_to_a_frame_that_he_does_not_hold",
    ),
    Fault(
        name="another time keeps the go",
        where="tansiq.desk.operations.joint:reframe",
        old="if same_frame(old.body, new.body) or old.state == FRAMED:",
        new="if old.state:",
        killer=f"{DESKS}:test_another_area_time_or_line_asks_all_anew_at_once",
        given={"changed": {"lines": "CL-K"}},
    ),
    Fault(
        name="a condition is taken for met",
        where="tansiq.desk.operations.joint:_demand_go",
        old="and not wish.met:",
        new="and wish.met:",
        killer=f"{DESKS}:test_it_goes_only_where_each_position_that_was_asked_says_go",
    ),
    Fault(
        name="nobody is told that it is called off",
        where="tansiq.desk.operations.joint:_ask",
        old="seats = tuple(sorted({*seats, *_asked_before(act.desk, circle)}))",
        new='seats = seats or (f"{act.desk.me}/{actor.position}",)',
        killer=f"{DESKS}:test_who_calls_it_off_tells_everybody_and_reads_who_has_heard",
    ),
    Fault(
        name="who was asked is waited for although it was called off",
        where="tansiq.board.circles:_at",
        old="return not rounds.says or circle_stage(declared, stood) in stages",
        new="return bool(stages) or not stages",
        killer=f"{DESKS}:test_who_calls_it_off_tells_everybody_and_reads_who_has_heard",
    ),
    Fault(
        name="the stage is what its owner said first",
        where="tansiq.domain.cases.circle:circle_stands",
        old="said = _newest(spoken, order)",
        new="said = spoken[0] if spoken else None",
        killer=f"{FOLD}:test_a_go_needs_a_word_of_each_to_the_frame_in_hand",
    ),
    Fault(
        name="what was called off still takes room",
        where="tansiq.desk.operations.checking:_near",
        old="if one.value.state in KINDS[one.value.kind].occupies",
        new="if one.value.state",
        killer=f"{DESKS}:{ROOM}",
    ),
    Fault(
        name="an answer that the round does not take is taken",
        where="tansiq.desk.operations.joint:answer",
        old="if name not in _going(root.value.body, circle.rounds).takes:",
        new="if not name:",
        killer=f"{DESKS}:test_nobody_says_go_to_a_frame_that_he_does_not_hold",
    ),
    Fault(
        name="a part is told of no frame to who holds it",
        where="tansiq.desk.release.proposing:known_to",
        old=" | _named(desk, to, ids - theirs, actor)",
        new="",
        killer=f"{DESKS}:{PARTS}",
    ),
    Fault(
        name="a link to a third party's frame leaves to anybody",
        where="tansiq.board.circles:naming",
        old="seat_code(seat).party == party",
        new="seat_code(seat).party",
        killer=f"{DESKS}:test_a_link_to_the_frame_leaves_only_to_whom_a_round_names",
    ),
)
