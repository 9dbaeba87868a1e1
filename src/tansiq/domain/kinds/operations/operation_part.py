"""The part of a joint operation: what one party will do in it, in plain terms.

It is that party's own record about the operation's frame, released to whom that party decides. So
who looks at the frame sees the parts that were shared with it; a part that was not written and one
that was not shared are the same to it. Counts only, no persons, no aim, weapon or target.
"""

from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.operations.windows import check_windows
from tansiq.domain.records import Body

SAID, TAKEN_BACK = "part_said", "part_taken_back"
DOES: Final = (
    "accompanies", "keeps_road_open", "guides", "carries", "medical_post", "engineers_road",
    "informs_people", "watches_road", "keeps_links", "stands_by",
)  # fmt: skip


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    check_windows(body)


OPERATION_PART: Final = Kind(
    name="operation_part",
    version=1,
    letter="JP",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="does", type=Type.CHOICE, required=True, choices=DOES),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="begins", type=Type.MOMENT, required=True),
        Field(name="until", type=Type.MOMENT, required=True),
        Field(name="people", type=Type.COUNT),
        Field(name="vehicles", type=Type.COUNT),
        Field(name="contact", type=Type.LINE, required=True, searchable=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=(SAID, TAKEN_BACK),
    transitions=(
        Transition(name="take_part_back", sources=frozenset({SAID}), target=TAKEN_BACK),
    ),
    about="about",
    due="begins",
    ends="until",
    facets=(Facet(field="does"),),
    whole=_whole,
    tones=((TAKEN_BACK, "bad"),),
    listing=Listing(
        columns=("reference", ("text", "does"), ("begins", "until"), "people", "vehicles",
                 ("contact", "owner"), "state"),
        tabs=(Tab(name="open", states=(SAID,)), ALL),
        views=(View.LIST, View.CALENDAR, View.CHART),
    ),
)  # fmt: skip
