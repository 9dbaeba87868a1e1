"""Live events: who may see a change hears its topic; who may not hears nothing, not even that
something happened.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import CookieError, SimpleCookie
from typing import Final

from tansiq.desk.desk import Change, Desk
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import Viewer
from tansiq.policy.release import open_for
from tansiq.web.seat import Seat

# A change of these is told to everybody on the node: it says that an exchange took place, never of
# what.
_OPEN_TOPICS: Final = frozenset({"link"})


class Hub:
    """The open streams of one node."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._streams: dict[
            int, tuple[Viewer, asyncio.AbstractEventLoop, asyncio.Queue[list[str]]]
        ] = {}
        desk.listen(self.tell)

    def full(self) -> bool:
        """Whether there are as many streams as the node may hold."""
        return len(self._streams) >= BOUNDS.live_streams_max

    @contextmanager
    def subscribe(
        self, viewer: Viewer, loop: asyncio.AbstractEventLoop
    ) -> Iterator["asyncio.Queue[list[str]]"]:
        """A queue of topics for this viewer."""
        queue: asyncio.Queue[list[str]] = asyncio.Queue(maxsize=64)
        self._streams[id(queue)] = (viewer, loop, queue)
        try:
            yield queue
        finally:
            del self._streams[id(queue)]

    def tell(self, changes: list[Change]) -> None:
        """Give each stream the topics of the changes that its viewer may see."""
        for viewer, loop, queue in list(self._streams.values()):
            topics = topics_for(viewer, changes, self._desk.clock.now())
            if topics:
                loop.call_soon_threadsafe(_put, queue, topics)


def topics_for(viewer: Viewer, changes: list[Change], now: int) -> list[str]:
    """The topics of those changes that ``viewer`` may know of."""
    topics = {
        change.topic
        for change in changes
        if (change.sealed is None and change.topic in _OPEN_TOPICS)
        or (change.sealed is not None and open_for(viewer, change.sealed, now) is not None)
    }
    return sorted(topics)


def _put(queue: "asyncio.Queue[list[str]]", topics: list[str]) -> None:
    if not queue.full():
        queue.put_nowait(topics)


def seat_from_cookie(header: str) -> Seat | None:
    """The seat of the session that a Cookie header names."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from tansiq.web.seat import seat_of

    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None:
        return None
    request = HttpRequest()
    request.session = SessionStore(cookie.value)
    return seat_of(request)
