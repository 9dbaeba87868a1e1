"""What people do on the pages: the acts that more than one browser test needs."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tansiq.domain.places import gazetteer
from tansiq.domain.wording import phrase

FRAGMENT = re.compile(rb'<article class="record".*?</article>', re.DOTALL)


@dataclass(frozen=True)
class Story:
    """One incident as people of one language tell it; ``word`` stands in it and nowhere else."""

    language: str
    line: str
    text: str
    later: str
    word: str
    internal: str
    question: str
    answer: str
    dispute: str
    file: str

    def of(self, key: str, **values: object) -> str:
        """The interface's words in this language."""
        return phrase(key, self.language, **values)


STORIES = {
    "en": Story(
        language="en",
        line="The north gate reports a crowd at the silo",
        text="About forty people stand at the turnstile of the silo, the shops nearby are closed",
        later="The turnstile of the silo is free again, the shops are open",
        word="turnstile",
        internal="The guard asks not to be quoted",
        question="Are the shops closed by order?",
        answer="No, the owners closed them themselves",
        dispute="Our post counted about twenty people",
        file="sketch.png",
    ),
    "ar": Story(
        language="ar",
        line="البوابة الشمالية تفيد بوجود تجمع عند السايلو",
        text="تجمهر نحو أربعين شخصاً عند بوابة السايلو والمحال القريبة مغلقة",
        later="انفض تجمهر السايلو وفتحت المحال أبوابها",
        word="تجمهر",
        internal="طلب الحارس عدم ذكره",
        question="هل أُغلقت المحال بأمر؟",
        answer="لا، أغلقها أصحابها بأنفسهم",
        dispute="أحصت نقطتنا نحو عشرين شخصاً",
        file="مخطط.png",
    ),
    "ckb": Story(
        language="ckb",
        line="دەروازەی باکوور هەواڵی کۆبوونەوەیەک دەدات لەبەردەم سایلۆ",
        text="نزیکەی چل کەس لەبەردەم سایلۆ کۆبوونەتەوە و دوکانەکانی نزیک داخراون",
        later="خەڵکەکە بڵاوەیان کرد و دوکانەکانی نزیک سایلۆ کرانەوە",
        word="دوکانەکانی",
        internal="پاسەوانەکە داوا دەکات ناوی نەهێنرێت",
        question="ئایا دوکانەکان بە فەرمان داخراون؟",
        answer="نەخێر، خاوەنەکانیان خۆیان دایانخستن",
        dispute="خاڵەکەی ئێمە نزیکەی بیست کەسی ژماردووە",
        file="نەخشە.png",
    ),
}


def sends(box: Locator) -> None:
    """Ctrl+Enter in this input of a form on a page that is live; again where the page was renewed
    under the hand, as somebody would who sees that nothing has happened. A form is saved once.
    """
    for _ in range(3):
        box.press("Control+Enter")
        try:
            box.wait_for(state="hidden", timeout=6_000)
        except TooLate:
            continue
        return


def town(key: str, language: str) -> str:
    """A town's name in a language."""
    return gazetteer()[key].names.of(language)


def write_line(page: Page, text: str) -> None:
    """Write a line of the duty log, with the keyboard alone."""
    page.goto("/log")
    page.keyboard.press("F2")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".log .line-text", has_text=text)).to_be_visible()


def begin_incident(page: Page, story: Story, category: str = "unrest") -> None:
    """Open the form of an incident and fill in what it demands; whom it is for is ticked last."""
    page.goto("/incidents")
    page.keyboard.press("n")
    page.wait_for_url("**/incidents/new")
    page.fill("#f-text", story.text)
    page.fill("#f-place-name", town("kirkuk", story.language))
    page.select_option("#f-category", category)
    page.select_option("#f-severity", "urgent")
    page.select_option("#f-grade-r", "B")
    page.select_option("#f-grade-c", "2")
    page.fill("#f-internal", story.internal)
    page.check('[name="audience"][value="MOD"]')


def write_incident(page: Page, story: Story, file: bytes = b"", *, category: str = "unrest") -> str:
    """Write an incident, with an attachment where one is given; the path of its page."""
    begin_incident(page, story, category)
    if file:
        given = {"name": story.file, "mimeType": "image/png", "buffer": file}
        page.set_input_files("#f-files", given)
    page.locator("#f-internal").press("Control+Enter")
    page.wait_for_url("**/record/MPA/*")
    expect(page.locator(".record-text")).to_have_text(story.text)
    return page.url.partition("/record/")[2].join(("/record/", ""))


def goes(page: Page) -> None:
    """The form says what goes at once, before it is saved."""
    expect(page.locator('input[name="goes"]')).not_to_have_value("")


def revise(page: Page, path: str, text: str) -> None:
    """Write a new edition with another text."""
    page.goto(path)
    page.keyboard.press("e")
    page.wait_for_url("**/edit")
    page.fill("#f-text", text)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url(f"**{path}")
    expect(page.locator(".record-text")).to_have_text(text)


def ask_for_approval(page: Page, path: str, to: str) -> None:
    """Open the release panel for a partner and ask a second person to approve."""
    page.goto(f"{path}/release?to={to}")
    first = page.locator("#f-sure")
    if first.count():
        first.check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{path}")


def decide(page: Page, decision: str = "approve") -> None:
    """Decide on the newest of the releases that wait."""
    page.goto("/approvals")
    page.locator('a[href^="/approvals/"]').last.click()
    page.click(f'button[value="{decision}"]')
    page.wait_for_url("**/approvals")


def reply(page: Page, path: str, kind: str, text: str) -> None:
    """Write a reply to a partner's record."""
    page.goto(f"{path}/reply/{kind}")
    page.fill("#f-text", text)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url(f"**{path}")


def ask(page: Page, about: str, party: str, text: str) -> str:
    """Ask a party about a record; the path of the request."""
    page.goto(f"/requests/new?about={about.removeprefix('/record/')}")
    page.fill("#f-text", text)
    page.fill("#f-needed_by", "2031-01-01 12:00")
    page.select_option(f"#f-seats-{party}", "liaison-officer")
    goes(page)
    page.locator("#f-text").press("Control+Enter")
    page.wait_for_url("**/record/**")
    return page.url[page.url.index("/record/") :]


def answer(page: Page, path: str, text: str) -> None:
    """Answer a request on its page."""
    page.goto(path)
    box = page.locator("details[id$='-answer']")
    box.locator("summary").click()
    box.locator("textarea").first.fill(text)
    box.locator("textarea").first.press("Control+Enter")
    page.wait_for_url(re.compile("#case$"))


def fragment(page: Page, path: str) -> bytes:
    """The record's part of a page, as the server sends it."""
    answer = page.request.get(path)
    assert answer.status == 200
    found = FRAGMENT.findall(answer.body())
    assert len(found) == 1
    return found[0]


def drawn(page: Page) -> str:
    """The record's part of a page, as the browser holds it."""
    return page.locator("article.record").evaluate("element => element.outerHTML")
