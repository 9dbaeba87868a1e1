"""The duty log's pages with many lines: the whole WSGI handler, from the environment to the bytes.

Nothing is left out: middleware, session, the counts in the head of the page, the template, gzip.
Processor time of this process and of PostgreSQL's behind it.
"""

import io
import statistics
from collections.abc import Callable
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIHandler

from bench.board import WORDS, Landscape, pour
from bench.meter import Meter
from tansiq.log.database import Database
from tests import world
from tests.noninterference.browser import session, settings_of

ROUNDS = 5


def log_page(database: Database, lines: int, settle: Callable[[], object]) -> dict[str, object]:
    """p50 and p95 over the pages that people open, of each the best of five rounds."""
    made = world.world("MPA", databases=lambda _party: database)
    desk = made.desk("MPA")
    pour(desk, Landscape(2, desk.clock.now()), "log_line", lines)
    settle()
    cookie = session(desk, settings_of(desk), world.CLEARED, "P-1")
    handler, meter = WSGIHandler(), Meter(database)

    def ask(address: str) -> tuple[float, int, bytes]:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_COOKIE": cookie, "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
        }  # fmt: skip
        told: list[str] = []
        with meter.running():
            body = b"".join(handler(environ, lambda status, _headers: told.append(status)))
        return meter.spent, int(told[0].split()[0]), body

    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for address in addresses(desk.clock.now()):
            spent, status, body = ask(address)
            assert status == 200, (address, status, body[:300])
            best[address] = min(best.get(address, spent), spent)
    spent = sorted(best.values())
    quantile = statistics.quantiles(spent, n=100, method="inclusive")
    slowest = sorted(best, key=lambda address: -best[address])[:5]
    return {
        "lines": lines, "p50_ms": round(quantile[49] * 1_000, 1),
        "p95_ms": round(quantile[94] * 1_000, 1), "max_ms": round(spent[-1] * 1_000, 1),
        "slowest": {address: round(best[address] * 1_000, 1) for address in slowest},
    }  # fmt: skip


def addresses(now: int) -> list[str]:
    """The log, its part, older pages near and far, other days, words that are common and rare."""
    zero = "MPA/00000000-0000-4000-8000-000000000000"
    older = [f"/log?after={now - days * 86_400_000}~{zero}" for days in (1, 9, 90, 400, 729)]
    days = [f"/log?day={day}" for day in ("2020-12-01", "2020-03-05", "2019-06-30")]
    found = [f"/log?q={quote(word)}" for word in (WORDS[0], WORDS[-1], "road bridge", "nowhere")]
    parts = ["/log/part", f"/log/part?q={quote(WORDS[5])}", f"/log/part?after={now}~{zero}"]
    return ["/log", *older, *days, *found, *parts]
