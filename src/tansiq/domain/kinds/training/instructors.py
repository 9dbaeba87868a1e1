"""The instructors whom a party has for a subject in a language: how many, never who."""

from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.kinds.training.course import LANGUAGES, MANAGERS, SUBJECTS
from tansiq.domain.parties import NATIONS
from tansiq.domain.records import Body

LOCAL: Final = "local"


def checked_span(body: Body) -> None:
    """Raises InputError where something ends before it begins."""
    begins, ends = body.get("from"), body.get("until")
    if isinstance(begins, str) and isinstance(ends, str) and ends < begins:
        raise InputError("training_span", field="until")


INSTRUCTORS: Final = Kind(
    name="instructors",
    version=1,
    letter="J",
    fields=(
        Field(name="subject", type=Type.CHOICE, choices=SUBJECTS, required=True),
        Field(name="language", type=Type.CHOICE, choices=LANGUAGES, required=True),
        Field(name="of", type=Type.CHOICE, choices=(LOCAL, *NATIONS), required=True),
        Field(name="count", type=Type.COUNT, required=True),
        Field(name="from", type=Type.DATE),
        Field(name="until", type=Type.DATE),
        Field(name="text", type=Type.LINE, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
    ),
    states=("saved",),
    writers=MANAGERS,
    title="subject",
    inbox=False,
    facets=(Facet(field="subject"), Facet(field="language"), Facet(field="of")),
    whole=checked_span,
    listing=Listing(
        columns=("reference", "subject", "language", "of", "count", "from", "until", "text",
                 "owner"),
        views=(View.LIST, View.BOARD, View.CHART),
        boards=("subject", "language", "of"),
    ),
)  # fmt: skip
