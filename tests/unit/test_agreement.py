"""Agreements: read strictly, ordered carefully, in force for their time only."""

from dataclasses import replace

import pytest

from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode
from tansiq.policy.agreement import (
    DAYS_MAX,
    DELAY_MAX,
    Follow,
    agreement_from_json,
    governing,
    smallest,
    with_joined,
)
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
        ruled(facets=[]),
        ruled(facets={"category": []}),
        ruled(facets={"category": "fire"}),
        ruled(facets={"": ["fire"]}),
        ruled(facets={f"f{n}": ["x"] for n in range(7)}),
        ruled(facets={"category": ["fire", "attack"]}),
        ruled(stages="reported"),
        ruled(stages=["x" * 65]),
        ruled(follow="all"),
        ruled(follow=None),
        ruled(approvers=3),
        ruled(approvers=True),
        ruled(approvers=1, automatic=True),
        ruled(files="sometimes"),
        ruled(receipts="person"),
        ruled(receipts=[]),
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


def test_two_nodes_write_the_same_smallest_agreement():
    """Whoever begins, the text is the same, a good agreement, and lets go what saves a life."""
    text = smallest(PartyCode("MPA"), PartyCode("MOD"))
    assert text == smallest(PartyCode("MOD"), PartyCode("MPA"))
    assert text == agreement_from_json(text.to_json())
    assert (text.version, text.in_force(0), text.in_force(2**47)) == (0, True, True)
    assert {rule.purpose for rule in text.rules} == {"safety"}
    assert {kind for rule in text.rules for kind in rule.kinds} == {
        "crossing", "medevac", "safety_message",
    }  # fmt: skip
    assert all(rule.automatic and rule.follow is Follow.WHOLE for rule in text.rules)
    assert with_joined(text) is text


def test_the_rule_of_joining_stands_beside_every_later_text():
    """For each party that has no rule of its own for its kind, and for no other kind."""
    own = replace(GOOD.rules[0], name="OURS", kinds=frozenset({"safety_message"}))
    text = agreement_of("MPA", "MOD", own, version=7)
    asked = with_joined(text)
    assert asked.rule("OURS") == own
    assert asked.rule(f"SAFETY-{own.sender}") is None
    joined = [one for one in asked.rules if one not in text.rules]
    of_safety = [one.sender for one in joined if one.kinds == {"safety_message"}]
    assert of_safety == [text.other(own.sender)]
    assert len(joined) == 5
    assert replace(asked, rules=text.rules) == text


@pytest.mark.parametrize("name", ["SAFETY-MPA", "MEDEVAC-MPA", "CROSSING-MPA"])
@pytest.mark.parametrize("kinds", [["incident"], ["safety_message"]])
def test_the_names_of_the_rules_of_joining_are_kept_for_them(name, kinds):
    """Else a text could put another rule in the place of the one that both signed first."""
    with pytest.raises(InputError):
        agreement_from_json(ruled(name=name, kinds=kinds))


def test_an_agreement_that_begins_later_leaves_the_one_before_in_force():
    """Until its begin the old one is asked, from then on the new one, also past its end."""
    later = agreement_of("MPA", "MOD", id="AG-9", version=4, begins=15, ends=18)
    for now, version, holds in ((5, 3, False), (12, 3, True), (15, 4, True), (19, 4, False)):
        asked = governing([later, GOOD], now)
        assert (asked.version, asked.in_force(now)) == (version, holds)
    assert governing([], 12) is None
