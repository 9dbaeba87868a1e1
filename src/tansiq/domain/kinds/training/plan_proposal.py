"""The proposal of dates: what a catch-up plan proposes to one other owner for that owner's cohorts.

It names the cohorts of the party that is asked and nobody else's: each owner has a record of its
own, and none learns of another. It is a case in a circle whose one seat answers for its party.
Dates that are accepted are moved by that party itself, in the transaction that says so
(``desk.training.accepting``); nobody moves another party's cohort.
"""

from typing import Final

from tansiq.domain.cases.declaration import (
    OWNER,
    SEAT,
    Declaration,
    Fact,
    Form,
    Rounds,
    Shape,
    Value,
)
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.training.catch_up import ROW
from tansiq.domain.kinds.training.course import MANAGERS
from tansiq.domain.parties import Relation
from tansiq.domain.training.problem import COHORTS_MAX

# Why an owner declines.
DECLINES: Final = frozenset({"no_room", "no_instructors", "own_plan", "too_early", "other"})
ACCEPT: Final = "accept_dates"
ASK: Final = "propose_dates"
_ANSWERS: Final = frozenset({Relation.ADDRESSEE})
_MOVES: Final = frozenset(
    {"code", "first_day", "last_day", "was_first", "was_last", "room", "held_up", "gained",
     "held_by"}
)  # fmt: skip

CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=("drawn_up", "dates_proposed", "dates_answered"),
    acts=(
        Fact(
            name=ASK, by=OWNER, roles=MANAGERS, values=(Value(name="seats", form=Form.SEATS),),
        ),
        Fact(
            name=ACCEPT, by=SEAT, roles=MANAGERS, relations=_ANSWERS, checked=True,
            values=(Value(name="dates_taken", form=Form.COUNT),),
        ),
        Fact(
            name="decline_dates", by=SEAT, roles=MANAGERS, relations=_ANSWERS,
            values=(Value(name="declines_because", choices=DECLINES),),
        ),
        Fact(name="end_proposal", by=OWNER, roles=MANAGERS),
    ),
    rounds=Rounds(
        opens=ASK, answers=frozenset({ACCEPT, "decline_dates"}), concludes="end_proposal",
    ),
    asked=Relation.ADDRESSEE,
)  # fmt: skip

PLAN_PROPOSAL: Final = Kind(
    name="plan_proposal",
    version=1,
    letter="YP",
    fields=(
        Field(name="part_of", type=Type.RECORD, above=False, fixed=True, hidden=True),
        Field(name="asks_owner", type=Type.PARTY, required=True, hidden=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="cohorts", type=Type.RECORDS, required=True, hidden=True, most=COHORTS_MAX),
        Field(name="moves", type=Type.ROWS, required=True, hidden=True, most=COHORTS_MAX,
              columns=tuple(column for column in ROW if column.name in _MOVES)),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    writers=MANAGERS,
    inbox=False,  # it waits for whom a round names
    facets=(Facet(field="asks_owner"),),
    case=CASE,
    tones=(("dates_proposed", "warn"), ("dates_answered", "ok")),
    listing=Listing(
        columns=("reference", "text", "asks_owner", "owner", "moment", "state"),
        tabs=(Tab(name="open", states=("drawn_up", "dates_proposed")), ALL),
        views=(View.LIST,),
    ),
)  # fmt: skip
