"""The inbox: what partners released and nobody here has answered yet. What it costs does not grow
with what was answered long ago.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import arrivals, queries
from tansiq.board.board import key_of
from tansiq.board.waits import HEEDING
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read
from tansiq.desk.records.linked import linked_each
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


@reading_as
def shown_total(desk: Desk, viewer: Viewer, wanted: Query = EVERY) -> tuple[int, bool]:
    """How many records the inbox shows, and whether there are more than that: what partners
    released, and our own cases that wait for us.
    """
    came, more = read.total(desk, viewer, replace(wanted, received=True))
    if wanted.owners and desk.me not in wanted.owners:
        return came, more
    own = unread_count(desk, viewer, BOUNDS.counted_max, replace(wanted, owners=(desk.me,)))
    return came + min(own, BOUNDS.counted_max), more or own > BOUNDS.counted_max


def acknowledged(desk: Desk, view: View) -> bool:
    """Whether this party has acknowledged a partner's record, or answered its question, since its
    newest edition came.
    """
    kind = kind_named(view.value.kind)
    asks = kind.inbox or kind.case is not None
    return asks and not queries.waits(desk.board, view.value.owner, view.value.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record in the inbox: when it came, 0 = it is our own, and who has read it here; whether it
    waits for us; and what we said to it, the newest of each kind, newest first. An acknowledgement
    of an earlier edition says nothing of this one.
    """

    view: View
    came: int
    read_by: tuple[str, ...]
    waits: bool
    said: tuple[View, ...]


@reading_as
def rows(desk: Desk, viewer: Viewer, views: Sequence[View]) -> list[Row]:
    """How each of these records stands here, asked together for a whole page."""
    keys = [key_of(view.value.owner, view.value.record) for view in views]
    waiting = queries.waiting_among(desk.board, keys)
    releases = [view.value.received for view in views if view.value.received is not None]
    came = arrivals.arrived_each(desk.board, releases)
    about = linked_each(desk, viewer, [view.value.record for view in views], "about")
    found = []
    for view, key in zip(views, keys, strict=True):
        arrived = came.get(view.value.received or "")
        at = arrived.at if arrived else 0
        ours = (one for one in about[view.value.record] if one.value.owner == desk.me)
        found.append(
            Row(
                view=view, came=at, read_by=arrived.read_by if arrived else (),
                waits=key in waiting, said=_newest(ours, at),
            )
        )  # fmt: skip
    return found


def _newest(replies: Iterable[View], came: int) -> tuple[View, ...]:
    newest: dict[str, View] = {}
    for one in sorted(replies, key=lambda reply: reply.value.at):
        if one.value.kind not in HEEDING or one.value.at >= came:
            newest[one.value.kind] = one
    return tuple(sorted(newest.values(), key=lambda reply: -reply.value.at))
