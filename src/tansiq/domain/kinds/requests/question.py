"""A question about a partner's record (one question each), with the latest time at which an answer
is of value.
"""

from tansiq.domain.escalation import Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.parties import WATCH, Role

QUESTION = Kind(
    name="question",
    version=1,
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="needed_by", type=Type.MOMENT),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("sent", "satisfied"),
    transitions=(
        Transition(
            name="satisfy",
            sources=frozenset({"sent"}),
            target="satisfied",
            roles=WATCH | {Role.ADVISER},
        ),
    ),
    writers=WATCH | {Role.ADVISER},
    about="about",
    haste=Haste.URGENT,
    due="needed_by",
)
