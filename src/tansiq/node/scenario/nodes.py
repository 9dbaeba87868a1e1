"""The four nodes of the demo in a folder: made once with the scenario played, then resumed.

The demo's clock goes on from where it stood: ``demo.json`` remembers the moment, and each start
sets the nodes' clock offset from it. A folder is made whole or not at all.
"""

import json
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tansiq.domain.errors import InputError, StoreError
from tansiq.log.database import made_again_if_lost
from tansiq.node.founding import init_node, open_desk, read_own_card
from tansiq.node.keyring import load_keyring
from tansiq.node.scenario import tour
from tansiq.node.scenario.cast import NOW, PARTIES, START
from tansiq.node.scenario.play import Progress, SceneClock, in_process, play
from tansiq.node.settings import FILE, LOOPBACK, NodeSettings, read_settings, settings_json

STATE: Final = "demo.json"
PARTNER_PORTS: Final = 100  # the partner ports stand so far above the web ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A demo's folder, and its ports: ``base_port`` for the start page, the nodes' after it."""

    folder: Path
    base_port: int

    def node(self, party: str) -> Path:
        """The folder of a party's node."""
        return self.folder / PARTIES[party].node

    def web_port(self, party: str) -> int:
        """Where a party's pages are."""
        return self.base_port + 1 + list(PARTIES).index(party)

    def address(self, party: str) -> str:
        """The address of a party's pages on this machine, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.web_port(party)}"

    def partner_port(self, party: str) -> int:
        """Where a party's node listens for its partners."""
        return self.web_port(party) + PARTNER_PORTS

    def ports(self) -> list[int]:
        """All ports of the demo."""
        pages = [self.base_port, *map(self.web_port, PARTIES)]
        return [*pages, *map(self.partner_port, PARTIES)]


def real_now() -> int:
    """The machine's time in milliseconds."""
    return time.time_ns() // 1_000_000


def opened(folder: Path, base_port: int | None) -> Demo | None:
    """The demo in ``folder``; None where there is none yet. Raises InputError, StoreError."""
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
        found = Demo(folder=folder, base_port=int(state["base_port"]))
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise InputError("demo_folder", folder=folder) from None
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError("demo_folder", folder=folder) from None
    if base_port not in {None, found.base_port}:
        raise InputError("demo_ports_differ", port=found.base_port)
    return found


def delete(demo: Demo) -> None:
    """Delete a demo that :func:`opened` has found to be one."""
    shutil.rmtree(demo.folder)


def make(demo: Demo, progress: Progress) -> None:
    """Found the four nodes, play the scenario, and let its people sign on. Raises FaultError."""
    folder = demo.folder.absolute()
    begun = folder.with_name(f".{folder.name.lstrip('.')}.new")
    shutil.rmtree(begun, ignore_errors=True)
    building = replace(demo, folder=begun)
    accounts: list[subprocess.Popen[bytes]] = []
    begun.mkdir(mode=0o700, parents=True)
    try:
        for party in PARTIES:
            init_node(_settings(building, party))
        accounts += [_set_passphrases(building.node(party)) for party in PARTIES]
        _play(building, progress)
        if any(child.wait() for child in accounts):
            raise StoreError("demo_accounts")
        remember(building, NOW)
        if folder.exists():
            folder.rmdir()  # it is empty, or ``opened`` had refused it
        begun.rename(folder)
    finally:
        for child in accounts:
            child.kill()
            child.wait()
        shutil.rmtree(begun, ignore_errors=True)


def _settings(demo: Demo, party: str) -> NodeSettings:
    plan = PARTIES[party]
    return NodeSettings(
        folder=demo.node(party),
        party=plan.code,
        names=plan.names,
        node=plan.node,
        positions=plan.positions,
        chains=plan.chains,
        web_port=demo.web_port(party),
        partner_port=demo.partner_port(party),
        address=f"https://{LOOPBACK}:{demo.partner_port(party)}",
        clock_offset_ms=START - real_now(),
        sample_data=True,
        language=plan.language,
        second_factor=(),  # who looks at the demo has no telephone enrolled
    )


def _play(demo: Demo, progress: Progress) -> None:
    clock, desks, cards = SceneClock(), {}, {}
    with ExitStack() as stack:
        for party in PARTIES:
            settings = read_settings(demo.node(party))
            desk = open_desk(settings, load_keyring(settings.keys))
            stack.callback(desk.database.close)
            # A sample can be made again: it need not survive a power cut while it is being made.
            made_again_if_lost(desk.database)
            desk.clock, desk.take_back_ms = clock, 0  # nobody looks on who would take back
            desks[party], cards[party] = desk, read_own_card(settings)
        named = play(desks, cards, clock, in_process(desks), progress)
    tour.write_names(demo.folder, named)


def _set_passphrases(folder: Path) -> subprocess.Popen[bytes]:
    """A process of its own a node: the pages' framework is set up once a process."""
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-m", "tansiq.node.scenario.people", str(folder)],
        stdin=subprocess.DEVNULL,
    )


def resume(demo: Demo) -> int:
    """Let the nodes' clocks go on from where they stood; the offset from the machine's clock."""
    try:
        state = json.loads((demo.folder / STATE).read_text("utf-8"))
        offset = int(state["moment"]) - real_now()
        for party in PARTIES:
            settings = read_settings(demo.node(party))
            changed = settings_json(replace(settings, clock_offset_ms=offset))
            _write(demo.node(party) / FILE, changed)
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError("demo_folder", folder=demo.folder) from None
    return offset


def remember(demo: Demo, moment: int) -> None:
    """Remember where the demo's clock stands."""
    state = {"v": 1, "base_port": demo.base_port, "moment": moment}
    _write(demo.folder / STATE, json.dumps(state).encode() + b"\n")


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
