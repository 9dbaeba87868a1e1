"""The projects along a line of time, drawn on the server: the baseline above, start to forecast or
actual end below it, a line from each project to what waits for it, and the range of days on which
it will be executed.

Lengths are shares of the width, mirrored for who reads from right to left, time too. Every bar
opens its project. Nothing here carries a style; ``static/app.css`` has the classes.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from markupsafe import Markup

from tansiq.desk.records.read import View
from tansiq.desk.reform.portfolio import Line
from tansiq.domain.reform.forecasting import Range
from tansiq.web.reform.choosing import days_of
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.daylines import ROW, TOP, DayPen

_YEARS_MAX: Final = 30


def gantt(
    lines: Sequence[Line], said: Voice, today: str, foreseen: Callable[[View], Range | None]
) -> Markup:
    """The picture; nothing where no project says when it begins and ends."""
    spans = [(one, *_days(one)) for one in lines]
    known = [(one, start, base, end) for one, start, base, end in spans if start and base]
    if not known:
        return Markup("")
    first = min(start for _, start, _, _ in known)
    last = max(max(base, end) for _, _, base, end in known)
    ranges = [foreseen(one.view) for one, *_ in known]
    latest = max((days_of(one)[2] for one in ranges if one), default="")
    last = max(last, *(min(day, f"{int(last[:4]) + 1}-12-31") for day in (today, latest)))
    pen = DayPen(said, first, last, len(known))
    rows = {str(one.view.value.record): number for number, (one, *_) in enumerate(known)}
    return pen.frame(
        (
            *_years(pen),
            *_arrows(pen, known, rows),
            *(_bar(pen, number, row) for number, row in enumerate(known)),
            *(_whisker(pen, number, one) for number, one in enumerate(ranges) if one),
            pen.now(today, said.t("reform.today")),
        ),
        said.t("reform.gantt"),
    )


def _days(line: Line) -> tuple[str, str, str]:
    """Start, planned end, and forecast or actual end."""
    body = line.view.value.body
    start, base, end = (
        str(body.get(name, "")) for name in ("start", "baseline_end", "forecast_end")
    )
    return start, base, end or base


def _years(pen: DayPen) -> Iterator[Markup]:
    first, last = pen.first, pen.last
    for year in range(int(first[:4]), min(int(last[:4]), int(first[:4]) + _YEARS_MAX) + 1):
        day = f"{year}-01-01"
        if pen.shows(day):
            yield pen.rule(day, year)


def _bar(pen: DayPen, number: int, row: tuple[Line, str, str, str]) -> Markup:
    line, start, base, end = row
    y, value, said = TOP + number * ROW, line.view.value, pen.voice
    light = line.progress.light.shown
    spoken = (
        f"{line.code}: {said.t('state.' + value.state)}, {said.t('choice.light.' + light)}, "
        f"{start} – {base} – {end}"
    )
    return Markup(
        '<a href="/record/{owner}/{record}"><title>{spoken}</title>'
        '<text x="{zero}" y="{text}">{code}</text>'
        '<rect class="gantt-plan" {plan} y="{top}" height="4"/>'
        '<rect class="gantt-{light}" {real} y="{low}" height="9"/>{done}</a>'
    ).format(
        owner=value.owner, record=value.record, spoken=pen.code(spoken),
        zero=pen.at(0), text=y + 15, code=pen.code(line.code),
        plan=pen.span(start, base), top=y + 2,
        light=light, real=pen.span(start, end),
        low=y + 8, done=_verified(pen, line, end, y),
    )  # fmt: skip


def _verified(pen: DayPen, line: Line, end: str, y: int) -> Markup:
    """A mark at the end of what was verified."""
    if not line.progress.verified:
        return Markup("")
    return Markup('<circle class="gantt-verified" cx="{}" cy="{}" r="5"/>').format(
        pen.at(pen.along(end)), y + 12
    )


def _whisker(pen: DayPen, number: int, foreseen: Range) -> Markup:
    """The days between which a project will be executed in eight cases of ten, and the middle."""
    early, middle, late = days_of(foreseen)
    y = TOP + number * ROW + 12
    said = pen.voice.t("forecast.range", early=early, middle=middle, late=late)
    return Markup(
        '<g class="gantt-range"><title>{said}</title>'
        '<line x1="{a}" x2="{b}" y1="{y}" y2="{y}"/><line x1="{a}" x2="{a}" y1="{up}" y2="{low}"/>'
        '<line x1="{b}" x2="{b}" y1="{up}" y2="{low}"/><circle cx="{at}" cy="{y}" r="3"/></g>'
    ).format(
        said=said, a=pen.at(pen.along(early)), b=pen.at(pen.along(late)),
        at=pen.at(pen.along(middle)), y=y, up=y - 5, low=y + 5,
    )  # fmt: skip


def _arrows(
    pen: DayPen, known: Sequence[tuple[Line, str, str, str]], rows: dict[str, int]
) -> Iterator[Markup]:
    """From the end of a project to the start of what depends on it."""
    ends = {str(one.view.value.record): end for one, _, _, end in known}
    for number, (one, start, _, _) in enumerate(known):
        for needed in one.needs:
            record = str(needed.value.record)
            if record in rows:
                yield Markup(
                    '<line class="gantt-needs" x1="{}" y1="{}" x2="{}" y2="{}"/>'
                ).format(
                    pen.at(pen.along(ends[record])), TOP + rows[record] * ROW + 12,
                    pen.at(pen.along(start)), TOP + number * ROW + 12,
                )  # fmt: skip
