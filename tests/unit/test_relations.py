"""How a position stands to a case, and what that lets it do: seats, not only roles."""

import pytest

from tansiq.domain.cases import Side
from tansiq.domain.kinds.requests.rfi import CASE
from tansiq.domain.parties import Position, Relation, Role
from tansiq.domain.wording import Text
from tansiq.policy import mandate


def place(code, role, deputy=""):
    return Position(code=code, role=role, names=Text("x", "x", "x"), deputy=deputy)


SENIOR = place("senior", Role.SENIOR_DUTY_OFFICER)
DESK = place("desk", Role.SUPPORT_DESK, deputy="adviser")
ADVISER = place("adviser", Role.ADVISER)
DUTY = place("duty", Role.DUTY_OFFICER)
AUDITOR = place("auditor", Role.AUDITOR)
ALL = (SENIOR, DESK, ADVISER, DUTY, AUDITOR)
ASKED = ("desk",)


def relations(position, positions=ALL, asked=ASKED, side=Side.SEAT):
    return mandate.relations(CASE, side, position, asked, positions)


def may(act, position, positions=ALL, asked=ASKED):
    return mandate.may_act(CASE.act(act), position, relations(position, positions, asked))


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (SENIOR, {Relation.LEAD}),
        (DESK, {Relation.ADDRESSEE}),
        (ADVISER, {Relation.DEPUTY}),
        (DUTY, set()),
        (AUDITOR, set()),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_a_position_stands_to_the_seat_that_is_asked(position, expected):
    """It is the one that is asked, its deputy, who leads the watch, or none of them."""
    assert expected == relations(position)


def test_at_the_party_whose_request_it_is_every_position_is_the_owner():
    """No position of the owner's is asked."""
    assert {Relation.OWNER} == relations(DUTY, side=Side.OWNER)


def test_who_leads_the_watch_is_the_highest_that_the_party_has():
    """Without a senior duty officer the duty officer leads, without one the liaison officer."""
    liaison = place("liaison", Role.LIAISON_OFFICER)
    assert {Relation.LEAD} == relations(DUTY, (DUTY, liaison))
    assert {Relation.LEAD} == relations(liaison, (liaison, AUDITOR))
    assert not relations(liaison, (DUTY, liaison))


def test_a_seat_that_is_no_more_leaves_the_act_to_who_leads_the_watch():
    """A request is never nobody's."""
    assert may("answer", SENIOR, asked=("gone",))
    assert not may("answer", DESK, asked=("gone",))


@pytest.mark.parametrize("act", ["accept", "answer", "partial", "no_information", "decline"])
def test_to_answer_is_for_the_seat_its_deputy_and_who_leads(act):
    """Another watch officer is refused, and told whose act it is."""
    assert all(may(act, one) for one in (DESK, ADVISER, SENIOR))
    assert "not_the_seat" == may(act, DUTY).code
    assert "mandate" == may(act, AUDITOR).code


def test_to_receive_is_for_any_watch_officer():
    """To say that it came binds nobody."""
    assert all(may("receive", one) for one in (DESK, ADVISER, SENIOR, DUTY))
    assert not may("receive", AUDITOR)


def test_a_relation_gives_no_role():
    """Who may not answer by the role does not become able by being asked."""
    assert not may("answer", AUDITOR, asked=("auditor",))
