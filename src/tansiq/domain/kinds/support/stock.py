"""The stock of the support desk: what came in, what went out, and what was counted otherwise.

A movement is a record of the party's own that never leaves and is never edited: a wrong one is put
right by another. What is there of a batch (an item in a unit, with one day of expiry) is the sum of
its movements, whatever their order; less than nothing cannot be written down.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Booking, Kind
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.kinds.support import supplies
from tansiq.domain.parties import WATCH, Role
from tansiq.domain.records import Body

# What was counted otherwise than it was written down is more or less than that.
MOVES: Final = ("in", "out", "more", "less")
_TAKES: Final = frozenset({"out", "less"})
_CORRECTS: Final = frozenset({"more", "less"})
_PARTS: Final = "|"


class Batch(NamedTuple):
    """What is counted together: an item in a unit, of one day of expiry ("" = none is known), and
    for what the catalogue does not have the name that was written beside it.
    """

    item: str
    unit: str
    use_by: str = ""
    named: str = ""

    @property
    def key(self) -> str:
        """Its key in the tables; the name comes last, for it may hold anything."""
        return _PARTS.join(self)


def batch_from_key(key: str) -> Batch:
    """The batch of a key."""
    return Batch(*key.split(_PARTS, 3))


def batch_of(body: Body) -> Batch:
    """The batch that a checked movement is about."""
    item = str(body["item"])
    named = str(body.get("named", "")).strip() if item == supplies.OTHER else ""
    return Batch(item, str(body["unit"]), str(body.get("use_by", "")), named)


def signed(body: Body) -> int:
    """How much a checked movement adds; below 0 for what it takes."""
    count = int(str(body["count"]))
    return -count if body["move"] in _TAKES else count


def booked(body: Body) -> Booking:
    """What a checked movement books."""
    batch = batch_of(body)
    return Booking(batch.key, signed(body), batch.use_by)


def balances(bodies: Iterable[Body]) -> dict[Batch, int]:
    """What is there after these movements, in whatever order they come; nothing that is used up."""
    found: Counter[Batch] = Counter()
    for body in bodies:
        found[batch_of(body)] += signed(body)
    return {batch: count for batch, count in sorted(found.items()) if count}


def taken_out(there: Iterable[tuple[Batch, int]], wanted: Batch, count: int) -> dict[Batch, int]:
    """From which batches so many of an item in a unit are taken: what expires first goes first,
    what has no day last. ``wanted`` says item, unit and name. Raises InputError with how much there
    is where that is less.
    """
    same = [
        (batch, number)
        for batch, number in there
        if (batch.item, batch.unit, batch.named) == (wanted.item, wanted.unit, wanted.named)
    ]
    found: dict[Batch, int] = {}
    left = count
    for batch, number in sorted(same, key=lambda one: (not one[0].use_by, one[0])):
        if left and number > 0:
            found[batch] = min(left, number)
            left -= found[batch]
    if left:
        raise InputError("stock_short", field="count", there=count - left, count=count)
    return found


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    item, unit = str(body["item"]), str(body["unit"])
    if not supplies.fits(item, unit):
        raise InputError("stock_unit", field="unit")
    if item == supplies.OTHER and not str(body.get("named", "")).strip():
        raise InputError("stock_named", field="named")
    if not body["count"]:
        raise InputError("stock_nothing", field="count")
    if body["move"] in _CORRECTS and not body.get("text"):
        raise InputError("stock_reason", field="text")


STOCK: Final = Kind(
    name="stock",
    version=1,
    fields=(
        Field(name="move", type=Type.CHOICE, choices=MOVES, required=True),
        Field(name="item", type=Type.CHOICE, choices=supplies.CODES, required=True,
              searchable=True, further=supplies.OWN),
        Field(name="named", type=Type.LINE, searchable=True),
        Field(name="unit", type=Type.CHOICE, choices=supplies.UNITS, required=True),
        Field(name="count", type=Type.COUNT, required=True),
        Field(name="use_by", type=Type.DATE),
        Field(name="batch", type=Type.LINE, searchable=True),
        Field(name="place", type=Type.PLACE, searchable=True),
        Field(name="text", type=Type.TEXT, searchable=True),
        Field(name="request", type=Type.RECORD, hidden=True),
        Field(name="consignment", type=Type.STEP, hidden=True),
    ),
    states=("saved",),
    writers=WATCH | {Role.SUPPORT_DESK, Role.ADVISER},
    final=True,
    inner=True,
    title="item",
    letter="M",
    place="place",
    inbox=False,
    due="use_by",
    facets=(
        Facet(field="item"), Facet(field="move"), Facet(field="unit"),
        Facet(field="use_by", counted=False), Facet(field="place"),
    ),
    whole=_whole,
    booked=booked,
    listing=Listing(
        columns=("reference", ("item", "named"), "move", "count", "unit", "use_by", "batch",
                 "place", "moment"),
        views=(View.LIST, View.CALENDAR, View.TIMELINE, View.CHART),
        boards=("move",),
        title="list.stock",
    ),
)  # fmt: skip
