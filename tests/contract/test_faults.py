"""Disks, ports and files that fail: each in words, without damage, and on when it is over."""

import fcntl
import socket
import subprocess
import sys

import pytest

from tansiq.domain.errors import TansiqError
from tansiq.domain.wording import LANGUAGES
from tansiq.node.founding import open_node
from tansiq.node.serve import _bound
from tests.contract.desks import MOD, MPA, befriend, desk_of, found, speak
from tests.world import refusal

HOLDS = """import fcntl, sys, time
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def may_mount() -> bool:
    """Whether this user may have a mount namespace of its own."""
    tried = subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True)
    return tried.returncode == 0


@pytest.mark.parametrize(
    ("kind", "code"), [("full", "database_full"), ("readonly", "database_readonly")]
)
def test_a_disk_that_fails_is_said_and_damages_nothing(tmp_path, kind, code):
    """What was there is read as before; when there is room again the node goes on by itself."""
    if not may_mount():
        pytest.skip("this user may not mount a file system")
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-m", "tests.contract.failing_disk", tmp_path, kind],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"fails {code}", "reads True", "goes on 1", "damages 0"]
    assert len({TansiqError(code, detail="x").text(language) for language in LANGUAGES}) == 3


def test_a_damaged_database_file_is_said_in_words(tmp_path):
    """A file that is no database, and one with a page overwritten, end in a fault and no more."""
    settings, other = (found(tmp_path, party, store="sqlite") for party in (MPA, MOD))
    desk = desk_of(settings)
    befriend(desk, other)
    for version in range(1, 40):
        speak(desk, MOD, version)
    desk.database.close()
    whole = settings.database.read_bytes()
    settings.database.write_bytes(b"no database at all" * 1_000)
    with refusal("database_damaged"):
        desk_of(settings)
    pages = bytearray(whole)
    for at in range(8_192, len(pages) - 8_192, 8_192):
        pages[at : at + 64] = bytes(64)
    settings.database.write_bytes(pages)
    with refusal("database_damaged"):
        desk_of(settings).store.names()


def test_a_port_in_use_is_said_with_its_number():
    """Two nodes on one machine: the second says which port is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with refusal("port_in_use"):
            _bound("127.0.0.1", port)


def test_the_lock_of_a_dead_process_holds_nobody_up(tmp_path):
    """The lock is the process's, not the file's: who died has let go of it."""
    settings = found(tmp_path, MPA)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(settings.folder / "node.lock")],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    with refusal("node_locked"), open_node(settings.folder):
        pass
    holder.kill()
    holder.communicate()
    with open_node(settings.folder, alone=True) as node:
        assert node.desk.me == MPA
    with (settings.folder / "node.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
