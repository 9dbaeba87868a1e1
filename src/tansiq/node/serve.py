"""One node in one process: pages, partner listener, exchange loop and ticks on one event loop.

The supervisor owns the signals. It stops in this order: the bell rings, so that open event streams
end; the servers take no more and finish what they have; what is left is cut off. Desk calls run in
threads, never on the loop. A crash at any point loses nothing that was committed.
"""

import asyncio
import errno
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

import uvicorn
from django.db.utils import DatabaseError

from tansiq.carriers.carrier import LinkError, Receive
from tansiq.carriers.https import IDLE_SECONDS_MAX, HttpsCarrier, PartnerListener
from tansiq.desk.act.access import HOUR_MS
from tansiq.desk.cases import lost, outward, taking
from tansiq.desk.exchange import exchange
from tansiq.desk.operations import answering
from tansiq.desk.proof import anchors
from tansiq.desk.records import attention
from tansiq.desk.release import purging, releasing
from tansiq.desk.trust import partners
from tansiq.domain.errors import BreachError, FaultError, StoreError
from tansiq.gateways.iati import Iati
from tansiq.gateways.tables_in import IncidentTables
from tansiq.node import garbage
from tansiq.node.connection_limits import Door, DoorServer, PageProtocol, PartnerProtocol
from tansiq.node.exchange_loop import ExchangeLoop, Routes
from tansiq.node.file_process import FileProcess
from tansiq.node.founding import Node
from tansiq.node.journal_log import Event, NodeLog, quieten_libraries
from tansiq.node.keyring import Keyring, server_context
from tansiq.node.page_process import PageProcess
from tansiq.node.parse_worker import ParseProcess, apart
from tansiq.node.plan_process import PlanProcess
from tansiq.node.settings import NodeSettings
from tansiq.node.stores import accounts_of
from tansiq.web.shell.site import App, SiteSettings, configure, make_app

STOP_SECONDS_MAX: Final = 2  # for requests under way, of the three that a stop may take in all
TICK_SECONDS: Final = 1.0
THREADS: Final = 6
_LATE: Final = ("httpcore", "anyio._backends._asyncio")  # what httpx loads at the first request
TURN_SECONDS: Final = 0.0005  # of one thread while another waits
_LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")

P = ParamSpec("P")
T = TypeVar("T")
Bell: TypeAlias = Callable[[], bool]  # whether the node is closing
Pages: TypeAlias = Callable[[Node, Bell], App]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a served node listens; ``partner_port`` is 0 for a node without an address."""

    web_port: int
    partner_port: int


def site_settings(node: Node) -> SiteSettings:
    """What the pages need of the node's settings."""
    settings = node.settings
    return SiteSettings(
        cookies=f"tansiq_{settings.node}",
        names=settings.names,
        accounts=accounts_of(settings),
        secret=node.keyring.web_secret,
        zone=settings.zone,
        language=settings.language,
        sample_data=settings.sample_data,
        secure=settings.web_secure,
        hosts=(*_LOOPBACK_HOSTS, settings.web_host, *settings.web_hosts),
        card=node.card,
        second_factor=frozenset(settings.second_factor),
        rest_ms=settings.rest_minutes * 60_000,
        shift_ms=settings.shift_hours * 3_600_000,
        sessions_max=settings.sessions_max,
        published_as=settings.published_as,
        publisher=Iati(),
        tables=IncidentTables(),
    )


def prepare_accounts(node: Node) -> None:
    """Make Django ready for this node. Raises StoreError where the accounts cannot be used."""
    try:
        configure(site_settings(node))
    except DatabaseError as error:
        raise StoreError("database_open", detail=str(error)) from None


def web_pages(node: Node, bell: Bell) -> App:
    """The pages. Raises StoreError where the accounts cannot be used."""
    try:
        return make_app(node.desk, site_settings(node), bell)
    except DatabaseError as error:
        raise StoreError("database_open", detail=str(error)) from None


class _Server(DoorServer):
    """A server that leaves the signals to the supervisor."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises LinkError, in words, where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = Door(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        code = "port_in_use" if error.errno == errno.EADDRINUSE else "port_denied"
        raise LinkError(code, port=port, reason=error.strerror or "") from None
    listener.settimeout(0)
    return listener


def settle() -> None:
    """All that a node needs is loaded, and it looks for garbage rarely. And the event loop does
    little at a time: it must not wait long for its turn behind the threads of the desk.
    """
    for name in _LATE:
        import_module(name)
    garbage.settle()
    sys.setswitchinterval(TURN_SECONDS)


def _config(app: App, **chosen: Any) -> uvicorn.Config:  # noqa: ANN401 - as uvicorn takes them
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
        **chosen,
    )


def partner_server(listener: PartnerListener, keyring: Keyring) -> uvicorn.Server:
    """The server for partners, with the certificate that the node's card names."""
    context = server_context(keyring)
    return _Server(
        _config(
            listener,
            http=PartnerProtocol,
            date_header=False,
            timeout_keep_alive=int(IDLE_SECONDS_MAX),
            ssl_context_factory=lambda _config, _default: context,
        )
    )


class Supervisor:
    """Runs a node until it is told to stop."""

    def __init__(self, node: Node, log: NodeLog, pages: Pages) -> None:
        self._node = node
        self._log = log
        self._closing = asyncio.Event()
        self._refusals: Counter[str] = Counter()  # told once a second: a stranger fills no disk
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")
        self._app = pages(node, self._closing.is_set)

    def stop(self) -> None:
        """Ring the bell. Call it on the event loop."""
        self._closing.set()

    async def work(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Run a call of the desk in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(call, *args, **named))

    async def run(self, ready: Callable[[Listening], None]) -> None:
        """Serve; ``ready`` hears where, once it listens. Raises FaultError where it cannot."""
        settings = self._node.settings
        servers, listening = self._servers(settings)
        self._log.note(Event.STARTED)
        self._node.desk.cleaner = FileProcess()
        self._node.desk.typesetter = PageProcess()
        self._node.desk.planner = PlanProcess()
        worker = ParseProcess(partial(self._log.note, Event.READER_LOST))
        if apart():
            self._node.desk.parse_worker = worker
            if partners.partners(self._node.desk):
                worker.expect()  # ready before anybody waits for it
        try:
            async with (
                self._signals(),
                HttpsCarrier(Routes(self._node.desk)) as carrier,
                asyncio.TaskGroup() as group,
            ):
                serving = [
                    group.create_task(server.serve(sockets=[listener]))
                    for server, listener in servers
                ]
                exchanging = ExchangeLoop(self._node.desk, carrier, self.work, self._log)
                background = [
                    group.create_task(exchanging.run()),
                    group.create_task(self._tick()),
                    group.create_task(self._answer_checks()),
                ]
                while not all(server.started for server, _ in servers):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                settle()
                self._tell(listening, ready)
                await self._closing.wait()
                self._log.note(Event.STOPPING)
                for task in background:
                    task.cancel()
                for server, _ in servers:
                    server.should_exit = True
                await asyncio.wait(serving)
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)
            worker.close()
        self._log.note(Event.STOPPED)

    def _servers(
        self, settings: NodeSettings
    ) -> tuple[list[tuple[uvicorn.Server, socket.socket]], Listening]:
        web = _bound(settings.web_host, settings.web_port)
        pages: uvicorn.Server = _Server(
            _config(self._app, http=PageProtocol, timeout_keep_alive=30)
        )
        servers, partner_port = [(pages, web)], 0
        if settings.address:
            try:
                listener = _bound(settings.partner_host, settings.partner_port)
            except LinkError:
                web.close()
                raise
            partner_port = int(listener.getsockname()[1])
            receive = partial(exchange.answer, self._node.desk, live=True)
            answering = PartnerListener(receive, self._answer, self._refused)
            servers.append((partner_server(answering, self._node.keyring), listener))
        web_port = int(web.getsockname()[1])
        return servers, Listening(web_port=web_port, partner_port=partner_port)

    async def _answer(self, receive: Receive, parcel: bytes) -> bytes:
        return await self.work(receive, parcel)

    def _refused(self, code: str) -> None:
        self._refusals[code] += 1

    def _tell(self, listening: Listening, ready: Callable[[Listening], None]) -> None:
        self._log.note(Event.WEB_LISTENS, port=listening.web_port)
        if listening.partner_port:
            self._log.note(Event.PARTNERS_LISTEN, port=listening.partner_port)
        ready(listening)

    @asynccontextmanager
    async def _signals(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def _tick(self) -> None:
        """Every second: send, end and ring what is due, anchor in time, purge what has expired."""
        desk, cadence = self._node.desk, self._node.settings.anchor_hours * HOUR_MS
        while True:
            sent = await self._due(releasing.tick, desk)
            await self._due(taking.tick, desk)
            await self._due(outward.tick, desk)
            await self._due(lost.tick, desk)
            await self._due(attention.tick, desk)
            await self._due(anchors.tick, desk, cadence)
            purged = await self._due(purging.expired, desk)
            await self._due(desk.database.rest)
            if sent:
                self._log.note(Event.SENT_WHEN_DUE, count=sent)
            if purged:
                self._log.note(Event.PURGED, count=purged)
            refusals, self._refusals = self._refusals, Counter()
            for code, count in refusals.items():
                self._log.note(Event.EXCHANGE_REFUSED, code=code, count=count)
            await asyncio.sleep(TICK_SECONDS)

    async def _answer_checks(self) -> None:
        """Every second: what sealed checks wait for. A large one takes seconds, for which nothing
        that rings may wait.
        """
        while True:
            await self._due(answering.tick, self._node.desk)
            await asyncio.sleep(TICK_SECONDS)

    async def _due(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
        """One work of a tick. Where it fails, that is noted, and the others have their turn."""
        try:
            return await self.work(call, *args, **named)
        except FaultError as fault:
            self._log.note(Event.TICK_FAILED, code=fault.code)
        except BreachError:
            raise  # nothing goes on past a broken invariant
        except Exception:  # noqa: BLE001 - what one record does must not keep another from ringing
            self._log.note(Event.TICK_FAILED, code="unexpected")
        return None


def serve_node(node: Node, ready: Callable[[Listening], None], pages: Pages = web_pages) -> None:
    """Serve until SIGTERM or SIGINT. Raises FaultError or BreachError for what stopped it."""
    log = NodeLog(node.desk.clock)
    quieten_libraries(log)

    supervisor = Supervisor(node, log, pages)
    try:
        asyncio.run(supervisor.run(ready))
    except BaseExceptionGroup as group:
        raise _first(group) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
