"""What a command that was killed leaves in a node's folder or beside it: whole copies of its
records, unencrypted, with what was recalled since. It goes whenever the node is opened, and by
fsck.

What must hold: nothing is taken from a command that still runs. A backup holds a lock on its
folder; one that is being founded or restored becomes the node's: beside a node there is none.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tansiq.domain.errors import StoreError
from tansiq.node.files import folder_begun

BACKUP: Final = ".backup"
BEGUN: Final = ("new", "restoring")  # marks of folders that become a node's


@contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """An empty folder of the node's for a backup, gone at the end. Raises StoreError where another
    backup has it.
    """
    work = folder / BACKUP
    if not clear_backup(folder):
        raise StoreError("backup_running", path=folder)
    work.mkdir(mode=0o700)
    try:
        with _held(work) as mine:
            if not mine:
                raise StoreError("backup_running", path=folder)
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def clear(folder: Path) -> None:
    """Remove what killed commands left of the node in ``folder``."""
    clear_backup(folder)
    for mark in BEGUN:
        shutil.rmtree(folder_begun(folder, mark), ignore_errors=True)


def clear_backup(folder: Path) -> bool:
    """Remove what a killed backup left; whether nothing is there now. One that runs keeps it."""
    work = folder / BACKUP
    if not work.exists():
        return True
    with _held(work) as free:
        if free:
            shutil.rmtree(work, ignore_errors=True)
    return not work.exists()


@contextmanager
def _held(work: Path) -> Iterator[bool]:
    """The lock on a folder while it is held; whether it could be had."""
    number = os.open(work, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(number)
