"""The address that the demo tells: it leads to the first page, which the first node serves."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tansiq.node.scenario.cast import PARTIES
from tansiq.node.scenario.nodes import Demo
from tansiq.node.scenario.tour import START
from tansiq.node.settings import LOOPBACK


def serve(demo: Demo) -> ThreadingHTTPServer:
    """Lead there until ``shutdown`` and ``server_close``. Raises OSError for a port in use."""
    page = f"{demo.address(next(iter(PARTIES)))}{START}"

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version, timeout = "Tansiq", "", 10

        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(404)
                return
            self.send_response(302)
            self.send_header("Location", page)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, demo.base_port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
