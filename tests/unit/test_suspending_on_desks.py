"""One decision suspends cohorts on real desks: all or none, the own alone, and others decide."""

from dataclasses import replace

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.desk.training import suspending
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.suspension import SUSPENSION
from tansiq.domain.parties import Classification, Role
from tansiq.domain.training.suspending import Scope
from tests.suspending import (
    MANAGER,
    PROGRAMME,
    REVIEW,
    act,
    answered,
    asking,
    carry,
    cohort,
    course,
    decide,
    decision,
    filled,
    foreseen,
    state,
    states,
    training,
    waits,
)
from tests.world import DAY, refusal, to


@pytest.fixture
def town():
    """MPA with three open cohorts and one on line, COA with one; each sees the other's."""
    with training() as world:
        yield filled(world)


def test_deciding_suspends_the_own_cohorts_of_the_scope(town):
    """Each says the decision, the reason and the review; what is on line and another party's stays
    as it was.
    """
    record = decide(town, "MPA")
    assert states(town) == dict.fromkeys(("K-01", "K-02", "K-03"), "suspended") | {
        "K-10": "planned"
    }
    assert states(town, "COA") == {"C-01": "planned"}
    body = state(town, "MPA", town.ids["K-01"]).body
    assert body["decision"] == SUSPENSION.reference(record)
    assert (body["reason_class"], body["reason"], body["review"]) == ("pandemic", "Curfew", REVIEW)
    found = state(town, "MPA", record).body
    assert (found["place_sum"], found["day_sum"]) == (150, 175)
    assert len(found["suspends"]) == 3
    carry(town)
    assert state(town, "COA", town.ids["K-01"], "MPA").state == "suspended"


def test_what_was_shown_is_what_is_done(town):
    """Where a cohort changed since the preview nothing is suspended, and the person looks again."""
    desk, actor = town.desk("MPA"), town.actor("MPA", MANAGER)
    seen = foreseen(town, "MPA", meets="in_person")
    assert [one.code for one in seen.effects.cohorts] == ["C-01", "K-01", "K-02", "K-03"]
    assert (seen.effects.of("MPA").places, seen.effects.of("MPA").days) == (150, 175)
    with town.names.under("planned anew"):
        old = say.current(desk, actor, town.ids["K-03"]).value
        draft = say.Draft(kind="cohort", body={**old.body, "places": 73}, label=old.label)
        say.revise(desk, actor, old.record, old.digest, draft)
    with refusal("suspension_moved"), town.names.under("decides"):
        suspending.decide(desk, actor, decision(), seen.mark)
    assert set(states(town).values()) == {"planned"}


def test_all_or_none_also_where_it_breaks_half_way(town, monkeypatch):
    """A fault at the last cohort leaves no suspension and no suspended cohort, and after a rebuild
    neither.
    """
    real, done = say.step_in, []

    def breaks(*given, **named):
        done.append(1)
        if len(done) == 3:
            raise OSError("the disk is gone")
        return real(*given, **named)

    monkeypatch.setattr(say, "step_in", breaks)
    with pytest.raises(OSError, match="gone"):
        decide(town, "MPA")
    monkeypatch.undo()
    assert set(states(town).values()) == {"planned"}
    checking.rebuild(town.desk("MPA"), lambda *_: None)
    assert set(states(town).values()) == {"planned"}
    query = read.Query(kinds=("suspension",))
    assert read.page(town.desk("MPA"), town.viewer("MPA", MANAGER), query).rows == ()
    decide(town, "MPA")
    assert states(town)["K-03"] == "suspended"


def test_a_scope_with_nothing_in_it_suspends_nothing(town):
    """Neither own cohorts nor somebody who is asked: there is no such decision."""
    with refusal("suspension_nothing"):
        decide(town, "MPA", decision(scope=Scope(first_day="2020-12-21", codes=("K-99",))))


def test_only_who_manages_training_suspends(town):
    """A duty officer and the programme manager may not."""
    for position in ("duty-officer", PROGRAMME):
        with refusal("mandate"):
            decide(town, "MPA", position=position)


def test_two_owners_by_one_decision(town):
    """The walk: COA decides for its own and asks MPA, which decides for its own on its own node;
    COA reads the answer, and each party's cohorts name that party's decision.
    """
    decided = decide(town, "COA", decision(asked=frozenset({"MPA"})))
    assert states(town, "COA") == {"C-01": "suspended"}
    assert set(states(town).values()) == {"planned"}
    carry(town)
    view = asking(town, "MPA", "COA")
    assert sorted(view.value.body["suspends"]) == sorted(
        town.ids[code] for code in ("K-01", "K-02", "K-03")
    )
    assert answered(town, "MPA", view) == {f"MPA/{MANAGER}": None}
    assert [one.about.partition("#")[0] for one in waits(town, "MPA", "turn")] == [
        f"COA/{view.value.record}"
    ]
    with refusal("taken_with_a_record"):
        act(town, "MPA", view, "suspend_too")
    own = decide(town, "MPA", decision(about=view, decision="Order 9/2020"))
    assert states(town)["K-01"] == "suspended"
    carry(town)
    asked = read.record(town.desk("COA"), town.viewer("COA", MANAGER), "COA", view.value.record)
    assert answered(town, "COA", asked) == {f"MPA/{MANAGER}": "suspend_too"}
    for party, owner, code, record in (
        ("COA", "MPA", "K-01", own), ("MPA", "COA", "C-01", decided),
    ):  # fmt: skip
        body = state(town, party, town.ids[code], owner).body
        assert body["decision"] == SUSPENSION.reference(record)
    for party in ("MPA", "COA"):
        before = checking.snapshot(town.desk(party))
        checking.rebuild(town.desk(party), lambda *_: None)
        assert checking.snapshot(town.desk(party)) == before


def test_who_is_asked_may_go_on(town):
    """With a reason of its kind, and nothing of its own changes; it may think again."""
    decide(town, "COA", decision(asked=frozenset({"MPA"})))
    carry(town)
    view = asking(town, "MPA", "COA")
    act(town, "MPA", view, "train_on", goes_on_because="on_line")
    assert set(states(town).values()) == {"planned"}
    assert waits(town, "MPA", "turn") == []
    decide(town, "MPA", decision(about=view))
    carry(town)
    asked = read.record(town.desk("COA"), town.viewer("COA", MANAGER), "COA", view.value.record)
    assert answered(town, "COA", asked) == {f"MPA/{MANAGER}": "suspend_too"}


def test_an_own_decision_asks_nobody(town):
    """Only the record that names another owner's cohorts has a round: the own decision has none."""
    record = decide(town, "MPA")
    desk, viewer = town.desk("MPA"), town.viewer("MPA", MANAGER)
    assert rounds.circle_of(desk, viewer, read.record(desk, viewer, "MPA", record)) is None


def test_who_asks_suspends_nothing_of_the_other(town):
    """Not even a party that has no cohort in the scope: it asks, and the other decides."""
    made = decision(scope=Scope(first_day="2020-12-21", codes=("K-01",)), asked=frozenset({"MPA"}))
    decide(town, "COA", made)
    carry(town)
    assert set(states(town).values()) == {"planned"}
    assert states(town, "COA") == {"C-01": "planned"}


def test_the_day_of_review_rings_for_who_decided(town):
    """Not before; extended it rings on the later day, and the cohorts say that day; once all of
    them have resumed nothing rings any more.
    """
    record = decide(town, "MPA")
    desk, actor = town.desk("MPA"), town.actor("MPA", MANAGER)
    (wait,) = waits(town, "MPA", "review")
    assert not wait.begun
    assert attention.tick(desk) == 0
    town.clock.time += 30 * DAY
    assert attention.tick(desk) == 1
    (wait,) = waits(town, "MPA", "review")
    assert wait.begun
    assert wait.stand.reached[0].positions == (MANAGER,)
    digest = state(town, "MPA", record).digest
    with refusal("suspension_review_later"):
        suspending.extend(desk, actor, record, digest, review=REVIEW, reason="x", decision="y")
    with town.names.under("extended"):
        suspending.extend(desk, actor, record, digest, review="2021-03-01", reason="Cases rise",
                          decision="Order 20/2021")  # fmt: skip
    (wait,) = waits(town, "MPA", "review")
    assert not wait.begun
    assert state(town, "MPA", town.ids["K-02"]).body["review"] == "2021-03-01"
    assert state(town, "MPA", town.ids["K-02"]).state == "suspended"
    resume(town, record, "K-01", "K-02", "K-03")
    assert waits(town, "MPA", "review") == []
    before = checking.snapshot(desk)
    checking.rebuild(desk, lambda *_: None)
    assert checking.snapshot(desk) == before


def resume(world, record, *codes, day="2021-02-01"):
    with world.names.under(f"resumed {len(world.names.used)}"):
        suspending.resume(
            world.desk("MPA"), world.actor("MPA", MANAGER), record,
            state(world, "MPA", record).digest, cohorts=[world.ids[code] for code in codes],
            reason="It is safe", decision="Order 25/2021", day=day,
        )  # fmt: skip


def test_some_resume_and_the_last_one_ends_it(town):
    """Reason and decision stand in each; the suspension ends with the last of its cohorts, also
    where another was called off meanwhile; none resumes twice.
    """
    record = decide(town, "MPA")
    resume(town, record, "K-01")
    assert states(town) == {
        "K-01": "resumed", "K-02": "suspended", "K-03": "suspended", "K-10": "planned",
    }  # fmt: skip
    body = state(town, "MPA", town.ids["K-01"]).body
    assert (body["reason"], body["decision"]) == ("It is safe", "Order 25/2021")
    assert "ended" not in state(town, "MPA", record).body
    for wrong in (("K-01",), ("K-10",), ()):
        with pytest.raises(InputError):
            resume(town, record, *wrong)
    desk, actor = town.desk("MPA"), town.actor("MPA", MANAGER)
    with town.names.under("called off"):
        said = {"reason_class": "other", "reason": "Merged", "decision": "Order 26/2021"}
        old = state(town, "MPA", town.ids["K-03"])
        say.step(desk, actor, old.record, old.digest, "call_off", said=said)
    resume(town, record, "K-02")
    assert state(town, "MPA", record).body["ended"] == "2021-02-01"
    with refusal("record_absent"):
        resume(town, record)


def test_resuming_is_all_or_none(town, monkeypatch):
    """A fault at the second cohort lets the first stand still as well."""
    record = decide(town, "MPA")
    real, done = say.step_in, []

    def breaks(*given, **named):
        done.append(1)
        if len(done) == 2:
            raise OSError("the disk is gone")
        return real(*given, **named)

    monkeypatch.setattr(say, "step_in", breaks)
    with pytest.raises(OSError, match="gone"):
        resume(town, record, "K-01", "K-02")
    monkeypatch.undo()
    assert states(town)["K-01"] == "suspended"


def test_a_partner_is_asked_about_its_own_cohorts_alone():
    """With three owners each is asked in a record of its own; nothing that goes to one names the
    cohorts, the seat or the answer of another, nor how many there are.
    """
    with training("MPA", "COA", "MOD") as world:
        ids = {}
        for party, other in (("COA", "MPA"), ("MOD", "MPA"), ("MPA", "COA")):
            about = course(world, party, label=to(other))
            ids[party] = cohort(world, party, f"{party}-1", about, label=to(other), places=9)
        ids["secret"] = cohort(world, "MPA", "MPA-2", about, places=51)
        carry(world)
        world.sent.clear()
        record = decide(
            world, "MPA",
            decision(asked=frozenset({"COA", "MOD"}), label=to("COA", "MOD"), notices={
                "notice_en": "Training is suspended."}),
        )  # fmt: skip
        carry(world)
        for party, other in (("COA", "MOD"), ("MOD", "COA")):
            told = b"".join(plain for _, to_, plain in world.sent if to_ == party)
            assert asking(world, party, "MPA").value.body["suspends"] == [ids[party]]
            assert ids[party].encode() in told
            for hidden in (ids[other], f"{other}-1", f"{other}/{MANAGER}", ids["secret"], "MPA-2"):
                assert hidden.encode() not in told, (party, hidden)
            notice = state(world, party, record, "MPA").body
            assert notice["notice_en"] == "Training is suspended."
            assert not {"place_sum", "day_sum", "projects", "put_to"} & notice.keys()
        assert state(world, "COA", record, "MPA").body["suspends"] == [ids["MPA"]]
        assert "suspends" not in state(world, "MOD", record, "MPA").body


def test_where_nothing_goes_by_itself_a_person_releases_and_then_asks():
    """The asking is there and no round is open; what was decided for the own cohorts holds."""
    with training(automatic=False) as world:
        about = course(world, "MPA", label=to("COA"))
        theirs = cohort(world, "MPA", "K-01", about, label=to("COA"))
        world.release("MPA", about, "COA", "T-MPA")
        world.release("MPA", theirs, "COA", "T-MPA")
        own = cohort(world, "COA", "C-01", course(world, "COA"))
        carry(world)
        record = decide(world, "COA", decision(asked=frozenset({"MPA"})))
        assert state(world, "COA", own).state == "suspended"
        desk, viewer = world.desk("COA"), world.viewer("COA", MANAGER)
        rows = read.page(desk, viewer, read.Query(kinds=("suspension",))).rows
        (view,) = [one for one in rows if one.value.record != record]
        assert rounds.standings(desk, viewer, [view])["COA", view.value.record].newest is None
        world.release("COA", view.value.record, "MPA", "T-COA")
        carry(world)
        act(world, "COA", view, "ask_owner", seats=(f"MPA/{MANAGER}",))
        carry(world)
        assert answered(world, "MPA", asking(world, "MPA", "COA")) == {f"MPA/{MANAGER}": None}


def test_a_suspension_is_as_closed_as_what_it_names(town):
    """Who sees a closed cohort decides about it under a label as closed, and under no other."""
    high = Classification.CONFIDENTIAL
    about = state(town, "MPA", town.ids["K-01"]).body["about"]
    desk, actor = town.desk("MPA"), replace(town.actor("MPA"), role=Role.TRAINING_MANAGER)
    with town.names.under("closed cohort"):
        body = {"code": "K-77", "text": "x", "about": about, "mode": "in_person", "days": 5,
                "places": 9}  # fmt: skip
        draft = say.Draft(kind="cohort", body=body, label=to(classification=high))
        closed = say.write(desk, actor, draft)
    assert "K-77" not in {one.code for one in foreseen(town, "MPA").known}
    found = suspending.foreseen(desk, desk.viewer(actor), decision().scope, actor)
    assert "K-77" in {one.code for one in found.effects.cohorts}
    with refusal("suspension_label"), town.names.under("too open"):
        suspending.decide(desk, actor, decision(), found.mark)
    with town.names.under("as closed"):
        made = decision(label=to(classification=high))
        suspending.decide(desk, actor, made, found.mark)
    sealed = read.record(desk, desk.viewer(actor), "MPA", closed).value
    assert sealed.state == "suspended"
