"""A circle on the page of its record: rounds, answers, and what the owner says, in its words."""

import re
from dataclasses import replace

import pytest

from tansiq.desk.records import read, say
from tansiq.domain.kinds import KINDS
from tansiq.domain.wording import LANGUAGES, catalogue
from tests import world as worlds
from tests.circling import (
    NAME,
    PAIRS,
    PLANTED,
    PLANTED_WORDS,
    act,
    answers,
    carry,
    circle,
    opened,
    passing,
    three_members,
)
from tests.web.pair import Screen, text_of, words
from tests.world import CLEARED, to

GRADE = {"grade-r": "B", "grade-c": "2"}


@pytest.fixture
def monkeypatch():
    """As pytest's own: a planted fault makes the fixtures of this module by itself."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_circle_is_acted_in_on_its_records_page(town, language):
    """The owner opens a round and names seats, a seat answers, the owner refuses and concludes: by
    the forms that the page offers to each, and to nobody else.
    """
    world, _ = town
    with world.names.under(f"posted {language}"):
        draft = say.Draft(kind=NAME, body={"text": "Whose fire?"}, label=to("MOD", "COA"))
        record = say.write(world.desk("MPA"), world.actor("MPA"), draft)
    for party in ("MOD", "COA"):
        world.release("MPA", record, party, "V-MPA")
    carry(world)
    owner, seat = (Screen(world, party, "cleared") for party in ("MPA", "MOD"))
    page = f"/record/MPA/{record}"
    assert f'value="MPA/{CLEARED}"' in text_of(owner.get(page, language))
    assert 'name="act" value="verify"' not in text_of(seat.get(page, language))
    nobody = post(owner, page, language, act="ask")
    assert nobody.status_code == 422
    assert words("value.seats", language) in text_of(nobody)
    asked = post(owner, page, language, act="ask", **{"v-seats": [f"MOD/{CLEARED}"]})
    assert asked.status_code == 302
    carry(world)
    assert 'name="act" value="conclude"' not in text_of(seat.get(page, language))
    assert post(seat, page, language, act="verify").status_code == 302
    denied = post(seat, page, language, act="conclude", **{"v-finding": "good"})
    assert denied.status_code == 422
    assert words("refused.mandate", language) in text_of(denied)
    carry(world)
    answer = circle(world, "MPA", record).rounds[-1].seats[0].answer
    shown = text_of(owner.get(page, language))
    assert words("act.refuse", language) in shown
    refused = post(owner, page, language, act="refuse", of=answer.step, **{"v-author": "MOD"})
    assert refused.status_code == 302
    done = post(owner, page, language, act="conclude", **{"v-finding": "not_verified"})
    assert done.status_code == 302
    carry(world)
    assert answers(world, "MOD", record) == ({f"MOD/{CLEARED}": None}, "not_verified")


def post(screen, page, language, **form):
    """Post to the circle of a page, with what it showed as seen."""
    shown = text_of(screen.get(page, language))
    seen = dict.fromkeys(re.findall(r'name="seen" value="([^"]+)"', shown))
    return screen.post(f"{page}/circle", {"seen": list(seen), **form}, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_go_beside_a_step_of_a_circle(town, monkeypatch, language):
    """A seat says why it doubts, and its words reach the owner; the owner's reach all members; each
    stands beside its step, and an act without words is taken as before.
    """
    world, record = town
    worded = replace(
        PLANTED,
        case=replace(
            PLANTED.case,
            acts=tuple(
                replace(one, beside="answer") if one.name in ("doubt", "conclude") else one
                for one in PLANTED.case.acts
            ),
        ),
    )
    monkeypatch.setitem(KINDS, NAME, worded)
    page = f"/record/MPA/{record}"
    seat = Screen(world, "MOD", "cleared")
    assert 'name="text"' in text_of(seat.get(page, language))
    kept = post(seat, page, language, act="doubt", text="No fragments", **GRADE)
    assert kept.status_code == 422  # no rule lets words go
    assert "No fragments" in text_of(kept)
    for one, other in PAIRS:
        rules = [passing(sender) for sender in (one, other)]
        replies = [worlds.replies(sender, f"A-{sender}") for sender in (one, other)]
        world.agree(one, other, *rules, *replies, version=2)
    sent = post(seat, page, language, act="doubt", text="No fragments", **GRADE)
    assert sent.status_code == 302
    carry(world)
    post(Screen(world, "MPA", "cleared"), page, language, act="conclude", text="They are ours",
         **GRADE, **{"v-finding": "good"})  # fmt: skip
    carry(world)
    held = read.count(world.desk("COA"), world.viewer("COA"), read.Query(kinds=("answer",)))
    assert held == 1  # the owner's
    for party, doubted in (("MPA", 1), ("MOD", 1), ("COA", 0)):
        text = text_of(Screen(world, party, "cleared").get(page, language))
        assert text.count("No fragments") == doubted
        assert text.count("They are ours") == 1
        assert 'class="reply"' not in text  # beside its step, in no other place
    assert post(Screen(world, "COA", "cleared"), page, language, act="verify").status_code == 302
