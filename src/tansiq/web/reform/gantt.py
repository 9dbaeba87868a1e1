"""The projects along a line of time, drawn on the server: the baseline above, start to forecast or
actual end below it, and a line from each project to what waits for it.

Lengths are shares of the width, mirrored for who reads from right to left, time too. Every bar
opens its project. Nothing here carries a style; ``static/app.css`` has the classes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from tansiq.desk.reform.portfolio import Line
from tansiq.domain.kinds.reform.progress import days_between
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.charts import Pen

_ROW: Final = 26  # the height of one project, in pixels
_TOP: Final = 26
_LABEL: Final = 14.0  # the share of the width for the codes
_WIDE: Final = 84.0
_YEARS_MAX: Final = 30


def gantt(lines: Sequence[Line], said: Voice, today: str) -> Markup:
    """The picture; nothing where no project says when it begins and ends."""
    spans = [(one, *_days(one)) for one in lines]
    known = [(one, start, base, end) for one, start, base, end in spans if start and base]
    if not known:
        return Markup("")
    first = min(start for _, start, _, _ in known)
    last = max(max(base, end) for _, _, base, end in known)
    last = max(last, min(today, f"{int(last[:4]) + 1}-12-31"))
    pen = _Pen(said, first, last)
    rows = {str(one.view.value.record): number for number, (one, *_) in enumerate(known)}
    high = _TOP + _ROW * len(known) + 8
    body = Markup("").join(
        (
            *_years(pen, high),
            *_arrows(pen, known, rows),
            *(_bar(pen, number, row) for number, row in enumerate(known)),
            _now(pen, high, today),
        )
    )
    return Markup(
        '<svg class="gantt" role="group" aria-label="{}" width="100%" height="{}"'
        ' direction="{}">{}</svg>'
    ).format(said.t("reform.gantt"), high, "rtl" if pen.mirrored else "ltr", body)


def _days(line: Line) -> tuple[str, str, str]:
    """Start, planned end, and forecast or actual end."""
    body = line.view.value.body
    start, base, end = (
        str(body.get(name, "")) for name in ("start", "baseline_end", "forecast_end")
    )
    return start, base, end or base


@dataclass(frozen=True, slots=True)
class _Pen(Pen):
    """The pen with the first and the last day (YYYY-MM-DD) that it draws."""

    first: str
    last: str

    def along(self, day: str) -> float:
        """How far a day stands from where reading begins."""
        whole = max(1, days_between(self.first, self.last))
        return _LABEL + _WIDE * min(max(days_between(self.first, day), 0), whole) / whole


def _years(pen: _Pen, high: int) -> Iterator[Markup]:
    first, last = pen.first, pen.last
    for year in range(int(first[:4]), min(int(last[:4]), int(first[:4]) + _YEARS_MAX) + 1):
        day = f"{year}-01-01"
        if first <= day <= last:
            x = pen.at(pen.along(day))
            yield Markup(
                '<line class="chart-rule" x1="{0}" x2="{0}" y1="18" y2="{1}"/>'
                '<text class="chart-scale" x="{0}" y="14" text-anchor="middle">{2}</text>'
            ).format(x, high, pen.code(year))


def _bar(pen: _Pen, number: int, row: tuple[Line, str, str, str]) -> Markup:
    line, start, base, end = row
    y, value, said = _TOP + number * _ROW, line.view.value, pen.voice
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
        plan=pen.box(pen.along(start), max(0.3, pen.along(base) - pen.along(start))), top=y + 2,
        light=light, real=pen.box(pen.along(start), max(0.3, pen.along(end) - pen.along(start))),
        low=y + 8, done=_verified(pen, line, end, y),
    )  # fmt: skip


def _verified(pen: _Pen, line: Line, end: str, y: int) -> Markup:
    """A mark at the end of what was verified."""
    if not line.progress.verified:
        return Markup("")
    return Markup('<circle class="gantt-verified" cx="{}" cy="{}" r="5"/>').format(
        pen.at(pen.along(end)), y + 12
    )


def _arrows(
    pen: _Pen, known: Sequence[tuple[Line, str, str, str]], rows: dict[str, int]
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
                    pen.at(pen.along(ends[record])), _TOP + rows[record] * _ROW + 12,
                    pen.at(pen.along(start)), _TOP + number * _ROW + 12,
                )  # fmt: skip


def _now(pen: _Pen, high: int, today: str) -> Markup:
    x = pen.at(pen.along(today))
    return Markup(
        '<line class="gantt-now" x1="{0}" x2="{0}" y1="18" y2="{1}"><title>{2}</title></line>'
    ).format(x, high, pen.voice.t("reform.today"))
