"""The cohorts along a line of time, drawn on the server: a bar from the first to the last day, the
dates of the baseline as a thin shadow above it, a mark where each session begins, and holidays.

Lengths are shares of the width, mirrored for who reads from right to left, time too. Every bar
opens its cohort. Nothing here carries a style; ``static/app.css`` has the classes.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from tansiq.desk.training.overview import Line
from tansiq.domain.kinds.training.cohort import COHORT
from tansiq.domain.training.problem import known_holidays
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.daylines import ROW, TOP, DayPen, room_for

_THIN: Final = 0.4  # the least share of the width of a bar
_TICKS_MAX: Final = 12
_MONTHS: Final = 12
_MONTHS_MAX: Final = 360


def bars(lines: Sequence[Line], said: Voice, today: str) -> Markup:
    """The picture; nothing where no cohort says when it begins and ends."""
    known = [one for one in lines if one.day("first_day") and one.day("last_day")]
    if not known:
        return Markup("")
    names = ("baseline_first", "first_day", "baseline_last", "last_day")
    days = [day for one in known for name in names if (day := one.day(name))]
    pen = DayPen(said, min(days), max(days), len(known), room_for(one.code for one in known))
    return pen.frame(
        (
            *_holidays(pen), *_months(pen),
            *(_bar(pen, number, line) for number, line in enumerate(known)),
            *([pen.now(today, said.t("training.today"))] if pen.shows(today) else []),
        ),
        said.t("training.bars"),
    )  # fmt: skip


def _months(pen: DayPen) -> Iterator[Markup]:
    """A line where a month begins, as many as can be read."""
    year, month = int(pen.first[:4]), int(pen.first[5:7])
    begins = (
        f"{year + (month + n) // _MONTHS:04}-{(month + n) % _MONTHS + 1:02}-01"
        for n in range(_MONTHS_MAX)
    )
    days = [day for day in begins if pen.shows(day)]
    step = len(days) // _TICKS_MAX + 1
    for day in days[::step]:
        yield pen.rule(day, day[2:7])


def _holidays(pen: DayPen) -> Iterator[Markup]:
    """Days on which less is taught, or nothing."""
    first, last = dt.date.fromisoformat(pen.first), dt.date.fromisoformat(pen.last)
    for one in known_holidays():
        if one.name and one.first <= last and one.last >= first:
            begins, ends = max(one.first, first), min(one.last, last)
            named = pen.voice.t(f"training.holiday.{one.name}")
            yield Markup(
                '<rect class="gantt-holiday" {} y="18" height="{}"><title>{}</title></rect>'
            ).format(
                pen.span(begins.isoformat(), ends.isoformat(), _THIN), pen.high - 18,
                pen.code(f"{named}, {one.first} – {one.last}"),
            )  # fmt: skip


def _bar(pen: DayPen, number: int, line: Line) -> Markup:
    y, value, said = TOP + number * ROW, line.view.value, pen.voice
    first, last = line.day("first_day"), line.day("last_day")
    before = (line.day("baseline_first"), line.day("baseline_last"))
    shadow = Markup("")
    if all(before):
        shadow = Markup('<rect class="gantt-plan" {} y="{}" height="5"/>').format(
            pen.span(*before, _THIN), y + 1
        )
    spoken = f"{line.code}: {said.t('state.' + value.state)}, {first} – {last}"
    if all(before):
        spoken += f", {said.t('training.baseline')} {before[0]} – {before[1]}"
    return Markup(
        '<a href="/record/{owner}/{record}"><title>{spoken}</title>'
        '<text x="{zero}" y="{text}">{code}</text>{shadow}'
        '<rect class="gantt-{tone}" {box} y="{low}" height="10"/>{sessions}</a>'
    ).format(
        owner=value.owner, record=value.record, spoken=pen.code(spoken), zero=pen.at(0),
        text=y + 16, code=pen.code(line.code), shadow=shadow,
        tone=COHORT.tone(value.state) or "plain", box=pen.span(first, last, _THIN), low=y + 8,
        sessions=Markup("").join(_sessions(pen, line, y)),
    )  # fmt: skip


def _sessions(pen: DayPen, line: Line, y: int) -> Iterator[Markup]:
    """A mark where each session begins; those that were held are full."""
    for view in line.sessions:
        day = str(view.value.body.get("first_day", ""))
        if day and pen.shows(day) and view.value.state != "lost":
            held = "held" if view.value.state == "held" else "ahead"
            yield Markup('<circle class="gantt-{}" cx="{}" cy="{}" r="3"/>').format(
                held, pen.at(pen.along(day)), y + 13
            )
