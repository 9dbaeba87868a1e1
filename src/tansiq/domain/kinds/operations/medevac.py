"""Medical evacuation between parties: the short form first, the rest later, as counts alone.

Tansiq coordinates and sends no doctor: what is asked is that a party fetches so many from a place.
One party is asked at a time, as its watch. Where it declines or is silent another is asked in a
lane of its own, and neither learns of the other. No name, no person and no finding has a field, and
no file goes along.
"""

from typing import Final

from tansiq.domain.cases import (
    BOTH,
    OWNER,
    SEAT,
    Clock,
    Decision,
    Declaration,
    Due,
    Ruling,
    Shape,
    Side,
    Turn,
    Value,
    Weight,
    turn,
)
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import MINUTE_MS, Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.operations.precedences import PRECEDENCES
from tansiq.domain.parties import ACTING
from tansiq.domain.records import Body

EQUIPMENT: Final = ("none", "hoist", "extraction", "ventilator")
MARKINGS: Final = ("nothing", "panels", "smoke", "lights", "flags")
CANNOT: Final = ("no_vehicle", "too_far", "road_closed", "too_dangerous", "other")
HANDED_TO: Final = ("hospital", "clinic", "field_post", "other_ambulance")
# How long the party that is asked has to accept or to decline, by precedence.
ANSWERED_WITHIN: Final = tuple(n * MINUTE_MS for n in (5, 5, 15, 60, 60))
LYING, WALKING = "litter", "walking"
# Whom it is for, as counts.
OF_WHOM: Final = ("own_forces", "partner_forces", "civilians", "children", "others")
PRECEDENCE, NEEDED, REPORTED, TABLE = "precedence", "needed_by", "reported", "table"

REQUESTED, ACCEPTED, MOVING = "requested", "accepted", "moving"
PICKED_UP, HANDED_OVER, DECLINED = "picked_up", "handed_over", "declined"
CANCELLED, CLOSED = "cancelled", "closed"
_ON_THE_WAY: Final = (REQUESTED, ACCEPTED, MOVING, PICKED_UP)
_OPEN: Final = (*_ON_THE_WAY, HANDED_OVER, DECLINED)


def _decides(
    name: str, target: str, *sources: str, by: frozenset[Side] = SEAT,
    values: tuple[Value, ...] = (),
) -> Decision:  # fmt: skip
    return Decision(
        name=name, by=by, sources=frozenset(sources), target=target, roles=ACTING, values=values
    )


CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=(*_OPEN, CANCELLED, CLOSED),
    acts=(
        _decides("accept_evacuation", ACCEPTED, REQUESTED),
        _decides("set_off", MOVING, ACCEPTED),
        _decides("pick_up", PICKED_UP, ACCEPTED, MOVING),
        _decides(
            "hand_over", HANDED_OVER, PICKED_UP,
            values=(Value(name="handed_to", choices=frozenset(HANDED_TO)),),
        ),
        _decides(
            "decline_evacuation", DECLINED, REQUESTED, ACCEPTED, MOVING,
            values=(Value(name="cannot", choices=frozenset(CANNOT)),),
        ),
        _decides("close_evacuation", CLOSED, HANDED_OVER, by=OWNER),
        Decision(
            name="cancel", by=OWNER, sources=frozenset({*_ON_THE_WAY, DECLINED}) - {PICKED_UP},
            target=CANCELLED, roles=ACTING, weight=Weight.ENDING,
        ),
        Ruling(name="settle"),
        Ruling(name="refuse"),
    ),
    settle="settle",
    refuse="refuse",
    clocks=(
        Clock(
            name="decision", runs=frozenset({REQUESTED}), due=Due.LASTING, value=PRECEDENCE,
            lasting_by=ANSWERED_WITHIN, rings=BOTH, act="accept_evacuation",
        ),
        Clock(
            name="needed", runs=frozenset(_ON_THE_WAY), due=Due.AT, value=NEEDED, rings=BOTH,
            act="hand_over",
        ),
    ),
    turns={
        REQUESTED: (
            *turn(Side.SEAT, "accept_evacuation", "decline_evacuation"),
            Turn(side=Side.OWNER, acts=("cancel",), later=True),
        ),
        ACCEPTED: turn(Side.SEAT, "set_off"),
        MOVING: turn(Side.SEAT, "pick_up"),
        PICKED_UP: turn(Side.SEAT, "hand_over"),
        HANDED_OVER: turn(Side.OWNER, "close_evacuation"),
        DECLINED: turn(Side.OWNER, "cancel"),
    },
    hurry=PRECEDENCE,
    hastes=(Haste.FLASH, Haste.FLASH, Haste.URGENT, Haste.ROUTINE, Haste.ROUTINE),
)  # fmt: skip


def number_of(body: Body, names: tuple[str, ...] = PRECEDENCES) -> int:
    """How many a body counts under these names, all of them by default."""
    return sum(value for name in names if type(value := body.get(name)) is int)


def kept(_before: Body, after: Body) -> Body:
    """The body of the next edition: the precedence of the worst, and until when they are to be
    handed over by the table that the request carries, follow from what a person wrote.
    """
    said = {name: value for name, value in after.items() if name not in (PRECEDENCE, NEEDED)}
    worst = next((name for name in PRECEDENCES if after.get(name)), None)
    rows, reported = after.get(TABLE), after.get(REPORTED)
    if worst is None:
        return said
    said[PRECEDENCE] = worst
    if isinstance(rows, list) and type(reported) is int:
        minutes = next(row["minutes"] for row in rows if row["precedence"] == worst)
        said[NEEDED] = reported + minutes * MINUTE_MS
    return said


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    number = number_of(body)
    if not number:
        raise InputError("evacuation_nobody", field="urgent")
    if number_of(body, (LYING, WALKING)) != number:
        raise InputError("evacuation_counts", field=LYING, count=number)
    if number_of(body, OF_WHOM) > number:
        raise InputError("evacuation_of_whom", field=OF_WHOM[0], count=number)


def _count(name: str, *, rare: bool = False) -> Field:
    return Field(name=name, type=Type.COUNT, rare=rare)


MEDEVAC: Final = Kind(
    name="medevac",
    version=1,
    letter="ME",
    fields=(
        Field(name="place", type=Type.PLACE, required=True, searchable=True),
        Field(name="contact", type=Type.LINE, required=True, searchable=True),
        Field(name="channel", type=Type.LINE, searchable=True),
        *(_count(name) for name in PRECEDENCES),
        _count(LYING),
        _count(WALKING),
        Field(name="equipment", type=Type.CHOICE, choices=EQUIPMENT),
        Field(name=REPORTED, type=Type.MOMENT, required=True),
        Field(
            name="seats", type=Type.SEATS, required=True, above=False, fixed=True, most=1
        ),
        Field(name="security", type=Type.TEXT, searchable=True, rare=True),
        Field(name="marking", type=Type.CHOICE, choices=MARKINGS, rare=True),
        *(_count(name, rare=True) for name in OF_WHOM),
        Field(name="terrain", type=Type.TEXT, searchable=True, rare=True),
        Field(name=PRECEDENCE, type=Type.CHOICE, choices=PRECEDENCES, hidden=True),
        Field(name=NEEDED, type=Type.MOMENT, hidden=True),
        Field(name=TABLE, type=Type.ROWS, hidden=True, most=len(PRECEDENCES), columns=(
            Field(name=PRECEDENCE, type=Type.CHOICE, choices=PRECEDENCES),
            Field(name="minutes", type=Type.COUNT),
        )),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    writers=ACTING,
    title="contact",
    moment=REPORTED,
    place="place",
    inbox=False,  # it waits lane by lane, for whose turn it is
    haste=Haste.FLASH,
    hurry="",
    due=NEEDED,
    facets=(Facet(field=PRECEDENCE), Facet(field="place"), Facet(field="equipment")),
    whole=_whole,
    keeps=kept,
    settled=("seats",),  # another party is asked in a lane of its own, by one act of the room
    case=CASE,
    tones=(
        (REQUESTED, "bad"), (DECLINED, "bad"), (ACCEPTED, "warn"), (MOVING, "warn"),
        (PICKED_UP, "warn"), (HANDED_OVER, "ok"), (CLOSED, "ok"),
    ),
    listing=Listing(
        columns=(
            "reference", PRECEDENCE, ("contact", "channel"), "place", REPORTED, NEEDED, "owner",
            "state",
        ),
        tabs=(Tab(name="open", states=_OPEN), ALL),
        views=(View.LIST, View.BOARD, View.TIMELINE, View.MAP, View.CHART),
        boards=("state", PRECEDENCE),
        running=(*_ON_THE_WAY, DECLINED),
    ),
)  # fmt: skip
