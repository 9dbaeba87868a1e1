"""The projects along a line of time, drawn on the server: the baseline above, start to forecast or
actual end below it, and a line from each project to what waits for it.

Lengths are shares of the width, mirrored for who reads from right to left, time too. Every bar
opens its project. Nothing here carries a style; ``static/app.css`` has the classes.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from tansiq.desk.reform.portfolio import Line
from tansiq.domain.isolates import inserted
from tansiq.domain.wording import RIGHT_TO_LEFT
from tansiq.web.shell.cells import Voice

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
    pen = _Pen(said.language in RIGHT_TO_LEFT, first, last)
    rows = {str(one.view.value.record): number for number, (one, *_) in enumerate(known)}
    high = _TOP + _ROW * len(known) + 8
    body = Markup("").join(
        (
            *_years(pen, high, first, last),
            *_arrows(pen, known, rows),
            *(_bar(pen, said, number, row) for number, row in enumerate(known)),
            _now(pen, said, high, today),
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


class _Pen:
    """Where a day stands on the page, in shares of its width."""

    def __init__(self, mirrored: bool, first: str, last: str) -> None:  # noqa: FBT001
        self.mirrored = mirrored
        self._first = dt.date.fromisoformat(first).toordinal()
        self._days = max(1, dt.date.fromisoformat(last).toordinal() - self._first)

    def at(self, day: str) -> float:
        """How far from where reading begins."""
        passed = dt.date.fromisoformat(day).toordinal() - self._first
        return _LABEL + _WIDE * min(max(passed, 0), self._days) / self._days

    def share(self, start: float) -> str:
        """A place, as SVG wants it."""
        return f"{round(100 - start if self.mirrored else start, 2):g}%"

    def box(self, start: float, width: float) -> Markup:
        """Left edge and width of a box."""
        left = 100 - start - width if self.mirrored else start
        return Markup('x="{:g}%" width="{:g}%"').format(round(left, 2), round(width, 2))


def _years(pen: _Pen, high: int, first: str, last: str) -> Iterator[Markup]:
    for year in range(int(first[:4]), min(int(last[:4]), int(first[:4]) + _YEARS_MAX) + 1):
        day = f"{year}-01-01"
        if first <= day <= last:
            x = pen.share(pen.at(day))
            yield Markup(
                '<line class="chart-rule" x1="{0}" x2="{0}" y1="18" y2="{1}"/>'
                '<text class="chart-scale" x="{0}" y="14" text-anchor="middle">{2}</text>'
            ).format(x, high, inserted(year, mirrored=pen.mirrored))


def _bar(pen: _Pen, said: Voice, number: int, row: tuple[Line, str, str, str]) -> Markup:
    line, start, base, end = row
    y, value = _TOP + number * _ROW, line.view.value
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
        owner=value.owner, record=value.record, spoken=inserted(spoken, mirrored=pen.mirrored),
        zero=pen.share(0), text=y + 15, code=inserted(line.code, mirrored=pen.mirrored),
        plan=pen.box(pen.at(start), max(0.3, pen.at(base) - pen.at(start))), top=y + 2,
        light=light, real=pen.box(pen.at(start), max(0.3, pen.at(end) - pen.at(start))),
        low=y + 8, done=_verified(pen, line, end, y),
    )  # fmt: skip


def _verified(pen: _Pen, line: Line, end: str, y: int) -> Markup:
    """A mark at the end of what was verified."""
    if not line.progress.verified:
        return Markup("")
    return Markup('<circle class="gantt-verified" cx="{}" cy="{}" r="5"/>').format(
        pen.share(pen.at(end)), y + 12
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
                    pen.share(pen.at(ends[record])), _TOP + rows[record] * _ROW + 12,
                    pen.share(pen.at(start)), _TOP + number * _ROW + 12,
                )  # fmt: skip


def _now(pen: _Pen, said: Voice, high: int, today: str) -> Markup:
    x = pen.share(pen.at(today))
    return Markup(
        '<line class="gantt-now" x1="{0}" x2="{0}" y1="18" y2="{1}"><title>{2}</title></line>'
    ).format(x, high, said.t("reform.today"))
