"""A circle on the page of its record: rounds, answers, and what the owner says, in its words."""

import pytest

from tansiq.desk.records import say
from tansiq.domain.kinds import KINDS
from tansiq.domain.wording import LANGUAGES, Text, catalogue
from tests.circling import NAME, PLANTED, act, carry, opened, three_members
from tests.web.pair import Screen, text_of, words
from tests.world import to

PLANTED_WORDS = {
    f"kind.{NAME}": Text("Proof", "إثبات", "بەڵگە"),
    "did.verify": Text("Looked and agrees", "نظر ووافق", "سەیری کرد و هاوڕایە"),
    "state.proposed": Text("Proposed", "مقترح", "پێشنیارکراو"),
    "state.asked": Text("Asked", "سُئل", "پرسراو"),
    "state.concluded": Text("Concluded", "خُلص إليه", "ئەنجامدراو"),
    "value.finding": Text("Finding", "النتيجة", "ئەنجام"),
}


@pytest.fixture
def town(monkeypatch):
    """A round that one of two has answered, and its owner's finding."""
    monkeypatch.setitem(KINDS, NAME, PLANTED)
    for key, text in PLANTED_WORDS.items():
        monkeypatch.setitem(catalogue(), key, text)
    with three_members() as world:
        record = opened(world, "MOD", "COA")
        carry(world)
        act(world, "COA", record, "verify")
        carry(world)
        act(world, "MPA", record, "conclude", values={"finding": "verified"})
        carry(world)
        yield world, record


@pytest.mark.parametrize("party", ["MPA", "MOD", "COA"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_answer_reads_nothing_in_hand_and_the_owner_is_named(town, party, language):
    """Each member reads the same: who answered, for whom nothing is in hand, and who says what."""
    world, record = town
    text = text_of(Screen(world, party, "cleared").get(f"/record/MPA/{record}", language))
    assert PLANTED_WORDS["did.verify"].of(language) in text
    assert text.count(words("circle.nothing_in_hand", language)) == 1
    says = words("circle.says", language).partition("{party}")[2]
    assert says in text
    assert text.index(says) < text.index("verified")


def test_a_circle_without_a_round_says_so(town):
    """Before the first round there is nobody to wait for."""
    world, _ = town
    with world.names.under("another"):
        record = _written(world)
    text = text_of(Screen(world, "MPA", "cleared").get(f"/record/MPA/{record}"))
    assert words("circle.no_round") in text


def _written(world):
    draft = say.Draft(kind=NAME, body={"text": "Nobody asked"}, label=to())
    return say.write(world.desk("MPA"), world.actor("MPA"), draft)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_member_adds_to_an_act_is_not_shown(town, language):
    """An answer and a finding with values that no act declares: the page shows the others."""
    world, record = town
    act(world, "COA", record, "verify", values={"odd": 5, "finding": 7})
    odd = {"finding": "verified", "odd": ("COA/other-seat",)}
    act(world, "MPA", record, "conclude", values=odd)
    carry(world)
    text = text_of(Screen(world, "MOD", "cleared").get(f"/record/MPA/{record}", language))
    assert PLANTED_WORDS["did.verify"].of(language) in text
    assert "COA/other-seat" not in text
