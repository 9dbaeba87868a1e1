"""Assessments: partners agree or dissent, what they rest on stands as it is now, and they end."""

from dataclasses import replace

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.desk.release import recalling
from tansiq.desk.watch import assessing
from tansiq.domain.kinds.facets import day_moment
from tansiq.domain.kinds.watch.assessment import ASSESSMENT, is_good, lists_of
from tansiq.domain.parties import Classification, Role
from tansiq.domain.records import reference
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, DAY, incident, refusal, rule, to, uuid_of, worlds

HIGH = Classification.CONFIDENTIAL
OWNER, MOD, COA = "duty-officer", "MOD/duty-officer", "COA/duty-officer"
KINDS = frozenset({"assessment", "assessment_note", "incident"})
BODY = {"text": "The road stays closed", "confidence": "moderate", "good_until": "2020-12-24"}


@pytest.fixture
def world():
    """MPA judges something, which MOD and COA have; it rests on an incident of MOD."""
    with worlds("MPA", "MOD", "COA") as made:
        for other in ("MOD", "COA"):
            made.agree("MPA", other, *(
                rule(one, f"A-{one}", kinds=KINDS, automatic=True, follow=Follow.WHOLE,
                     class_max=HIGH)
                for one in ("MPA", other)
            ), clearance=dict.fromkeys(("MPA", other), HIGH))  # fmt: skip
        made.fire = made.write("MOD", "fire", incident(to("MPA")))
        carry(made)
        draft = say.Draft(kind="assessment", body=BODY, label=to("MOD", "COA"))
        made.record = made.write("MPA", "judged", draft, OWNER)
        rests(made, made.fire)
        yield made


def carry(world):
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)


def rests(world, record):
    with world.names.under(f"rests {len(world.names.used)}"):
        assessing.rest_on(world.desk("MPA"), world.actor("MPA", OWNER), world.record,
                          f"/record/MOD/{record}")  # fmt: skip
    carry(world)


def seen(world, party="MPA", position=OWNER):
    return read.record(world.desk(party), world.viewer(party, position), "MPA", world.record)


def basis(world, party="MPA", position=OWNER):
    found = seen(world, party, position)
    return assessing.basis(world.desk(party), world.viewer(party, position), found)


def circle(world, party):
    desk, actor = world.desk(party), world.actor(party, OWNER)
    return rounds.circle_of(desk, desk.viewer(actor), seen(world, party), actor).value


def recalled(world, record):
    recalling.recall(world.desk("MOD"), world.actor("MOD", CLEARED), record, "MPA", "error")
    carry(world)


def says(world, party, act, words="", **values):
    found = circle(world, party)
    with world.names.under(f"{party} {act} {len(world.names.used)}"):
        rounds.take(
            world.desk(party), world.actor(party, OWNER),
            Wanted(owner="MPA", record=world.record, lane="", act=act, seen=found.newest,
                   of=found.about(act), values=values, words={"text": words} if words else None),
        )  # fmt: skip
    carry(world)


def test_dissent_stands_beside_the_judgement_by_party(world):
    """Each is read where the answer went; no answer is none; a rebuild comes to the same."""
    says(world, "MPA", "ask_views", seats=(MOD, COA))
    says(world, "MOD", "dissent_assessment", "The detour is open", dissents_from="judgement")
    said = {str(one.seat): one.answer and one.answer.act
            for one in circle(world, "MPA").rounds[-1].seats}  # fmt: skip
    assert said == {MOD: "dissent_assessment", COA: None}
    says(world, "COA", "agree_assessment")
    says(world, "MPA", "note_views")
    assert seen(world, "COA").value.state == "views_noted"
    assert seen(world).value.body["text"] == BODY["text"]
    words = read.linked(world.desk("MPA"), world.viewer("MPA", OWNER), world.record, "about")
    assert [one.value.body["text"] for one in words] == ["The detour is open"]
    for party in ("MPA", "MOD", "COA"):
        before = checking.snapshot(world.desk(party))
        checking.rebuild(world.desk(party), lambda *_: None)
        assert checking.snapshot(world.desk(party)) == before


def test_who_dissents_says_from_what_and_nobody_dissents_for_another(world):
    """A dissent without its subject is none, the owner does not answer, nor does an auditor."""
    says(world, "MPA", "ask_views", seats=(MOD,))
    with refusal("field_required"):
        says(world, "MOD", "dissent_assessment")
    with refusal("mandate"):
        says(world, "MPA", "agree_assessment")
    with refusal("not_the_seat"):
        says(world, "COA", "agree_assessment")
    actor = replace(world.actor("MPA", OWNER), role=Role.AUDITOR)
    with refusal("mandate"):
        assessing.rest_on_list(world.desk("MPA"), actor, world.record, {"list": "incident"})


def test_what_it_rests_on_is_shown_as_it_stands_now(world):
    """Changed since; recalled, to whom could have read it; taken off, it is gone."""
    (one,) = basis(world)
    assert (len(one.views), one.changed, one.recalled) == (1, False, False)
    world.clock.time += DAY
    desk, actor = world.desk("MOD"), world.actor("MOD", "cleared")
    base = say.current(desk, actor, world.fire)
    draft = replace(incident(to("MPA")), body={**base.value.body, "hurt": 3})
    with world.names.under("changed"):
        say.revise(desk, actor, world.fire, base.value.digest, draft)
    carry(world)
    assert [one.changed for one in basis(world)] == [True]
    recalled(world, world.fire)
    assert [(one.views, one.recalled) for one in basis(world)] == [((), True)]
    assessing.rest_no_longer(world.desk("MPA"), world.actor("MPA", OWNER), world.record, world.fire)
    assert basis(world) == []


def test_a_record_that_may_not_be_seen_reads_as_one_that_is_not_there(world):
    """It cannot be named, it is shown without a word of it, and nobody hears that it was
    recalled who could not have read it.
    """
    high = to("MPA", classification=HIGH)
    hidden = world.write("MOD", "hidden", replace(incident(), label=high), CLEARED)
    carry(world)
    for record in (hidden, uuid_of("nothing")):
        with refusal("basis_absent"):
            rests(world, record)
    old = say.current(world.desk("MPA"), world.actor("MPA", OWNER), world.record).value
    both = {**old.body, "rests_on": [hidden, uuid_of("nothing")]}
    draft = say.Draft(kind="assessment", body=both, label=old.label)
    with world.names.under("both"):
        say.revise(world.desk("MPA"), world.actor("MPA", OWNER), world.record, old.digest, draft)

    def told(position):
        return [
            (len(one.views), one.recalled, one.changed) for one in basis(world, "MPA", position)
        ]

    assert told(OWNER) == [(0, False, False)] * 2
    assert told(CLEARED) == [(1, False, False), (0, False, False)]
    recalled(world, hidden)
    assert told(OWNER) == [(0, False, False)] * 2
    assert told(CLEARED) == [(0, True, False), (0, False, False)]


def test_a_list_is_kept_as_it_was_asked_and_not_as_a_number(world):
    """A row is a kind, its filters and a time; it goes and is taken off by its place."""
    row = {"list": "incident", "asks": "severity=flash", "known_at": world.clock.time}
    desk, actor = world.desk("MPA"), world.actor("MPA", OWNER)
    assessing.rest_on_list(desk, actor, world.record, row)
    carry(world)
    assert lists_of(seen(world, "COA").value.body) == [row]
    assessing.rest_no_longer(desk, actor, world.record, "0")
    assert lists_of(seen(world).value.body) == []
    assert reference(world.fire) in {reference(one.record) for one in basis(world)}


def test_after_its_last_day_its_author_is_asked_for_a_new_one(world):
    """On the last day it is good and nothing rings; the day after both have changed."""
    assert is_good(BODY, "2020-12-24")
    assert not is_good(BODY, "2020-12-25")
    (asked,) = ASSESSMENT.puts(BODY)
    assert asked.due == day_moment("2020-12-25") - DAY // 2
    world.clock.time = asked.due
    assert attention.tick(world.desk("MPA")) > 0
    waits = attention.waiting(world.desk("MPA"), world.viewer("MPA", OWNER))
    assert "review" in [one.why for one in waits]
