"""The clearance of a cohort, or of one holder of a roster number: yes with its validity, or nothing
that anybody but the training manager can tell from "not yet".

There is no reason and no field for words. What is not a yes is confined to the training manager of
the own party, and so is any clearance of a roster number: it looks as if there were none.
"""

import datetime as dt
import re
from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing
from tansiq.domain.labels import TRAINING_ALONE
from tansiq.domain.parties import Role, roster_number
from tansiq.domain.records import Body

KEEPERS: Final = frozenset({Role.TRAINING_MANAGER})
YES, NO, NOT_YET = "yes", "no", "not_yet"
ANSWERS: Final = (YES, NO, NOT_YET)
# What an authority puts on its letters: with it nobody can say anything of anybody.
_REFERENCE: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z/.-]{0,31}")
_LAPSED, _CLOSED = "valid_until", "closed"


def confined(body: Body) -> str:
    """For whom alone a clearance is; "" for the yes of a cohort."""
    return "" if body.get("answer") == YES and not body.get("holder") else TRAINING_ALONE


def holds(body: Body, today: dt.date) -> bool:
    """Whether the cohort that a clearance is about is cleared by it on that day."""
    until = str(body.get("valid_until", ""))
    return not confined(body) and until >= today.isoformat()


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    answered = body["answer"] != NOT_YET
    if answered != bool(body.get("day")):
        raise InputError("clearance_day", field="day")
    if (body["answer"] == YES) != bool(body.get("valid_until")):
        raise InputError("clearance_validity", field="valid_until")
    if str(body.get("valid_until") or "9999") < str(body.get("day") or ""):
        raise InputError("clearance_order", field="valid_until")
    if body.get("reference") and not _REFERENCE.fullmatch(str(body["reference"])):
        raise InputError("clearance_reference", field="reference")
    if body.get("holder"):
        roster_number(body["holder"])


CLEARANCE: Final = Kind(
    name="clearance",
    version=1,
    letter="V",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="answer", type=Type.CHOICE, choices=ANSWERS, required=True),
        Field(name="day", type=Type.DATE),
        Field(name="valid_until", type=Type.DATE),
        Field(name="reference", type=Type.LINE, above=False, fixed=True),
        Field(name="holder", type=Type.LINE, above=False, fixed=True),
    ),
    states=("in_use", _CLOSED),
    transitions=(
        Transition(name="close", sources=frozenset({"in_use"}), target=_CLOSED, roles=KEEPERS),
    ),
    writers=KEEPERS,
    title="answer",
    about="about",
    inbox=False,
    due=_LAPSED,
    lapses=frozenset({"in_use"}),
    single=("about", "holder"),
    confined=confined,
    holds=holds,
    whole=_whole,
    ways=frozenset(),
    listing=Listing(
        columns=("reference", "answer", "day", "valid_until", "owner", "state"), tabs=(ALL,)
    ),
)  # fmt: skip
