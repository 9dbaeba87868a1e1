"""Whom a request asks: the choice of seats on its forms."""

import re
from dataclasses import replace

import pytest

from tansiq.desk.trust import partners
from tansiq.domain.wording import Text
from tansiq.log.cards import CardPosition
from tests import world as worlds
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.web.test_requests import INCIDENTS, QUESTION, RULES, ask
from tests.world import CLEARED, incident, to


@pytest.fixture
def world():
    with worlds.worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *RULES, INCIDENTS)
        yield made


@pytest.fixture
def asker(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture
def posts(monkeypatch):
    """Partners whose cards name the positions of a ministry."""
    listed, codes = (
        partners.partners,
        ("duty-officer", "liaison-officer", "auditor", "administrator"),
    )
    places = tuple(CardPosition(code=code, names=Text(code, code, code)) for code in codes)
    monkeypatch.setattr(
        partners, "partners",
        lambda desk: [replace(k, card=replace(k.card, positions=places)) for k in listed(desk)],
    )  # fmt: skip


@pytest.mark.usefixtures("posts")
def test_a_form_that_comes_back_asks_nobody_who_was_not_asked(asker):
    """A party that was left out stays left out: an error elsewhere chooses no position for it."""
    answer = asker.post("/requests/new", {**QUESTION, "seats-MOD": "", "needed_by": ""}, "en")
    assert answer.status_code == 422
    assert " selected" not in seats_of(answer, "MOD")
    answer = asker.post("/requests/new", {**QUESTION, "needed_by": ""}, "en")
    assert re.findall(r'value="([^"]*)" selected', seats_of(answer, "MOD")) == ["liaison-officer"]


@pytest.mark.usefixtures("posts")
def test_only_positions_that_act_for_a_party_can_be_asked(asker):
    """Administrators and auditors of a partner are not offered as seats."""
    offered = re.findall(r'value="([^"]*)"', seats_of(asker.get("/requests/new"), "MOD"))
    assert "liaison-officer" in offered
    assert not {"administrator", "auditor"} & set(offered)


def seats_of(answer, party):
    """The choice of a position of that party on the form that asks."""
    choice = rf'<select[^>]* name="seats-{party}".*?</select>'
    return re.search(choice, text_of(answer), re.DOTALL)[0]


@pytest.mark.usefixtures("posts")
def test_d4_who_asks_about_a_record_chooses_whom_to_ask(world, asker):
    """Nobody is asked who was not chosen, not even the owner of the record."""
    record = world.write("MOD", "fire", incident(to("MPA"), text="Fire near the mill"))
    world.release("MOD", record, "MPA", "I-MOD")
    world.exchange("MPA", "MOD")
    form = asker.get(f"/requests/new?about=MOD/{record}")
    assert " selected" not in seats_of(form, "MOD")


@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_editing_a_request_keeps_whom_it_asks(world, asker, language):
    """Also where the partner's card names the position no more: what was not touched stays."""
    record = ask(world, asker)
    page = asker.get(f"/record/MPA/{record}/edit", language)
    kept = re.findall(r'value="([^"]*)" selected', seats_of(page, "MOD"))
    assert kept == ["liaison-officer"]
    assert words("seats.no_positions", language) in text_of(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("posts")
def test_a_form_says_why_a_party_cannot_be_asked(language):
    """Without an agreement in force nothing of a request could leave: it is not offered, and the
    form says so; a party that can be asked has no such words.
    """
    with agreed() as made:
        page = Screen(made, "MPA", CLEARED).get("/requests/new", language)
    text = text_of(page)
    assert 'name="seats-JCC"' not in text
    assert text.count(words("seats.no_agreement", language)) == 1
    assert "liaison-officer" in seats_of(page, "MOD")
