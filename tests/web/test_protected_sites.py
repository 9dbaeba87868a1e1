"""Protected sites on pages: proposed by a short form, verified, asked about, confirmed there as
information only, printed one by one; and named on the form of a safety message.
"""

import re
from dataclasses import replace

import pytest

from tansiq.desk.records import attention, read
from tansiq.desk.trust import partners
from tansiq.domain.kinds.operations.protected_site import PROTECTED_SITE
from tansiq.domain.tables import Way
from tansiq.policy.agreement import Follow
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import DAY, POSITIONS, rule, worlds

NAME = "General hospital of the river"
FORM = {
    "text": NAME, "site": "hospital", "place-name": "River bank", "place-at": "35.78, 43.58",
    "place-grain": "exact", "until": "2021-03-20",
}  # fmt: skip
PAIRS = (("MPA", "COA"), ("MPA", "MOD"), ("COA", "MOD"), ("MPA", "JCC"))


@pytest.fixture
def monkeypatch():
    """As pytest's own: a planted fault makes the fixtures of this module by itself."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def world(monkeypatch):
    """MPA lists sites; the cards of the others name their positions."""
    listed = partners.partners

    def named(desk):
        return [replace(k, card=replace(k.card, positions=POSITIONS)) for k in listed(desk)]

    monkeypatch.setattr(partners, "partners", named)
    with worlds("COA", "JCC", "MOD", "MPA") as made:
        for one, other in PAIRS:
            rules = (
                rule(sender, f"S-{sender}", kinds=frozenset({PROTECTED_SITE.name}),
                     automatic=True, follow=Follow.WHOLE)
                for sender in (one, other)
            )  # fmt: skip
            made.agree(one, other, *rules)
        yield made


@pytest.fixture
def owner(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture
def there(world):
    return Screen(world, "MOD", "duty-officer", "P-2")


def carry(world):
    world.clock.time += 60_000
    for one, other in PAIRS:
        world.exchange(one, other)


def proposed(world, screen, *parties, language="en", **form):
    answer = screen.post("/sites/new", {**FORM, "audience": list(parties), **form}, language)
    assert answer.status_code == 302, text_of(answer)
    carry(world)
    return re.fullmatch(r"/record/MPA/([0-9a-f-]+)", answer["Location"])[1]


def page_of(screen, record, language="en", more=""):
    text = text_of(screen.get(f"/record/MPA/{record}{more}", language))
    assert not KEY.search(text)
    return text


def values(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def verified(world, screen, record, language="en", **form):
    page = page_of(screen, record, language)
    given = {"base": values(page, "base")[0], "verified": "2020-12-20",
             "verified_how": "seen_there", "until": "", **form}  # fmt: skip
    answer = screen.post(f"/sites/{record}/verify", given, language)
    carry(world)
    return answer


def asked(world, screen, record, *seats, language="en"):
    page = page_of(screen, record, language)
    form = {"seats": list(seats), "seen": values(page, "seen")}
    answer = screen.post(f"/sites/{record}/notify", form, language)
    carry(world)
    return answer


def confirms(world, screen, record, language="en", **form):
    page = page_of(screen, record, language)
    given = {"seen": values(page, "seen"), "has": "1", **form}
    answer = screen.post(f"/sites/MPA/{record}/confirm", given, language)
    carry(world)
    return answer


@pytest.fixture
def listed(world, owner):
    """A verified site that COA and MOD hold and were asked about."""
    record = proposed(world, owner, "COA", "MOD")
    assert verified(world, owner, record).status_code == 302
    seats = ("COA/duty-officer", "MOD/duty-officer")
    assert asked(world, owner, record, *seats).status_code == 302
    return record


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_short_form_to_who_has_confirmed(world, owner, there, language):
    """Each act by the form that the page offers; the other party's page says what it approves:
    nothing; the owner reads who has it and of whom nothing has come.
    """
    form = text_of(owner.get("/sites/new", language))
    assert 'name="until"' in form
    assert 'value="2021-03-20"' in form, "90 days, where nobody says otherwise"
    record = proposed(world, owner, "COA", "MOD", language=language)
    assert verified(world, owner, record, language).status_code == 302
    page = page_of(owner, record, language)
    assert re.search(r'value="COA/duty-officer" selected', page)
    seats = ("COA/duty-officer", "MOD/duty-officer")
    assert asked(world, owner, record, *seats, language=language).status_code == 302
    page = page_of(there, record, language)
    assert words("site.receipt", language) in page
    assert confirms(world, there, record, language).status_code == 302
    page = page_of(owner, record, language)
    mod = page[page.index('id="told-MOD"') :]
    coa = page[page.index('id="told-COA"') : page.index('id="told-MOD"')]
    assert words("site.has_it", language) in mod
    assert words("site.has_it", language) not in coa
    assert words("circle.nothing_in_hand", language) in coa
    rows = text_of(owner.get("/sites", language))
    assert words("site.confirmed_by", language) in rows
    assert words("circle.nothing_in_hand", language) in rows


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/sites", "/sites/new", "/record/MPA/{}",
                                     "/record/MPA/{}/print"])  # fmt: skip
def test_what_a_list_of_sites_is_not_stands_on_every_screen_and_paper(
    owner, listed, language, address
):
    """Notification is no permission, and what is not on the list is protected as well."""
    text = text_of(owner.get(address.format(listed), language))
    for word in ("site.no_permission", "site.also_protected"):
        assert words(word, language) in text


def test_a_page_offers_what_the_seat_may_do_and_nothing_else(world, owner, there, listed):
    """Its inbox leads there; who is asked confirms, once; who only looks on verifies, asks,
    confirms and warns of nothing; the generic form of circles is not there.
    """
    inbox = text_of(there.get("/inbox"))
    assert f"/record/MPA/{listed}" in inbox
    assert "2021-03-20" in inbox
    page = page_of(there, listed)
    assert f"/sites/MPA/{listed}/confirm" in page
    assert f"/sites/{listed}/verify" not in page
    assert "/circle" not in page
    assert "/reply/acknowledgement" not in page, "to acknowledge is not to confirm having it"
    observer = page_of(Screen(world, "MOD", "observer", "P-4"), listed)
    for act in ("confirm", "verify", "notify"):
        assert f"/{act}" not in observer
    assert "/safety/new?site=" not in observer
    confirms(world, there, listed)
    assert f"/sites/MPA/{listed}/confirm" not in page_of(there, listed)
    assert f"/sites/{listed}/notify" in page_of(owner, listed), "COA is still to confirm"


def test_what_cannot_be_done_is_said_with_what_was_typed(world, owner, there, listed):
    """An odd day, a round that moved, a receipt without its tick: the page with the reason."""
    record = listed
    odd = verified(world, owner, record, verified="2020-12-33")
    assert odd.status_code == 422
    assert 'value="2020-12-33"' in text_of(odd)
    late = owner.post(f"/sites/{record}/notify", {"seats": ["COA/duty-officer"], "seen": []})
    assert late.status_code == 422
    assert words("error.case_moved", "en") in text_of(late)
    bare = confirms(world, there, record, has="")
    assert bare.status_code == 422
    assert words("error.site_not_noted", "en") in text_of(bare)
    stale = owner.post(f"/sites/{record}/verify", {"base": "0" * 64, "verified": "2020-12-20"})
    assert stale.status_code == 409


def test_the_list_marks_what_is_due_and_finds_it_under_its_tab(world, listed):
    """Within 30 days it says how many are left, after its day that it is due."""
    world.clock.time += 61 * DAY
    later = Screen(world, "MPA", "duty-officer")
    assert words("site.due_in", "en").partition(":")[0] in text_of(later.get("/sites"))
    world.clock.time += 30 * DAY
    owner = Screen(world, "MPA", "duty-officer")
    rows = text_of(owner.get("/sites?tab=due_sites"))
    assert f"/record/MPA/{listed}" in rows
    assert words("site.due", "en") in page_of(owner, listed)
    attention.tick(world.desk("MPA"))
    assert words("site.none", "en") in text_of(owner.get("/sites?tab=taken_off"))


@pytest.mark.parametrize("way", list(Way))
def test_no_list_of_sites_leaves(owner, listed, way):
    """By no way, from no list of any kind; its rows leave no list of several kinds either."""
    for address in (f"/sites/{way}", f"/list/protected_site/{way}"):
        reply = owner.get(address)
        assert NAME not in reply.content.decode(errors="replace")
        assert reply.status_code in (302, 403, 404), reply.status_code
    assert f'href="/sites/{way}' not in text_of(owner.get("/sites"))
    held = owner.get(f"/holdings/{way}")
    text = held.content.decode(errors="replace")
    assert NAME not in text
    assert PROTECTED_SITE.reference(listed) not in text


def test_nothing_orders_sites_by_distance(owner, listed):
    """No link and no address: an order that there is not is the usual one."""
    page = text_of(owner.get("/sites"))
    assert "distance" not in page
    assert set(re.findall(r"order=(\w+)", page)) <= {"old", "due"}
    assert owner.get("/sites?order=distance").status_code == 200


def test_a_message_begins_with_the_site_and_says_its_place(world, owner, there, listed):
    """One key on its page; the message there is read back by the name of the site."""
    page = page_of(there, listed)
    assert f'href="/safety/new?site=MPA/{listed}" data-key="x"' in page
    form = text_of(there.get(f"/safety/new?site=MPA/{listed}"))
    assert f'value="MPA/{listed}" checked' in form
    assert "35.78, 43.58" in form
    assert words("site.verified_on", "en") in form
    assert words("circle.nothing_in_hand", "en") in form
    sent = there.post("/safety/new", {
        "text": "They shoot at the hospital", "site": f"MPA/{listed}", "place-name": "",
    })  # fmt: skip
    assert _message(world, "MOD", sent).body["place"]["name"] == NAME


def _message(world, party, answer):
    assert answer.status_code == 302, text_of(answer)
    record = re.search(r"[0-9a-f-]{36}", answer["Location"])[0]
    return read.record(world.desk(party), world.viewer(party), party, record).value


def test_a_name_that_is_typed_shows_the_site_and_who_has_confirmed(world, owner, there, listed):
    """J7: one name, and the page says when it was verified and who has it; the message says the
    place of the one that is called just so, unless somebody typed another or said that none is
    meant.
    """
    confirms(world, there, listed)
    typed = {"text": "Danger", "place-name": NAME}
    shown = text_of(owner.post("/safety/sites", typed))
    assert f'value="MPA/{listed}" checked' in shown
    assert "2020-12-20" in shown
    assert words("site.has_it", "en") in shown
    partly = text_of(owner.post("/safety/sites", {"place-name": "hospital"}))
    assert f'value="MPA/{listed}"' in partly
    assert "checked" not in partly, "a word of a name chooses nothing"
    place = _message(world, "MPA", owner.post("/safety/new", typed)).body["place"]
    assert (place["lat"], place["lon"]) == (357_800_000, 435_800_000)
    none = owner.post("/safety/new", {**typed, "site": "none"})
    assert none.status_code == 422 or _message(world, "MPA", none).body["place"]["lat"] is None
    other = owner.post("/safety/new", {**typed, "place-at": "36.10, 43.10"})
    assert _message(world, "MPA", other).body["place"]["lat"] == 361_000_000


def test_where_somebody_was_not_told_no_name_is_known(world, listed):
    """The form says of a site that is withheld what it says of one that there is not."""
    jcc = Screen(world, "JCC", "duty-officer", "P-5")
    withheld, absent = (
        text_of(jcc.post("/safety/sites", {"place-name": name})) for name in (NAME, "Nowhere hill")
    )
    assert withheld == absent
    begun, odd = (
        text_of(jcc.get(f"/safety/new?site={one}")) for one in (f"MPA/{listed}", "MPA/none")
    )
    assert begun.replace(listed, "none") == odd
    assert jcc.get(f"/record/MPA/{listed}").status_code == 404


def test_a_site_on_paper_says_who_has_confirmed(world, owner, there, listed):
    """One record's print is the only way out, and it is whole."""
    confirms(world, there, listed)
    paper = page_of(owner, listed, more="/print")
    assert 'id="told-MOD"' in paper
    assert words("site.has_it", "en") in paper
    assert "<form" not in paper[paper.index('id="site"') :]
