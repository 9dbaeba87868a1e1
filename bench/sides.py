"""Two nodes on disk for `./dev bench exchange`: founded, agreed, filled, served."""

import json
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.incidents import Event, events
from bench.web_process import processor_seconds
from bench.wire import CountingWire
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import exchange
from tansiq.desk.records import importing, read
from tansiq.desk.records.importing import Item
from tansiq.desk.records.read import Query
from tansiq.desk.records.say import Draft
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Classification, PartyCode, Position, Role
from tansiq.domain.wording import Text
from tansiq.node.founding import actor_of, init_node, open_desk
from tansiq.node.keyring import load_keyring
from tansiq.node.settings import NodeSettings, read_settings
from tansiq.policy.agreement import Agreement, Files, Rule

HERE, THERE = PartyCode("MPA"), PartyCode("MOD")
ROOT = Path(__file__).resolve().parent.parent
_FAR = 2**47
_PATIENCE = 120.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """One exchange: how long from the link's coming up to the last record found at the other side,
    and what passed the wire; then the same with nothing new.
    """

    records: int
    seconds: float
    processor: float  # seconds of both processes
    bytes: int
    idle_bytes: int
    idle_round_trips: int


def settings_of(folder: Path, party: PartyCode, address: str) -> NodeSettings:
    """A node that listens for partners, on a port of its choice, only where it has an address."""
    return NodeSettings(
        folder=folder / party, party=party, names=Text(party, party, party), node=party.lower(),
        positions=(
            Position(code="liaison", role=Role.LIAISON_OFFICER, names=Text("L", "L", "L")),
        ),
        web_port=0, partner_port=0, address=address,
    )  # fmt: skip


def opened(folder: Path, party: PartyCode) -> Desk:
    """The desk of a founded node; close its database."""
    settings = read_settings(folder / party)
    return open_desk(settings, load_keyring(settings.keys))


def found_pair(folder: Path, count: int, wire: CountingWire, purpose: str = "safety") -> None:
    """Two nodes that trust one another, with ``count`` incidents released by an automatic rule."""
    for party, address in ((HERE, ""), (THERE, f"https://127.0.0.1:{wire.port}")):
        init_node(settings_of(folder, party, address))
    desks = {party: opened(folder, party) for party in (HERE, THERE)}
    for party, other in ((HERE, THERE), (THERE, HERE)):
        card = read_settings(folder / other).card.read_bytes()
        partners.trust(desks[party], actor_of(desks[party], "liaison", "P-1"), card)
    for party, other in ((HERE, THERE), (THERE, HERE)):
        agreements.sign(desks[party], actor_of(desks[party], "liaison", "P-1"), _agreement(purpose))
        _level(desks[party], desks[other])
    fill(desks[HERE], count)
    for desk in desks.values():
        desk.database.close()


def _agreement(purpose: str) -> Agreement:
    rule = Rule(
        name="R-1", sender=HERE, kinds=frozenset({"incident", "attachment"}), automatic=True,
        purpose=purpose, files=Files.ALONG,
    )  # fmt: skip
    first, second = sorted((HERE, THERE))
    return Agreement(
        id="AG-1", version=1, parties=(first, second), begins=0, ends=_FAR, rules=(rule,),
        clearance=dict.fromkeys((first, second), Classification.RESTRICTED),
        held=dict.fromkeys((first, second), frozenset()),
    )  # fmt: skip


def _level(one: Desk, other: Desk) -> None:
    for _ in range(3):
        exchange.incoming(other, exchange.outgoing(one, other.me))
        exchange.incoming(one, exchange.outgoing(other, one.me))


def fill(desk: Desk, count: int, severity: str = "") -> None:
    """Write the incidents, of this severity if one is given; the rule releases each at once."""
    actor, label = actor_of(desk, "liaison", "P-1"), Label(audience=audience_of(THERE))
    source = events(count)
    while batch := list(islice(source, BOUNDS.import_batch_rows)):
        importing.keep(desk, actor, [_item(event, label, severity) for event in batch])


def _item(event: Event, label: Label, severity: str) -> Item:
    said = {"severity": severity} if severity else {}
    body = {**event.body, **said, "source_ref": f"bench:{event.identity}"}
    return Item(draft=Draft(kind="incident", body=body, label=label), owned=frozenset(body))


@contextmanager
def copied(folder: Path, into: Path) -> Iterator[Path]:
    """The two founded nodes once more, so that every round begins the same."""
    shutil.copytree(folder, into)
    try:
        yield into
    finally:
        shutil.rmtree(into)


def exchanged(folder: Path, count: int, wire: CountingWire) -> Run:
    """Let the link come up between two processes, over HTTPS, and wait until all is found."""
    target = served(folder, THERE)
    try:
        wire.target, wire.bytes = port_of(target), 0
        command = [sys.executable, "-m", "bench.sending", str(folder / HERE), THERE]
        source = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert source.stdout is not None
            assert source.stdout.readline() == "ready\n"
            return _measured(folder, count, wire, (source, target))
        finally:
            source.kill()
            source.wait()
    finally:
        target.kill()
        target.wait()


def _measured(
    folder: Path,
    count: int,
    wire: CountingWire,
    nodes: "tuple[subprocess.Popen[str], subprocess.Popen[str]]",
) -> Run:
    source = nodes[0]
    (last,) = deque(events(count), maxlen=1)
    desk = opened(folder, THERE)
    try:
        worked, began = sum(processor_seconds(node.pid) for node in nodes), time.perf_counter()
        _ask(source)
        _until_found(desk, count, last)
        seconds, passed = time.perf_counter() - began, wire.bytes
        worked = sum(processor_seconds(node.pid) for node in nodes) - worked
        _ask(source)  # receipts for receipts: now both sides have nothing new
        before = wire.bytes
        idle = _ask(source)
        return Run(
            records=count, seconds=seconds, processor=worked, bytes=passed,
            idle_bytes=wire.bytes - before, idle_round_trips=int(idle["round_trips"]),
        )  # fmt: skip
    finally:
        desk.database.close()


def _ask(source: "subprocess.Popen[str]") -> dict[str, float]:
    assert source.stdin is not None
    assert source.stdout is not None
    source.stdin.write("go\n")
    source.stdin.flush()
    told: dict[str, float] = json.loads(source.stdout.readline())
    assert told["went"], "the exchange failed; the node's log says why"
    return told


def _until_found(desk: Desk, count: int, last: Event) -> None:
    """All are counted for a reader at the other side, and the last one is found by its words."""
    viewer = desk.viewer(actor_of(desk, "liaison", "P-1"))
    words = str(last.body["text"]).splitlines()[0]
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        counted = read.count(desk, viewer, Query(kinds=("incident",)))
        found = read.page(desk, viewer, Query(kinds=("incident",), words=words, limit=1))
        if (
            counted == count
            and found.rows
            and found.rows[0].value.body["text"] == last.body["text"]
        ):
            return
        time.sleep(0.02)
    raise RuntimeError(f"{counted} of {count} records arrived")


def served(folder: Path, party: PartyCode) -> "subprocess.Popen[str]":
    """A node in a process of its own."""
    return _lines([sys.executable, "-m", "tansiq.node", "serve", str(folder / party)])


def port_of(process: "subprocess.Popen[str]") -> int:
    """Where a served node listens for partners, once it does."""
    return _wait_for(process, "partners_listen")


def _lines(command: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _wait_for(process: "subprocess.Popen[str]", event: str) -> int:
    assert process.stderr is not None
    told = ""
    while line := process.stderr.readline():
        if f'"{event}"' in line:
            return int(json.loads(line)["port"])
        told += line
    raise RuntimeError(f"the node did not start: {told}")
