"""The meeting: how two open plans of two parties that meet are resolved, in a lane between the two.

The party whose code comes first opens it and names both activities as each was released to the
other. One side proposes, by time, by space, by both or by a contact plan; it is resolved once the
other has agreed to just that, and nobody's silence is consent. Whoever changes place, time or
height of its own activity otherwise than was agreed ends the meeting by the same act.
"""

from functools import partial
from typing import Final

from tansiq.domain.cases import (
    BOTH,
    OWNER,
    SEAT,
    Clock,
    Decision,
    Declaration,
    Due,
    Form,
    Shape,
    Side,
    Value,
    Weight,
    turn,
)
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.beside import words_beside
from tansiq.domain.kinds.bound import Bound
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.operations.agreeing import (
    AGREED,
    FIRST_PROPOSES,
    LAPSED,
    MOVERS,
    OTHER_PROPOSES,
    TO_RESOLVE,
    VOID,
    WAYS,
    WINDOWS,
    breaks,
    unsettled,
)
from tansiq.domain.parties import WATCH
from tansiq.domain.records import Body

HOUR: Final = 3_600_000
BEFORE: Final = 2 * HOUR  # so long before the earlier start it is to be resolved
OVERLAP, NEAR = "overlap", "near"
PROPOSE: Final = {Side.OWNER: "propose_first", Side.SEAT: "propose_other"}
PROPOSED: Final = {Side.OWNER: FIRST_PROPOSES, Side.SEAT: OTHER_PROPOSES}
WITHDRAW: Final = {Side.OWNER: "withdraw_first", Side.SEAT: "withdraw_other"}
AGREE: Final = {Side.OWNER: "agree_first", Side.SEAT: "agree_other"}
VOID_ACT: Final = "void"
_UNRESOLVED: Final = frozenset({TO_RESOLVE, FIRST_PROPOSES, OTHER_PROPOSES})
_STANDS: Final = _UNRESOLVED | {AGREED}
_WHY: Final = frozenset({"changed", "called_off", "recalled"})
_PROPOSAL: Final = (
    Value(name="way", choices=frozenset(WAYS)),
    Value(name="moves", required=False, choices=frozenset(MOVERS)),
    *(Value(name=name, form=Form.MOMENT, required=False) for name in WINDOWS),
    Value(name="call_at", form=Form.MOMENT, required=False),
    Value(name="call_seats", form=Form.SEATS, required=False),
)


def _proposes(side: Side, target: str) -> tuple[Decision, Decision]:
    """Who proposed takes that back before it proposes anew: so an agreement that crosses this is
    none, and nobody has agreed to what was meanwhile replaced.
    """
    by = frozenset({side})
    return (
        Decision(
            name=PROPOSE[side], by=by, sources=_UNRESOLVED - {target}, target=target, roles=WATCH,
            values=_PROPOSAL, beside="meeting_note", checked=True,
        ),
        Decision(
            name=WITHDRAW[side], by=by, sources=frozenset({target}), target=TO_RESOLVE,
            roles=WATCH, checked=True,
        ),
    )  # fmt: skip


CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=(TO_RESOLVE, FIRST_PROPOSES, OTHER_PROPOSES, AGREED, VOID, LAPSED),
    acts=(
        *_proposes(Side.OWNER, FIRST_PROPOSES),
        *_proposes(Side.SEAT, OTHER_PROPOSES),
        Decision(
            name=AGREE[Side.OWNER], by=OWNER, sources=frozenset({OTHER_PROPOSES}), target=AGREED,
            roles=WATCH, checked=True,
        ),
        Decision(
            name=AGREE[Side.SEAT], by=SEAT, sources=frozenset({FIRST_PROPOSES}), target=AGREED,
            roles=WATCH, checked=True,
        ),
        # From every stage: where both change at once, both have said so and it is void.
        Decision(
            name=VOID_ACT, by=BOTH, sources=_STANDS | {VOID, LAPSED}, target=VOID, roles=WATCH,
            weight=Weight.ENDING, values=(Value(name="why_void", choices=_WHY),), checked=True,
        ),
        Decision(
            name="lapse", by=OWNER, sources=_UNRESOLVED, target=LAPSED, weight=Weight.TIME_OUT
        ),
    ),
    # Nobody settles what two parties proposed at once: both stand there, and nothing is agreed.
    falls_to=TO_RESOLVE,
    clocks=(
        Clock(
            name="resolve_by", runs=_UNRESOLVED, due=Due.AT, value="resolve_by", rings=BOTH,
            act=PROPOSE[Side.OWNER],
        ),
        Clock(
            name="meeting_over", runs=_UNRESOLVED, due=Due.AT, value="first_over", rings=BOTH,
            act="lapse",
        ),
    ),
    turns={
        TO_RESOLVE: (*turn(Side.OWNER, PROPOSE[Side.OWNER]), *turn(Side.SEAT, PROPOSE[Side.SEAT])),
        FIRST_PROPOSES: turn(Side.SEAT, AGREE[Side.SEAT], PROPOSE[Side.SEAT]),
        OTHER_PROPOSES: turn(Side.OWNER, AGREE[Side.OWNER], PROPOSE[Side.OWNER]),
    },
    hastes=(Haste.URGENT,),
)  # fmt: skip


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    if body["about"] == body["other"]:
        raise InputError("meeting_of_one", field="other")


MEETING: Final = Kind(
    name="meeting",
    version=1,
    letter="MT",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True, hidden=True),
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="other", type=Type.RECORD, required=True, hidden=True),
        # As which release each of the two was read at the other side.
        Field(name="about_as", type=Type.STEP, required=True, hidden=True),
        Field(name="other_as", type=Type.STEP, required=True, hidden=True),
        Field(
            name="how", type=Type.CHOICE, choices=(OVERLAP, NEAR), required=True, hidden=True
        ),
        Field(name="metres_apart", type=Type.COUNT, hidden=True),
        Field(name="minutes_apart", type=Type.COUNT, hidden=True),
        Field(name="starts", type=Type.MOMENT, required=True, hidden=True),
        Field(name="resolve_by", type=Type.MOMENT, required=True, hidden=True),
        Field(name="first_over", type=Type.MOMENT, required=True, hidden=True),
        Field(
            name="seats", type=Type.SEATS, required=True, above=False, fixed=True, hidden=True
        ),
    ),
    writers=WATCH,
    final=True,
    about="about",
    inbox=False,  # it waits in its lane, for whose turn it is
    due="resolve_by",
    facets=(Facet(field="how"),),
    whole=_whole,
    case=CASE,
    bound=Bound(
        names=("about", "other"), act=VOID_ACT, stands=_STANDS, breaks=partial(breaks, CASE),
        unsettled=partial(unsettled, CASE),
    ),
    tones=(
        (TO_RESOLVE, "bad"), (FIRST_PROPOSES, "warn"), (OTHER_PROPOSES, "warn"), (AGREED, "ok"),
        (LAPSED, "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", ("text", "how"), "resolve_by", "starts", "owner", "moment", "state",
        ),
        tabs=(
            Tab(name="open", states=(TO_RESOLVE, FIRST_PROPOSES, OTHER_PROPOSES)),
            Tab(name="agreed", states=(AGREED,)),
            ALL,
        ),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE),
    ),
)  # fmt: skip

MEETING_NOTE: Final = words_beside("meeting_note", "MN")
