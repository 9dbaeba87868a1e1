"""Agreements: read strictly, ordered carefully, in force for their time only."""

import pytest

from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode
from tansiq.policy.agreement import DAYS_MAX, DELAY_MAX, agreement_from_json
from tests.world import agreement_of

GOOD = agreement_of("MPA", "MOD", id="AG-9", version=3, begins=10, ends=20)


def changed(**terms):
    return {**GOOD.to_json(), **terms}


def ruled(**terms):
    first, *rest = GOOD.to_json()["rules"]
    return changed(rules=[{**first, **terms}, *rest])


def test_an_agreement_holds_from_its_begin_until_before_its_end():
    """The first moment counts, the last does not."""
    assert [GOOD.in_force(now) for now in (9, 10, 19, 20)] == [False, True, True, False]


def test_each_party_finds_the_other_and_the_rules_by_name():
    """An agreement knows its other side, and no rule that it does not hold."""
    assert GOOD.other(PartyCode("MPA")) == "MOD"
    assert GOOD.other(PartyCode("MOD")) == "MPA"
    assert GOOD.rule("R-MPA").sender == "MPA"
    assert GOOD.rule("R-0") is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        changed(type="card"),
        changed(id=""),
        changed(id="x" * 65),
        changed(version=-1),
        changed(version=True),
        changed(parties=["MPA"]),
        changed(parties=["MPA", "MPA"]),
        changed(parties=["MPA", "mod"]),
        changed(parties=7),
        changed(begins="now"),
        changed(ends=2**53 - 1),
        changed(clearance={"MPA": "secret"}),
        changed(clearance={"MPA": "secret", "MOD": "utmost"}),
        changed(clearance=[]),
        changed(held={"MPA": []}),
        changed(held={"MPA": ["everything"], "MOD": []}),
        changed(held={"MPA": "medical", "MOD": []}),
        changed(rules=[7]),
        changed(rules=[{}]),
        changed(rules=GOOD.to_json()["rules"] * 2),
        changed(rules=GOOD.to_json()["rules"] * 40),
        changed(parties=["MPA", "MOD"]),
        changed(more=1),
        changed(begins=5, ends=5),
        ruled(sender="COA"),
        ruled(automatic=1),
        ruled(second_person="no"),
        ruled(purpose="curiosity"),
        ruled(grain="mile"),
        ruled(onward="always"),
        ruled(class_max="utmost"),
        ruled(days=DAYS_MAX + 1),
        ruled(delay=DELAY_MAX + 1),
        ruled(kinds="incident"),
        ruled(kinds=["incident"] * 65),
        ruled(hide=[""]),
        ruled(more=1),
    ],
)
def test_a_malformed_agreement_is_refused(value):
    """Only the exact form is read, with two parties, known rules and known categories."""
    with pytest.raises(InputError):
        agreement_from_json(value)


def test_a_good_agreement_is_read_back():
    """What is written is read."""
    assert agreement_from_json(GOOD.to_json()) == GOOD
