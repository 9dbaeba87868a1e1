"""The demo: four nodes with a year of sample data on one machine (``python -m tansiq.node.demo``).

The first start makes the nodes and plays the scenario; later ones go on from where the demo stood.
Each node is a process of its own, as in earnest; all end with this one.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from tansiq.domain.errors import InputError, StoreError, TansiqError
from tansiq.domain.wording import LANGUAGES, phrase
from tansiq.node.scenario import nodes, start_page
from tansiq.node.scenario.cast import PARTIES
from tansiq.node.scenario.nodes import Demo
from tansiq.node.settings import LOOPBACK
from tansiq.node.terminal import Terminal, own_language
from tansiq.node.verbs import CANNOT, INTERRUPTED

BASE_PORT: Final = 8400
_READY_SECONDS_MAX: Final = 60.0
_STOP_SECONDS_MAX: Final = 6.0
_REMEMBER_SECONDS: Final = 5.0
Child = subprocess.Popen[bytes]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what is missing, run until told to stop; the exit code."""
    os.umask(0o077)
    chosen = _parsed(arguments)
    terminal = Terminal(chosen.language)
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ending.set())
    try:
        demo = _made(chosen, terminal, ending)
        _run(demo, terminal, ending)
    except TansiqError as fault:
        terminal.fault(fault)
        return CANNOT
    except KeyboardInterrupt:
        terminal.settle()
        return INTERRUPTED
    terminal.say("demo.stopped", folder=demo.folder)
    return 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    language = own_language()
    parser = argparse.ArgumentParser(prog="demo", description=phrase("demo.about", language))
    parser.add_argument(
        "--folder", type=Path, default=Path(".demo"), help=phrase("demo.folder", language)
    )
    parser.add_argument("--base-port", type=int, help=phrase("demo.base_port", language))
    parser.add_argument("--fresh", action="store_true", help=phrase("demo.fresh", language))
    parser.add_argument("--language", choices=LANGUAGES, default=language)
    return parser.parse_args(arguments)


def _made(chosen: argparse.Namespace, terminal: Terminal, ending: threading.Event) -> Demo:
    """The demo, made if there is none yet."""
    found = nodes.opened(chosen.folder, None if chosen.fresh else chosen.base_port)
    if found is not None and not chosen.fresh:
        _demand_free(found)
        return found
    port = chosen.base_port or (found.base_port if found else BASE_PORT)
    demo = Demo(folder=chosen.folder, base_port=port)
    _demand_free(demo)
    if found is not None:
        nodes.delete(found)

    def progress(day: int, days: int) -> None:
        if ending.is_set():
            raise KeyboardInterrupt
        terminal.progress("demo.playing", day=day, days=days)

    nodes.make(demo, progress)
    terminal.settle()
    return demo


def _demand_free(demo: Demo) -> None:
    """Raises InputError that names the first port on which somebody else listens."""
    for port in demo.ports():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except (OSError, OverflowError):
                raise InputError("demo_port", port=port) from None


def _run(demo: Demo, terminal: Terminal, ending: threading.Event) -> None:
    offset = nodes.resume(demo)
    with ExitStack() as stack:
        children = {party: stack.enter_context(_serving(demo, party)) for party in PARTIES}
        stack.callback(_stop, list(children.values()))
        _wait_until_ready(demo, children, ending)
        if not ending.is_set():
            _serve_start_page(demo, stack)
            terminal.say("demo.ready", address=f"http://{LOOPBACK}:{demo.base_port}/")
        while not ending.wait(_REMEMBER_SECONDS):
            nodes.remember(demo, nodes.real_now() + offset)
            _demand_alive(demo, children)
        nodes.remember(demo, nodes.real_now() + offset)


@contextmanager
def _serving(demo: Demo, party: str) -> Iterator[Child]:
    """One node as a process of its own; it never outlives this block."""
    command = [sys.executable, "-m", "tansiq.node.scenario.child"]
    command += [str(demo.node(party)), str(os.getpid())]
    with _log(demo, party).open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - our own program, no shell
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield child
    finally:
        _stop([child])


def _stop(children: list[Child]) -> None:
    """Ask all at once, wait, and insist."""
    for child in children:
        child.terminate()
    until = time.monotonic() + _STOP_SECONDS_MAX
    for child in children:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _log(demo: Demo, party: str) -> Path:
    return demo.folder / f"{PARTIES[party].node}.log"


def _demand_alive(demo: Demo, children: dict[str, Child]) -> None:
    for party, child in children.items():
        if child.poll() is not None:
            raise StoreError("demo_node_ended", file=_log(demo, party))


def _wait_until_ready(demo: Demo, children: dict[str, Child], ending: threading.Event) -> None:
    until = time.monotonic() + _READY_SECONDS_MAX
    for party in PARTIES:
        address = f"{demo.address(party)}/health"
        while not ending.is_set() and not _healthy(address):
            _demand_alive(demo, children)
            if time.monotonic() > until:
                raise StoreError("demo_node_ended", file=_log(demo, party))
            ending.wait(0.1)


def _healthy(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address of this machine
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _serve_start_page(demo: Demo, stack: ExitStack) -> None:
    try:
        server = start_page.serve(demo)
    except OSError:
        raise InputError("demo_port", port=demo.base_port) from None
    stack.callback(server.server_close)
    stack.callback(server.shutdown)


if __name__ == "__main__":
    sys.exit(main())
