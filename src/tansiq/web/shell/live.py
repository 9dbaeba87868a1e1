"""Live events: who may see a change hears its topic; who may not hears nothing, not even that
something happened.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import CookieError, SimpleCookie
from typing import Final

from tansiq.desk.act.desk import Change, Desk
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import Viewer
from tansiq.policy.release import open_for
from tansiq.web.accounts.sessions import look_up
from tansiq.web.shell.seat import Seat, seat_for, watching

# A change of these is told to everybody on the node: that an exchange took place, never of what;
# that somebody said who is on duty.
_OPEN_TOPICS: Final = frozenset({"link", "duty"})
_RECENT: Final = 256  # commits that are remembered for pages which are still on their way
_RECENT_MS: Final = 60_000
_MAKING_MS: Final = 2_000  # a page is read from the board before it notes its time


class Hub:
    """The open streams of one node."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._streams: dict[
            int, tuple[Seat, asyncio.AbstractEventLoop, asyncio.Queue[list[str]]]
        ] = {}
        self._recent: deque[tuple[int, list[Change]]] = deque(maxlen=_RECENT)
        desk.listen(self.tell)

    def full(self, seat: Seat) -> bool:
        """Whether there are as many streams as the node, or this person, may hold: nobody takes
        them all.
        """
        who = (seat.actor.position, seat.actor.person)
        theirs = sum(
            (s.actor.position, s.actor.person) == who for s, _, _ in self._streams.values()
        )
        most = BOUNDS.live_streams_max
        return len(self._streams) >= most or theirs >= BOUNDS.live_streams_person_max

    @contextmanager
    def subscribe(
        self, seat: Seat, loop: asyncio.AbstractEventLoop, since: int = 0
    ) -> Iterator["asyncio.Queue[list[str]]"]:
        """A queue of topics for this seat.

        ``since`` is when its page was made: what changed before the stream was open comes first.
        """
        queue: asyncio.Queue[list[str]] = asyncio.Queue(maxsize=64)
        self._streams[id(queue)] = (seat, loop, queue)
        now = self._desk.clock.now()
        if now - since < _RECENT_MS:
            begin = since - _MAKING_MS
            kept = [c for at, changes in list(self._recent) if at >= begin for c in changes]
            if topics := topics_for(seat.viewer, kept, now):
                _put(queue, topics)
        try:
            yield queue
        finally:
            del self._streams[id(queue)]

    def tell(self, changes: list[Change]) -> None:
        """Give each stream the topics of the changes that its viewer may see."""
        now = self._desk.clock.now()
        self._recent.append((now, changes))
        for seat, loop, queue in list(self._streams.values()):
            topics = topics_for(seat.viewer, changes, now)
            if topics:
                loop.call_soon_threadsafe(_put, queue, topics)


def topics_for(viewer: Viewer, changes: list[Change], now: int) -> list[str]:
    """The topics of those changes that ``viewer`` may know of."""
    topics = {
        change.topic
        for change in changes
        if (change.positions is None or viewer.position in change.positions)
        and _may_know(viewer, change, now)
    }
    return sorted(topics)


def _may_know(viewer: Viewer, change: Change, now: int) -> bool:
    if change.gone is not None:
        return open_for(viewer, change.gone, now) is not None
    if change.sealed is None:
        return change.topic in _OPEN_TOPICS
    return open_for(viewer, change.sealed, now) is not None


def _put(queue: "asyncio.Queue[list[str]]", topics: list[str]) -> None:
    if not queue.full():
        queue.put_nowait(topics)


def session_from_cookie(header: str) -> str:
    """The name of the session in a Cookie header; empty where there is none."""
    from django.conf import settings

    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value[:64] if cookie else ""


def watching_from_session(key: str) -> Seat | None:
    """The seat that a session's stream of events is for: of the wall view too."""
    return watching(look_up(key))


def seat_from_session(key: str) -> Seat | None:
    """The seat of an open session, without a page that somebody uses: it keeps nobody awake."""
    return seat_for(look_up(key))
