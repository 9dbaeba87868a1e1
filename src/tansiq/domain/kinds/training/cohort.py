"""The cohort: one time that a course is taught, with its dates, its places and its counts.

Counts say how many, never who. The dates that stand when a cohort is first moved are kept as its
baseline, once. Person-days and lost days come from its sessions (``session``).
"""

import itertools
from typing import Final

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, codes_in
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.training.course import LANGUAGES, MANAGERS, MODES, SUBJECTS
from tansiq.domain.parties import NATIONS
from tansiq.domain.records import Body

REASONS: Final = ("pandemic", "security", "funding", "instructors", "place", "other")
AHEAD: Final = ("planned", "nominated", "clearance_pending", "cleared")
UNDER_WAY: Final = ("running", "resumed")
OPEN: Final = (*AHEAD, *UNDER_WAY, "suspended")
OVER: Final = ("finished", "cancelled")
_WHY: Final = ("reason_class", "reason", "decision")  # asked anew with every change of state
_DATES: Final = ("first_day", "last_day")
# Each count is at most the next; one that is not said stands in nobody's way.
_COUNTS: Final = ("passed", "finished", "enrolled", "places")
_ABOVE: Final = {
    "days_done": "cohort_days_done", "enrolled": "cohort_enrolled",
    "finished": "cohort_finished", "passed": "cohort_passed",
}  # fmt: skip


def _move(
    name: str, target: str, *sources: str, needs: tuple[str, ...] = (), asks: tuple[str, ...] = (),
    proof: str = "",
) -> Transition:  # fmt: skip
    return Transition(
        name=name, sources=frozenset(sources), target=target, roles=MANAGERS, needs=needs,
        asks=asks, proof=proof,
    )  # fmt: skip


def project_codes(body: Body) -> tuple[str, ...]:
    """The codes of the reform projects of the same owner that a cohort serves, each once."""
    return codes_in(body.get("for_projects"))


def kept_baseline(before: Body, after: Body) -> Body:
    """The body of the next edition of a cohort: where its dates move for the first time, the old
    ones become its baseline, and a baseline that is there stays.
    """
    old, new = ([body.get(name) for name in _DATES] for body in (before, after))
    if after.get("baseline_first") or not all(old) or old == new:
        return after
    return after | dict(zip(("baseline_first", "baseline_last"), old, strict=True))


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    first, last = body.get("first_day"), body.get("last_day")
    if last and not first:
        raise InputError("cohort_first_day", field="first_day")
    if isinstance(first, str) and isinstance(last, str) and last < first:
        raise InputError("cohort_dates", field="last_day")
    if bool(body.get("baseline_first")) != bool(body.get("baseline_last")):
        raise InputError("cohort_baseline", field="baseline_last")
    if not body["days"]:
        raise InputError("training_no_days", field="days")
    said = [name for name in _COUNTS if name in body]
    for name, limit in (("days_done", "days"), *itertools.pairwise(said)):
        count, most = body.get(name, 0), body[limit]
        if isinstance(count, int) and isinstance(most, int) and count > most:
            raise InputError(_ABOVE[name], field=name, limit=most)


COHORT: Final = Kind(
    name="cohort",
    version=1,
    letter="G",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="code", type=Type.LINE, required=True, searchable=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="mode", type=Type.CHOICE, choices=MODES, required=True),
        Field(name="place", type=Type.PLACE, searchable=True),
        Field(name="room", type=Type.LINE, searchable=True, rare=True),
        Field(name="lead", type=Type.CHOICE, choices=NATIONS),
        Field(name="subject", type=Type.CHOICE, choices=SUBJECTS),
        Field(name="language", type=Type.CHOICE, choices=LANGUAGES),
        Field(name="first_day", type=Type.DATE),
        Field(name="last_day", type=Type.DATE),
        Field(name="baseline_first", type=Type.DATE, hidden=True),
        Field(name="baseline_last", type=Type.DATE, hidden=True),
        Field(name="days", type=Type.COUNT, required=True),
        Field(name="days_done", type=Type.COUNT),
        Field(name="places", type=Type.COUNT, required=True),
        Field(name="nominated", type=Type.COUNT),
        Field(name="enrolled", type=Type.COUNT),
        Field(name="finished", type=Type.COUNT),
        Field(name="passed", type=Type.COUNT),
        Field(name="instructors", type=Type.COUNT),
        Field(name="for_projects", type=Type.LINE, searchable=True, rare=True),
        Field(name="merged_into", type=Type.LINE, searchable=True, rare=True),
        Field(name="reason_class", type=Type.CHOICE, choices=REASONS, rare=True),
        Field(name="reason", type=Type.TEXT, searchable=True, rare=True),
        Field(name="decision", type=Type.LINE, searchable=True, rare=True),
        Field(name="review", type=Type.DATE, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=(*OPEN, *OVER),
    transitions=(
        _move("nominate", "nominated", "planned", "resumed", needs=("nominated",),
              asks=("nominated",)),
        # A clearance that lapses before the cohort begins is asked for again.
        _move("ask_clearance", "clearance_pending", "nominated", "cleared", "resumed"),
        _move("clear", "cleared", "clearance_pending", proof="clearance"),
        _move("begin", "running", "cleared", needs=("first_day", "enrolled"), asks=("enrolled",),
              proof="clearance"),
        _move("suspend", "suspended", *AHEAD, *UNDER_WAY, needs=(*_WHY, "review"),
              asks=(*_WHY, "review")),
        # What has not begun goes on to its clearance from there.
        _move("resume", "resumed", "suspended", needs=("decision",), asks=(*_WHY, "review")),
        _move("finish", "finished", *UNDER_WAY, needs=("enrolled", "finished", "last_day"),
              asks=("days_done", "finished", "passed")),
        _move("call_off", "cancelled", *OPEN, needs=_WHY, asks=(*_WHY, "merged_into")),
    ),
    writers=MANAGERS,
    about="about",
    place="place",
    inbox=False,
    due="first_day",
    ends="last_day",
    facets=(
        Facet(field="subject"), Facet(field="mode"), Facet(field="place"), Facet(field="lead"),
        Facet(field="language"), Facet(field="reason_class"),
    ),
    whole=_whole,
    keeps=kept_baseline,
    tones=(
        ("running", "ok"), ("resumed", "ok"), ("finished", "ok"), ("clearance_pending", "warn"),
        ("suspended", "bad"), ("cancelled", "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", "code", ("text", "subject"), "place", "mode", "first_day", "last_day",
            "days_done", "days", "places", "enrolled", "passed", "owner", "state",
        ),
        tabs=(Tab(name="open", states=OPEN), Tab(name="finished", states=("finished",)), ALL),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.CHART),
        boards=("state", "subject", "mode", "lead"),
    ),
)  # fmt: skip
