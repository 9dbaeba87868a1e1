"""Visits of a node's pages without a network: the whole WSGI handler, from the environment to the
bytes.

Nothing is left out: middleware, session, the counts in the head of the page, the template, gzip.
Processor time of this process and of PostgreSQL's behind it.
"""

import gzip
import io
from dataclasses import dataclass
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIHandler

from bench.meter import Meter
from tansiq.desk.act.desk import Desk
from tests.noninterference.browser import session, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one request cost, in seconds, and what came back."""

    spent: float
    text: str


class Visitor:
    """Somebody at a position who has signed on."""

    def __init__(self, desk: Desk, position: str) -> None:
        self._cookie = session(desk, settings_of(desk), position, "P-1")
        self._handler, self._meter = WSGIHandler(), Meter(desk.database)

    def ask(self, address: str) -> Visit:
        """GET an address that is there."""
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_COOKIE": self._cookie, "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
        }  # fmt: skip
        told: list[str] = []
        headers: dict[str, str] = {}

        def start(status: str, given: list[tuple[str, str]]) -> None:
            told.append(status)
            headers.update(given)

        with self._meter.running():
            body = b"".join(self._handler(environ, start))
        plain = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        assert told[0].startswith("200"), (address, told, plain[:300])
        return Visit(spent=self._meter.spent, text=plain.decode())


def searched(page: str, words: str) -> str:
    """The address at which a page shows what holds these words."""
    return f"{page}?q={quote(words)}"
