"""The incident: one event as its owner knows it, with the grade of the source and what is not
known.

Counts only: no field describes a person, a vehicle that is followed, or a weapon.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.records import Body

CATEGORIES = (
    "obstruction", "explosive_hazard", "shooting", "between_parties", "attack", "fire", "flood",
    "traffic", "medical", "outage", "drone", "civil_protection", "rumour", "protected_site",
    "unrest", "other",
)  # fmt: skip
SEVERITIES = ("flash", "urgent", "routine")
_CHECKED = frozenset({"confirmed", "not_confirmed", "false"})


def _lesson(body: Body) -> Body:
    """What a lesson that is drawn from an incident says at first."""
    return {"observed_what": body["text"]} if "text" in body else {}


def _assessment(_: Body) -> Body:
    """What an assessment that rests on an incident says at first: the judgement is its author's."""
    return {}


INCIDENT = Kind(
    name="incident",
    version=1,
    letter="I",
    fields=(
        Field(name="category", type=Type.CHOICE, choices=CATEGORIES, required=True),
        Field(name="severity", type=Type.CHOICE, choices=SEVERITIES, required=True),
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="observed", type=Type.MOMENT, required=True),
        Field(name="place", type=Type.PLACE, required=True, searchable=True),
        Field(name="size", type=Type.LINE, searchable=True),
        Field(name="hurt", type=Type.COUNT),
        Field(name="dead", type=Type.COUNT),
        Field(name="done", type=Type.TEXT, searchable=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="asked", type=Type.TEXT, searchable=True),
        Field(name="grade", type=Type.GRADE, required=True),
        Field(name="informant", type=Type.LINE, above=False, searchable=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="source_ref", type=Type.LINE, above=False, fixed=True, hidden=True),
        Field(name="same_as", type=Type.RECORDS, above=False, hidden=True, governs=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
        Field(
            name="originals", type=Type.ATTACHMENTS, above=False, fixed=True, hidden=True
        ),
    ),
    drafts={"lesson": _lesson, "assessment": _assessment},
    states=(
        "reported", "being_checked", "confirmed", "not_confirmed", "false", "followed_up", "closed",
    ),
    transitions=(
        Transition(name="check", sources=frozenset({"reported"}), target="being_checked"),
        Transition(
            name="confirm",
            sources=frozenset({"reported", "being_checked", "not_confirmed"}),
            target="confirmed",
        ),
        Transition(
            name="not_confirm",
            sources=frozenset({"reported", "being_checked"}),
            target="not_confirmed",
        ),
        Transition(
            name="declare_false",
            sources=frozenset({"reported", "being_checked", "not_confirmed"}),
            target="false",
        ),
        Transition(
            name="follow_up", sources=frozenset({"confirmed"}), target="followed_up",
            needs=("done",),
        ),
        Transition(name="close", sources=_CHECKED | {"followed_up"}, target="closed"),
        Transition(name="reopen", sources=frozenset({"closed"}), target="being_checked"),
    ),
    title="text",
    moment="observed",
    place="place",
    tones=(
        ("confirmed", "ok"), ("followed_up", "ok"), ("being_checked", "warn"),
        ("reported", "warn"), ("false", "bad"),
    ),
    facets=(Facet(field="severity"), Facet(field="category"), Facet(field="place")),
    listing=Listing(
        columns=(
            "reference", "severity", ("text", "category"), "place", "observed", "owner", "grade",
            "state",
        ),
        tabs=(
            Tab(
                name="open",
                states=("reported", "being_checked", "confirmed", "not_confirmed", "followed_up"),
            ),
            ALL,
        ),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.MAP, View.CHART),
        boards=("state", "severity"),
        title="section.incidents",
    ),
)  # fmt: skip
