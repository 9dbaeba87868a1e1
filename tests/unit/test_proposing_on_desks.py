"""A catch-up plan proposes dates to other owners: on real desks, each decides for its own."""

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.training import moving, proposing
from tansiq.domain.errors import InputError
from tansiq.domain.training.accepting import TAKEN, VOID, WAITS
from tests.proposing import OWN, accept, choose, days, filled, lines, plan, proposals, proposed
from tests.suspending import MANAGER, act, answered, carry, cohort, course, state, training, waits
from tests.world import refusal, to

BEFORE = ("2020-12-06", "2021-02-04")


@pytest.fixture
def town():
    """MPA, COA and JCC with cohorts that MPA sees; each sees its own alone."""
    with training("MPA", "COA", "JCC") as world:
        yield filled(world)


def chosen(world, *owners):
    """A plan of MPA that is chosen and proposed to these owners; its record."""
    record = plan(world)
    choose(world, record, *owners)
    carry(world)
    return record


def moved_alone(world, code, party, **more):
    """An owner moves or changes its own cohort meanwhile."""
    desk, actor = world.desk(party), world.actor(party, MANAGER)
    old = say.current(desk, actor, world.ids[code]).value
    with world.names.under(f"changed {code}"):
        draft = say.Draft(kind="cohort", body={**old.body, **more}, label=old.label)
        say.revise(desk, actor, old.record, old.digest, draft)


def test_a_plan_works_out_dates_for_others_only_where_it_is_asked_to(town):
    """Each other owner's cohorts have rows of their own, with the dates before and a reason; a plan
    without the wish has none, and its own rows are the same.
    """
    with_others, alone = plan(town), plan(town, others=False)
    rows = proposed(town, with_others)
    assert sorted(rows) == [("COA", "C-01"), ("COA", "C-02"), ("JCC", "J-01")]
    row = rows["COA", "C-01"]
    assert (row["outcome"], row["was_first"], row["was_last"]) == ("moved", *BEFORE)
    assert row["first_day"] == "2021-02-07"
    assert "held_up" in row
    assert proposed(town, alone) == {}
    results = [state(town, "MPA", one).body["results"] for one in (with_others, alone)]
    assert results[0] == results[1]
    assert {row["code"] for row in results[0]} == {"K-01", "K-02"}


def test_a_plan_may_name_cohorts_of_others_too(town):
    """The codes that are named narrow what is proposed; one that nobody has is refused."""
    rows = proposed(town, plan(town, only=("K-01", "C-02")))
    assert list(rows) == [("COA", "C-02")]
    with refusal("plan_code_unknown"):
        plan(town, only=("C-02",), others=False)
    with refusal("plan_code_unknown"):
        plan(town, give_up=("C-02",))


def test_choosing_proposes_to_whom_a_person_names_and_moves_nothing_of_theirs(town):
    """The own cohorts move at once; each owner gets its own lines, and who was not named none."""
    record = chosen(town, "COA")
    assert days(town, "K-01") != BEFORE
    assert days(town, "C-01") == days(town, "J-01") == BEFORE
    body = proposals(town, "COA")["COA"].value.body
    assert sorted(body["cohorts"]) == sorted([town.ids["C-01"], town.ids["C-02"]])
    assert body["text"] == "Dates after the suspension"
    assert "part_of" not in body
    assert proposals(town, "JCC") == {}
    (wait,) = waits(town, "COA", "turn")
    assert wait.about.partition("#")[0] == f"MPA/{proposals(town)['COA'].value.record}"
    parts = {one.owner: one for one in _parts(town, record)}
    assert parts["COA"].proposal is not None
    assert parts["JCC"].proposal is None


def _parts(world, record):
    desk, viewer = world.desk("MPA"), world.viewer("MPA", MANAGER)
    return proposing.parts_of(desk, viewer, read.record(desk, viewer, "MPA", record))


def test_each_owner_is_told_of_its_own_cohorts_alone(town):
    """No record, code, position or word of the other owners, nor of the planner's own, is sent."""
    town.sent.clear()
    record = chosen(town, "COA", "JCC")
    plan_body = state(town, "MPA", record)
    for party, other in (("COA", "JCC"), ("JCC", "COA")):
        told = b"".join(plain for _, receiver, plain in town.sent if receiver == party)
        assert all(town.ids[code].encode() in told for code in OWN[party])
        hidden = [*OWN[other], *OWN["MPA"], f"{other}/{MANAGER}", plan_body.record, "part_of"]
        hidden += [town.ids[code] for code in (*OWN[other], *OWN["MPA"])]
        for one in hidden:
            assert one.encode() not in told, (party, one)


def test_an_owner_accepts_all_and_its_cohorts_move_by_its_own_act(town):
    """Each line shows what follows; the sessions move along, the old dates stay as the baseline,
    who asked reads the answer and the new dates, and a rebuild comes to the same.
    """
    record = chosen(town, "COA")
    found = lines(town)
    assert {code: line.stands for code, line in found.items()} == {"C-01": WAITS, "C-02": WAITS}
    assert (found["C-01"].sessions, found["C-02"].sessions) == (1, 0)
    assert found["C-01"].later > 0
    accept(town, "COA")
    for code in OWN["COA"]:
        dates = found[code].dates
        assert days(town, code) == (dates.first_day, dates.last_day)
        assert state(town, "COA", town.ids[code]).body["baseline_last"] == BEFORE[1]
    assert state(town, "COA", town.ids["session"]).body["first_day"] == "2021-02-07"
    assert waits(town, "COA", "turn") == []
    carry(town)
    view = proposals(town)["COA"]
    assert answered(town, "MPA", view) == {f"COA/{MANAGER}": "accept_dates"}
    assert days(town, "C-01", "MPA", "COA") == days(town, "C-01")
    (part,) = [one for one in _parts(town, record) if one.owner == "COA"]
    assert part.stands.newest.seats[0].answer.values == {"dates_taken": 2}
    for party in ("MPA", "COA"):
        before = checking.snapshot(town.desk(party))
        checking.rebuild(town.desk(party), lambda *_: None)
        assert checking.snapshot(town.desk(party)) == before


def test_an_owner_accepts_some_and_later_the_rest(town):
    """What was not ticked keeps its dates and waits on; the answer counts all that stand."""
    chosen(town, "COA")
    accept(town, "COA", "C-02")
    assert days(town, "C-01") == BEFORE
    assert {code: line.stands for code, line in lines(town).items()} == {
        "C-01": WAITS, "C-02": TAKEN,
    }  # fmt: skip
    accept(town, "COA", "C-01")
    carry(town)
    desk, viewer = town.desk("MPA"), town.viewer("MPA", MANAGER)
    newest = rounds.standings(desk, viewer, [proposals(town)["COA"]])
    (seat,) = next(iter(newest.values())).newest.seats
    assert seat.answer.values == {"dates_taken": 2}


def test_a_cohort_that_changed_meanwhile_voids_its_line(town):
    """One that its owner moved or ended is not moved by the proposal, and nothing else is moved
    with it; a change of a count voids nothing.
    """
    chosen(town, "COA")
    moved_alone(town, "C-01", "COA", first_day="2020-12-13")
    moved_alone(town, "C-02", "COA", places=21)
    assert {code: line.stands for code, line in lines(town).items()} == {
        "C-01": VOID, "C-02": WAITS,
    }  # fmt: skip
    with refusal("dates_void"):
        accept(town, "COA", "C-02", "C-01")
    assert days(town, "C-02") == BEFORE
    accept(town, "COA", "C-02")
    assert days(town, "C-02") != BEFORE
    assert days(town, "C-01") == ("2020-12-13", BEFORE[1])


def test_all_that_is_accepted_moves_or_nothing_does(town, monkeypatch):
    """A fault at the last cohort leaves the first where it was, and no answer was given."""
    chosen(town, "COA")
    real, done = moving.move_in, []

    def breaks(*given, **named):
        done.append(1)
        if len(done) == 2:
            raise InputError("record_absent")
        return real(*given, **named)

    monkeypatch.setattr(moving, "move_in", breaks)
    with refusal("record_absent"):
        accept(town, "COA")
    assert days(town, "C-01") == days(town, "C-02") == BEFORE
    assert answered(town, "COA", proposals(town, "COA")["COA"]) == {f"COA/{MANAGER}": None}


def test_an_owner_declines_with_a_reason(town):
    """Nothing moves, the wait ends, who asked reads why; the owner may think again."""
    chosen(town, "COA")
    act(town, "COA", proposals(town, "COA")["COA"], "decline_dates", declines_because="own_plan")
    assert days(town, "C-01") == BEFORE
    assert waits(town, "COA", "turn") == []
    carry(town)
    assert answered(town, "MPA", proposals(town)["COA"]) == {f"COA/{MANAGER}": "decline_dates"}
    accept(town, "COA", "C-01")
    assert days(town, "C-01") != BEFORE


def test_accepting_goes_through_its_room_alone(town):
    """The common door of circles takes no such step, nobody but the manager accepts, nothing is
    accepted where nothing is named, and an old page accepts nothing.
    """
    chosen(town, "COA")
    view = proposals(town, "COA")["COA"]
    with refusal("act_unknown"):
        act(town, "COA", view, "accept_dates", dates_taken=2)
    with refusal("mandate"):
        accept(town, "COA", position="duty-officer")
    desk, actor = town.desk("MPA"), town.actor("MPA", MANAGER)
    with town.names.under("said anew"):
        old = say.current(desk, actor, view.value.record).value
        draft = say.Draft(kind=old.kind, body={**old.body, "text": "Anew"}, label=old.label)
        say.revise(desk, actor, old.record, old.digest, draft)
    carry(town)
    with refusal("case_moved"):
        accept(town, "COA", view=view)
    assert days(town, "C-01") == BEFORE


def test_a_plan_whose_foreign_cohorts_changed_is_not_proposed(town):
    """Whoever is asked is asked about dates as they are; whom nobody names hinders nothing."""
    record = plan(town)
    moved_alone(town, "J-01", "JCC", first_day="2020-12-13")
    carry(town)
    with refusal("plan_old"):
        choose(town, record, "COA", "JCC")
    assert days(town, "K-01") == BEFORE
    with refusal("field_required"):
        choose(town, record, "COA", text="")
    with refusal("record_absent"):
        choose(town, record, "MOD")
    choose(town, record, "COA")
    assert days(town, "K-01") != BEFORE


def test_where_nothing_goes_by_itself_a_person_releases_and_then_asks():
    """The proposal is drawn up and no round is open; the own cohorts moved."""
    with training("MPA", "COA", automatic=False) as world:
        about = course(world, "COA", label=to("MPA"))
        world.ids = {"C-01": cohort(world, "COA", "C-01", about, label=to("MPA"))}
        world.release("COA", about, "MPA", "T-COA")
        world.release("COA", world.ids["C-01"], "MPA", "T-COA")
        world.ids["K-01"] = cohort(world, "MPA", "K-01", course(world, "MPA"))
        carry(world)
        choose(world, plan(world), "COA")
        assert days(world, "K-01") != BEFORE
        view = proposals(world)["COA"]
        assert view.value.state == "drawn_up"
        world.release("MPA", view.value.record, "COA", "T-MPA")
        carry(world)
        act(world, "MPA", view, "propose_dates", seats=(f"COA/{MANAGER}",))
        carry(world)
        accept(world, "COA", "C-01")
        assert days(world, "C-01") != BEFORE


def test_what_a_partner_claims_moves_nothing_of_ours(town):
    """A proposal that names cohorts of others, days that do not go together or none at all has no
    such line.
    """
    rows = [
        {"code": "K-01", "first_day": "2021-03-01", "last_day": "2021-03-20"},
        {"code": "C-01", "first_day": "2021-04-20", "last_day": "2021-03-01"},
        {"code": "C-02", "last_day": "2021-03-01"},
    ]
    body = {"asks_owner": "COA", "text": "x", "moves": rows,
            "cohorts": [town.ids[code] for code in ("K-01", "C-01", "C-02")]}  # fmt: skip
    draft = say.Draft(kind="plan_proposal", body=body, label=to("COA"))
    town.write("MPA", "made up", draft, MANAGER)
    carry(town)
    assert lines(town) == {}


def test_a_plan_of_others_alone_can_be_chosen():
    """A party without cohorts of its own proposes to who has some."""
    with training("MPA", "COA") as world:
        filled(world, owners=("COA",))
        choose(world, plan(world), "COA")
        carry(world)
        accept(world, "COA")
        assert days(world, "C-01") != BEFORE


def test_a_proposal_is_as_closed_as_what_it_names(town):
    """The label of a cohort is that of the proposal which names it, whoever chose the plan."""
    about = state(town, "COA", town.ids["C-01"]).body["about"]
    town.ids["C-09"] = cohort(town, "COA", "C-09", about, label=to("MPA", caveats={"exercise"}))
    carry(town)
    chosen(town, "COA", "JCC")
    found = {owner: one.value.label for owner, one in proposals(town).items()}
    assert found["COA"].caveats == {"exercise"}
    assert found["JCC"].caveats == frozenset()


def test_own_cohorts_leave_room_for_what_is_proposed(town):
    """Until its owner has answered, a proposed date in a room of ours is planned around."""
    body = {"code": "EBL-1", "text": "Hall", "capacity": 40, "mode": "in_person",
            "place": state(town, "MPA", town.ids["K-01"]).body["place"]}  # fmt: skip
    town.write("MPA", "room", say.Draft(kind="training_room", body=body, label=to()), MANAGER)
    moved_alone(town, "C-01", "COA", room="EBL-1")
    moved_alone(town, "C-02", "COA", days_done=10)
    carry(town)
    record = plan(town)
    own = {row["code"]: row for row in state(town, "MPA", record).body["results"]}
    theirs = proposed(town, record)["COA", "C-01"]
    assert all(row["room"] == "EBL-1" for row in own.values())
    assert all(row["first_day"] > theirs["last_day"] for row in own.values())
