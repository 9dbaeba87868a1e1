"""Approval chains on pages: asked by the same keys, decided on the page of the case, and seen by
positions of the own party alone.
"""

import pytest

from tansiq.domain.cases import Before
from tests.chaining import FIRST, SECOND, chained, chains, need, promise, rounds, two_that_help
from tests.web.pair import LANGUAGES, Screen, text_of, words


@pytest.fixture
def world():
    """MPA's requests and MOD's promises are approved by two positions each."""
    with two_that_help() as found:
        chained(found, "MPA", *chains(FIRST, SECOND))
        chained(found, "MOD", *chains(FIRST, SECOND, before=Before.GIVING))
        yield found


def screen(world, party, position):
    return Screen(world, party, position, person=f"W-{position.upper()}")


def decide(world, party, position, record, decision, **form):
    newest = rounds(world, party, record)[-1]
    form = {"round": newest.id, "decision": decision, **form}
    return screen(world, party, position).post(f"/record/MPA/{record}/inward", form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chain_is_walked_from_the_list_to_the_page(world, language):
    """Whose turn it is sees it in the list of approvals and its badge, and decides on the page."""
    record = world.write("MPA", "need", need(world))
    first, second = (screen(world, "MPA", one) for one in (FIRST, SECOND))
    listed = text_of(first.get("/approvals", language))
    assert f'href="/record/MPA/{record}#inward-' in listed
    assert words("inward.asking", language) in listed
    assert f'href="/record/MPA/{record}#inward-' not in text_of(second.get("/approvals", language))
    page = text_of(first.get(f"/record/MPA/{record}", language))
    assert words("inward.title", language) in page
    assert 'value="approved"' in page
    assert 'value="approved"' not in text_of(second.get(f"/record/MPA/{record}", language))
    assert decide(world, "MPA", FIRST, record, "approved").status_code == 302
    assert 'value="approved"' in text_of(second.get(f"/record/MPA/{record}", language))
    assert decide(world, "MPA", SECOND, record, "approved").status_code == 302
    world.exchange("MPA", "MOD")
    theirs = text_of(Screen(world, "MOD", "liaison-officer").get(f"/record/MPA/{record}", language))
    assert words("inward.title", language) not in theirs


def test_a_rejection_without_a_reason_keeps_the_words(world):
    """The page says what is missing; with a reason it stands on the page for all of our own."""
    record = world.write("MPA", "need", need(world))
    answer = decide(world, "MPA", FIRST, record, "rejected", text="Ask the ministry first")
    assert answer.status_code == 422
    assert "Ask the ministry first" in text_of(answer)
    given = {"reason": "not_now", "text": "Ask the ministry first"}
    assert decide(world, "MPA", FIRST, record, "rejected", **given).status_code == 302
    page = text_of(screen(world, "MPA", SECOND).get(f"/record/MPA/{record}"))
    assert words("inward_reason.not_now") in page
    assert "Ask the ministry first" in page
    assert decide(world, "MPA", FIRST, record, "nonsense").status_code == 422


def test_a_promise_shows_what_would_leave(world):
    """The lines and the acts that the chain is asked for stand on the provider's page alone."""
    chained(world, "MPA")
    record = world.write("MPA", "need", need(world))
    world.exchange("MPA", "MOD")
    promise(world, record)
    page = text_of(screen(world, "MOD", FIRST).get(f"/record/MPA/{record}"))
    assert 'href="#inward-' in page[: page.index('id="inward"')]
    section = page[page.index('id="inward"') :]
    assert words("act.allot") in section
    assert "40" in section
    world.exchange("MPA", "MOD")
    theirs = text_of(Screen(world, "MPA", "duty-officer").get(f"/record/MPA/{record}"))
    assert 'id="inward"' not in theirs


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_administrator_sees_which_positions_approve(world, language):
    """The chains of the settings stand on the page of keys, and nothing of requests."""
    world.write("MPA", "need", need(world))
    page = text_of(screen(world, "MPA", "administrator").get("/links/keys", language))
    assert words("chain.title", language) in page
    assert words("chain.asking", language) in page
    assert "Masks" not in page
