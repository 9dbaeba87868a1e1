"""J9: a project from its charter to verified, on the nodes of its verifiers, in each language."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tests.e2e import acts

TITLES = {"en": "Fuel accounting", "ar": "محاسبة الوقود", "ckb": "ژمێریاریی سووتەمەنی"}


@dataclass(frozen=True)
class Journey:
    """Who manages the project, who verifies it there and here, and in which language."""

    language: str
    manager: Page
    adviser: Page
    officer: Page

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
        page.select_option("#f-workstream", "supply")
        page.select_option("#f-lead", "de")
        for name, value in (("mark", "M1"), ("named", "Handed over"), ("weight", "1"),
                            ("due", "2020-09-30"), ("done", "2020-09-20")):  # fmt: skip
            page.fill(f'[name="milestones-0-{name}"]', value)
        page.select_option('[name="milestones-0-proof"]', "protocol")
        return self.saved(page, "COA")

    def saved(self, page: Page, party: str) -> str:
        """Save a form whose record goes to this party; the path of its page."""
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


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_j9_a_project_is_verified_on_the_nodes_of_its_verifiers(nodes, seats, language):
    """Declared and verified are two numbers; the second moves with the last acceptance alone, on
    both nodes, and each opens its list.
    """
    journey = Journey(
        language=language, manager=seats.sit(nodes["MPA"], "reform-manager", language),
        adviser=seats.sit(nodes["COA"], "adviser-de", language),
        officer=seats.sit(nodes["MPA"], "liaison-officer", language),
    )  # fmt: skip
    project = journey.charter()
    for name in ("charter", "begin", "submit", "declare_executed"):
        journey.step(name)
    page = journey.manager
    page.goto("/reform?only=unverified")
    expect(page.locator(f"#portfolio a[href='{project}']").first).to_be_visible()
    page.goto(project)
    page.keyboard.press("v")
    page.wait_for_url(re.compile("/proofs/new"))
    page.select_option("#f-proof", "protocol")
    page.fill("#f-text", TITLES[language])
    page.fill('[name="proves-0-mark"]', "M1")
    evidence = journey.saved(page, "COA")
    page.locator("#act-ask_verifiers summary").click()
    for seat in ("COA/adviser-de", "MPA/liaison-officer"):
        page.check(f'#act-ask_verifiers [value="{seat}"]')
    acts.sends(page.locator("#act-ask_verifiers textarea").first)
    page.wait_for_url("**#case")
    reviews(journey, evidence)
    verified(journey, project)


def reviews(journey: Journey, evidence: str) -> None:
    """The adviser finds it by the number in the bar and accepts it beside the milestone; so does an
    officer of the ministry; the manager concludes.
    """
    adviser = journey.adviser
    adviser.goto("/proofs")
    adviser.locator(f"main a[href='{evidence}']").first.click()
    expect(adviser.locator("#milestones")).to_contain_text("Handed over")
    journey.act(adviser, evidence, "accept_item")
    journey.act(journey.officer, evidence, "accept_item")
    page = journey.manager
    page.goto(evidence)
    expect(page.locator("#case .history")).to_contain_text(journey.of("did.accept_item"))
    journey.act(page, evidence, "conclude_review", finding="accepted")


def verified(journey: Journey, project: str) -> None:
    """Both sides count it, and the list behind the number has it."""
    for page in (journey.manager, journey.adviser):
        page.goto("/reform?only=verified")
        row = page.locator("#portfolio tr", has=page.locator(f"a[href='{project}']"))
        expect(row).to_contain_text(journey.of("reform.is_verified"))
        expect(row).to_contain_text(journey.of("choice.light.green"))
