"""The demo's start page: the four nodes, and with what to sign on to each. Three languages."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from string import Template
from typing import Final

from markupsafe import escape

from tansiq.domain.wording import LANGUAGES, direction, words
from tansiq.node.scenario.cast import PARTIES, PartyPlan, passphrase_of
from tansiq.node.scenario.nodes import Demo
from tansiq.node.settings import LOOPBACK

HEADERS: Final = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


def page(demo: Demo, language: str) -> str:
    """The page in one language."""
    source = (resources.files("tansiq.node.scenario") / "start.html").read_text("utf-8")
    nodes = "\n".join(_node(demo, plan, language) for plan in PARTIES.values())
    return Template(source).substitute(
        language=language,
        direction=direction(language),
        title=_said("title", language),
        sample=_said("sample", language),
        explain=_said("explain", language),
        nodes=nodes,
    )


def _said(name: str, language: str) -> str:
    return str(escape(words(f"demo.{name}").of(language)))


def _node(demo: Demo, plan: PartyPlan, language: str) -> str:
    rows = "".join(
        f"<tr><td>{escape(position.names.of(language))}</td><td><code>{person}</code></td>"
        f"<td><code>{passphrase_of(person)}</code></td></tr>"
        for person, posts in plan.people.items()
        for position in plan.positions
        if position.code in posts
    )
    heads = "".join(
        f"<th>{_said(name, language)}</th>" for name in ("position", "person", "passphrase")
    )
    address = f"http://{LOOPBACK}:{demo.web_port(plan.code)}/"
    return (
        f"<section><h2>{escape(plan.names.of(language))} <code>{plan.code}</code></h2>"
        f'<a class="open" href="{address}">{_said("open", language)}</a>'
        f"<table><tr>{heads}</tr>{rows}</table></section>"
    )


def serve(demo: Demo) -> ThreadingHTTPServer:
    """Serve the page until ``shutdown`` and ``server_close``. Raises OSError for a port in use."""
    pages = {language: page(demo, language).encode() for language in LANGUAGES}

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version, timeout = "Tansiq", "", 10

        def do_GET(self) -> None:
            wanted = self.path.strip("/")
            if wanted not in {"", *pages}:
                self.send_error(404)
                return
            asked = [
                part.strip()[:3] for part in self.headers.get("Accept-Language", "").split(",")
            ]
            spoken = [code.rstrip("-;") for code in asked if code.rstrip("-;") in pages]
            data = pages[wanted or next(iter(spoken), "en")]
            self.send_response(200)
            for name, value in (*HEADERS, ("Content-Length", str(len(data)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, demo.base_port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
