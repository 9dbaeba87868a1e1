"""A plan of a partner that meets one of ours, on the bar of every page and on the watch's page."""

import pytest

from tansiq.desk.records import attention
from tests.unit.test_checking import draft, told, world
from tests.web.pair import LANGUAGES, Screen, text_of, words

__all__ = ["world"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_says_which_plan_comes_near_and_how_near(world, language):
    """Whoever planned reads whose plan it is, its reference, and the metres and minutes between; of
    one that overlaps, that it does.
    """
    world.write("MPA", "own", draft(0), position="duty-officer")
    told(world, "near", 1_400.5, hours=3, margin_metres=500, margin_minutes=90)
    screen = Screen(world, "MPA", "duty-officer")
    attention.tick(world.desk("MPA"))
    said = words("meets.near", language)
    page = text_of(screen.get("/watch", language))
    assert "PA-" in page
    assert said.split("{")[0].strip() in page
    assert "400" in page
    told(world, "overlap", 0)
    attention.tick(world.desk("MPA"))
    bar = text_of(screen.get("/log", language))
    assert words("meets.overlap", language).split("{")[0].strip() in bar
