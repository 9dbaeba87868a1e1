"""Medical evacuation on pages: the short form with its table, minutes that count on, the timeline,
another party, and the other side of a line.
"""

import re

import pytest

from tansiq.desk.records import say
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE
from tansiq.policy.agreement import Follow
from tests.unit.test_medevac import LINE
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import HOUR, rule, to, worlds

OTHERS = ("COA", "MOD")
FORM = {
    "to": "MOD", "place-name": "Makhmour", "contact": "Checkpoint commander", "channel": "3",
    "urgent": "2", "litter": "1", "walking": "1", "reported": "2020-12-20 13:58",
}  # fmt: skip


@pytest.fixture
def world():
    with worlds("MPA", *OTHERS) as made:
        for other in OTHERS:
            made.agree("MPA", other, rule(
                "MPA", f"L-{other}", kinds=frozenset({COORDINATION_LINE.name}), automatic=True,
                follow=Follow.WHOLE,
            ))  # fmt: skip
        yield made


@pytest.fixture
def owner(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture
def there(world):
    return Screen(world, "MOD", "duty-officer", "P-2")


def ask(world, screen, **form):
    answer = screen.post("/medevac/new", {**FORM, **form})
    assert answer.status_code == 302, text_of(answer)
    met(world)
    return re.fullmatch(r"/record/MPA/([0-9a-f-]+)", answer["Location"])[1]


def met(world):
    for other in OTHERS:
        world.exchange("MPA", other)


def page_of(screen, record, language="en"):
    page = text_of(screen.get(f"/record/MPA/{record}", language))
    assert not KEY.search(page)
    return page


def act(world, screen, record, name, **values):
    """Press the button of an act in the one lane that has it."""
    page = page_of(screen, record)
    form = next(
        one for one in re.findall(r"<form.*?</form>", page, re.DOTALL)
        if f'name="act" value="{name}"' in one
    )  # fmt: skip
    to_ = re.search(r'action="([^"]+)"', form)[1]
    seen = re.findall(r'name="seen" value="([^"]+)"', form)
    given = {f"v-{key}": value for key, value in values.items()}
    answer = screen.post(to_, {"act": name, "seen": seen, **given})
    assert answer.status_code == 302, text_of(answer)
    met(world)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_prints_its_table_and_chooses_nobody(world, owner, there, language):
    """With what an hour is for each precedence, and that too much haste takes a vehicle away; the
    list of who is asked counts minutes since the report, and a file has the moment.
    """
    form = text_of(owner.get("/medevac/new", language))
    assert words("medevac.over", language) in form
    assert form.count("1,440") == 1
    assert not re.search(r'name="to"[^>]*checked', form)
    assert 'data-key="F7"' in text_of(owner.get("/log", language))
    record = ask(world, owner)
    page = page_of(there, record, language)
    assert words("act.accept_evacuation", language) in page
    assert "data-since" in page
    world.clock.time += HOUR // 6
    for address in ("/medevac", "/medevac?view=board"):
        listed = text_of(there.get(address, language))
        assert re.search(r'data-since="\d+"><bdi[^>]*>\d+<', listed), address
    assert "data-since" not in text_of(there.get("/medevac.csv", language))
    assert text_of(there.get(f"/record/MPA/{record}/print", language))


def test_what_was_typed_is_shown_again(world, owner):
    """Nobody chosen, and counts that contradict one another: nothing is sent or lost."""
    for changed in ({"to": ""}, {"to": "JCC"}, {"walking": "4"}, {"urgent": ""}):
        again = owner.post("/medevac/new", {**FORM, **changed})
        assert again.status_code == 422
        assert 'value="Checkpoint commander"' in text_of(again)


def test_it_is_taken_offered_again_and_closed_on_pages(world, owner, there):
    """Declined by one, asked of another by its own form, and followed to the end by its buttons."""
    record = ask(world, owner)
    assert 'id="offer"' not in page_of(there, record)
    act(world, there, record, "decline_evacuation", cannot="too_far")
    page = page_of(owner, record)
    assert words("choice.cannot.too_far", "en") in page
    assert owner.post(f"/medevac/{record}/offer", {"to": "MOD"}).status_code == 422
    assert owner.post(f"/medevac/{record}/offer", {"to": "COA"}).status_code == 302
    met(world)
    coa = Screen(world, "COA", "duty-officer", "P-3")
    for name, values in (
        ("accept_evacuation", {}), ("set_off", {}), ("pick_up", {}),
        ("hand_over", {"handed_to": "clinic"}),
    ):  # fmt: skip
        act(world, coa, record, name, **values)
    act(world, owner, record, "close_evacuation")
    page = page_of(owner, record)
    for word in ("did.decline_evacuation", "did.pick_up", "did.close_evacuation"):
        assert words(word, "en") in page
    assert "COA" not in page_of(there, record)
    assert "data-since" not in page
    assert "data-since" not in text_of(owner.get("/medevac?tab=all"))
    followed = owner.post(f"/medevac/{record}/follow-up", {})
    assert followed.status_code == 302
    assert text_of(owner.get(followed["Location"]))


def test_a_line_that_is_crossed_is_told_from_the_page(world, owner, there):
    """Once it is on the way; a form without a line is shown again with what was typed."""
    draft = say.Draft(kind=COORDINATION_LINE.name, body=LINE, label=to(*OTHERS))
    line = world.write("MPA", "line", draft)
    record = ask(world, owner)
    assert "tell-crossing" not in page_of(there, record)
    act(world, there, record, "accept_evacuation")
    assert "tell-crossing" in page_of(there, record)
    told = {"line": f"MPA/{line}", "crosses": "2020-12-20 15:00", "contact": "Ambulance 4"}
    at = f"/medevac/MPA/{record}/crossing"
    again = there.post(at, {**told, "line": ""})
    assert again.status_code == 422
    assert 'value="Ambulance 4"' in text_of(again)
    assert there.post(at, told).status_code == 302
    met(world)
    assert "CL-M Line Makhmour" in page_of(there, record)
    assert "CL-M Line Makhmour" in text_of(owner.get("/inbox"))
