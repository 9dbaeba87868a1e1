"""That an ambulance crosses a coordination line: which line, when, with how many, and which
position is called about it. Nothing else has a field, so that no rule can let more leave.

It is told to whom the line names on the other side, and to the owner of the line, by the rule that
joining signs: nobody approves it. What it is about stays with the party that tells it.
"""

from typing import Final

from tansiq.domain.escalation import Haste
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.parties import ACTING

EVACUATION: Final = "evacuation"

CROSSING: Final = Kind(
    name="crossing",
    version=1,
    letter="MX",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="crosses", type=Type.MOMENT, required=True),
        Field(name="litter", type=Type.COUNT),
        Field(name="walking", type=Type.COUNT),
        Field(name="contact", type=Type.LINE, required=True),
        Field(
            name=EVACUATION, type=Type.RECORD, required=True, above=False, fixed=True, hidden=True
        ),
    ),
    states=("saved",),
    writers=ACTING,
    final=True,
    haste=Haste.FLASH,
    hurry="",
    listing=Listing(
        columns=("reference", "text", "crosses", "litter", "walking", "contact", "owner"),
        views=(View.LIST, View.TIMELINE),
    ),
)  # fmt: skip
