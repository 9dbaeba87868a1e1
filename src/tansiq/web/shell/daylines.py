"""What pictures along a line of days share: rooms draw projects and cohorts with it, one to a row.

Lengths are shares of the width, mirrored for who reads from right to left, time too. Nothing here
carries a style; ``static/app.css`` has the classes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from tansiq.domain.days import days_between
from tansiq.web.shell.charts import Pen

ROW: Final = 26  # the height of one row, in pixels
TOP: Final = 26
LEAST: Final = 0.3  # the share of the width of a single day
_LABEL: Final = 14.0  # the share of the width for codes of the usual length
_LABEL_MOST: Final = 30.0
_LETTER: Final = 3.0  # the share that one more letter of a code wants on a telephone
_END: Final = 98.0
_BELOW: Final = 8


def room_for(codes: Iterable[str]) -> float:
    """The share of the width that these codes want before the bars."""
    return min(max(_LETTER * max(map(len, codes), default=0), _LABEL), _LABEL_MOST)


@dataclass(frozen=True, slots=True)
class DayPen(Pen):
    """The pen with the first and the last day (YYYY-MM-DD) that it draws, over so many rows, behind
    a ``label`` of a share of the width.
    """

    first: str
    last: str
    rows: int
    label: float = _LABEL

    @property
    def high(self) -> int:
        """How high the picture is, in pixels."""
        return TOP + ROW * self.rows + _BELOW

    def along(self, day: str) -> float:
        """How far a day stands from where reading begins."""
        whole = max(1, days_between(self.first, self.last))
        return (
            self.label
            + (_END - self.label) * min(max(days_between(self.first, day), 0), whole) / whole
        )

    def span(self, first: str, last: str, least: float = LEAST) -> Markup:
        """Left edge and width of a bar from one day to another."""
        start = self.along(first)
        return self.box(start, max(least, self.along(last) - start))

    def shows(self, day: str) -> bool:
        """Whether that day is in the picture."""
        return self.first <= day <= self.last

    def rule(self, day: str, label: object) -> Markup:
        """A line through all rows at a day, with its label above."""
        return Markup(
            '<line class="chart-rule" x1="{0}" x2="{0}" y1="18" y2="{1}"/>'
            '<text class="chart-scale" x="{0}" y="14" text-anchor="middle">{2}</text>'
        ).format(self.at(self.along(day)), self.high, self.code(label))

    def now(self, today: str, word: str) -> Markup:
        """A line through all rows at the day that is today."""
        return Markup(
            '<line class="gantt-now" x1="{0}" x2="{0}" y1="18" y2="{1}"><title>{2}</title></line>'
        ).format(self.at(self.along(today)), self.high, word)

    def frame(self, parts: Iterable[Markup], word: str, role: str = "group") -> Markup:
        """The picture of these parts, with the word by which it is read aloud."""
        return Markup(
            '<svg class="gantt" role="{}" aria-label="{}" width="100%" height="{}"'
            ' direction="{}">{}</svg>'
        ).format(
            role, word, self.high, "rtl" if self.mirrored else "ltr", Markup("").join(parts)
        )  # fmt: skip
