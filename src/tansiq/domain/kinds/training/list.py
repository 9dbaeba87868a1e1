"""The list of courses as a workbook: one row for each, known by its code."""

from typing import Final

from tansiq.domain.kinds.training.course import COURSE
from tansiq.domain.records import Body
from tansiq.domain.sheets import Sheet, Values

ROWS_MAX: Final = 500
_NAMES: Final = (
    "code", "text", "title_en", "title_ar", "title_ckb", "family", "subject", "objectives", "days",
    "language", "on_line", "size_min", "size_max", "needs", "certificate_months", "internal",
)  # fmt: skip
_TITLES: Final = ("title_ckb", "title_ar", "title_en")


def _into(values: Values, old: Body) -> Body:
    body = {**old, **values}
    if not body.get("text"):
        body["text"] = next((values[name] for name in _TITLES if name in values), "")
    return body


def _out(body: Body) -> Values:
    """The values of a row; a note below the tear line comes in with a file, and never goes out."""
    return {name: body[name] for name in _NAMES if name in body and name != "internal"}


COURSES: Final = Sheet(
    kind=COURSE,
    columns=tuple(COURSE.field(name) for name in _NAMES),
    required=("code", "family", "subject", "days"),
    into=_into,
    out=_out,
    rows_max=ROWS_MAX,
)
