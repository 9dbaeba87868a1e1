"""A certificate from the roster to a partner that checks it off line, in each language."""

import re

import pytest
from playwright.sync_api import Page, expect

from tansiq.domain.wording import phrase
from tests import breadth

HOLDERS = ("E-101", "E-102")


def codes_of(manager: Page, paths, language: str) -> dict[str, tuple[str, str]]:
    """Issue two certificates of the cohort; by page, code and holder as they stand on paper."""
    manager.goto(paths[f"cohort-{language}"])
    manager.locator("#clearance a.btn-primary").click()
    manager.fill("#f-holders", "\n".join(HOLDERS))
    manager.locator("#f-holders").press("Control+Enter")
    manager.wait_for_url("**/certificates")
    expect(manager.locator("main [data-told=certificates_issued]")).to_have_count(1)
    found: dict[str, tuple[str, str]] = {}
    rows = manager.locator("main tbody tr", has_text=f"C-{language.upper()}")
    expect(rows).to_have_count(len(HOLDERS))
    links = [row.locator("a").first.get_attribute("href") for row in rows.all()]
    for link in links:
        assert link is not None
        manager.goto(link)
        manager.locator("#certificate a[href$='/paper']").click()
        expect(manager.locator(".qr svg")).to_be_visible()
        holder = manager.locator(".paper-certificate dd").first.inner_text()
        found[link] = manager.locator("main p.mono").inner_text(), holder
    return found


def check(page: Page, code: str, holder: str = "") -> None:
    """Type a code as a person does, and wait for the answer."""
    page.goto("/training/check")
    page.fill("#f-code", code.lower())
    page.fill("#f-holder", holder)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#checked")).to_be_visible()


@pytest.mark.parametrize("language", breadth.of(["ckb"], ["en", "ar", "ckb"]))
def test_a_certificate_is_issued_checked_by_a_partner_withdrawn_and_checked_again(
    nodes, seats, paths, language
):
    """The partner sees whose it is, until when and as of which list; after it was withdrawn and
    the list has come, it says so. No roster number is ever on the partner's screen.
    """
    manager = seats.sit(nodes["MPA"], "training-manager", language)
    partner = seats.sit(nodes["MOD"], "duty-officer", language)
    (path, (code, holder)), _ = codes_of(manager, paths, language).items()
    check(partner, code, re.sub(r"[^A-Z0-9-]", "", holder))
    answer = partner.locator("#checked")
    expect(answer).to_contain_text(phrase("certificate.key.in_use", language))
    expect(answer).to_contain_text("2022-11-22")
    expect(answer).to_contain_text("2020-11-22")
    expect(answer).to_contain_text(phrase("certificate.not_listed", language))
    expect(answer).to_contain_text(phrase("certificate.holder.same", language))
    assert not any(one in partner.locator("main").inner_text() for one in HOLDERS)
    manager.goto(path)
    manager.locator("#certificate details").last.locator("summary").click()
    manager.locator("#certificate form[action$='/withdraw'] [name=reason_class]").select_option(
        "lost"
    )
    manager.locator("#certificate form[action$='/withdraw'] button").click()
    expect(manager.locator("main .history").first).to_contain_text(
        phrase("state.taken_back", language)
    )
    for _ in range(20):  # until the list has come
        check(partner, code)
        if partner.locator("#checked .tag-bad").count():
            break
        partner.wait_for_timeout(1_000)
    expect(answer).to_contain_text(phrase("certificate.listed", language))
    expect(answer).to_contain_text(phrase("certificate.says_not", language))
    manager.goto(path.replace("/record/MPA/", "/certificates/") + "/paper")
    expect(manager.locator("main .notice-bad")).to_contain_text(
        phrase("certificate.paper_withdrawn", language)
    )
