"""The certificate: that one holder has passed one cohort of a course, and what its paper's code
says.

The holder is a roster number. It stays in its own party: no field here leaves, and the record is
for the training manager alone. A certificate is never issued again: one in its place has a serial
of its own, and the first is withdrawn.
"""

from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import Listing, Tab
from tansiq.domain.labels import TRAINING_ALONE
from tansiq.domain.parties import Role, roster_number
from tansiq.domain.records import Body

ISSUERS: Final = frozenset({Role.TRAINING_MANAGER})
LEVELS: Final = ("basic", "advanced", "instructor")
ISSUED, WITHDRAWN = "handed_out", "taken_back"
REPLACED: Final = "replaced"
WITHDRAWN_FOR: Final = (REPLACED, "mistake", "lost", "decision", "other")


def _whole(body: Body) -> None:
    """The holder is a roster number. Raises InputError."""
    roster_number(body["holder"])


CERTIFICATE: Final = Kind(
    name="certificate",
    version=1,
    letter="B",
    fields=(
        Field(name="serial", type=Type.LINE, required=True, hidden=True, searchable=True),
        Field(name="holder", type=Type.LINE, required=True, hidden=True, above=False, fixed=True),
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="course", type=Type.LINE, required=True, hidden=True),
        Field(name="level", type=Type.CHOICE, choices=LEVELS, required=True, hidden=True),
        Field(name="issued_on", type=Type.DATE, required=True, hidden=True),
        Field(name="valid_until", type=Type.DATE, hidden=True),
        Field(name="signed_code", type=Type.TEXT, required=True, hidden=True, above=False,
              fixed=True),
        Field(name="replaces", type=Type.RECORD, hidden=True),
        Field(name="reason_class", type=Type.CHOICE, choices=WITHDRAWN_FOR, hidden=True),
    ),
    states=(ISSUED, WITHDRAWN),
    transitions=(
        # Only ``desk.training.certificates`` takes it: the list of the withdrawn changes with it.
        Transition(
            name="withdraw_certificate", sources=frozenset({ISSUED}), target=WITHDRAWN,
            roles=ISSUERS, needs=("reason_class",), asks=("reason_class",), within=True,
        ),
    ),
    writers=ISSUERS,
    title="serial",
    about="about",
    inbox=False,
    inner=True,
    confined=lambda _: TRAINING_ALONE,
    whole=_whole,
    tones=((WITHDRAWN, "bad"),),
    ways=frozenset(),
    listing=Listing(
        columns=("serial", "course", "level", "issued_on", "valid_until", "state"),
        tabs=(
            Tab(name="issued", states=(ISSUED,)), Tab(name="withdrawn", states=(WITHDRAWN,)),
        ),
    ),
)  # fmt: skip
