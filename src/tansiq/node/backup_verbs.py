"""The verbs by which a node survives: a backup, bringing one back, the clock."""

import argparse
from datetime import UTC, datetime

from tansiq.desk.act import timekeeping
from tansiq.domain.errors import InputError, StoreError
from tansiq.node.backup import Lock, back_up
from tansiq.node.files import read_file
from tansiq.node.founding import open_node
from tansiq.node.restoring import restore
from tansiq.node.terminal import Terminal

_IDENTITY_BYTES_MAX = 4096


def make(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Write a backup."""
    lock = Lock(recipient=chosen.to) if chosen.to else Lock(passphrase=terminal.ask_passphrase())

    def progress(done: int, size: int) -> None:
        percent = done * 100 // size if size else 100
        terminal.progress("cli.progress.backup", percent=percent)

    manifest = back_up(chosen.folder, chosen.target, lock, progress)
    entries = sum(head.size for head in manifest.heads)
    size = chosen.target.stat().st_size
    terminal.say("cli.backup.done", path=chosen.target, bytes=size, entries=entries)
    if not chosen.to:
        terminal.say("cli.backup.keep")
    return 0


def bring_back(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Bring a backup back."""
    if chosen.identity is not None:
        key = _identity(read_file(chosen.identity, _IDENTITY_BYTES_MAX))
    else:
        key = terminal.ask_secret("cli.restore.passphrase")

    def progress(done: int, size: int) -> None:
        percent = done * 100 // size if size else 100
        terminal.progress("cli.progress.backup", percent=percent)

    if not chosen.file.is_file():
        raise StoreError("file_read", path=chosen.file, reason="-")
    manifest = restore(chosen.file, chosen.folder, key, progress, store=chosen.store)
    terminal.say("cli.restore.done", party=manifest.party, folder=chosen.folder)
    for head in manifest.heads:
        terminal.line(f"  {head.log:<16}{head.size:>9}  {head.root[:16]}")
    terminal.say("cli.restore.next")
    return 0


def _identity(data: bytes) -> str:
    """The secret key in an age identity file: its one line that is no remark."""
    lines = [line for line in data.decode("ascii", "replace").splitlines() if line.strip()]
    keys = [line.strip() for line in lines if not line.startswith("#")]
    if len(keys) != 1:
        raise InputError("backup_key")
    return keys[0]


def clock(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Show the clock; believe it where a person says that it is right."""
    with open_node(chosen.folder) as node:
        if chosen.right:
            timekeeping.confirm(node.desk)
        doubt = timekeeping.in_doubt(node.desk)
        now = datetime.fromtimestamp(node.desk.clock.now() / 1000, tz=UTC)
    terminal.say("cli.clock.now", time=f"{now:%Y-%m-%d %H:%M}")
    terminal.say("cli.clock.doubt" if doubt else "cli.clock.fine")
    return 0
