"""The words beside a step of a support request: a record with a label and a recall of its own."""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind

SUPPORT_NOTE = Kind(
    name="support_note",
    version=1,
    letter="N",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="step", type=Type.STEP, required=True, hidden=True),
        Field(name="text", type=Type.TEXT, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("given",),
    about="about",
    inbox=False,  # its request waits for whose turn it is
)
