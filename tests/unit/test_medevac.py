"""Medical evacuation at desks: asked of one party, then of another, told across a line by rule."""

from dataclasses import replace

import pytest

from tansiq.desk.cases import changing, taking
from tansiq.desk.operations import medevac, safety
from tansiq.desk.records import attention, read, say
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE
from tansiq.domain.kinds.operations.medevac import ANSWERED_WITHIN, MEDEVAC, kept
from tansiq.domain.operations.precedences import PRECEDENCES, minutes, table
from tansiq.domain.places import place_named
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, DAY, HOUR, START, refusal, rule, to, worlds

MINUTE = HOUR // 60
OTHERS = ("COA", "MOD")
BODY = {
    "place": place_named("Makhmour").to_json(), "contact": "Checkpoint commander", "channel": "3",
    "urgent": 1, "routine": 1, "litter": 1, "walking": 1, "reported": START,
}  # fmt: skip
LINE = {
    "code": "CL-M", "text": "Line Makhmour", "begins": START, "until": START + 90 * DAY,
    "terms": "Nobody passes without telling the other side",
    "area": {"shape": "corridor", "name": "Makhmour", "metres": 2_000, "grain": "exact",
             "positions": [[357_800_000, 435_800_000], [360_400_000, 433_900_000]]},
    "told_there": [{"party": "MPA"}, {"party": "MOD"}],
}  # fmt: skip


@pytest.fixture
def town():
    """MPA has agreed with two others: nothing but lines and lessons of what is not for a life."""
    with worlds("MPA", *OTHERS) as made:
        for other in OTHERS:
            made.agree("MPA", other, *(
                rule(one, f"L-{one}", kinds=frozenset({COORDINATION_LINE.name}), automatic=True,
                     follow=Follow.WHOLE)
                for one in ("MPA", other)
            ))  # fmt: skip
        yield made


def ask(town, party="MOD", **body):
    with town.names.under(f"ask {len(town.names.used)}"):
        record = medevac.request(town.desk("MPA"), town.actor("MPA"), {**BODY, **body}, party)
    met(town)
    return record


def met(town, minutes=0):
    town.clock.time += minutes * MINUTE
    for other in OTHERS:
        town.exchange("MPA", other)


def view(town, record, party="MPA"):
    return read.record(town.desk(party), town.viewer(party), "MPA", record)


def told(town, record, party="MPA"):
    actor = town.actor(party)
    return safety.tellings(town.desk(party), town.viewer(party), view(town, record, party), actor)


def stages(town, record):
    return {one.party: one.stage for one in told(town, record).value}


def step(town, record, party, name, after=0, **values):
    """Somebody of a party takes a step in its lane."""
    town.clock.time += after * MINUTE
    (lane,) = (one.lane for one in told(town, record, party).value if one.lane and one.lane.acts)
    wanted = taking.Wanted(
        owner="MPA", record=record, lane=lane.id, act=name, seen=lane.newest, values=values
    )
    with town.names.under(f"{name} {len(town.names.used)}"):
        taking.take(town.desk(party), town.actor(party), wanted)
    met(town)


def again(town, record, party):
    with town.names.under(f"again {len(town.names.used)}"):
        medevac.offer_again(town.desk("MPA"), town.actor("MPA"), record, party)
    met(town)


def raw(town, party):
    """All that a party ever got of MPA."""
    return b"".join(one.data or b"" for one in town.desk(party).store.scan("in/MPA"))


def rings(town, party="MOD"):
    desk = town.desk(party)
    attention.tick(desk)
    return attention.sounding(desk, town.viewer(party, "duty-officer")).number


def line(town, owner="MPA", **body):
    draft = say.Draft(
        kind=COORDINATION_LINE.name, body={**LINE, **body},
        label=to(*(OTHERS if owner == "MPA" else ("MPA",))),
    )  # fmt: skip
    record = town.write(owner, f"line {len(town.names.used)}", draft)
    met(town)
    return record


def crosses(town, record, party, of, name):
    with town.names.under(f"crosses {len(town.names.used)}"):
        return medevac.tell_crossing(
            town.desk(party), town.actor(party), "MPA", record, line=(of, name),
            crosses=START + HOUR, contact="Ambulance 4",
        )  # fmt: skip


def test_it_goes_at_once_and_each_step_is_stamped_by_who_says_it(town):
    """From the report to its end: minutes since it was reported, party and position of each."""
    record = ask(town, reported=START - 2 * MINUTE)
    assert rings(town)
    step(town, record, "MOD", "accept_evacuation", 1)
    step(town, record, "MOD", "set_off", 6)
    step(town, record, "MOD", "pick_up", 20)
    step(town, record, "MOD", "hand_over", 29, handed_to="hospital")
    step(town, record, "MPA", "close_evacuation", 2)
    assert view(town, record).value.state == "closed"
    for party in ("MPA", "MOD"):
        root = view(town, record, party)
        seen = medevac.stamps(
            town.desk(party), town.viewer(party), root, told(town, record, party).value
        )
        found = [(one.word.split(".")[-1], one.minutes, one.party) for one in seen.value]
        assert [one for one in found if one[0] != "receive"] == [
            ("reported", 0, "MPA"), ("requested", 2, "MPA"), ("accept_evacuation", 3, "MOD"),
            ("set_off", 9, "MOD"), ("pick_up", 29, "MOD"), ("hand_over", 58, "MOD"),
            ("close_evacuation", 60, "MPA"),
        ]  # fmt: skip
        assert {one.position for one in seen.value[2:]} <= {CLEARED, ""}


def test_who_declined_or_was_silent_never_learns_who_is_asked_next(town):
    """It reads that the request is cancelled there; the next one reads nothing of the first."""
    record = ask(town)
    step(town, record, "MOD", "decline_evacuation", 4, cannot="no_vehicle")
    assert view(town, record).value.state == "declined"
    again(town, record, "COA")
    assert stages(town, record) == {"MOD": "cancelled", "COA": "requested"}
    assert view(town, record).value.state == "requested"
    step(town, record, "COA", "accept_evacuation", 1)
    assert view(town, record).value.state == "accepted"
    assert b"COA" not in raw(town, "MOD")
    assert b"MOD" not in raw(town, "COA").replace(b"AG-COA-MOD", b"")
    with refusal("step_not_from_here"):
        again(town, record, "JCC")


def test_who_is_silent_is_asked_no_more_and_nobody_is_asked_twice(town):
    """A party that has not answered is taken out of it by the act that asks another."""
    record = ask(town)
    with refusal("seat_over"):
        again(town, record, "MOD")
    again(town, record, "COA")
    assert stages(town, record) == {"MOD": "cancelled", "COA": "requested"}
    assert [one.name for one in told(town, record, "MOD").value[0].lane.acts] == []


def test_five_minutes_without_an_answer_ring_on_both_sides(town):
    """The clock of the answer is that of the worst that is to be fetched."""
    record = ask(town)
    (lane,) = (one.lane for one in told(town, record).value)
    due = {one.clock.name: one.at for one in lane.coming}
    assert due["decision"] == START + 5 * MINUTE
    assert due["needed"] == START + 60 * MINUTE
    met(town, 6)
    for party in ("MPA", "MOD"):
        (lane,) = (one.lane for one in told(town, record, party).value)
        assert [one.clock.name for one in lane.rung] == ["decision"]
        assert rings(town, party)


def test_no_form_asks_somebody_else(town):
    """Who is asked is settled once somebody was: only the act of the room asks another."""
    record = ask(town)
    old = view(town, record).value
    draft = say.Draft(
        kind=old.kind, body={**old.body, "seats": ["COA/watch"]}, label=to("COA"), tear=old.tear
    )
    with refusal("field_settled"):
        changing.restate(town.desk("MPA"), town.actor("MPA"), record, old.digest, draft)


def test_the_second_part_comes_as_an_edition_and_the_deadline_follows_the_worst(town):
    """What a person wrote decides precedence and deadline, by the table that it carries."""
    record = ask(town, urgent=0, routine=2)
    assert view(town, record, "MOD").value.body["needed_by"] == START + 1_440 * MINUTE
    old = view(town, record).value
    body = {**old.body, "urgent": 1, "routine": 1, "security": "Quiet since noon", "children": 1}
    draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
    changing.restate(town.desk("MPA"), town.actor("MPA"), record, old.digest, draft)
    met(town)
    there = view(town, record, "MOD").value
    assert there.body["security"] == "Quiet since noon"
    assert (there.body["precedence"], there.body["needed_by"]) == ("urgent", START + HOUR)
    assert there.moment == START, "minutes count on from the report"


def test_a_crossing_is_told_by_rule_to_the_other_side_and_says_nothing_else(town):
    """Line, time, counts and whom to call: no place, no request, and nobody approves it."""
    record = ask(town, "COA")
    step(town, record, "COA", "accept_evacuation")
    drawn = line(town)
    notice = crosses(town, record, "MPA", "MPA", drawn)
    met(town)
    told_there = read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", notice).value
    assert told_there.body == {
        "text": "CL-M Line Makhmour", "crosses": START + HOUR, "litter": 1, "walking": 1,
        "contact": "Ambulance 4",
    }  # fmt: skip
    assert record.encode() not in raw(town, "MOD")
    (one,) = medevac.crossings(town.desk("MPA"), town.viewer("MPA"), view(town, record))
    assert (one.told, one.untold) == (("MOD",), ())
    with pytest.raises(InputError):
        read.record(town.desk("COA"), town.viewer("COA"), "MPA", notice)
    assert rings(town)


def test_who_fetches_tells_the_owner_of_a_line_that_it_holds(town):
    """What a line says of other parties does not leave its owner: the owner is told."""
    drawn = line(town)
    record = ask(town)
    with refusal("step_not_from_here"):
        crosses(town, record, "MOD", "MPA", drawn)
    step(town, record, "MOD", "accept_evacuation")
    notice = crosses(town, record, "MOD", "MPA", drawn)
    met(town)
    here = read.record(town.desk("MPA"), town.viewer("MPA"), "MOD", notice).value
    assert here.body["contact"] == "Ambulance 4"
    town.clock.time += 91 * DAY
    with refusal("record_absent"):
        crosses(town, record, "MOD", "MPA", drawn)


def test_an_incident_and_a_draft_review_come_of_it_by_one_act(town):
    """With who did what when; a second press makes nothing more, and another party makes none."""
    record = ask(town)
    step(town, record, "MOD", "accept_evacuation", 3)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with town.names.under("follow"):
        made = medevac.follow_up(desk, actor, record)
        assert medevac.follow_up(desk, actor, record) == made
    review = read.record(desk, town.viewer("MPA"), "MPA", made).value
    done = [row["done"] for row in review.body["timeline"]]
    assert done[0] == "reported"
    assert "accept_evacuation" in done
    incident = read.record(desk, town.viewer("MPA"), "MPA", review.body["incident"]).value
    assert (incident.body["hurt"], incident.body["severity"]) == (2, "flash")
    with refusal("record_absent"):
        medevac.follow_up(town.desk("MOD"), town.actor("MOD"), record)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"urgent": 0, "routine": 0}, "evacuation_nobody"),
        ({"walking": 2}, "evacuation_counts"),
        ({"children": 2, "civilians": 1}, "evacuation_of_whom"),
    ],
)
def test_counts_that_contradict_one_another_are_refused(body, code):
    """Who drives must know for how many to bring what."""
    with refusal(code):
        MEDEVAC.check(kept({}, {**BODY, "seats": ["MOD/watch"], **body}))


def test_a_centre_counts_by_its_own_minutes(town):
    """The table is data; what the settings of a centre say goes before it, for its own requests."""
    assert list(minutes()) == list(PRECEDENCES)
    assert len(ANSWERED_WITHIN) == len(PRECEDENCES)
    desk = town.desk("MPA")
    desk.identity = replace(desk.identity, evacuation_minutes={"urgent": 90})
    record = ask(town)
    there = view(town, record, "MOD").value.body
    assert there["table"] == table({"urgent": 90})
    assert there["needed_by"] == START + 90 * MINUTE


def test_no_field_is_for_a_person(town):
    """Counts alone: no field holds a name or a finding, and no file goes along."""
    for kind in map(kind_named, ("medevac", "crossing")):
        assert not {"name", "names", "patient", "attachments"} & {one.name for one in kind.fields}
