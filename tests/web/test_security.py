"""What a hostile browser, file or person tries, and what comes of it."""

import re

import pytest

from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.web.shell.edge import POLICY
from tests.noninterference.addresses import FORM, filled, patterns
from tests.noninterference.browser import CSRF, Browser, cookie_names, scope_of, settings_of
from tests.web.hostile import multipart, part, runs
from tests.world import both_ways, incident, line, to, uuid_of, worlds

LANGUAGES = ("en", "ar", "ckb")
ACTS = (
    "record-step", "record-unknown", "case-act", "circle-act", "goes", "sign", "stick-make",
    "inward-decide", "unlock", "active", "key-revoke", "key-pass", "authorise", "audit-verify",
    "evidence", "hear", "note", "duty", "call", "alarms-seen", "new-authority", "accept-names",
    "inbox-acknowledge", "log-proposed",
    "catalogue-look", "catalogue-offer", "catalogue-take", "safety-read-back", "safety-called",
    "safety-stand-down", "safety-follow-up", "reform-iati-act", "project-list-look",
    "project-list-take", "course-list-look", "course-list-take", "certificates-list",
    "certificate-withdraw", "certificate-instead", "suspension-act", "plans-choose", "safety-sites",
    "site-verify", "site-notify", "site-confirm", "line-put", "line-answer", "proposal-accept",
    "assessment-basis",
    "lesson-go-on", "meeting-open", "meeting-propose", "meeting-agree", "meeting-settle",
    "medevac-offer", "medevac-crossing", "medevac-follow-up", "wall-show",
    "joint-go-on", "joint-answer", "joint-review",
    "sealed-ask", "sealed-agreed",
)  # fmt: skip
ENDS = {"sign-off", "lock"}
OPEN_PAGES = {
    "home", "sign-on", "sign-off", "language", "theme", "sign-on-passkey", "passkey-options"
}  # fmt: skip
PASSPHRASE = "a passphrase for tests"


@pytest.fixture(scope="module")
def town():
    """Two parties that have agreed; MPA has a record, MOD has it too."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        settings_of(made.desk("MPA"))
        record = made.write("MPA", "fire", incident(to("MOD")))
        made.write("MPA", "line", line(to("MOD")))
        made.release("MPA", record, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made


@pytest.fixture
def screen(town):
    """A duty officer of MPA."""
    browser = Browser(town.desk("MPA"), "duty-officer")
    yield browser
    browser.close()


@pytest.fixture
def stranger(town):
    """Somebody who has not signed on."""
    browser = Browser(town.desk("MPA"))
    yield browser
    browser.close()


def addresses():
    """One address of every name."""
    return {name: next(filled(name)) for name in patterns()}


# Sessions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cookie", ["", "x" * 32, "../../etc", "'; DROP TABLE", "\x7f", "a=b"])
def test_no_session_no_page(stranger, cookie):
    """Without a session, or with one that was made up, every page leads to the sign-on page."""
    name, csrf = cookie_names()
    for page, address in addresses().items():
        if page not in OPEN_PAGES:
            ask = stranger.post if page in ACTS else stranger.get
            reply = ask(address, cookie=f"{name}={cookie}; {csrf}={CSRF}")
            assert (302, "/sign-on") == (reply.status, reply.header("location")), address
    assert [b"403"] == stranger.hears()[:1]


def test_a_session_is_of_one_position_and_one_person(town, screen):
    """No field of a form and no address makes somebody of another position out of a session."""
    assert 403 == screen.post("/links/MOD/sign", {"position": "liaison-officer"}).status
    assert b"Administrator" not in screen.get("/log?position=administrator").body
    gone = Browser(town.desk("MPA"), "no-such-position")
    try:
        assert "/sign-on" == gone.get("/log").header("location")
    finally:
        gone.close()


def signed_on(browser, position="duty-officer", person="P-77", passphrase=PASSPHRASE):
    form = {"position": position, "person": person, "passphrase": passphrase}
    return browser.post("/sign-on", form)


@pytest.fixture
def people(town):
    """Two persons with a passphrase, one position each."""
    from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415 - once configured

    set_passphrase("P-77", ["duty-officer"], PASSPHRASE)
    set_passphrase("P-78", ["duty-officer"], PASSPHRASE)
    return set_passphrase


def test_signing_on_begins_a_new_session(people, stranger):
    """An identifier that was planted before is worth nothing after, and cookies are closed."""
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    planted = SessionStore()
    planted["offered_card"] = "of somebody else"
    planted.create()
    name, csrf = cookie_names()
    cookies = f"{name}={planted.session_key}; {csrf}={CSRF}"
    reply = stranger.ask(
        "POST", "/sign-on", headers={"cookie": cookies, **_form_headers()}, body=_signing()
    )
    assert (302, "/") == (reply.status, reply.header("location"))
    set_cookies = [value for header, value in reply.headers if header == "set-cookie"]
    assert set_cookies
    for cookie in set_cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
    assert not planted.exists(planted.session_key)


def _form_headers():
    return {"content-type": "application/x-www-form-urlencoded"}


def _signing():
    return (
        f"csrfmiddlewaretoken={CSRF}&position=duty-officer&person=P-77&passphrase={PASSPHRASE}"
    ).replace(" ", "+").encode()  # fmt: skip


def test_a_changed_person_is_signed_off_everywhere(people, screen):
    """Who gets another passphrase or other positions has no open session left."""
    session = Browser(screen.desk, "duty-officer", "P-78", edge=screen.edge)
    try:
        assert 200 == session.get("/log").status
        people("P-78", ["adviser"], PASSPHRASE)
        assert "/sign-on" == session.get("/log").header("location")
        assert 200 == screen.get("/log").status
    finally:
        session.close()


def test_five_failures_lock_and_every_failure_reads_alike(people, stranger):
    """Unknown person, wrong position, wrong passphrase, locked: the same bytes."""
    wrong = {
        "passphrase": signed_on(stranger, person="P-77", passphrase="wrong passphrase"),
        "position": signed_on(stranger, person="P-77", position="adviser"),
        "person": signed_on(stranger, person="P-99"),
    }
    bodies = {
        name: re.sub(rb' selected|"P-\d\d"', b"", reply.body) for name, reply in wrong.items()
    }
    assert {403} == {reply.status for reply in wrong.values()}
    assert 1 == len(set(bodies.values()))
    assert 1 == len({reply.headers for reply in wrong.values() if "selected" in reply.text})
    for _ in range(BOUNDS.sign_on_failures_max):
        signed_on(stranger, person="P-77", passphrase="wrong passphrase")
    locked = signed_on(stranger, person="P-77")
    assert 403 == locked.status
    assert bodies["passphrase"] == re.sub(rb' selected|"P-\d\d"', b"", locked.body)
    assert 302 == signed_on(stranger, person="P-78").status
    stranger.desk.clock.time += BOUNDS.sign_on_locked_ms
    assert 302 == signed_on(stranger, person="P-77").status


# Forms and addresses -----------------------------------------------------------------------------


def test_a_form_needs_the_token_of_its_browser(screen):
    """Without a token, with another's, or with an empty one: refused in words, nothing done."""
    for name, address in addresses().items():
        for token in (None, "", "d" * 32, CSRF[:-1]):
            body = "text=forged" if token is None else f"text=forged&csrfmiddlewaretoken={token}"
            reply = screen.ask("POST", address, headers=_form_headers(), body=body.encode())
            assert 403 == reply.status, name
            assert "This form is too old" in reply.text, name
    assert b"forged" not in screen.get("/log").body


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil",
     "javascript:alert(1)", "evil.example", "/%0d%0aSet-Cookie:x=1", "/\r\nSet-Cookie: x=1",
     "", "/" + "a" * 5000, "//[", "http://[::1", "//\uff0fevil", "//user:[@evil"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(screen, asked):
    """Where a choice leads back to is a page of this node, whatever the address asks for."""
    from urllib.parse import quote  # noqa: PLC0415 - of this test alone

    for reply in (
        screen.get(f"/language/ar?next={quote(asked, safe='')}"),
        screen.post("/theme", {"theme": "day", "next": asked}),
    ):
        where = reply.header("location")
        assert 302 == reply.status
        assert where.startswith("/")
        assert where[1:2] not in ("/", "\\")
        assert not any(character in where for character in "\r\n\t")
        assert "set-cookie: x" not in repr(reply.headers).lower()


@pytest.mark.parametrize(
    "path",
    ["/../etc/passwd", "/static/../site.py", "/static/%2e%2e/site.py", "/static/..%2f..%2fsite.py",
     "//log", "/log/", "/record/MPA/../log", "/record/%00/" + uuid_of("fire/1"), "/static/",
     "/record/MPA/" + uuid_of("fire/1").upper(), "/links/%2e%2e", "/links/MOD/stick/-1",
     "/links/MOD/stick/99999999999999999999", "/\ufffd", "/record/mpa/" + uuid_of("fire/1"),
     "/incidents?after=1~MPA/x&q=" + "x" * 5000, "/map/data?bbox=nan,inf,1,2",
     "/log?until=9999-99-99",
     "/map/data?bbox=1e400,1,2,3", "/incidents?q=%22%27%3B--", "/log?q=" + "%22" * 50],
)  # fmt: skip
def test_strange_paths_end_in_words(screen, path):
    """A path that leads nowhere is not found; none fails, none leaves the folder."""
    reply = screen.get(path)
    assert reply.status in (200, 302, 404, 422), (path, reply.status)
    assert b"SECRET_KEY" not in reply.body
    assert b"root:" not in reply.body


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "X"])
def test_other_methods_are_refused(screen, method):
    """Only what a page declares is taken."""
    for name, address in addresses().items():
        reply = screen.ask(method, address, headers={"x-csrftoken": CSRF})
        assert 405 == reply.status, name
    assert 404 == screen.ask(method, "/static/app.css").status


def test_what_only_changes_is_not_got(screen):
    """A GET changes nothing: acts are posted."""
    for name in ("sign-off", "theme", *ACTS):
        assert 405 == screen.get(addresses()[name]).status, name


@pytest.mark.parametrize(
    "headers",
    [{"content-length": str(BOUNDS.form_bytes_max + 1)}, {"transfer-encoding": "chunked"},
     {"content-length": "many"}, {"content-length": "-1"}],
)  # fmt: skip
def test_what_is_too_large_or_unmeasured_is_refused_in_words(screen, headers):
    """Before a byte of it is read."""
    reply = screen.ask("POST", "/log", headers={**headers, **_form_headers()})
    assert 413 == reply.status
    assert f"{BOUNDS.form_bytes_max // MIB} MB" in reply.text
    assert "ميغابايت" in reply.text


def test_too_many_fields_or_files_are_refused_in_words(screen):
    """A form of ours has few of either."""
    many = {f"field-{number}": "x" for number in range(500)}
    reply = screen.post("/log", many)
    assert 400 == reply.status
    assert "not valid" in reply.text
    parts = b"".join(part(f'name="files"; filename="{n}.txt"', b"x") for n in range(20))
    reply = multipart(screen, "/log", parts)
    assert 400 == reply.status


def test_a_body_that_is_no_form_ends_in_words(screen):
    """Cut multipart, other types, a length that lies: refused, nothing saved."""
    for kind, body in (
        ("multipart/form-data; boundary=cut", b"--cut\r\nContent-Disposition: form-data"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=" + "b" * 300, b"x"),
        ("application/json", b'{"text": "x"}'),
        ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-"),
        ("application/x-www-form-urlencoded", b"%ff=%fe&csrfmiddlewaretoken=" + CSRF.encode()),
    ):
        reply = screen.ask("POST", "/log", headers={"content-type": kind}, body=body)
        assert reply.status in (400, 403, 415, 422), (kind, reply.status)
        assert reply.body, kind


# Headers and failures ----------------------------------------------------------------------------


def test_every_reply_carries_the_policy(screen, stranger):
    """Pages, files, events, redirects, refusals and failures: none runs foreign code."""
    posted = [address for page, address in addresses().items() if page not in ENDS]
    asked = [
        *(screen.get(address) for address in addresses().values()),
        *(screen.post(address, FORM) for address in posted),
        stranger.get("/log"), screen.get("/static/app.css"), screen.get("/static/none"),
        screen.get("/health"), screen.get("/nothing"), screen.get("/log", host="elsewhere"),
        screen.ask("POST", "/log", headers={"transfer-encoding": "chunked"}),
        screen.ask("POST", "/log", body=b"x=1"), screen.ask("PUT", "/log"),
        stranger.get("/live"),
    ]  # fmt: skip
    for reply in asked:
        assert POLICY == reply.header("content-security-policy")
        assert "nosniff" == reply.header("x-content-type-options")
        if reply.header("content-type").startswith("text/html"):
            assert [] == runs(reply.text)


def test_no_node_signs_on_by_a_link(stranger):
    """What the demo's own routes do, is not there in a node that is served in earnest."""
    for address in ("/demo", "/demo/open?person=MPA-11&position=duty-officer&to=/"):
        assert 404 == stranger.get(address).status


def test_the_policy_has_no_hole():
    """No inline code, no foreign host, no frame."""
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_the_stream_carries_the_policy_too(screen):
    """Also the reply that never ends."""
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = scope_of("GET", "/live", {"host": "localhost", "cookie": screen.cookies})
    screen.runner.run(screen.edge(scope, receive, send))
    assert dict(sent[0]["headers"])[b"content-security-policy"] == POLICY.encode()


def test_a_fault_shows_no_traceback(screen, monkeypatch):
    """What fails inside says that it failed, in three languages, and nothing else."""
    from tansiq.web.log import views  # noqa: PLC0415 - once Django is configured

    def broken(*_):
        raise ZeroDivisionError("in a secret place")

    monkeypatch.setattr(views, "lines", broken)
    reply = screen.get("/log")
    assert 500 == reply.status
    assert not re.search(r"Traceback|ZeroDivision|secret place|\.py", reply.text)
    assert {'lang="en"', 'lang="ar"', 'lang="ckb"'} <= set(re.findall(r'lang="\w+"', reply.text))
