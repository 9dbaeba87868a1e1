"""Joint operations at desks: a frame in common, parts as each decides, and a go that all say."""

import pytest

from tansiq.desk.cases import reading, rounds, taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import checking, joint
from tansiq.desk.operations.joint import Wish
from tansiq.desk.proof.checking import rebuild
from tansiq.desk.records import attention, read, say
from tansiq.domain.unknowns import asked
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, DAY, HOUR, START, refusal, rule, to, worlds

OTHERS = ("COA", "MOD")
PAIRS = (("MPA", "COA"), ("MPA", "MOD"), ("COA", "MOD"), ("MPA", "JCC"))
KINDS = frozenset({"joint_operation", "operation_part", "passage"})
AREA = {
    "shape": "circle", "name": "Khazir", "metres": 5_000, "grain": "exact",
    "positions": [[363_000_000, 436_000_000]],
}  # fmt: skip
BODY = {
    "purpose": "aid_access", "text": "Aid to the camp", "area": AREA, "begins": START + 2 * DAY,
    "until": START + 2 * DAY + 6 * HOUR, "lines": "CL-M",
    "contacts": "MPA: cleared",
}  # fmt: skip
ALL = tuple(f"{party}/{CLEARED}" for party in ("COA", "MOD", "MPA"))


@pytest.fixture(scope="module")
def world():
    """MPA frames operations, COA and MOD may have them; JCC too, and was told of none."""
    with worlds("MPA", "COA", "MOD", "JCC") as made:
        for one, other in PAIRS:
            passing = (
                rule(sender, f"L-{sender}", kinds=KINDS, automatic=True, follow=Follow.WHOLE)
                for sender in (one, other)
            )
            made.agree(one, other, *passing)
        yield made


def carry(town):
    town.clock.time += 60_000
    for one, other in PAIRS:
        town.exchange(one, other)


@pytest.fixture
def frame(world):
    """An operation that COA and MOD hold."""
    with world.names.under(f"frame {len(world.names.used)}"):
        draft = say.Draft(kind="joint_operation", body=BODY, label=to(*OTHERS))
        record = say.write(world.desk("MPA"), world.actor("MPA"), draft)
    carry(world)
    return record


def view(town, record, party="MPA"):
    return read.record(town.desk(party), town.viewer(party), "MPA", record)


def state(town, record, party="MPA"):
    return view(town, record, party).value.state


def going(town, record, party="MPA"):
    return joint.going_of(town.desk(party), town.viewer(party), view(town, record, party)).value


def seen(town, record, party):
    desk = town.desk(party)
    circle = rounds.circle_of(desk, town.viewer(party), view(town, record, party))
    return circle.value.newest


def go_on(town, record, move, seats=(), **said):
    wish = Wish(move=move, seats=tuple(seats), seen=seen(town, record, "MPA"), **said)
    with town.names.under(f"{move} {len(town.names.used)}"):
        joint.go_on(town.desk("MPA"), town.actor("MPA"), record, wish)
    carry(town)


def answers(town, record, party, name, why="", *, position=CLEARED):
    before = seen(town, record, party)
    with town.names.under(f"{name} {len(town.names.used)}"):
        joint.answer(
            town.desk(party), town.actor(party, position), "MPA", record, name, why=why,
            seen=before,
        )  # fmt: skip
    carry(town)


def edits(town, record, **changed):
    old = view(town, record).value
    with town.names.under(f"edit {len(town.names.used)}"):
        draft = say.Draft(kind=old.kind, body={**old.body, **changed}, label=old.label)
        joint.reframe(town.desk("MPA"), town.actor("MPA"), record, old.digest, draft)
    carry(town)


def rings(town, party, record):
    desk = town.desk(party)
    attention.tick(desk)
    found = attention.waiting(desk, town.viewer(party))
    return [one.why for one in found if one.view.value.record == record and one.begun]


def writes(town, party, kind, body, *others):
    with town.names.under(f"{kind} {len(town.names.used)}"):
        draft = say.Draft(kind=kind, body=body, label=to(*others))
        record = say.write(town.desk(party), town.actor(party), draft)
    carry(town)
    return record


def test_it_goes_only_where_each_position_that_was_asked_says_go(world, frame):
    """Nothing in hand is no go, a condition is to be met, and all read the same."""
    go_on(world, frame, "ask_go", ALL)
    assert {state(world, frame, one) for one in ("MPA", *OTHERS)} == {"go_asked"}
    answers(world, frame, "MPA", "say_go")
    answers(world, frame, "COA", "say_go_if", "passage_granted")
    assert not going(world, frame).all_go
    with refusal("operation_not_all"):
        go_on(world, frame, "conclude_go", met=True)
    answers(world, frame, "MOD", "say_no_go", "not_ready")
    assert going(world, frame).somebody_says_no
    with refusal("operation_not_all"):
        go_on(world, frame, "conclude_go", met=True)
    answers(world, frame, "MOD", "say_go")
    with refusal("operation_conditions"):
        go_on(world, frame, "conclude_go")
    go_on(world, frame, "conclude_go", met=True)
    for party in ("MPA", *OTHERS):
        assert state(world, frame, party) == "go_said"
        said = going(world, frame, party)
        assert said.all_go
        assert [code for _, code in said.conditions] == ["passage_granted"]
    go_on(world, frame, "begin_operation")
    go_on(world, frame, "end_operation")
    assert state(world, frame, "MOD") == "operation_over"
    assert b"Aid to the camp" not in b"".join(
        entry.data or b"" for entry in world.desk("JCC").store.scan("in/MPA")
    )
    before = going(world, frame, "MOD")
    rebuild(world.desk("MOD"), lambda *_: None)
    assert (going(world, frame, "MOD"), state(world, frame, "MOD")) == (before, "operation_over")


@pytest.mark.parametrize(
    "changed",
    [{"area": {**AREA, "metres": 6_000}}, {"until": BODY["until"] + HOUR}, {"lines": "CL-K"}],
)
def test_another_area_time_or_line_asks_all_anew_at_once(world, frame, changed):
    """What was said is of the older frame, the go with it; other words change nothing."""
    go_on(world, frame, "ask_go", ALL)
    for party in ("MPA", *OTHERS):
        answers(world, frame, party, "say_go")
    go_on(world, frame, "conclude_go")
    edits(world, frame, text="Aid to the camp at Khazir")
    assert (state(world, frame), going(world, frame).all_go) == ("go_said", True)
    edits(world, frame, **changed)
    for party in ("MPA", *OTHERS):
        assert state(world, frame, party) == "go_asked"
        said = going(world, frame, party)
        assert [str(one.seat) for one in said.seats] == sorted(ALL)
        assert not any(one.answer for one in said.seats)
    with refusal("act_unknown"):
        go_on(world, frame, "begin_operation")
    assert "turn" in rings(world, "COA", frame)


def test_nobody_says_go_to_a_frame_that_he_does_not_hold(world, frame):
    """Where the words of the newer frame have not come, no go alone can be said."""
    go_on(world, frame, "ask_go", ALL)
    old = view(world, frame).value
    with world.names.under(f"edit {len(world.names.used)}"):
        draft = say.Draft(
            kind=old.kind, body={**old.body, "lines": "CL-X"}, label=to("COA"), tear=old.tear
        )
        joint.reframe(world.desk("MPA"), world.actor("MPA"), frame, old.digest, draft)
    carry(world)
    assert (state(world, frame, "COA"), state(world, frame, "MOD")) == ("go_asked", "go_asked")
    assert (going(world, frame, "COA").older, going(world, frame, "MOD").older) == (False, True)
    with refusal("act_unknown"):
        answers(world, frame, "MOD", "say_go")
    answers(world, frame, "MOD", "say_no_go", "other_area")


def test_it_rings_for_who_is_asked_and_for_the_owner_once_answers_are_due(world, frame):
    """Until each has answered; another position does not answer, and an answer after the start is
    not asked for.
    """
    begins = BODY["begins"]
    with refusal("answer_by_late"):
        go_on(world, frame, "ask_go", ALL[:2], answer_by=begins + 1)
    go_on(world, frame, "ask_go", ALL[:2], answer_by=world.clock.time + HOUR)
    with refusal("not_the_seat"):
        answers(world, frame, "MOD", "say_go", position="duty-officer")
    answers(world, frame, "COA", "say_go")
    assert rings(world, "COA", frame) == []
    assert rings(world, "MOD", frame) == ["turn"]
    assert rings(world, "MPA", frame) == []
    world.clock.time += 2 * HOUR
    assert rings(world, "MPA", frame) == ["answers"]
    answers(world, frame, "MOD", "say_go")
    assert rings(world, "MOD", frame) == []
    assert rings(world, "MPA", frame) == ["turn"]  # to conclude


def test_who_calls_it_off_tells_everybody_and_reads_who_has_heard(world, frame):
    """It rings wherever somebody was asked until that position has heard; a review is a draft."""
    go_on(world, frame, "ask_parts", ALL[:2])
    answers(world, frame, "COA", "parts_shared")
    go_on(world, frame, "call_operation_off", off_for="weather")
    for party in OTHERS:
        assert state(world, frame, party) == "called_off"
        assert rings(world, party, frame) == ["turn"]
        answers(world, frame, party, "heard_off")
        assert rings(world, party, frame) == []
    assert rings(world, "MPA", frame) == []
    assert all(one.answer for one in going(world, frame).seats)
    with refusal("operation_ended"):
        edits(world, frame, lines="CL-Z")
    with world.names.under("review"):
        made = joint.review(world.desk("MOD"), world.actor("MOD"), "MPA", frame)
    rows = read.record(world.desk("MOD"), world.viewer("MOD"), "MOD", made).value.body["timeline"]
    assert [row["done"] for row in rows] == [
        "ask_parts", "parts_shared", "call_operation_off", "heard_off", "heard_off",
    ]  # fmt: skip
    again = joint.review(world.desk("MOD"), world.actor("MOD"), "MPA", frame)
    assert again == made


def test_a_part_is_shared_as_its_party_decides_and_what_was_not_reads_like_nothing(world, frame):
    """Each reads what was shared with it, and what that does not know with whose it is."""
    go_on(world, frame, "ask_parts", ALL[:2])
    unknown = asked(["Whether the bridge bears lorries"], world.desk("COA").entropy.uuid)
    body = {
        "about": frame, "does": "accompanies", "text": "Goes along with the lorries",
        "begins": BODY["begins"], "until": BODY["until"], "vehicles": 3, "contact": "duty-officer",
    }  # fmt: skip
    part = writes(world, "COA", "operation_part", {**body, "unknowns": unknown}, "MPA")
    answers(world, frame, "COA", "parts_shared")

    def shared(party):
        return joint.shared(world.desk(party), world.viewer(party), view(world, frame, party)).value

    assert [one.value.record for one in shared("MPA").parts] == [part]
    assert [(one.party, one.text) for one in shared("MPA").unknown] == [
        ("COA", "Whether the bridge bears lorries")
    ]
    assert shared("MOD") == joint.Shared()
    other = writes(world, "MOD", "operation_part", {**body, "text": "Keeps it open"}, "MPA", "COA")
    assert {one.value.record for one in shared("COA").parts} == {part, other}
    assert part.encode() not in b"".join(
        entry.data or b"" for entry in world.desk("MOD").store.scan("in/COA")
    )


def test_a_link_to_the_frame_leaves_only_to_whom_a_round_names(world, frame):
    """COA holds the frame; MOD, which was not told so by a round, tells it of no link."""
    go_on(world, frame, "ask_parts", ALL[1:2])
    body = {
        "about": frame, "does": "guides", "text": "Shows the way", "begins": BODY["begins"],
        "until": BODY["until"], "contact": "duty-officer",
    }  # fmt: skip
    part = writes(world, "MOD", "operation_part", body, "MPA", "COA")
    held = read.record(world.desk("COA"), world.viewer("COA"), "MOD", part).value.body
    assert "about" not in held
    at_owner = read.record(world.desk("MPA"), world.viewer("MPA"), "MOD", part).value.body
    assert at_owner["about"] == frame


def test_a_passage_is_asked_of_one_party_and_shown_to_both_with_the_operation(world, frame):
    """Granted with another time, it says between which; COA, who is not asked, learns nothing."""
    begins = BODY["begins"]
    body = {
        "line": "CL-M", "seats": [f"MOD/{CLEARED}"], "begins": begins, "until": begins + HOUR,
        "vehicles": 3, "contact": CLEARED, "about": frame,
    }  # fmt: skip
    passage = writes(world, "MPA", "passage", body, "MOD")
    decides(world, passage, "grant_other_time", from_then=begins + HOUR, until_then=begins + DAY)

    def passes(party):
        root = view(world, frame, party)
        found = joint.shared(world.desk(party), world.viewer(party), root).value.passes
        return [(one.view.value.state, one.begins, one.until) for one in found]

    given = ("other_time_granted", begins + HOUR, begins + DAY)
    assert [passes(party) for party in ("MPA", "MOD", "COA")] == [[given], [given], []]
    decides(world, passage, "refuse_passage", not_granted_for="road")
    assert passes("MPA") == [("passage_not_granted", 0, 0)]


def test_a_passage_that_nobody_granted_by_its_start_was_not_granted(world, frame):
    """The owner's node ends it; nothing is passed by silence."""
    begins = world.clock.time + HOUR
    body = {
        "line": "CL-M", "seats": [f"MOD/{CLEARED}"], "begins": begins, "until": begins + HOUR,
        "contact": CLEARED, "about": frame,
    }  # fmt: skip
    passage = writes(world, "MPA", "passage", body, "MOD")
    world.clock.time = begins + 60_000
    with world.names.under("lapse"):
        taking.tick(world.desk("MPA"))
    carry(world)
    assert state(world, passage, "MOD") == "passage_lapsed"


def decides(town, record, name, **values):
    """MOD, which is asked, decides of a passage."""
    desk, actor, viewer = town.desk("MOD"), town.actor("MOD"), town.viewer("MOD")
    (lane,) = reading.lanes_of(desk, viewer, view(town, record, "MOD"), actor).value.lanes
    wanted = Wanted(
        owner="MPA", record=record, lane=lane.id, act=name, seen=lane.newest, values=values
    )
    with town.names.under(f"{name} {len(town.names.used)}"):
        taking.take(desk, actor, wanted)
    carry(town)


def test_the_frame_is_a_neighbour_of_plans_that_meet_it_until_it_is_called_off(world, frame):
    """Who holds it is shown it by the open check, and nobody else."""
    activity = {"area": AREA, "begins": BODY["begins"], "until": BODY["until"]}

    def met(party):
        found = checking.found(world.desk(party), world.viewer(party), activity).operations
        return [one.view.value.record for one in found if one.view.value.record == frame]

    assert [met(party) for party in ("MPA", "MOD", "JCC")] == [[frame], [frame], []]
    go_on(world, frame, "call_operation_off", ALL[:2], off_for="no_go")
    assert met("MOD") == []
