"""How soon a flash incident and a recall are at the partner while a slow link is full.

Two nodes, one of them served in a process of its own, and between them a link of 64 KB/s each way.
Files and ordinary records wait on it. At random moments a flash incident is written, which a rule
releases by itself, or an earlier one is recalled; the clock runs from the commit until a reader at
the partner's node finds it, or finds it gone.
"""

import argparse
import asyncio
import base64
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from bench import sides
from bench.command import options_of, tell
from bench.sides import HERE, THERE
from bench.wire import SlowWire
from tansiq.carriers.https import HttpsCarrier
from tansiq.desk.act.desk import Desk
from tansiq.desk.records import files, read, say
from tansiq.desk.release import releasing
from tansiq.domain.bounds import MIB
from tansiq.domain.errors import InputError
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor
from tansiq.domain.places import place_named
from tansiq.node.exchange_loop import ExchangeLoop, Routes
from tansiq.node.founding import actor_of
from tansiq.node.journal_log import NodeLog

RATE = 64 * 1024  # bytes a second, each way
FILE_BYTES = 25 * MIB
PATIENCE = 120.0
P = ParamSpec("P")
T = TypeVar("T")


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--files-mb", type=int, default=50)
    parser.add_argument("--waiting", type=int, default=20_000, help="ordinary records that wait")
    parser.add_argument("--urgent", type=int, default=20, help="flash incidents; half are recalled")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.files_mb, chosen.waiting, chosen.urgent = 10, 2_000, 6
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen)
    tell(figures, chosen)


def measure(folder: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Found, fill, let the link come up, and write what is urgent."""
    wire, chance = SlowWire(RATE), random.Random(chosen.seed)
    sides.found_pair(folder, 0, wire, purpose="coordination")
    target = sides.served(folder, THERE)
    here, there = sides.opened(folder, HERE), sides.opened(folder, THERE)
    try:
        wire.target = sides.port_of(target)
        queue_files(here, chosen.files_mb * MIB, chance)
        with exchanging(here):
            until(lambda: wire.bytes > RATE, "the link did not come up")
            sides.fill(here, chosen.waiting, "routine")
            took = [urgent(here, there, number, chance) for number in range(chosen.urgent)]
    finally:
        target.kill()
        target.wait()
        for desk in (here, there):
            desk.database.close()
    flash, recall = [one for one, _ in took], [two for _, two in took if two is not None]
    return {
        "rate_bytes_per_s": RATE, "files_mb": chosen.files_mb, "waiting": chosen.waiting,
        "flashes": len(flash), "recalls": len(recall),
        "flash_p50_s": round(statistics.median(flash), 2), "flash_p95_s": p95(flash),
        "flash_max_s": round(max(flash), 2), "recall_p95_s": p95(recall),
        "sent_mb": round(wire.bytes / MIB, 1),
    }  # fmt: skip


def p95(found: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return round(sorted(found)[max(0, -(-95 * len(found) // 100) - 1)], 2)


def me(desk: Desk) -> Actor:
    """Who acts on either side."""
    return actor_of(desk, "liaison", "P-1")


def body(desk: Desk, text: str, severity: str) -> dict[str, object]:
    """An incident."""
    return {"category": "fire", "severity": severity, "text": text, "grade": "B2",
            "observed": desk.clock.now(), "place": place_named("Makhmour").to_json()}  # fmt: skip


def queue_files(desk: Desk, size: int, chance: random.Random) -> None:
    """Write incidents with files of so many bytes in all; the rule lets both go."""
    label = Label(audience=audience_of(THERE))
    while size > 0:
        part = min(size, FILE_BYTES)
        data = base64.b64encode(chance.randbytes(part * 3 // 4 + 3))[:part]
        file = files.File(name="photos.txt", media_type="text/plain", data=data, traces="none")
        with desk.act() as act:
            kept = files.attach(act, me(desk), file, label)
        draft = say.Draft(
            kind="incident", label=label,
            body={**body(desk, "with a large file", "routine"), "attachments": [kept]},
        )  # fmt: skip
        say.write(desk, me(desk), draft)
        size -= part


def urgent(
    here: Desk, there: Desk, number: int, chance: random.Random
) -> tuple[float, float | None]:
    """Write a flash incident at some moment, and recall every other one; how long each took."""
    time.sleep(chance.uniform(0.5, 6.0))
    label = Label(audience=audience_of(THERE))
    draft = say.Draft(kind="incident", body=body(here, f"flash {number}", "flash"), label=label)
    record = say.write(here, me(here), draft)
    flash = until(lambda: held(there, record), f"flash {number} did not arrive")
    print(f"flash {number}: {flash:.2f} s", file=sys.stderr, flush=True)
    if number % 2:
        return flash, None
    time.sleep(chance.uniform(0.0, 3.0))
    releasing.recall(here, me(here), record, THERE, "error")
    recall = until(lambda: not held(there, record), f"recall {number} did not arrive")
    print(f"recall {number}: {recall:.2f} s", file=sys.stderr, flush=True)
    return flash, recall


def held(desk: Desk, record: str) -> bool:
    """Whether a reader there finds the record."""
    try:
        read.record(desk, desk.viewer(me(desk)), HERE, record)
    except InputError:
        return False
    return True


def until(holds: Callable[[], bool], what: str) -> float:
    """How many seconds it takes until this holds."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > PATIENCE:
            raise RuntimeError(what)
        time.sleep(0.05)
    return time.monotonic() - begun


@contextmanager
def exchanging(desk: Desk) -> Iterator[None]:
    """The exchange loop of a served node, on a thread of its own."""
    ready, loops = threading.Event(), list[asyncio.AbstractEventLoop]()

    async def run() -> None:
        running, pool = asyncio.get_running_loop(), ThreadPoolExecutor(4)

        async def work(call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
            return await running.run_in_executor(pool, partial(call, *args, **named))

        async with HttpsCarrier(Routes(desk)) as carrier:
            task = asyncio.create_task(ExchangeLoop(desk, carrier, work, NodeLog(desk.clock)).run())
            loops.append(running)
            ready.set()
            with suppress(asyncio.CancelledError):
                await task

    def stop() -> None:
        for task in asyncio.all_tasks(loops[0]):
            task.cancel()

    def serve() -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(run())

    thread = threading.Thread(target=serve)
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        loops[0].call_soon_threadsafe(stop)
        thread.join()


if __name__ == "__main__":
    main()
