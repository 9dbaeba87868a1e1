"""What is due in a lane, from the order in which this node accepted its entries.

The desk's attention asks ``due`` at every tick and after every start. Nothing is stored: the same
entries and the same moment give the same rings, so that a restart, a repeated parcel or a week off
line neither loses one nor rings one twice. All times are moments in milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tansiq.domain.cases.declaration import Clock, Declaration, Due
from tansiq.domain.cases.lane import Course, Stood
from tansiq.domain.cases.order import Entry, Lane, Opening


class Accepted(NamedTuple):
    """An entry of a lane and when this node accepted it."""

    at: int
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A clock that fell due ``at`` a moment, for the entry that started it: ``clock`` and ``start``
    together are one ring for ever. ``over`` says that the lane has moved on since.
    """

    clock: Clock
    start: str
    at: int
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A clock that runs and will fall due ``at``; None while it stands still."""

    clock: Clock
    start: str
    at: int | None


def due(
    declaration: Declaration, lane: Lane, accepted: Sequence[Accepted], now: int
) -> tuple[Ring, ...]:
    """All that fell due until ``now``, earliest first; what fell due stays due.

    ``accepted`` are the entries in the order of own acceptance; of ``lane`` only its two sides are
    read. An entry that was accepted at the very moment comes too late. The node's time is taken
    never to run back: the caller keeps what rang, and adds what is new.
    """
    return clocks(declaration, lane, accepted, now).rung


def coming(
    declaration: Declaration, lane: Lane, accepted: Sequence[Accepted], now: int
) -> tuple[Coming, ...]:
    """The clocks that run and have not fallen due: when to look again, and what a page shows."""
    return clocks(declaration, lane, accepted, now).coming


class Clocks(NamedTuple):
    """What ``due`` and ``coming`` say, in one pass."""

    rung: tuple[Ring, ...]
    coming: tuple[Coming, ...]


def clocks(
    declaration: Declaration, lane: Lane, accepted: Sequence[Accepted], now: int,
    course: Course | None = None,
) -> Clocks:  # fmt: skip
    """Both at once, for whoever asks for both; the lane is folded once more where the caller does
    not have the ``course`` of all that was accepted.
    """
    if course is None:
        entries = tuple(one.entry for one in accepted)
        course = Course(declaration, Lane(owner=lane.owner, seat=lane.seat, entries=entries))
    found = _clocks(declaration, _spans(lane, accepted, now, course))
    rings = [
        Ring(clock=clock, start=run.start, at=run.rang, over=run is not current)
        for clock, runs, current in found
        for run in runs
        if run.rang is not None
    ]
    return Clocks(
        rung=tuple(sorted(rings, key=lambda ring: (ring.at, ring.clock.name, ring.start))),
        coming=tuple(
            Coming(clock=clock, start=current.start, at=current.at)
            for clock, _, current in found
            if current is not None and current.rang is None
        ),
    )


class _Span(NamedTuple):
    """A time in which nothing was accepted: from, until (at last: now), and how the lane stood."""

    since: int
    until: int
    stood: Stood
    moments: dict[str, tuple[int, str]]
    opened: str


@dataclass(slots=True)
class _Run:
    """One run of a clock: the entry that started it, its end or length, and what has passed."""

    start: str
    end: int
    length: int
    passed: int = 0
    rang: int | None = None
    at: int | None = None


@dataclass(slots=True)
class _Runs:
    by_start: dict[str, _Run] = field(default_factory=dict)
    current: _Run | None = None


def _clocks(
    declaration: Declaration, spans: Sequence[_Span]
) -> list[tuple[Clock, list[_Run], _Run | None]]:
    found = []
    for clock in declaration.clocks:
        runs = _Runs()
        for span in spans:
            _pass(clock, runs, span)
        found.append((clock, list(runs.by_start.values()), runs.current))
    return found


def _spans(lane: Lane, accepted: Sequence[Accepted], now: int, course: Course) -> list[_Span]:
    """How the lane stood after each entry. A clock that was set back moves nothing back."""
    spans: list[_Span] = []
    moments: dict[str, tuple[int, str]] = {}
    ordinal, opened, since = -1, "", 0
    entries = tuple(one.entry for one in accepted)
    for n, (at, entry) in enumerate(accepted, start=1):
        if isinstance(entry, Opening) and entry.ordinal > ordinal:
            ordinal, opened = entry.ordinal, opened or entry.release
            moments = _restated(moments, entry)
        since = max(since, at)
        until = max(since, now if n == len(accepted) else accepted[n].at)
        stood = course.stood(Lane(owner=lane.owner, seat=lane.seat, entries=entries[:n]))
        spans.append(_Span(since, until, stood, moments, opened))
    return spans


def _restated(moments: dict[str, tuple[int, str]], opening: Opening) -> dict[str, tuple[int, str]]:
    """The root's moments, each with the release that first said it so."""
    return {
        name: moments[name]
        if name in moments and moments[name][0] == moment
        else (moment, opening.release)
        for name, moment in opening.moments.items()
    }


def _pass(clock: Clock, runs: _Runs, span: _Span) -> None:
    """Let one span pass on one clock."""
    stood = span.stood
    if stood.ended or not span.opened:
        runs.current = None
        return
    if stood.contested or stood.stage in clock.still:
        if runs.current is not None:
            runs.current.at = None
        return
    if stood.stage not in clock.runs or (clock.value and clock.value not in span.moments):
        runs.current = None
        return
    run = runs.current = _running(clock, runs, span)
    if run.rang is not None:
        return
    falls = max(
        span.since, run.end if clock.due is Due.AT else span.since + run.length - run.passed
    )
    run.at = falls
    if falls <= span.until:
        run.rang = falls
    run.passed += span.until - span.since


def _running(clock: Clock, runs: _Runs, span: _Span) -> _Run:
    """The run that goes on, or one that starts here: for the step that brought the lane into the
    stages of the clock, or for the release that stated its moment anew.
    """
    end, stated = span.moments.get(clock.value, (0, ""))
    if runs.current is not None and (not clock.value or runs.current.end == end):
        return runs.current
    start = stated if runs.current is not None else _started(clock, span)
    if start not in runs.by_start:
        by = clock.lasting_by
        length = by[end - 1] if 0 < end <= len(by) else clock.lasting_ms
        if clock.due is Due.SHARE:
            length = max(0, end - span.since) * clock.percent // 100
        runs.by_start[start] = _Run(start, end, length)
    return runs.by_start[start]


def _started(clock: Clock, span: _Span) -> str:
    """The step by which the lane came into the clock's stages and has stayed in them since."""
    start = span.opened
    inside = False
    for key, stage in span.stood.path:
        within = stage in clock.runs or (inside and stage in clock.still)
        if within and not inside:
            start = key.step if key is not None else span.opened
        inside = within
    return start
