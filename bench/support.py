"""How the pages of support take their time where there is much of it, and folding it anew.

A node with two years of requests of its own and of others, with one and with two that are asked,
each somewhere between asked and received. ``steps_per_s`` is how many steps a second the board
takes in as it is folded anew from the logs, with the requests, releases and receipts between them.
Then the list, its parts, boards, calendar, map and chart, the figures, and the page of a case of
each life are opened in turn: ``worst_p95_ms`` is the 95th percentile, in processor time with
PostgreSQL's, of the dearest list, board or case page on the slower store, ``others_p95_ms`` that of
what else the room shows. ``bounds`` says which figures have one, ``missed`` which miss it.
"""

import os
import random
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import needs
from bench.command import options_of, tell
from bench.pages import percentile
from bench.read import STORES, settle, stored
from bench.visits import Visitor, searched
from tansiq.desk.proof import checking
from tansiq.log.database import Sqlite
from tests import world

BOUNDS: Final = {"worst_p95_ms": 100, "steps_per_s": 5_000}
ROUNDS: Final = 40
WORD: Final = "clinic"  # one of those that texts are made of
LISTS: Final = {
    "list": "/support",
    "list, all": "/support?tab=all",
    "list, urgent": "/support?tab=all&priority=urgent",
    "list, a word": searched("/support", WORD),
    "board by stage": "/support?view=board",
    "board by priority": "/support?view=board&by=priority",
}
OTHERS: Final = {
    "calendar": "/support?view=calendar",
    "timeline": "/support?view=timeline",
    "map": "/support?view=map",
    "chart": "/support?view=chart",
    "figures": "/support/figures",
    "new": "/support/new",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One store's figures: steps a second, and the 95th percentile of each page (ms)."""

    steps: int
    steps_per_s: int
    pages: Mapping[str, float]


def measured(store: str, requests: int) -> Found:
    """Fill, fold anew and open, on one store."""
    with tempfile.TemporaryDirectory() as folder, stored(store, Path(folder)) as database:
        made = world.world(
            needs.ME, *needs.OTHERS,
            databases=lambda party: database if party == needs.ME else Sqlite(None),
        )  # fmt: skip
        desk = needs.agreed(made).desk(needs.ME)
        steps, cases = needs.write(desk, requests)
        began = time.process_time()
        checking.rebuild(desk, lambda _log, _entries: None)
        seconds = time.process_time() - began
        settle(database, store)
        visitor = Visitor(desk, world.CLEARED)
        asked = LISTS | OTHERS | {
            f"case, {name}": f"/record/{owner}/{record}" for name, (owner, record) in cases.items()
        }  # fmt: skip
        pages = opened(visitor, asked)
        for other in needs.OTHERS:
            made.desk(other).database.close()
    return Found(steps=steps, steps_per_s=round(steps / seconds), pages=pages)


def opened(visitor: Visitor, asked: Mapping[str, str]) -> dict[str, float]:
    """The 95th percentile of each page, which take turns."""
    order, chance = list(asked), random.Random(1)
    spent: dict[str, list[float]] = {name: [] for name in order}
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for name in order:
            spent[name].append(visitor.ask(asked[name]).spent)
    return {name: percentile(found) for name, found in spent.items()}


def figures_of(found: Mapping[str, Found], requests: int) -> dict[str, object]:
    """All figures, the worst of each first."""
    worst = {
        "worst_p95_ms": max(
            ms for one in found.values() for name, ms in one.pages.items() if name not in OTHERS
        ),
        "steps_per_s": min(one.steps_per_s for one in found.values()),
    }
    missed = [
        name for name, bound in BOUNDS.items()
        if (worst[name] > bound if name.endswith("_ms") else worst[name] < bound)
    ]  # fmt: skip
    return {
        **worst,
        "others_p95_ms": max(
            ms for one in found.values() for name, ms in one.pages.items() if name in OTHERS
        ),
        "bounds": BOUNDS, "missed": missed,
        "requests": requests, "steps": max(one.steps for one in found.values()),
        "folding": {store: one.steps_per_s for store, one in found.items()},
        "pages": {store: dict(one.pages) for store, one in found.items()},
        "load_average": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--quick", action="store_true", help="2,000 requests on SQLite")
    parser.add_argument("--store", choices=STORES, help="one store instead of both")
    chosen = parser.parse_args()
    requests = 2_000 if chosen.quick else chosen.requests
    stores = STORES[:1] if chosen.quick else STORES
    stores = (chosen.store,) if chosen.store else stores
    tell(figures_of({one: measured(one, requests) for one in stores}, requests), chosen)


if __name__ == "__main__":
    main()
