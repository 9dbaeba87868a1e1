"""Following a case by its stage only: one word of the owner, and nothing else, reaches a party."""

import json
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.desk.cases import outward, rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.release import agreements, releasing
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.policy.agreement import Follow
from tests import circling
from tests.asking import KINDS as ASKED_KINDS
from tests.asking import act, rfi
from tests.oracle import stages as oracle
from tests.world import HOUR, START, agreement_of, refusal, rule, to, worlds

STAGE = {"kinds": frozenset({"rfi"}), "follow": Follow.STAGE}


@contextmanager
def town(*parties):
    """MPA asks ``parties``; JCC follows what it asks by the stage alone."""
    with worlds("MPA", "MOD", "COA", "JCC") as made:
        yield made, _asking(made, parties)


def _asking(made, parties):
    for other in ("MOD", "COA"):
        rules = [
            rule(sender, f"Q-{sender}", kinds=ASKED_KINDS, automatic=True, follow=Follow.WHOLE)
            for sender in ("MPA", other)
        ]
        made.agree("MPA", other, *rules)
    made.agree("MPA", "JCC", rule("MPA", "S-MPA", **STAGE))
    draft = rfi(*parties)
    label = to(*parties, "JCC")
    record = made.write("MPA", "rfi", say.Draft(kind="rfi", body=draft.body, label=label))
    made.release("MPA", record, "JCC", "S-MPA")
    meet(made)
    return record


@pytest.fixture
def asked():
    with town("MOD") as made:
        yield made


def meet(world):
    outward.tick(world.desk("MPA"))
    for other in ("MOD", "COA", "JCC"):
        world.exchange("MPA", other)


def state_at(world, party, record):
    desk, viewer = world.desk(party), world.viewer(party)
    return read.record(desk, viewer, "MPA", record).value.state


def words_to(world, party):
    """What MPA's feed to a party says of stages, in order."""
    items = [
        decode_object(entry.data)
        for entry in world.desk("MPA").store.scan(f"out/{party}")
        if entry.data is not None
    ]
    return [item for item in items if item["type"] == "stage"]


def test_who_follows_the_stage_hears_one_word_when_it_changes(asked):
    """No step, no lane and no name of who is asked goes there, and no word twice."""
    world, record = asked
    assert state_at(world, "JCC", record) == "open"
    for name in ("receive", "accept"):
        act(world, "MOD", record, name)
        meet(world)
    assert words_to(world, "JCC") == []
    act(world, "MOD", record, "answer", words={"text": "It is open"})
    meet(world)
    meet(world)
    (said,) = words_to(world, "JCC")
    assert set(said) == {"type", "v", "root", "release", "stage", "at"}
    assert (said["root"], said["stage"]) == (record, "done")
    assert state_at(world, "JCC", record) == "done"
    act(world, "MPA", record, "ask_again")
    meet(world)
    assert [one["stage"] for one in words_to(world, "JCC")] == ["done", "open"]
    assert state_at(world, "JCC", record) == "open"
    for sender, receiver, parcel in world.sent:
        if (sender, receiver) == ("MPA", "JCC"):
            assert b'"step"' not in parcel
            assert b"MOD" not in parcel
    desk, viewer = world.desk("JCC"), world.viewer("JCC")
    view = read.record(desk, viewer, "MPA", record)
    heard = outward.heard(desk, viewer, view).value
    assert (heard.party, heard.word, heard.at) == ("MPA", "open", world.clock.time)
    mpa = world.desk("MPA")
    own = read.record(mpa, world.viewer("MPA"), "MPA", record)
    (follower,) = outward.followers(mpa, world.viewer("MPA"), own).value
    assert (follower.party, follower.word) == ("JCC", "open")


def test_the_tables_of_who_follows_come_out_of_the_logs_again(asked):
    """A rebuild gives the same rows at the owner and at the party that follows, after a recall too,
    and what was told with a release that was taken back is no longer shown.
    """
    world, record = asked
    act(world, "MOD", record, "no_information")
    meet(world)
    mpa = world.desk("MPA")
    releasing.recall(mpa, world.actor("MPA"), record, PartyCode("JCC"), "error")
    meet(world)
    with refusal("record_absent"):
        state_at(world, "JCC", record)
    world.clock.time += HOUR
    world.release("MPA", record, "JCC", "S-MPA", name="again")
    world.exchange("MPA", "JCC")
    assert state_at(world, "JCC", record) == "open"
    meet(world)
    assert state_at(world, "JCC", record) == "done"
    for party in ("MPA", "JCC"):
        before = checking.snapshot(world.desk(party))
        checking.rebuild(world.desk(party), lambda *_: None)
        assert checking.snapshot(world.desk(party)) == before
    assert len(world.desk("JCC").board.db.rows("SELECT * FROM outward")) == 1


def test_a_new_edition_taken_back_lets_the_word_of_the_one_before_stand(asked):
    """The word belongs to a release: with the newer one goes what was said of it."""
    world, record = asked
    desk, jcc = world.desk("MPA"), world.desk("JCC")
    act(world, "MOD", record, "answer")
    meet(world)
    world.clock.time += HOUR
    world.release("MPA", record, "JCC", "S-MPA", name="once more")
    meet(world)
    rows = jcc.board.db.rows("SELECT release FROM received ORDER BY seq")
    with desk.act() as doing:
        doing.feed(PartyCode("JCC"), {"type": "recall", "record": record, "at": world.clock.time,
                                      "releases": [rows[-1][0]], "reason": "error"})  # fmt: skip
    world.exchange("MPA", "JCC")
    assert state_at(world, "JCC", record) == "done"
    before = checking.snapshot(jcc)
    checking.rebuild(jcc, lambda *_: None)
    assert checking.snapshot(jcc) == before


def test_no_word_goes_without_a_rule_or_to_who_holds_nothing(asked):
    """An agreement that ends, and a recall before the tick, keep the word back."""
    world, record = asked
    text = agreement_of(
        "MPA", "JCC", rule("MPA", "S-MPA", kinds=frozenset({"incident"})), version=2
    )
    for party in ("MPA", "JCC"):
        agreements.sign(world.desk(party), world.actor(party, "liaison-officer"), text)
    meet(world)
    act(world, "MOD", record, "answer")
    meet(world)
    assert words_to(world, "JCC") == []
    releasing.recall(world.desk("MPA"), world.actor("MPA"), record, PartyCode("JCC"), "error")
    assert world.desk("MPA").board.db.rows("SELECT * FROM outward") == []
    meet(world)
    assert words_to(world, "JCC") == []


def test_what_is_no_word_of_the_owner_about_what_it_told_us_changes_nothing(asked):
    """A word about another release or root, an unknown one, or one of another form harms nothing,
    nor one to a party that takes part.
    """
    world, record = asked
    mpa = world.desk("MPA")
    release = {
        party: mpa.board.db.rows("SELECT release FROM release WHERE party = ?", (party,))[0][0]
        for party in ("JCC", "MOD")
    }
    good = {"type": "stage", "v": 1, "root": record, "release": release["JCC"], "stage": "done",
            "at": START}  # fmt: skip
    other = "0" * 8 + release["JCC"][8:]
    with mpa.act() as doing:
        for odd in ({"release": other}, {"root": other}, {"stage": "Done!"}, {"at": -1},
                    {"extra": 1}, {"v": "x"}, {"release": release["MOD"]}):  # fmt: skip
            doing.feed(PartyCode("JCC"), {**good, **odd})
        doing.feed(PartyCode("MOD"), {**good, "release": release["MOD"]})
    meet(world)
    assert state_at(world, "JCC", record) == "open"
    assert state_at(world, "MOD", record) == "sent"
    assert world.desk("MOD").board.db.rows("SELECT * FROM outward") == []
    with mpa.act() as doing:
        doing.feed(PartyCode("JCC"), {**good, "stage": "levitating"})
    meet(world)
    assert state_at(world, "JCC", record) == "open"  # a word of a newer version is not known here
    with mpa.act() as doing:
        doing.feed(PartyCode("JCC"), good)
    meet(world)
    assert state_at(world, "JCC", record) == "done"


def test_who_is_asked_later_takes_part_from_then_on(asked):
    """By a rule that follows whole the lane opens; the words end, and what stands is the lane's."""
    world, record = asked
    rules = [rule("MPA", "S-MPA", **STAGE)] + [
        rule(sender, f"Q-{sender}", kinds=ASKED_KINDS, follow=Follow.WHOLE)
        for sender in ("MPA", "JCC")
    ]
    text = agreement_of("MPA", "JCC", *rules, version=2)
    for party in ("MPA", "JCC"):
        agreements.sign(world.desk(party), world.actor(party, "liaison-officer"), text)
    meet(world)
    mpa, actor = world.desk("MPA"), world.actor("MPA")
    view = say.current(mpa, actor, record).value
    body = {**view.body, "seats": [*view.body["seats"], "JCC/cleared"]}
    say.revise(mpa, actor, record, view.digest, say.Draft(kind="rfi", body=body, label=view.label))
    world.release("MPA", record, "JCC", "Q-MPA", name="asked")
    meet(world)
    assert state_at(world, "JCC", record) == "sent"
    act(world, "JCC", record, "accept", other="JCC", travels=False)
    meet(world)
    assert state_at(world, "JCC", record) == "accepted"
    assert mpa.board.db.rows("SELECT * FROM outward") == []


def test_a_circle_is_followed_by_its_stage_too():
    """Who follows gets the word and no round; it is no member, and takes no step."""
    planted = patch.dict(KINDS, {circling.NAME: circling.PLANTED})
    with planted, circling.three_members() as world:
        terms = {"kinds": frozenset({circling.NAME})}
        text = agreement_of(
            "MPA", "COA", rule("MPA", "V-MPA", follow=Follow.STAGE, **terms),
            rule("COA", "V-COA", follow=Follow.WHOLE, **terms), version=2,
        )  # fmt: skip
        for party in ("MPA", "COA"):
            agreements.sign(world.desk(party), world.actor(party, "liaison-officer"), text)
        circling.carry(world)
        with refusal("not_held"):
            circling.opened(world, "MOD", "COA", seats=circling.SEATS)
        ((key,),) = world.desk("MPA").board.db.rows(
            "SELECT record FROM record WHERE kind = ?", (circling.NAME,)
        )
        record = key.partition("/")[2]
        circling.act(world, "MPA", record, "ask", values={"seats": circling.SEATS[1:]})
        circling.carry(world)
        circling.act(world, "MOD", record, "verify")
        circling.carry(world)
        circling.act(world, "MPA", record, "conclude", values={"finding": "verified"})
        outward.tick(world.desk("MPA"))
        circling.carry(world)
        coa, viewer = world.desk("COA"), world.viewer("COA")
        view = read.record(coa, viewer, "MPA", record)
        assert view.value.state == "done"
        assert rounds.circle_of(coa, viewer, view) is None
        assert coa.board.db.rows("SELECT * FROM step") == []
        wanted = Wanted(owner="MPA", record=record, lane="", act="verify", seen=())
        with refusal("mandate"):
            rounds.take(coa, world.actor("COA"), wanted)
        said = world.desk("MPA").board.db.rows("SELECT said FROM step WHERE act = 'ask'")[0][0]
        with coa.act() as doing:
            doing.feed(PartyCode("MPA"), {**json.loads(said), "seat": "COA/cleared",
                                          "act": "doubt", "step": record, "after": []})  # fmt: skip
        circling.carry(world)
        assert len(circling.circle(world, "MPA", record).rounds[0].seats) == 1
        rows = world.desk("MPA").board.db.rows("SELECT root FROM step WHERE author = 'COA'")
        assert rows == [(f"?/{record}",)]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["MOD", "COA"]),
        st.sampled_from([*sorted(oracle.LEADS_TO), "look", "recall", "release"]),
    ),
    max_size=12,
)


@given(ACTS)
@settings(max_examples=15, deadline=None)
def test_the_oracle_hears_what_the_party_hears(acts):
    """Whatever two that are asked do, a party that follows hears each change of the word once, as
    the second writing of the rule says; and nothing while it holds nothing.
    """
    listener, lanes = oracle.Listener(), {"MOD": "sent", "COA": "sent"}
    listener.hold()
    with town("MOD", "COA") as (world, record):
        for number, (other, name) in enumerate(acts):
            world.clock.time += 1_000
            play(world, record, (other, name, number), lanes, listener)
        meet(world)
        listener.hear(lanes.values())
        assert [one["stage"] for one in words_to(world, "JCC")] == listener.heard
        if listener.last is not None:
            assert state_at(world, "JCC", record) == listener.last


def play(world, record, deed, lanes, listener):
    """One deed on the desks and in the oracle."""
    other, name, number = deed
    mpa = world.desk("MPA")
    if name == "look":
        meet(world)
        listener.hear(lanes.values())
    elif name == "recall":
        if listener.last is not None:
            releasing.recall(mpa, world.actor("MPA"), record, PartyCode("JCC"), "error")
            listener.end()
    elif name == "release":
        world.release("MPA", record, "JCC", "S-MPA", name=f"again {number}")
        listener.hold()
    else:
        party = "MPA" if name in {"satisfied", "ask_again", "cancel"} else other
        values = {"decline": {"reason": "no_means"}, "redirect": {"to": "ERB"}}.get(name, {})
        found = oracle.after(lanes[other], name)
        if found is not None:
            act(world, party, record, name, other=other, values=values)
            lanes[other] = found
