"""Serves one node of the demo, with the demo's first page, and ends with the demo. A node that
lies in no demo, as those of the browser tests, has its own pages alone.

``python -m tansiq.node.scenario.child FOLDER PARENT``. Where the parent is killed outright, the
kernel tells this process to stop (Linux); elsewhere it looks every second.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from tansiq.domain.errors import TansiqError
from tansiq.node import refolding, unlocking
from tansiq.node.founding import Node, open_node
from tansiq.node.scenario.nodes import STATE
from tansiq.node.serve import Bell, serve_node, site_settings, web_pages
from tansiq.node.terminal import Terminal, own_language
from tansiq.node.verbs import CANNOT
from tansiq.web.shell.site import App, make_app

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


def pages(node: Node, bell: Bell) -> App:
    """The pages of a node, and those two that lead through the demo."""
    settings = replace(site_settings(node), routes="tansiq.node.scenario.tour_pages")
    app = make_app(node.desk, settings, bell)
    # Views can be imported only once Django is set up.
    from tansiq.node.scenario import tour_pages  # noqa: PLC0415

    tour_pages.use(node)
    return app


def main(folder: Path) -> int:
    """Serve the node until it is told to stop; the exit code."""
    terminal = Terminal(own_language())
    unlocking.begin(terminal.language, None, None)
    try:
        with open_node(folder, shown=refolding.InLog()) as node:
            led = (folder.parent / STATE).is_file()
            serve_node(node, lambda _listening: None, pages if led else web_pages)
    except TansiqError as fault:
        terminal.fault(fault)
        return CANNOT
    return 0


if __name__ == "__main__":
    end_with(int(sys.argv[2]))
    sys.exit(main(Path(sys.argv[1])))
