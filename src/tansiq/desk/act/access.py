"""The access log: who was shown, printed, exported or searched what. It never leaves the node.

What must hold: an answer with content is given only after its entry has been committed, and an
entry names every record edition that the answer showed. What one person at one position has been
shown already in this hour is not noted again, so that a page which refreshes itself floods nothing;
printing, downloading and exporting are noted each time. Entries that wait at the same time are
committed together.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from tansiq.domain.bounds import BOUNDS

HOUR_MS: Final = 3_600_000
EDITION_CHARS: Final = 16  # of an edition's digest in the name of an item


class Deed(StrEnum):
    """What somebody did with what was shown."""

    READ = "read"
    LISTED = "listed"
    SEARCHED = "searched"
    PREVIEWED = "previewed"
    PRINTED = "printed"
    DOWNLOADED = "downloaded"
    EXPORTED = "exported"
    AUDITED = "audited"
    VERIFIED = "verified"
    IMPORTED = "imported"
    REBUILT = "rebuilt"


_EACH_TIME: Final = frozenset(Deed) - {Deed.READ, Deed.LISTED, Deed.SEARCHED, Deed.PREVIEWED}
_ASKED_CHARS_MAX: Final = 200


class _Clock(Protocol):
    def now(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """One entry of the access log. ``items`` are ``OWNER/record@edition``; ``place`` is the exit;
    ``hits`` is how many a list counted, -1 where nothing was counted.
    """

    deed: Deed
    place: str
    position: str = ""
    person: str = ""
    items: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    hits: int = -1


@dataclass(slots=True)
class _Waiting:
    entries: list[dict[str, object]]
    done: bool = False


class AccessLog:
    """Takes entries from any thread; ``commit`` appends entries in one transaction."""

    def __init__(
        self, clock: _Clock, commit: Callable[[Sequence[dict[str, object]]], None]
    ) -> None:
        self._clock = clock
        self._commit = commit
        self._queue: list[_Waiting] = []
        self._queue_lock = threading.Lock()
        self._commit_lock = threading.Lock()
        self._hour = 0
        self._noted: set[tuple[str, ...]] = set()

    def note(self, entry: AccessEntry) -> None:
        """Keep an entry; when this returns, it is on the disk. Raises StoreError where it cannot
        be.
        """
        now = self._clock.now()
        items, marks = self._fresh(entry, now)
        if not marks:
            return
        waiting = _Waiting(_entries(entry, items, now))
        with self._queue_lock:
            self._queue.append(waiting)
        self._settle(waiting)
        with self._queue_lock:
            if len(self._noted) + len(marks) > BOUNDS.access_remembered_max:
                self._noted.clear()  # noting twice is better than not noting
            self._noted |= marks

    def _fresh(self, entry: AccessEntry, now: int) -> tuple[list[str], set[tuple[str, ...]]]:
        """What of an entry has not been noted in this hour; nothing at all if no mark is new."""
        who: tuple[str, ...] = (entry.position, entry.person, entry.deed.value)
        question = (*who, entry.place, repr(sorted(entry.asked.items())))
        marks = {item: (*who, item) for item in entry.items}
        if entry.deed in _EACH_TIME:
            return list(entry.items), {question, *marks.values()}
        with self._queue_lock:
            if now // HOUR_MS != self._hour:
                self._hour = now // HOUR_MS
                self._noted.clear()
            fresh = {item: mark for item, mark in marks.items() if mark not in self._noted}
            new = set(fresh.values())
            if entry.asked and question not in self._noted:
                new.add(question)
        return list(fresh), new

    def _settle(self, mine: _Waiting) -> None:
        """Whoever comes first commits for all who wait."""
        with self._commit_lock:
            if mine.done:
                return
            with self._queue_lock:
                batch, self._queue = self._queue, []
            try:
                self._commit([entry for waiting in batch for entry in waiting.entries])
            except BaseException:
                with self._queue_lock:  # the others try for themselves
                    self._queue[:0] = [waiting for waiting in batch if waiting is not mine]
                raise
            for waiting in batch:
                waiting.done = True


def _entries(entry: AccessEntry, items: Sequence[str], now: int) -> list[dict[str, object]]:
    size = BOUNDS.access_items_max
    runs = [items[at : at + size] for at in range(0, len(items), size)] or [[]]
    asked = {
        name[:40]: value[:_ASKED_CHARS_MAX].encode("utf-8", "replace").decode()
        for name, value in sorted(entry.asked.items())[: BOUNDS.access_asked_max]
        if name.isascii()
    }
    return [
        {
            "type": "access", "act": entry.deed.value, "at": now, "position": entry.position,
            "person": entry.person, "place": entry.place, "items": list(run), "asked": asked,
            "hits": entry.hits,
        }
        for run in runs
    ]  # fmt: skip
