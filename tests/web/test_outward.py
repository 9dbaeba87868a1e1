"""The record's page of a case that is followed by its stage: at the owner, and at who follows."""

import pytest

from tansiq.domain.wording import LANGUAGES
from tests.asking import act
from tests.unit.test_outward import meet, town
from tests.web.pair import Screen, text_of, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_pages_say_where_the_case_stands_and_only_the_owners_names_who_acts(language):
    """Who follows reads the word and that it is told no more; the owner reads who was told what."""
    with town("MOD") as (world, record):
        act(world, "MOD", record, "answer", words={"text": "It is open"})
        meet(world)
        there = text_of(Screen(world, "JCC", "cleared").get(f"/record/MPA/{record}", language))
        assert words("outward.heard", language) in there
        assert words("state.done", language) in there
        assert words("case.title", language) not in there
        assert "It is open" not in there
        listed = Screen(world, "JCC", "cleared").get("/list/rfi?tab=all", language)
        assert words("state.done", language) in text_of(listed)
        assert "What is the state" not in text_of(Screen(world, "JCC", "cleared").get("/list/rfi"))
        here = text_of(Screen(world, "MPA", "cleared").get(f"/record/MPA/{record}", language))
        assert words("outward.followers", language) in here
        assert words("outward.told", language) in here
