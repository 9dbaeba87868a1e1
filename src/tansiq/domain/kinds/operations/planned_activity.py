"""The planned activity: where and when something will be done, so that two plans that meet are
seen in time by both sides.

There is no planning of strikes or raids. What nobody may know more of stands here as a closed area,
sealed: an area and a time, in the program's own words, for safety. What is sealed never leaves its
party; an open one is never sealed later, for it may have gone.
"""

from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Phase, Tab, View
from tansiq.domain.operations.spells import REPEATS
from tansiq.domain.operations.windows import check_windows, over_at
from tansiq.domain.parties import WATCH
from tansiq.domain.records import Body
from tansiq.domain.wording import LANGUAGES, words

CLOSED_AREA: Final = "closed_area"
AID_CONVOY: Final = "aid_convoy"
ACTIVITIES: Final = (
    "movement", "training", "engineering", "medical", "visit", "survey", "air_transit",
    AID_CONVOY, CLOSED_AREA,
)  # fmt: skip
OPEN: Final = "open"
SEALED: Final = "sealed"
CHECKED: Final = "checked"
SEEN: Final = "neighbours_seen"  # the digest of what the author of an edition was shown
AGREED: Final = "agreed"
SETTLED: Final = "agreed_in"  # the meeting, or the sealed check, by which it is as it is
UNSETTLED: Final = frozenset({"planned", CHECKED})
STANDING: Final = ("planned", CHECKED, AGREED, "active")
OFF: Final = ("given_back", "cancelled")  # it does not take place
_PLACED: Final = (
    "area", "begins", "until", "repeats", "repeats_until", "floor_metres", "ceiling_metres",
)  # fmt: skip
MARGIN_METRES_MAX: Final = 50_000
MARGIN_MINUTES_MAX: Final = 10_080  # a week
HEIGHT_METRES_MAX: Final = 30_000
_MOST: Final = {
    "margin_metres": MARGIN_METRES_MAX, "margin_minutes": MARGIN_MINUTES_MAX,
    "floor_metres": HEIGHT_METRES_MAX, "ceiling_metres": HEIGHT_METRES_MAX,
}  # fmt: skip


def closed_text() -> str:
    """What a closed area is called, whoever writes it and whatever they typed."""
    named = words("activity.closed_text")
    return " · ".join(named.of(language) for language in LANGUAGES)


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    if not body.get("text"):
        raise InputError("field_required", field="text")
    check_windows(body)
    for name, most in _MOST.items():
        if int(str(body.get(name, 0))) > most:
            raise InputError("count_most", field=name, limit=most)
    floor, ceiling = body.get("floor_metres"), body.get("ceiling_metres")
    if ceiling is not None and int(str(ceiling)) <= int(str(floor or 0)):
        raise InputError("height_order", field="ceiling_metres")
    if body["activity"] == CLOSED_AREA and body["sealed"] != SEALED:
        raise InputError("closed_area_sealed", field="sealed")


def _keeps(before: Body, written: Body) -> Body:
    """A closed area says what the program says of it, and what was agreed for another place or time
    is not agreed for this one. Raises InputError for an open activity that would be sealed.
    """
    if before.get("sealed") == OPEN and written.get("sealed") == SEALED:
        raise InputError("sealed_later", field="sealed")
    if any(before.get(name) != written.get(name) for name in _PLACED):
        written = {name: value for name, value in written.items() if name != SETTLED}
    if written.get("activity") == CLOSED_AREA:
        return {**written, "text": closed_text()}
    return written


def _stands(body: Body, state: str) -> str:
    """In which state an edition stands: checked, once its author was shown what it meets; agreed
    as long as it is where and when it was agreed to be.
    """
    if state == AGREED and SETTLED not in body:
        state = "planned"
    return CHECKED if state == "planned" and SEEN in body else state


def _over(body: Body) -> int:
    """When it is over; what does not say so is not over."""
    found = over_at(body)
    return BOUNDS.moment_max if found is None else found


def _lesson(body: Body) -> Body:
    """What a lesson that is drawn from an exercise or another activity says at first."""
    return {"observed_what": body["text"]} if "text" in body else {}


PLANNED_ACTIVITY: Final = Kind(
    name="planned_activity",
    version=1,
    letter="PA",
    fields=(
        Field(name="activity", type=Type.CHOICE, required=True, choices=ACTIVITIES),
        Field(name="text", type=Type.LINE, searchable=True),
        Field(name="area", type=Type.AREA, required=True, searchable=True),
        Field(name="begins", type=Type.MOMENT, required=True),
        Field(name="until", type=Type.MOMENT, required=True),
        Field(name="contact", type=Type.LINE, required=True, searchable=True),
        Field(name="sealed", type=Type.CHOICE, required=True, choices=(OPEN, SEALED)),
        Field(name="margin_metres", type=Type.COUNT),
        Field(name="margin_minutes", type=Type.COUNT),
        Field(name="repeats", type=Type.CHOICE, choices=tuple(REPEATS), rare=True),
        Field(name="repeats_until", type=Type.DATE, rare=True),
        Field(name="floor_metres", type=Type.COUNT, rare=True),
        Field(name="ceiling_metres", type=Type.COUNT, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        # What was seen depends on what this party was told by others, and on what it has sealed.
        Field(name=SEEN, type=Type.DIGEST, above=False, fixed=True, hidden=True),
        Field(name=SETTLED, type=Type.RECORD, above=False, fixed=True, hidden=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    drafts={"lesson": _lesson},
    states=(*STANDING, "finished", *OFF),
    transitions=(
        Transition(
            name="agree_activity", sources=UNSETTLED | {AGREED}, target=AGREED, within=True,
            asks=(SETTLED,), needs=(SETTLED,),
        ),
        Transition(
            name="begin_activity", sources=UNSETTLED | {AGREED},
            target="active",
        ),
        Transition(
            name="finish_activity", sources=frozenset({"active"}), target="finished"
        ),
        Transition(
            name="give_back_booking", sources=frozenset(STANDING), target="given_back", key="g"
        ),
        Transition(
            name="cancel_activity", sources=UNSETTLED | {AGREED},
            target="cancelled",
        ),
    ),
    writers=WATCH,
    place="area",
    due="begins",
    ends="until",
    again=("repeats", "repeats_until"),
    over=_over,
    stays=("sealed", SEALED),
    occupies=frozenset(STANDING),
    off=frozenset(OFF),
    meets=frozenset({"planned_activity"}),
    facets=(Facet(field="activity"), Facet(field="sealed")),
    whole=_whole,
    keeps=_keeps,
    stands=_stands,
    tones=(
        ("checked", "ok"), ("agreed", "ok"), ("active", "warn"), ("given_back", "bad"),
        ("cancelled", "bad"),
    ),
    listing=Listing(
        columns=(
            "reference", "text", ("begins", "until", "repeats", "repeats_until"),
            ("activity", "sealed"), "area", ("contact", "owner"), "state",
        ),
        tabs=(
            Tab(name="coming", states=STANDING, phase=Phase.COMING),
            Tab(name="under_way", states=STANDING, phase=Phase.NOW),
            Tab(name="ended", states=(*STANDING, "finished"), phase=Phase.ENDED),
            Tab(name="off", states=OFF),
            ALL,
        ),
        views=(View.LIST, View.CALENDAR, View.TIMELINE, View.MAP),
        ended=UNSETTLED | {AGREED},
    ),
)  # fmt: skip
