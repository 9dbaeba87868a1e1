"""The coordination line or area: where it runs, from when until when, who must be told on which
side before somebody comes there, and what its owner proposes that all agree to.

It is put to the parties that hold it in a circle, as a protected site is (docs/adr/0050): each says
for itself that it agrees, or why it does not. What was agreed to is what the line said then: where
it runs elsewhere, at another time or on other terms, every answer is of the older line.
"""

from typing import Final

from tansiq.domain.bounds import BOUNDS
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
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Phase, Tab, View
from tansiq.domain.operations.windows import check_windows, over_at
from tansiq.domain.parties import WATCH, Relation
from tansiq.domain.records import Body

DRAFTED, PUT_TO, LIFTED = "line_drafted", "line_put", "line_lifted"
STANDING: Final = (DRAFTED, PUT_TO)
PUT, AGREE, DECLINE = "put_line", "agree_line", "decline_line"
DECLINED_FOR: Final = ("runs_elsewhere", "other_times", "other_terms", "not_ours")
STATED: Final = "stated"  # since when the line says what it says: what an answer is of
_TERMS: Final = ("code", "area", "begins", "until", "told_there", "terms")
_ASKED: Final = frozenset({Relation.ADDRESSEE})

CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=(),
    acts=(
        Fact(
            name=PUT, by=OWNER, roles=WATCH, checked=True,
            values=(Value(name="seats", form=Form.SEATS), Value(name=STATED, form=Form.MOMENT)),
        ),
        Fact(name=AGREE, by=SEAT, roles=WATCH, relations=_ASKED, checked=True),
        Fact(
            name=DECLINE, by=SEAT, roles=WATCH, relations=_ASKED, checked=True,
            values=(Value(name="declined_for", choices=frozenset(DECLINED_FOR)),),
        ),
    ),
    rounds=Rounds(opens=PUT, answers=frozenset({AGREE, DECLINE})),
    asked=Relation.ADDRESSEE,
)  # fmt: skip


def kept(before: Body, after: Body) -> Body:
    """The body of the next edition: what nobody was asked about is not what was answered."""
    same = all(before.get(name) == after.get(name) for name in _TERMS)
    return after if same else {name: value for name, value in after.items() if name != STATED}


def stands(body: Body, state: str) -> str:
    """In which state an edition stands: what was not put to anybody is drafted."""
    return DRAFTED if state in STANDING and not body.get(STATED) else state


def _over(body: Body) -> int:
    """When it is over; what does not say so is not over."""
    found = over_at(body)
    return BOUNDS.moment_max if found is None else found


COORDINATION_LINE: Final = Kind(
    name="coordination_line",
    version=1,
    letter="CL",
    fields=(
        Field(name="code", type=Type.LINE, required=True, searchable=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="area", type=Type.AREA, required=True, searchable=True),
        Field(name="begins", type=Type.MOMENT, required=True),
        Field(name="until", type=Type.MOMENT, required=True),
        Field(name="told_there", type=Type.ROWS, required=True, searchable=True, columns=(
            Field(name="party", type=Type.PARTY),
            Field(name="by_position", type=Type.LINE, searchable=True),
        )),
        Field(name="terms", type=Type.TEXT, required=True, searchable=True),
        Field(name=STATED, type=Type.MOMENT, hidden=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=(DRAFTED, PUT_TO, LIFTED),
    transitions=(
        # Only ``desk.operations.lines`` takes it, together with the round.
        Transition(
            name=PUT, sources=frozenset({DRAFTED}), target=PUT_TO, needs=(STATED,), asks=(STATED,),
            within=True,
        ),
        Transition(name="lift_line", sources=frozenset(STANDING), target=LIFTED),
    ),
    place="area",
    inbox=False,  # it waits for whom a round names
    due="begins",
    ends="until",
    over=_over,
    occupies=frozenset(STANDING),
    whole=check_windows,
    keeps=kept,
    stands=stands,
    case=CASE,
    tones=((DRAFTED, "warn"), (PUT_TO, "ok"), (LIFTED, "bad")),
    listing=Listing(
        columns=("reference", ("text", "code"), ("begins", "until"), "area", "owner", "state"),
        tabs=(
            Tab(name="lines_now", states=STANDING, phase=Phase.NOW),
            Tab(name="coming", states=STANDING, phase=Phase.COMING),
            Tab(name="ended", states=(*STANDING, LIFTED), phase=Phase.ENDED),
            ALL,
        ),
        views=(View.LIST, View.CALENDAR, View.TIMELINE, View.MAP),
        ended=frozenset(STANDING),
    ),
)  # fmt: skip
