"""The suspension: a decision of one party that training stands still, why, until when, and when it
is looked at again.

It suspends its own party's cohorts. To each other owner of cohorts in its scope goes a record of
its own that names that owner's cohorts alone: a case in a circle whose one seat answers for its
party. Who suspends too writes a suspension of its own about it, with a decision of its own
(``suspend_too``): nobody suspends another party's cohort.
"""

from collections.abc import Sequence
from typing import Final

from tansiq.domain.cases.declaration import (
    OWNER,
    SEAT,
    Declaration,
    Fact,
    Form,
    Rounds,
    Shape,
    Value,
)
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet, day_moment
from tansiq.domain.kinds.kind import Kind, Put
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.kinds.training.cohort import REASONS
from tansiq.domain.kinds.training.course import FAMILIES, MANAGERS
from tansiq.domain.parties import NATIONS, Relation
from tansiq.domain.records import Body

COHORTS_MAX: Final = 300  # of one decision
# Which cohorts meet: who meets in person also where a part of it is taught on line.
MEETS: Final = ("in_person", "on_line")
NOTICES: Final = ("notice_en", "notice_ar", "notice_ckb")
# Why an owner that was asked goes on.
GOES_ON: Final = frozenset({"on_line", "nearly_finished", "no_danger", "own_decision", "other"})
_ANSWERS: Final = frozenset({Relation.ADDRESSEE})

CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=("decided", "owners_asked", "owners_answered"),
    acts=(
        Fact(
            name="ask_owner", by=OWNER, roles=MANAGERS,
            values=(Value(name="seats", form=Form.SEATS),),
        ),
        Fact(
            name="suspend_too", by=SEAT, roles=MANAGERS, relations=_ANSWERS, makes="suspension",
        ),
        Fact(
            name="train_on", by=SEAT, roles=MANAGERS, relations=_ANSWERS,
            values=(Value(name="goes_on_because", choices=GOES_ON),),
        ),
        Fact(name="end_asking", by=OWNER, roles=MANAGERS),
    ),
    rounds=Rounds(
        opens="ask_owner", answers=frozenset({"suspend_too", "train_on"}), concludes="end_asking",
    ),
    asked=Relation.ADDRESSEE,
)  # fmt: skip


def is_asking(body: Body) -> bool:
    """Whether it asks another party, and suspends nothing itself."""
    return bool(body.get("asks_owner"))


def puts(body: Body) -> Sequence[Put]:
    """What a suspension asks of positions of its own party: to look at it again on the day of its
    review, and to decide about the projects that wait for its cohorts.
    """
    review, found = body.get("review"), list[Put]()
    if isinstance(review, str) and not is_asking(body):
        found.append(Put(about="", seat="", due=day_moment(review)))
    projects, seats = body.get("projects"), body.get("put_to")
    if isinstance(projects, list) and isinstance(seats, list):
        found += (Put(about=str(one), seat=str(seat), due=0) for one in projects for seat in seats)
    return found


def kept(before: Body, after: Body) -> Body:
    """The body of the next edition: what has ended is not looked at again."""
    ended = bool(after.get("ended"))
    return {name: value for name, value in after.items() if not (ended and name == "review")}


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    first, last, review = (body.get(name) for name in ("first_day", "last_day", "review"))
    if not review and not body.get("ended"):
        raise InputError("suspension_review", field="review")
    if isinstance(review, str) and review <= str(first):
        raise InputError("suspension_review_early", field="review")
    if isinstance(last, str) and last < str(first):
        raise InputError("suspension_days", field="last_day")


SUSPENSION: Final = Kind(
    name="suspension",
    version=1,
    letter="Z",
    fields=(
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="part_of", type=Type.RECORD, above=False, fixed=True, hidden=True),
        Field(name="asks_owner", type=Type.PARTY, hidden=True),
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="reason_class", type=Type.CHOICE, choices=REASONS, required=True, hidden=True),
        Field(name="reason", type=Type.TEXT, required=True, searchable=True, hidden=True),
        Field(name="decision", type=Type.LINE, required=True, searchable=True, hidden=True),
        Field(name="first_day", type=Type.DATE, required=True, hidden=True),
        Field(name="last_day", type=Type.DATE, hidden=True),
        Field(name="review", type=Type.DATE, hidden=True),
        Field(name="ended", type=Type.DATE, hidden=True),
        Field(name="meets", type=Type.CHOICE, choices=MEETS, hidden=True),
        Field(name="family", type=Type.CHOICE, choices=FAMILIES, hidden=True),
        Field(name="lead", type=Type.CHOICE, choices=NATIONS, hidden=True),
        Field(name="at_places", type=Type.ROWS, searchable=True, hidden=True,
              columns=(Field(name="at_place", type=Type.LINE, searchable=True),)),
        Field(name="suspends", type=Type.RECORDS, hidden=True, most=COHORTS_MAX),
        # Sums over all own cohorts: a reader of the notice may see some of them alone.
        Field(name="place_sum", type=Type.COUNT, above=False, fixed=True, hidden=True),
        Field(name="day_sum", type=Type.COUNT, above=False, fixed=True, hidden=True),
        Field(name="projects", type=Type.RECORDS, above=False, fixed=True, hidden=True),
        Field(name="put_to", type=Type.POSITIONS, above=False, fixed=True, hidden=True),
        Field(name="notice_en", type=Type.TEXT),
        Field(name="notice_ar", type=Type.TEXT),
        Field(name="notice_ckb", type=Type.TEXT),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    writers=MANAGERS,
    about="about",
    inbox=False,  # it waits for whom a round names
    due="review",
    facets=(
        Facet(field="reason_class"), Facet(field="meets"), Facet(field="family"),
        Facet(field="lead"),
    ),
    whole=_whole,
    keeps=kept,
    puts=puts,
    circles=is_asking,
    case=CASE,
    tones=(("owners_asked", "warn"), ("owners_answered", "ok")),
    listing=Listing(
        columns=(
            "reference", ("text", "reason_class"), "first_day", "last_day", "review", "ended",
            "owner", "state",
        ),
        views=(View.LIST, View.CALENDAR, View.TIMELINE, View.CHART),
        boards=("reason_class",),
    ),
)  # fmt: skip
