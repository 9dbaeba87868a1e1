"""Cookies of a served node: forged, altered, expired, foreign, planted; signing on by force."""

import re
import sqlite3
import time
from contextlib import ExitStack

import pytest

from tansiq.domain.bounds import BOUNDS
from tests.intruder.wire import Visitor

GUESSES = (
    "", "0" * 32, "a" * 32, "../../../../etc/passwd", "1 OR 1=1", "' UNION SELECT 1 --", "\x7f",
    "eyJwb3NpdGlvbiI6ICJsaWFpc29uIn0:1abcde:sig", "é" * 16, "x" * 4_000, "null", "{}",
)  # fmt: skip
PROTECTED = (
    "/log",
    "/incidents",
    "/map",
    "/map/data",
    "/inbox",
    "/links",
    "/holdings",
    "/approvals",
)


def sessions_of(node) -> sqlite3.Connection:
    """The accounts of a node, as somebody with its disk could open them."""
    return sqlite3.connect(node.folder / "accounts.sqlite3", timeout=30)


@pytest.fixture
def signed_on(node):
    """A duty officer who has signed on."""
    with Visitor(node) as visitor:
        assert 302 == visitor.sign_on("duty-officer").status_code
        assert 200 == visitor.client.get("/log").status_code
        yield visitor


def test_a_guessed_session_is_none(node, signed_on):
    """A cookie that the node did not give leads to the sign-on page from everywhere."""
    name, real = signed_on.session()
    altered = (real[:-1] + ("a" if real[-1] != "a" else "b"), real.upper(), real + "a", real[1:])
    with Visitor(node) as visitor:
        for value in (*GUESSES, *altered):
            for path in PROTECTED[:2]:
                headers = [(b"cookie", f"{name}={value}".encode())]
                reply = visitor.client.get(path, headers=headers)
                assert 302 == reply.status_code, (path, value)
                assert reply.headers["location"].startswith("/sign-on")


def test_a_session_of_another_node_is_none(walked, signed_on):
    """A good session of one node is nothing at the other, under either name."""
    _, real = signed_on.session()
    with Visitor(walked["MOD"]) as other:
        assert 302 == other.sign_on("duty-officer").status_code
        name, own = other.session()
        assert own != real
        other.client.cookies.clear()
        for path in PROTECTED:
            reply = other.client.get(path, headers={"cookie": f"{name}={real}"})
            assert 302 == reply.status_code, path


def test_an_expired_session_is_none(node):
    """A session of yesterday opens nothing, though the browser still sends its cookie."""
    with Visitor(node) as visitor:
        visitor.sign_on("duty-officer")
        _, real = visitor.session()
        with sessions_of(node) as accounts:
            query = "UPDATE accounts_opensession SET opened = opened - 86400000 WHERE key = ?"
            changed = accounts.execute(query, (real,))
        accounts.close()
        assert 1 == changed.rowcount, real
        reply = visitor.client.get("/log")
        assert 302 == reply.status_code


def test_a_planted_session_is_worth_nothing_after(node):
    """Who plants a cookie before somebody signs on does not share the session that begins."""
    with Visitor(node) as visitor, Visitor(node) as thief:
        visitor.client.get("/sign-on")
        name = f"tansiq_{node.folder.name}_session"
        visitor.client.cookies.set(name, "f" * 32, domain="127.0.0.1")
        assert 302 == visitor.sign_on("duty-officer").status_code
        values = [cookie.value for cookie in visitor.client.cookies.jar if cookie.name == name]
        assert any(value != "f" * 32 for value in values)
        reply = thief.client.get("/log", headers={"cookie": f"{name}={'f' * 32}"})
        assert 302 == reply.status_code


def test_signing_off_ends_the_session_everywhere(node, signed_on):
    """A copy of the cookie is worth nothing once its owner has signed off."""
    name, real = signed_on.session()
    with Visitor(node) as thief:
        cookie = {"cookie": f"{name}={real}"}
        assert 200 == thief.client.get("/log", headers=cookie).status_code
        form = {"csrfmiddlewaretoken": signed_on.token("/log")}
        assert 302 == signed_on.client.post("/sign-off", data=form).status_code
        assert 302 == thief.client.get("/log", headers=cookie).status_code


def test_cookies_are_closed_and_pages_are_not_kept(node):
    """HttpOnly, SameSite, no domain; no page with content may be stored by anybody."""
    with Visitor(node) as visitor:
        told = [*visitor.client.get("/sign-on").headers.get_list("set-cookie"),
                *visitor.sign_on("duty-officer").headers.get_list("set-cookie")]  # fmt: skip
        assert told
        for cookie in told:
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert "domain" not in cookie.lower()
        for path in PROTECTED:
            reply = visitor.client.get(path)
            assert "no-store" in reply.headers["cache-control"], path
            assert "frame-ancestors 'none'" in reply.headers["content-security-policy"], path
            assert "nosniff" == reply.headers["x-content-type-options"], path
            assert not {"server", "x-powered-by"} & set(reply.headers), path


def test_a_form_from_elsewhere_does_nothing(node, signed_on):
    """A good session without the page's token, or with a foreign origin, changes nothing."""
    good = signed_on.token("/log")
    form = {"text": "forged by another site", "observed": "2020-11-22 13:00"}
    client = signed_on.client
    tries = [
        client.post("/log", data=form),
        client.post("/log", data={**form, "csrfmiddlewaretoken": "d" * 64}),
        client.post("/log", data={**form, "csrfmiddlewaretoken": good},
                    headers={"origin": "http://evil.example"}),
        client.post("/log", data={**form, "csrfmiddlewaretoken": good}, headers={"origin": "null"}),
        client.post("/log", json={**form, "csrfmiddlewaretoken": good}),
        client.post("/log", content=b"text=forged by another site",
                    headers={"content-type": "text/plain", "origin": "http://evil.example"}),
    ]  # fmt: skip
    assert {403} == {reply.status_code for reply in tries}
    overridden = [
        client.get("/log", params={**form, "csrfmiddlewaretoken": good, "_method": "POST"}),
        client.get("/log", params=form, headers={"x-http-method-override": "POST"}),
    ]
    assert {200} == {reply.status_code for reply in overridden}
    assert "forged by another site" not in client.get("/log/part").text


def test_nobody_learns_who_exists(node):
    """Unknown person, wrong passphrase, wrong position: the same status, words and work."""
    with Visitor(node) as visitor:
        replies, took = [], []
        for position, person in (
            ("duty-officer", "P-0000"), ("liaison-officer", "NOBODY"), ("no-such", "P-1"),
        ):  # fmt: skip
            begun = time.monotonic()
            replies.append(visitor.sign_on(position, person=person, passphrase="guessed at once"))
            took.append(time.monotonic() - begun)
        assert {403} == {reply.status_code for reply in replies}
        assert 1 == len({re.sub(r"<[^>]*>|\s+", " ", reply.text).strip() for reply in replies})
        assert min(took) > 0.02  # a passphrase was hashed each time


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example",
     "///evil.example", "/%2f/evil.example", "javascript:alert(1)", "http:evil.example",
     "/%0d%0aSet-Cookie:%20x=1"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(node, asked):
    """Where a choice leads back to is on this node."""
    with Visitor(node) as visitor:
        reply = visitor.client.get("/language/ar", params={"next": asked})
        where = reply.headers["location"]
        assert where.startswith("/")
        assert not re.match(r"/[/\\]", where)
        assert "x=1" not in "".join(reply.headers.get_list("set-cookie"))


def test_one_person_does_not_take_all_streams(node):
    """Live events are held open for a bounded number of pages of one person; others get theirs."""
    with Visitor(node) as greedy, Visitor(node) as other, ExitStack() as open_streams:
        greedy.sign_on("duty-officer")
        other.sign_on("liaison-officer")
        most = BOUNDS.live_streams_person_max
        told = [
            open_streams.enter_context(greedy.client.stream("GET", "/live")).status_code
            for _ in range(most + 2)
        ]
        assert [200] * most + [503] * 2 == told
        assert 200 == open_streams.enter_context(other.client.stream("GET", "/live")).status_code
