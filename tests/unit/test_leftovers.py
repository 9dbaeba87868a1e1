"""What a killed command leaves in a node's folder goes when the node is opened (row A9)."""

import signal
import subprocess
import sys

import pytest

from tansiq.domain.errors import StoreError
from tansiq.node import leftovers
from tansiq.node.backup import back_up
from tansiq.node.founding import open_node
from tests.commands import tansiq
from tests.unit.test_backup import LOCK, node, nothing

__all__ = ["node"]  # a fixture
KILLED = """
import os, signal, sys
from pathlib import Path
from tansiq.node.leftovers import work_folder
with work_folder(Path(sys.argv[1])) as work:
    (work / "tansiq.sqlite3").write_text("what was recalled")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder):
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert (folder / leftovers.BACKUP / "tansiq.sqlite3").exists()


@pytest.mark.parametrize("how", ["open", "fsck", "backup"])
def test_a9_a_killed_backup_leaves_nothing_that_lasts(node, tmp_path, how):
    """The plain copies are gone once anything opens the node, fsck above all."""
    killed(node.folder)
    if how == "open":
        with open_node(node.folder):
            assert not (node.folder / leftovers.BACKUP).exists()
    elif how == "fsck":
        assert tansiq("fsck", str(node.folder)).returncode == 0
    else:
        back_up(node.folder, tmp_path / "one.tsqb", LOCK, nothing)
    assert not (node.folder / leftovers.BACKUP).exists()


def test_a9_a_killed_restore_leaves_nothing_beside_the_node(node):
    """A folder that was being filled when its command was killed holds plain records too."""
    begun = node.folder.with_name(f".{node.folder.name}.restoring")
    begun.mkdir()
    (begun / "tansiq.sqlite3").write_text("what was recalled")
    with open_node(node.folder):
        assert not begun.exists()


def test_a9_a_backup_that_runs_keeps_its_folder(node):
    """Opening the node takes nothing from it, and a second backup is refused."""
    with leftovers.work_folder(node.folder) as work:
        (work / "copy").write_text("words")
        with open_node(node.folder):
            assert (work / "copy").exists()
        with pytest.raises(StoreError) as refused, leftovers.work_folder(node.folder):
            pass
        assert refused.value.code == "backup_running"
        assert (work / "copy").exists()
    assert not work.exists()
