"""Parties, positions, errors and labels: the small values that everything is made of."""

import pytest

from tansiq.domain.errors import BreachError, Granted, InputError, Refused, RefusedError
from tansiq.domain.labels import CATEGORIES, Label, Onward, audience_of, join, label_from_json
from tansiq.domain.parties import (
    Classification,
    PartyCode,
    party_code,
    position_code,
    roster_number,
)
from tansiq.domain.records import actor_from_json
from tests.world import refusal


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (party_code, ["MPA", "AB", "ABCDEFGH"], ["A", "mpa", "ABCDEFGHI", "M PA", "МРА", 7, None]),
        (position_code, ["duty-officer", "a1"], ["a", "1a", "Duty", "a_b", "a" * 33, "", None]),
        (roster_number, ["P-1", "07", "AB-12"], ["p-1", "-1", "A", "A" * 25, "Ali Hassan", 7]),
    ],
)
def test_codes_have_one_form(check, good, bad):
    """A code that is read aloud or stands in a log's name has its one form."""
    assert [check(value) for value in good] == good
    for value in bad:
        with pytest.raises(InputError):
            check(value)


def test_classes_and_onward_rules_are_ordered():
    """Open is lowest; passing nothing on is strictest."""
    assert [level.rank for level in Classification] == [0, 1, 2, 3]
    assert Classification.OPEN.rank < Classification.SECRET.rank
    assert Onward.NONE.rank < Onward.WITHIN.rank < Onward.FREE.rank


def test_a_refusal_is_false_and_a_grant_is_true():
    """Both are decisions with words, and neither is an error until somebody insists."""
    assert not Refused("mandate")
    assert Granted("by_rule", {"rule": "R-1"})
    assert "R-1" in Granted("by_rule", {"rule": "R-1"}).text("ar")
    error = RefusedError(Refused("mandate"))
    assert str(error) == Refused("mandate").text("en")
    assert error.text("ckb") == Refused("mandate").text("ckb")
    assert str(InputError("field_required", field="text")).endswith("Field: text")
    assert issubclass(BreachError, Exception)


@pytest.mark.parametrize(
    "change",
    [
        {"policy": 7},
        {"policy": "x" * 401},
        {"class": "utmost"},
        {"class": []},
        {"audience": {}},
        {"audience": ["MPA"]},
        {"audience": [[]] * 33},
        {"categories": "medical"},
        {"categories": [""]},
        {"caveats": ["x" * 401]},
        {"caveats": [1]},
        {"onward": "always"},
        {"embargo": -1},
        {"embargo": True},
        {"expires": 2**53 - 1},
        {"more": 1},
    ],
)
def test_a_malformed_label_is_refused(change):
    """Only the exact form is read."""
    with refusal("label_form"):
        label_from_json({**Label().to_json(), **change})
    for value in (None, [], "x"):
        with refusal("label_form"):
            label_from_json(value)


def test_an_audience_of_nobody_is_written_and_read_as_nobody():
    """The explicit empty set survives the wire and stays empty."""
    assert audience_of() == ()
    closed = join([Label(audience=audience_of(PartyCode("MPA"))), Label()])
    assert frozenset() in closed.audience
    assert label_from_json(closed.to_json()) == closed
    assert closed.readers() == frozenset()


def test_a_join_takes_the_strictest_of_everything():
    """Highest class, all categories and caveats, strictest onward, latest begin, earliest end."""
    one = Label(classification=Classification.OPEN, categories=frozenset({"medical"}),
                onward=Onward.FREE, embargo=5, expires=0)  # fmt: skip
    two = Label(classification=Classification.SECRET, caveats=frozenset({"exercise"}),
                onward=Onward.WITHIN, embargo=3, expires=9)  # fmt: skip
    both = join([one, two])
    assert both.classification is Classification.SECRET
    assert (both.categories, both.caveats) == (one.categories, two.caveats)
    assert (both.onward, both.embargo, both.expires) == (Onward.WITHIN, 5, 9)
    assert both.categories <= CATEGORIES


def test_who_did_an_act_has_a_known_role():
    """An unknown role is no actor."""
    with refusal("actor_form"):
        actor_from_json({"party": "MPA", "position": "desk", "role": "king", "person": "P-1"})
