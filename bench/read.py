"""What the release filter costs, and how long the duty log's page takes, on both stores.

Newest 500 in a map window and counts per map cell, for readers who are in two fifths, 15 and 2 in
a hundred of the audiences, against a reader whom no label binds. The unbound reader has the same
indexes, the same choice between them and the same SQL but for the filter: what it does best, not
what it does worst. On PostgreSQL the others read behind row level security as well. Queries of all
readers take turns; of twelve rounds the best counts, in processor time, PostgreSQL's included.

A figure is the ratio of two percentiles over 36 windows: a town, a region and the country, over 1,
7 and 90 days, at four places and times. The worst reader, question, store and size is what is
printed. Every answer is compared with what the unbound reader gets and the rules let through.

``filter_ratio`` is of reading: rows and their content as bytes. ``opened_ratio`` is of the whole
answer, the newest 500 as sealed and opened views: what somebody waits for.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.board import DAY, Landscape, pour, viewers
from bench.command import options_of, tell
from bench.log_page import log_page
from bench.meter import Meter
from tansiq.board.board import Board
from tansiq.board.index_scan import After, IndexScan, Window
from tansiq.board.queries import row_reader
from tansiq.board.routes import Plan, choose, sample_of
from tansiq.board.views import rows_of
from tansiq.board.visible_labels import VisibleLabels, visible_to
from tansiq.domain.parties import Viewer
from tansiq.domain.places import E7
from tansiq.log.database import Database, Row, RowReader, Sqlite, Value
from tansiq.log.dialect import Dialect
from tansiq.log.postgres import Postgres
from tansiq.node import garbage
from tansiq.policy.release import open_all
from tests import world
from tests.stores import cluster

ROUNDS = 12
OPENED_ROUNDS = 4  # of the whole answer, which is dear
QUESTIONS = ("newest", "cells", "opened")
NEWEST = 500
SIZES = (100_000, 1_000_000)
STORES = ("sqlite", "postgresql")
COUNTRY = (387_000_000, 289_000_000, 487_000_000, 375_000_000)
SIDES = {0.3: 100_000, 2.0: 500_000, 0.0: 5_000_000}  # of a map cell, by the size of the window
EXTENTS = ("town", "region", "country")  # every third window after another, see windows()


class Unbound(VisibleLabels):
    """Sees everything: what a filter is measured against. Nothing like it exists in the program."""

    __slots__ = ()

    def where(
        self, dialect: Dialect, now: int, *, leading: bool = False
    ) -> tuple[str, list[Value]]:
        """No condition."""
        return "1 = 1", []


class UnboundScan(IndexScan):
    """Walks where labels do not count."""

    def plan(self, kind: str, until: int, limit: int, after: After | None = None) -> Plan:
        """The cheapest of the plans that are left."""
        window = self.window
        sample = sample_of(self.board, kind, self.now)
        return choose(
            sample, None, window.box, since=window.since, until=until, limit=limit
        )  # fmt: skip


@dataclass
class Reader:
    """Somebody who asks, and what each question cost at best."""

    name: str
    visible: VisibleLabels
    scan: type[IndexScan] = IndexScan
    viewer: Viewer | None = None
    reader: RowReader | None = None
    best: dict[tuple[str, int], float] = field(default_factory=dict)

    def reading(self, database: Database) -> AbstractContextManager[None]:
        """Behind the second wall, where the store has one; the unbound reader has none."""
        return nullcontext() if self.reader is None else database.reading(self.reader)

    def ask(self, asked: dict[str, Callable[[], object]], number: int, meter: Meter) -> None:
        """Every question of one window, once."""
        for question, ask in asked.items():
            with meter.running():
                ask()
            kept = self.best.get((question, number), meter.spent)
            self.best[question, number] = min(kept, meter.spent)

    def percentile(self, question: str, per_cent: int, extent: str = "") -> float:
        """Over all windows, or those of one extent, in milliseconds."""
        found = [
            spent
            for (asked, number), spent in self.best.items()
            if asked == question and extent in ("", EXTENTS[number // 3 % 3])
        ]
        return statistics.quantiles(found, n=100, method="inclusive")[per_cent - 1] * 1_000


def windows(land: Landscape) -> Iterator[tuple[Window, int]]:
    """The 36 windows, and the side of a map cell in each."""
    for place in range(4):
        lat, lon = land.towns[3 * place]
        until = 0 if place < 2 else land.now - 100 * place * DAY
        for size, side in SIDES.items():
            box = COUNTRY
            if size:
                west, south = round((lon - size / 2) * E7), round((lat - size / 2) * E7)
                box = (west, south, west + round(size * E7), south + round(size * E7))
            for days in (1, 7, 90):
                since = (until or land.now) - days * DAY
                window = Window(box=box, since=since, until=until, words="")
                yield window, side


def questions(scan: IndexScan, side: int) -> dict[str, Callable[[], object]]:
    """What is asked of one window."""
    return {
        "newest": lambda: newest(scan),
        "cells": lambda: scan.cells("incident", side),
    }


def newest(scan: IndexScan) -> list[Row]:
    """The newest rows with their entries, which nobody has read yet."""
    keys = scan.first(("incident",), NEWEST)
    with scan.board.db.engine():
        rows = rows_of(scan.board.db, [int(str(key[2])) for key in keys])
    return [(*key[:2], *rows[key[2]]) for key in keys]


def opened(one: Reader, scan: IndexScan) -> list[object]:
    """The whole answer: sealed and opened views, as the program gives them."""
    keys = scan.first(("incident",), NEWEST)
    found = scan.views(keys)
    views = [found[key[2]][1] for key in keys]
    return list(views) if one.viewer is None else list(open_all(one.viewer, views, scan.now))


def compare(board: Board, land: Landscape) -> dict[str, object]:
    """All readers' costs on one board, and the ratios."""
    meter, order = Meter(board.db), random.Random(1)
    unbound = Reader("unbound", Unbound(own=(), others=()), UnboundScan)
    bound = [_bound(board, name, viewer, land.now) for name, viewer in viewers(land).items()]
    for number, (window, side) in enumerate(windows(land)):
        scans = [(one, one.scan(board, one.visible, window, land.now)) for one in (unbound, *bound)]
        for one, scan in scans[1:]:
            check(board, land, one.visible, scan, side)
        for turn in range(ROUNDS):
            order.shuffle(scans)  # nobody always follows the same reader, whose pages are cached
            for one, scan in scans:
                asked = questions(scan, side)
                if turn < OPENED_ROUNDS:
                    asked["opened"] = partial(opened, one, scan)
                with one.reading(board.db):
                    one.ask(asked, number, meter)
    by_extent = {extent: _ratios(unbound, bound, extent) for extent in EXTENTS}
    return {
        "ms": _costs([unbound, *bound]), "ratios": _ratios(unbound, bound),
        "ratios_by_extent": by_extent,
    }  # fmt: skip


def _bound(board: Board, name: str, viewer: Viewer, now: int) -> Reader:
    return Reader(
        name, visible_to(board, viewer), viewer=viewer, reader=row_reader(board, viewer, now)
    )


def _costs(readers: list[Reader]) -> dict[str, dict[str, list[float]]]:
    return {
        one.name: {
            question: [round(one.percentile(question, n), 3) for n in (50, 95)]
            for question in QUESTIONS
        }
        for one in readers
    }


def _ratios(unbound: Reader, bound: list[Reader], extent: str = "") -> dict[str, float]:
    found = {
        f"{one.name}.{question}.p{n}": one.percentile(question, n, extent)
        / unbound.percentile(question, n, extent)
        for one in bound
        for question in QUESTIONS
        for n in (50, 95)
    }
    return {name: round(value, 3) for name, value in found.items()}


def check(
    board: Board, land: Landscape, visible: VisibleLabels, scan: IndexScan, side: int
) -> None:
    """The reader's answers are the whole window's rows that the rules let through, no more."""
    window = scan.window
    west, south, east, north = window.box or COUNTRY
    rows = board.db.rows(
        """SELECT moment, turn, label, embargo, expires FROM record WHERE kind = 'incident'
             AND moment >= ? AND moment < ? AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?
           ORDER BY moment DESC, turn DESC""",
        (window.since, window.until or land.now + DAY, south, north, west, east),
    )
    seen, now = frozenset(visible.labels), land.now
    let = [
        row[:2]
        for row in rows
        if row[2] in seen and int(str(row[3])) <= now and (not row[4] or int(str(row[4])) > now)
    ]
    assert [row[:2] for row in newest(scan)] == let[:NEWEST]
    assert sum(int(str(row[2])) for row in scan.cells("incident", side)) == len(let)


@contextmanager
def stored(store: str, folder: Path) -> Iterator[Database]:
    """An empty database of that kind."""
    database: Database
    database = Sqlite(folder / "board.sqlite3") if store == "sqlite" else Postgres(cluster().new())
    try:
        yield database
    finally:
        database.close()


def measure(store: str, records: int) -> dict[str, object]:
    """One store at one size."""
    with tempfile.TemporaryDirectory() as folder, stored(store, Path(folder)) as database:
        made = world.world("MPA", databases=lambda _party: database)
        desk = made.desk("MPA")
        land = Landscape(1, desk.clock.now())
        began = time.perf_counter()
        pour(desk, land, "incident", records)
        settle(database, store)
        filled = time.perf_counter() - began
        figures = compare(desk.board, land)
    return {"store": store, "records": records, "filled_s": round(filled, 1), **figures}


def settle(database: Database, store: str) -> None:
    """What the stores do by themselves in time: statistics, and pages known to be seen by all. And
    what this process loaded or wrote is not looked through for garbage, as in a served node: once
    in a hundred questions that took twice the question's time.
    """
    garbage.settle()
    if store == "postgresql":
        database.run("VACUUM ANALYZE")


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--records", type=int, help="one size instead of 100,000 and 1,000,000")
    parser.add_argument("--store", choices=STORES, help="one store instead of both")
    parser.add_argument("--lines", type=int, default=100_000, help="in the duty log; 0 = leave out")
    options = parser.parse_args()
    sizes = (options.records,) if options.records else SIZES
    stores = (options.store,) if options.store else STORES
    detail = [measure(store, records) for store in stores for records in sizes]
    pages = [page(store, options.lines) for store in stores if options.lines]
    ratios = {
        (n, whole): max(
            ratio
            for one in detail
            for name, ratio in one["ratios"].items()  # type: ignore[attr-defined]
            if name.endswith(n) and (".opened." in name) == whole
        )
        for n in ("p50", "p95")
        for whole in (False, True)
    }
    figures = {
        "filter_ratio_p50": ratios["p50", False], "filter_ratio_p95": ratios["p95", False],
        "opened_ratio_p50": ratios["p50", True], "opened_ratio_p95": ratios["p95", True],
        "log_page_p95_ms": max((one["p95_ms"] for one in pages), default=None),
        "load_average": round(os.getloadavg()[0], 1), "detail": detail, "pages": pages,
    }  # fmt: skip
    tell(figures, options)


def page(store: str, lines: int) -> dict[str, object]:
    """The duty log's page on one store."""
    with tempfile.TemporaryDirectory() as folder, stored(store, Path(folder)) as database:
        return {
            "store": store,
            **log_page(database, lines, lambda: settle(database, store)),
        }


if __name__ == "__main__":
    main()
