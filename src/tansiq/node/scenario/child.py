"""Serves one node of the demo and ends with the demo.

``python -m tansiq.node.scenario.child FOLDER PARENT``. Where the parent is killed outright, the
kernel tells this process to stop (Linux); elsewhere it looks every second.
"""

import ctypes
import os
import signal
import sys
import threading
import time

from tansiq.node import cli

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Stop, as on SIGTERM, once ``parent`` is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    end_with(int(sys.argv[2]))
    sys.exit(cli.main(["serve", sys.argv[1]]))
