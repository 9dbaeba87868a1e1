"""A request that changes after it was sent: who hears of it, who is asked no longer, what stays."""

import pytest

from tansiq.desk.cases import changing
from tansiq.desk.records import read, say
from tansiq.domain.places import place_named
from tansiq.policy.agreement import Follow
from tests.asking import ASKED, act, carry, case_at, rfi, stages, three_that_ask
from tests.world import HOUR, START, refusal, rule, to, worlds

LATER = START + 20 * HOUR


@pytest.fixture
def three():
    with three_that_ask() as world:
        yield world


def restated(world, record, *parties, kind="rfi", **body):
    """State a request anew, to these parties."""
    desk, actor = world.desk("MPA"), world.actor("MPA")
    old = say.current(desk, actor, record).value
    seats = [ASKED[party] for party in parties]
    draft = say.Draft(
        kind=kind, body={**old.body, "seats": seats, **body}, label=to(*parties), tear=old.tear
    )
    with world.names.under(f"restated {old.ordinal} {parties} {sorted(body)}"):
        changing.restate(desk, actor, record, old.digest, draft)
    carry(world)


def editions(world, party, record):
    """How many editions of the request this party holds."""
    desk = world.desk(party)
    return len(read.history(desk, world.viewer(party), "MPA", record))


def test_who_is_asked_no_longer_is_told_and_gets_nothing_more(three):
    """Its lane says that it was cancelled, what it holds stays as it was, and the others go on."""
    record = three.write("MPA", "asked", rfi("MOD", "COA"))
    carry(three)
    act(three, "COA", record, "accept", other="COA")
    restated(three, record, "MOD", needed_by=LATER)
    assert stages(three, "COA", record)[1] == {"COA": "cancelled"}
    assert stages(three, "MPA", record)[1] == {"COA": "cancelled", "MOD": "sent"}
    held = {party: case_at(three, party, record)[0].value for party in ("MOD", "COA")}
    assert held["MOD"].body["needed_by"] == LATER
    assert held["COA"].body["needed_by"] == START + 10 * HOUR
    restated(three, record, "MOD", text="Is the road open?")
    assert (editions(three, "MOD", record), editions(three, "COA", record)) == (3, 1)


def test_who_is_added_is_asked_and_nobody_else_hears_of_it(three):
    """A5: the party that was asked before reads the same, so that nothing goes to it."""
    record = three.write("MPA", "asked", rfi("MOD"))
    carry(three)
    restated(three, record, "MOD", "COA")
    assert stages(three, "COA", record)[1] == {"COA": "sent"}
    assert stages(three, "MOD", record)[1] == {"MOD": "sent"}
    assert (editions(three, "MOD", record), editions(three, "COA", record)) == (1, 1)


def test_what_was_still_to_go_to_who_is_asked_no_longer_stays_here():
    """A release that waits for a second person does not follow once its party is left out."""
    with worlds("MPA", "MOD", "COA") as world:
        for other in ("MOD", "COA"):
            rules = [
                rule(sender, f"Q-{sender}", kinds=frozenset({"rfi", "answer"}), approvers=1,
                     follow=Follow.WHOLE)
                for sender in ("MPA", other)
            ]  # fmt: skip
            world.agree("MPA", other, *rules)
        record = world.write("MPA", "asked", rfi("MOD", "COA"))
        for party in ("MOD", "COA"):
            world.release("MPA", record, party, "Q-MPA")
        restated(world, record, "MOD")
        waiting = read.awaiting(world.desk("MPA"), world.viewer("MPA"))
        assert [one.party for one in waiting] == ["MOD"]


def test_a_seat_stays_and_a_cancelled_lane_is_not_opened_again(three):
    """Another position of the same party, or the party that was left out, needs a new request."""
    record = three.write("MPA", "asked", rfi("MOD", "COA"))
    carry(three)
    with refusal("seat_settled"):
        restated(three, record, "MOD", "COA", seats=["MOD/adviser", ASKED["COA"]])
    restated(three, record, "MOD")
    with refusal("seat_over"):
        restated(three, record, "MOD", "COA")


def test_where_it_cannot_be_told_nobody_is_left_out(three):
    """Without an agreement in force no word goes there, and then the request stays as it is."""
    record = three.write("MPA", "asked", rfi("MOD", "COA"))
    carry(three)
    three.agree("MPA", "COA", rule("MPA", "I-MPA"), rule("COA", "I-COA"), version=2)
    before = say.current(three.desk("MPA"), three.actor("MPA"), record).value
    with refusal("no_rule"):
        restated(three, record, "MOD")
    assert say.current(three.desk("MPA"), three.actor("MPA"), record).value == before


def behind(world, party, record, other="MOD"):
    (lane,) = [one for one in case_at(world, party, record)[1].lanes if one.seat.party == other]
    return lane.behind


def test_an_answer_says_to_which_edition_it_was_given(three):
    """At both sides, until the seat has decided anew; whatever an edition changed for others."""
    record = three.write("MPA", "asked", rfi("MOD", "COA"))
    carry(three)
    act(three, "MOD", record, "answer")
    assert behind(three, "MPA", record) == 0
    restated(three, record, "MOD", "COA", needed_by=LATER)
    assert [behind(three, party, record) for party in ("MPA", "MOD")] == [1, 1]
    assert behind(three, "MPA", record, "COA") == 0
    act(three, "MPA", record, "ask_again")
    assert behind(three, "MOD", record) == 1
    act(three, "MOD", record, "partial")
    assert [behind(three, party, record) for party in ("MPA", "MOD")] == [0, 0]


def test_an_answer_that_crossed_a_new_edition_is_one_to_the_old(three):
    """What its author knew decides, not what had come where it is read."""
    record = three.write("MPA", "asked", rfi("MOD"))
    carry(three)
    act(three, "MOD", record, "answer", travels=False)
    restated(three, record, "MOD", needed_by=LATER)
    assert [behind(three, party, record) for party in ("MPA", "MOD")] == [1, 1]


NEED = {
    "sort": "transport", "text": "Two lorries", "priority": "routine", "needed_by": LATER,
    "amount": {"value": 2, "unit": "vehicle"},
}  # fmt: skip


def test_what_was_promised_upon_stays_and_the_rest_may_change(support):
    """The sort once it was sent, the amount once somebody promised; by when and why may change."""
    world, record = support
    with refusal("field_settled"):
        restated(world, record, "MOD", kind="support", sort="medical")
    more = {"value": 3, "unit": "vehicle"}
    restated(world, record, "MOD", kind="support", amount=more)
    act(world, "MOD", record, "approve")
    with refusal("field_settled"):
        restated(world, record, "MOD", kind="support", amount=NEED["amount"])
    restated(world, record, "MOD", kind="support", priority="urgent", reason="The road is cut")
    assert case_at(world, "MOD", record)[0].value.body["priority"] == "urgent"
    assert stages(world, "MOD", record)[1] == {"MOD": "approved"}


@pytest.fixture
def support():
    kinds = frozenset({"support", "support_note"})
    with worlds("MPA", "MOD", "COA") as world:
        for other in ("MOD", "COA"):
            rules = [
                rule(sender, f"S-{sender}", kinds=kinds, automatic=True, follow=Follow.WHOLE)
                for sender in ("MPA", other)
            ]
            world.agree("MPA", other, *rules)
        body = {**NEED, "place": place_named("Makhmour").to_json(), "seats": [ASKED["MOD"]]}
        draft = say.Draft(kind="support", body=body, label=to("MOD"))
        record = world.write("MPA", "need", draft)
        carry(world)
        yield world, record
