"""J9: a project from its charter to verified, over four live nodes, in each language: the ministry
that owns it, advisers of two nations who verify it with an officer of the ministry, and the federal
ministry and the centre, which see what their agreement says.
"""

import re
import subprocess
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tests import breadth
from tests.e2e import acts

MONEY = "330417"
ADVISERS = ("COA/adviser-de", "COA/adviser-gb")
TITLES = {"en": "Fuel accounting", "ar": "محاسبة الوقود", "ckb": "ژمێریاریی سووتەمەنی"}


@dataclass(frozen=True)
class Journey:
    """Who manages the project, who verifies it there and here, who looks on at other nodes, and in
    which language.
    """

    language: str
    manager: Page
    adviser: Page
    second: Page
    officer: Page
    federal: Page
    centre: Page

    @property
    def onlookers(self) -> tuple[Page, Page]:
        """Those whose agreement gives them neither money nor evidence."""
        return self.federal, self.centre

    @property
    def code(self) -> str:
        return f"LOG-{self.language.upper()}"

    def of(self, key: str) -> str:
        """The interface's words in this language."""
        return phrase(key, self.language)

    def charter(self) -> str:
        """Write the project; the path of its page."""
        page = self.manager
        page.goto("/reform")
        page.keyboard.press("n")
        page.wait_for_url("**/projects/new")
        for name, value in (
            ("code", self.code), ("text", TITLES[self.language]),
            ("objective", TITLES[self.language]), ("responsible", "Depot"),
            ("start", "2020-01-01"), ("baseline_end", "2020-09-30"),
            ("sustained_by", "Depot"), ("received_by", "Depot"),
        ):  # fmt: skip
            page.fill(f"#f-{name}", value)
        page.select_option("#f-workstream", "communications")
        page.select_option("#f-lead", "de")
        for name, value in (("mark", "M1"), ("named", "Handed over"), ("weight", "1"),
                            ("due", "2020-09-30"), ("done", "2020-09-20")):  # fmt: skip
            page.fill(f'[name="milestones-0-{name}"]', value)
        page.select_option('[name="milestones-0-proof"]', "protocol")
        page.select_option('[name="budget-0-source"]', "de")
        page.fill('[name="budget-0-planned-value"]', MONEY)
        return self.saved(page, "COA", "ERB", "MOD")

    def saved(self, page: Page, *parties: str) -> str:
        """Save a form whose record goes to these parties; the path of its page."""
        for party in parties:
            box = page.locator(f'[name="audience"][value="{party}"]')
            if not box.is_visible():
                page.locator("details", has=box).first.locator("summary").click()
            box.check()
        acts.goes(page)
        page.locator("#f-text").press("Control+Enter")
        page.wait_for_url("**/record/MPA/*")
        return page.url[page.url.index("/record/") :]

    def step(self, name: str) -> None:
        """A change of state with its reason."""
        page = self.manager
        page.locator(f"#step-{name} summary").click()
        form = page.locator(f"#step-{name}")
        kind = form.locator('[name="reason_class"]')
        if kind.count():
            kind.select_option("resources")
        form.locator('[name="reason"]').fill("As agreed")
        form.locator('[name="decision"]').fill("Order 7")
        form.locator("button[type=submit]").click()
        page.wait_for_load_state()
        confirm = page.locator("main form [name=goes]")
        if confirm.count():  # what goes at once is shown before
            page.locator("main button.btn-primary").first.click()
            page.wait_for_load_state()
        expect(page.locator(f"#step-{name}")).to_have_count(0)

    def act(self, page: Page, path: str, name: str, **chosen: str) -> None:
        """An act in the round on the page of the evidence."""
        page.goto(path)
        page.locator(f"#act-{name} summary").click()
        form = page.locator(f"#act-{name}")
        for field, value in chosen.items():
            form.locator(f'[name="v-{field}"]').select_option(value)
        acts.sends(form.locator("textarea").first)
        page.wait_for_url("**#case")

    def number(self, page: Page, name: str) -> int:
        """What the portfolio counts under this name."""
        page.goto("/reform")
        row = page.locator(".numbers div", has=page.get_by_text(self.of(name), exact=True))
        return int("".join(filter(str.isdigit, row.locator("dd").first.inner_text())))

    def waits(self, project: str) -> str:
        """Write a project that waits for this one; the path of its page."""
        page = self.manager
        page.goto("/projects/new")
        for name, value in (("code", f"FOR-{self.language.upper()}"), ("text", "Phase two"),
                            ("depends_on", self.code)):  # fmt: skip
            page.fill(f"#f-{name}", value)
        page.select_option("#f-workstream", "force")
        return self.saved(page, "COA", "MOD")


@pytest.mark.parametrize("language", breadth.of(["ar"], ["en", "ar", "ckb"]))
def test_j9_a_project_is_verified_over_four_nodes(nodes, seats, language):
    """Declared and verified are two numbers; the second moves with the last acceptance alone, on
    the nodes that may see evidence; what waited for the project is blocked no more; and who may not
    see money or evidence is told neither.
    """
    journey = Journey(
        language=language, manager=seats.sit(nodes["MPA"], "reform-manager", language),
        adviser=seats.sit(nodes["COA"], "adviser-de", language),
        second=seats.sit(nodes["COA"], "adviser-gb", language),
        officer=seats.sit(nodes["MPA"], "liaison-officer", language),
        federal=seats.sit(nodes["MOD"], "liaison-officer", language),
        centre=seats.sit(nodes["ERB"], "senior-duty-officer", language),
    )  # fmt: skip
    project = journey.charter()
    dependent = journey.waits(project)
    journey.manager.goto(project)
    journey.step("put_on_hold")
    blocked(journey, project, dependent, still=True)
    journey.manager.goto(project)
    for name in ("resume", "submit"):
        journey.step(name)
    before = journey.number(journey.manager, "reform.count.executed")
    journey.manager.goto(project)
    journey.step("declare_executed")
    assert journey.number(journey.manager, "reform.count.executed") == before + 1
    blocked(journey, project, dependent, still=False)
    seen_by_onlookers(journey, project)
    page = journey.manager
    page.goto("/reform?only=unverified")
    expect(page.locator(f"#portfolio a[href='{project}']").first).to_be_visible()
    verified_before = journey.number(page, "reform.count.verified")
    evidence = brought(journey, project)
    reviews(journey, evidence)
    assert journey.number(page, "reform.count.verified") == verified_before + 1
    verified(journey, project)
    reported(journey)


def blocked(journey: Journey, project: str, dependent: str, *, still: bool) -> None:
    """Whether the project that waits for this one is blocked by it, on both nodes."""
    for page in (journey.manager, journey.adviser):
        page.goto(dependent)
        by = page.get_by_role("heading", name=journey.of("reform.blocked_by"))
        expect(by).to_have_count(1 if still else 0)
        expect(page.locator(f"#progress a[href='{project}']").first).to_be_visible()


def seen_by_onlookers(journey: Journey, project: str) -> None:
    """Federal ministry and centre see the project declared, and no money in it or in sums."""
    for page in journey.onlookers:
        page.goto(project)
        expect(page.locator("#progress")).to_contain_text(journey.of("reform.not_verified"))
        no_money(page)
        page.goto("/reform")
        expect(page.locator(f"#portfolio a[href='{project}']").first).to_be_visible()
        no_money(page)


def no_money(page: Page) -> None:
    """Neither as it was typed nor as it is written."""
    shown = page.locator("main").inner_text()
    assert MONEY not in shown
    assert f"{int(MONEY):,}" not in shown


def brought(journey: Journey, project: str) -> str:
    """Bring evidence and open a round for two advisers and an officer; the path of its page."""
    page = journey.manager
    page.goto(project)
    page.keyboard.press("v")
    page.wait_for_url(re.compile("/proofs/new"))
    page.select_option("#f-proof", "protocol")
    page.fill("#f-text", TITLES[journey.language])
    page.fill('[name="proves-0-mark"]', "M1")
    evidence = journey.saved(page, "COA")
    page.locator("#act-ask_verifiers summary").click()
    for seat in (*ADVISERS, "MPA/liaison-officer"):
        page.check(f'#act-ask_verifiers [value="{seat}"]')
    acts.sends(page.locator("#act-ask_verifiers textarea").first)
    page.wait_for_url("**#case")
    return evidence


def reviews(journey: Journey, evidence: str) -> None:
    """An adviser finds it by the number in the bar and accepts it beside the milestone; so do the
    other nation and an officer of the ministry; the manager concludes. Nobody else ever has it.
    """
    adviser = journey.adviser
    adviser.goto("/proofs")
    adviser.locator(f"main a[href='{evidence}']").first.click()
    expect(adviser.locator("#milestones")).to_contain_text("Handed over")
    for page in (adviser, journey.second, journey.officer):
        journey.act(page, evidence, "accept_item")
    page = journey.manager
    page.goto(evidence)
    told = page.locator("#case .history").get_by_text(journey.of("did.accept_item"))
    expect(told).to_have_count(3)
    journey.act(page, evidence, "conclude_review", finding="accepted")
    for onlooker in journey.onlookers:
        reply = onlooker.request.get(evidence)
        assert reply.status == 404


def verified(journey: Journey, project: str) -> None:
    """All who see the evidence count it, and the list behind the number has it; who does not see it
    is told that it is declared.
    """
    for page in (journey.manager, journey.adviser, journey.second):
        page.goto("/reform?only=verified")
        row = page.locator("#portfolio tr", has=page.locator(f"a[href='{project}']"))
        expect(row).to_contain_text(journey.of("reform.is_verified"))
        expect(row).to_contain_text(journey.of("choice.light.green"))
    for page in journey.onlookers:
        page.goto("/reform?only=verified")
        expect(page.locator(f"#portfolio a[href='{project}']")).to_have_count(0)


def reported(journey: Journey) -> None:
    """One click on the portfolio takes the steering report in each language; what is read from it
    has the project, and its screen counts it as the portfolio does.
    """
    page = journey.adviser
    page.goto("/reform")
    count = page.locator('.numbers a[href="/reform?only=verified"]').inner_text()
    for language in TITLES:
        with page.expect_download() as taken:
            page.locator(f'#report-ways a[hreflang="{language}"]').click()
        file = taken.value
        assert re.fullmatch(rf"reform-report-{language}-\d{{8}}T\d{{4}}Z\.pdf",
                            file.suggested_filename)  # fmt: skip
        read = subprocess.run(
            ["pdftotext", "-q", file.path(), "-"], capture_output=True, check=True
        ).stdout.decode()
        assert journey.code in read
    page.locator("#report-ways a").first.click()
    page.wait_for_url("**/reform/report")
    row = page.locator("#part-1 tbody tr").nth(2)
    expect(row).to_contain_text(journey.of("reform.count.verified"))
    expect(row.locator("td.num")).to_have_text(count)
