"""The passage of a line: one party asks the party that must be told on the other side.

It is a case in a lane for that party alone. It is granted, granted with another time, not granted,
or called off; what was not answered by its start is over and was never granted. Whoever granted it
may take that back until it is over.
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
    Shape,
    Side,
    Value,
    Weight,
    turn,
)
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.operations.windows import check_windows
from tansiq.domain.parties import WATCH, Relation
from tansiq.domain.records import Body

ASKED, GRANTED, OTHER_TIME = "passage_asked", "passage_granted", "other_time_granted"
REFUSED, OFF, LAPSED = "passage_not_granted", "passage_off", "passage_lapsed"
GRANT_OTHER: Final = "grant_other_time"
REASONS: Final = ("not_ready", "other_time", "road", "not_ours", "safety", "not_releasable")
_OPEN: Final = frozenset({ASKED, GRANTED, OTHER_TIME})
_SEATS: Final = frozenset({Relation.ADDRESSEE, Relation.DEPUTY, Relation.LEAD})


def _seat(name: str, target: str, sources: frozenset[str], *values: Value) -> Decision:
    """What the party decides that is asked."""
    return Decision(
        name=name, by=SEAT, sources=sources, target=target, roles=WATCH, relations=_SEATS,
        values=values,
    )  # fmt: skip


CASE: Final = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=(ASKED, GRANTED, OTHER_TIME, REFUSED, OFF, LAPSED),
    acts=(
        _seat("grant_passage", GRANTED, frozenset({ASKED, OTHER_TIME})),
        _seat(
            GRANT_OTHER, OTHER_TIME, frozenset({ASKED, GRANTED}),
            Value(name="from_then", form=Form.MOMENT), Value(name="until_then", form=Form.MOMENT),
        ),
        _seat(
            "refuse_passage", REFUSED, _OPEN,
            Value(name="not_granted_for", choices=frozenset(REASONS)),
        ),
        Decision(
            name="call_off_passage", by=OWNER, sources=_OPEN, target=OFF, roles=WATCH,
            weight=Weight.ENDING,
        ),
        Decision(
            name="passage_lapses", by=OWNER, sources=frozenset({ASKED}), target=LAPSED,
            weight=Weight.TIME_OUT,
        ),
    ),
    falls_to=ASKED,
    clocks=(
        Clock(
            name="passage_soon", runs=frozenset({ASKED}), due=Due.SHARE, value="begins",
            percent=75, rings=BOTH, act="grant_passage",
        ),
        Clock(
            name="passage_start", runs=frozenset({ASKED}), due=Due.AT, value="begins", rings=BOTH,
            act="passage_lapses",
        ),
    ),
    turns={ASKED: turn(Side.SEAT, "grant_passage", GRANT_OTHER, "refuse_passage")},
)  # fmt: skip


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    check_windows(body)


PASSAGE: Final = Kind(
    name="passage",
    version=1,
    letter="JG",
    fields=(
        Field(name="line", type=Type.LINE, required=True, searchable=True),
        Field(name="seats", type=Type.SEATS, required=True, above=False, fixed=True, most=1),
        Field(name="begins", type=Type.MOMENT, required=True),
        Field(name="until", type=Type.MOMENT, required=True),
        Field(name="people", type=Type.COUNT),
        Field(name="vehicles", type=Type.COUNT),
        Field(name="contact", type=Type.LINE, required=True, searchable=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    title="line",
    about="about",
    inbox=False,  # it waits lane by lane, for whose turn it is
    due="begins",
    ends="until",
    whole=_whole,
    case=CASE,
    settled=("line", "begins", "until", "people", "vehicles"),
    tones=(
        (ASKED, "warn"), (GRANTED, "ok"), (OTHER_TIME, "ok"), (REFUSED, "bad"), (LAPSED, "bad"),
    ),
    listing=Listing(
        columns=("reference", "line", ("begins", "until"), "people", "vehicles",
                 ("contact", "owner"), "state"),
        tabs=(Tab(name="open", states=(ASKED, GRANTED, OTHER_TIME)), ALL),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE),
    ),
)  # fmt: skip
