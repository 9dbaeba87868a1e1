"""The edge: an ASGI application that serves files and live events on the loop and pages in worker
threads.

Django runs under WSGI behind it: one hop to a thread per request instead of one per middleware (ADR
3).
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final, cast

from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse

from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.domain.wording import LANGUAGES, phrase
from tansiq.web.shell.assets import assets
from tansiq.web.shell.body import SMALL_BYTES, Bodies, SlowError, stated
from tansiq.web.shell.live import (
    Hub,
    seat_from_session,
    session_from_cookie,
    watching_from_session,
)
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import App, Receive, Scope, Send, Site

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_PERMISSIONS: Final = (
    "geolocation=(), camera=(), microphone=(), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self)"
)
HEADERS: Final = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", _PERMISSIONS),
)
_RAW: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS]
_PING_SECONDS: Final = 5
_TEXT: Final = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
_LOOK_SECONDS: Final = 2  # so soon an open stream hears that its screen is locked


class SecurityHeaders:
    """Every page carries the same strict headers; no view can forget them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        for name, value in HEADERS:
            response.setdefault(name, value)
        return response


class Edge:
    """Routes by path: ``/static/``, ``/live``, ``/health``, and everything else to the pages."""

    def __init__(self, site: Site, closing: Callable[[], bool]) -> None:
        self._site = site
        self._closing = closing
        self._hub = Hub(site.desk)
        self._bodies = Bodies()
        self._pages: App = cast("App", WSGIMiddleware(cast("Any", WSGIHandler()), workers=8))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] != "http":
            return
        elif scope["path"].startswith("/static/"):
            await _static(scope, send)
        elif scope["path"] == "/live":
            await self._live(scope, receive, send)
        elif scope["path"] == "/health":
            await _reply(send, 200, b'{"status":"ok"}', [(b"content-type", b"application/json")])
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page, once the whole request is there."""
        size = stated(scope)
        large = size is None or size > SMALL_BYTES
        if size is None or (large and await self._seat(scope) is None):
            await _reply(send, 413, _words("page.too_large"), _TEXT)
            return
        try:
            whole = await self._bodies.whole(receive, size)
        except SlowError:
            await _reply(send, 408, _words("page.too_slow"), _TEXT)
            return
        await self._pages(scope, whole, send)

    async def _seat(self, scope: Scope) -> Seat | None:
        session = session_from_cookie(_header(scope, b"cookie"))
        return await asyncio.to_thread(seat_from_session, session)

    async def _watching(self, scope: Scope) -> Seat | None:
        session = session_from_cookie(_header(scope, b"cookie"))
        return await asyncio.to_thread(watching_from_session, session)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        seat = await self._watching(scope)
        if seat is None or self._hub.full(seat):
            await _reply(send, 403 if seat is None else 503, b"", [])
            return
        stream = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        loop, since = asyncio.get_running_loop(), _since(scope)
        with self._hub.subscribe(seat, loop, since) as queue:
            await send({"type": "http.response.start", "status": 200, "headers": stream + _RAW})
            await send({"type": "http.response.body", "body": b": ready\n\n", "more_body": True})
            gone = asyncio.ensure_future(_gone(receive))
            quiet, last = 0.0, b""
            looked = loop.time()
            while not (gone.done() or self._closing()):
                if loop.time() - looked > _LOOK_SECONDS:
                    looked = loop.time()
                    if await self._watching(scope) != seat:
                        last = b"event: end\ndata: end\n\n"  # locked, signed off, or somebody else
                        break
                try:
                    topics = await asyncio.wait_for(queue.get(), 0.5)
                    data = b"data: " + json.dumps({"topics": topics}).encode() + b"\n\n"
                    quiet = 0.0
                except TimeoutError:
                    quiet += 0.5
                    if quiet < _PING_SECONDS:
                        continue
                    data, quiet = b"event: ping\ndata: ping\n\n", 0.0
                await send({"type": "http.response.body", "body": data, "more_body": True})
            gone.cancel()
            await send({"type": "http.response.body", "body": last, "more_body": False})


def _since(scope: Scope) -> int:
    """When the page that asks for events was made; 0 where it does not say."""
    name, _, value = scope["query_string"][:40].decode("latin-1").partition("=")
    return int(value) if name == "since" and value.isdecimal() and value.isascii() else 0


def _words(key: str) -> bytes:
    """In every language: who asks may be anybody."""
    limit = BOUNDS.form_bytes_max // MIB
    return "".join(f"{phrase(key, code, limit=limit)}\n" for code in LANGUAGES).encode()


def _header(scope: Scope, name: bytes) -> str:
    return next((v.decode("latin-1") for n, v in scope["headers"] if n == name), "")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _static(scope: Scope, send: Send) -> None:
    item = assets().get(scope["path"].removeprefix("/static/"))
    if item is None or scope["method"] not in ("GET", "HEAD"):
        await _reply(send, 404, b"", [])
        return
    tag = b'"' + item.etag.encode() + b'"'
    cache = b"public, max-age=31536000, immutable" if scope["query_string"] else b"no-cache"
    headers = [
        (b"content-type", item.media_type.encode()), (b"etag", tag), (b"cache-control", cache),
        (b"vary", b"Accept-Encoding"),
    ]  # fmt: skip
    if _header(scope, b"if-none-match") == tag.decode():
        await _reply(send, 304, b"", headers)
        return
    packs = "gzip" in _header(scope, b"accept-encoding") and item.packed is not item.data
    if packs:
        headers.append((b"content-encoding", b"gzip"))
    body = item.packed if packs else item.data
    await _reply(send, 200, b"" if scope["method"] == "HEAD" else body, headers)


async def _reply(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = [(b"content-length", str(len(body)).encode())] if status != 304 else []
    await send(
        {"type": "http.response.start", "status": status, "headers": headers + _RAW + length}
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
