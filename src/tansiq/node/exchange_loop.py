"""The exchange loop: one task per partner with an address, which keeps both feeds level.

No parcel is longer than the link carries in about a second, so that what is urgent never waits long
behind one. A release wakes it at once; otherwise it looks every 15 seconds, so that what the
partner has for us comes even where the partner cannot reach us. A failure is followed by longer and
longer waits, at most five minutes; a new release tries at once all the same. Where a partner was
stopped, nothing is sent until people have spoken.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, Protocol, TypeVar

from tansiq.carriers.carrier import Carrier, LinkError
from tansiq.carriers.https import Route
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import exchange
from tansiq.desk.trust import papers, partners
from tansiq.desk.trust.partners import Partner
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import BreachError, FaultError
from tansiq.domain.parties import PartyCode
from tansiq.node.journal_log import Event, NodeLog

CADENCE_SECONDS: Final = 15.0
BACK_OFF_SECONDS_MAX: Final = 300.0
ROSTER_SECONDS: Final = 5.0  # how soon a partner that was accepted elsewhere is noticed
JUST_NOW_MS: Final = 10_000  # shorter than from one look to the next
ROUNDS_MAX: Final = 100_000
ROUND_SECONDS: Final = 1.0  # how long one parcel and its answer may take on their way
ROOM_BYTES: Final = 64 * 1024  # of a parcel over a link of which nothing is known yet
_JITTER: Final = 0.2

P = ParamSpec("P")
T = TypeVar("T")


class Work(Protocol):
    """Runs a call of the desk off the event loop."""

    def __call__(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> Awaitable[T]:
        """Its result."""
        ...


class Routes:
    """Where partners listen, from their cards; a context is built once a card."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[str, bytes], Route] = {}

    def __call__(self, party: PartyCode) -> Route:
        """The partner's route. Raises LinkError where its card names none."""
        known = partners.partner(self._desk, party)
        if known is None:
            raise LinkError("link_no_address")
        if known.revoked_at:  # heard since the parcel was made: it does not leave
            raise LinkError("partner_revoked", party=party)
        key = (known.card.address, known.card.certificate)
        if key not in self._known:
            self._known[key] = Route(*key)
        return self._known[key]


def delay_after(failures: int, draw: float) -> float:
    """How long to wait after so many failures in a row; ``draw`` is a random number below 1.

    Nodes that failed together must not come back together, hence the spread.
    """
    grown = CADENCE_SECONDS * 2.0 ** min(failures, 10)
    return float(min(grown, BACK_OFF_SECONDS_MAX) * (1 - _JITTER + _JITTER * draw))


def paced(room: int, longest: int, seconds: float) -> int:
    """How long the next parcel and its answer may be over a link, in bytes: ``longest`` was the
    longer of the two in a round that took so many seconds, ``room`` what they could have been.
    """
    if seconds > ROUND_SECONDS:
        room = min(room, int(longest / seconds * ROUND_SECONDS))
    elif longest * 2 > room:
        room *= 4
    return max(BOUNDS.room_bytes_min, min(room, BOUNDS.parcel_bytes_max))


class ExchangeLoop:
    """Exchanges with every partner that has an address."""

    def __init__(self, desk: Desk, carrier: Carrier, work: Work, log: NodeLog) -> None:
        self._desk = desk
        self._carrier = carrier
        self._work = work
        self._log = log
        self._wake: dict[PartyCode, asyncio.Event] = {}
        self._room: dict[PartyCode, int] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        desk.on_fed(self._fed)

    def _fed(self, party: PartyCode) -> None:
        """Called in whatever thread has released something."""
        loop, wake = self._loop, self._wake.get(party)
        if loop is not None and wake is not None and not loop.is_closed():
            loop.call_soon_threadsafe(wake.set)

    async def run(self) -> None:
        """Keep a task for each partner, also for one that is accepted later."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            while True:
                for known in await self._roster():
                    if known.card.address and known.party not in self._wake:
                        self._wake[known.party] = asyncio.Event()
                        group.create_task(self._keep(known.party))
                await asyncio.sleep(ROSTER_SECONDS)

    async def _roster(self) -> list[Partner]:
        """All partners; none where the disk does not answer now: it is asked again."""
        try:
            return await self._work(partners.partners, self._desk)
        except FaultError as fault:
            self._log.note(Event.EXCHANGE_FAILED, code=fault.code)
            return []

    async def _keep(self, party: PartyCode) -> None:
        failures = 0
        while True:
            self._wake[party].clear()
            failures = 0 if await self.level(party) else failures + 1
            await self._rest(party, delay_after(failures, random.random()))  # noqa: S311

    async def _rest(self, party: PartyCode, seconds: float) -> None:
        """Wait for something to send, or until it is time to look. Where the partner came by itself
        meanwhile, both feeds are as level as a look would make them.
        """
        wake = self._wake[party]
        while True:
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                if not await self._work(self._came_just_now, party):
                    return
            else:
                return

    def _came_just_now(self, party: PartyCode) -> bool:
        try:
            known = partners.partner(self._desk, party)
        except FaultError:
            return False  # the look that follows says what is wrong
        since = self._desk.clock.now() - (known.contact_at if known else 0)
        return 0 <= since < JUST_NOW_MS

    async def level(self, party: PartyCode) -> bool:
        """Exchange until nothing is left to say. False where it failed, for whatever reason."""
        try:
            await self._rounds(party)
        except (FaultError, BreachError) as fault:
            self._log.note(Event.EXCHANGE_FAILED, party=party, code=fault.code)
            await self._remember(party, fault.code)
            return False
        except Exception:  # noqa: BLE001 - one partner must not stop the exchange with the others
            self._log.note(Event.EXCHANGE_FAILED, party=party, code="unexpected")
            return False
        return True

    async def _rounds(self, party: PartyCode) -> None:
        """One parcel after the other. The next one is on its way while the answer to the one before
        is taken: nothing in that answer can make it wrong, at most needless.
        """
        last, owed, sent = -1, False, await self._next(party)
        if sent is None:
            return
        under_way = asyncio.create_task(self._carry(party, sent))
        try:
            for _ in range(ROUNDS_MAX):
                answer, ahead = await under_way
                if answer is None:
                    return
                if answer.startswith(b"{"):  # a paper: our own key is revoked
                    await self._work(papers.hear, self._desk, answer)
                    raise LinkError("node_revoked")
                follows = ahead is not None and await self._work(
                    exchange.may_follow, self._desk, ahead, party
                )
                if ahead and follows:
                    under_way = asyncio.create_task(self._carry(party, ahead))
                else:
                    ahead = None
                taken = await self._take(party, sent, answer)
                if not (sent.more or taken.accepted or taken.more or owed):
                    return
                if sent.start == last and not taken.moved:
                    raise LinkError("link_no_progress")
                last = sent.start
                if ahead and taken.moved and not taken.stopped:
                    # It was made before we took what they said: our receipt is still owed to them.
                    sent, owed = ahead, owed or taken.accepted > 0
                    continue
                await _dropped(under_way)
                sent, owed = await self._next(party), False
                if sent is None:
                    return
                under_way = asyncio.create_task(self._carry(party, sent))
        finally:
            await _dropped(under_way)

    async def _next(self, party: PartyCode) -> exchange.Sent | None:
        """What to say next; None to a partner that was stopped."""
        known = await self._work(partners.partner, self._desk, party)
        if known is None or known.stopped_at:
            return None
        room = self._room.get(party, ROOM_BYTES)
        return await self._work(exchange.next_parcel, self._desk, party, live=True, room=room)

    async def _take(self, party: PartyCode, sent: exchange.Sent, answer: bytes) -> exchange.Taken:
        taken = await self._work(exchange.incoming, self._desk, answer)
        if taken.party != party:
            raise LinkError("link_other_party")
        if sent.end > sent.start or taken.accepted:
            self._log.note(
                Event.EXCHANGED,
                party=party,
                number=sent.number,
                sent=sent.end - sent.start,
                accepted=taken.accepted,
            )
        if taken.stopped:
            self._log.note(Event.PARTNER_STOPPED, party=party, code=taken.stopped)
        return taken

    async def _carry(
        self, party: PartyCode, sent: exchange.Sent
    ) -> tuple[bytes | None, exchange.Sent | None]:
        """The answer to a parcel, and the parcel after it, made while the partner took this one."""
        making = asyncio.create_task(self._ahead(party, sent))
        try:
            begun = time.monotonic()
            answer = await self._carrier.carry(party, sent.number, sent.data)
        except BaseException:
            making.cancel()
            raise
        longest, took = max(len(sent.data), len(answer or b"")), time.monotonic() - begun
        self._room[party] = paced(self._room.get(party, ROOM_BYTES), longest, took)
        return answer, await making

    async def _ahead(self, party: PartyCode, sent: exchange.Sent) -> exchange.Sent | None:
        if not sent.more or sent.start == sent.end:
            return None  # a question: nothing is ready before its answer
        try:
            return await self._work(
                exchange.next_parcel, self._desk, party, start=sent.end, live=True,
                room=self._room.get(party, ROOM_BYTES),
            )  # fmt: skip
        except FaultError:
            return None  # whatever it is comes again, and is told, when its turn has come

    async def _remember(self, party: PartyCode, code: str) -> None:
        def remember() -> None:
            known = partners.partner(self._desk, party)
            with self._desk.act() as act:
                partners.note_contact(act, party, failure=code, contact=False)
                if known is not None and known.failure != code:
                    act.changed("link")

        try:
            await self._work(remember)
        except FaultError as fault:
            self._log.note(Event.EXCHANGE_FAILED, party=party, code=fault.code)


async def _dropped(task: asyncio.Task[T]) -> None:
    """End a task, whatever comes of it; one that has ended already stays as it is."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # it has been heard: nobody waits for it any more
