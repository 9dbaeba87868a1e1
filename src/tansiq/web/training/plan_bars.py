"""The cohorts of a catch-up plan along a line of time, drawn on the server: each as a bar in the
plan, with the dates before as a pale one above it.

Lengths are shares of the width, mirrored for who reads from right to left, time too. Nothing here
carries a style; ``static/app.css`` has the classes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from tansiq.web.shell.cells import Voice
from tansiq.web.shell.daylines import ROW, TOP, DayPen, room_for

Row = Mapping[str, Any]

_TICKS_MAX: Final = 4  # so many stand apart on a telephone
_TICK_END: Final = 95.0  # beyond this share of the width a label is cut
_MONTHS: Final = 12
_DAYS: Final = ("was_first", "was_last", "first_day", "last_day")


def plan_bars(rows: Sequence[Row], said: Voice, today: str, beside: Sequence[Row] = ()) -> Markup:
    """The picture; nothing where no cohort has dates. It is as long as the rows of the plans that
    stand ``beside`` it want.
    """
    known = [row for row in rows if "first_day" in row]
    if not known:
        return Markup("")
    days = [row[name] for row in (*rows, *beside) for name in _DAYS if name in row]
    label = room_for(str(row["code"]) for row in (*rows, *beside))
    pen = DayPen(said, min(days), max(days), len(known), label)
    return pen.frame(
        (
            *_months(pen),
            *(_bar(pen, TOP + number * ROW, row) for number, row in enumerate(known)),
            *([pen.now(today, said.t("reform.today"))] if pen.shows(today) else []),
        ),
        said.t("plan.bars"),
        role="img",
    )


def _months(pen: DayPen) -> Iterator[Markup]:
    """The first days of months, so many that they stand apart."""
    first, last = (int(day[:4]) * _MONTHS + int(day[5:7]) for day in (pen.first, pen.last))
    every = max(1, -(-(last - first) // _TICKS_MAX))
    for month in range(first, last, every):
        year, number = divmod(month, _MONTHS)
        day = f"{year}-{number + 1:02}-01"
        if pen.along(day) <= _TICK_END:
            yield pen.rule(day, day[:7])


def _bar(pen: DayPen, y: int, row: Row) -> Markup:
    was = Markup("")
    if "was_first" in row and "was_last" in row:
        was = Markup('<rect class="gantt-plan" {} y="{}" height="4"/>').format(
            pen.span(row["was_first"], row["was_last"]), y + 2
        )
    spoken = f"{row['code']}: {row['first_day']} – {row['last_day']}"
    return Markup(
        '<g><title>{}</title><text x="{}" y="{}">{}</text>{}'
        '<rect class="gantt-{}" {} y="{}" height="9"/></g>'
    ).format(
        pen.code(spoken), pen.at(0), y + 15, pen.code(row["code"]), was,
        "green" if row["outcome"] == "unchanged" else "amber",
        pen.span(row["first_day"], row["last_day"]), y + 8,
    )  # fmt: skip
