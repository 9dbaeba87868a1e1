"""Charts as SVG, drawn on the server from figures: no script, no style attribute.

Every bar is a link to the list that it counts, and beneath each chart stands the same as a table.
Lengths are shares of the width, so that a chart fits a telephone and a sheet of paper with letters
of one size; right to left it is mirrored, time too. Series differ by pattern and by dashes before
they differ by colour. ``static/app.css`` has the classes.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from markupsafe import Markup

from tansiq.domain.isolates import inserted
from tansiq.domain.tables import Figure
from tansiq.domain.wording import RIGHT_TO_LEFT
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.dates import ltr, said, stamp

SERIES_MAX: Final = 6
POINTS_MAX: Final = 120
_LABEL_CHARS: Final = 42  # a party by its longest name, and its code
_STEP: Final = 48  # from one bar to the next, in pixels
_HIGH: Final = 160  # of the columns and lines
_FIRST, _WIDE = 12.0, 88.0  # where columns begin and how wide they are, in hundredths
_LABELS_MAX: Final = 4  # along a line of time


class Shape(StrEnum):
    """How a chart draws its figures."""

    BARS = "bars"  # one below the other; several series are stacked in one bar
    COLUMNS = "columns"  # along a line of time; several series are stacked
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one bar, column or point of time counts: a figure of each series, in their order."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart in the words of its reader. ``key`` is unique on its page; ``heading`` says what the
    labels are; ``series`` names the series, none where there is only one.
    """

    key: str
    shape: Shape
    title: str
    heading: str
    points: tuple[Point, ...]
    definition: str = ""
    series: tuple[str, ...] = ()
    declared_by: str = ""
    as_of: int = 0

    def __post_init__(self) -> None:
        width = max(len(self.series), 1)
        if width > SERIES_MAX or len(self.points) > POINTS_MAX:
            raise ValueError("a chart of so much cannot be read")
        if any(len(point.figures) != width for point in self.points):
            raise ValueError("a point has a figure for each series")


@dataclass(frozen=True, slots=True)
class Pen:
    """Where things stand across a picture for one reader: shares of its width, in hundredths,
    count from where reading begins.
    """

    voice: Voice

    @property
    def mirrored(self) -> bool:
        """Whether reading begins at the right."""
        return self.voice.language in RIGHT_TO_LEFT

    def at(self, start: float) -> str:
        """The place of a point, so far from where reading begins."""
        return _share(100 - start if self.mirrored else start)

    def box(self, start: float, width: float) -> Markup:
        """Left edge and width of a box that begins there."""
        left = 100 - start - width if self.mirrored else start
        return Markup('x="{}" width="{}"').format(_share(left), _share(width))

    def code(self, text: object) -> str:
        """A text in which codes and dates read left to right."""
        return inserted(text, mirrored=self.mirrored)


@dataclass(frozen=True, slots=True)
class _Pen(Pen):
    """The pen with what it draws."""

    chart: Chart

    def count(self, figure: Figure) -> str:
        if figure.more:
            return self.voice.t("page.more_than", count=figure.count)
        return self.code(f"{figure.count:,}")

    def said(self, point: Point, at: int) -> str:
        """What a bar says when it is read aloud."""
        named = f", {self.chart.series[at]}" if self.chart.series else ""
        return f"{self.code(point.label)}{named}: {self.count(point.figures[at])}"

    def paint(self, at: int) -> Markup:
        """How the series is filled."""
        if not self.chart.series:
            return Markup('class="chart-fill"')
        return Markup('fill="url(#{}-{})"').format(self.chart.key, at)


def draw(chart: Chart, voice: Voice) -> Markup:
    """The chart with its title, what its numbers mean, its legend and its twin."""
    pen = _Pen(voice, chart)
    head = Markup("<figcaption><b>{}</b>{}{}</figcaption>").format(
        chart.title,
        Markup(" <span>{}</span>").format(chart.definition) if chart.definition else "",
        _declared(pen),
    )
    if not chart.points:
        return Markup('<figure class="chart">{}<p class="muted">{}</p></figure>').format(
            head, voice.t("chart.empty")
        )
    return Markup('<figure class="chart" id="{}">{}{}{}{}</figure>').format(
        chart.key, head, _picture(pen), _legend(pen), _twin(pen)
    )


def _declared(pen: _Pen) -> Markup:
    if not pen.chart.as_of:
        return Markup("")
    by = pen.voice.party(pen.chart.declared_by) if pen.chart.declared_by else ""
    return Markup(' <small class="muted">{}{} {}</small>').format(
        f"{by} · " if by else "", pen.voice.t("table.as_of"), stamp(pen.chart.as_of, pen.voice.zone)
    )


def _picture(pen: _Pen) -> Markup:
    chart = pen.chart
    body, high = _DRAWN[chart.shape](pen)
    # A picture that holds links is a group of them; what is an image has no links inside.
    links = any(figure.address for point in chart.points for figure in point.figures)
    return Markup(
        '<svg role="{role}" aria-labelledby="{key}-t" width="100%" '
        'height="{high}" direction="{way}"><title id="{key}-t">{title}</title>'
        "<desc>{desc}</desc>{defs}{body}</svg>"
    ).format(
        role="group" if links else "img", key=chart.key, high=high,
        way="rtl" if pen.mirrored else "ltr", title=chart.title,
        desc=chart.definition or chart.title, defs=_patterns(pen), body=body,
    )  # fmt: skip


def _linked(pen: _Pen, point: Point, at: int, inside: Markup) -> Markup:
    """A bar as a link to the list that it counts."""
    said, address = pen.said(point, at), point.figures[at].address
    shape = Markup("<title>{}</title>{}").format(said, inside)
    if not address:
        return Markup("<g>{}</g>").format(shape)
    return Markup('<a href="{}">{}</a>').format(address, shape)


def _share(value: float) -> str:
    return f"{round(value, 2):g}%"


def _sum(point: Point) -> int:
    return sum(figure.count for figure in point.figures)


def _bars(pen: _Pen) -> tuple[Markup, int]:
    points = pen.chart.points
    top = max(1, *map(_sum, points))
    return Markup("").join(
        _bar(pen, point, number * _STEP, top) for number, point in enumerate(points)
    ), len(points) * _STEP


def _bar(pen: _Pen, point: Point, y: int, top: int) -> Markup:
    """Label and number in one line, the bar below it on its track."""
    label = pen.code(_short(point.label))
    whole = Figure(count=_sum(point), address="", more=any(figure.more for figure in point.figures))
    parts, start = list[Markup](), 0.0
    for at, figure in enumerate(point.figures):
        width = figure.count * 100 / top
        shape = Markup('<rect {} y="{}" height="14" {}/>').format(
            pen.box(start, width), y + 24, pen.paint(at)
        )
        if at == 0:  # the words of the bar open the list of its first series
            shape = Markup('<text x="{}" y="{}">{}</text>').format(pen.at(0), y + 16, label) + shape
        parts.append(_linked(pen, point, at, shape))
        start += width
    return Markup(
        '<rect class="chart-track" x="0" width="100%" y="{}" height="14"/>{}'
        '<text class="chart-count" x="{}" y="{}" text-anchor="end">{}</text>'
    ).format(y + 24, Markup("").join(parts), pen.at(100), y + 16, pen.count(whole))


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_CHARS else f"{label[: _LABEL_CHARS - 1]}…"


def _ceiling(most: int) -> int:
    """A round number that is not below ``most``, for the top of a scale."""
    if most <= 4:
        return max(most, 1)
    unit = int("1" + "0" * (len(str(most)) - 1))
    return next(times * unit for times in (1, 2, 4, 6, 8, 10) if times * unit >= most)


def _frame(pen: _Pen, top: int) -> Iterator[Markup]:
    """The scale, and labels along the line of time: as many as a narrow screen has room for."""
    for value in sorted({0, top // 2, top} if top % 2 == 0 else {0, top}):
        y = 16 + _HIGH - _HIGH * value // top
        yield Markup(
            '<line class="chart-rule" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="chart-scale" x="{}" y="{}" text-anchor="end">{}</text>'
        ).format(
            pen.at(_FIRST), pen.at(100), y, y, pen.at(_FIRST - 1.5), y + 5, pen.code(f"{value:,}")
        )
    points = pen.chart.points
    every = -(-len(points) // _LABELS_MAX)
    for number in range(0, len(points), every):
        yield Markup(
            '<text class="chart-scale" x="{}" y="{}" text-anchor="middle">{}</text>'
        ).format(pen.at(_middle(pen, number)), _HIGH + 36, pen.code(points[number].label))


def _slot(pen: _Pen) -> float:
    return _WIDE / len(pen.chart.points)


def _middle(pen: _Pen, number: int) -> float:
    return _FIRST + _slot(pen) * (number + 0.5)


def _columns(pen: _Pen) -> tuple[Markup, int]:
    points, slot = pen.chart.points, _slot(pen)
    top = _ceiling(max(map(_sum, points)))
    width = min(slot * 0.72, 12)
    parts = list(_frame(pen, top))
    for number, point in enumerate(points):
        base = 16.0 + _HIGH
        for at, figure in enumerate(point.figures):
            high = _HIGH * figure.count / top
            base -= high
            shape = Markup('<rect {} y="{}" height="{}" {}/>').format(
                pen.box(_middle(pen, number) - width / 2, width), f"{base:g}", f"{high:g}",
                pen.paint(at),
            )  # fmt: skip
            parts.append(_linked(pen, point, at, shape))
    return Markup("").join(parts), _HIGH + 44


def _line(pen: _Pen) -> tuple[Markup, int]:
    points = pen.chart.points
    top = _ceiling(max(figure.count for point in points for figure in point.figures))
    parts = list(_frame(pen, top))
    for at in range(len(points[0].figures)):
        spots = [
            (pen.at(_middle(pen, number)), f"{16 + _HIGH - _HIGH * p.figures[at].count / top:g}")
            for number, p in enumerate(points)
        ]
        for (x1, y1), (x2, y2) in itertools.pairwise(spots):
            parts.append(
                Markup('<line class="chart-line chart-dash-{}" x1="{}" y1="{}" x2="{}" y2="{}"/>')
                .format(at, x1, y1, x2, y2)
            )  # fmt: skip
        for point, (x, y) in zip(points, spots, strict=True):
            dot = Markup(
                '<circle class="chart-near" cx="{0}" cy="{1}" r="12"/>'
                '<circle class="chart-tone-{2}" cx="{0}" cy="{1}" r="4"/>'
            ).format(x, y, at)
            parts.append(_linked(pen, point, at, dot))
    return Markup("").join(parts), _HIGH + 44


_DRAWN: Final = {Shape.BARS: _bars, Shape.COLUMNS: _columns, Shape.LINE: _line}
# Strokes over the colour of a series, in a square of eight: black on white they still differ.
_STROKES: Final = ("", "M0 8L8 0", "M0 4H8", "M0 0L8 8M0 8L8 0", "M4 0V8", "M2 2H4V4H2Z")


def _patterns(pen: _Pen) -> Markup:
    one = Markup(
        '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect class="chart-tone-{}" width="8" height="8"/><path class="chart-stroke" d="{}"/>'
        "</pattern>"
    )
    found = (one.format(pen.chart.key, at, at, _STROKES[at]) for at in range(len(pen.chart.series)))
    return Markup("<defs>{}</defs>").format(Markup("").join(found)) if pen.chart.series else (
        Markup("")
    )  # fmt: skip


def _legend(pen: _Pen) -> Markup:
    if not pen.chart.series:
        return Markup("")
    mark = Markup('<rect width="24" height="14" fill="url(#{}-{})"/>')
    if pen.chart.shape is Shape.LINE:
        mark = Markup('<line class="chart-line chart-dash-{1}" x1="0" x2="24" y1="7" y2="7"/>')
    items = (
        Markup('<li><svg width="24" height="14" aria-hidden="true">{}</svg>{}</li>').format(
            mark.format(pen.chart.key, at), name
        )
        for at, name in enumerate(pen.chart.series)
    )
    return Markup('<ul class="chart-legend">{}</ul>').format(Markup("").join(items))


def number(figure: Figure, voice: Voice) -> Markup:
    """A figure as a link to the list that it counts."""
    said = (
        voice.t("page.more_than", count=figure.count) if figure.more else ltr(f"{figure.count:,}")
    )
    title = Markup(' title="{}"').format(voice.t(figure.definition)) if figure.definition else ""
    if not figure.address:
        return Markup("<span{}>{}</span>").format(title, said)
    return Markup('<a href="{}"{}>{}</a>').format(figure.address, title, said)


def _twin(pen: _Pen) -> Markup:
    """The same as a table: what the picture shows can be read, and reached by keys."""
    chart, cell = pen.chart, Markup('<td class="num">{}</td>')
    head = Markup("").join(
        Markup('<th scope="col" class="num">{}</th>').format(name)
        for name in chart.series or (pen.voice.t("chart.count"),)
    )
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            Markup("<bdi>{}</bdi>").format(said(point.label)),
            Markup("").join(cell.format(number(f, pen.voice)) for f in point.figures),
        )
        for point in chart.points
    )
    return Markup(
        '<details class="more chart-twin"><summary>{}</summary><table class="data"><thead><tr>'
        '<th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></details>'
    ).format(pen.voice.t("chart.twin"), chart.heading, head, rows)


def spark(title: str, figures: Sequence[Figure], voice: Voice) -> Markup:
    """A line as small as a word: how the numbers went, the newest marked and said."""
    if not figures:
        return Markup("")
    top = max(1, *(figure.count for figure in figures))
    step = 88 / max(len(figures) - 1, 1)
    mirrored = voice.language in RIGHT_TO_LEFT
    spots = [
        (92 - 88 + at * step if not mirrored else 92 - at * step, 20 - 16 * figure.count / top)
        for at, figure in enumerate(figures)
    ]
    x, y = spots[-1]
    said = f"{title}: {', '.join(str(figure.count) for figure in figures)}"
    return Markup(
        '<svg class="spark" role="img" width="96" height="24"><title>{}</title>'
        '<polyline class="chart-line" points="{}"/>'
        '<circle class="chart-dot" cx="{:g}" cy="{:g}" r="3"/></svg>'
    ).format(said, " ".join(f"{a:g},{b:g}" for a, b in spots), x, y)
