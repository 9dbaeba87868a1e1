"""Nodes for the browser tests: founded in a folder, agreed with one another, served for real.

They live in November 2020, a month whose name tells the calendars apart, and use the parties, the
agreements and the people of the sample. Each is a process of its own that ends with this one.
"""

import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tansiq.desk.act.desk import Desk
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.node.founding import init_node, open_node
from tansiq.node.scenario import in_process
from tansiq.node.scenario.cast import PARTIES, moment
from tansiq.node.scenario.rules import agreements as sample_agreements
from tansiq.node.settings import FILE, LOOPBACK, NodeSettings

MOMENT = moment("2020-11-22 14:05")
ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
STOP_SECONDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveNode:
    """A node that is served: whose it is, where its folder and its pages are."""

    party: str
    folder: Path
    web_port: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.web_port}"


def free_ports(count: int) -> list[int]:
    """Ports of this machine on which nobody listens now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]


Fill = Callable[[Mapping[str, Desk], Callable[[str, str], None]], None]


def found(
    root: Path, parties: Sequence[str], fill: Fill | None = None, *, take_back_seconds: int = 0
) -> dict[str, LiveNode]:
    """Nodes that trust one another, with agreements in force and people who may sign on.

    ``fill`` may write into them before they are served.
    """
    offset = MOMENT - time.time_ns() // 1_000_000
    made = {}
    for party in parties:
        plan, (web, partner) = PARTIES[party], free_ports(2)
        folder = root / plan.node
        init_node(
            NodeSettings(
                folder=folder, party=plan.code, names=plan.names, node=plan.node,
                positions=plan.positions, web_port=web, partner_port=partner,
                address=f"https://{LOOPBACK}:{partner}", clock_offset_ms=offset,
                sample_data=True, language=plan.language, second_factor=(), rest_minutes=60,
                take_back_seconds=take_back_seconds,
            )
        )  # fmt: skip
        made[party] = LiveNode(party=party, folder=folder, web_port=web)
    folders = [str(node.folder) for node in made.values()]
    people = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.people", *folders], stdin=subprocess.DEVNULL, cwd=ROOT
    )
    _agree(made, fill)
    assert people.wait(READY_SECONDS) == 0
    return made


def _agree(made: dict[str, LiveNode], fill: Fill | None) -> None:
    """Everybody trusts everybody's card, and both authorities sign each agreement."""
    with ExitStack() as stack:
        nodes = {party: stack.enter_context(open_node(one.folder)) for party, one in made.items()}
        desks = {party: node.desk for party, node in nodes.items()}
        for desk in desks.values():
            desk.database.run("PRAGMA synchronous=OFF")
        for party, other in itertools.permutations(desks, 2):
            partners.trust(desks[party], PARTIES[party].liaison(), nodes[other].card)
        carry = in_process(desks)
        for agreement in sample_agreements():
            if set(agreement.parties) <= set(desks):
                for party, other in itertools.permutations(agreement.parties, 2):
                    agreements.sign(desks[party], PARTIES[party].liaison(), agreement)
                    carry(party, other)
        if fill is not None:
            fill(desks, carry)


def unplug(node: LiveNode) -> None:
    """Nobody reaches this node's partner listener any more: it does not open it."""
    path = node.folder / FILE
    settings = json.loads(path.read_text("utf-8"))
    settings["partners"]["address"] = ""
    path.write_text(json.dumps(settings), "utf-8")


@contextmanager
def serving(nodes: Sequence[LiveNode]) -> Iterator[None]:
    """Serve these nodes; at the end none of their processes is left."""
    with ExitStack() as stack:
        children = [stack.enter_context(_child(node)) for node in nodes]
        for node, child in zip(nodes, children, strict=True):
            _wait_for(node, child)
        yield
        for child in children:
            child.terminate()


@contextmanager
def _child(node: LiveNode) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tansiq.node.scenario.child", str(node.folder)]
    with log_of(node).open("ab") as log:
        child = subprocess.Popen(
            [*command, str(os.getpid())], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise


def log_of(node: LiveNode) -> Path:
    """What the node's process said."""
    return node.folder.with_name(f"{node.folder.name}.log")


def _wait_for(node: LiveNode, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urlopen(f"{node.url}/health", timeout=2):
                return
        except (URLError, OSError):
            ended = child.poll() is not None
        if ended or time.monotonic() > until:
            raise RuntimeError(f"{node.party} is not ready: {log_of(node).read_text('utf-8')}")
        time.sleep(0.05)


def copied(node: LiveNode, root: Path) -> Path:
    """A copy of a node as it stands at this moment; what wants a node for itself gets the copy."""
    folder = root / node.folder.name
    shutil.copytree(node.folder, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
    for name in ("tansiq.sqlite3", "accounts.sqlite3"):
        live, copy = sqlite3.connect(node.folder / name), sqlite3.connect(folder / name)
        with closing(live), closing(copy):
            live.backup(copy)
    return folder


def run(*words: object) -> "subprocess.CompletedProcess[str]":
    """One command of the command line."""
    command = [sys.executable, "-m", "tansiq.node", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
