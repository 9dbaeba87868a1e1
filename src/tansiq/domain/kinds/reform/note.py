"""The words beside a step about evidence: a record with a label and a recall of its own."""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.reform.project import MANAGERS
from tansiq.domain.parties import Role

EVIDENCE_NOTE = Kind(
    name="evidence_note",
    version=1,
    letter="W",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="step", type=Type.STEP, required=True, hidden=True),
        Field(name="text", type=Type.TEXT, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("given",),
    writers=MANAGERS | {Role.ADVISER, Role.AUDITOR, Role.LIAISON_OFFICER},
    about="about",
    inbox=False,  # its evidence waits for whom a round names
)
