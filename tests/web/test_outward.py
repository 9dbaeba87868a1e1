"""The record's page of a case that is followed by its stage: at the owner, and at who follows."""

import pytest

from tansiq.desk.records import say
from tansiq.domain.wording import LANGUAGES
from tests.asking import act, carry, rfi, three_that_ask
from tests.unit.test_outward import meet, town
from tests.web.pair import Screen, text_of, words
from tests.world import to, uuid_of


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_of_which_the_step_never_comes_stands_on_the_page(language):
    """Its words are among the replies, and it says that its act has not arrived."""
    with three_that_ask() as world:
        record = world.write("MPA", "rfi", rfi("MOD"))
        carry(world)
        body = {"about": record, "text": "We saw nothing", "step": uuid_of("a step that was lost")}
        world.write("MOD", "lost", say.Draft(kind="answer", body=body, label=to("MPA")))
        carry(world)
        page = text_of(Screen(world, "MPA", "cleared").get(f"/record/MPA/{record}", language))
    assert "We saw nothing" in page
    assert words("case.step_absent", language) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_of_several_parties_says_how_many_are_done_and_who_waits(language):
    """The owner's list counts the parties that are done, the watch names each; who is asked reads
    of nobody else, and a list as of an earlier moment says no count of today.
    """
    with three_that_ask() as world:
        record = world.write("MPA", "rfi", rfi("MOD", "COA"))
        carry(world)
        here, there = (Screen(world, party, "cleared") for party in ("MPA", "MOD"))
        heading = words("list.seats_done", language)
        act(world, "MOD", record, "no_information")
        listed = text_of(here.get("/requests", language))
        assert heading in listed
        assert ">1/2<" in listed
        act(world, "COA", record, "answer", other="COA")
        assert ">2/2<" in text_of(here.get("/requests", language))
        watch = text_of(here.get("/watch", language))
        rows = watch.partition('id="waits"')[2].partition("</table>")[0].split("<tr>")[1:]
        assert [sum(f">{code}<" in row for row in rows) for code in ("MOD", "COA")] == [1, 1]
        assert heading not in text_of(there.get("/requests?tab=all", language))
        world.clock.time += 60_000
        earlier = here.get("/requests?tab=all&as_of=2020-12-20 14:00", language)
        assert heading not in text_of(earlier)
