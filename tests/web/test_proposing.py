"""Dates for other owners on the pages: chosen with a plan, seen beside the old ones, accepted."""

import re

import pytest

from tansiq.domain.kinds.training.cohort import COHORT
from tansiq.domain.records import reference
from tests.proposing import accept, choose, days, filled, lines, plan, proposals
from tests.suspending import MANAGER, carry, cohort, project, state, training
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import to

BEFORE = ("2020-12-06", "2021-02-04")


@pytest.fixture
def world():
    """MPA with two cohorts, COA with two of its own that MPA sees."""
    with training("MPA", "COA") as made:
        yield filled(made, owners=("MPA", "COA"))


def chosen(world):
    """A plan that is chosen and proposed; the address of the proposal at COA."""
    choose(world, plan(world), "COA")
    carry(world)
    return f"/record/MPA/{proposals(world)['COA'].value.record}"


def form_of(page):
    """What the form that accepts holds: its edition, the round, and the ticked boxes."""
    text = page.content.decode()
    form = text[text.index('id="accept"') :]
    form = form[: form.index("</form>")]
    found = re.findall(r'name="(base|seen|cohort)" value="([^"]+)"( checked)?', form)
    return {
        "base": next(value for name, value, _ in found if name == "base"),
        "seen": [value for name, value, _ in found if name == "seen"],
        "cohort": [value for name, value, ticked in found if name == "cohort" and ticked],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_is_chosen_and_proposed_on_its_page(world, language):
    """The form asks for it, the page shows the dates by owner, whom to ask is ticked by a person,
    and the words to the owner are asked then.
    """
    screen = Screen(world, "MPA", MANAGER)
    assert 'name="others"' in screen.get("/plans/new", language).content.decode()
    record = plan(world)
    address = f"/record/MPA/{record}"
    page = screen.get(address, language).content.decode()
    assert 'name="ask" value="COA"' in page
    assert 'value="COA" checked' not in page
    assert words("plan.others", language) in page
    base = state(world, "MPA", record).digest
    given = {"record": record, "base": base, "reason": "It ends first", "ask": ["COA"]}
    bare = screen.post("/plans/choose", given, language)
    assert bare.status_code == 422
    assert 'value="COA" checked' in bare.content.decode()
    assert days(world, "K-01") == BEFORE
    done = screen.post("/plans/choose", {**given, "words": "After the suspension"}, language)
    assert done.status_code == 302, text_of(done)[:600]
    shown = text_of(screen.get(address, language))
    assert words("proposal.stands.waits", language) in shown
    assert words("state.dates_proposed", language) in shown
    for path in ("/plans/compare", "/plan-proposals"):
        assert screen.get(path, language).status_code == 200
    own = screen.get(f"/record/MPA/{proposals(world)['COA'].value.record}", language)
    assert "C-01" in text_of(own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_owner_sees_old_and_new_side_by_side_and_accepts_what_is_ticked(world, language):
    """Both dates, by how much it ends later, the sessions that move and the projects that wait; all
    is ticked at first; what was unticked keeps its dates.
    """
    address = chosen(world)
    screen = Screen(world, "COA", MANAGER)
    page = screen.get(address, language)
    text = text_of(page)
    line = lines(world)["C-01"]
    for day in (*BEFORE, line.dates.first_day, line.dates.last_day):
        assert day in text
    assert words("proposal.follows", language) in text
    assert 'id="act-accept_dates"' not in text
    assert 'id="act-decline_dates"' in text
    form = form_of(page)
    assert sorted(form["cohort"]) == sorted(world.ids[code] for code in ("C-01", "C-02"))
    done = screen.post(f"{to_accept(address)}", {**form, "cohort": [world.ids["C-01"]]}, language)
    assert done.status_code == 302, text_of(done)[:600]
    assert days(world, "C-01") != BEFORE
    assert days(world, "C-02") == BEFORE
    after = text_of(screen.get(address, language))
    assert words("proposal.stands.taken", language) in after


def to_accept(address):
    return f"{address.replace('/record/', '/plans/proposal/')}/accept"


def test_what_goes_to_partners_with_it_is_said_first(world):
    """Moving a cohort lets its new dates go at once: the page asks before it does."""
    address = chosen(world)
    screen = Screen(world, "COA", MANAGER)
    form = form_of(screen.get(address))
    asked = screen.post(to_accept(address), {**form, "goes": ""})
    assert asked.status_code == 422
    assert "MPA" in text_of(asked)
    assert days(world, "C-01") == BEFORE


def test_a_line_that_is_void_moves_nothing_and_the_page_says_so(world):
    """What was ticked stays ticked; nothing has moved; the line is offered no more."""
    address = chosen(world)
    screen = Screen(world, "COA", MANAGER)
    form = form_of(screen.get(address))
    accept(world, "COA", "C-01")
    late = screen.post(to_accept(address), form)
    assert late.status_code == 422
    assert days(world, "C-02") == BEFORE
    again = form_of(late)
    assert again["cohort"] == [world.ids["C-02"]]
    assert screen.post(to_accept(address), {**again, "cohort": []}).status_code == 422
    old = screen.post(to_accept(address), {**again, "base": "0" * 64})
    assert old.status_code == 422
    assert words("error.case_moved", "en").split(".")[0] in text_of(old)


def test_projects_that_wait_are_shown_with_both_days(world):
    """A reform project of the owner says when its last cohort ends, now and with all accepted."""
    project(world, "COA", "TRN-09")
    about = state(world, "COA", world.ids["C-01"]).body

    world.ids["C-03"] = cohort(world, "COA", "C-03", about["about"], label=to("MPA"),
                               for_projects="TRN-09")  # fmt: skip
    carry(world)
    page = text_of(Screen(world, "COA", MANAGER).get(chosen(world)))
    assert words("proposal.projects", "en") in page
    assert "TRN-09" in page


def test_who_does_not_manage_training_accepts_nothing(world):
    """An officer reads the lines and has no form; a forged one is refused; so is one for a record
    that is no proposal, and at who proposes.
    """
    address = chosen(world)
    officer = Screen(world, "COA", "duty-officer")
    page = officer.get(address)
    assert 'id="accept"' not in page.content.decode()
    view = proposals(world, "COA")["COA"].value
    form = {"base": view.digest, "seen": [], "cohort": [world.ids["C-01"]]}
    assert officer.post(to_accept(address), form).status_code in (403, 422)
    manager = Screen(world, "COA", MANAGER)
    assert manager.post(f"/plans/proposal/COA/{world.ids['C-01']}/accept", form).status_code == 404
    assert Screen(world, "MPA", MANAGER).post(to_accept(address), form).status_code == 404
    assert days(world, "C-01") == BEFORE


def test_what_a_panel_shows_stands_nowhere_else_on_the_page(world):
    """The plan that a proposal is part of is named once, with its letter, and cohorts stand in the
    table alone.
    """
    choose(world, plan(world), "COA")
    view = proposals(world)["COA"].value
    page = text_of(Screen(world, "MPA", MANAGER).get(f"/record/MPA/{view.record}"))
    named = reference(str(view.body["part_of"]))
    assert page.count(f">Y-{named}<") == page.count(named) == 1
    assert reference(world.ids["C-01"]) not in page


def test_a_card_says_what_its_numbers_and_days_are(world):
    """On a board a number without its name says nothing."""
    page = Screen(world, "MPA", MANAGER).get("/cohorts?view=board&tab=all").content.decode()
    card = re.search(r'<p class="card-rest">.*?</p>', page, re.DOTALL)[0]
    for name in ("places", "days", "first_day", "last_day"):
        assert words(COHORT.field(name).word, "en") in card, name
