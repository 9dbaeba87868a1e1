"""The session: a block of training days of a cohort, with who came as a count of person-days.

What was lost says why, and how many days were lost is counted from here. A session of a cohort
that moves is moved with it (``moved``) and can be moved again.
"""

from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.training.cohort import REASONS
from tansiq.domain.kinds.training.course import MANAGERS
from tansiq.domain.records import Body

TO_COME: Final = ("planned", "moved")
_WHY: Final = ("reason_class", "reason")


def _whole(body: Body) -> None:
    """Raises InputError where it has no day."""
    if not body["days"]:
        raise InputError("training_no_days", field="days")


SESSION: Final = Kind(
    name="session",
    version=1,
    letter="H",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="first_day", type=Type.DATE, required=True),
        Field(name="days", type=Type.COUNT, required=True),
        Field(name="place", type=Type.PLACE, searchable=True),
        Field(name="room", type=Type.LINE, searchable=True, rare=True),
        Field(name="attended", type=Type.COUNT),
        Field(name="reason_class", type=Type.CHOICE, choices=REASONS, rare=True),
        Field(name="reason", type=Type.TEXT, searchable=True, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=("planned", "held", "moved", "lost"),
    transitions=(
        Transition(
            name="hold_session", sources=frozenset(TO_COME), target="held", roles=MANAGERS,
            needs=("attended",), asks=("attended",),
        ),
        Transition(
            name="move_session", sources=frozenset(TO_COME), target="moved", roles=MANAGERS,
            needs=("first_day",), asks=("first_day", *_WHY),
        ),
        Transition(
            name="lose_session", sources=frozenset(TO_COME), target="lost", roles=MANAGERS,
            needs=("reason_class",), asks=_WHY,
        ),
    ),
    writers=MANAGERS,
    about="about",
    place="place",
    inbox=False,
    due="first_day",
    facets=(Facet(field="reason_class"), Facet(field="place")),
    whole=_whole,
    tones=(("held", "ok"), ("moved", "warn"), ("lost", "bad")),
    listing=Listing(
        columns=(
            "reference", "text", "first_day", "days", "attended", ("place", "room"),
            "reason_class", "owner", "state",
        ),
        tabs=(Tab(name="to_come", states=TO_COME), ALL),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.CHART),
        boards=("state", "reason_class"),
    ),
)  # fmt: skip
