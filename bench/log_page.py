"""The duty log's pages with many lines."""

import statistics
from collections.abc import Callable

from bench.board import WORDS, Landscape, pour
from bench.visits import Visitor, searched
from tansiq.log.database import Database
from tests import world

ROUNDS = 5


def log_page(database: Database, lines: int, settle: Callable[[], object]) -> dict[str, object]:
    """p50 and p95 over the pages that people open, of each the best of five rounds."""
    made = world.world("MPA", databases=lambda _party: database)
    desk = made.desk("MPA")
    pour(desk, Landscape(2, desk.clock.now()), "log_line", lines)
    settle()
    visitor = Visitor(desk, world.CLEARED)
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for address in addresses(desk.clock.now()):
            spent = visitor.ask(address).spent
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
    found = [searched("/log", word) for word in (WORDS[0], WORDS[-1], "road bridge", "nowhere")]
    parts = ["/log/part", searched("/log/part", WORDS[5]), f"/log/part?after={now}~{zero}"]
    return ["/log", *older, *days, *found, *parts]
