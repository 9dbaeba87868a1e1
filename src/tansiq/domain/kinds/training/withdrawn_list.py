"""The list of withdrawn serials: which certificates of a party count no longer, as of its day.

There is one of each party, released like any record. It says nothing of holders and no reason, and
leaves out a certificate that has come to its end by itself.
"""

import re
from collections.abc import Iterable
from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing
from tansiq.domain.kinds.training.certificate import ISSUERS
from tansiq.domain.records import Body

SERIALS_MAX: Final = 360  # as many as stand in one text
_SERIALS: Final = re.compile(r"[0-9A-Z]{10}( [0-9A-Z]{10})*")


def listed(serials: Iterable[str], day: str) -> Body:
    """The body of the list as of that day. Raises InputError where there are too many."""
    found = sorted(serials)
    if len(found) > SERIALS_MAX:
        raise InputError("withdrawn_many", limit=SERIALS_MAX)
    return {"day": day, "listed": len(found), "serials": " ".join(found)}


def serials_in(body: Body) -> frozenset[str]:
    """The serials that a list names."""
    return frozenset(str(body.get("serials", "")).split())


def _whole(body: Body) -> None:
    """The serials are serials, and as many as it says. Raises InputError."""
    serials = str(body.get("serials", ""))
    if serials and not _SERIALS.fullmatch(serials):
        raise InputError("field_form", field="serials")
    if body["listed"] != len(serials.split()):
        raise InputError("field_form", field="listed")


WITHDRAWN_LIST: Final = Kind(
    name="withdrawn_list",
    version=1,
    letter="WL",
    fields=(
        Field(name="day", type=Type.DATE, required=True, hidden=True),
        Field(name="listed", type=Type.COUNT, required=True, hidden=True),
        Field(name="serials", type=Type.TEXT, hidden=True),
    ),
    states=("saved",),
    writers=ISSUERS,
    title="day",
    inbox=False,
    whole=_whole,
    listing=Listing(columns=("reference", "day", "listed", "owner", "moment"), tabs=(ALL,)),
)  # fmt: skip
