"""The reform project: its charter, its milestones with what proves them, its money and its state.

The owner declares; nothing here says that anybody verified it. What was verified follows from the
evidence (``evidence``), and how far a project is from ``progress``, which is never typed in.
"""

from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, codes_in, rows_in
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.measures import CURRENCIES
from tansiq.domain.parties import NATIONS, Role
from tansiq.domain.records import Body

WORKSTREAMS: Final = (
    "governance", "people", "money", "supply", "training", "communications", "medical", "force",
    "engineering", "veterans",
)  # fmt: skip
# What proves that a milestone is done.
PROOFS: Final = (
    "order", "document", "register", "minutes", "protocol", "test", "pictures", "totals",
    "inspection", "receipt", "letter",
)  # fmt: skip
REASONS: Final = (
    "political", "resources", "partner", "pandemic", "funding", "security", "evidence", "other",
)  # fmt: skip
SOURCES: Final = ("own", *NATIONS, "others")
LEVELS: Final = ("high", "medium", "low")
AGAIN_DAYS_MAX: Final = 3_650  # after which accepted evidence is looked at a second time
LIGHTS: Final = ("red", "amber", "green")

MANAGERS: Final = frozenset({Role.PROGRAMME_MANAGER, Role.SENIOR_DUTY_OFFICER})
DECLARED: Final = ("executed", "closed")
_AHEAD: Final = ("proposed", "chartered")
UNDER_WAY: Final = ("in_progress", "submitted", "returned")
HELD: Final = ("on_hold", "suspended")
OPEN: Final = (*_AHEAD, *UNDER_WAY, *HELD)
_WHY: Final = ("reason_class", "reason", "decision")  # asked anew with every change of state

MILESTONE: Final = (
    Field(name="mark", type=Type.LINE),
    Field(name="named", type=Type.LINE, searchable=True),
    Field(name="done_when", type=Type.LINE, searchable=True),
    Field(name="weight", type=Type.COUNT),
    Field(name="due", type=Type.DATE),
    Field(name="proof", type=Type.CHOICE, choices=PROOFS),
    Field(name="sample", type=Type.LINE, searchable=True),
    Field(name="again_days", type=Type.COUNT),
    Field(name="done", type=Type.DATE),
)


def _move(name: str, target: str, *sources: str, needs: tuple[str, ...] = ()) -> Transition:
    return Transition(
        name=name, sources=frozenset(sources), target=target, roles=MANAGERS, needs=needs,
        asks=_WHY,
    )  # fmt: skip


def needed_codes(body: Body) -> tuple[str, ...]:
    """The codes of the projects of the same owner on which this one depends, each once."""
    return codes_in(body.get("depends_on"))


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    marks = [str(row.get("mark", "")) for row in rows_in(body, "milestones")]
    if not all(marks):
        raise InputError("milestone_mark", field="milestones")
    if len(set(marks)) < len(marks):
        raise InputError("milestone_twice", field="milestones")
    if any(not row.get("weight") for row in rows_in(body, "milestones")):
        raise InputError("milestone_weight", field="milestones")
    if any(row.get("again_days", 0) > AGAIN_DAYS_MAX for row in rows_in(body, "milestones")):
        raise InputError("milestone_again", field="milestones", limit=AGAIN_DAYS_MAX)
    start, end = body.get("start"), body.get("baseline_end")
    if isinstance(start, str) and isinstance(end, str) and end < start:
        raise InputError("project_dates", field="baseline_end")
    if body.get("light") and not body.get("light_reason"):
        raise InputError("light_reason", field="light_reason")


PROJECT: Final = Kind(
    name="project",
    version=1,
    letter="P",
    fields=(
        Field(name="code", type=Type.LINE, required=True, searchable=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="title_en", type=Type.LINE, searchable=True, rare=True),
        Field(name="title_ar", type=Type.LINE, searchable=True, rare=True),
        Field(name="title_ckb", type=Type.LINE, searchable=True, rare=True),
        Field(name="workstream", type=Type.CHOICE, choices=WORKSTREAMS, required=True),
        Field(name="objective", type=Type.TEXT, searchable=True),
        Field(name="scope", type=Type.TEXT, searchable=True, rare=True),
        Field(name="responsible", type=Type.LINE, searchable=True),
        Field(name="lead", type=Type.CHOICE, choices=NATIONS),
        Field(name="supporting", type=Type.ROWS, rare=True,
              columns=(Field(name="nation", type=Type.CHOICE, choices=NATIONS),)),
        Field(name="start", type=Type.DATE),
        Field(name="baseline_end", type=Type.DATE),
        Field(name="forecast_end", type=Type.DATE),
        Field(name="milestones", type=Type.ROWS, columns=MILESTONE, searchable=True),
        Field(name="depends_on", type=Type.LINE, searchable=True),
        Field(name="waits_for", type=Type.LINE, searchable=True, rare=True),
        Field(name="budget", type=Type.ROWS, columns=(
            Field(name="source", type=Type.CHOICE, choices=SOURCES),
            Field(name="planned", type=Type.MONEY, choices=tuple(CURRENCIES)),
            Field(name="spent", type=Type.MONEY, choices=tuple(CURRENCIES)),
        )),
        Field(name="risks", type=Type.ROWS, searchable=True, rare=True, columns=(
            Field(name="named", type=Type.LINE, searchable=True),
            Field(name="level", type=Type.CHOICE, choices=LEVELS),
        )),
        Field(name="outcomes", type=Type.ROWS, searchable=True, rare=True, columns=(
            Field(name="named", type=Type.LINE, searchable=True),
            Field(name="before", type=Type.COUNT),
            Field(name="target", type=Type.COUNT),
            Field(name="actual", type=Type.COUNT),
        )),
        Field(name="sustained_by", type=Type.LINE, searchable=True),
        Field(name="received_by", type=Type.LINE, searchable=True),
        Field(name="reason_class", type=Type.CHOICE, choices=REASONS, rare=True),
        Field(name="reason", type=Type.TEXT, searchable=True, rare=True),
        Field(name="decision", type=Type.LINE, searchable=True, rare=True),
        Field(name="light", type=Type.CHOICE, choices=LIGHTS, rare=True),
        Field(name="light_reason", type=Type.LINE, searchable=True, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=(*OPEN, *DECLARED, "cancelled"),
    transitions=(
        _move("charter", "chartered", "proposed", needs=(
            "objective", "responsible", "baseline_end", "milestones")),
        _move("begin", "in_progress", "chartered", needs=("start",)),
        _move("submit", "submitted", "in_progress", "returned"),
        _move("declare_executed", "executed", "submitted", needs=("sustained_by", "received_by")),
        _move("send_back", "returned", "submitted", needs=_WHY[:2]),
        _move("put_on_hold", "on_hold", *_AHEAD, *UNDER_WAY, needs=_WHY[:2]),
        _move("suspend", "suspended", "chartered", *UNDER_WAY, needs=_WHY),
        _move("resume", "in_progress", *HELD, needs=("decision",)),
        _move("call_off", "cancelled", *OPEN, needs=_WHY),
        _move("close", "closed", "executed", needs=("decision",)),
    ),
    writers=MANAGERS,
    inbox=False,
    due="baseline_end",
    facets=(
        Facet(field="workstream"), Facet(field="lead"), Facet(field="reason_class"),
    ),
    whole=_whole,
    tones=(
        ("executed", "ok"), ("closed", "ok"), ("submitted", "warn"), ("returned", "warn"),
        ("on_hold", "warn"), ("suspended", "bad"), ("cancelled", "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", "code", ("text", "workstream"), "lead", "start", "baseline_end",
            "forecast_end", "owner", "state",
        ),
        tabs=(
            ALL, Tab(name="open", states=OPEN), Tab(name="executed", states=DECLARED),
        ),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.CHART),
        boards=("state", "workstream", "lead"),
    ),
)  # fmt: skip
