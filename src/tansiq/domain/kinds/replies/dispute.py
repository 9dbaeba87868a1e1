"""A dispute: our version of what a partner's record says. Both stay, side by side; neither is
overwritten.
"""

from tansiq.domain.escalation import Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.parties import WATCH

DISPUTE = Kind(
    name="dispute",
    version=1,
    letter="D",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="grade", type=Type.GRADE),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("open", "settled"),
    transitions=(
        Transition(name="settle", sources=frozenset({"open"}), target="settled", roles=WATCH),
    ),
    about="about",
    haste=Haste.URGENT,
    tones=(("open", "dispute"),),
)
