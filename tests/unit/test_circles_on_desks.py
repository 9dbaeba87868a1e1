"""Circles on real desks: rounds that name seats of several parties, over real parcels."""

from dataclasses import replace

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.proof import checking
from tansiq.desk.records import say
from tansiq.desk.release import agreements, releasing
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL
from tests.circling import (
    NAME,
    PLANTED,
    SEATS,
    act,
    answers,
    carry,
    circle,
    opened,
    passing,
    three_members,
)
from tests.unit.test_recovery import image_of, meet, put_back
from tests.world import agreement_of, refusal, to


@pytest.fixture(autouse=True)
def planted(monkeypatch):
    """A kind that is a circle; no room has one yet."""
    monkeypatch.setitem(KINDS, NAME, PLANTED)


@pytest.fixture
def town():
    """MPA, MOD and COA, each of which lets such records and their steps go to each."""
    with three_members() as world:
        yield world


def waiting(world, party):
    rows = world.desk(party).board.db.rows(
        "SELECT seat FROM waits WHERE why = 'turn' ORDER BY seat"
    )
    return [seat for (seat,) in rows]


def test_a_round_names_its_seats_to_all_and_each_answers(town):
    """All members hold the same answers; what is not in hand says nothing about its seat."""
    record = opened(town, "MOD", "COA")
    carry(town)
    assert waiting(town, "COA") == ["cleared"]
    act(town, "COA", record, "verify")
    assert waiting(town, "COA") == waiting(town, "MPA") == []
    assert answers(town, "MPA", record) == (dict.fromkeys(SEATS), None)
    carry(town)
    expected = {"COA/cleared": "verify", "MOD/cleared": None}
    for party in ("MPA", "MOD", "COA"):
        assert answers(town, party, record)[0] == expected
    act(town, "MOD", record, "doubt")
    carry(town)
    assert waiting(town, "MPA") == [""]
    act(town, "MPA", record, "conclude", values={"finding": "verified"})
    carry(town)
    for party in ("MPA", "MOD", "COA"):
        assert answers(town, party, record)[1] == "verified"
        before = checking.snapshot(town.desk(party))
        checking.rebuild(town.desk(party), lambda *_: None)
        assert checking.snapshot(town.desk(party)) == before


def test_each_receiver_has_an_entry_of_its_own_and_only_two_members_differ(town):
    """One journal entry and one feed entry for each; they differ in ``release`` and ``after``."""
    record = opened(town, "MOD", "COA")
    carry(town)
    act(town, "MPA", record, "ask", values={"seats": SEATS[:1]})
    said = {}
    for entry in town.desk("MPA").store.scan(JOURNAL):
        item = decode_object(entry.data)
        if item["type"] == "step":
            said.setdefault(item["said"]["step"], {})[item["to"]] = item["said"]
    first, second = said.values()
    for told in (first, second):
        assert set(told) == {"MOD", "COA"}
        mod, coa = told["MOD"], told["COA"]
        assert {name for name in mod if mod[name] != coa[name]} == {"release"}
    assert {tuple(one["after"]) for one in second.values()} == {(next(iter(said)),)}


def test_after_names_what_went_to_this_receiver_and_nothing_else(town):
    """A member that came later is told of no earlier step, not even by an id."""
    record = opened(town, "MOD", seats=SEATS[1:])
    town.release("MPA", record, "COA", "V-MPA")
    carry(town)
    act(town, "MPA", record, "ask", values={"seats": SEATS})
    act(town, "MPA", record, "ask", values={"seats": SEATS})
    first, second, third = [one.opened for one in circle(town, "MPA", record).rounds]
    carry(town)
    known = [one.opened for one in circle(town, "COA", record).rounds]
    assert [one.after for one in known] == [(), (second.step,)]
    assert [one.step for one in known] == [second.step, third.step]
    assert not any(
        first.step.encode() in plain for _, receiver, plain in town.sent if receiver == "COA"
    )


def test_a_round_leaves_to_all_at_once_or_is_not_opened(town):
    """Where one named party does not hold the root, or no rule lets the step go, none gets it."""
    with refusal("not_held"):
        opened(town, "MOD")
    record = next(iter({key for (key,) in town.desk("MPA").board.db.rows(
        "SELECT record FROM record WHERE kind = ?", (NAME,))})).partition("/")[2]  # fmt: skip
    town.release("MPA", record, "COA", "V-MPA")
    text = agreement_of("MPA", "COA", passing("COA"), version=2)
    for party in ("MPA", "COA"):
        agreements.sign(town.desk(party), town.actor(party, "liaison-officer"), text)
    carry(town)
    before = town.desk("MPA").store.head("out/MOD").size
    with refusal("no_rule"):
        act(town, "MPA", record, "ask", values={"seats": ("MOD/cleared",)})
    assert town.desk("MPA").store.head("out/MOD").size == before
    assert circle(town, "MPA", record).rounds == ()


def test_a_step_before_the_root_waits_and_is_found(town):
    """The owner's link to one member is down: another's answer waits there under the root's id."""
    draft = say.Draft(kind=NAME, body={"text": "Whose rocket was it?"}, label=to("MOD", "COA"))
    record = town.write("MPA", "root", draft)
    for party in ("MOD", "COA"):
        town.release("MPA", record, party, "V-MPA")
    act(town, "MPA", record, "ask", values={"seats": SEATS})
    town.exchange("MPA", "COA")
    act(town, "COA", record, "verify")
    town.exchange("MOD", "COA")
    rows = town.desk("MOD").board.db.rows("SELECT root, author FROM step")
    assert rows == [(f"?/{record}", "COA")]
    town.exchange("MPA", "MOD")
    assert answers(town, "MOD", record)[0] == {"COA/cleared": "verify", "MOD/cleared": None}


def test_who_never_had_the_root_says_nothing_in_the_owners_circle(town):
    """A step of a party to which the root never went waits, and is in no round."""
    record = opened(town, "MOD", seats=SEATS[1:])
    carry(town)
    with town.desk("COA").act() as doing:
        said = circle(town, "MPA", record).rounds[0].opened.to_json()
        doing.feed(
            PartyCode("MPA"), {**said, "seat": "COA/cleared", "act": "verify", "of": said["step"]}
        )
    carry(town)
    rows = town.desk("MPA").board.db.rows("SELECT root FROM step WHERE author = 'COA'")
    assert rows == [(f"?/{record}",)]


def test_only_who_is_named_answers_and_only_the_newest_round(town):
    """A seat that was not named, an old round and a stale look are refused; nothing leaves."""
    record = opened(town, "MOD", "COA", seats=SEATS[:1])
    carry(town)
    with refusal("step_not_from_here"):
        act(town, "MOD", record, "verify")
    with refusal("mandate"):
        act(town, "COA", record, "conclude", values={"finding": "verified"})
    old = circle(town, "COA", record)
    act(town, "MPA", record, "ask", values={"seats": SEATS})
    carry(town)
    stale = Wanted(owner="MPA", record=record, lane="", act="verify", seen=old.newest,
                   of=old.rounds[0].opened.step)  # fmt: skip
    with refusal("case_moved"):
        rounds.take(town.desk("COA"), town.actor("COA"), stale)
    with refusal("step_not_from_here"):
        rounds.take(
            town.desk("COA"), town.actor("COA"),
            replace(stale, seen=circle(town, "COA", record).newest),
        )  # fmt: skip


def test_a_refusal_names_author_and_step_and_goes_to_who_knows_both(town):
    """The answer falls out at each member; a step of somebody whom the round does not name is not
    refused, and who came after the round hears of no refusal in it.
    """
    record = opened(town, "MOD", seats=SEATS[1:])
    carry(town)
    act(town, "MOD", record, "doubt")
    carry(town)
    town.release("MPA", record, "COA", "V-MPA")
    carry(town)
    answer = circle(town, "MPA", record).rounds[0].seats[0].answer
    found = circle(town, "MPA", record)
    wanted = Wanted(owner="MPA", record=record, lane="", act="refuse", seen=found.newest,
                    of=answer.step, values={"author": "COA"})  # fmt: skip
    with refusal("step_not_from_here"):
        rounds.take(town.desk("MPA"), town.actor("MPA"), wanted)
    rounds.take(town.desk("MPA"), town.actor("MPA"), replace(wanted, values={"author": "MOD"}))
    carry(town)
    for party in ("MPA", "MOD"):
        assert answers(town, party, record)[0] == {"MOD/cleared": None}
    assert town.desk("COA").board.db.rows("SELECT act FROM step WHERE author = 'MPA'") == []


def test_a_recall_from_one_member_ends_nothing_for_the_others(town):
    """The circle goes on; who lost the root gets no step of the owner any more."""
    record = opened(town, "MOD", "COA")
    carry(town)
    releasing.recall(town.desk("MPA"), town.actor("MPA"), record, PartyCode("COA"), "error")
    carry(town)
    act(town, "MPA", record, "ask", values={"seats": SEATS[1:]})
    carry(town)
    act(town, "MOD", record, "verify")
    carry(town)
    assert answers(town, "MPA", record)[0] == {"MOD/cleared": "verify"}
    steps = town.desk("COA").board.db.rows("SELECT act FROM step WHERE author = 'MPA'")
    assert steps == [("ask",)]


@pytest.mark.parametrize("party", ["MPA", "MOD", "COA"])
def test_a_circle_comes_back_after_a_disk_that_died(town, party):
    """Own steps with those to whom they went, and the others': what comes next follows them."""
    image = image_of(town, party)
    record = opened(town, "MOD", "COA")
    carry(town)
    act(town, "COA", record, "verify")
    act(town, "MOD", record, "doubt")
    carry(town)
    before = answers(town, party, record), told(town, party)
    put_back(town, party, image)
    for _ in range(2):
        for other in ("MPA", "MOD", "COA"):
            if other != party:
                meet(town, first=party, second=other)
    assert (answers(town, party, record), told(town, party)) == before
    carry(town)
    act(town, "COA", record, "doubt")
    carry(town)
    assert answers(town, "MOD", record)[0] == {"COA/cleared": "doubt", "MOD/cleared": "doubt"}


def told(world, party):
    rows = world.desk(party).board.db.rows("SELECT root, author, step, told FROM step")
    return sorted(tuple(map(str, row)) for row in rows)
