"""Suspending training on its pages: what follows is shown before it is decided, and then done."""

import re

import pytest

from tansiq.desk.training import suspending
from tests.suspending import (
    DAY,
    MANAGER,
    PROGRAMME,
    REVIEW,
    asking,
    carry,
    cohort,
    course,
    decide,
    decision,
    project,
    state,
    training,
)
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import to


class Speaking(Screen):
    """A screen in one language."""

    def __init__(self, world, party, position, language="en"):
        super().__init__(world, party, position)
        self.language = language

    def get(self, address, language=""):
        return super().get(address, language or self.language)

    def post(self, address, form=None, language=""):
        return super().post(address, form, language or self.language)


FORM = {
    "text": "All training in person", "reason_class": "pandemic", "reason": "Curfew",
    "decision": "Order 14/2020", "first_day": DAY, "last_day": "", "review": REVIEW,
    "meets": "in_person", "family": "", "lead": "", "codes": "",
}  # fmt: skip
PATH = "/training/suspend"


@pytest.fixture
def world():
    """MPA with two cohorts in person and one on line, COA with one; MPA has a reform project."""
    with training() as made:
        made.ids = {"TRN-04": project(made, "MPA", "TRN-04")}
        about = course(made, "MPA", label=to("COA"))
        for code, more in (
            ("K-01", {"places": 48, "days": 80, "days_done": 40, "for_projects": "TRN-04"}),
            ("K-02", {"places": 30, "days": 140, "days_done": 40}),
            ("K-10", {"mode": "on_line"}),
        ):
            made.ids[code] = cohort(made, "MPA", code, about, label=to("COA"), **more)
        about = course(made, "COA", "C-LAW", "law", label=to("MPA"))
        made.ids["C-01"] = cohort(made, "COA", "C-01", about, label=to("MPA"), places=7)
        carry(made)
        yield made


def look(screen, **more):
    return screen.post(PATH, {**FORM, "act": "look", **more})


def hidden(page):
    """What the preview puts into its own form."""
    found = dict(re.findall(r'name="(mark|goes)" value="([^"]*)"', page.content.decode()))
    notices = re.findall(r'name="(notice_\w+)"[^>]*>([^<]*)</textarea>', page.content.decode())
    return found | {name: text.strip() for name, text in notices}


def decided(screen, page, **more):
    return screen.post(PATH, {**FORM, "act": "decide", **hidden(page), **more})


def numbers(page):
    top = page[page.index('class="numbers"') : page.index("</dl>")]
    return [int(n) for n in re.findall(r">(?:<bdi[^>]*>)?(\d+)(?:</bdi>)?</a>", top)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_follows_is_shown_before_anything_is_decided(world, language):
    """Cohorts, places, days, projects and families, each number with the list that it counts, and
    the notice in three languages; nothing is suspended yet.
    """
    screen = Speaking(world, "MPA", MANAGER, language)
    assert screen.get(PATH).status_code == 200
    page = look(screen)
    assert page.status_code == 200, text_of(page)[:400]
    text = page.content.decode()
    assert numbers(text) == [3, 85, 150, 1, 1]
    for anchor in ("cohorts", "projects", "lapses"):
        assert f'id="{anchor}"' in text
    assert all(code in text_of(page) for code in ("K-01", "K-02", "C-01", "TRN-04"))
    assert "K-10" not in text_of(page)
    found = hidden(page)
    assert all(REVIEW in found[f"notice_{name}"] for name in LANGUAGES)
    assert state(world, "MPA", world.ids["K-01"]).state == "planned"


def test_deciding_does_what_was_shown(world):
    """The own cohorts stand still, the notice is in the record as it was edited, the other owner is
    not asked where nobody ticked it.
    """
    screen = Screen(world, "MPA", MANAGER)
    page = look(screen)
    answer = decided(screen, page, notice_en="No training from Monday.")
    assert answer.status_code == 302, text_of(answer)[:600]
    record = answer["Location"].rsplit("/", 1)[1]
    body = state(world, "MPA", record).body
    assert body["notice_en"] == "No training from Monday."
    assert REVIEW in body["notice_ckb"]
    assert len(body["suspends"]) == 2
    shown = text_of(screen.get(answer["Location"]))
    assert "K-01" in shown
    assert words("suspension.extend", "en") in shown
    assert "All training in person" in text_of(screen.get("/suspensions"))
    on_cohort = screen.get(f"/record/MPA/{world.ids['K-01']}").content.decode()
    assert f"/record/MPA/{record}" in on_cohort
    light = text_of(Screen(world, "MPA", PROGRAMME).get(f"/record/MPA/{world.ids['TRN-04']}"))
    assert "its training is suspended: All training in person" in light


def test_a_look_that_is_old_decides_nothing(world):
    """What changed meanwhile is shown first."""
    screen = Screen(world, "MPA", MANAGER)
    page = look(screen)
    decide(world, "MPA", decision(scope=suspending.Scope(first_day=DAY, codes=("K-02",))))
    answer = decided(screen, page)
    assert answer.status_code == 422
    assert words("error.suspension_moved", "en") in text_of(answer)
    assert state(world, "MPA", world.ids["K-01"]).state == "planned"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"review": ""}, "suspension_review"),
        ({"review": DAY}, "suspension_review_early"),
        ({"last_day": "2020-12-01"}, "suspension_days"),
        ({"codes": "K-99"}, "suspension_nothing"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, change, code):
    """No review, one before it begins, an end before the beginning, nothing in the scope."""
    page = look(Screen(world, "MPA", MANAGER), **change)
    assert page.status_code == 422
    assert words(f"error.{code}", "en").split(" {")[0].split("Field")[0].strip() in text_of(page)
    assert "Order 14/2020" in page.content.decode()


def test_who_does_not_manage_training_has_no_form(world):
    """Refused, and nothing of the cohorts is shown."""
    for position in ("duty-officer", PROGRAMME, "observer"):
        page = Screen(world, "MPA", position).get(PATH)
        assert page.status_code == 403
        assert "K-01" not in text_of(page)


def test_what_goes_at_once_was_shown_before(world):
    """A notice for a party and the question to it go by a rule: the page names both first."""
    screen = Screen(world, "MPA", MANAGER)
    page = look(screen, ask="COA", audience="COA")
    assert "COA" in hidden(page)["goes"]
    unseen = decided(screen, page, ask="COA", audience="COA", goes="")
    assert unseen.status_code == 422
    assert state(world, "MPA", world.ids["K-01"]).state == "planned"
    answer = decided(screen, page, ask="COA", audience="COA")
    assert answer.status_code == 302, text_of(answer)[:600]


@pytest.mark.parametrize("language", LANGUAGES)
def test_j10_two_owners_each_at_their_desks(world, language):
    """COA asks, MPA answers by a decision of its own from the page of the question, extends on the
    day of review and resumes; COA reads who answered what.
    """
    coa, mpa = (Speaking(world, party, MANAGER, language) for party in ("COA", "MPA"))
    page = look(coa, ask="MPA")
    answer = decided(coa, page, ask="MPA")
    assert answer.status_code == 302, text_of(answer)[:600]
    carry(world)
    view = asking(world, "MPA", "COA")
    address = f"/record/COA/{view.value.record}"
    page = mpa.get(address)
    assert words("act.suspend_too", language) in text_of(page)
    seen = re.findall(r'name="seen" value="([^"]+)"', page.content.decode())
    form = mpa.post(f"{address}/circle", {"act": "suspend_too", "seen": seen[:1]})
    assert form.status_code == 302
    assert form["Location"] == f"{PATH}?about=COA/{view.value.record}"
    text = mpa.get(form["Location"]).content.decode()
    assert 'value="K-01, K-02"' in text
    about = f"COA/{view.value.record}"
    page = look(mpa, about=about, codes="K-01, K-02", decision="Order 9/2020")
    answer = decided(mpa, page, about=about, codes="K-01, K-02", decision="Order 9/2020")
    assert answer.status_code == 302, text_of(answer)[:600]
    record = answer["Location"]
    carry(world)
    suspensions = coa.get("/suspensions").content.decode()
    root = next(
        one
        for one in re.findall(r"/record/COA/[0-9a-f-]{36}", suspensions)
        if view.value.record not in one
    )
    assert words("did.suspend_too", language) in text_of(coa.get(root))
    name = record.rsplit("/", 1)[1]
    base = state(world, "MPA", name).digest
    to_ = f"/training/suspension/{name}"
    said = {"reason": "Cases rise", "decision": "Order 20/2021"}
    early = mpa.post(to_, {"act": "extend", "base": base, "review": REVIEW, **said})
    assert early.status_code == 422
    assert "Cases rise" in early.content.decode()
    done = mpa.post(to_, {"act": "extend", "base": base, "review": "2021-03-01", **said})
    assert done.status_code == 302, text_of(done)[:500]
    base = state(world, "MPA", name).digest
    chosen = [world.ids["K-01"], world.ids["K-02"]]
    done = mpa.post(to_, {"act": "resume", "base": base, "cohort": chosen, **said})
    assert done.status_code == 302, text_of(done)[:500]
    assert state(world, "MPA", world.ids["K-02"]).state == "resumed"
    assert "ended" in state(world, "MPA", name).body
    page = text_of(mpa.get(record))
    assert words("suspension.extend", language) not in page


def test_who_is_asked_reads_nothing_of_cohorts_that_were_chosen_beside_its_own(world):
    """A choice by hand names cohorts of several owners: neither question nor notice repeats it."""
    screen, codes = Screen(world, "COA", MANAGER), "K-01, C-01"
    answer = decided(screen, look(screen, ask="MPA", codes=codes), ask="MPA", codes=codes)
    assert answer.status_code == 302, text_of(answer)[:600]
    carry(world)
    body = asking(world, "MPA", "COA").value.body
    assert body["suspends"] == [world.ids["K-01"]]
    assert "C-01" not in str(body)
    assert "chosen cohorts" in body["notice_en"]


def test_a_button_on_an_edition_that_is_not_the_newest_shows_what_changed(world):
    """Nobody resumes what another extended meanwhile without having seen it."""
    record = decide(world, "MPA")
    screen = Screen(world, "MPA", MANAGER)
    old = state(world, "MPA", record).digest
    with world.names.under("extended"):
        suspending.extend(
            world.desk("MPA"), world.actor("MPA", MANAGER), record, old, review="2021-03-01",
            reason="x", decision="y",
        )  # fmt: skip
    answer = screen.post(
        f"/training/suspension/{record}",
        {"act": "resume", "base": old, "cohort": [world.ids["K-01"]], "reason": "x",
         "decision": "y"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert state(world, "MPA", world.ids["K-01"]).state == "suspended"
