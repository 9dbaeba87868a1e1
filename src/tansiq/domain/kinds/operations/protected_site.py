"""The protected site: what must not come to harm, where it is told, and when it is looked at again.

Its owner verifies it and asks the parties that hold it to confirm that they have it: a circle, in
which each member reads who has confirmed (docs/adr/0050). Being told is no permission, and a site
that is not on the list is protected as well. What one has confirmed is a place: where that changes,
it is verified anew, and every confirmation is of the older place.
"""

import datetime as dt
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
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Phase, Tab, View
from tansiq.domain.parties import ACTING, WATCH, Relation
from tansiq.domain.records import Body

SITES: Final = (
    "hospital", "clinic", "ambulance_post", "camp", "school", "water_power", "worship", "heritage",
    "relief_store", "convoy_route",
)  # fmt: skip
PROPOSED, VERIFIED, NOTIFIED, TAKEN_OFF = "proposed", "site_verified", "notified", "taken_off"
LISTED: Final = (PROPOSED, VERIFIED, NOTIFIED)
VERIFIED_HOW: Final = ("seen_there", "said_by_site", "said_by_relief", "seen_on_pictures")
TAKEN_OFF_FOR: Final = ("closed", "moved_away", "listed_twice", "asked_by_site", "mistake")
LASTING_DAYS: Final = 90  # until it is looked at again, where nobody says otherwise
LASTING_MAX: Final = dt.timedelta(days=366)
NOTIFY, CONFIRM = "notify_site", "confirm_site"
# What verifying says; it ends with the place, or the sort of site, that was verified.
OF_PLACE: Final = ("verified", "verified_how", "placed")
_SAID: Final = (*OF_PLACE, "until")

CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=(),
    acts=(
        Fact(
            name=NOTIFY, by=OWNER, roles=WATCH, checked=True,
            values=(Value(name="seats", form=Form.SEATS), Value(name="placed", form=Form.MOMENT)),
        ),
        Fact(
            name=CONFIRM, by=SEAT, roles=ACTING, checked=True,
            relations=frozenset({Relation.ADDRESSEE}),
        ),
    ),
    rounds=Rounds(opens=NOTIFY, answers=frozenset({CONFIRM})),
    asked=Relation.ADDRESSEE,
)  # fmt: skip


def kept(before: Body, after: Body) -> Body:
    """The body of the next edition, of the one before and of what a person wrote: another place was
    not verified. Raises InputError where it lasts longer without being verified.
    """
    if _where(before) != _where(after):
        return {name: value for name, value in after.items() if name not in OF_PLACE}
    if after.get("verified") and str(after["until"]) > str(before["until"]):
        raise InputError("site_lasts", field="until")
    return after


def _where(body: Body) -> tuple[object, ...]:
    place = body.get("place")
    found = place if isinstance(place, dict) else {}
    return (body.get("site"), *(found.get(name) for name in ("name", "key", "lat", "lon")))


def stands(body: Body, state: str) -> str:
    """In which state an edition stands: what is not verified is proposed."""
    return PROPOSED if state in LISTED and not body.get("verified") else state


def _whole(body: Body) -> None:
    """What only the fields together tell. Raises InputError that names the field."""
    verified = body.get("verified")
    if not isinstance(verified, str):
        return
    first, last = dt.date.fromisoformat(verified), dt.date.fromisoformat(str(body["until"]))
    if not first < last <= first + LASTING_MAX:
        raise InputError("site_until", field="until", limit=LASTING_MAX.days)


def _verifying(name: str, sources: frozenset[str], target: str) -> Transition:
    return Transition(
        name=name, sources=sources, target=target, needs=("verified", "until"), asks=_SAID,
        within=True,
    )  # fmt: skip


PROTECTED_SITE: Final = Kind(
    name="protected_site",
    version=1,
    letter="PS",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="site", type=Type.CHOICE, choices=SITES, required=True),
        Field(name="place", type=Type.PLACE, required=True, searchable=True, grains=True),
        Field(name="contact", type=Type.LINE),
        Field(name="until", type=Type.DATE, required=True),
        Field(name="verified", type=Type.DATE, hidden=True),
        Field(name="verified_how", type=Type.CHOICE, choices=VERIFIED_HOW, hidden=True),
        # When this place was verified first: what a confirmation is of.
        Field(name="placed", type=Type.MOMENT, hidden=True),
        Field(name="taken_off_for", type=Type.CHOICE, choices=TAKEN_OFF_FOR, hidden=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=(PROPOSED, VERIFIED, NOTIFIED, TAKEN_OFF),
    transitions=(
        # Only ``desk.operations.sites`` takes these three: day, place and round go together.
        _verifying("verify_site", frozenset({PROPOSED, VERIFIED}), VERIFIED),
        _verifying("verify_site_again", frozenset({NOTIFIED}), NOTIFIED),
        Transition(
            name=NOTIFY, sources=frozenset({VERIFIED}), target=NOTIFIED, within=True,
        ),
        Transition(
            name="take_site_off", sources=frozenset(LISTED), target=TAKEN_OFF,
            needs=("taken_off_for",), asks=("taken_off_for",),
        ),
    ),
    writers=ACTING,
    place="place",
    inbox=False,  # it waits for whom a round names
    due="until",
    lasting=LASTING_DAYS,
    lapses=frozenset({VERIFIED, NOTIFIED}),
    occupies=frozenset(LISTED),
    facets=(Facet(field="site"), Facet(field="place"), Facet(field="verified_how")),
    whole=_whole,
    keeps=kept,
    stands=stands,
    case=CASE,
    tones=((PROPOSED, "warn"), (VERIFIED, "ok"), (NOTIFIED, "ok")),
    ways=frozenset(),
    listing=Listing(
        columns=("reference", ("text", "site"), "place", "verified", "until", "owner", "state"),
        tabs=(
            Tab(name="listed_sites", states=LISTED),
            Tab(name="due_sites", states=(VERIFIED, NOTIFIED), phase=Phase.LAPSED),
            Tab(name="taken_off", states=(TAKEN_OFF,)),
            ALL,
        ),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.MAP),
        boards=("state", "site"),
    ),
)  # fmt: skip
