"""The inbox: what partners released and nobody here has answered yet. What it costs does not grow
with what was answered long ago.
"""

from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import arrivals, queries
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records.read import Key, Page, Query, View, continued
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import INBOX_KINDS, kind_named
from tansiq.domain.parties import Viewer
from tansiq.policy.release import open_all

EVERY: Final = Query(kinds=INBOX_KINDS)


@reading_as
def unread(desk: Desk, viewer: Viewer, wanted: Query = EVERY, after: Key | None = None) -> Page:
    """What partners released and nobody here has yet acknowledged, newest first: the inbox.
    ``wanted`` says of which kinds and owners.
    """
    now, most = desk.clock.now(), BOUNDS.page_rows_max
    keyed = queries.waiting(desk.board, viewer, replace(wanted, after=after, limit=most), now)
    number = queries.waiting_count(desk.board, viewer, wanted, now, BOUNDS.counted_max)
    return Page(
        rows=tuple(open_all(viewer, (view for _, view in keyed), now)),
        total=min(number, BOUNDS.counted_max), more=number > BOUNDS.counted_max,
        after=continued(keyed, most),
    )  # fmt: skip


@reading_as
def unread_count(desk: Desk, viewer: Viewer, most: int, wanted: Query = EVERY) -> int:
    """How many those are, no further than one past ``most``."""
    return queries.waiting_count(desk.board, viewer, wanted, desk.clock.now(), most)


def acknowledged(desk: Desk, view: View) -> bool:
    """Whether this party has acknowledged a partner's record, or answered its question, since its
    newest edition came.
    """
    kind = kind_named(view.value.kind)
    asks = kind.inbox or kind.case is not None
    return asks and not queries.waits(desk.board, view.value.owner, view.value.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """When a partner's record came, and which positions here have read it."""

    at: int
    read_by: tuple[str, ...]


def arrival(desk: Desk, view: View) -> Arrival:
    """How a partner's record came; nothing for an own one."""
    came = arrivals.arrived(desk.board, view.value.received or "")
    return Arrival(at=came.at, read_by=came.read_by) if came else Arrival(at=0, read_by=())
