"""How long the pages of a busy centre take in the server, and how much of them travels.

A node with a year's log and incidents, releases that wait and releases that went, a partner's
records in its inbox. Every page of the navigation is opened by the first position that is shown it,
as it is and, where it has a search, with a word; pages take turns. A page's figure is the 95th
percentile over its rounds, in processor time, PostgreSQL's included. ``worst_p95_ms`` is the
dearest page on the slower store, ``fetched_p95_ms`` the dearest of what a page asks for by itself
once it is there (the map's marks), ``search_p95_ms`` the 95th percentile over all searches among a
million incidents: single words, pairs, a word that nothing holds. ``first_visit_kb``,
``repeat_visit_kb`` and ``map_kb`` are what a Chromium takes off the line, in the heaviest language,
in thousands of bytes. ``bounds`` says which figures have one, ``missed`` which miss it.
"""

import os
import random
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.board import WORDS, Landscape, pour
from bench.command import options_of, tell
from bench.meter import Meter
from bench.read import STORES, settle, stored
from bench.visits import Visitor, searched
from tansiq.desk.act.desk import Desk
from tansiq.desk.records import read
from tansiq.domain.wording import LANGUAGES
from tansiq.log.database import Database, Sqlite
from tests import world
from tests.e2e import nodes
from tests.e2e.seats import ARGUMENTS, CHROMIUM, Complaints, Seats
from tests.e2e.weight import weights
from tests.web.pair import rules
from tests.world import incident, to

BOUNDS = {
    "worst_p95_ms": 100, "search_p95_ms": 50, "first_visit_kb": 100, "repeat_visit_kb": 15,
    "map_kb": 200,
}  # fmt: skip
POSITIONS = (world.CLEARED, "auditor", "administrator")  # who together are shown every section
NAVIGATION = re.compile(r'<nav class="sections".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="(/[^"]*)"')
SEARCH = re.compile(r'<input[^>]*name="q"[^>]*type="search"')
# What a page asks for by itself once it is there.
FETCHED = {"/map": ("/map/data?bbox=43,35,45,36&z=8&tab=all", "/map/data?bbox=39,29,48,37&z=5")}
PAGE_ROUNDS = 40
SEARCH_ROUNDS = 5
PAIRS = 20
CENT = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is to show."""

    lines: int
    incidents: int
    records: int  # that are searched
    released: int
    stores: Sequence[str]
    languages: Sequence[str]


WHOLE = Size(
    lines=100_000, incidents=20_000, records=1_000_000, released=300, stores=STORES,
    languages=LANGUAGES,
)  # fmt: skip
QUICK = Size(
    lines=2_000, incidents=1_000, records=20_000, released=20, stores=STORES[:1],
    languages=LANGUAGES[:1],
)  # fmt: skip


def percentile(spent: Sequence[float]) -> float:
    """The 95th, in milliseconds."""
    quantiles = statistics.quantiles(spent, n=100, method="inclusive")
    return round(quantiles[CENT - 1] * 1_000, 1)


# Pages -------------------------------------------------------------------------------------------


def addresses(visitors: Sequence[Visitor]) -> Iterator[tuple[str, Visitor]]:
    """Every page of the section list, each with somebody who is shown it. The list is read from
    the navigation, as people see it, so that a new section is measured without a word here.
    """
    seen: set[str] = set()
    for visitor in visitors:
        (navigation,) = NAVIGATION.findall(visitor.ask("/links").text)
        for section in LINK.findall(navigation):
            if section in seen:
                continue
            seen.add(section)
            yield section, visitor
            yield from ((fetched, visitor) for fetched in FETCHED.get(section, ()))
            if SEARCH.search(visitor.ask(section).text):
                yield searched(section, WORDS[0]), visitor


def busy(database: Database, size: Size) -> Desk:
    """The desk of a party whose every section has something to show."""
    made = world.world(
        "MPA", "MOD", databases=lambda party: database if party == "MPA" else Sqlite(None)
    )
    made.agree("MPA", "MOD", *rules())
    for number in range(size.released):
        category = "shooting" if number % 3 == 0 else "fire"  # the third waits for a second person
        for party, other in (("MPA", "MOD"), ("MOD", "MPA")):
            draft = incident(to(other), category=category)
            record = made.write(party, f"{party} {number}", draft)
            letter = "S" if category == "shooting" else "R"
            made.release(party, record, other, f"{letter}-{party}")
    made.exchange("MPA", "MOD")
    desk = made.desk("MPA")
    land = Landscape(2, desk.clock.now())
    pour(desk, land, "log_line", size.lines)
    pour(desk, land, "incident", size.incidents)
    made.desk("MOD").database.close()
    return desk


def pages(store: str, size: Size) -> dict[str, float]:
    """The 95th percentile of each page on one store."""
    with tempfile.TemporaryDirectory() as folder, stored(store, Path(folder)) as database:
        desk = busy(database, size)
        settle(database, store)
        opened = list(addresses([Visitor(desk, position) for position in POSITIONS]))
        spent: dict[str, list[float]] = {address: [] for address, _ in opened}
        order = random.Random(1)
        for _ in range(PAGE_ROUNDS):
            order.shuffle(opened)
            for address, visitor in opened:
                spent[address].append(visitor.ask(address).spent)
    return {address: percentile(found) for address, found in sorted(spent.items())}


# Search ------------------------------------------------------------------------------------------


def search(store: str, size: Size) -> dict[str, object]:
    """What a list of hits takes the desk among very many records."""
    with tempfile.TemporaryDirectory() as folder, stored(store, Path(folder)) as database:
        made = world.world("MPA", databases=lambda _party: database)
        desk, viewer = made.desk("MPA"), made.viewer("MPA")
        pour(desk, Landscape(1, desk.clock.now()), "incident", size.records)
        settle(database, store)
        draw, meter = random.Random(2), Meter(database)
        asked = [*WORDS, "nowhere", *(" ".join(draw.sample(WORDS, 2)) for _ in range(PAIRS))]
        spent: dict[str, list[float]] = {words: [] for words in asked}
        for _ in range(SEARCH_ROUNDS):
            for words in asked:
                with meter.running():
                    read.page(desk, viewer, read.Query(kinds=("incident",), words=words))
                spent[words].append(meter.spent)
    slowest = sorted(spent, key=lambda words: -statistics.median(spent[words]))[:5]
    return {
        "p95_ms": percentile([seconds for found in spent.values() for seconds in found]),
        "slowest": {words: round(statistics.median(spent[words]) * 1_000, 1) for words in slowest},
    }  # fmt: skip


# The line ----------------------------------------------------------------------------------------


def travelled(size: Size) -> dict[str, dict[str, float]]:
    """What a browser takes off the line of a served node, in each language."""

    def fill(desks: Mapping[str, Desk], _carry: object) -> None:
        land = Landscape(2, nodes.MOMENT)
        for kind, count in (("log_line", size.lines), ("incident", size.incidents)):
            pour(desks["MPA"], land, kind, count)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        node = nodes.found(folder, ["MPA"], fill)["MPA"]
        stack.enter_context(nodes.serving([node]))
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        stack.callback(browser.close)
        seats = Seats(browser=browser, complaints=Complaints())
        stack.callback(seats.close)
        names = ("first_visit_kb", "repeat_visit_kb", "map_kb")
        return {
            language: dict(
                zip(names, (n / 1_000 for n in weights(seats, node, language)), strict=True)
            )
            for language in size.languages
        }


def measure(size: Size) -> dict[str, object]:
    """All figures, the worst of each first."""
    opened = {store: pages(store, size) for store in size.stores}
    fetched = {address for found in FETCHED.values() for address in found}
    found = {store: search(store, size) for store in size.stores}
    weighed = travelled(size)
    figures: dict[str, float] = {
        "worst_p95_ms": _worst(opened, lambda address: address not in fetched),
        "fetched_p95_ms": _worst(opened, lambda address: address in fetched),
        "search_p95_ms": max(float(str(one["p95_ms"])) for one in found.values()),
    }
    for name in ("first_visit_kb", "repeat_visit_kb", "map_kb"):
        figures[name] = max(one[name] for one in weighed.values())
    return {
        **figures, "bounds": BOUNDS,
        "missed": [name for name, bound in BOUNDS.items() if figures[name] > bound],
        "pages": opened, "search": found, "line": weighed,
        "lines": size.lines, "incidents": size.incidents, "records": size.records,
        "load_average": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _worst(opened: dict[str, dict[str, float]], counts: Callable[[str], bool]) -> float:
    return max(ms for one in opened.values() for address, ms in one.items() if counts(address))


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--quick", action="store_true", help="little of all, to try it")
    parser.add_argument("--store", choices=STORES, help="one store instead of both")
    options = parser.parse_args()
    size = QUICK if options.quick else WHOLE
    if options.store:
        size = replace(size, stores=(options.store,))
    figures = measure(size)
    tell(figures, options)


if __name__ == "__main__":
    main()
