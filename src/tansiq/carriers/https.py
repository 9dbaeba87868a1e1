"""Parcels over HTTPS: ``POST /exchange``, a sealed parcel in, a sealed parcel out.

Each node listens with a certificate of its own making, and its card carries that certificate: a
client trusts exactly those bytes, no authority and no name. A listener answers whatever is wrong,
by whomever, with the same empty 400, so that a stranger learns nothing; the reason is noted by its
code alone.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Self, TypeAlias

import httpx

from tansiq.carriers.carrier import LinkError, Receive
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError
from tansiq.domain.parties import PartyCode

PATH: Final = "/exchange"
AT_ONCE_MAX: Final = 8  # parcels in memory at the same time
READ_SECONDS_MAX: Final = 60.0
ANSWER_SECONDS_MAX: Final = 60.0
CONNECT_SECONDS_MAX: Final = 10.0
IDLE_SECONDS_MAX: Final = 60.0  # longer than from one look at a partner to the next

Scope: TypeAlias = MutableMapping[str, Any]
AsgiReceive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
AsgiSend: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Work: TypeAlias = Callable[[Receive, bytes], Awaitable[bytes]]
Noted: TypeAlias = Callable[[str], None]


class Route:
    """Where a partner listens, and the certificate (DER) that it must show there."""

    __slots__ = ("address", "context")

    def __init__(self, address: str, certificate: bytes) -> None:
        if not address or not certificate:
            raise LinkError("link_no_address")
        self.address = address
        self.context = pinned(certificate)


def pinned(certificate: bytes) -> ssl.SSLContext:
    """A client's context that trusts exactly this certificate (DER). Raises LinkError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # the certificate is the identity; addresses change in the field
    try:
        context.load_verify_locations(cadata=certificate)
    except (ssl.SSLError, ValueError):
        raise LinkError("link_certificate") from None
    return context


class HttpsCarrier:
    """Carries parcels to partners that listen. ``route`` finds a partner's; it raises LinkError.

    Used as ``async with`` it keeps one connection to each partner open from one parcel to the next:
    a new one costs more round trips and bytes than a parcel with nothing new in it.
    """

    def __init__(self, route: Callable[[PartyCode], Route]) -> None:
        self._route = route
        self._kept: dict[PartyCode, tuple[Route, httpx.AsyncClient]] | None = None

    async def __aenter__(self) -> Self:
        self._kept = {}
        return self

    async def __aexit__(self, *_error: object) -> None:
        kept, self._kept = self._kept or {}, None
        for _, client in kept.values():
            await client.aclose()

    async def carry(self, party: PartyCode, number: int, parcel: bytes) -> bytes | None:
        """Bring a parcel to ``party``; the parcel that came back. Raises LinkError."""
        route = self._route(party)
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX + READ_SECONDS_MAX + ANSWER_SECONDS_MAX):
                return await self._post(party, route, parcel)
        except TimeoutError:
            raise LinkError("link_timeout") from None
        except httpx.TimeoutException:
            raise LinkError("link_timeout") from None
        except httpx.HTTPError as error:
            shown = _tls_failed(error)
            raise LinkError("link_certificate" if shown else "link_down") from None

    async def _post(self, party: PartyCode, route: Route, parcel: bytes) -> bytes:
        if self._kept is None:
            async with _client(route) as client:
                return await _ask(client, route, parcel)
        kept = self._kept.pop(party, None)
        if kept is not None and kept[0] is not route:
            await kept[1].aclose()
        elif kept is not None:
            try:
                return await self._ask_kept(party, route, kept[1], parcel)
            except (httpx.RemoteProtocolError, httpx.NetworkError):
                pass  # it was closed at the other end meanwhile, so once more on a new one
        return await self._ask_kept(party, route, _client(route), parcel)

    async def _ask_kept(
        self, party: PartyCode, route: Route, client: httpx.AsyncClient, parcel: bytes
    ) -> bytes:
        try:
            answer = await _ask(client, route, parcel)
        except BaseException:
            await client.aclose()
            raise
        if self._kept is None or party in self._kept:
            await client.aclose()
        else:
            self._kept[party] = route, client
        return answer


def _client(route: Route) -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        verify=route.context,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
        limits=httpx.Limits(max_connections=1, keepalive_expiry=IDLE_SECONDS_MAX),
    )
    for name in ("accept", "accept-encoding", "connection", "user-agent"):
        del client.headers[name]  # nobody asks for it, and every byte of it travels each time
    return client


async def _ask(client: httpx.AsyncClient, route: Route, parcel: bytes) -> bytes:
    async with client.stream("POST", route.address + PATH, content=parcel) as response:
        if response.status_code != httpx.codes.OK:
            raise LinkError("link_refused")
        answer = bytearray()
        async for part in response.aiter_raw():
            answer += part
            if len(answer) > BOUNDS.parcel_bytes_max:
                raise LinkError("link_answer_size", limit=BOUNDS.parcel_bytes_max)
        return bytes(answer)


def _tls_failed(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


class _RefusalError(Exception):
    """Ends a request with the one answer that all refusals share; ``code`` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PartnerListener:
    """The ASGI application of the partner listener.

    ``work`` runs ``receive`` off the event loop; ``noted`` hears the code of each refusal.
    """

    def __init__(self, receive: Receive, work: Work, noted: Noted) -> None:
        self._receive = receive
        self._work = work
        self._noted = noted
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: AsgiReceive, send: AsgiSend) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._exchange(scope, receive)
        except _RefusalError as refusal:
            self._noted(refusal.code)
            await _reply(send, 400, b"")
        except FaultError as fault:
            self._noted(fault.code)
            await _reply(send, 400, b"")
        else:
            await _reply(send, 200, answer)

    async def _exchange(self, scope: Scope, receive: AsgiReceive) -> bytes:
        if (scope["method"], scope["path"]) != ("POST", PATH):
            raise _RefusalError("request_unknown")
        if self._under_way >= AT_ONCE_MAX:
            raise _RefusalError("busy")
        self._under_way += 1
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                parcel = await _read(receive)
            return await self._work(self._receive, parcel)
        except TimeoutError:
            raise _RefusalError("request_slow") from None
        finally:
            self._under_way -= 1


async def _read(receive: AsgiReceive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _RefusalError("request_broken")
        body += message.get("body", b"")
        if len(body) > BOUNDS.parcel_bytes_max:
            raise _RefusalError("parcel_size")
        more = message.get("more_body", False)
    return bytes(body)


async def _reply(send: AsgiSend, status: int, body: bytes) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close")] if status != httpx.codes.OK else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
