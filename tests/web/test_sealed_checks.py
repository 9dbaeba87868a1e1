"""Sealed checks on pages: the counter, one key, the answer and whom to call; what the partner sees;
the commitment that the auditor opens.
"""

import re

import pytest

from tests.unit.test_sealed_checks import FAR, newest, plan, settle, world
from tests.web.pair import LANGUAGES, Screen, text_of, words

__all__ = ["world"]


def panel_of(screen, record, language):
    page = text_of(screen.get(f"/record/MPA/{record}", language))
    return re.search(
        r'<section class="panel stack" id="sealed-check">.*?</section>', page, re.DOTALL
    )[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_counter_to_the_agreed_change(world, language):
    """The page says how large the activity is and how many checks are left; one button asks; the
    answer stands there with its time and whom to call, and what was agreed is noted.
    """
    plan(world, "MOD", "theirs")
    ours = plan(world, "MPA", "ours")
    screen = Screen(world, "MPA", "duty-officer")
    before = panel_of(screen, ours, language)
    assert words("sealed.allowed", language).split("{")[0] in before
    assert 'data-key="k"' in before
    assert f'action="/sealed/{ours}/agreed"' not in before
    with world.names.under("ask"):
        asked = screen.post(f"/sealed/{ours}/ask", {"party": ["MOD"]}, language)
    assert asked.status_code == 302
    waiting = panel_of(screen, ours, language)
    assert words("sealed.state_waiting", language) in waiting
    assert 'data-key="k"' not in waiting
    again = screen.post(f"/sealed/{ours}/ask", {"party": ["MOD"]}, language)
    assert again.status_code == 422
    assert words("refused.sealed_waiting", language) in text_of(again)
    settle(world)
    told = panel_of(screen, ours, language)
    for key in ("sealed.state_overlap", "sealed.means_overlap", "sealed.call", "sealed.agree"):
        assert words(key, language) in told
    assert screen.post(f"/sealed/{ours}/agreed", {}, language).status_code == 302
    after = text_of(screen.get(f"/record/MPA/{ours}", language))
    assert words("state.agreed", language) in after


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sides_see_that_it_took_place_and_no_more(world, language):
    """The lists of both say when, who asked and that it was answered, and how many are left; none
    says for what or with which answer. The auditor opens the commitment from there.
    """
    ours = plan(world, "MPA", "ours", area=FAR, text="Along the canal")
    screen = Screen(world, "MPA", "duty-officer")
    with world.names.under("ask"):
        screen.post(f"/sealed/{ours}/ask", {"party": ["MOD"]}, language)
    settle(world)
    for party in ("MPA", "MOD"):
        listed = text_of(Screen(world, party, "duty-officer", "P-2").get("/sealed", language))
        assert words("sealed.took_answered", language) in listed
        assert "canal" not in listed
        assert words("sealed.state_clear", language) not in listed
        assert "/opened" not in listed
    auditor = Screen(world, "MPA", "auditor", "P-3")
    address = f"/sealed/{newest(world, ours).ref}/opened"
    assert address in text_of(auditor.get("/sealed", language))
    opened = text_of(auditor.get(address, language))
    assert words("sealed.fits", language) in opened
    assert newest(world, ours).commitment in opened
    assert screen.get(address, language).status_code == 403


def test_what_may_not_be_asked_has_no_button(world):
    """An activity that is too far ahead says why, and offers nothing that cannot finish; an open
    one has no such part, and neither has a reader who may not write.
    """
    far = plan(world, "MPA", "far", begins=world.clock.time + 40 * 86_400_000,
               until=world.clock.time + 40 * 86_400_000 + 3_600_000)  # fmt: skip
    openly = plan(world, "MPA", "openly", sealed="open")
    near = plan(world, "MPA", "near")
    screen = Screen(world, "MPA", "duty-officer")
    assert "<button" not in panel_of(screen, far, "en")
    assert "7 days" in panel_of(screen, far, "en")
    assert "sealed-check" not in text_of(screen.get(f"/record/MPA/{openly}"))
    assert "<button" not in panel_of(Screen(world, "MPA", "auditor", "P-3"), near, "en")
    assert screen.post(f"/sealed/{near}/ask", {}).status_code == 422
