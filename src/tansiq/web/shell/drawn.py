"""The views of a list beside its table: board, calendar, timeline and chart, made of tables and of
figures that link to the lists which they count.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from tansiq.desk.records import listing
from tansiq.desk.records.listing import Asked, Count, listing_of
from tansiq.desk.records.read import Page
from tansiq.desk.records.read import View as Record
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.facets import codes_of
from tansiq.domain.kinds.listing import STATE, View
from tansiq.domain.tables import Figure, Table
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address, month_of
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.charts import POINTS_MAX, Chart, Point, Shape
from tansiq.web.shell.columns import table_of, value_word
from tansiq.web.shell.dates import at_zone, day_begins, month_words, week_words
from tansiq.web.shell.months import Month, month, months_to, weeks_to
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

_CARDS: Final = 20  # of a column of a board
_IN_A_DAY: Final = 3  # rows of a day of a calendar
_PILES_MAX: Final = 12
_YEAR: Final = 12  # months
_BY_TIME: Final = ("week", "month", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reader's look at a list: what was asked, and the page of rows that came of it."""

    seat: Seat
    kind: Kind
    asked: Asked
    address: Address
    page: Page
    voice: Voice

    @property
    def known(self) -> int:
        """The moment (milliseconds) as of which it is known."""
        return self.asked.as_of or current().desk.clock.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One way to group, and whether it is the one that is shown."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A column of a board."""

    key: str
    label: str
    figure: Figure
    table: Released[Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of a calendar or of a timeline."""

    day: dt.date
    inside: bool = True  # of the month that is shown
    today: bool = False
    figure: Figure | None = None
    table: Released[Table] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one view shows beside the table."""

    groups: tuple[Group, ...] = ()
    piles: tuple[Pile, ...] = ()
    days: tuple[Day, ...] = ()
    heading: str = ""  # of a month
    before: str = ""
    after: str = ""
    weekdays: tuple[str, ...] = ()
    chart: Chart | None = None


def shown(look: Look, view: View) -> Shown:
    """What this view shows."""
    return _VIEWS[view](look) if view in _VIEWS else Shown()


def _table(look: Look, rows: Sequence[Record], without: str = "") -> Released[Table]:
    page = Page(rows=tuple(rows), total=len(rows), more=False, after=None)
    return table_of(
        look.seat.viewer, look.address, look.kind, page, as_of=look.asked.as_of, without=without
    )


def _figure(look: Look, count: Count, address: str) -> Figure:
    return Figure(count=count.total, address=address, more=count.more, as_of=look.asked.as_of)


def _groups(look: Look, names: Sequence[str], chosen: str) -> Iterator[Group]:
    for name in names:
        word = f"list.by_{name}" if name in _BY_TIME else (
            "field.state" if name == STATE else look.kind.field(name).word
        )  # fmt: skip
        kept = "" if name == names[0] else name
        yield Group(
            label=look.voice.t(word), address=look.address.to(by=kept), current=name == chosen
        )


def _board(look: Look) -> Shown:
    names = listing_of(look.kind).boards
    group = look.address.get("by") if look.address.get("by") in names else names[0]
    chosen = look.asked.facet(group)
    states = listing_of(look.kind).tab(look.asked.tab).states or look.kind.states
    codes = states if group == STATE else codes_of(look.kind.field(group))
    codes = (chosen,) if chosen else codes[:_PILES_MAX]
    found = listing.piles(
        current().desk, look.seat.viewer, look.asked, group, codes=codes, each=_CARDS
    )
    piles = tuple(
        Pile(
            key=pile.count.code, label=value_word(look.kind, group, pile.count.code, look.voice),
            figure=_figure(
                look, pile.count,
                look.address.to(view=View.LIST.value, by="", **{group: pile.count.code}),
            ),
            table=_table(look, pile.rows, without=group),
        )
        for pile in found
        if pile.count.total or pile.count.code not in _heard_only(look.kind)
    )  # fmt: skip
    return Shown(groups=tuple(_groups(look, names, group)), piles=piles)


def _heard_only(kind: Kind) -> tuple[str, ...]:
    """The words under which only those cases stand of which this node hears no step."""
    return kind.case.outward if kind.case else ()


def _calendar(look: Look) -> Shown:
    zone, desk = current().zone, current().desk
    today = at_zone(look.known, zone).date()
    shown_month = month(*month_of(look.address, today.year, today.month))
    found = listing.spans(
        desk, look.seat.viewer, _placed(look), shown_month.edges(zone), each=_IN_A_DAY
    )
    days = tuple(
        Day(
            day=day, inside=day.month == shown_month.first.month, today=day == today,
            figure=_figure(look, span.count, _days(look, day, day)),
            table=_table(look, span.rows),
        )
        for day, span in zip(shown_month.days, found, strict=True)
    )  # fmt: skip
    return Shown(
        days=days, heading=month_words(shown_month.first, look.voice.language),
        weekdays=tuple(week_words(look.voice.language)),
        before=_turned(look, shown_month, -1), after=_turned(look, shown_month, 1),
    )  # fmt: skip


def _placed(look: Look) -> Asked:
    """What a calendar shows: by when it is due where the kind says so, earliest first."""
    by = "due" if look.kind.due else "moment"
    return replace(look.asked, by=by, ascending=True, since=0, until=0, after=None)


def _turned(look: Look, one: Month, step: int) -> str:
    return look.address.to(month=one.other(step))


def _days(look: Look, first: dt.date, last: dt.date) -> str:
    """The list of these days."""
    order = "due" if look.kind.due else ""
    return look.address.to(
        view=View.LIST.value, month="", by="", order=order, since=first.isoformat(),
        until=last.isoformat(),
    )  # fmt: skip


def _timeline(look: Look) -> Shown:
    zone = current().zone

    def day_of(view: Record) -> dt.date:
        moment = look.kind.order_of(view.value.body, view.value.at)
        if look.asked.by == "due":
            moment = look.kind.due_at(view.value.body) or moment
        return at_zone(moment, zone).date()

    return Shown(
        days=tuple(
            Day(day=day, table=_table(look, list(rows)))
            for day, rows in groupby(look.page.rows, day_of)
        )
    )


def _chart(look: Look) -> Shown:
    names = (*(facet.field for facet in look.kind.facets), STATE, *_BY_TIME)
    names = names if len(look.kind.states) > 1 else tuple(n for n in names if n != STATE)
    group = look.address.get("by") if look.address.get("by") in names else names[0]
    series: tuple[str, ...] = ()
    if group == "year":
        points = _year_on_year(look)
        series = look.voice.t("list.this_year"), look.voice.t("list.year_before")
    else:
        points = _by_time(look, group) if group in _BY_TIME else _by_value(look, group)
    heading = next(one.label for one in _groups(look, names, group) if one.current)
    chart = Chart(
        key="chart", shape=Shape.LINE if series else Shape.COLUMNS if group in _BY_TIME else (
            Shape.BARS
        ), series=series,
        title=look.voice.t(look.kind.list_word), heading=heading, points=tuple(points)[:POINTS_MAX],
        definition=look.voice.t("list.counted"), declared_by=current().desk.me, as_of=look.known,
    )  # fmt: skip
    return Shown(groups=tuple(_groups(look, names, group)), chart=chart)


def _by_value(look: Look, group: str) -> Iterator[Point]:
    counts = listing.values(current().desk, look.seat.viewer, look.asked, group)
    codes = look.kind.states if group == STATE else codes_of(look.kind.field(group))
    for code in dict.fromkeys([*codes, *sorted(filter(None, counts))]):
        if code in counts:
            opens = look.address.to(view=View.LIST.value, by="", **{group: code})
            yield Point(
                label=value_word(look.kind, group, code, look.voice),
                figures=(Figure(count=counts[code], address=opens, as_of=look.asked.as_of),),
            )


def _by_time(look: Look, group: str) -> Iterator[Point]:
    zone, desk = current().zone, current().desk
    begins = (weeks_to if group == "week" else months_to)(look.known, zone)
    edges = [day_begins(day, zone) for day in begins]
    asked = replace(_placed(look), ascending=False)
    found = listing.spans(desk, look.seat.viewer, asked, edges, each=0)
    for (first, end), span in zip(pairwise(begins), found, strict=True):
        yield Point(
            label=first.isoformat() if group == "week" else f"{first:%Y-%m}",
            figures=(_figure(look, span.count, _days(look, first, end - dt.timedelta(days=1))),),
        )


def _year_on_year(look: Look) -> Iterator[Point]:
    """Each of the last twelve months beside the same month of the year before."""
    months = list(_by_time(look, "month"))[-2 * _YEAR :]
    for before, now in zip(months[:_YEAR], months[_YEAR:], strict=True):
        yield Point(label=now.label, figures=(*now.figures, *before.figures))


_VIEWS: Final[dict[View, Callable[[Look], Shown]]] = {
    View.BOARD: _board,
    View.CALENDAR: _calendar,
    View.TIMELINE: _timeline,
    View.CHART: _chart,
}
