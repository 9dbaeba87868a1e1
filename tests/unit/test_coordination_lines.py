"""Coordination lines at desks: put to the parties that hold them, agreed to by each for itself."""

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.operations import checking, lines
from tansiq.desk.proof.checking import rebuild
from tansiq.desk.records import attention, read, say
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, DAY, HOUR, START, refusal, rule, to, worlds

OTHERS = ("COA", "MOD")
PAIRS = (("MPA", "COA"), ("MPA", "MOD"), ("COA", "MOD"), ("MPA", "JCC"))
CORRIDOR = {
    "shape": "corridor", "name": "Makhmour", "metres": 2_000, "grain": "exact",
    "positions": [[357_800_000, 435_800_000], [360_400_000, 433_900_000]],
}  # fmt: skip
BODY = {
    "code": "CL-M", "text": "Line Makhmour", "area": CORRIDOR, "begins": START,
    "until": START + 90 * DAY, "terms": "Nobody passes without telling the other side",
    "told_there": [{"party": "MPA", "by_position": "duty-officer"},
                   {"party": "MOD", "by_position": "duty-officer"}],
}  # fmt: skip


@pytest.fixture
def town():
    """MPA draws lines, COA and MOD may have them; JCC too, and was told of none."""
    with worlds("MPA", "COA", "MOD", "JCC") as made:
        for one, other in PAIRS:
            kinds = frozenset({COORDINATION_LINE.name})
            passing = (
                rule(sender, f"L-{sender}", kinds=kinds, automatic=True, follow=Follow.WHOLE)
                for sender in (one, other)
            )
            made.agree(one, other, *passing)
        yield made


def carry(town):
    town.clock.time += 60_000
    for one, other in PAIRS:
        town.exchange(one, other)


@pytest.fixture
def line(town):
    """A line that COA and MOD hold and were asked about."""
    draft = say.Draft(kind=COORDINATION_LINE.name, body=BODY, label=to(*OTHERS))
    record = town.write("MPA", "line", draft)
    carry(town)
    put(town, record)
    carry(town)
    return record


def view(town, record, party="MPA"):
    return read.record(town.desk(party), town.viewer(party), "MPA", record)


def seen(town, record, party):
    return rounds.circle_of(
        town.desk(party), town.viewer(party), view(town, record, party)
    ).value.newest


def put(town, record):
    before = seen(town, record, "MPA")
    with town.names.under(f"put {len(town.names.used)}"):
        seats = [f"{one}/{CLEARED}" for one in OTHERS]
        lines.put(town.desk("MPA"), town.actor("MPA"), record, seats=seats, seen=before)


def answers(town, record, party, why="", position=CLEARED):
    before = seen(town, record, party)
    with town.names.under(f"answer {len(town.names.used)}"):
        lines.answer(
            town.desk(party), town.actor(party, position), "MPA", record, declined_for=why,
            seen=before,
        )  # fmt: skip


def agreed(town, record, party="MPA"):
    """Which parties have agreed to the line as it stands, as one party reads it."""
    found = lines.standing(town.desk(party), town.viewer(party), view(town, record, party)).value
    return {one.party: lines.has_agreed(one) for one in found.said}


def test_each_party_agrees_for_itself_and_silence_agrees_to_nothing(town, line):
    """Owner and members read the same; one that declines says why, and may agree later."""
    assert agreed(town, line) == {"COA": False, "MOD": False}
    answers(town, line, "COA")
    answers(town, line, "MOD", "other_times")
    carry(town)
    for party in ("MPA", *OTHERS):
        assert agreed(town, line, party) == {"COA": True, "MOD": False}
    found = lines.standing(town.desk("COA"), town.viewer("COA"), view(town, line, "COA")).value
    (mod,) = [one for one in found.said if one.party == "MOD"]
    assert mod.said.values == {"declined_for": "other_times"}
    answers(town, line, "MOD")
    carry(town)
    assert agreed(town, line, "COA") == {"COA": True, "MOD": True}


@pytest.mark.parametrize(
    "changed",
    [{"terms": "Nobody passes at night"}, {"until": START + 91 * DAY},
     {"area": {**CORRIDOR, "metres": 3_000}},
     {"told_there": [{"party": "COA", "by_position": "duty-officer"}]}],
)  # fmt: skip
def test_what_was_agreed_to_is_what_the_line_said_then(town, line, changed):
    """Another place, time, term or party to tell: nobody has agreed until asked anew."""
    answers(town, line, "COA")
    carry(town)
    old = view(town, line).value
    body = {name: value for name, value in old.body.items() if name != "stated"} | changed
    town.clock.time += HOUR
    with town.names.under("changed"):
        draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
        say.revise(town.desk("MPA"), town.actor("MPA"), line, old.digest, draft)
    carry(town)
    for party in ("MPA", *OTHERS):
        assert agreed(town, line, party) == {"COA": False, "MOD": False}
        assert view(town, line, party).value.state == "line_drafted"
    put(town, line)
    carry(town)
    assert agreed(town, line, "MOD") == {"COA": False, "MOD": False}
    answers(town, line, "COA")
    carry(town)
    assert agreed(town, line) == {"COA": True, "MOD": False}


def test_it_rings_for_who_is_asked_and_another_position_does_not_answer(town, line):
    """Until it answered; the owner is not asked to conclude anything."""
    with refusal("not_the_seat"):
        answers(town, line, "MOD", position="duty-officer")
    with refusal("mandate"):
        answers(town, line, "MOD", position="adviser")
    desk = town.desk("MOD")
    attention.tick(desk)
    waiting = attention.waiting(desk, town.viewer("MOD"))
    assert [one.view.value.record for one in waiting] == [line]
    answers(town, line, "MOD", "not_ours")
    answers(town, line, "COA")
    carry(town)
    for party in ("MOD", "MPA"):
        assert attention.waiting(town.desk(party), town.viewer(party)) == []


def test_who_was_not_told_learns_nothing_of_it(town, line):
    """Neither from the disk, nor by a check of an activity that crosses it; who was told does."""
    answers(town, line, "COA")
    carry(town)
    held = b"".join(entry.data or b"" for entry in town.desk("JCC").store.scan("in/MPA"))
    assert b"Line Makhmour" not in held
    assert b"agree_line" not in held
    crossing = {
        "shape": "corridor", "name": "", "metres": 200, "grain": "exact",
        "positions": [[358_800_000, 434_000_000], [359_200_000, 436_000_000]],
    }  # fmt: skip
    activity = {"area": crossing, "begins": START + DAY, "until": START + 2 * DAY}

    def crossed(party):
        found = checking.found(town.desk(party), town.viewer(party), activity).lines
        return [one.view.value.record for one in found if one.overlaps]

    assert [crossed(party) for party in ("MPA", "MOD", "JCC")] == [[line], [line], []]
    with town.names.under("lift"):
        digest = view(town, line).value.digest
        say.step(town.desk("MPA"), town.actor("MPA"), line, digest, "lift_line")
    carry(town)
    assert crossed("MOD") == []


def test_logs_alone_give_the_same_lines(town, line):
    """A board folded anew says who agreed."""
    answers(town, line, "COA")
    carry(town)
    before = agreed(town, line, "MOD")
    rebuild(town.desk("MOD"), lambda *_: None)
    assert agreed(town, line, "MOD") == before
