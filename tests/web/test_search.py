"""The one search box: references of every kind and codes of paper lead straight there, words are
searched in all kinds, and what is withheld is found as little as what is not there.
"""

import re
from urllib.parse import urlencode

import pytest

from tansiq.domain.kinds import KINDS, kind_named
from tansiq.domain.parties import Classification, Role
from tansiq.domain.records import reference, spoken
from tansiq.web.shell.columns import _narrow, columns_of
from tansiq.web.shell.sections import sections
from tests.web import test_support
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.web.test_support import act, asked, lane
from tests.world import CLEARED, incident, line, to, uuid_of

FIRE, CALL, HIGH = uuid_of("fire/1"), uuid_of("call/1"), uuid_of("high/1")
TWIN, HIDDEN_TWIN = (f"1234567{one}{uuid_of('twin/1')[8:]}" for one in "01")  # read aloud alike
DIGITS = [str.maketrans("0123456789", digits) for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")]
supplied = test_support.world


@pytest.fixture(scope="module")
def world():
    """Records of several kinds at both parties, some above a low clearance, two said alike."""
    with agreed() as made:
        files = [made.attach("MPA", "paper", label=to("MOD"))]
        fire = incident(to("MOD"), text="Fire near the mill", attachments=files)
        made.write("MPA", "fire", fire)
        made.write("MPA", "call", line(to("MOD"), text="The mill road is closed"))
        secret = to(classification=Classification.SECRET)
        made.write("MPA", "high", incident(secret, text="The mill is watched"))
        for record, draft in (
            (TWIN, incident(text="One of two")), (HIDDEN_TWIN, incident(secret, text="Other")),
        ):  # fmt: skip
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(made.names, "uuid", lambda record=record: record)
                made.write("MPA", f"twin {record}", draft)
        made.release("MPA", FIRE, "MOD", "R-MPA")
        made.release("MPA", CALL, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made


def search(screen, typed, language="en"):
    return screen.get(f"/search?{urlencode({'q': typed})}", language)


def leads(screen, typed):
    """Where the search leads straight; empty where it shows a page."""
    answer = search(screen, typed)
    assert answer.status_code in (200, 302)
    return answer.headers.get("Location", "")


def as_said(code):
    """All ways in which people type a reference."""
    letter, _, plain = code.partition("-")
    spoken_as = plain.replace("0", "o").replace("1", "l")
    first = (code, code.lower(), f" {letter}{plain} ", f"{letter} {plain}", f"{letter}–{spoken_as}")
    return [*first, *(code.translate(digits) for digits in DIGITS)]


@pytest.mark.parametrize("party", ["MPA", "MOD"])
@pytest.mark.parametrize(("kind", "record"), [("incident", FIRE), ("log_line", CALL)])
def test_a_reference_as_it_is_read_aloud_leads_straight_to_its_record(world, party, kind, record):
    """In any case, with or without its dash, in any digits, at the owner and at a partner; so do
    the id of the record and a pasted address.
    """
    screen = Screen(world, party, CLEARED)
    at = f"/record/MPA/{record}"
    for typed in (*as_said(kind_named(kind).reference(record)), record, f"https://n.example{at}#x"):
        assert leads(screen, typed) == at, typed


def test_a_file_has_a_reference_too(world):
    """Of any kind of record, also of those that stand in no list."""
    record = uuid_of("paper/1")
    at = f"/record/MPA/{record}"
    assert leads(Screen(world, "MPA", CLEARED), kind_named("attachment").reference(record)) == at


def test_several_records_of_one_reference_are_a_short_list(world):
    """Who may see both gets both, who may see one is led to it: nothing tells of the other."""
    assert reference(TWIN) == reference(HIDDEN_TWIN)
    code = f"I-{reference(TWIN)}"
    page = text_of(search(Screen(world, "MPA", CLEARED), code))
    assert all(f'href="/record/MPA/{record}"' in page for record in (TWIN, HIDDEN_TWIN))
    assert leads(Screen(world, "MPA", "duty-officer"), code) == f"/record/MPA/{TWIN}"


def test_another_letter_leads_nowhere_by_itself(world):
    """What is said with the letter of another kind is shown, and chosen by a person."""
    code = f"L-{reference(FIRE)}"
    answer = search(Screen(world, "MPA", CLEARED), code)
    assert answer.status_code == 200
    assert f'href="/record/MPA/{FIRE}"' in text_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_withheld_is_absent_in_the_search(world, language):
    """By its reference, its id and its words, a record above a clearance is one that is not
    there, to the byte.
    """
    screen = Screen(world, "MPA", "duty-officer")
    there, absent = kind_named("incident").reference(HIGH), "I-ZZZZZ"
    for one, other in ((there, absent), (HIGH, uuid_of("nothing/1")), ("watched", "watchet")):
        pages = [search(screen, typed, language) for typed in (one, other)]
        assert [200, 200] == [page.status_code for page in pages]
        first, second = (text_of(page) for page in pages)
        assert first.replace(one, other) == second
        assert words("search.none", language) in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_searched_in_every_kind(world, language):
    """Each kind that has them is a part with its newest, its number and its whole list."""
    page = text_of(search(Screen(world, "MPA", "duty-officer"), "mill", language))
    assert "Fire near the mill" in page
    assert "The mill road is closed" in page
    assert "watched" not in page
    assert '<a class="count" href="/incidents?tab=all&q=mill"' in page
    assert '<a class="count" href="/log?tab=all&q=mill"' in page


@pytest.mark.parametrize(
    ("typed", "address"),
    [("inbox", "/inbox"), ("الوارد", "/inbox"),
     ("shooting", "/incidents?tab=all&category=shooting"),
     ("Makhmour", "/incidents?tab=all&place=makhmour")],
)  # fmt: skip
def test_sections_categories_and_places_are_found_by_their_words(world, typed, address):
    """In any language; an administrator is offered nothing that it could not open."""
    assert f'href="{address}"' in text_of(search(Screen(world, "MPA", CLEARED), typed))
    if address == "/inbox":
        page = text_of(search(Screen(world, "MPA", "administrator"), typed))
        assert '<a class="btn btn-small" href="/inbox"' not in page


def test_nothing_typed_and_nothing_sought_find_nothing(world):
    """An empty box asks, and signs alone are no words: neither lists everything."""
    screen = Screen(world, "MPA", CLEARED)
    for typed in ("", "  ", "!!!", "--"):
        page = text_of(search(screen, typed))
        assert "Fire near the mill" not in page
    assert search(screen, "x" * 5_000).status_code == 200


def test_every_page_has_the_box_and_the_keys_are_told(world):
    """Once signed on; the page of the search has it in its middle instead."""
    screen = Screen(world, "MPA", "duty-officer")
    for address in ("/log", "/incidents", f"/record/MPA/{FIRE}", "/inbox", "/keys", "/search"):
        page = text_of(screen.get(address))
        assert page.count('data-key="/"') == 1, address
        assert page.count('action="/search"') == 1, address
    assert words("search.key") in text_of(screen.get("/keys"))


def test_a_code_of_paper_leads_straight_to_its_receipt(supplied):
    """At whoever may see the request; with its letter, or by its five characters alone."""
    record = asked(supplied)
    act(supplied, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    act(supplied, "MOD", record, act="dispatch", then="deliver", **{"l-mask.box": "40"})
    (sent,) = lane(supplied, "MPA", record).consignments
    screen = Screen(supplied, "MPA", "duty-officer")
    for typed in as_said(f"C-{reference(sent.sent.step)}"):
        assert leads(screen, typed).startswith(record), typed


def test_letters_of_paper_are_letters_of_no_kind():
    """A letter says one thing, whether it stands on a screen or on paper."""
    letters = [kind.letter for kind in KINDS.values()]
    letters += [code.letter for section in sections() for code in section.codes]
    assert sorted(set(letters)) == sorted(letters)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "what",
        "I-3F7K",
        "I-3F7KQQ",
        "I-3F7KU",
        "IL3F7KQ",
        "IL 3F7KQ",
        "ILX-3F7KQ",
        "3F7 KQ",
        "ا-3F7KQ",
    ],
)
def test_what_is_no_reference_is_none(typed):
    """Five characters of the alphabet, and before them at most one letter, or two and a hyphen."""
    assert spoken(typed) is None


@pytest.mark.parametrize("typed", ["AR-3F7KQ", "ar-3f7kq", "AR\u20113F7KQ"])
def test_two_letters_are_said_with_a_hyphen(typed):
    """Seven letters without one are a word."""
    assert spoken(typed).letter == "AR"
    assert spoken("weather") is None


def test_five_letters_may_be_a_word():
    """Only a letter before them or a digit among them says that a reference is meant."""
    assert [spoken(typed).sure for typed in ("water", "I-water", "wat3r")] == [False, True, True]


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.listing])
def test_what_is_found_of_any_kind_is_a_table(kind):
    """Each column once, also of a kind whose title is its place or its first facet."""
    keys = [column.key for column in _narrow(kind, columns_of(kind, kind.listing))]
    assert len(set(keys)) == len(keys)


# The box, while somebody types (found.md, D3) -----------------------------------------------------


def offered(screen, typed, language="en"):
    """The addresses that the box offers under what was typed, in their order."""
    reply = screen.get(f"/search/part?{urlencode({'q': typed})}", language)
    assert 200 == reply.status_code
    return re.findall(r'<a href="([^"]+)" data-choice', text_of(reply))


SAID = {
    "/incidents/new": {"en": "new incident", "ar": "حادث جديد", "ckb": "ڕووداوی نوێ"},
    "/log#new-line": {"en": "log entry", "ar": "قيد جديد", "ckb": "بڕگەی نو"},
    "/inbox": {"en": "inbox", "ar": "وارد", "ckb": "هاتووەک"},
    "/map?tab=all&place=makhmour": {"en": "Makhm", "ar": "مخمو", "ckb": "مەخمو"},
    "/incidents?tab=all&category=shooting": {"en": "shoot", "ar": "اطلاق نار", "ckb": "تەقەکردن"},
}


@pytest.mark.parametrize("address", SAID)
@pytest.mark.parametrize("language", LANGUAGES)
def test_d3_the_box_offers_acts_sections_categories_and_places(world, address, language):
    """By the beginnings of their words, folded, in any of the languages, whatever language the page
    has; the page without script has the same.
    """
    screen = Screen(world, "MPA", "duty-officer")
    for typed in SAID[address].values():
        assert address in offered(screen, typed, language), typed
        assert address in text_of(search(screen, typed, language)).replace("&amp;", "&"), typed


def test_d3_the_box_offers_a_record_by_its_reference_first_and_by_its_words(world):
    """As it is read aloud; and of the words no record that the position may not see."""
    code = kind_named("incident").reference(FIRE)
    for position, high in ((CLEARED, True), ("duty-officer", False)):
        screen = Screen(world, "MPA", position)
        for typed in as_said(code):
            assert f"/record/MPA/{FIRE}" == offered(screen, typed)[0], typed
        found = offered(screen, "mill")
        assert {f"/record/MPA/{FIRE}", f"/record/MPA/{CALL}"} <= set(found)
        assert high is (f"/record/MPA/{HIGH}" in found)
        hidden = kind_named("incident").reference(HIGH)
        assert high is (f"/record/MPA/{HIGH}" in offered(screen, hidden))


def test_d3_nobody_is_offered_what_the_position_may_not_do_or_open(world):
    """An observer begins no incident, an administrator is led to no list; what the box offers opens
    for whom it is offered.
    """
    typed = ("new incident", "duty log", "inbox", "links", "Makhmour", "audit", "support", "site")
    for role in Role:
        screen = Screen(world, "MPA", role.value.replace("_", "-"))
        for said in typed:
            for address in offered(screen, said):
                assert 200 == screen.get(address).status_code, (role, said, address)
    assert "/incidents/new" not in offered(Screen(world, "MPA", "observer"), "new incident")
    assert [] == offered(Screen(world, "MPA", "administrator"), "Makhmour")


def test_d3_the_box_looks_up_no_more_than_its_list_shows(world):
    """What it answers is a part of a page, small, without a script and a style of its own."""
    reply = Screen(world, "MPA", CLEARED).get("/search/part?q=mill")
    text = reply.content.decode()
    assert len(reply.content) < 6_000
    assert "<script" not in text
    assert "<html" not in text
    assert words("search.none") in text_of(Screen(world, "MPA", CLEARED).get("/search/part?q=zzzz"))
