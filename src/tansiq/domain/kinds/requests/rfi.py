"""The request for information (RFI): one question to one or several seats, each in its own lane.

Each seat answers as far as it can and will: "we have no information" is a final answer and honoured
as one; "not releasable" declines and does not say whether there is any. After the latest time at
which an answer is of value the request expires, and who was asked is told to stop. Two seats that
are asked never learn of one another.
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
    Form,
    Ruling,
    Shape,
    Side,
    Value,
    Weight,
    turn,
)
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.parties import WATCH, Relation, Role

MINUTE: Final = 60_000
REASONS: Final = ("not_releasable", "not_ours", "no_means", "other")
_OPEN: Final = ("sent", "received", "accepted", "partial")
_STAGES: Final = (
    *_OPEN, "answered", "no_information", "declined", "redirected", "closed", "expired",
    "cancelled",
)  # fmt: skip
_DESKS: Final = WATCH | {Role.SUPPORT_DESK, Role.ADVISER}
# To say that it came is for any of them; to answer for the seat is for these.
_ANSWERS: Final = frozenset({Relation.ADDRESSEE, Relation.DEPUTY, Relation.LEAD})
_WORDS: Final = "answer"  # the record in which somebody says more than the step does
_IN_HAND: Final = frozenset(_OPEN)


def _seat(name: str, target: str, *values: Value, sources: frozenset[str] = _IN_HAND) -> Decision:
    """What the seat decides that is asked; all but receiving and accepting may have words."""
    beside = "" if name in {"receive", "accept"} else _WORDS
    relations = frozenset[Relation]() if name == "receive" else _ANSWERS
    return Decision(
        name=name, by=SEAT, sources=sources, target=target, values=values, roles=_DESKS,
        relations=relations, beside=beside,
    )  # fmt: skip


_WORK: Final = turn(Side.SEAT, "answer", "partial", "no_information", "decline", "redirect")

CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=_STAGES,
    acts=(
        _seat("receive", "received", sources=frozenset({"sent"})),
        _seat("accept", "accepted", sources=frozenset({"sent", "received"})),
        _seat("answer", "answered"),
        _seat("partial", "partial"),
        _seat("no_information", "no_information"),
        _seat("decline", "declined", Value(name="reason", choices=frozenset(REASONS))),
        _seat("redirect", "redirected", Value(name="to", form=Form.PARTY)),
        Decision(
            name="satisfied", by=OWNER, target="closed", roles=_DESKS,
            sources=frozenset({"answered", "no_information", "declined", "redirected"}),
        ),
        Decision(
            name="ask_again", by=OWNER, target="accepted", roles=_DESKS,
            sources=frozenset({"answered", "no_information"}),
        ),
        Decision(
            name="cancel", by=OWNER, target="cancelled", roles=_DESKS, sources=_IN_HAND,
            weight=Weight.ENDING,
        ),
        Decision(
            name="expire", by=OWNER, target="expired", sources=_IN_HAND, weight=Weight.TIME_OUT
        ),
        Ruling(name="settle"),
        Ruling(name="refuse"),
    ),
    settle="settle",
    refuse="refuse",
    clocks=(
        Clock(
            name="receipt", runs=frozenset({"sent"}), due=Due.LASTING, lasting_ms=15 * MINUTE,
            rings=SEAT, act="receive",
        ),
        Clock(
            name="decision", runs=frozenset({"sent", "received"}), due=Due.SHARE,
            value="needed_by", percent=25, rings=SEAT, act="accept",
        ),
        Clock(
            name="warning", runs=_IN_HAND, due=Due.SHARE, value="needed_by", percent=75,
            rings=BOTH, act="answer",
        ),
        Clock(
            name="value", runs=_IN_HAND, due=Due.AT, value="needed_by", rings=BOTH, act="expire",
        ),
    ),
    turns={
        "sent": turn(Side.SEAT, "receive", "accept"),
        "received": turn(Side.SEAT, "accept", "decline", "redirect"),
        "accepted": _WORK,
        "partial": _WORK,
        "answered": turn(Side.OWNER, "satisfied", "ask_again"),
        "no_information": turn(Side.OWNER, "satisfied", "ask_again"),
        "declined": turn(Side.OWNER, "satisfied"),
        "redirected": turn(Side.OWNER, "satisfied"),
    },
    coarse={stage: "open" if stage in _OPEN else "done" for stage in _STAGES},
)  # fmt: skip

RFI: Final = Kind(
    name="rfi",
    version=1,
    letter="Q",
    fields=(
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="seats", type=Type.SEATS, required=True, above=False, fixed=True),
        Field(name="needed_by", type=Type.MOMENT, required=True),
        Field(name="decides", type=Type.TEXT, searchable=True),
        Field(name="wanted", type=Type.LINE, searchable=True),
        Field(name="place", type=Type.PLACE, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    writers=_DESKS,
    place="place",
    about="about",
    inbox=False,  # it waits lane by lane, for whose turn it is
    due="needed_by",
    facets=(Facet(field="place"),),
    case=CASE,
    listing=Listing(
        columns=("reference", "text", "needed_by", "place", "owner", "moment", "state"),
        tabs=(
            Tab(name="open", states=(*_OPEN, "answered", "no_information", "declined",
                                     "redirected", "open")),
            ALL,
        ),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.MAP, View.CHART),
    ),
)  # fmt: skip
