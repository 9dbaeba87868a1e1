"""When the open projects will be executed, as ranges, and how the ranges said before have done.

The pages of the programme and its report ask. A forecast is an exit: it is worked out from projects
that were released for the viewer and from nothing else, so two readers who see other projects read
other ranges. Earlier forecasts are made anew from what this node knew on the last day of each of
the last quarters, read with the labels of today.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read
from tansiq.desk.records.read import Query, View
from tansiq.desk.reform.portfolio import PROJECTS_MAX, Portfolio
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.project import DECLARED, HELD, PROJECT, UNDER_WAY, needed_codes
from tansiq.domain.parties import Viewer
from tansiq.domain.records import Body
from tansiq.domain.reform.forecasting import Forecast, Range, forecast
from tansiq.domain.reform.habits import Habits
from tansiq.domain.reform.plans import Plan, Span, Step
from tansiq.domain.reform.scoring import Past, Record, record_of

QUARTERS: Final = 6  # back from a day, on whose last days the same would have been said
_KEPT: Final = 64  # forecasts that are kept: those of past days hardly change
_DAY_MS: Final = 86_400_000
_OVER: Final = (*DECLARED, "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """An open project with its range."""

    view: View
    said: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A forecast that this node would have made on an earlier day, and its project."""

    view: View
    past: Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is foreseen as of a day (an ordinal; ``as_of`` in milliseconds, 0 = now).

    ``whole`` is when all projects are executed; ``unplanned`` are open ones without a start or a
    planned end, of which nothing is said; ``measured`` are the finished ones from which it is
    worked out. ``habits`` are by owner; ``still`` says since which day a project stands still.
    """

    day: int
    as_of: int
    lines: tuple[Foreseen, ...]
    whole: Range | None
    unplanned: tuple[View, ...]
    measured: tuple[View, ...]
    habits: Mapping[str, Habits]
    still: Mapping[str, int]
    record: Record
    earlier: tuple[Earlier, ...]

    def of(self, view: View) -> Range | None:
        """The range of one project; None where nothing is said of it."""
        return next((one.said for one in self.lines if key_of(one.view) == key_of(view)), None)


@reading_as
def outlook_of(desk: Desk, viewer: Viewer, found: Portfolio) -> Outlook:
    """What is foreseen of the projects of a portfolio that was made for this viewer."""
    today = dt.date.fromisoformat(found.day).toordinal()
    views = {key_of(one.view): one.view for one in found.lines}
    plans = _plans(desk, viewer, list(views.values()), today)
    made = _forecast(plans, today)
    ended = {one.key: one.ended for one in plans if one.ended}
    known = {one.key for one in plans}
    past = [one for one in _earlier(desk, viewer, today, ended) if one.past.key in known]
    record = record_of((one.past for one in past), today)
    counted = set(record.past)
    return Outlook(
        day=today, as_of=found.as_of, whole=made.whole, habits=made.habits, record=record,
        lines=tuple(
            Foreseen(view=view, said=made.ranges[key])
            for key, view in views.items() if key in made.ranges
        ),
        unplanned=tuple(
            view for key, view in views.items()
            if key not in known and view.value.state not in _OVER
        ),
        still={one.key: one.still_since() for one in plans if one.still_since()},
        measured=tuple(view for key, view in views.items() if key in ended),
        earlier=tuple(one for one in past if one.past in counted),
    )  # fmt: skip


def key_of(view: View) -> str:
    """The key of a project's plan."""
    return f"{view.value.owner}/{view.value.record}"


@lru_cache(maxsize=_KEPT)
def _forecast(plans: tuple[Plan, ...], today: int) -> Forecast:
    return forecast(plans, today)


def _earlier(desk: Desk, viewer: Viewer, today: int, ended: Mapping[str, int]) -> Iterator[Earlier]:
    """What would have been said on the last days of quarters, of projects that are still seen."""
    for day in _quarter_ends(today):
        moment = (day - dt.date(1970, 1, 1).toordinal() + 1) * _DAY_MS - 1
        asked = Query(kinds=(PROJECT.name,), limit=PROJECTS_MAX, as_of=moment)
        views = {key_of(one): one for one in read.page(desk, viewer, asked).rows}
        plans = _plans(desk, viewer, list(views.values()), day)
        planned = {one.key: one.end for one in plans}
        for key, said in _forecast(plans, day).ranges.items():
            past = Past(key=key, made=day, said=said, plan=planned[key], ended=ended.get(key, 0))
            yield Earlier(view=views[key], past=past)


def _quarter_ends(today: int) -> list[int]:
    """The last days of the quarters before a day, the newest first."""
    date = dt.date.fromordinal(today)
    first = date.replace(month=(date.month - 1) // 3 * 3 + 1, day=1)
    found = []
    for _ in range(QUARTERS):
        found.append(first.toordinal() - 1)
        last = dt.date.fromordinal(found[-1])
        first = last.replace(month=last.month - 2, day=1)
    return found


def _plans(desk: Desk, viewer: Viewer, views: Sequence[View], today: int) -> tuple[Plan, ...]:
    """The projects that say when they begin and are to end, as they stood by a day."""
    keys = {(one.value.owner, str(one.value.body.get("code", ""))): key_of(one) for one in views}
    found = []
    for view in views:
        value = view.value
        start, end = _day(value.body.get("start")), _day(value.body.get("baseline_end"))
        if not start or not end or value.state == "cancelled":
            continue
        past = [
            (_of(one.value.at), one.value.state)
            for one in read.history(desk, viewer, value.owner, value.record)
        ]
        steps = tuple(_steps(value.body, today))
        needs = (keys.get((value.owner, code)) for code in needed_codes(value.body))
        plan = Plan(
            key=key_of(view), owner=value.owner, start=start, end=max(start, end), steps=steps,
            begun=_begun(value.state, [one for one in past if one[0] <= today], steps),
            stops=tuple(_stops(past, today)), needs=tuple(one for one in needs if one),
        )  # fmt: skip
        if value.state in DECLARED:
            last = _day(value.body.get("forecast_end")) or max((s.done for s in steps), default=0)
            if not last:
                continue  # nothing says when
            plan = replace(plan, ended=min(last, today))
        found.append(plan)
    return tuple(sorted(found, key=lambda one: one.key))


def _steps(body: Body, today: int) -> Iterator[Step]:
    """The milestones; what is to be done after today is not done."""
    for row in rows_in(body, "milestones"):
        due, done = _day(row.get("due")), _day(row.get("done"))
        if due:
            yield Step(due=due, done=done if done <= today else 0)


def _begun(state: str, past: Iterable[tuple[int, str]], steps: Iterable[Step]) -> bool:
    """Whether a project is or was under way."""
    if state in HELD:
        return any(was in UNDER_WAY for _, was in past) or any(one.done for one in steps)
    return state in UNDER_WAY or state in DECLARED


def _stops(past: Iterable[tuple[int, str]], today: int) -> Iterator[Span]:
    """From when to when it was on hold or suspended, as its editions say by a day."""
    since = 0
    for day, state in past:
        if day > today:
            break
        if state in HELD:
            since = since or day
        elif since:
            if day > since:
                yield since, day
            since = 0
    if since:
        yield since, 0


def _day(value: object) -> int:
    return dt.date.fromisoformat(value).toordinal() if isinstance(value, str) and value else 0


def _of(moment: int) -> int:
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date().toordinal()
