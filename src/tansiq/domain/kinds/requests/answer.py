"""An answer to a partner's question. "We have no information" is a full answer and is honoured as
one.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind

ANSWER = Kind(
    name="answer",
    version=1,
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(
            name="outcome",
            type=Type.CHOICE,
            choices=("answered", "partial", "no_information", "not_releasable"),
        ),
        Field(name="step", type=Type.STEP, hidden=True),
        Field(name="text", type=Type.TEXT, searchable=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="grade", type=Type.GRADE),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("given",),
    about="about",
)
