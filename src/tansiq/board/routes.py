"""Routes: by which index a list or a count gets to what was asked for.

A database's planner knows neither how rare a viewer's labels are in a window nor that only the
newest few hundred rows are wanted, and it changes its mind. Here the choice is made from a small
sample, and the SQL leaves the planner one index (a ``+`` before a column takes it out of the
running). A sample chooses the plan and never the answer.

by time    kind, moment: whatever comes, newest first, until there is enough
by cell    kind, cell, moment: only the cells of the window
by label   label, kind, moment: only what the viewer may see
by word    the search index: only what holds the words, where that is little
by due     kind, due: what a calendar places, which lies ahead; only where that is asked for
by came    kind, came: what this node wrote or accepted last; only where that is asked for
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from tansiq.board.board import CELL, Board, cell_of
from tansiq.domain.places import E7

Box = tuple[int, int, int, int]

CELLS_MAX: Final = 400  # cells of a window that are looked up one by one
SAMPLED: Final = 4_096
FEW: Final = 2_000
LASTS_MS: Final = 10_000  # so long nobody asks whether a sample is still good
_ROW: Final = 2_048
_SEEK: Final = 10  # a look-up in an index costs about as much as passing this many entries
_SLACK: Final = 1.4  # a slice of time is made so much longer than it need be on average


class Route(StrEnum):
    """The index that is scanned."""

    TIME = "time"
    DUE = "due"
    CAME = "came"
    CELL = "cell"
    LABEL = "label"
    WORD = "word"


# The index that has the order of a time.
ORDERED: Final = {"moment": Route.TIME, "due": Route.DUE, "came": Route.CAME}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The newest records of a kind: how dense in time, in which cells, under which labels."""

    at: int  # when it was taken or found to be good still
    records: int  # of all kinds, when it was taken: after some growth it is taken again
    rows: int
    newest: int
    oldest: int  # moment of the oldest record of this kind
    span: int  # milliseconds that the sampled rows cover
    cells: Counter[int | None]
    labels: Counter[int]
    shares: dict[tuple[int, ...], float] = field(default_factory=dict)  # of a reader's labels

    def rate(self) -> float:
        """Records a millisecond."""
        return self.rows / max(self.span, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to scan: by which index, over which cells, from which moment on, newest first."""

    route: Route
    cells: tuple[int, ...]
    lengths: tuple[int, int]  # of the first slice of time, 0 = all at once; and of all time
    top: int = 0  # the newest moment that the sample knows
    hits: tuple[int, ...] = ()  # by word: the records that hold the words


def sample_of(board: Board, kind: str, now: int) -> Sample:
    """The sample of a kind, taken again after a while when the board has grown by a twentieth."""
    known = board.samples.get(kind)
    if isinstance(known, Sample) and abs(now - known.at) < LASTS_MS:
        return known
    with board.db.engine():  # chooses a plan for everybody, and shows nothing to anybody
        records = int(str(board.db.rows("SELECT COALESCE(MAX(id), 0) FROM record")[0][0]))
        if isinstance(known, Sample) and abs(records - known.records) * 20 <= known.records:
            sample = replace(known, at=now)
        else:
            sample = _taken(board, kind, records, now)
    board.samples[kind] = sample
    return sample


def _taken(board: Board, kind: str, records: int, now: int) -> Sample:
    rows = board.db.rows(
        """SELECT moment, label, lat, lon FROM record WHERE kind = ?
           ORDER BY moment DESC, turn DESC LIMIT ?""",
        (kind, SAMPLED),
    )
    oldest = board.db.rows("SELECT COALESCE(MIN(moment), 0) FROM record WHERE kind = ?", (kind,))
    moments = [int(str(row[0])) for row in rows] or [0]
    return Sample(
        at=now, records=records, rows=len(rows), newest=moments[0], oldest=int(str(oldest[0][0])),
        span=moments[0] - moments[-1],
        cells=Counter(_cell(row[2], row[3]) for row in rows),
        labels=Counter(int(str(row[1])) for row in rows),
    )  # fmt: skip


def _cell(lat: object, lon: object) -> int | None:
    return cell_of(lat, lon) if isinstance(lat, int) and isinstance(lon, int) else None


def cells_of(box: Box | None) -> tuple[int, ...]:
    """The cells that a window touches; none where it has no window or too wide a one."""
    if box is None:
        return ()
    west, south, east, north = box
    rows = range((south + 90 * E7) // CELL, (north + 90 * E7) // CELL + 1)
    columns = range((west + 180 * E7) // CELL, (east + 180 * E7) // CELL + 1)
    if len(rows) * len(columns) > CELLS_MAX:
        return ()
    return tuple(row * _ROW + column for row in rows for column in columns)


def choose(
    sample: Sample, labels: tuple[int, ...] | None, box: Box | None, *,
    since: int, until: int, limit: int = 0,
) -> Plan:  # fmt: skip
    """The cheapest plan for the newest ``limit`` rows, or with 0 to all of them.

    ``labels`` None is for measuring: a reader whom no label binds.
    """
    cells = cells_of(box)
    window = _share(sample, [sample.cells[cell] for cell in cells]) if cells else 1.0
    seen = 1.0
    if labels is not None:
        seen = sample.shares.get(labels) or sample.shares.setdefault(
            labels, _share(sample, [sample.labels[label] for label in labels])
        )
    end = min(until or sample.newest, sample.newest)
    length = max(end - max(since, sample.oldest), 1)
    rows = min(length * sample.rate(), sample.records)
    wanted = limit or rows
    costs = {Route.TIME: min(wanted / (seen * window), rows)}
    if cells:
        costs[Route.CELL] = 2 * min(wanted / seen, rows * window) + _SEEK * len(cells)
    if labels is not None:
        costs[Route.LABEL] = 2 * min(wanted / window, rows * seen) + _SEEK * len(labels)
    route = min(costs, key=lambda route: costs[route])
    first = 0
    if limit and route is not Route.TIME:
        first = int(_SLACK * limit / max(sample.rate() * seen * window, 1e-12))
    return Plan(
        route=route, cells=cells, lengths=(0 if first >= length else first, length), top=end
    )


def in_order(by: str) -> Plan:
    """Along the index that has this order (``ORDERED``), all of it as one slice."""
    return Plan(route=ORDERED[by], cells=(), lengths=(0, 1))


def _share(sample: Sample, counts: list[int]) -> float:
    """Which part of the records; what no sampled record shows is rare and not nothing."""
    return max(sum(counts), 0.5) / max(sample.rows, 1)


def slices(plan: Plan, since: int, until: int, found: "Found") -> Iterator[tuple[int, int]]:
    """Slices of time (from, to; 0 = open), newest first, until enough was found in them.

    An index by cell or label gives no order in time: in a slice just long enough it has little to
    sort. A slice that gave too little is followed by one as long as the yield so far demands.
    """
    length, whole = plan.lengths
    if not length:
        yield since, until
        return
    top, end, scanned = until, plan.top + 1, 0
    while True:
        start = end - length
        scanned += length
        if scanned >= whole or start <= since:
            yield since, top
            return
        yield start, top
        missing = found.wanted - found.rows
        if missing <= 0:
            return
        ahead = int(_SLACK * missing * scanned / max(found.rows, 1))
        top = end = start
        length = max(2 * length, min(ahead, 16 * length))


def by_words(sample: Sample, hits: tuple[int, ...] | None) -> Plan:
    """Over these hits of the search index, one by one where they are few; else by time, comparing
    with them. None = too many even for that.
    """
    few = hits is not None and len(hits) <= FEW
    return Plan(
        route=Route.WORD if few else Route.TIME, cells=(), top=sample.newest,
        lengths=(0, max(sample.newest - sample.oldest, 1)), hits=hits or (),
    )  # fmt: skip


@dataclass(slots=True)
class Found:
    """How much was wanted, and how much was found so far."""

    wanted: int
    rows: int = 0
