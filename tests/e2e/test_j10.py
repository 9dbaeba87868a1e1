"""J10 in one walk over four live nodes: training is suspended and comes back with a plan.

The ministry suspends its own cohorts and asks the centre of the advisers, which decides for itself;
the notice goes to the federal ministry; the day of review rings; the ministry resumes, makes two
plans, compares them and chooses one, which proposes dates to the advisers; they accept, and who
looks on gets what changed. In English every step is looked at, in Arabic and Sorani the turning
points.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tests import breadth

REVIEW = "2020-11-21"  # yesterday at these nodes, so that it rings at once
SLOW = 40_000


@dataclass(frozen=True)
class Journey:
    """Who manages the training of the two owners, who runs the programme, who lets the notice go
    and who looks on at two other nodes; in one language.
    """

    language: str
    paths: dict[str, str]
    mpa: Page
    coa: Page
    programme: Page
    liaison: Page
    federal: Page
    centre: Page

    @property
    def whole(self) -> bool:
        """Whether every step is looked at."""
        return self.language == "en"

    def of(self, key: str, **values: object) -> str:
        """The interface's words in this language."""
        return phrase(key, self.language, **values)

    def code(self, number: int) -> str:
        return f"S-{self.language.upper()}-{number}"

    def cohort(self, number: int) -> str:
        return self.paths[f"stops-{self.language}-{number}"]

    def looks(self, page: Page, codes: str, decision: str) -> None:
        """Fill the form of a suspension and look at what follows."""
        title = self.of("suspension.all_training")
        for name, value in (
            ("text", title), ("reason", title), ("decision", decision),
            ("first_day", "2020-11-01"), ("review", REVIEW), ("codes", codes),
        ):  # fmt: skip
            page.fill(f"#f-{name}", value)
        page.select_option("#f-reason_class", "pandemic")
        page.select_option("#f-meets", "in_person")
        page.locator("main [name=act][value=look]").click()
        expect(page.locator("#effects")).to_be_visible()

    def planned(self, name: str, shifts: str) -> str:
        """A plan at half capacity for all three cohorts; the path of its page."""
        page = self.mpa
        page.goto("/plans/new")
        page.fill("#f-text", f"{name} {self.language}")
        page.fill("#f-from", "2021-01-03")
        page.fill("#f-only", " ".join(self.code(number) for number in (1, 2, 3)))
        page.select_option("#f-shifts", shifts)
        for part, value in (("from", "2021-01-03"), ("until", "2021-06-30")):
            page.fill(f'[name="capacity-0-{part}"]', value)
        page.select_option('[name="capacity-0-share"]', "share_50")
        page.check("#f-others")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/record/MPA/*", timeout=60_000)
        return page.url[page.url.index("/record/") :]


def picture(page: Page, name: str) -> None:
    """A picture of the page, where somebody wants to look at it."""
    if folder := os.environ.get("TANSIQ_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def confirms(page: Page, ends: str) -> None:
    """Where the page first says what goes at once, go on."""
    page.wait_for_load_state()
    if page.locator("main form [name=goes]").count():
        page.locator("main button.btn-primary").first.click()
    page.wait_for_url(ends)


@pytest.mark.parametrize("language", breadth.of(["ckb"], ["en", "ar", "ckb"]))
def test_j10_training_is_suspended_and_comes_back_with_a_plan(nodes, paths, seats, language):
    """Each owner suspends and moves its own, by what it was asked; each partner gets what changed
    of what it sees.
    """

    def sits(party: str, position: str) -> Page:
        return seats.sit(nodes[party], position, language)

    journey = Journey(
        language=language, paths=paths, mpa=sits("MPA", "training-manager"),
        coa=sits("COA", "training-manager"), programme=sits("MPA", "reform-manager"),
        liaison=sits("MPA", "liaison-officer"), federal=sits("MOD", "liaison-officer"),
        centre=sits("ERB", "senior-duty-officer"),
    )  # fmt: skip
    decided = suspends(journey)
    answers(journey)
    if journey.whole:
        notice(journey, decided)
    rings(journey, decided)
    plan = plans(journey)
    accepts(journey, plan)
    onlookers(journey)


def suspends(journey: Journey) -> str:
    """What follows is shown with its numbers, down to the project, and then done; the light of the
    project says why. The path of the suspension.
    """
    page = journey.mpa
    page.goto("/training/suspend")
    journey.looks(page, ", ".join(map(journey.code, (1, 2, 3))), "Order 12/2020")
    numbers = page.locator("#effects .numbers dd").all_inner_texts()
    assert numbers[:4] == ["3", "60", "27", "1"]
    page.locator("#owners [value=COA]").check()
    box = page.locator('[name="audience"][value="MOD"]')
    page.locator("details", has=box).first.locator("summary").click()
    box.check()
    picture(page, f"j10-effects-{journey.language}")
    page.locator("main [name=act][value=look]").click()
    expect(page.locator("#f-goes li")).to_have_count(3)
    page.locator("main [name=act][value=decide]").click()
    page.wait_for_url("**/record/MPA/*")
    decided = page.url[page.url.index("/record/") :]
    light = journey.programme
    light.goto(journey.paths[f"project-{journey.language}"])
    title = journey.of("suspension.all_training")
    cause = journey.of("reform.cause.training_suspended", named=title)
    expect(light.locator("#progress")).to_contain_text(cause)
    expect(light.locator("#progress")).to_contain_text(journey.of("choice.light.red"))
    return decided


def answers(journey: Journey) -> None:
    """The other owner finds the question with its own cohort alone, and suspends it."""
    page = journey.coa
    page.goto("/suspensions")
    row = page.locator("main tbody tr", has_text=journey.of("suspension.all_training")).first
    expect(row).to_be_visible(timeout=SLOW)
    row.locator("a").first.click()
    expect(page.locator("#cohorts")).to_contain_text(journey.code(3))
    expect(page.locator("main")).not_to_contain_text(journey.code(1))
    page.locator("#case button", has_text=journey.of("act.suspend_too")).click()
    page.wait_for_url(re.compile(r"/training/suspend\?about="))
    journey.looks(page, journey.code(3), "Minute 8/2020")
    page.locator("main [name=act][value=decide]").click()
    page.wait_for_url("**/record/COA/*")
    row = page.locator("#cohorts tr", has_text=journey.code(3))
    expect(row).to_contain_text(journey.of("state.suspended"))


def notice(journey: Journey, decided: str) -> None:
    """A person lets the federal ministry have the notice: it reads it in its language and learns of
    no cohort that it does not see.
    """
    page = journey.liaison
    page.goto(f"{decided}/release?to=MOD")
    if page.locator("#f-sure").count():
        page.check("#f-sure")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{decided}")
    reader = journey.federal
    reader.goto("/suspensions")
    link = reader.locator(f"main a[href='{decided}']").first
    expect(link).to_be_visible(timeout=SLOW)
    link.click()
    for language in ("en", "ar", "ckb"):
        expect(reader.locator(f"[data-field=notice_{language}]")).to_contain_text(REVIEW)
    expect(reader.locator("main")).not_to_contain_text(journey.code(3))


def rings(journey: Journey, decided: str) -> None:
    """The day of review rings for who decided, who has read the answer and lets its cohorts go on:
    then the suspension has ended.
    """
    page = journey.mpa
    page.goto("/watch")
    row = page.locator("#waits tr", has=page.locator(f"a[href^='{decided}']"))
    expect(row.first).to_contain_text(journey.of("why.review"), timeout=SLOW)
    page.goto(decided)
    expect(page.locator("#answers")).to_contain_text(journey.of("did.suspend_too"), timeout=SLOW)
    page.locator("#resume summary").click()
    for box in page.locator("#resume [name=cohort]").all():
        box.check()
    page.fill("#f-resume-reason", journey.of("suspension.all_training"))
    page.fill("#f-resume-decision", "Order 27/2020")
    page.locator("#resume button[type=submit]").click()
    confirms(page, "**#suspension")
    expect(page.locator("[data-field=ended]").first).to_contain_text("2020-11-22")


def plans(journey: Journey) -> str:
    """Two plans stand side by side with the old dates as a shadow; one is chosen, moves the own
    cohorts at once and proposes dates to the other owner. The path of the plan.
    """
    page, code = journey.mpa, journey.code(3)
    first, second = journey.planned("A", "one"), journey.planned("B", "two")
    page.goto("/plans/compare")
    for path in (first, second):
        expect(page.locator(f"#plans a[href='{path}']")).to_be_visible()
    expect(page.locator("main")).to_contain_text("2021-01-26")
    expect(page.locator("main")).to_contain_text("2021-01-13")
    assert page.locator(".gantt-plan").count() >= 2 * 3
    picture(page, f"j10-compare-{journey.language}")
    page.goto(first)
    expect(page.locator("#plan")).to_contain_text(f"COA {code}")
    page.fill("#choose [name=reason]", "As agreed")
    page.check("#asks [value=COA]")
    page.fill("#f-words", journey.of("list.plan_proposal"))
    picture(page, f"j10-plan-{journey.language}")
    page.locator("#choose button[type=submit]").click()
    confirms(page, f"**{first}")
    expect(page.locator("#choose")).to_have_count(0)
    page.goto(journey.cohort(1))
    expect(page.locator("[data-field=last_day]").first).to_contain_text("2021-01-26")
    expect(page.locator("[data-field=baseline_last]")).to_contain_text("2020-12-17")
    return first


def accepts(journey: Journey, plan: str) -> None:
    """The other owner sees old and proposed dates of its own cohort alone and accepts; the plan of
    who asked says so.
    """
    page = journey.coa
    page.goto("/plan-proposals")
    row = page.locator("main tbody tr", has_text=journey.of("list.plan_proposal")).first
    expect(row).to_be_visible(timeout=SLOW)
    row.locator("a").first.click()
    line = page.locator("#lines tbody tr")
    expect(line).to_have_count(1)
    for day in ("2020-12-17", "2021-01-26"):
        expect(line).to_contain_text(day)
    expect(page.locator("main")).not_to_contain_text(journey.code(1))
    picture(page, f"j10-proposal-{journey.language}")
    page.locator("#accept button[type=submit]").click()
    confirms(page, "**#proposal")
    expect(line).to_contain_text(journey.of("proposal.stands.taken"))
    page.goto(journey.cohort(3))
    expect(page.locator("[data-field=last_day]").first).to_contain_text("2021-01-26")
    asker = journey.mpa
    asker.goto(plan)
    told = asker.locator("#plan")
    expect(told).to_contain_text(journey.of("did.accept_dates"), timeout=SLOW)
    expect(told).to_contain_text(journey.of("proposal.stands.taken"))


def onlookers(journey: Journey) -> None:
    """The centre has the new dates of what it sees, and nothing of plan, proposal and the cohort of
    the advisers.
    """
    page = journey.centre
    page.goto(journey.cohort(1))
    expect(page.locator("[data-field=last_day]").first).to_contain_text("2021-01-26")
    if journey.whole:
        assert page.request.get(journey.cohort(3)).status == 404
        page.goto("/plan-proposals?tab=all")
        expect(page.locator("main tbody tr")).to_have_count(0)
