"""An acknowledgement: a position says that it has a partner's record. It approves nothing."""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.parties import WATCH, Role

ACKNOWLEDGEMENT = Kind(
    name="acknowledgement",
    version=1,
    letter="K",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="text", type=Type.TEXT, searchable=True),
    ),
    states=("given",),
    writers=WATCH | {Role.SUPPORT_DESK, Role.ADVISER},
    final=True,
    inbox=False,
    about="about",
)
