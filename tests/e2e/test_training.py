"""A course from its plan to its results, moved on the way, in each language; a partner sees it."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tests import breadth
from tests.e2e import acts

TITLES = {"en": "First aid", "ar": "الإسعافات الأولية", "ckb": "فریاگوزاریی سەرەتایی"}


@dataclass(frozen=True)
class Journey:
    """Who plans the training, and in which language."""

    language: str
    manager: Page

    @property
    def code(self) -> str:
        return f"K-{self.language.upper()}"

    def of(self, key: str) -> str:
        """The interface's words in this language."""
        return phrase(key, self.language)

    def written(self, **values: str) -> str:
        """Fill the form that is open and save it for COA; the path of the record's page."""
        page = self.manager
        for name, value in values.items():
            field = page.locator(f"#f-{name}")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        box = page.locator('[name="audience"][value="COA"]')
        if not box.is_visible():
            page.locator("details", has=box).first.locator("summary").click()
        box.check()
        acts.goes(page)
        page.locator(f"#f-{next(iter(values))}").press("Control+Enter")
        page.wait_for_url("**/record/MPA/*")
        return page.url[page.url.index("/record/") :]

    def step(self, path: str, name: str, **said: str) -> None:
        """A step on the page of a record, with what it asks."""
        page = self.manager
        page.goto(path)
        if said:
            page.locator(f"#step-{name} summary").click()
            form = page.locator(f"#step-{name}")
            for field, value in said.items():
                form.locator(f'[name="{field}"]').fill(value)
            form.locator("button[type=submit]").click()
        else:
            page.locator(f'#acts button[value="{name}"]').click()
        page.wait_for_load_state()
        if page.locator("main form [name=goes]").count():  # what goes at once is shown before
            page.locator("main button.btn-primary").first.click()
            page.wait_for_load_state()

    def planned(self) -> tuple[str, str, str]:
        """A course, a cohort of it, and a session; the paths of their pages."""
        page = self.manager
        page.goto("/training")
        page.keyboard.press("n")
        page.wait_for_url("**/courses/new")
        course = self.written(
            code=f"C-T{self.language.upper()}", text=TITLES[self.language], family="medical",
            subject="first_aid", days="10",
        )  # fmt: skip
        page.locator("main a[href^='/cohorts/new']").click()
        cohort = self.written(
            code=self.code, text=TITLES[self.language], mode="in_person", first_day="2020-11-29",
            last_day="2020-12-10", days="10", places="30",
        )  # fmt: skip
        page.locator("main a[href^='/sessions/new']").click()
        session = self.written(text=TITLES[self.language], first_day="2020-11-29", days="10")
        return course, cohort, session

    def cleared(self, cohort: str) -> None:
        """The authority has answered yes."""
        page = self.manager
        page.goto(cohort)
        page.locator("main a[href^='/clearances/new']").click()
        page.locator("#f-answer").select_option("yes")
        page.fill("#f-day", "2020-11-20")
        page.fill("#f-valid_until", "2021-06-30")
        page.locator("#f-day").press("Control+Enter")
        page.wait_for_url("**/record/MPA/*")

    def moved(self, cohort: str) -> None:
        """A week later: what moves is shown, and then done."""
        page = self.manager
        page.goto(cohort)
        page.locator("main a[href$='/move']").click()
        page.fill("#f-first_day", "2020-12-06")
        page.fill("#f-last_day", "2020-12-17")
        page.locator("#f-last_day").press("Control+Enter")
        expect(page.locator("#moves")).to_contain_text("2020-12-06")
        page.locator("main button[value=move]").click()
        page.wait_for_url(re.compile(r"/record/MPA/|/move"))
        if page.locator("main form [name=goes]").count():
            page.locator("main button.btn-primary").first.click()
        page.wait_for_url(f"**{cohort}")
        expect(page.locator("#sessions")).to_contain_text("2020-12-06")
        expect(page.locator("#cohort")).to_contain_text("2020-11-29")  # the baseline


@pytest.mark.parametrize("language", breadth.of(["ar"], ["en", "ar", "ckb"]))
def test_a_cohort_is_planned_moved_taught_and_finished(nodes, seats, language):
    """Planned, nominated, cleared, moved with its session, taught, finished: its numbers stand on
    the page of training, each with its list, and a partner sees the same on its own node.
    """
    journey = Journey(language, seats.sit(nodes["MPA"], "training-manager", language))
    page = journey.manager
    _, cohort, session = journey.planned()
    journey.step(cohort, "nominate", nominated="29")
    journey.step(cohort, "ask_clearance")
    journey.cleared(cohort)
    journey.step(cohort, "clear")
    journey.moved(cohort)
    journey.step(cohort, "begin", enrolled="28")
    journey.step(session, "hold_session", attended="271")
    journey.step(cohort, "finish", days_done="10", finished="27", passed="26")
    expect(page.locator("#cohort")).to_contain_text(journey.of("state.finished"))
    expect(page.locator("#sessions")).to_contain_text("271")
    for position, party in (("training-manager", "MPA"), ("adviser-de", "COA")):
        screen = page if party == "MPA" else seats.sit(nodes[party], position, language)
        screen.goto("/training?only=finished")
        row = screen.locator("#cohorts tr", has=screen.locator(f"a[href='{cohort}']"))
        expect(row).to_contain_text("26")
        expect(row).to_contain_text("2020-12-17")
        expect(screen.locator(f".gantt a[href='{cohort}']")).to_have_count(1)
