"""Catch-up plans on their pages: made, compared, read with their reasons, and chosen."""

import re

import pytest

from tansiq.desk.training import planning
from tansiq.domain.wording import LANGUAGES, phrase
from tests.catching_up import (
    HALF,
    MANAGER,
    START,
    choose,
    cohort,
    cohorts,
    course,
    plan,
    results,
    room,
    seen,
    suspended,
    write,
)  # fmt: skip
from tests.web.pair import Screen, form_token, text_of, words

OFFICER = "liaison-officer"
FORM = {
    "text": "A", "from": "2020-09-20", "weeks": "40", "rule": "nearly_finished", "shifts": "one",
    "capacity-rows": "1", "capacity-0-from": "2020-09-20", "capacity-0-until": "2020-12-31",
    "capacity-0-share": "share_50", "holidays-rows": "0",
}  # fmt: skip


@pytest.fixture
def world():
    with suspended() as made:
        about = course(made, "C-AID", "COA")
        cohort(made, about, "K-01", "COA", places=38, for_projects="TRN-01")
        cohort(made, about, "K-02", places=30, days_done=5)
        room(made)
        made.exchange("MPA", "COA")
        yield made


def test_a_plan_is_made_on_its_page_and_says_why(world):
    """The form begins with the holidays that are known; what it makes says of each cohort in words
    why it is where it is.
    """
    screen = Screen(world, "MPA", MANAGER)
    form = screen.get("/plans/new").content.decode()
    assert f'name="from" value="{START}' not in form or "holidays-0-holiday" in form
    made = screen.post("/plans/new", FORM)
    assert made.status_code == 302
    page = text_of(screen.get(made.url))
    assert phrase("plan.why.room", "en", days=14, held="") in page
    assert phrase("plan.held_by", "en", held="K-02") in page
    assert words("choice.planner.plain") in page
    rows = results(world, made.url.rpartition("/")[2])
    assert rows["K-02"]["last_day"] == "2020-10-01"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": ""}, "field_required"), ({"weeks": "0"}, "field_required"),
        ({"weeks": "200"}, "plan_weeks"), ({"weeks": "many"}, "count_range"),
        ({"capacity-0-until": ""}, "plan_spell"),
        ({"capacity-0-until": "2020-09-01"}, "plan_spell_order"),
        ({"only": "K-99"}, "plan_code_unknown"), ({"from": "2020-31-31"}, "date_form"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_planned_is_shown_again(world, more, code):
    """What was typed stays, with the error beside it, and no plan is kept."""
    screen = Screen(world, "MPA", MANAGER)
    again = screen.post("/plans/new", {**FORM, **more})
    assert again.status_code == 422, code
    assert 'value="2020-09-20"' in again.content.decode()
    assert words("plans.none") in text_of(screen.get("/plans/compare"))


def test_plans_stand_side_by_side_with_what_they_do_to_projects(world):
    """The last end, the days late, each cohort and each project, before and in both."""
    first = plan(world, "One shift", capacity=(HALF,))
    second = plan(world, "Two shifts", capacity=(HALF,), shifts=2)
    page = Screen(world, "MPA", MANAGER).get("/plans/compare").content.decode()
    text = text_of(Screen(world, "MPA", MANAGER).get("/plans/compare"))
    ends = [seen(world, one).body["ends"] for one in (first, second)]
    assert ends[0] > ends[1]
    for word in ("One shift", "Two shifts", "TRN-01", *ends):
        assert word in text
    assert page.count('<svg class="gantt"') == 2
    assert page.count('class="gantt-plan"') == 4


def test_a_plan_is_chosen_once_what_goes_was_shown(world):
    """The first press says that the changed cohort goes to COA, the second chooses; then the page
    of the plan offers no choice.
    """
    record = plan(world)
    screen = Screen(world, "MPA", MANAGER)
    assert 'id="choose"' in screen.get(f"/record/MPA/{record}").content.decode()
    given = {"record": record, "base": seen(world, record).digest, "reason": "It ends first"}
    asked = screen.client.post(
        "/plans/choose", {**given, "once": form_token(screen.session, "/plans/choose")}
    )
    assert asked.status_code == 422
    assert "COA" in text_of(asked)
    assert cohorts(world)["K-01"].body["last_day"] == "2020-03-15"
    mark = re.search(r'name="goes" value="([^"]+)"', asked.content.decode())[1]
    assert screen.post("/plans/choose", {**given, "goes": mark}).status_code == 302
    assert cohorts(world)["K-01"].body["last_day"] > "2020-09"
    page = screen.get(f"/record/MPA/{record}").content.decode()
    assert 'id="choose"' not in page
    assert "It ends first" in page


def test_a_choice_without_reason_or_of_an_old_plan_says_so(world):
    """Nothing moves, and the form is shown again."""
    screen = Screen(world, "MPA", MANAGER)
    first, second = plan(world, "A"), plan(world, "B")
    given = {"record": first, "base": seen(world, first).digest}
    assert screen.post("/plans/choose", given).status_code == 422
    choose(world, first)
    late = {"record": second, "base": seen(world, second).digest, "reason": "x"}
    again = screen.post("/plans/choose", late)
    assert again.status_code == 422
    assert phrase("error.plan_old", "en", named="K-01") in text_of(again)


def test_no_other_record_is_chosen(world):
    """A course, and what is not there, are answered alike."""
    screen = Screen(world, "MPA", MANAGER)
    course_id = write(world, "course", {"code": "C-9", "text": "x", "family": "law",
                                        "subject": "law", "days": 3})  # fmt: skip
    for record in (course_id, "11111111-1111-4111-8111-111111111111", ""):
        found = screen.post("/plans/choose", {"record": record, "base": "", "reason": "x"})
        assert found.status_code == 404


def test_only_managers_are_offered_plans(world):
    """An officer reads a plan, and is offered neither a new one nor its choice."""
    record = plan(world)
    screen = Screen(world, "MPA", OFFICER)
    page = screen.get(f"/record/MPA/{record}").content.decode()
    assert 'id="plan"' in page
    assert 'id="choose"' not in page
    assert "/plans/new" not in screen.get("/plans/compare").content.decode()
    assert screen.get("/plans/new").status_code == 403
    given = {"record": record, "base": seen(world, record).digest, "reason": "x"}
    assert screen.post("/plans/choose", given).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_whole_in_three_languages(world, language):
    """List, comparison, form and plan, with the picture mirrored where reading begins at the
    right.
    """
    record = plan(world, capacity=(HALF,))
    screen = Screen(world, "MPA", MANAGER)
    for address in ("/plans", "/plans/compare", "/plans/new", f"/record/MPA/{record}",
                    f"/record/MPA/{record}/print"):  # fmt: skip
        answer = screen.get(address, language)
        assert answer.status_code == 200, address
        assert re.search(r"\b(plans?|field|choice|act|state)\.[a-z_]+", text_of(answer)) is None
    drawn = screen.get(f"/record/MPA/{record}", language).content.decode()
    assert ('direction="rtl"' in drawn) == (language in ("ar", "ckb"))


def test_partners_find_no_plan(world):
    """COA has the cohort and no word of a plan, also not under its id."""
    record = plan(world)
    world.exchange("MPA", "COA")
    screen = Screen(world, "COA", MANAGER)
    assert screen.get(f"/record/MPA/{record}").status_code == 404
    assert words("plans.none") in text_of(screen.get("/plans/compare"))


def test_the_page_says_how_long_the_solver_may_think(world):
    """A node that has the solver says for how long it looks, one that has not says that too."""
    screen = Screen(world, "MPA", MANAGER)
    assert words("plan.plain_lead") in text_of(screen.get("/plans/new"))
    world.desk("MPA").planner = type("There", (), {"there": True})()
    assert phrase("plan.solver_lead", "en", seconds=planning.SECONDS_MAX) in text_of(
        screen.get("/plans/new")
    )
