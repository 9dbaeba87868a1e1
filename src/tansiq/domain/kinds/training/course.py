"""The course: what is taught, in how many days, to how many at once, and what must come before it.

Cohorts of it are planned by its owner (``cohort``). Nothing here names a person.
"""

from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.parties import Role
from tansiq.domain.records import Body

MANAGERS: Final = frozenset({Role.TRAINING_MANAGER, Role.SENIOR_DUTY_OFFICER})
FAMILIES: Final = (
    "command", "instruction", "medical", "safety", "supply", "communications", "law", "management",
)  # fmt: skip
SUBJECTS: Final = (
    "instruction", "staff_work", "leadership", "first_aid", "medevac", "explosive_hazards",
    "logistics", "radio", "upkeep", "law", "projects", "duty", "payroll", "other",
)  # fmt: skip
LANGUAGES: Final = ("ckb", "ar", "en")
# How a cohort is taught, and for what a room serves.
MODES: Final = ("in_person", "on_line", "mixed")


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    least, most = body.get("size_min"), body.get("size_max")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        raise InputError("course_size", field="size_max")
    if not body["days"]:
        raise InputError("training_no_days", field="days")


COURSE: Final = Kind(
    name="course",
    version=1,
    letter="T",
    fields=(
        Field(name="code", type=Type.LINE, required=True, searchable=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="title_en", type=Type.LINE, searchable=True, rare=True),
        Field(name="title_ar", type=Type.LINE, searchable=True, rare=True),
        Field(name="title_ckb", type=Type.LINE, searchable=True, rare=True),
        Field(name="family", type=Type.CHOICE, choices=FAMILIES, required=True),
        Field(name="subject", type=Type.CHOICE, choices=SUBJECTS, required=True),
        Field(name="objectives", type=Type.TEXT, searchable=True),
        Field(name="days", type=Type.COUNT, required=True),
        Field(name="language", type=Type.CHOICE, choices=LANGUAGES),
        Field(name="on_line", type=Type.FLAG),
        Field(name="size_min", type=Type.COUNT),
        Field(name="size_max", type=Type.COUNT),
        Field(name="needs", type=Type.LINE, searchable=True, rare=True),
        Field(name="certificate_months", type=Type.COUNT, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=("in_use", "retired"),
    transitions=(
        Transition(
            name="retire", sources=frozenset({"in_use"}), target="retired", roles=MANAGERS
        ),
        Transition(
            name="use_again", sources=frozenset({"retired"}), target="in_use", roles=MANAGERS
        ),
    ),
    writers=MANAGERS,
    inbox=False,
    facets=(
        Facet(field="family"), Facet(field="subject"), Facet(field="language"),
        Facet(field="on_line"),
    ),
    whole=_whole,
    listing=Listing(
        columns=(
            "reference", "code", ("text", "family"), "days", "language", "size_max", "on_line",
            "owner", "state",
        ),
        tabs=(Tab(name="in_use", states=("in_use",)), ALL),
        views=(View.LIST, View.BOARD, View.CHART),
        boards=("family", "subject", "state"),
    ),
)  # fmt: skip
