"""The words of an answer: a record that stands beside a step of a request for information.

What was answered, "we have no information" too, is told by the step; the words have a label, a
preview and a recall of their own.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind

ANSWER = Kind(
    name="answer",
    version=1,
    letter="A",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="step", type=Type.STEP, required=True, hidden=True),
        Field(name="text", type=Type.TEXT, searchable=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="grade", type=Type.GRADE),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("given",),
    about="about",
    inbox=False,  # its request waits for the asker's act
)
