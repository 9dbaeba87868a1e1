"""The support request: the effect that a party needs, and a lane for each seat that may provide it.

What is asked for is the effect and not the asset: how it is brought about is the provider's to
choose. Air cover names which *own* movement, evacuation, road, fire, flood or site is to be watched
over; no field names anything that moves and is not one's own, a weapon or a target. Two that are
asked never learn of one another. Only the requester's receipt closes a lane.
"""

from typing import Final

from tansiq.domain.cases import (
    BOTH,
    OWNER,
    SEAT,
    Clock,
    Column,
    Decision,
    Declaration,
    Due,
    Fact,
    Form,
    Line,
    Quantity,
    Ruling,
    Shape,
    Side,
    Value,
    Weight,
    turn,
)
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Wanted
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.support import supplies
from tansiq.domain.kinds.support.terms import (
    DESKS,
    SORT,
    SUBSTITUTE,
    demand_whole,
    lines_of,
    much,
    same_terms,
)
from tansiq.domain.parties import Relation
from tansiq.domain.records import Body

MINUTE: Final = 60_000
_NEAR: Final = 2_500_000  # a quarter of a degree
HOUR: Final = 60 * MINUTE
PRIORITIES: Final = ("flash", "urgent", "priority", "routine")
# How long a provider has for its decision; routine is five working days.
DECIDED_WITHIN: Final = (30 * MINUTE, 4 * HOUR, 24 * HOUR, 7 * 24 * HOUR)
REASONS: Final = frozenset({"not_available", "not_ours", "no_funds", "not_releasable", "other"})
LACKS: Final = frozenset({"need", "place", "count", "time", "contact", "other"})
HELD_UP: Final = frozenset(
    {"customs", "road", "weather", "pandemic", "funds", "stock", "security", "other"}
)
MET: Final = frozenset({"whole", "partly", "not_met"})

_NEW: Final = ("sent", "received")
_GIVEN: Final = ("approved", "partly_approved", "preparing", "under_way", "partly_delivered")
_OPEN: Final = (*_NEW, "returned", "offered", *_GIVEN, "on_hold", "delivered")
_STAGES: Final = (*_OPEN, "closed", "rejected", "withdrawn", "lapsed", "cancelled")
# To say that it came is for any of them; to decide for the seat is for these.
_DECIDES: Final = frozenset({Relation.PROVIDER, Relation.DEPUTY, Relation.LEAD})
_WORDS: Final = "support_note"  # the record in which somebody says more than the step does
_EXPECTED: Final = Value(name="expected", form=Form.MOMENT, required=False)


def _set(*stages: str) -> frozenset[str]:
    return frozenset(stages)


def _provider(
    name: str, target: str, sources: frozenset[str], *values: Value, words: bool = True
) -> Decision:
    """What the seat decides that may provide it."""
    relations = frozenset[Relation]() if name == "receive" else _DECIDES
    return Decision(
        name=name, by=SEAT, sources=sources, target=target, values=values, roles=DESKS,
        relations=relations, beside=_WORDS if words else "",
    )  # fmt: skip


def _requester(name: str, target: str, *sources: str, values: tuple[Value, ...] = ()) -> Decision:
    return Decision(
        name=name, by=OWNER, sources=frozenset(sources), target=target, roles=DESKS,
        values=values, beside=_WORDS,
    )  # fmt: skip


def _counts(name: str, by: frozenset[Side], *then: str, values: tuple[Value, ...] = ()) -> Fact:
    """What counts lines of the request, and what may be decided by the same key."""
    return Fact(
        name=name, by=by, roles=DESKS, lines=True, then=then, values=values,
        relations=_DECIDES if by == SEAT else frozenset(),
    )  # fmt: skip


def _why_not(choices: frozenset[str]) -> Value:
    return Value(name="why_not", choices=choices)


_TAKES: Final = _set(*_NEW, "offered")

CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=_STAGES,
    acts=(
        _provider("receive", "received", _set("sent"), words=False),
        _provider("approve", "approved", _TAKES, _EXPECTED),
        _provider("approve_partly", "partly_approved", _TAKES, _EXPECTED),
        _provider("offer", "offered", _set(*_NEW), _EXPECTED),
        _provider(
            "return_it", "returned", _set(*_NEW), Value(name="lacks", choices=LACKS)
        ),
        _provider("reject", "rejected", _set(*_NEW, "offered"), _why_not(REASONS)),
        _provider("prepare", "preparing", _set("approved", "partly_approved"), _EXPECTED),
        _provider("set_out", "under_way", _set("approved", "partly_approved", "preparing"),
                  _EXPECTED),
        _provider("hold", "on_hold", _set(*_GIVEN), Value(name="held_up", choices=HELD_UP)),
        _provider("go_on", "preparing", _set("on_hold"), _EXPECTED),
        _provider("deliver_partly", "partly_delivered",
                  _set("preparing", "under_way", "partly_delivered", "approved",
                       "partly_approved"), _EXPECTED),
        _provider("deliver", "delivered", _set(*_GIVEN)),
        Decision(
            name="withdraw", by=SEAT, target="withdrawn", roles=DESKS, relations=_DECIDES,
            sources=_set("offered", *_GIVEN, "on_hold"), weight=Weight.ENDING, beside=_WORDS,
            values=(_why_not(REASONS),),
        ),
        _requester("complete", "received", "returned"),
        _requester("take_offer", "approved", "offered"),
        _requester("leave_offer", "cancelled", "offered"),
        _requester("not_all_came", "preparing", "delivered"),
        _requester(
            "confirm_receipt", "closed", "delivered", "partly_delivered",
            values=(Value(name="met", choices=MET),),
        ),
        Decision(
            name="cancel", by=OWNER, target="cancelled", roles=DESKS, weight=Weight.ENDING,
            sources=_set(*_NEW, "returned", "offered", *_GIVEN, "on_hold"),
        ),
        Decision(
            name="expire", by=OWNER, target="lapsed", weight=Weight.TIME_OUT,
            sources=_set(*_NEW, "returned", "offered"),
        ),
        _counts("allot", SEAT, "approve", "approve_partly"),
        _counts("refuse_lines", SEAT),
        _counts("give_back", SEAT),
        _counts("dispatch", SEAT, "deliver_partly", "deliver", "set_out", values=(_EXPECTED,)),
        _counts("cancel_lines", OWNER),
        _counts("receipt", OWNER, "confirm_receipt", "not_all_came",
               values=(Value(name="met", choices=MET, required=False),)),
        Ruling(name="settle"),
        Ruling(name="refuse"),
    ),
    settle="settle",
    refuse="refuse",
    quantities=(
        Quantity(act="allot", column=Column.ALLOTTED),
        Quantity(act="refuse_lines", column=Column.REFUSED),
        Quantity(act="give_back", column=Column.GIVEN_BACK),
        Quantity(act="dispatch", column=Column.SENT),
        Quantity(act="cancel_lines", column=Column.CANCELLED),
        Quantity(act="receipt", column=Column.RECEIVED),
    ),
    clocks=(
        Clock(
            name="receipt", runs=_set("sent"), due=Due.LASTING, value="priority",
            lasting_by=(5 * MINUTE, 15 * MINUTE, HOUR, 24 * HOUR), rings=SEAT, act="receive",
        ),
        Clock(
            name="decision", runs=_set(*_NEW), still=_set("returned"), due=Due.LASTING,
            value="priority", lasting_by=DECIDED_WITHIN, rings=BOTH, act="approve",
        ),
        Clock(
            name="needed", runs=_set(*_GIVEN, "on_hold"), due=Due.AT, value="needed_by",
            rings=BOTH, act="deliver",
        ),
        Clock(
            name="goods_receipt", runs=_set("delivered"), due=Due.LASTING, lasting_ms=72 * HOUR,
            rings=BOTH, act="confirm_receipt",
        ),
        Clock(
            name="too_late", runs=_set(*_NEW, "returned", "offered"), due=Due.AT,
            value="needed_by", rings=BOTH, act="expire",
        ),
    ),
    turns={
        "sent": turn(Side.SEAT, "receive", "approve"),
        "received": turn(Side.SEAT, "approve", "approve_partly", "offer", "return_it", "reject"),
        "returned": turn(Side.OWNER, "complete"),
        "offered": turn(Side.OWNER, "take_offer", "leave_offer"),
        "approved": turn(Side.SEAT, "prepare", "dispatch"),
        "partly_approved": turn(Side.SEAT, "prepare", "dispatch"),
        "preparing": turn(Side.SEAT, "dispatch", "deliver"),
        "under_way": turn(Side.SEAT, "deliver"),
        "partly_delivered": (*turn(Side.SEAT, "dispatch"), *turn(Side.OWNER, "receipt")),
        "on_hold": turn(Side.SEAT, "go_on"),
        "delivered": turn(Side.OWNER, "receipt", "confirm_receipt"),
    },
    coarse={stage: "open" if stage in _OPEN else "done" for stage in _STAGES},
    asked=Relation.PROVIDER,
    promises=frozenset({"approve", "approve_partly", "offer", "allot"}),
    inward_ms=DECIDED_WITHIN,
    hurry="priority",
    hastes=(Haste.FLASH, Haste.URGENT, Haste.ROUTINE, Haste.ROUTINE),
)  # fmt: skip


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    demand_whole(body)
    if body.get("priority") in ("flash", "urgent") and not body.get("reason"):
        raise InputError("priority_reason", field="reason")


def _lines_asked(body: Body) -> dict[Line, Wanted]:
    """What a body asks for; of a partner's, the rows that say enough to be counted."""
    return {
        Line(row["item"], row["unit"]): Wanted(
            row["count"], row.get("named", ""), supplies.pack(row["item"], row["unit"])
        )
        for row in lines_of(body)
        if {"item", "unit", "count"} <= row.keys()
    }


def _resembles(body: Body, other: Body) -> bool:
    """Whether two may be one need: about the same place, the same item or the same kind of support.
    What is asked for is told apart by items where both name some.
    """
    if not _near(body.get("place"), other.get("place")):
        return False
    items, others = ({row.get("item") for row in lines_of(one)} for one in (body, other))
    named = (items & others) - {supplies.OTHER, None}
    if items and others:
        return bool(named)
    return body.get("sort") == other.get("sort")


def _near(place: object, other: object) -> bool:
    """Whether two places lie within some 25 km, or are one town; a withheld one is nowhere."""
    if not isinstance(place, dict) or not isinstance(other, dict):
        return False
    if place["key"] and place["key"] == other["key"]:
        return True
    apart = [
        abs(here - there)
        for here, there in ((place.get(axis), other.get(axis)) for axis in ("lat", "lon"))
        if isinstance(here, int) and isinstance(there, int)
    ]
    return len(apart) == len(("lat", "lon")) and max(apart) <= _NEAR


SUPPORT: Final = Kind(
    name="support",
    version=1,
    letter="S",
    fields=(
        SORT,
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="place", type=Type.PLACE, required=True, searchable=True),
        Field(name="needed_by", type=Type.MOMENT, required=True),
        Field(name="priority", type=Type.CHOICE, choices=PRIORITIES, required=True),
        Field(name="reason", type=Type.TEXT, searchable=True),
        Field(name="seats", type=Type.SEATS, required=True, above=False, fixed=True),
        *much(SUBSTITUTE),
        Field(name="tried", type=Type.TEXT, searchable=True, rare=True),
        Field(name="contact", type=Type.LINE, searchable=True, rare=True),
        Field(name="for", type=Type.LINE, searchable=True, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="same_need", type=Type.RECORDS, above=False, fixed=True, hidden=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    writers=DESKS,
    place="place",
    about="about",
    inbox=False,  # it waits lane by lane, for whose turn it is
    due="needed_by",
    facets=(Facet(field="priority"), Facet(field="sort"), Facet(field="place")),
    whole=_whole,
    lines=_lines_asked,
    resembles=_resembles,
    hurry="priority",
    case=CASE,
    settled=("sort", "watched"),
    promised=("lines", "amount", "lasting"),
    drafts={"support_offer": same_terms},
    tones=(
        ("closed", "ok"), ("delivered", "warn"), ("partly_delivered", "warn"),
        ("returned", "warn"), ("on_hold", "warn"), ("rejected", "bad"), ("lapsed", "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", "priority", ("text", "sort"), "needed_by", "place", "owner", "moment",
            "state",
        ),
        tabs=(Tab(name="open", states=(*_OPEN, "open")), ALL),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.MAP, View.CHART),
        boards=("state", "priority", "sort"),
    ),
)  # fmt: skip
