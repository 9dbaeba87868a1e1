"""The room in which is taught: where it is, how many it holds, and from when until when."""

from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.kinds.training.course import MANAGERS, MODES
from tansiq.domain.kinds.training.instructors import checked_span

TRAINING_ROOM: Final = Kind(
    name="training_room",
    version=1,
    letter="U",
    fields=(
        Field(name="code", type=Type.LINE, required=True, searchable=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="place", type=Type.PLACE, searchable=True),
        Field(name="capacity", type=Type.COUNT, required=True),
        Field(name="mode", type=Type.CHOICE, choices=MODES, required=True),
        Field(name="from", type=Type.DATE),
        Field(name="until", type=Type.DATE),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("saved",),
    writers=MANAGERS,
    place="place",
    inbox=False,
    facets=(Facet(field="place"), Facet(field="mode")),
    whole=checked_span,
    listing=Listing(
        columns=("reference", "code", "text", "place", "capacity", "mode", "from", "until",
                 "owner"),
        views=(View.LIST, View.BOARD, View.CHART),
        boards=("mode",),
    ),
)  # fmt: skip
