"""The list of reform projects as ministries keep it in a workbook: one row for each, known by its
code, with the money of its one source.

What is worked out here, or changes by steps with their reason (state, light, progress, evidence),
is no column: a file that has it too is read without it.
"""

from typing import Final

from tansiq.domain.fields import Field, Type, rows_in
from tansiq.domain.kinds.reform.project import PROJECT, SOURCES, needed_codes
from tansiq.domain.measures import CURRENCIES
from tansiq.domain.records import Body
from tansiq.domain.sheets import Sheet, Values

ROWS_MAX: Final = 500
_GROUP: Final = "group"  # whoever leads pays
_PLAIN: Final[tuple[str, ...]] = (
    "code", "text", "title_en", "title_ar", "title_ckb", "workstream", "lead", "start",
    "baseline_end", "forecast_end", "depends_on", "objective", "responsible", "sustained_by",
    "received_by",
)  # fmt: skip
_MONEY: Final = (
    Field(name="source", type=Type.CHOICE, choices=(*SOURCES, _GROUP)),
    Field(name="planned", type=Type.MONEY, choices=tuple(CURRENCIES)),
    Field(name="spent", type=Type.MONEY, choices=tuple(CURRENCIES)),
)
_TITLES: Final = ("title_ckb", "title_ar", "title_en")


def _into(values: Values, old: Body) -> Body:
    """What the project says then. Where it has several sources of money already, that of a file
    which knows one is not taken.
    """
    body = {**old, **{name: values[name] for name in (*_PLAIN, "internal") if name in values}}
    if "depends_on" in values:
        body["depends_on"] = ", ".join(needed_codes(body))
    if not body.get("text"):
        body["text"] = next((values[name] for name in _TITLES if name in values), "")
    known = rows_in(old, "budget")
    if len(known) <= 1 and {"planned", "spent", "source"} & values.keys():
        row = dict(known[0]) if known else {}
        row |= {one.name: values[one.name] for one in _MONEY if one.name in values}
        if row.get("source") == _GROUP:
            row["source"] = body.get("lead", "others")
        body["budget"] = [{one.name: row[one.name] for one in _MONEY if one.name in row}]
    return body


def _out(body: Body) -> Values:
    """The values of a row; a note below the tear line comes in with a file, and never goes out."""
    values: Values = {name: body[name] for name in _PLAIN if name in body}
    budget = rows_in(body, "budget")
    return {**values, **budget[0]} if len(budget) == 1 else values


PROJECTS: Final = Sheet(
    kind=PROJECT,
    columns=(*(PROJECT.field(name) for name in _PLAIN), *_MONEY, PROJECT.field("internal")),
    required=("code", "workstream"),
    into=_into,
    out=_out,
    rows_max=ROWS_MAX,
)
