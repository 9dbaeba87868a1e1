"""C1: whatever a form makes is made once, however often the form is sent."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from django.test import Client
from django.urls import resolve

from tansiq.desk.records import read
from tansiq.domain.bounds import BOUNDS
from tansiq.log.store import out_log
from tansiq.web.shell.sections import addresses
from tests.noninterference import scene
from tests.noninterference.addresses import patterns
from tests.noninterference.story import BUSY, Case
from tests.web.forms import TYPED, sheets_of
from tests.web.pair import BESIDE_THE_STORE, LANGUAGES, Screen, agreed, text_of, words
from tests.world import HOUR, incident, to, uuid_of

SEATS = ("cleared", "liaison-officer", "release-authority", "duty-officer", "administrator")
# What each of these forms makes must be met by the walk: it would be no walk without them.
MADE = {
    "log", "log-correct", "incident-new", "list-new", "record-edit", "record-step",
    "case-act", "record-unknown", "reply", "release", "approval", "recall", "duty", "call", "hear",
    "note", "link-stop",
}  # fmt: skip
EACH = 4  # forms of one address that the walk sends


def of_a_session(name):
    """Whether an address is about who sits where: what it changes is no desk's."""
    known = addresses()
    return name not in known or name == "wall-show" or known[name][0].name == "accounts"


@pytest.fixture(scope="module")
def told():
    """Three parties in the middle of their work."""
    made = scene.tell(Case.LOW, BUSY)
    yield made
    made.close()


@cache
def looked_at() -> tuple[str, ...]:
    """Pages that show forms, of records that are there."""
    fills = {
        "owner": "MPA", "party": "MOD", "kind": "acknowledgement", "code": "en", "number": "1",
        "other": "1", "public": "0" * 64, "lane": scene.ABSENT, "release": scene.releases()[0],
        "name": "auditor",
    }  # fmt: skip
    mine, theirs = ("fire", "flood", "note", "lowered", "query"), ("rumour", "theirs 0", "ask")
    found = [f"/record/MPA/{uuid_of(f'{name}/1')}" for name in mine]
    found += [f"/record/MOD/{uuid_of(f'{name}/1')}" for name in theirs]
    found += [f"/approvals/{one}" for one in scene.releases()]
    found += [f"/log/{uuid_of('note/1')}/correct", f"/record/MPA/{uuid_of('fire/1')}/recall/MOD"]
    found += ["/list/incident/new", "/list/log_line/new"]
    found += [f"/record/MPA/{uuid_of(f'{name}/1')}/release?to=MOD" for name in ("flood", "fire")]
    for name, (_, one) in addresses().items():
        if one.kind.value == "page" and not of_a_session(name):
            for record in (uuid_of("fire/1"), uuid_of("rumour/1")):
                owner = "MOD" if record == uuid_of("rumour/1") else "MPA"
                found.append(patterns()[name].format(**{**fills, "record": record, "owner": owner}))
    return tuple(dict.fromkeys(found))


def sizes(desk):
    """How much every log but the access log holds."""
    logs = ["journal", *(out_log(party) for party in ("MOD", "JCC"))]
    return [desk.store.head(log).size for log in logs]


def walk(screen):
    """Every form that the seat is shown, with the name of the address that it is sent to."""
    counted = {}
    for address in looked_at():
        reply = screen.get(address)
        if reply.status_code != 200 or not reply["Content-Type"].startswith("text/html"):
            continue
        for sheet in sheets_of(reply.content.decode(), address):
            name = resolve(sheet.action).url_name
            counted[name] = counted.get(name, 0) + 1
            if counted[name] <= EACH:
                yield name, sheet


def test_c1_every_form_of_every_section_is_saved_once(told):
    """Each form that a seat is shown is sent twice: what the first made, the second leads to."""
    made = set()
    for seat in SEATS:
        screen = Screen(told, "MPA", seat, "P-1")
        for name, sheet in walk(screen):
            if of_a_session(name):
                continue
            form, before = sheet.filled(), sizes(screen.desk)
            form |= {"sure": form["to"]} if name == "release" else {}
            assert form.get("once", [""])[0], f"{name} has no token: {sheet.action}"
            first = screen.post(sheet.action, form)
            after = sizes(screen.desk)
            if first.status_code != 302 or after == before:
                continue
            made.add(name)
            second = screen.post(sheet.action, form)
            assert second.status_code == 302, (name, text_of(second))
            assert second["Location"] == first["Location"], name
            assert sizes(screen.desk) == after, f"{name} was saved twice"
    assert MADE <= made, sorted(MADE - made)


@pytest.fixture
def world():
    with agreed() as made:
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MPA", "duty-officer")


INCIDENT = {
    "text": "Fire near the mill", "category": "fire", "severity": "routine",
    "observed": "2020-12-20 10:00", "place-name": "Makhmour", "grade-r": "B", "grade-c": "2",
}  # fmt: skip


def form_of(screen, address, **typed):
    """The first form of a page that is sent to the same address."""
    page = screen.get(address).content.decode()
    sheet = next(one for one in sheets_of(page, address) if one.action == address)
    return sheet.filled(**typed)


def saved(world, kind="incident"):
    return read.count(world.desk("MPA"), world.viewer("MPA"), read.Query(kinds=(kind,)))


@pytest.mark.parametrize(
    ("address", "kind"), [("/incidents/new", "incident"), ("/log", "log_line")]
)
def test_c1_six_at_once_are_one(world, screen, address, kind):
    """Sent six times at the same moment it is saved once, and all are led to what was saved."""
    form = form_of(screen, address, **INCIDENT)

    def post(_):
        client = Client(HTTP_HOST="localhost")
        client.cookies = screen.client.cookies.copy()
        return client.post(address, form)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(post, range(6)))
    assert [302] * 6 == [reply.status_code for reply in replies]
    assert 1 == len({reply["Location"] for reply in replies})
    assert 1 == saved(world, kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_c1_the_same_form_again_shows_what_was_saved(world, screen, language):
    """The second sending leads to the record of the first, and its page names it."""
    form = form_of(screen, "/incidents/new", **INCIDENT)
    first = screen.post("/incidents/new", form)["Location"]
    screen.get(first)
    again = screen.post("/incidents/new", form)["Location"]
    assert first == again
    page = text_of(screen.get(again, language))
    assert words("told.saved", language) in page
    assert 'data-told="saved"' not in text_of(screen.get(again, language)), "told once"


def test_c1_a_form_with_other_words_is_asked_about_and_keeps_them(world):
    """Sent again with other text it is not saved in silence and not lost: the page holds it."""
    screen = Screen(world, "MPA", "duty-officer")
    form = form_of(screen, "/incidents/new", **INCIDENT)
    screen.post("/incidents/new", form)
    reply = screen.post("/incidents/new", {**form, "text": ["Another fire"]})
    assert 422 == reply.status_code
    assert words("error.form_saved_before") in text_of(reply)
    assert "Another fire" in text_of(reply)
    assert 1 == saved(world)
    (sheet,) = [s for s in sheets_of(reply.content.decode(), "/incidents/new") if "new" in s.action]
    anew = {**form, "text": ["Another fire"], "once": [dict(sheet.fields)["once"]]}
    assert 302 == screen.post("/incidents/new", anew).status_code
    assert 2 == saved(world)


@pytest.mark.parametrize("token", ["", "x", "wrong", "foreign", "elsewhere"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_c1_a_token_of_another_is_refused_and_nothing_is_lost(world, token, language):
    """Missing, mistyped, of another person or of another form: refused in words, with the text."""
    screen = Screen(world, "MPA", "duty-officer")
    form = form_of(screen, "/incidents/new", **INCIDENT)
    good = form["once"][0]
    other = Screen(world, "MPA", "duty-officer", "P-2")
    given = {
        "wrong": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "foreign": form_of(other, "/incidents/new")["once"][0],
        "elsewhere": form_of(screen, "/log")["once"][0],
    }.get(token, token)
    reply = screen.post("/incidents/new", {**form, "once": [given]}, language)
    assert 422 == reply.status_code
    assert words("error.form_foreign", language) in text_of(reply)
    assert INCIDENT["text"] in text_of(reply)
    assert 0 == saved(world)


def test_c1_a_form_counts_for_its_time_and_no_longer(world, screen):
    """What is kept of saved forms is bounded: an old token is refused, so that it needs no row."""
    form = form_of(screen, "/incidents/new", **INCIDENT)
    world.clock.time += BOUNDS.form_ms + HOUR
    reply = Screen(world, "MPA", "duty-officer").post("/incidents/new", form)
    assert 422 == reply.status_code
    assert words("error.form_old") in text_of(reply)
    assert 0 == saved(world)


@BESIDE_THE_STORE
def test_c1_a_node_that_was_ended_before_its_answer_leads_to_the_record(world, screen):
    """The record and the token are one transaction: killed between saving and answering, the node
    leads the same form to the record that it made.
    """
    form = form_of(screen, "/incidents/new", **INCIDENT)
    first = screen.post("/incidents/new", form)["Location"]
    database = world.desk("MPA").database
    with database.transaction():
        text = database.rows("SELECT answer FROM sent_form")[0][0]
        bare = re.sub(r'"to": "[^"]*"', '"to": ""', text)
        database.run("UPDATE sent_form SET answer = ?", (bare,))
    assert first == screen.post("/incidents/new", form)["Location"]
    assert 1 == saved(world)


def test_c1_of_too_many_forms_the_oldest_pages_count_no_longer(world, screen, monkeypatch):
    """However many are saved, what is kept is bounded, and nothing of it is saved twice."""
    limits = type(BOUNDS)(forms_max=4)
    monkeypatch.setattr("tansiq.board.sent_forms.BOUNDS", limits)
    forms = []
    for number in range(6):
        world.clock.time += 1000
        forms.append(form_of(screen, "/log", text=f"Line {number}", observed="2020-12-20 10:00"))
        assert 302 == screen.post("/log", forms[-1]).status_code
    count = world.desk("MPA").database.rows("SELECT COUNT(*) FROM sent_form")[0][0]
    assert count <= 5
    for form in forms:
        screen.post("/log", form)
    assert 6 == saved(world, "log_line")


def test_c1_a_form_that_failed_may_be_sent_again(world, screen):
    """A form in which something was wrong is not remembered: put right, it is saved."""
    form = form_of(screen, "/incidents/new", **{**INCIDENT, "text": ""})
    form["text"] = [""]
    assert 422 == screen.post("/incidents/new", form).status_code
    assert 302 == screen.post("/incidents/new", {**form, "text": ["Now"]}).status_code
    assert 1 == saved(world)


def test_c1_a_step_that_is_pressed_twice_is_one_step(world, screen):
    """The second press of a button leads where the first led, and is no conflict with oneself."""
    record = world.write("MPA", "fire", incident(to()))
    address = f"/record/MPA/{record}"
    page = screen.get(address).content.decode()
    sheet = next(s for s in sheets_of(page, address) if s.action.endswith("/step"))
    replies = [screen.post(sheet.action, sheet.filled()) for _ in range(2)]
    assert [302, 302] == [reply.status_code for reply in replies]
    assert 2 == len(read.history(world.desk("MPA"), world.viewer("MPA"), "MPA", record))
    assert TYPED["next"] == "/log"
