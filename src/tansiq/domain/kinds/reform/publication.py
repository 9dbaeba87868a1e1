"""Whether a project is published to the world, as its party decides: nothing is before two persons
have said so.

A record of the own party that never leaves. It says of one project why it is left out, or who asked
that it be published and for which text: what was approved is that text and no other.
"""

from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.reform.project import MANAGERS
from tansiq.domain.parties import WATCH

# Why a project is left out of what is published.
EXCLUDED_FOR: Final = ("not_aid", "security", "not_agreed", "not_ready", "other")
PUBLISHERS: Final = MANAGERS | WATCH
LEFT_OUT, ASKED, APPROVED = "left_out", "publication_asked", "publication_approved"

PUBLICATION: Final = Kind(
    name="publication",
    version=1,
    letter="X",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="text", type=Type.LINE, required=True, hidden=True),
        Field(name="excluded_for", type=Type.CHOICE, choices=EXCLUDED_FOR),
        Field(name="reason", type=Type.TEXT),
        Field(name="digest", type=Type.DIGEST, hidden=True),
    ),
    states=(LEFT_OUT, ASKED, APPROVED),
    transitions=(
        Transition(
            name="ask_publication", sources=frozenset({LEFT_OUT, ASKED, APPROVED}), target=ASKED,
            roles=MANAGERS, needs=("digest",), asks=("digest",),
        ),
        Transition(
            name="approve_publication", sources=frozenset({ASKED}), target=APPROVED, roles=WATCH,
            second=True,
        ),
        Transition(
            name="leave_out", sources=frozenset({LEFT_OUT, ASKED, APPROVED}), target=LEFT_OUT,
            roles=PUBLISHERS, needs=("excluded_for",), asks=("excluded_for", "reason", "digest"),
        ),
    ),
    writers=PUBLISHERS,
    about="about",
    inbox=False,
    inner=True,
    tones=((APPROVED, "ok"), (ASKED, "warn")),
)  # fmt: skip
