"""The safety message (STOP): one sentence to every party at once, because a life is in danger.

Nobody approves it. It rings at each party until somebody on duty there has read it back, and it
asks the watch of a party, never a person. What was said stays as it was said: who was wrong stands
it down and sends another.
"""

from typing import Final

from tansiq.domain.cases import (
    OWNER,
    SEAT,
    Clock,
    Decision,
    Declaration,
    Due,
    Fact,
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
from tansiq.domain.parties import ACTING
from tansiq.domain.records import Body

SENTENCE_MAX: Final = 280  # characters: what is read aloud in one breath or two
WHOM: Final = ("duty_officer", "liaison_officer", "senior_duty_officer", "headquarters")
# What came of a call that reached nobody who could read the message back.
RESULTS: Final = ("no_answer", "busy", "wrong_number", "not_read_back")
NOT_READ_BACK: Final = "not_read_back"
BY_TELEPHONE: Final = "by_telephone"
READ_BACK: Final = "read_back"
STOOD_DOWN: Final = "stood_down"
_OPEN: Final = frozenset({NOT_READ_BACK, BY_TELEPHONE})
_WHOM: Final = Value(name="whom", choices=frozenset(WHOM))

CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=(NOT_READ_BACK, BY_TELEPHONE, READ_BACK, STOOD_DOWN),
    acts=(
        Decision(
            name="read_back", by=SEAT, sources=_OPEN, target=READ_BACK, roles=ACTING, checked=True
        ),
        Decision(
            name="by_telephone", by=OWNER, sources=frozenset({NOT_READ_BACK}), target=BY_TELEPHONE,
            roles=ACTING, values=(_WHOM,), checked=True,
        ),
        Fact(
            name="called", by=OWNER, roles=ACTING, checked=True,
            values=(_WHOM, Value(name="result", choices=frozenset(RESULTS))),
        ),
        Decision(
            name="stand_down", by=OWNER, sources=_OPEN | {READ_BACK}, target=STOOD_DOWN,
            roles=ACTING, weight=Weight.ENDING, checked=True,
        ),
    ),
    # Read back there while somebody heard it read back on the telephone: it was read back.
    falls_to=READ_BACK,
    clocks=(
        Clock(
            name="unanswered", runs=frozenset({NOT_READ_BACK}), due=Due.LASTING,
            lasting_ms=MINUTE_MS, rings=OWNER, act="called",
        ),
    ),
    turns={
        NOT_READ_BACK: (
            *turn(Side.SEAT, "read_back"),
            Turn(side=Side.OWNER, acts=("by_telephone", "called"), later=True),
        ),
        BY_TELEPHONE: turn(Side.SEAT, "read_back"),
    },
    asks_all=True,
    hastes=(Haste.SAFETY,),
)  # fmt: skip


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    if len(str(body["text"])) > SENTENCE_MAX:
        raise InputError("text_long", field="text", limit=SENTENCE_MAX)
    begins, until = body.get("begins"), body.get("until")
    if isinstance(begins, int) and isinstance(until, int) and until < begins:
        raise InputError("span_order", field="until")


SAFETY_MESSAGE: Final = Kind(
    name="safety_message",
    version=1,
    letter="R",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="place", type=Type.PLACE, searchable=True),
        Field(name="begins", type=Type.MOMENT),
        Field(name="until", type=Type.MOMENT),
    ),
    writers=ACTING,
    final=True,
    place="place",
    inbox=False,  # it waits lane by lane, for whose turn it is
    haste=Haste.SAFETY,
    hurry="",
    facets=(Facet(field="place"),),
    case=CASE,
    whole=_whole,
    tones=((NOT_READ_BACK, "bad"), (BY_TELEPHONE, "warn"), (READ_BACK, "ok")),
    listing=Listing(
        columns=("reference", "text", "place", "owner", "moment", "state"),
        tabs=(Tab(name="open", states=(NOT_READ_BACK, BY_TELEPHONE, READ_BACK)), ALL),
        views=(View.LIST, View.CALENDAR, View.TIMELINE, View.MAP),
    ),
)  # fmt: skip
