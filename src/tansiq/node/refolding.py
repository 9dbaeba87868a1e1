"""After an update the board is folded anew before anything else, and people see how far it is.

``founding.open_node`` asks here. What must hold: it is one transaction under a lock that nobody
shares, so a stop half-way leaves everything as it was and the next start begins again.
"""

import fcntl
import sys
import time
from io import BufferedWriter
from pathlib import Path
from typing import Final, Protocol

from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import checking
from tansiq.domain.errors import StoreError
from tansiq.node.journal_log import Event, NodeLog
from tansiq.node.terminal import Terminal, own_language

_LINE_SECONDS: Final = 5.0  # between two lines of the running log


class Shown(Protocol):
    """Shows how far folding is."""

    def begin(self, desk: Desk) -> None:
        """It begins."""
        ...

    def progress(self, log: str, entries: int) -> None:
        """So many entries of a log are folded."""
        ...

    def end(self, entries: int) -> None:
        """It is done, after so many entries of the journal."""
        ...


class OnTerminal:
    """Shows it to the person at the keyboard, on the error stream."""

    def __init__(self) -> None:
        self._terminal = Terminal(own_language())

    def begin(self, _desk: Desk) -> None:
        """Say why it takes a while."""
        self._terminal.note("cli.refold.begins")

    def progress(self, log: str, entries: int) -> None:
        """Say how far it is."""
        self._terminal.progress("cli.progress.log", log=log, entries=entries)

    def end(self, entries: int) -> None:
        """Say that it is done."""
        self._terminal.settle()
        self._terminal.note("cli.rebuild.done", entries=entries)


class InLog:
    """Shows it in the running log of a served node, and to the person where there is one."""

    def __init__(self) -> None:
        self._person = OnTerminal() if sys.stderr.isatty() else None
        self._log: NodeLog | None = None
        self._told = 0.0

    def begin(self, desk: Desk) -> None:
        """Note that it begins."""
        self._log = NodeLog(desk.clock)
        self._log.note(Event.FOLDING)
        if self._person:
            self._person.begin(desk)

    def progress(self, log: str, entries: int) -> None:
        """Note now and then how far it is."""
        if self._person:
            self._person.progress(log, entries)
        now = time.monotonic()
        if self._log and now - self._told >= _LINE_SECONDS:
            self._told = now
            self._log.note(Event.FOLDING, entries=entries)

    def end(self, entries: int) -> None:
        """Note that it is done."""
        if self._person:
            self._person.end(entries)
        if self._log:
            self._log.note(Event.FOLDED, entries=entries)


def settle(desk: Desk, folder: Path, lock: BufferedWriter, shown: Shown) -> None:
    """Fold the board anew where another program folded it. Raises StoreError where another program
    works on the node.
    """
    if not checking.outdated(desk):
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreError("board_outdated", folder=folder) from None
    shown.begin(desk)
    shown.end(checking.fold_anew(desk, shown.progress))
