"""How should Django's pages run inside the node's one process? ``python bench/web_process.py``.

One uvicorn worker serves the same two pages, a greeting and a table of 50 rows (Jinja2), in three
ways: Django under ASGI, Django's WSGI through a2wsgi, and an ASGI function without Django as the
floor. Eight connections ask as fast as they are answered; rounds are interleaved and the median is
shown. Requests a second suffer from whatever else the machine does; processor time per request
hardly does, so read that first.
"""

import argparse
import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path as route
from jinja2 import Environment

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

CONNECTIONS = 8
PATHS = ("/hello", "/table")
WAYS = ("django-asgi", "django-a2wsgi", "no-django")
TABLE = """<!doctype html><title>Incidents</title><table>{% for row in rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""
ROWS = [[f"cell {row} {column} <&>" for column in range(12)] for row in range(50)]


# The server --------------------------------------------------------------------------------------


def pages() -> dict[str, Callable[[], str]]:
    """The two pages as functions of nothing."""
    template = Environment(autoescape=True).from_string(TABLE)
    return {"/hello": lambda: "hello", "/table": lambda: template.render(rows=ROWS)}


def configure_django() -> None:
    """Django with the middleware that pages of a node pass."""
    made = pages()

    def view(name: str) -> Callable[[HttpRequest], HttpResponse]:
        return lambda _request: HttpResponse(made[name]())

    urls = ModuleType("bench_urls")
    urls.urlpatterns = [route(name[1:], view(name)) for name in PATHS]  # type: ignore[attr-defined]
    sys.modules["bench_urls"] = urls
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench_urls",
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        LOGGING_CONFIG=None,
    )
    django.setup()


def application(way: str) -> Any:  # noqa: ANN401 - three kinds of application
    """The ASGI application of one way."""
    if way == "no-django":
        return floor()
    configure_django()
    if way == "django-asgi":
        return get_asgi_application()
    return WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]


def floor() -> App:
    """The same pages from a bare ASGI function."""
    made = pages()

    async def app(
        scope: Message,
        _receive: Receive,
        send: Send,
    ) -> None:
        body = made[scope["path"]]().encode()
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})

    return app


def serve(way: str, port: int) -> None:
    """Run one server until it is killed."""
    uvicorn.run(
        application(way), port=port, http="h11", loop="asyncio", lifespan="off",
        log_level="critical", access_log=False,
    )  # fmt: skip


# The measurement ---------------------------------------------------------------------------------


async def ask(port: int, path: str, until: float) -> int:
    """Ask on one connection until the time is over; how many answers came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    answers = 0
    while time.monotonic() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
        answers += 1
    writer.close()
    return answers


async def load(port: int, path: str, seconds: float) -> int:
    """Ask on all connections; answers in all."""
    until = time.monotonic() + seconds
    answers = await asyncio.gather(*(ask(port, path, until) for _ in range(CONNECTIONS)))
    return sum(answers)


def processor_seconds(pid: int) -> float:
    """The processor time that a process and those that it started have used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = " ".join(path.read_text("ascii") for path in threads).split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(int(child)) for child in children)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def started(way: str) -> tuple[subprocess.Popen[bytes], int]:
    """A server process that answers, and its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, __file__, "--serve", way, "--port", str(port)])
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, port
        time.sleep(0.05)
    raise RuntimeError(f"{way} did not start")


def measure(rounds: int, seconds: float) -> None:
    """All ways, interleaved; the table of medians."""
    servers = {way: started(way) for way in WAYS}
    rates: dict[tuple[str, str], list[float]] = {}
    costs: dict[tuple[str, str], list[float]] = {}
    try:
        for number in range(rounds + 1):  # the first is for warming up
            for path, (way, (process, port)) in itertools.product(PATHS, servers.items()):
                before = processor_seconds(process.pid)
                answers = asyncio.run(load(port, path, seconds if number else 1))
                used = processor_seconds(process.pid) - before
                if number:
                    rates.setdefault((path, way), []).append(answers / seconds)
                    costs.setdefault((path, way), []).append(1000 * used / answers)
    finally:
        for process, _ in servers.values():
            process.kill()
            process.wait()
    print("| page | way | requests/s | server ms of processor a request |\n|---|---|---|---|")
    for (path, way), found in rates.items():
        cost = statistics.median(costs[path, way])
        print(f"| {path} | {way} | {statistics.median(found):,.0f} | {cost:.2f} |")
    print(f"load average: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.serve, chosen.port)
    else:
        measure(chosen.rounds, chosen.seconds)


if __name__ == "__main__":
    main()
