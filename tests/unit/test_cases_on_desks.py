"""Cases on real desks: a request for information walks between parties over real parcels."""

from dataclasses import replace

import pytest

from tansiq.desk.cases import taking
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.desk.release import purging, releasing
from tansiq.domain.parties import PartyCode
from tests.asking import ASKED, act, carry, case_at, rfi, stages, three_that_ask
from tests.world import HOUR, START, refusal, to


@pytest.fixture
def three():
    """MPA, who may ask MOD and COA by itself, and they may answer."""
    with three_that_ask() as world:
        yield world


def tables(world, party):
    board = world.desk(party).board
    names = ("record", "opening", "step", "lane_end", "lane_due", "tally")
    return {
        name: sorted(
            tuple(value for value in row if value is not None)
            for row in board.db.rows(f"SELECT * FROM {name}")
        )
        for name in names
    }


def test_two_are_asked_and_neither_learns_of_the_other(three):
    """Each addressee has its own lane; what one says is on the asker's node and on no third."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    act(three, "MOD", record, "receive")
    act(three, "MOD", record, "answer", words={"text": "It is open"})
    act(three, "COA", record, "redirect", other="COA", values={"to": "MOD"})
    assert stages(three, "MPA", record) == ("answered", {"MOD": "answered", "COA": "redirected"})
    assert stages(three, "MOD", record) == ("answered", {"MOD": "answered"})
    assert stages(three, "COA", record) == ("redirected", {"COA": "redirected"})
    (answer,) = read.linked(three.desk("MPA"), three.viewer("MPA"), record, "about")
    assert answer.value.body["text"] == "It is open"
    for sender, receiver, parcel in three.sent:
        assert not (receiver == "COA" and b"MOD/" in parcel), (sender, receiver)
        assert not (receiver == "MOD" and b"COA" in parcel.replace(b'"to":"MOD"', b"")), sender
    act(three, "MPA", record, "satisfied")
    assert stages(three, "MOD", record)[0] == "closed"
    assert stages(three, "MPA", record)[0] == "redirected"  # the one that goes on


def test_a1_no_step_follows_a_root_that_has_ended(three):
    """Once a party may keep the request no longer, nothing more of its case goes there, whether or
    not it has said that it erased it.
    """
    asked = rfi("MOD", "COA")
    ends = three.clock.now() + HOUR
    record = three.write("MPA", "rfi", replace(asked, label=replace(asked.label, expires=ends)))
    carry(three)
    act(three, "MOD", record, "receive")
    three.clock.time = ends
    with refusal("not_held"):
        act(three, "MPA", record, "cancel")


def test_the_tables_of_a_case_come_out_of_the_logs_again(three):
    """A rebuild folds the same lanes, steps, stages and clocks."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    act(three, "MOD", record, "accept")
    act(three, "COA", record, "no_information", other="COA")
    for party in ("MPA", "MOD", "COA"):
        before = tables(three, party)
        checking.rebuild(three.desk(party), lambda _done, _all: None)
        assert tables(three, party) == before


def test_we_have_no_information_ends_it_and_not_releasable_says_nothing_else(three):
    """Both are final; a decline carries its reason and no word about whether there is any."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    act(three, "MOD", record, "no_information")
    act(three, "COA", record, "decline", other="COA", values={"reason": "not_releasable"})
    _, case = case_at(three, "MPA", record)
    assert {lane.stage for lane in case.lanes} == {"no_information", "declined"}
    assert all(lane.mine and not lane.coming for lane in case.lanes)
    with refusal("step_not_from_here"):
        act(three, "MOD", record, "answer")


def test_a_case_that_moved_is_shown_again(three):
    """A step is taken only on what its author was shown."""
    record = three.write("MPA", "rfi", rfi("MOD"))
    carry(three)
    _, case = case_at(three, "MOD", record)
    (lane,) = case.lanes
    act(three, "MOD", record, "receive")
    stale = taking.Wanted(owner="MPA", record=record, lane=lane.id, act="accept", seen=lane.newest)
    with refusal("case_moved"):
        taking.take(three.desk("MOD"), three.actor("MOD"), stale)


def test_the_latest_time_of_value_ends_it_on_both_sides_once(three):
    """The owner's node says that the time is over; who was asked is told; a second tick is idle."""
    record = three.write("MPA", "rfi", rfi("MOD"))
    carry(three)
    act(three, "MOD", record, "accept")
    three.clock.time = START + 10 * HOUR
    assert taking.tick(three.desk("MOD")) == 0
    assert taking.tick(three.desk("MPA")) == 1
    assert taking.tick(three.desk("MPA")) == 0
    carry(three)
    assert stages(three, "MOD", record) == ("expired", {"MOD": "expired"})
    with refusal("step_not_from_here"):
        act(three, "MOD", record, "answer", words={"text": "late"})


def test_a_recall_ends_the_lane_and_a_new_release_opens_another(three):
    """After a recall no step counts in the old lane; released anew, the case begins anew."""
    record = three.write("MPA", "rfi", rfi("MOD"))
    carry(three)
    act(three, "MOD", record, "accept")
    mpa = three.desk("MPA")
    releasing.recall(mpa, three.actor("MPA"), record, PartyCode("MOD"), "error")
    carry(three)
    _, case = case_at(three, "MPA", record)
    assert case.lanes[0].ended_at
    assert not case.lanes[0].acts
    with refusal("record_absent"):
        case_at(three, "MOD", record)
    mod = three.desk("MOD")
    assert mod.board.db.rows("SELECT moments FROM opening") == [("{}",)]  # erased with the rest
    before = tables(three, "MOD")
    checking.rebuild(mod, lambda _done, _all: None)
    assert tables(three, "MOD") == before
    three.release("MPA", record, "MOD", "Q-MPA", name="again")
    carry(three)
    assert {lane.stage for lane in case_at(three, "MOD", record)[1].lanes} == {"", "sent"}
    assert len(case_at(three, "MPA", record)[1].lanes) == 2


def test_only_who_is_asked_gets_a_request(three):
    """A party without a seat in the request is refused, whatever its rules say."""
    record = three.write("MPA", "rfi", rfi("MOD", seats=[ASKED["MOD"]]))
    label = to("MOD", "COA")
    view = say.current(three.desk("MPA"), three.actor("MPA"), record).value
    draft = say.Draft(kind="rfi", body=view.body, label=label)
    say.revise(three.desk("MPA"), three.actor("MPA"), record, view.digest, draft)
    with refusal("not_asked"):
        three.release("MPA", record, "COA", "Q-MPA")


def test_a_restatement_tells_nobody_how_far_another_is(three):
    """An edition of the root says the first stage, whatever the lanes of others have come to."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    act(three, "COA", record, "no_information", other="COA")
    act(three, "MOD", record, "accept")
    mpa, actor = three.desk("MPA"), three.actor("MPA")
    base = say.current(mpa, actor, record).value.digest
    later = rfi("MOD", "COA", needed_by=START + 20 * HOUR)
    say.revise(mpa, actor, record, base, later)
    carry(three)
    told = [plain for _, receiver, plain in three.sent if receiver == "MOD" and b'"k":2' in plain]
    assert told
    assert all(b'"state":"sent"' in plain and b"no_information" not in plain for plain in told)


def test_a_step_in_the_lane_of_another_is_kept_apart(three):
    """Who guessed the lane of another addressee says nothing there: it is about a root of its own
    that nobody holds.
    """
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    lane = case_at(three, "MOD", record)[1].lanes[0]
    said = {
        "type": "step", "v": 1, "root": record, "lane": lane.id,
        "step": "11111111-1111-4111-8111-111111111111",
        "release": "11111111-1111-4111-8111-111111111112", "seat": "COA/adviser",
        "act": "answer", "of": "", "after": list(lane.newest), "values": {}, "at": START,
    }  # fmt: skip
    with three.desk("COA").act() as doing:
        doing.feed(PartyCode("MPA"), said)
    carry(three)
    assert [one.said for one in case_at(three, "MPA", record)[1].lanes] == [(), ()]
    rows = three.desk("MPA").board.db.rows("SELECT root FROM step")
    assert rows == [(f"COA/{record}",)]


def test_a_hostile_step_harms_nothing_but_itself(three):
    """Steps of a stranger, in a lane of somebody else or without a form change no stage."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    _, case = case_at(three, "COA", record)
    lane = case.lanes[0]
    _, other = case_at(three, "MOD", record)
    plain = {
        "type": "step", "v": 1, "root": record, "lane": other.lanes[0].id,
        "step": "11111111-1111-4111-8111-111111111111",
        "release": "11111111-1111-4111-8111-111111111112", "seat": "COA/adviser",
        "act": "answer", "of": "", "after": [], "values": {}, "at": START,
    }  # fmt: skip
    coa = three.desk("COA")
    for odd in (
        plain,
        {**plain, "lane": lane.id, "seat": "MOD/liaison-officer"},
        {**plain, "lane": lane.id, "act": "expire"},
        {**plain, "lane": lane.id, "after": ["x"]},
        {**plain, "at": 10**15},
    ):
        with coa.act() as doing:
            doing.feed(PartyCode("MPA"), odd)
    carry(three)
    before, case = case_at(three, "MPA", record)
    assert {one.stage for one in case.lanes} == {"sent"}
    assert before.value.state == "sent"
    exchange.incoming(three.desk("MPA"), three.send("COA", "MPA"))


def test_what_rang_before_an_older_edition_was_erased_begins_anew(three):
    """A lane whose first edition has ended waits as a fold from the logs alone has it wait."""
    first = replace(rfi("MOD"), label=to("MOD", expires=START + HOUR))
    record = three.write("MPA", "rfi", first)
    carry(three)
    mod, mpa = three.desk("MOD"), three.desk("MPA")
    assert attention.tick(mod) == 1
    view = say.current(mpa, three.actor("MPA"), record).value
    say.revise(
        mpa, three.actor("MPA"), record, view.digest,
        say.Draft(kind="rfi", body=view.body, label=to("MOD")),
    )  # fmt: skip
    carry(three)
    three.clock.time = START + 2 * HOUR
    assert purging.expired(mod) == 1
    before = checking.snapshot(mod)
    checking.rebuild(mod, lambda *_: None)
    assert checking.snapshot(mod) == before
