"""A node on a disk that fails: ``unshare -m python -m tests.contract.failing_disk FOLDER KIND``.

Mounts a small file system of its own (in its own mount namespace, so that it goes with the process)
and says in codes what happened, before, while and after the disk was full or could not be written.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tansiq.desk.proof import checking
from tansiq.domain.errors import StoreError
from tansiq.node.founding import open_node, read_own_card
from tests.contract.desks import MOD, MPA, befriend, desk_of, found, sizes, speak

MEGABYTES = 4


def _mount(*options: str) -> None:
    subprocess.run(["mount", *options], check=True)


def _until_it_fails(desk, most: int) -> str:
    """Say things until the disk has enough; the code of the fault."""
    for _ in range(most):
        try:
            speak(desk, MOD, sizes(desk, MOD)[0] + 1)
        except StoreError as fault:
            return fault.code
    return ""


def _opening_fails(settings) -> str:
    """The code of the fault with which a node does not start."""
    try:
        with open_node(settings.folder):
            return ""
    except StoreError as fault:
        return fault.code


def main(folder: Path, kind: str) -> None:
    """One disk, one fault."""
    disk = folder / "disk"
    disk.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(disk))
    other = found(folder, MOD, store="sqlite")
    settings = found(disk, MPA, store="sqlite")
    desk = desk_of(settings)
    befriend(desk, other)
    speak(desk, MOD, 1)
    if kind == "full":
        filler = disk / "filler"
        filler.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - 200_000)))
        print("fails", _until_it_fails(desk, 2_000))
        kept = sizes(desk, MOD)[0]
        print("reads", len(desk.store.read("out/MOD", 0, kept)) == kept)
        filler.unlink()
    else:
        kept = sizes(desk, MOD)[0]
        desk.database.close()
        _mount("-o", "remount,ro", str(disk))
        print("fails", _opening_fails(settings))
        print("reads", settings.card.read_bytes() == read_own_card(settings))
        _mount("-o", "remount,rw", str(disk))
        desk = desk_of(settings)
    speak(desk, MOD, kept + 1)
    print("goes on", sizes(desk, MOD)[0] - kept)
    print("damages", len(checking.fsck(desk, lambda *_: None)))
    desk.database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
