"""The port of the pages, from a socket: requests with two meanings, paths that climb, waiting."""

import socket

import pytest

from tansiq.domain.bounds import BOUNDS
from tansiq.node.scenario.cast import PARTIES
from tests.e2e.nodes import log_of
from tests.intruder.wire import HERE, answers, held, request, said, seconds_of, status

HELD = 300
# With the cookie, or the pages refuse it without reading on.
HALF_A_BODY = request(
    "/sign-on", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 900",
    f"Cookie: tansiq_{PARTIES['MPA'].node}_csrf={'c' * 32}", method="POST", body=b"position=",
)  # fmt: skip
HONEST_SECONDS = 20.0  # on a machine that does much else

TWO_MEANINGS = {
    "length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "chunks and length": ("Transfer-Encoding: chunked", "Content-Length: 5"),
    "two lengths": ("Content-Length: 5", "Content-Length: 50"),
    "lengths in one line": ("Content-Length: 5, 50",),
    "chunks spelt oddly": ("Transfer-Encoding : chunked", "Content-Length: 5"),
    "chunks, then identity": ("Transfer-Encoding: chunked, identity",),
    "a vertical tab": ("Transfer-Encoding:\x0bchunked", "Content-Length: 5"),
    "a signed length": ("Content-Length: +5",),
    "a length in hex": ("Content-Length: 0x5",),
    "a folded header": ("X-Note: a", " Content-Length: 5", "Content-Length: 50"),
    "a bare line feed": ("X-Note: a\nTransfer-Encoding: chunked",),
}


@pytest.mark.parametrize("name", sorted(TWO_MEANINGS))
def test_a_request_that_means_two_things_is_one_refusal(node, name):
    """What could be read as one request or as two is refused once, and the rest is not read."""
    smuggled = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    body = b"0\r\n\r\n" + smuggled
    sent = request("/sign-on", *TWO_MEANINGS[name], method="POST", port=node.web_port, body=body)
    answer = said(node.web_port, sent.replace(b"Connection: close\r\n", b""), wait=3)
    assert status(answer) in (0, 400, 403, 413), answer[:200]
    assert b'{"status":"ok"}' not in answer
    assert answers(answer) <= 1


PATHS = (
    "/../../etc/passwd", "/static/../site.py", "/static/%2e%2e/%2e%2e/site.py",
    "/static/..%2f..%2f..%2fetc/passwd", "/static/%252e%252e%252fsite.py",
    "/static/..%5c..%5csite.py", "/static/..\\..\\site.py", "/static/app.css%00.png",
    "/static//etc/passwd", "/static/./app.css/../x", "/static/%c0%ae%c0%ae/%c0%ae%c0%ae/site.py",
    "/static/%e0%80%ae%e0%80%ae/site.py", "/%2e%2e/%2e%2e", "//etc/passwd",
    "/record/MPA/..%2f..%2fsettings.json", "/links/..%2f..%2fkeys/stick/1",
    "/links/MOD/stick/..%2fnode.seed", "/record/%2e%2e/file", "/tansiq.sqlite3",
    "/keys/node.seed", "/accounts.sqlite3", "/.git/config", "/settings.json", "/static/",
    "/static", "http://evil.example/static/app.css", "http://127.0.0.1/../keys/node.seed", "/%",
    "/%zz", "/?%00",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leaves_the_pages(node, path):
    """Climbing, hiding, doubling, naming a file: not found, sign on first, or refused."""
    answer = said(node.web_port, request(path, port=node.web_port), wait=5)
    assert status(answer) in (302, 400, 404), answer[:200]
    for secret in (b"root:", b"SECRET", b"import ", b"SQLite format", b"PRIVATE", b"Traceback"):
        assert secret not in answer


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "evil.example:80",
     "127.0.0.1:80/evil", "", "[::1]evil", "127.0.0.1\tevil"],
)  # fmt: skip
def test_another_name_of_the_node_is_no_name(node, host):
    """What a host header says is on the list, or the request ends; it stands in no answer."""
    data = f"GET /sign-on HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    answer = said(node.web_port, data, wait=5)
    assert status(answer) in (0, 400), answer[:100]
    assert b"evil" not in answer
    forwarded = request("/", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https",
                        "Forwarded: host=evil.example", port=node.web_port)  # fmt: skip
    answer = said(node.web_port, forwarded, wait=5)
    assert status(answer) == 302
    assert b"evil" not in answer


def test_two_hosts_are_no_host(node):
    """A request with two hosts is refused."""
    data = request("/sign-on", "Host: evil.example", port=node.web_port)
    assert status(said(node.web_port, data, wait=5)) == 400


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("noise", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)),
        ("a long line", b"GET /" + b"a" * 200_000),
        ("a long header", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000),
        ("many headers", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 40_000),
        ("a null", b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ],
)
def test_what_is_no_request_gets_nothing(node, what, data):
    """Noise and heads without an end are cut off; the answer has nothing in it."""
    answer = said(node.web_port, data, wait=5)
    assert status(answer) in (0, 400, 431), (what, answer[:100])
    assert b"\r\n\r\n" not in answer or answer.endswith(b"\r\n\r\n")


def test_a_body_is_measured_before_it_is_read(node):
    """Too large, or large from somebody who has not signed on: refused before a byte of it came."""
    for size in (BOUNDS.form_bytes_max + 1, 10**12, 70_000):
        data = request("/sign-on", f"Content-Length: {size}", method="POST", port=node.web_port)
        answer = said(node.web_port, data, wait=5)
        assert status(answer) == 413, size
        assert "كبر".encode() in answer


@pytest.mark.parametrize(
    ("what", "begun"),
    [
        ("silence", b""),
        ("half a head", b"GET /sign-on HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "),
        ("half a body", HALF_A_BODY),
        ("no reader", request("/static/app.css").replace(b"Connection: close\r\n", b"") * 60),
    ],
)  # fmt: skip
def test_those_who_wait_do_not_keep_others_out(node, what, begun):
    """Three hundred connections that go no further, and an honest person still gets a page."""
    with held(node.web_port, HELD, begun) as kept:
        assert len(kept) == HELD
        assert seconds_of(node) < HONEST_SECONDS, what
    assert seconds_of(node) < HONEST_SECONDS


def test_a_head_must_come_in_time(node):
    """Whoever says a head drop by drop is let go."""
    with socket.create_connection((HERE, node.web_port), timeout=40) as slow:
        slow.sendall(b"GET /sign-on HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        assert b"" == slow.recv(100)


def test_the_running_log_holds_nothing_that_strangers_sent(node):
    """Whatever was asked, the log has one event a line, and no word of the asker."""
    marked = "forged%0a%7B%22event%22:%22started%22%7D"
    said(
        node.web_port,
        request(f"/{marked}?{marked}", f"X-Note: {marked}", port=node.web_port),
        wait=5,
    )
    told = log_of(node).read_text("utf-8")
    assert "forged" not in told
    assert "Traceback" not in told
