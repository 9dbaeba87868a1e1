"""Certificates and clearances on their pages: issued, printed, checked, and who sees what."""

import re

import pytest

from tansiq.desk.records import say
from tansiq.domain.parties import Role
from tansiq.policy.agreement import Follow
from tests.training import (
    HOLDERS,
    MANAGER,
    clearance,
    cohort,
    finished,
    issue,
    view,
    walk,
    withdraw,
)
from tests.typesetters import InProcess, Plain
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import rule, to, worlds

OTHERS = [role.value.replace("_", "-") for role in Role if role is not Role.TRAINING_MANAGER]


@pytest.fixture
def world():
    """MPA, whose training and whose list of withdrawn serials go to MOD by themselves."""
    with worlds("MPA", "MOD") as made:
        kinds = frozenset({"course", "cohort", "clearance", "withdrawn_list"})
        made.agree("MPA", "MOD", rule("MPA", "R-07", kinds=kinds, automatic=True,
                                      purpose="training", follow=Follow.WHOLE))  # fmt: skip
        yield made


def manager(world):
    return Screen(world, "MPA", MANAGER)


def code_of(world, record):
    return view(world, record).body["signed_code"]


def told(world):
    """MPA's list goes to MOD."""
    page = manager(world).get("/withdrawn-lists").content.decode()
    record = re.search(r"/record/MPA/([0-9a-f-]{36})", page)[1]
    old, actor = view(world, record), world.actor("MPA", MANAGER)
    draft = say.Draft(kind="withdrawn_list", body={}, label=to("MOD"))
    say.revise(world.desk("MPA"), actor, record, old.digest, draft)
    world.exchange("MPA", "MOD")


@pytest.mark.parametrize("language", LANGUAGES)
def test_certificates_are_issued_from_a_pasted_roster(world, language):
    """The form proposes the end, refuses a line by its number, and keeps what was typed."""
    about, screen = finished(world), manager(world)
    address = f"/certificates/new?cohort={about}"
    page = text_of(screen.get(address, language))
    assert 'value="2022-12-20"' in page, "the end that the course says"
    form = {"level": "basic", "issued_on": "2020-12-20", "valid_until": "", "holders": "P-1\nx y"}
    reply = screen.post(address, form, language)
    assert 422 == reply.status_code
    assert "x y" in text_of(reply)
    with world.names.under("issue"):
        reply = screen.post(address, {**form, "holders": "P-1\nP-2"}, language)
    assert (302, "/certificates") == (reply.status_code, reply.headers["Location"])
    page = text_of(screen.get("/certificates", language)).partition("<main")[2]
    assert words("told.certificates_issued", language) in page
    assert "P-1" not in page
    page = text_of(screen.get("/certificates", language)).partition("<main")[2]
    assert 2 == len(set(re.findall(r"/record/MPA/[0-9a-f-]{36}", page)))


def test_a_cohort_that_has_not_finished_has_no_form(world):
    """The page says why, and a cohort that is not there is not there."""
    about, screen = cohort(world), manager(world)
    reply = screen.get(f"/certificates/new?cohort={about}")
    assert words("error.cohort_unfinished") in text_of(reply)
    for address in ("/certificates/new", "/certificates/new?cohort=x"):
        assert 404 == screen.get(address).status_code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_all_and_fits_one_page(world, language):
    """Course, holder, serial, days, the code as squares and as text; as a page and as a PDF."""
    (record, *_) = issue(world, finished(world))
    body, screen = view(world, record).body, manager(world)
    title = {"en": "First aid", "ar": "الإسعافات الأولية", "ckb": "فریاگوزاریی سەرەتایی"}[language]
    serial = f"{body['serial'][:5]}-{body['serial'][5:]}"
    page = text_of(screen.get(f"/certificates/{record}/paper", language))
    world.desk("MPA").typesetter = Plain()
    said = screen.get(f"/certificates/{record}/pdf", language).content.decode()
    for text in (title, "P-7001", serial, "2022-12-12", body["signed_code"][:5]):
        assert text in page, text
        assert text in said, text
    assert body["signed_code"] in page.replace(" ", "")
    world.desk("MPA").typesetter = InProcess()
    made = screen.get(f"/certificates/{record}/pdf", language)
    assert "application/pdf" == made.headers["Content-Type"]
    assert body["holder"] not in made.headers["Content-Disposition"]
    assert 1 == len(re.findall(rb"/Type\s*/Page\b", made.content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_checked_here_and_at_a_partner(world, language):
    """Nobody is told only "valid": the issuer, the days, the list with its day and its age."""
    (record, other, *_) = issue(world, finished(world))
    told(world)
    for party in ("MPA", "MOD"):
        screen = Screen(world, party, "duty-officer")
        page = text_of(screen.post("/training/check", {"code": code_of(world, record)}, language))
        for text in ("2022-12-12", "C-AID", "MPA"):
            assert text in page
        said = words("certificate.says_stands", language).replace("{day}", "")
        assert said[:20] in page
        assert "2020-12-20" in page
        assert not any(holder in page for holder in HOLDERS)
    withdraw(world, other)
    world.exchange("MPA", "MOD")
    page = text_of(Screen(world, "MOD", "duty-officer").post(
        "/training/check", {"code": code_of(world, other), "holder": "P-7001"}, language
    ))  # fmt: skip
    assert words("certificate.says_not", language) in page
    assert words("certificate.listed", language) in page
    assert words("certificate.holder.other", language) in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("", "certificate_form"),
        ("TQC2ABC", "certificate_version"),
        ("A" * 5_000, "certificate_size"),
        ("<script>alert(1)</script>", "certificate_form"),
        ("eyJhbGciOiJub25lIn0.e30.", "certificate_form"),
    ],
)
def test_what_is_no_code_is_said_in_words(world, language, code, error):
    """Other people's tokens, scripts and floods get one clear sentence, and stay as typed."""
    reply = Screen(world, "MOD", "duty-officer").post("/training/check", {"code": code}, language)
    assert 422 == reply.status_code
    assert words(f"error.{error}", language).partition("{")[0] in text_of(reply)


def test_a_wrong_number_is_said_beside_its_field(world):
    """A name where a roster number is wanted."""
    (record, *_) = issue(world, finished(world))
    form = {"code": code_of(world, record), "holder": "Hama Karim"}
    page = text_of(Screen(world, "MOD", "duty-officer").post("/training/check", form))
    assert 'id="e-holder"' in page
    assert "Hama Karim" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_withdrawn_and_replaced_on_its_page(world, language):
    """Both say what follows; the new one names the old, and the paper of the old says it."""
    (first, second, *_) = issue(world, finished(world))
    screen = manager(world)
    base = view(world, first).digest
    with world.names.under("withdraw"):
        reply = screen.post(f"/certificates/{first}/withdraw",
                            {"base": base, "reason_class": "lost"}, language)  # fmt: skip
    assert f"/record/MPA/{first}" == reply.headers["Location"]
    assert words("state.taken_back", language) in text_of(
        screen.get(f"/record/MPA/{first}", language)
    )
    assert words("certificate.paper_withdrawn", language) in text_of(
        screen.get(f"/certificates/{first}/paper", language)
    )
    with world.names.under("instead"):
        reply = screen.post(f"/certificates/{second}/instead",
                            {"base": view(world, second).digest}, language)  # fmt: skip
    new = reply.headers["Location"]
    assert new not in (f"/record/MPA/{first}", f"/record/MPA/{second}")
    assert 200 == screen.get(new, language).status_code
    assert words("certificate.replaced_by", language) in text_of(
        screen.get(f"/record/MPA/{second}", language)
    )


def test_nobody_else_comes_near_a_certificate(world):
    """For every other position each of its addresses answers as for one that never was."""
    (record, *_) = issue(world, finished(world))
    absent = "00000000-0000-4000-8000-000000000000"
    for position in OTHERS:
        screen = Screen(world, "MPA", position)
        for address in ("/record/MPA/{}", "/record/MPA/{}/print", "/record/MPA/{}/part",
                        "/certificates/{}/paper", "/certificates/{}/pdf"):  # fmt: skip
            one, other = (screen.get(address.format(each)) for each in (record, absent))
            assert one.status_code == other.status_code != 200
            assert text_of(one).replace(record, absent) == text_of(other)
        for act in ("withdraw", "instead"):
            reply = screen.post(f"/certificates/{record}/{act}", {"reason_class": "lost"})
            assert reply.status_code in (403, 404)
    assert "handed_out" == view(world, record).state


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cohort_shows_a_yes_to_all_and_anything_else_to_one(world, language):
    """Its training manager sees each answer and writes one from there; the others see a yes."""
    about = cohort(world, label=to("MOD"))
    walk(world, about, "ask_clearance")
    screen, other = manager(world), Screen(world, "MPA", "senior-duty-officer")
    before = text_of(other.get(f"/record/MPA/{about}", language))
    assert f"/clearances/new?about=MPA/{about}" in text_of(
        screen.get(f"/record/MPA/{about}", language)
    )
    record = clearance(world, about, answer="no", day="2020-12-01")
    assert before == text_of(other.get(f"/record/MPA/{about}", language))
    assert words("choice.answer.no", language) in text_of(
        screen.get(f"/record/MPA/{about}", language)
    )
    form = {"base": view(world, record).digest, "answer": "yes", "day": "2020-12-02",
            "valid_until": "2021-03-01", "class": "restricted", "onward": "none"}  # fmt: skip
    reply = screen.post(f"/record/MPA/{record}/edit", form, language)
    assert 302 == reply.status_code
    assert "2021-03-01" in text_of(other.get(f"/record/MPA/{about}", language))


def test_an_address_with_a_number_is_never_made(world):
    """The access log keeps addresses: forms with roster numbers are posted and name none there."""
    about, screen = finished(world), manager(world)
    for address in (f"/certificates/new?cohort={about}", "/training/check"):
        page = screen.get(address).content.decode()
        assert not re.search(r'<form[^>]*method="get"[^>]*>(?:(?!</form>).)*name="(holders?|code)"',
                             page, re.DOTALL)  # fmt: skip
        assert "data-draft" not in page.partition('action="/certificates/new')[2].partition(">")[0]


def test_nothing_of_a_certificate_is_edited(world):
    """Its page offers no new edition: one in its place is another certificate."""
    (record, *_) = issue(world, finished(world))
    page = text_of(manager(world).get(f"/record/MPA/{record}"))
    assert f'/record/MPA/{record}/edit"' not in page
