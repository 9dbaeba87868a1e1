"""Sudden death under load: ``./dev bench crash [--kills 200] [--store both] [--seed 1] [--json]``.

A served node is killed (SIGKILL) at random moments while two partners exchange parcels with it over
HTTPS and people write into it over HTTP. Whatever was answered as done is noted outside: a written
incident by its 302, an entry of a partner by the node's receipt, an entry of the node by the
partner's copy. After each death everything noted must be there, and every log must check.

kills          how often the node died; on PostgreSQL every fifth time the server with it
acknowledged   writes and entries that were answered as done
lost           those of them that were gone after a death
fsck_errors    damages that fsck found
diverged       feeds that were not equal on both sides in the end
"""

import argparse
import asyncio
import http.client
import itertools
import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from bench.cluster import Cluster
from bench.crash_node import PARTIES, PERSON, POSITION, opened, write
from tansiq.carriers.https import HttpsCarrier
from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import checking
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.errors import TansiqError
from tansiq.domain.parties import Classification, PartyCode, Position, Role
from tansiq.domain.wording import Text
from tansiq.log.store import in_log, out_log
from tansiq.node.exchange_loop import ExchangeLoop, Routes
from tansiq.node.founding import actor_of, init_node
from tansiq.node.journal_log import NodeLog
from tansiq.node.settings import LOOPBACK, NodeSettings
from tansiq.policy.agreement import Agreement, Rule

NODE, OTHERS = PARTIES[0], PARTIES[1:]
STORES = ("sqlite", "postgresql")
WRITERS = 2
LEVEL_SECONDS = 60
TOLD_LINES = 40  # of each log, where a run found something
LIVES = (0.05, 0.7)  # seconds between the first answer and the death
SERVER_TOO = 5
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Figures:
    """What a run counted."""

    store: str
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    fsck_errors: int = 0
    diverged: int = 0
    seconds_per_kill: float = 0.0


@dataclass(slots=True)
class Load:
    """What was answered as done, noted outside the node."""

    port: int = 0
    done: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    quiet: threading.Event = field(default_factory=threading.Event)  # exchange, and write no more


# Founding -----------------------------------------------------------------------------------------


def _found(root: Path) -> dict[PartyCode, Path]:
    """Three nodes that trust one another; all that is written goes to all of them by a rule."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    words = Text("Duty officer", "ضابط مناوب", "ئەفسەری ئێشکگر")
    posts = (
        Position(code=POSITION, role=Role.DUTY_OFFICER, names=words),
        Position(code="liaison", role=Role.LIAISON_OFFICER, names=words),
    )
    folders = {}
    for party in PARTIES:
        settings = NodeSettings(
            folder=root / party, party=party, names=Text(party, party, party), node=party.lower(),
            positions=posts, web_port=0, partner_port=port,
            address=f"https://{LOOPBACK}:{port}" if party == NODE else "",
        )  # fmt: skip
        init_node(settings)
        folders[party] = settings.folder
    return folders


def _card(folder: Path) -> bytes:
    return next(folder.glob("*.card")).read_bytes()


def _befriend(desk: Desk, folders: dict[PartyCode, Path]) -> None:
    actor = actor_of(desk, "liaison", PERSON)
    for party in OTHERS if desk.me == NODE else (NODE,):
        partners.trust(desk, actor, _card(folders[party]))
        ends = sorted((desk.me, party))
        rules = [
            Rule(
                name=f"safety-{end.lower()}", sender=end, kinds=frozenset({"incident"}),
                automatic=True, purpose="safety",
            )
            for end in ends
        ]  # fmt: skip
        text = Agreement(
            id="AG", version=1, parties=(ends[0], ends[1]), begins=0, ends=2**47,
            clearance=dict.fromkeys(ends, Classification.RESTRICTED),
            held=dict.fromkeys(ends, frozenset()), rules=tuple(rules),
        )  # fmt: skip
        agreements.sign(desk, actor, text)


# Load ---------------------------------------------------------------------------------------------


def _people(load: Load, number: int) -> None:
    """Write over HTTP for as long as the run lasts; only what was answered counts."""
    for count in itertools.count():
        if load.over.wait(0.01):
            return
        if load.quiet.is_set() or not load.port:
            continue
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(LOOPBACK, load.port, timeout=5)
            connection.request("POST", "/write", body=f"Fire {number}/{count}")
            answer = connection.getresponse()
            if answer.status == http.client.FOUND:
                load.done.append(str(answer.getheader("location")).rpartition("/")[2])
            connection.close()


def _partner(load: Load, desk: Desk, said: Path) -> None:
    """Write for the node and exchange with it, as a partner's own loop does."""

    async def work(call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await asyncio.to_thread(call, *args, **named)

    async def live() -> None:
        loop = ExchangeLoop(desk, HttpsCarrier(Routes(desk)), work, NodeLog(desk.clock, log))
        for count in itertools.count():
            if load.over.is_set():
                return
            if not load.quiet.is_set() and count % 4 == 0:
                await work(write, desk, f"From {desk.me} {count}")
            pause: Awaitable[None] = asyncio.sleep(0.01 if await loop.level(NODE) else 0.1)
            await pause

    with (said / f"{desk.me}.log").open("a", buffering=1) as log:
        asyncio.run(live())


# Deaths -------------------------------------------------------------------------------------------


class Life:
    """The node's process. What it says stands in a log, one for all its lives."""

    def __init__(self, folder: Path, address: str) -> None:
        with folder.with_suffix(".log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.crash_node", folder, *([address] if address else [])],
                stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().split()[1])

    def end(self, *, kindly: bool = False) -> None:
        """Kill the process, or ask it to stop."""
        if kindly:
            self._process.terminate()
        else:
            self._process.kill()
        self._process.communicate()


def _check(
    figures: Figures, load: Load, node: Path, address: str, others: dict[PartyCode, Desk]
) -> None:
    """Everything that was answered as done is there, and every log is whole."""
    with opened(node, address) as found:
        desk = found.desk
        rows = desk.database.rows("SELECT record FROM record")
        there = {str(row[0]).rpartition("/")[2] for row in rows}
        figures.lost += sum(record not in there for record in load.done)
        figures.acknowledged += len(load.done)
        load.done.clear()
        for party, other in others.items():
            known = partners.partner(other, NODE)
            signed = known.acknowledged if known else 0
            figures.lost += max(0, signed - desk.store.head(in_log(party)).size)
            copied = other.store.head(in_log(NODE))
            figures.lost += max(0, copied.size - desk.store.head(out_log(party)).size)
            if desk.store.root_at(out_log(party), copied.size) != copied.root():
                figures.fsck_errors += 1
        figures.fsck_errors += len(checking.fsck(desk, lambda _log, _count: None))


@contextmanager
def _loaded(load: Load, others: dict[PartyCode, Desk], said: Path) -> Iterator[None]:
    jobs: list[threading.Thread] = [
        threading.Thread(target=_people, args=(load, number), daemon=True)
        for number in range(WRITERS)
    ]
    jobs += [threading.Thread(target=_partner, args=(load, desk, said)) for desk in others.values()]
    for job in jobs:
        job.start()
    try:
        yield
    finally:
        load.over.set()
        for job in jobs:
            job.join()


def _level(load: Load, node: Path, address: str, others: dict[PartyCode, Desk]) -> int:
    """Let all come to rest; how many of the feeds differ in the end."""
    load.quiet.set()
    until = time.monotonic() + LEVEL_SECONDS
    with opened(node, address) as found:
        while True:
            ends = [
                end
                for party, other in others.items()
                for end in (
                    (found.desk.store.head(out_log(party)), other.store.head(in_log(NODE))),
                    (other.store.head(out_log(NODE)), found.desk.store.head(in_log(party))),
                )
            ]
            differ = sum(sent != came for sent, came in ends)
            if not differ or time.monotonic() > until:
                return differ
            time.sleep(0.1)


def _tell(root: Path) -> None:
    """The last that the node and its partners said: the only trace of what went wrong."""
    for log in sorted(root.glob("*.log")):
        lines = log.read_text("utf-8").splitlines()[-TOLD_LINES:]
        print(f"{log.name}:", *lines, sep="\n  ", file=sys.stderr)


def run(store: str, kills: int, seed: int = 1) -> Figures:
    """Kill a node on ``store`` so many times; what was counted."""
    chance, figures, load = random.Random(seed), Figures(store=store), Load()
    begun = time.monotonic()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tansiq-crash-")))
        cluster = Cluster() if store == "postgresql" else None
        if cluster is not None:
            stack.callback(cluster.remove)
        address = cluster.address("crash") if cluster else ""
        folders = _found(root)
        others = {party: stack.enter_context(opened(folders[party])).desk for party in OTHERS}
        with opened(folders[NODE], address) as node:
            _befriend(node.desk, folders)
        for desk in others.values():
            _befriend(desk, folders)
        stack.enter_context(_loaded(load, others, root))
        for number in range(1, kills + 1):
            life = Life(folders[NODE], address)
            load.port = life.port
            time.sleep(chance.uniform(*LIVES))
            with_server = cluster is not None and number % SERVER_TOO == 0
            if cluster is not None and with_server:
                cluster.die()
            life.end()
            load.port = 0
            if cluster is not None and with_server:
                cluster.start()
            figures.kills += 1
            _check(figures, load, folders[NODE], address, others)
        life = Life(folders[NODE], address)
        figures.diverged = _level(load, folders[NODE], address, others)
        life.end(kindly=True)
        _check(figures, load, folders[NODE], address, others)
        for desk in others.values():
            known = partners.partner(desk, NODE)
            figures.acknowledged += known.acknowledged if known else 0
            figures.acknowledged += desk.store.head(in_log(NODE)).size
            figures.fsck_errors += len(checking.fsck(desk, lambda _log, _count: None))
        if figures.lost or figures.fsck_errors or figures.diverged:
            _tell(root)
    figures.seconds_per_kill = round((time.monotonic() - begun) / max(1, kills), 2)
    return figures


def main() -> int:
    """Run the measurement and print its figures."""
    parser = argparse.ArgumentParser(
        prog="./dev bench crash", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--kills", type=int, default=200, help="on each store (default 200)")
    parser.add_argument("--store", choices=(*STORES, "both"), default="both")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of death")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    stores = STORES if chosen.store == "both" else (chosen.store,)
    found: list[dict[str, Any]] = [
        asdict(run(store, chosen.kills, chosen.seed)) for store in stores
    ]
    names = ("kills", "acknowledged", "lost", "fsck_errors", "diverged")
    total = {name: sum(figures[name] for figures in found) for name in names}
    if chosen.json:
        print(json.dumps({**total, "stores": found}))
    else:
        for figures in [*found, {"store": "total", **total}]:
            print("  ".join(f"{name} {value}" for name, value in figures.items()))
    return 1 if total["lost"] or total["fsck_errors"] or total["diverged"] else 0


if __name__ == "__main__":
    try:
        code = main()
    except TansiqError as error:
        print(error, file=sys.stderr)
        code = 1
    raise SystemExit(code)
