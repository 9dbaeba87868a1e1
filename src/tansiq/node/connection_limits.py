"""How a node holds connections: few at a time, none that only waits, the patient ones first.

Whoever opens a connection and says nothing, says it drop by drop, or does not read the answer, is
let go after some seconds; where all places are taken, the oldest of these goes at once, so that an
honest request still finds one.
"""

import asyncio
import socket
import ssl
from contextlib import suppress
from typing import Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE_SECONDS: Final = 10.0  # for the head of a request, and before it for the handshake
CONNECTIONS_MAX: Final = 64
PAGE_CONNECTIONS_MAX: Final = 256
WAITING_MAX: Final = 128  # connections that were taken and have not come to an agreement yet


class Door(socket.socket):
    """A listening socket. Of those who have come in and agreed on nothing yet, it keeps some."""

    def __init__(self, family: socket.AddressFamily) -> None:
        # With its number, or asyncio does not see that it is TCP and leaves Nagle's algorithm on:
        # then each answer on a kept connection waits 40 ms for the acknowledgement of its head.
        super().__init__(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._waiting: dict[int, socket.socket] = {}

    def accept(self) -> tuple[socket.socket, object]:
        """Take a connection; where too many wait, the oldest of them goes."""
        taken, address = super().accept()
        self._waiting = {n: kept for n, kept in self._waiting.items() if kept.fileno() == n}
        while len(self._waiting) >= WAITING_MAX:
            oldest = self._waiting.pop(next(iter(self._waiting)))
            with suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        self._waiting[taken.fileno()] = taken
        return taken, address

    def arrived(self, number: int) -> None:
        """A connection has come through: what happens to it is the server's."""
        self._waiting.pop(number, None)


class PageProtocol(H11Protocol):
    """HTTP that holds a bounded number of connections and waits for nobody for long."""

    places = PAGE_CONNECTIONS_MAX

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; it must ask soon."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self.leaving = False
        self.impatient: asyncio.TimerHandle | None = None
        while len(self.connections) > self.places and self._make_room():
            pass
        self._expect(PATIENCE_SECONDS)

    def _make_room(self) -> bool:
        """Let the longest of the others go that keep us waiting; whether there was one. Where all
        are being answered, the longest of them ends with its present answer; there are never more
        than twice as many as places.
        """
        others = [c for c in self.connections if isinstance(c, PageProtocol) and c is not self]
        slow = [item for item in others if item.keeps_waiting()]
        if slow:
            chosen = min(slow, key=lambda item: item.since)
            self.connections.discard(chosen)
            chosen.transport.abort()
            return True
        staying = [item for item in others if not item.leaving]
        if staying and len(self.connections) <= 2 * self.places:
            chosen = min(staying, key=lambda item: item.since)
            chosen.leaving = True
            chosen.shutdown()
        else:
            self.connections.discard(self)
            self.transport.abort()
        return False

    def keeps_waiting(self) -> bool:
        """Whether the next step is the other side's: to ask, to go on, or to read."""
        return not self._answering() or self.cycle.more_body or self.flow.write_paused

    def _answering(self) -> bool:
        asked: object = self.cycle  # None until the first request, whatever its type says
        return asked is not None and not self.cycle.response_complete

    def _expect(self, seconds: float) -> None:
        self._relax()
        self.impatient = self.loop.call_later(seconds, self._lose_patience)

    def _relax(self) -> None:
        if self.impatient is not None:
            self.impatient.cancel()
            self.impatient = None

    def _lose_patience(self) -> None:
        if not self._answering() and not self.transport.is_closing():
            self.transport.abort()

    def handle_events(self) -> None:
        """Read on; once a whole head is there, the clock of the head stops."""
        super().handle_events()
        if self._answering():
            self._relax()

    def on_response_complete(self) -> None:
        """The next request on this connection must come, whole, in as short a time."""
        self.since = self.loop.time()
        super().on_response_complete()
        if not self._answering() and not self.transport.is_closing():
            self._expect(self.timeout_keep_alive + PATIENCE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._relax()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is not HTTP gets an answer with nothing in it."""
        if not self._answering():
            self.transport.write(
                b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
        self.transport.close()


class PartnerProtocol(PageProtocol):
    """HTTP for partners: fewer connections, idle only between parcels that were good, and nothing
    said to a stranger.
    """

    places = CONNECTIONS_MAX

    def shutdown(self) -> None:
        """A connection that rests between two parcels is cut off: its other end may be slow."""
        if self._answering():
            super().shutdown()
        else:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """What is not HTTP gets no answer at all."""
        self.transport.abort()


class DoorServer(uvicorn.Server):
    """A server on doors. ``patience`` is for the handshake, where there is one."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on the sockets."""
        await self.lifespan.startup()
        loop, secure = asyncio.get_running_loop(), isinstance(self.config.ssl, ssl.SSLContext)
        self.servers = [
            await loop.create_server(
                lambda door=door: self._protocol(door),
                sock=door, ssl=self.config.ssl, backlog=self.config.backlog,
                ssl_handshake_timeout=PATIENCE_SECONDS if secure else None,
            )
            for door in sockets or []
        ]  # fmt: skip
        self.started = True

    def _protocol(self, door: socket.socket) -> asyncio.Protocol:
        made = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state,
        )  # fmt: skip
        if isinstance(door, Door):
            begun = made.connection_made

            def through(transport: asyncio.BaseTransport) -> None:
                door.arrived(transport.get_extra_info("socket").fileno())
                begun(transport)

            made.connection_made = through  # type: ignore[method-assign]
        return made
