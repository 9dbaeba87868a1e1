"""The offer of support that nobody asked for: what a party would give, and a lane for each party
to which it is offered.

Who is offered something never learns to whom else it is offered, nor what others offer. Taking an
offer is writing a support request that asks the offering party, or asking it in a request that is
there already: from then on promises, consignments and receipts are those of that request. Air cover
is offered in the words of a request alone: what of the other's *own* is to be watched over.
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
    Value,
    Weight,
    turn,
)
from tansiq.domain.escalation import Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.support.terms import DESKS, SORT, demand_whole, much, same_terms
from tansiq.domain.parties import Relation
from tansiq.domain.records import Body

HOUR: Final = 3_600_000
REFUSALS: Final = frozenset({"no_need", "other_way", "terms", "not_now", "other"})
WITHDRAWALS: Final = frozenset({"not_available", "no_funds", "not_releasable", "other"})

_OPEN: Final = ("offered", "received")
_STAGES: Final = (*_OPEN, "accepted", "declined", "withdrawn", "lapsed")
# An offer that was taken may still be left, or withdrawn, where no request came of it.
_UNTIL_MET: Final = frozenset({*_OPEN, "accepted"})
# To say that it came is for any of them; to take it or leave it is for these.
_ANSWERS: Final = frozenset({Relation.ADDRESSEE, Relation.DEPUTY, Relation.LEAD})
_WORDS: Final = "support_note"  # the record in which somebody says more than the step does

CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=_STAGES,
    acts=(
        Decision(
            name="receive", by=SEAT, sources=frozenset({"offered"}), target="received", roles=DESKS
        ),
        Decision(
            name="take_offer", by=SEAT, sources=frozenset(_OPEN), target="accepted", roles=DESKS,
            relations=_ANSWERS, makes="support",
        ),
        Decision(
            name="leave_offer", by=SEAT, sources=_UNTIL_MET, target="declined", roles=DESKS,
            relations=_ANSWERS, values=(Value(name="why_not", choices=REFUSALS),), beside=_WORDS,
        ),
        Decision(
            name="withdraw", by=OWNER, sources=_UNTIL_MET, target="withdrawn", roles=DESKS,
            weight=Weight.ENDING,
            values=(Value(name="why_not", choices=WITHDRAWALS, required=False),),
            beside=_WORDS,
        ),
        Decision(
            name="expire", by=OWNER, sources=frozenset(_OPEN), target="lapsed",
            weight=Weight.TIME_OUT,
        ),
        Ruling(name="settle"),
        Ruling(name="refuse"),
    ),
    settle="settle",
    refuse="refuse",
    clocks=(
        Clock(
            name="receipt", runs=frozenset({"offered"}), due=Due.LASTING, lasting_ms=24 * HOUR,
            rings=SEAT, act="receive",
        ),
        Clock(
            name="decision", runs=frozenset(_OPEN), due=Due.SHARE, value="valid_until", percent=75,
            rings=SEAT, act="take_offer",
        ),
        Clock(
            name="too_late", runs=frozenset(_OPEN), due=Due.AT, value="valid_until", rings=BOTH,
            act="expire",
        ),
    ),
    turns={
        "offered": turn(Side.SEAT, "receive", "take_offer", "leave_offer"),
        "received": turn(Side.SEAT, "take_offer", "leave_offer"),
    },
    coarse={stage: "open" if stage in _OPEN else "done" for stage in _STAGES},
    gives=True,
    inward_ms=(24 * HOUR,),
    hastes=(Haste.ROUTINE,),
)  # fmt: skip


def _as_asked(body: Body) -> Body:
    """What a request says at first that takes this offer: it is needed while it is available."""
    found = {**same_terms(body), **{name: body[name] for name in ("text",) if name in body}}
    available = body.get("available")
    return found | ({"needed_by": available["to"]} if isinstance(available, dict) else {})


SUPPORT_OFFER: Final = Kind(
    name="support_offer",
    version=1,
    letter="O",
    fields=(
        SORT,
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="capability", type=Type.LINE, searchable=True),
        Field(name="place", type=Type.PLACE, required=True, searchable=True),
        Field(name="valid_until", type=Type.MOMENT, required=True),
        Field(name="available", type=Type.SPAN),
        Field(name="seats", type=Type.SEATS, required=True, above=False, fixed=True),
        *much(),
        Field(name="conditions", type=Type.TEXT, searchable=True, rare=True),
        Field(name="contact", type=Type.LINE, searchable=True, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    writers=DESKS,
    place="place",
    about="about",
    inbox=False,  # it waits lane by lane, for whose turn it is
    due="valid_until",
    facets=(Facet(field="sort"), Facet(field="place")),
    whole=demand_whole,
    drafts={"support": _as_asked},
    settled=("sort", "watched"),
    case=CASE,
    tones=(
        ("accepted", "ok"), ("declined", "bad"), ("withdrawn", "bad"), ("lapsed", "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", ("text", "sort"), "valid_until", "place", "owner", "moment", "state",
        ),
        tabs=(Tab(name="open", states=(*_OPEN, "open")), ALL),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.MAP, View.CHART),
        boards=("state", "sort"),
    ),
)  # fmt: skip
