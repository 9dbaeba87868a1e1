"""The catch-up plan: when each own cohort is to be taught so that what was lost is made up for.

It keeps what it was made from and what came of it, so that several can be compared and anybody can
see later why one was chosen. Nothing moves by it until it is chosen (``desk.training.choosing``),
and then every cohort in it moves at once. It is its party's own: partners get the cohorts. What it
proposes to other owners goes to each in a record of its own (``plan_proposal``).
"""

from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, rows_in
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.training.course import MANAGERS
from tansiq.domain.records import Body
from tansiq.domain.training.problem import COHORTS_MAX, FACTORS, HOLIDAYS, RULES, WEEKS_MAX
from tansiq.domain.training.reasons import REASONS

PLANNERS: Final = ("solver", "plain")
SHIFTS: Final = ("one", "two")
# What a plan does with a cohort; what is left has no place in it and stays as it is.
OUTCOMES: Final = ("moved", "unchanged", "joined", "called_off", "left")
_SHARES: Final = tuple(f"share_{one}" for one in FACTORS)

SPELL: Final = (
    Field(name="from", type=Type.DATE),
    Field(name="until", type=Type.DATE),
    Field(name="share", type=Type.CHOICE, choices=_SHARES),
)
ROW: Final = (
    Field(name="code", type=Type.LINE),
    Field(name="first_day", type=Type.DATE),
    Field(name="last_day", type=Type.DATE),
    Field(name="was_first", type=Type.DATE),
    Field(name="was_last", type=Type.DATE),
    Field(name="room", type=Type.LINE),
    Field(name="outcome", type=Type.CHOICE, choices=OUTCOMES),
    Field(name="held_up", type=Type.CHOICE, choices=REASONS),
    Field(name="gained", type=Type.COUNT),
    Field(name="held_by", type=Type.LINE),
    Field(name="merged_into", type=Type.LINE),
)
# A row for a cohort of another owner: neither joined nor called off by a plan of ours.
PROPOSED: Final = (
    Field(name="owner", type=Type.PARTY),
    *(column for column in ROW if column.name != "merged_into"),
)


def share_of(code: object) -> int:
    """How many of a hundred such a choice stands for."""
    return FACTORS[_SHARES.index(str(code))]


def share_code(share: int) -> str:
    """The choice that stands for so many of a hundred."""
    return _SHARES[FACTORS.index(share)]


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    if not 1 <= int(str(body.get("weeks", 0))) <= WEEKS_MAX:
        raise InputError("plan_weeks", field="weeks", limit=WEEKS_MAX)
    for name in ("capacity", "holidays"):
        for row in rows_in(body, name):
            first, last = row.get("from"), row.get("until")
            if not first or not last or "share" not in row:
                raise InputError("plan_spell", field=name)
            if str(last) < str(first):
                raise InputError("plan_spell_order", field=name)


CATCH_UP: Final = Kind(
    name="catch_up",
    version=1,
    letter="Y",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="from", type=Type.DATE, required=True, hidden=True),
        Field(name="weeks", type=Type.COUNT, required=True, hidden=True),
        Field(name="rule", type=Type.CHOICE, choices=RULES, required=True, hidden=True),
        Field(name="shifts", type=Type.CHOICE, choices=SHIFTS, required=True, hidden=True),
        Field(name="capacity", type=Type.ROWS, columns=SPELL, hidden=True),
        Field(name="holidays", type=Type.ROWS, hidden=True, columns=(
            Field(name="holiday", type=Type.CHOICE, choices=HOLIDAYS), *SPELL,
            Field(name="estimate", type=Type.FLAG),
        )),
        Field(name="only", type=Type.LINE, searchable=True, hidden=True),
        Field(name="stay", type=Type.LINE, searchable=True, hidden=True),
        Field(name="give_up", type=Type.LINE, searchable=True, hidden=True),
        Field(name="merge", type=Type.FLAG, hidden=True),
        Field(name="others", type=Type.FLAG, hidden=True),
        Field(name="planner", type=Type.CHOICE, choices=PLANNERS, hidden=True),
        Field(name="results", type=Type.ROWS, columns=ROW, most=COHORTS_MAX, hidden=True),
        Field(name="proposed", type=Type.ROWS, columns=PROPOSED, most=COHORTS_MAX, hidden=True),
        Field(name="ends", type=Type.DATE, hidden=True),
        Field(name="late", type=Type.COUNT, hidden=True),
        Field(name="weighted", type=Type.COUNT, hidden=True),
        Field(name="bound", type=Type.COUNT, hidden=True),
        Field(name="reason", type=Type.TEXT, searchable=True, hidden=True),
        Field(name="decision", type=Type.LINE, searchable=True, hidden=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("proposed", "chosen", "dropped"),
    transitions=(
        Transition(
            name="choose_plan", sources=frozenset({"proposed"}), target="chosen", roles=MANAGERS,
            needs=("reason",), asks=("reason", "decision"), within=True,
        ),
        Transition(
            name="drop_plan", sources=frozenset({"proposed"}), target="dropped", roles=MANAGERS,
        ),
    ),
    writers=MANAGERS,
    inner=True,
    inbox=False,
    due="ends",
    whole=_whole,
    tones=(("chosen", "ok"), ("dropped", "warn")),
    listing=Listing(
        columns=("reference", "text", "from", "rule", "shifts", "ends", "late", "planner",
                 "state"),
        tabs=(ALL, Tab(name="proposed", states=("proposed",))),
        views=(View.LIST,),
    ),
)  # fmt: skip
