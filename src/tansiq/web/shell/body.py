"""The body of a request is read whole before a worker thread takes it up: whoever sends it drop by
drop holds one connection, and no thread.
"""

import asyncio
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.web.shell.site import Receive, Scope

SMALL_BYTES: Final = 64 * 1024  # a form without files; more is taken from signed-on people only
SECONDS_MAX: Final = 30.0
LARGE_SECONDS_MAX: Final = 600.0  # 25 MB over a third of a megabit a second
LARGE_AT_ONCE_MAX: Final = 4
_SIZE_DIGITS_MAX: Final = 15


class SlowError(Exception):
    """The body did not come in time, or broke off."""


def stated(scope: Scope) -> int | None:
    """How large the body says it is; None where it is malformed, unmeasured or past the bound."""
    given = [value for name, value in scope["headers"] if name == b"content-length"]
    if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        return None
    if not given:
        return 0
    text = given[0].decode("latin-1")
    if len(given) > 1 or not (text.isascii() and text.isdecimal() and len(text) < _SIZE_DIGITS_MAX):
        return None
    size = int(text)
    return size if size <= BOUNDS.form_bytes_max else None


class Bodies:
    """Reads bodies; of the large ones a few at a time, so that memory is bounded."""

    def __init__(self) -> None:
        self._large = asyncio.Semaphore(LARGE_AT_ONCE_MAX)

    async def whole(self, receive: Receive, size: int) -> Receive:
        """Where the pages get the body from, once it is there. Raises SlowError."""
        try:
            if size <= SMALL_BYTES:
                async with asyncio.timeout(SECONDS_MAX):
                    return _again(await _read(receive), receive)
            async with asyncio.timeout(LARGE_SECONDS_MAX), self._large:
                return _again(await _read(receive), receive)
        except TimeoutError:
            raise SlowError from None


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SlowError
        body += message.get("body", b"")
        if len(body) > BOUNDS.form_bytes_max:
            raise SlowError
        more = message.get("more_body", False)
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> dict[str, object]:
        return waiting.pop() if waiting else dict(await receive())

    return again
