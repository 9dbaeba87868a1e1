"""What the support requests that somebody may see say together: how long they stand in each stage
and on whose side, how much each party calls urgent, which are open longest, which lines are short.

The page of figures asks. Every number is a list of records that were released for the viewer, and
nothing is counted that the viewer may not see.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import reading
from tansiq.desk.cases.goods import GoodsLine
from tansiq.desk.cases.reading import LaneView
from tansiq.desk.records import read
from tansiq.desk.records.read import Query
from tansiq.domain.cases import Side
from tansiq.domain.kinds.support.request import CASE, SUPPORT
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.records import RecordView
from tansiq.policy.seal import Released

LOOKED_AT: Final = 500  # newest requests: figures of what nobody works on any more say little
SHOWN: Final = 10
PRESSING: Final = ("flash", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """How long lanes stood in one stage, in milliseconds, and whose act it waits for; ``standing``
    counts those that are there now.
    """

    stage: str
    side: Side | None
    lanes: int
    standing: int
    median_ms: int
    longest_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many requests a party made, and how many of each pressing priority."""

    party: PartyCode
    total: int
    pressing: Mapping[str, int]

    @property
    def percent(self) -> int:
        """The share that is pressing, of a hundred."""
        return round(100 * sum(self.pressing.values()) / self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A lane that is open: its request, and since when it stands where it does."""

    view: Released[RecordView]
    lane: LaneView
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A line of a request of which less came than was sent, or came damaged."""

    view: Released[RecordView]
    lane: LaneView
    goods: GoodsLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it, of the newest requests; ``cut`` says that there are more than were looked at."""

    stages: tuple[StageTime, ...]
    shares: tuple[Share, ...]
    longest: tuple[Standing, ...]
    short: tuple[Short, ...]
    cut: bool


@reading_as
def figures_of(desk: Desk, viewer: Viewer) -> Figures:
    """The figures of the requests that this viewer may see, as of now."""
    page = read.page(desk, viewer, Query(kinds=(SUPPORT.name,), limit=LOOKED_AT))
    cases = reading.lanes_of_each(desk, viewer, page.rows)
    lanes = [
        (view, lane)
        for view, case in zip(page.rows, cases, strict=True)
        if case is not None
        for lane in case.value.lanes
    ]
    now = desk.clock.now()
    return Figures(
        stages=_stages((lane for _, lane in lanes), now),
        shares=_shares(view.value for view in page.rows),
        longest=_longest(lanes),
        short=tuple(
            Short(view=view, lane=lane, goods=line)
            for view, lane in lanes
            for line in lane.goods
            if line.sums.short
        )[:SHOWN],
        cut=page.after is not None,
    )


def _stages(lanes: Iterable[LaneView], now: int) -> tuple[StageTime, ...]:
    """Every stage that a lane was in and from which something was to follow, in their order."""
    times: dict[str, list[int]] = defaultdict(list)
    standing: dict[str, int] = defaultdict(int)
    for lane in lanes:
        for (stage, since), following in zip(lane.path, (*lane.path[1:], None), strict=True):
            times[stage].append(max(0, (following[1] if following else now) - since))
            standing[stage] += following is None
    return tuple(
        StageTime(
            stage=stage, side=CASE.turns[stage][0].side, lanes=len(times[stage]),
            standing=standing[stage], median_ms=int(median(times[stage])),
            longest_ms=max(times[stage]),
        )
        for stage in CASE.stages
        if stage in times and stage in CASE.turns
    )  # fmt: skip


def _shares(views: Iterable[RecordView]) -> tuple[Share, ...]:
    totals: dict[PartyCode, int] = defaultdict(int)
    pressing: dict[PartyCode, dict[str, int]] = defaultdict(lambda: dict.fromkeys(PRESSING, 0))
    for view in views:
        totals[view.owner] += 1
        priority = view.body.get("priority")
        if isinstance(priority, str) and priority in PRESSING:
            pressing[view.owner][priority] += 1
    return tuple(
        Share(party=party, total=totals[party], pressing=pressing[party])
        for party in sorted(totals)
    )


def _longest(lanes: Iterable[tuple[Released[RecordView], LaneView]]) -> tuple[Standing, ...]:
    """The open lanes that have stood longest where they stand."""
    found = [
        Standing(view=view, lane=lane, since=lane.path[-1][1])
        for view, lane in lanes
        if lane.path and not lane.ended_at and (lane.mine or lane.theirs)
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.lane.id))[:SHOWN])
