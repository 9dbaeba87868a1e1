"""A shared screen: locked by key and by rest, unlocked, taken over; sessions that end."""

from dataclasses import replace

import pytest

from tansiq.domain.bounds import BOUNDS
from tests.noninterference.browser import Browser
from tests.web.pair import BESIDE_THE_STORE, LANGUAGES, Screen, text_of, words
from tests.world import incident, line, to, worlds

pytestmark = BESIDE_THE_STORE

PASSPHRASE = "a passphrase for tests"
DUTY = "duty-officer"
SECRET_WORD = "zqcontent"


@pytest.fixture(scope="module")
def town():
    """A party with a record in it."""
    with worlds("MPA", "MOD") as made:
        Screen(made, "MPA", "")
        made.write("MPA", "line", line(to("MOD"), text=SECRET_WORD))
        made.write("MPA", "fire", incident(to("MOD")))
        yield made


@pytest.fixture
def person(town, request):
    """A roster number of this test alone."""
    from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415 - once configured

    roster = f"S-{abs(hash(request.node.name)) % 10**9}"
    Screen(town, "MPA", "").get("/sign-on")
    set_passphrase(roster, [DUTY, "auditor"], PASSPHRASE)
    return roster


def at_work(town, person, position=DUTY, **chosen):
    made = Screen(town, "MPA", "")
    made.settings = replace(made.settings, **chosen)
    made.post("/sign-on", {"position": position, "person": person, "passphrase": PASSPHRASE})
    assert 200 == made.get("/log").status_code
    return made


def where(reply):
    assert 302 == reply.status_code
    return reply.headers["Location"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_locked_screen_shows_nothing_and_comes_back(town, person, language):
    """The lock page holds no word of the content; the same person comes back to the same page."""
    made = at_work(town, person)
    assert SECRET_WORD in text_of(made.get("/log?q=zqcontent"))
    assert "/lock" == where(made.post("/lock", {"next": "/log?q=zqcontent"}))
    page = made.get("/lock", language)
    assert SECRET_WORD not in text_of(page)
    assert "no-store" == page.headers["Cache-Control"]
    assert words("lock.take_over", language) in text_of(page)
    for address in ("/log", "/log/part", "/map/data?bbox=43,35,45,36&z=4", "/identity", "/keys"):
        assert "/lock" == where(made.get(address))
    assert 403 == made.post("/unlock", {"passphrase": "another passphrase"}).status_code
    assert "/lock" == where(made.get("/log"))
    assert "/log?q=zqcontent" == where(made.post("/unlock", {"passphrase": PASSPHRASE}))
    assert 200 == made.get("/log").status_code


def test_rest_locks_and_what_a_page_fetches_by_itself_is_no_work(town, person):
    """Fifteen minutes without a hand on the keyboard lock, however busy the log is."""
    made = at_work(town, person)
    for _ in range(14):
        town.clock.time += 60_000
        made.client.get("/log/part", HTTP_X_LIVE="1")
    assert 200 == made.client.get("/log/part", HTTP_X_LIVE="1").status_code
    town.clock.time += 61_000
    assert "/lock" == where(made.get("/log"))
    made.post("/unlock", {"passphrase": PASSPHRASE})
    for _ in range(3):
        town.clock.time += 14 * 60_000
        assert 204 == made.post("/seat/active").status_code
    assert 200 == made.get("/log").status_code


def test_a_shift_has_an_end(town, person):
    """After thirteen hours of work somebody signs on again."""
    made = at_work(town, person)
    for _ in range(13 * 6):
        town.clock.time += 10 * 60_000
        made.post("/seat/active")
    assert 200 == made.get("/log").status_code
    town.clock.time += 60_000
    assert "/sign-on" == where(made.get("/log"))


def test_another_takes_over_in_one_step(town, person):
    """From the lock page the next person sits here at once, and the former session is gone."""
    from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415 - once configured

    set_passphrase("S-NEXT", [DUTY], PASSPHRASE)
    made = at_work(town, person)
    made.post("/lock", {"next": "/record/MPA/secret"})
    old = dict(made.client.cookies)
    mark = seat_mark(made.get("/lock"))
    form = {"position": DUTY, "person": "S-NEXT", "passphrase": "wrong passphrase"}
    assert 403 == made.post("/sign-on", form).status_code
    assert "/lock" == where(made.get("/log"))
    assert "/" == where(made.post("/sign-on", {**form, "passphrase": PASSPHRASE}))
    page = made.get("/log")
    assert "S-NEXT" in text_of(page)
    assert person not in text_of(page)
    assert mark is None
    former = Screen(town, "MPA", "")
    former.client.cookies.update(old)
    assert "/sign-on" == where(former.get("/log"))


def seat_mark(reply):
    text = text_of(reply)
    return text.partition('data-seat="')[2].partition('"')[0] or None


def test_drafts_are_of_one_person_at_one_position(town, person):
    """The name under which a browser keeps drafts differs by person and by position."""
    marks = {
        seat_mark(at_work(town, person).get("/log")),
        seat_mark(at_work(town, person, "auditor").get("/log")),
        seat_mark(Screen(town, "MPA", DUTY).get("/log")),
    }
    assert 3 == len(marks - {None})


def test_one_person_sits_in_so_many_browsers(town, person):
    """A fourth sign-on ends the session that rested longest."""
    screens = []
    for _ in range(BOUNDS.sessions_max):
        screens.append(at_work(town, person, sessions_max=BOUNDS.sessions_max))
        town.clock.time += 30_000
    screens[0].get("/log")
    screens.append(at_work(town, person, sessions_max=BOUNDS.sessions_max))
    assert [200, 302, 200, 200] == [made.get("/log").status_code for made in screens]


def test_the_others_are_ended_from_ones_own_page(town, person):
    """All sessions are listed; one act ends those that are elsewhere."""
    here, there = at_work(town, person), at_work(town, person, "auditor")
    assert 2 == text_of(here.get("/identity")).count(f"{words('session.opened')} <time")
    assert "/identity" == where(here.post("/identity", {"act": "end"}))
    assert "/sign-on" == where(there.get("/log"))
    assert 200 == here.get("/log").status_code


def test_the_cookie_changes_when_somebody_signs_on_or_unlocks(town, person):
    """What was known of a session before is worth nothing after."""
    made = Screen(town, "MPA", "")
    made.post("/passkey/options", {"purpose": "sign-on"})
    seen = [session(made)]
    made.post("/sign-on", {"position": DUTY, "person": person, "passphrase": PASSPHRASE})
    seen.append(session(made))
    made.post("/lock")
    made.post("/unlock", {"passphrase": PASSPHRASE})
    seen.append(session(made))
    assert 3 == len(set(seen))
    for old in seen[:2]:
        other = Screen(town, "MPA", "")
        other.client.cookies["tansiq_session"] = old
        assert "/sign-on" == where(other.get("/log"))


def session(made):
    return made.client.cookies["tansiq_session"].value


def test_five_wrong_passphrases_at_the_lock_close_it(town, person):
    """The lock page is no place to guess; another person still gets in."""
    made = at_work(town, person)
    made.post("/lock")
    for _ in range(BOUNDS.sign_on_failures_max):
        assert 403 == made.post("/unlock", {"passphrase": "wrong passphrase"}).status_code
    assert 403 == made.post("/unlock", {"passphrase": PASSPHRASE}).status_code
    town.clock.time += BOUNDS.sign_on_locked_ms
    assert "/" == where(made.post("/unlock", {"passphrase": PASSPHRASE}))


def test_a_page_that_came_from_a_form_is_not_gone_back_to(town, person):
    """Only what can be got again is: an act that was posted is no place."""
    made = at_work(town, person)
    assert 'name="next" value="/log?q=x"' in text_of(made.get("/log?q=x"))
    assert 'name="next" value="/"' in text_of(made.post("/log", {"text": ""}))


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/\\evil", "evil"])
def test_unlocking_leads_to_a_page_of_this_node(town, person, asked):
    """Wherever a form says that it came from."""
    made = at_work(town, person)
    made.post("/lock", {"next": asked})
    assert "/" == where(made.post("/unlock", {"passphrase": PASSPHRASE}))


def test_an_open_stream_ends_with_its_session(town, monkeypatch):
    """A second page of a locked browser hears of it within seconds, and hears nothing else."""
    from tansiq.web.accounts.sessions import end  # noqa: PLC0415 - once configured
    from tansiq.web.shell import edge  # noqa: PLC0415 - once configured

    monkeypatch.setattr(edge, "_LOOK_SECONDS", -1)
    browser = Browser(town.desk("MPA"), DUTY)
    try:
        key = browser.signed[0].partition("=")[2]

        async def ended(sent):
            while b"event: end" not in b"".join(sent):
                await edge.asyncio.sleep(0.05)

        sent = browser.runner.run(_stream(browser, lambda: end(key), ended))
        assert b"event: end" in b"".join(sent)
        assert [b"403"] == browser.hears()[:1]
    finally:
        browser.close()


async def _stream(browser, act, until):
    from tansiq.web.shell.edge import asyncio  # noqa: PLC0415 - once configured
    from tests.noninterference.browser import scope_of  # noqa: PLC0415 - once configured

    sent: list[bytes] = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message.get("body", b""))

    scope = scope_of("GET", "/live", {"host": "localhost", "cookie": browser.cookies})
    stream = asyncio.create_task(browser.edge(scope, receive, send))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(act)
    await asyncio.wait_for(until(sent), 10)
    await asyncio.wait_for(stream, 10)
    return sent
