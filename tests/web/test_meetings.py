"""Meetings of plans on pages: opened from what an activity meets, proposed, agreed to, settled."""

import re
from dataclasses import replace

import pytest

from tansiq.desk.trust import partners
from tests.activities import planned
from tests.meetings import WINDOW, apart
from tests.web.pair import KEY, LANGUAGES, Screen, text_of
from tests.world import POSITIONS

ID = r"[0-9a-f-]{36}"


@pytest.fixture(scope="module")
def world():
    """MOD and MPA have filed plans that meet; cards name their positions."""
    listed = partners.partners

    def named(desk):
        return [replace(k, card=replace(k.card, positions=POSITIONS)) for k in listed(desk)]

    with pytest.MonkeyPatch.context() as patch, apart() as made:
        patch.setattr(partners, "partners", named)
        yield made


def screens(world):
    return Screen(world, "MOD", "duty-officer"), Screen(world, "MPA", "duty-officer", "P-2")


def filed(world, language):
    with_text = {"MOD": "Water tankers", "MPA": "Survey of wells"}
    found = {
        party: world.write(
            party, f"{language} {party}", planned(*({"MOD", "MPA"} - {party}), text=text, **WINDOW)
        )
        for party, text in with_text.items()
    }
    world.exchange("MOD", "MPA")
    return found


def page(screen, address, language):
    text = text_of(screen.get(address, language))
    assert not KEY.search(text), KEY.search(text)
    return text


def hidden(text, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meeting_from_the_key_to_both_plans_agreed(world, language):
    """The side whose code comes first opens it from its activity's page; the other is told who
    opens it and may call until then; what is agreed stands on both pages, and in both lists.
    """
    ours, theirs = screens(world)
    plans = filed(world, language)
    first, second = (f"/record/{party}/{plans[party]}" for party in ("MOD", "MPA"))
    told = page(theirs, second, language)
    assert "data-who-opens" in told
    assert 'id="call-' in told
    assert "/meetings/open/" not in told
    mine = page(ours, first, language)
    at = mine.index(f'value="MPA/{plans["MPA"]}"')
    form = mine[mine.rindex("<form", 0, at) : mine.index("</form>", at)]
    given = {name: hidden(form, name)[0] for name in ("other", "ours", "theirs")}
    answer = ours.post(f"/meetings/open/{plans['MOD']}", {**given, "ours": "0" * 64}, language)
    assert answer.status_code == 422
    answer = ours.post(f"/meetings/open/{plans['MOD']}", given, language)
    assert answer.status_code == 302, text_of(answer)
    record = re.search(ID, answer["Location"])[0]
    world.exchange("MOD", "MPA")
    at, to = f"/record/MOD/{record}", f"/meetings/MOD/{record}"
    for screen, own in ((ours, first), (theirs, second)):
        assert f'href="{at}"' in page(screen, own, language)
        assert "Water tankers" in page(screen, at, language)
        for more in ("?view=board", "?view=calendar", "?view=timeline"):
            assert f"/{record}" in page(screen, f"/meetings{more}", language)
    shown = page(theirs, at, language)
    bad = {"seen": hidden(shown, "seen")[0], "way": "contact_plan", "text": "Radio 4"}
    assert theirs.post(f"{to}/propose", bad, language).status_code == 422
    plan = {**bad, "seats": ["MOD/duty-officer", "MPA/liaison-officer"],
            "call_at": "2020-12-20 15:00"}  # fmt: skip
    answer = theirs.post(f"{to}/propose", plan, language)
    assert answer.status_code == 302, text_of(answer)
    world.exchange("MOD", "MPA")
    shown = page(ours, at, language)
    assert "Radio 4" in shown
    seen = {"seen": hidden(shown, "seen")[0]}
    assert theirs.post(f"{to}/agree", seen, language).status_code != 302
    assert ours.post(f"{to}/agree", seen, language).status_code == 302
    world.exchange("MOD", "MPA")
    assert ours.post(f"{to}/agree", seen, language).status_code == 422
    assert theirs.post(f"{to}/settle", {}, language).status_code == 302
    for screen, own in ((ours, first), (theirs, second)):
        assert "meeting_agreed" not in page(screen, at, language)
        assert "tag-ok" in page(screen, own, language)
    world.exchange("MOD", "MPA")
