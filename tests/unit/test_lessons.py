"""A lesson from its observation to a change that others have found to work, on real desks."""

from dataclasses import replace

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import lessons
from tansiq.desk.operations.lessons import Wish
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.domain.kinds.operations.lesson import MOVES, STATUSES
from tansiq.domain.parties import Role
from tansiq.policy.agreement import Follow
from tests.world import DAY, refusal, rule, to, worlds

OWNER, JUDGE, ACTS = "duty-officer", "MOD/duty-officer", "COA/duty-officer"
DUE = "2021-01-18"


@pytest.fixture
def world():
    """MPA with an observation that MOD and COA have."""
    with worlds("MPA", "MOD", "COA") as made:
        for other in ("MOD", "COA"):
            kinds = frozenset({"lesson"})
            made.agree("MPA", other, *(
                rule(one, f"L-{one}", kinds=kinds, automatic=True, follow=Follow.WHOLE)
                for one in ("MPA", other)
            ))  # fmt: skip
        body = {"text": "Ambulance held", "observed_what": "Held for 50 minutes at two posts"}
        draft = say.Draft(kind="lesson", body=body, label=to("MOD", "COA"))
        made.record = made.write("MPA", "lesson", draft, OWNER)
        carry(made)
        yield made


def carry(world):
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)


def seen(world, party="MPA"):
    return read.record(world.desk(party), world.viewer(party, OWNER), "MPA", world.record)


def circle(world, party):
    desk, actor = world.desk(party), world.actor(party, OWNER)
    return rounds.circle_of(desk, desk.viewer(actor), seen(world, party), actor).value


def move(world, name, *seats, due="", position=OWNER):
    wish = Wish(move=name, seats=seats, due=due, seen=circle(world, "MPA").newest)
    with world.names.under(f"{name} {len(world.names.used)}"):
        lessons.go_on(world.desk("MPA"), world.actor("MPA", position), world.record,
                      seen(world).value.digest, wish)  # fmt: skip
    carry(world)


def says(world, party, act, **values):
    found = circle(world, party)
    with world.names.under(f"{party} {act} {len(world.names.used)}"):
        rounds.take(
            world.desk(party), world.actor(party, OWNER),
            Wanted(owner="MPA", record=world.record, lane="", act=act, seen=found.newest,
                   of=found.about(act), values=values),
        )  # fmt: skip
    carry(world)


def status(world, party="MPA"):
    return seen(world, party).value.body.get("status")


def identified(world):
    move(world, "ask_judgement", JUDGE)
    says(world, "MOD", "is_lesson")
    move(world, "identify_lesson")


def implemented(world):
    identified(world)
    move(world, "assign_action", ACTS, due=DUE)
    says(world, "COA", "action_done")
    move(world, "note_done")


def test_an_observation_becomes_a_lesson_learned(world):
    """Judged by one, done by another, found to work by the first; every holder reads where it
    stands, and a rebuild comes to the same.
    """
    implemented(world)
    assert (status(world), status(world, "COA")) == ("implemented", "implemented")
    move(world, "ask_validation", JUDGE)
    says(world, "MOD", "change_works")
    move(world, "note_learned")
    body = seen(world, "MOD").value.body
    assert (body["status"], body["due"]) == ("learned", DUE)
    assert body["learned"]
    assert "acts" not in body
    assert seen(world).value.body["acts"] == [ACTS]
    move(world, "archive_lesson")
    assert status(world, "COA") == "archived"
    for party in ("MPA", "MOD", "COA"):
        before = checking.snapshot(world.desk(party))
        checking.rebuild(world.desk(party), lambda *_: None)
        assert checking.snapshot(world.desk(party)) == before


def test_nothing_goes_on_without_the_answer_that_it_needs(world):
    """Neither before it came nor by the answer to another question; the table of moves is kept."""
    move(world, "ask_judgement", JUDGE)
    for name in ("identify_lesson", "reject_lesson"):
        with refusal("lesson_no_answer"):
            move(world, name)
    says(world, "MOD", "action_done")
    with refusal("lesson_no_answer"):
        move(world, "identify_lesson")
    says(world, "MOD", "is_no_lesson", no_lesson_because="single_case")
    with refusal("lesson_no_answer"):
        move(world, "identify_lesson")
    with refusal("act_unknown"):
        move(world, "note_learned")
    move(world, "reject_lesson")
    assert status(world, "MOD") == "rejected"
    reached = {one.target for one in MOVES} | {"submitted"}
    assert reached == set(STATUSES)


def test_who_made_the_change_does_not_judge_it(world):
    """It is not asked, and what it says counts for nothing; one position acts, until a day."""
    identified(world)
    with refusal("field_required"):
        move(world, "assign_action", ACTS)
    with refusal("lesson_one_acts"):
        move(world, "assign_action", ACTS, JUDGE, due=DUE)
    with refusal("field_required"):
        move(world, "assign_action", due=DUE)
    move(world, "assign_action", ACTS, due=DUE)
    says(world, "COA", "action_done")
    move(world, "note_done")
    with refusal("lesson_own_change"):
        move(world, "ask_validation", ACTS, JUDGE)
    move(world, "ask_validation", JUDGE)
    says(world, "MOD", "change_fails")
    with refusal("lesson_no_answer"):
        move(world, "note_learned")
    move(world, "note_fails")
    assert status(world) == "identified"


def test_the_day_of_the_action_rings_for_the_owner_as_long_as_it_is_not_done(world):
    """Not before, and not for an action that is done; who acts has its turn at once."""
    identified(world)
    move(world, "assign_action", ACTS, due=DUE)
    desk = world.desk("MPA")
    waits = attention.waiting(world.desk("COA"), world.viewer("COA", OWNER))
    assert [one.why for one in waits] == ["turn"]
    assert attention.tick(desk) == 0
    world.clock.time += 40 * DAY
    assert attention.tick(desk) == 1
    assert "review" in reasons(world)
    says(world, "COA", "action_done")
    move(world, "note_done")
    assert "review" not in reasons(world)


def reasons(world):
    return [one.why for one in attention.waiting(world.desk("MPA"), world.viewer("MPA", OWNER))]


def test_only_who_may_write_and_only_the_newest_edition(world):
    """An auditor moves nothing; a page that is old moves nothing; the common door takes no step of
    the owner.
    """
    old = seen(world).value.digest
    move(world, "ask_judgement", JUDGE)
    wish, actor = Wish(move="identify_lesson"), world.actor("MPA", OWNER)
    with pytest.raises(say.EditedMeanwhileError):
        lessons.go_on(world.desk("MPA"), actor, world.record, old, wish)
    with refusal("act_unknown"):
        says(world, "MPA", "note_lesson", lesson_now="learned")
    with refusal("mandate"):
        lessons.go_on(world.desk("MPA"), replace(actor, role=Role.AUDITOR), world.record,
                      seen(world).value.digest, wish)  # fmt: skip


def test_the_measure_is_a_list_of_lessons_with_a_change_that_works(world):
    """What was only observed or rejected is no lesson; each is in one list, for each viewer of what
    it sees.
    """

    def counted(party="MPA"):
        found = lessons.measure_of(world.desk(party), world.viewer(party, OWNER))
        return [len(one) for one in (found.learned, found.without, found.others)]

    assert counted() == [0, 0, 1]
    implemented(world)
    assert counted() == counted("MOD") == [0, 1, 0]
    move(world, "ask_validation", JUDGE)
    says(world, "MOD", "change_works")
    move(world, "note_learned")
    assert counted() == [1, 0, 0]
    move(world, "archive_lesson")
    assert counted("COA") == [1, 0, 0]
