"""What a support request and an offer of support say in the same words: the sort of support, how
much of it, supplies line by line, and what of one's own air cover is to watch over.

No field names anything that moves and is not one's own, a weapon or a target. Class V and weapons
are in no list, and a name that somebody writes for what is in none is looked through for them.
"""

from typing import Any, Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, rows_in
from tansiq.domain.kinds.support import supplies
from tansiq.domain.parties import WATCH, Role
from tansiq.domain.records import Body

SORTS: Final = (
    "information", "advice", "training", "medical", "engineering", "transport", "communications",
    "translation", "escort", "supplies", "air_cover", "other",
)  # fmt: skip
_PLAIN: Final = tuple(one for one in SORTS if one not in ("supplies", "air_cover"))
WATCHED: Final = ("movement", "evacuation", "road", "fire", "flood", "site")
LINES_MAX: Final = 20  # a receipt says two numbers of each, in one step
# Whose positions ask for support, offer it and answer for it.
DESKS: Final = WATCH | {Role.SUPPORT_DESK, Role.ADVISER}
_LINE: Final = (
    Field(name="item", type=Type.CHOICE, choices=supplies.CODES, further=supplies.OWN),
    Field(name="unit", type=Type.CHOICE, choices=supplies.UNITS),
    Field(name="count", type=Type.COUNT),
    Field(name="named", type=Type.LINE, searchable=True),
)
SUBSTITUTE: Final = Field(name="substitute", type=Type.FLAG)  # only who asks says so
SORT: Final = Field(name="sort", type=Type.CHOICE, choices=SORTS, required=True)


def much(*further: Field) -> tuple[Field, ...]:
    """How much, which supplies, and what is watched over: each is asked for where the sort has it.
    ``further`` are columns of the lines beside those that both kinds have.
    """
    return (
        Field(name="amount", type=Type.AMOUNT, when=("sort", *_PLAIN),
              choices=("person", "vehicle", "set", "piece", "hour", "day", "week", "month")),
        Field(name="lasting", type=Type.AMOUNT, choices=("hour", "day", "week", "month"),
              when=("sort", *_PLAIN, "air_cover")),
        Field(name="lines", type=Type.ROWS, columns=(*_LINE, *further), searchable=True,
              when=("sort", "supplies")),
        Field(name="watched", type=Type.CHOICE, choices=WATCHED, when=("sort", "air_cover")),
    )  # fmt: skip


def demand_whole(body: Body) -> None:
    """What these fields tell only together. Raises InputError that names the field."""
    sort, rows = body.get("sort"), lines_of(body)
    if (sort == "air_cover") != ("watched" in body):
        raise InputError("air_cover_watched", field="watched")
    if sort == "supplies" and not rows:
        raise InputError("supplies_lines", field="lines")
    if any(not {"item", "unit", "count"} <= row.keys() for row in rows):
        raise InputError("line_whole", field="lines")
    if any(not supplies.fits(row["item"], row["unit"]) for row in rows):
        raise InputError("line_unit", field="lines")
    if len({(row["item"], row["unit"]) for row in rows}) < len(rows):
        raise InputError("line_twice", field="lines")
    if len(rows) > LINES_MAX:
        raise InputError("rows_many", field="lines", limit=LINES_MAX)
    for row in rows:
        if arms := supplies.arms_in(str(row.get("named", ""))):
            raise InputError("catalogue_arms", field="lines", value=arms)


def lines_of(body: Body) -> list[dict[str, Any]]:
    """The rows of supplies of a body."""
    return rows_in(body, "lines")


def same_terms(body: Body) -> Body:
    """What of a body another one says in the same words."""
    shared = ("sort", "place", "amount", "lasting", "watched")
    found = {name: body[name] for name in shared if name in body}
    names = [column.name for column in _LINE]
    rows = [{name: row[name] for name in names if name in row} for row in lines_of(body)]
    return found | ({"lines": rows} if rows else {})
