"""Raw connections to a served node: what no browser and no partner would send."""

import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Self

import httpx

from tansiq.node.scenario.cast import PARTIES, passphrase_of
from tests.e2e.nodes import LiveNode

HERE = "127.0.0.1"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def said(port: int, data: bytes, wait: float = 10.0) -> bytes:
    """All that comes back for some bytes until the node closes or is silent."""
    with socket.create_connection((HERE, port), timeout=wait) as one:
        one.sendall(data)
        return _rest(one)


def _rest(one: socket.socket) -> bytes:
    found = b""
    try:
        while part := one.recv(65_536):
            found += part
    except (TimeoutError, ConnectionError, ssl.SSLError):
        return found
    return found


def request(
    target: str = "/sign-on", *headers: str, method: str = "GET", port: int = 80, body: bytes = b""
) -> bytes:
    """A request, byte for byte; the connection ends after it."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {HERE}:{port}", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    """The status of the first answer; 0 where there was none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def answers(answer: bytes) -> int:
    """How many answers came: one request has one."""
    return answer.count(b"HTTP/1.1 ")


@contextmanager
def held(port: int, count: int, begun: bytes) -> Iterator[list[socket.socket]]:
    """Many connections that began to say something and go no further."""
    with ExitStack() as stack:
        kept = []
        for _ in range(count):
            one = socket.create_connection((HERE, port), timeout=5)
            kept.append(stack.enter_context(one))
            if begun:
                one.sendall(begun)
        yield kept


def seconds_of(node: LiveNode) -> float:
    """How long an honest person waits for a page."""
    begun = time.monotonic()
    with httpx.Client(trust_env=False, timeout=30) as client:
        reply = client.get(f"{node.url}/sign-on")
    assert reply.status_code == 200
    return time.monotonic() - begun


class Visitor:
    """A browser without a window, that may sign on."""

    def __init__(self, node: LiveNode) -> None:
        self.node = node
        self.client = httpx.Client(base_url=node.url, trust_env=False, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def token(self, path: str = "/sign-on") -> str:
        """The token of a form."""
        found = _TOKEN.search(self.client.get(path).text)
        assert found is not None, path
        return found[1]

    def sign_on(self, position: str, *, person: str = "", passphrase: str = "") -> httpx.Response:
        """The form of the sign-on page."""
        known = PARTIES[self.node.party].people.items()
        person = person or next(who for who, posts in known if position in posts)
        form = {
            "csrfmiddlewaretoken": self.token(), "position": position, "person": person,
            "passphrase": passphrase or passphrase_of(person),
        }  # fmt: skip
        return self.client.post("/sign-on", data=form)

    def session(self) -> tuple[str, str]:
        """The name and value of the session's cookie."""
        name = next(name for name in self.client.cookies if name.endswith("_session"))
        return name, self.client.cookies[name]
