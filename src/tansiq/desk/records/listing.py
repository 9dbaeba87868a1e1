"""Lists of any kind: what an address asks for, and what a viewer may be told of it.

``web.shell.listing`` draws what comes from here, and no room has a query of its own. Every row is
released, every count counts what the viewer may see.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise

from tansiq.board import queries
from tansiq.board.choices import ASKED, Facets
from tansiq.board.queries import Query
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read
from tansiq.desk.records.read import Key, View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.listing import STATE, Listing, Phase
from tansiq.domain.parties import Viewer
from tansiq.domain.records import RecordView
from tansiq.policy.release import open_all

__all__ = ["ASKED", "Asked", "Facets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One list as it was asked for. ``state`` is one of the tab's or of all, ``asked`` a party that
    a case asks; ``since`` and
    ``until`` bound the time ``by`` which it is ordered, ``moment``, ``due`` or ``came``, when it
    was written or accepted here, since the moment ``came``; ``as_of`` is the
    moment as of which it is asked, 0 = now; ``at`` is that moment or now, where the tabs of the
    list ask what stands when.
    """

    kind: str
    tab: str = ""
    state: str = ""
    words: str = ""
    facets: Facets = ()
    asked: str = ""
    owner: str = ""
    since: int = 0
    until: int = 0
    by: str = "moment"
    came: int = 0
    ascending: bool = False
    after: Key | None = None
    as_of: int = 0
    at: int = 0

    def facet(self, name: str) -> str:
        """The value that is chosen of a facet, or of the state; empty for none."""
        chosen = ((STATE, (self.state,)), (ASKED, (self.asked,)), *self.facets)
        return next((values[0] for one, values in chosen if one == name and values), "")

    def choosing(self, name: str, code: str) -> "Asked":
        """The list with this value of a facet, or this state; the empty one lifts the choice."""
        if name == STATE:
            return replace(self, state=code, after=None)
        if name == ASKED:
            return replace(self, asked=code, after=None)
        rest = tuple(pair for pair in self.facets if pair[0] != name)
        return replace(self, facets=((*rest, (name, (code,))) if code else rest), after=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are of one tab, state or value; with ``more``, so many and more."""

    code: str
    total: int
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A column of a board: its first rows, and how many there are."""

    count: Count
    rows: tuple[View, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Between two moments: the first rows, and how many there are."""

    since: int
    until: int
    count: Count
    rows: tuple[View, ...]


def listed_kind(name: str) -> Kind:
    """A kind that has a list. Raises InputError: what is not there is not shown."""
    try:
        kind = kind_named(name)
    except InputError:
        raise InputError("record_absent") from None
    listing_of(kind)
    return kind


def listing_of(kind: Kind) -> Listing:
    """How a kind is listed. Raises InputError as :func:`listed_kind`."""
    if kind.listing is None:
        raise InputError("record_absent")
    return kind.listing


def state_of(record: RecordView, now: int) -> str:
    """The state of a record as people read it: what nobody said to be over is ended all the same
    once its time is. What somebody said has begun stays as they said it.
    """
    kind = kind_named(record.kind)
    if kind.listing is None or kind.over is None or record.state not in kind.listing.ended:
        return record.state
    return Phase.ENDED if kind.over(record.body) <= now else record.state


def query_of(asked: Asked, limit: int = 50) -> Query:
    """What the board is asked."""
    tab = listing_of(listed_kind(asked.kind)).tab(asked.tab)
    return Query(
        kinds=(asked.kind,), words=asked.words, facets=asked.facets, limit=limit,
        asked=asked.asked,
        states=(asked.state,) if asked.state else tab.states,
        phase=None if asked.state else tab.phase, now=asked.at,
        owners=(asked.owner,) if asked.owner else (), since=asked.since, until=asked.until,
        by=asked.by, ascending=asked.ascending, after=asked.after, as_of=asked.as_of,
    )  # fmt: skip


@contextmanager
def together(desk: Desk) -> Iterator[None]:
    """Within it, what one page asks of a list looks words up once."""
    with desk.board.glance():
        yield


@reading_as
def tabs(desk: Desk, viewer: Viewer, asked: Asked) -> list[Count]:
    """What stands in each tab of the list under the same filters."""
    listing = listing_of(listed_kind(asked.kind))
    return [
        _count(desk, viewer, replace(asked, tab=tab.name, state=""), tab.name)
        for tab in listing.tabs
    ]


@reading_as
def count(desk: Desk, viewer: Viewer, asked: Asked) -> Count:
    """How many the list has, as its page says."""
    return _count(desk, viewer, asked, asked.tab)


def _count(desk: Desk, viewer: Viewer, asked: Asked, code: str) -> Count:
    total, more = read.total(desk, viewer, replace(query_of(asked), after=None))
    return Count(code=code, total=total, more=more)


@reading_as
def values(desk: Desk, viewer: Viewer, asked: Asked, group: str) -> dict[str, int]:
    """How many there are of each value of a facet, or of each state, or that ask each party, under
    the other filters; the empty value for "not said". Empty where there are too many to count one
    by one.
    """
    query = replace(query_of(asked.choosing(group, "")), after=None)
    now, most = desk.clock.now(), BOUNDS.counted_max
    if group == ASKED:
        return queries.asked(desk.board, viewer, query, now=now, most=most)
    found = queries.groups(desk.board, viewer, query, group, now=now, most=most)
    return found if group != STATE or not query.states else {
        code: count for code, count in found.items() if code in query.states
    }  # fmt: skip


@reading_as
def piles(
    desk: Desk, viewer: Viewer, asked: Asked, group: str, *, codes: Sequence[str], each: int
) -> list[Pile]:
    """A column for each of these states or values of a facet, with its first ``each`` rows."""
    found = []
    for code in codes:
        one = asked.choosing(group, code)
        page = read.page(desk, viewer, query_of(one, limit=each))
        count = Count(code=code, total=page.total, more=page.more)
        found.append(Pile(count=count, rows=page.rows))
    return found


@reading_as
def spans(desk: Desk, viewer: Viewer, asked: Asked, edges: Sequence[int], each: int) -> list[Span]:
    """Between each two of these moments, the first ``each`` rows and how many there are."""
    now, most = desk.clock.now(), BOUNDS.counted_max
    query = replace(query_of(asked), after=None)
    found = queries.spread(desk.board, viewer, query, edges, now=now, each=each, most=most)
    return [
        Span(
            since=since, until=until, rows=tuple(open_all(viewer, rows, now)),
            count=Count(code="", total=min(count, most), more=count > most),
        )
        for (since, until), (count, rows) in zip(pairwise(edges), found, strict=True)
    ]  # fmt: skip
