"""A served node that talks: ``python -m tests.contract.talking FOLDER PARTY COUNT``.

It serves as ``tansiq serve`` does, with small pages of its own in place of the real ones, and says
so many things to a partner, one line of output for each that was committed.
"""

import asyncio
import sys
import threading
import time
from pathlib import Path

from tansiq.domain.parties import PartyCode
from tansiq.node.founding import open_node
from tansiq.node.serve import serve_node
from tests.contract.desks import sizes, speak


def pages(_node, bell):
    """``/live`` streams until the bell rings; ``/deaf`` streams and does not hear it."""

    async def app(scope, _receive, send):
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        while not bell() or scope["path"] == "/deaf":
            await send({"type": "http.response.body", "body": b"tick\n", "more_body": True})
            await asyncio.sleep(0.05)
        await send({"type": "http.response.body", "body": b"bye\n", "more_body": False})

    return app


def main(folder: str, party: str, count: str) -> None:
    """Serve and talk."""
    with open_node(Path(folder)) as node:
        to = PartyCode(party)

        def talk() -> None:
            for _ in range(int(count)):
                version = sizes(node.desk, to)[0] + 1
                speak(node.desk, to, version)
                print(f"said {version}", flush=True)
                time.sleep(0.005)

        def ready(listening) -> None:
            print(f"ready {listening.web_port}", flush=True)
            threading.Thread(target=talk, daemon=True).start()

        serve_node(node, ready, pages)


if __name__ == "__main__":
    main(*sys.argv[1:])
