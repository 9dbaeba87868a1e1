"""Medical evacuations on pages: the short form with the table of precedences, the timeline, asking
another party, telling the other side of a line, and what is made afterwards.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.operations import medevac, reviewing, safety
from tansiq.desk.operations.safety import Telling
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.crossing import CROSSING
from tansiq.domain.kinds.operations.medevac import (
    ACCEPTED,
    LYING,
    MEDEVAC,
    MOVING,
    NEEDED,
    OF_WHOM,
    PICKED_UP,
    PRECEDENCE,
    REPORTED,
    TABLE,
    WALKING,
)
from tansiq.domain.kinds.watch.incident import INCIDENT
from tansiq.domain.operations.precedences import PRECEDENCES
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import gazetteer
from tansiq.policy import mandate
from tansiq.web.records.views import shown_again
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.dates import typed_moment
from tansiq.web.shell.forms import Parsed, parse
from tansiq.web.shell.once import DRAFT
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.partner_seats import seats_of_partners
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

# What the panel shows of a request in its own way.
FIELDS: Final = frozenset({*PRECEDENCES, LYING, WALKING, PRECEDENCE, NEEDED, TABLE, REPORTED})
_SHORT: Final = ("place", "contact", "channel")
_LATER: Final = ("security", "marking", *OF_WHOM, "terrain", "unknowns", "internal")
_ON_THE_ROAD: Final = frozenset({ACCEPTED, MOVING, PICKED_UP})
_TO, _SEATS = "to", "seats"
_TEXT_MAX: Final = 200


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The short form; it goes as it is sent to the one party that is chosen, whose watch it asks.
    Nobody is chosen beforehand.
    """
    demand(mandate.may_write(seat.position.role, MEDEVAC))
    desk, language = current().desk, language_of(request)
    if request.method == "GET":
        parsed = Parsed(values={REPORTED: moment_text(desk.clock.now())})
        return _form(request, seat, parsed, "", status=200)
    parsed = parse(request, MEDEVAC, language)
    parsed.errors.pop(_SEATS, None)
    to = str(request.POST.get(_TO, ""))[:_TEXT_MAX]
    try:
        party = _party(to)
        if not parsed.errors:
            record = medevac.request(desk, seat.actor, parsed.body, party)
            request.session[DRAFT] = _draft_of(seat)
            return HttpResponseRedirect(f"/record/{desk.me}/{record}")
    except FaultError as error:
        parsed.blame(error, language)
    return _form(request, seat, parsed, to, status=422)


def _party(code: str) -> PartyCode:
    """A party that can be asked. Raises InputError."""
    if code not in read.partner_codes(current().desk):
        raise InputError("field_required", field=_TO)
    return PartyCode(code)


def _draft_of(seat: Seat) -> str:
    return f"{MEDEVAC.name}.{seat.actor.person}"


def _form(
    request: HttpRequest, seat: Seat, parsed: Parsed, to: str, *, status: int
) -> HttpResponse:
    language, desk = language_of(request), current().desk
    fields = {one.name: one for one in MEDEVAC.fields}
    return render(
        request, "operations/medevac_new.html", status=status, values=parsed.values,
        errors=parsed.errors, fields=fields, draft=_draft_of(seat), to=to,
        towns=[town.names.of(language) for town in gazetteer().values()],
        hints=[name for name, one in fields.items() if one.hinted],
        short=_SHORT, precedences=PRECEDENCES, later=_LATER, partners=seats_of_partners(),
        table=medevac.table_here(desk),
    )  # fmt: skip


def panel(seat: Seat, view: View) -> Context:
    """What the page of a request shows: how many how soon, the timeline, and what this seat may
    do.
    """
    desk, v = current().desk, view.value
    told = safety.tellings(desk, seat.viewer, view, seat.actor).value
    own, crosses = v.owner == desk.me, bool(mandate.may_write(seat.position.role, CROSSING))
    writes = own and bool(mandate.may_write(seat.position.role, MEDEVAC))
    offered = medevac.may_be_offered(desk, seat.viewer, view, told).value if writes else ()
    on_the_road = v.state in _ON_THE_ROAD
    lines = medevac.lines_in_force(desk, seat.viewer) if crosses and on_the_road else []
    return {
        "stamps": medevac.stamps(desk, seat.viewer, view, told).value,
        "running": v.state in (MEDEVAC.listing.running if MEDEVAC.listing else ()),
        "counts": [(name, v.body[name]) for name in PRECEDENCES if v.body.get(name)],
        "heads": [(name, v.body[name]) for name in (LYING, WALKING) if v.body.get(name)],
        "offered": offered,
        "lines": [(one, sorted(medevac.across(desk.me, one.value))) for one in lines],
        "crossings": medevac.crossings(desk, seat.viewer, view),
        "crosses": moment_text(desk.clock.now()),
        "unsent": own and not _has_left(told),
        "may_follow": own and bool(mandate.may_write(seat.position.role, INCIDENT)),
        "review": reviewing.review_of(desk, seat.viewer, v.record) if own else None,
    }  # fmt: skip


def _has_left(told: Sequence[Telling]) -> bool:
    return any(one.lane for one in told)


@require_POST
@signed_on
def offer_again(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Ask another party instead."""
    desk = current().desk
    view = _request(seat, desk.me, record)
    try:
        to = str(request.POST.get(_TO, ""))[:_TEXT_MAX]
        medevac.offer_again(desk, seat.actor, str(record), _party(to))
    except FaultError as error:
        return _tried(request, seat, view, error, {"act": "offer"})
    return HttpResponseRedirect(f"/record/{desk.me}/{record}")


@require_POST
@signed_on
def crossing(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Tell the other side of a line that an ambulance crosses it."""
    desk = current().desk
    view = _request(seat, owner, record)
    typed = {name: str(request.POST.get(name, ""))[:_TEXT_MAX].strip()
             for name in ("line", "crosses", "contact")}  # fmt: skip
    try:
        for name, value in typed.items():
            if not value:
                raise InputError("field_required", field=name)
        line_owner, _, line = typed["line"].partition("/")
        medevac.tell_crossing(
            desk, seat.actor, owner, str(record), line=(line_owner, line),
            crosses=typed_moment(typed["crosses"], current().zone, "crosses"),
            contact=typed["contact"],
        )  # fmt: skip
    except FaultError as error:
        return _tried(request, seat, view, error, {**typed, "act": "crossing"})
    return HttpResponseRedirect(f"/record/{owner}/{record}#crossings")


def _request(seat: Seat, owner: str, record: UUID) -> View:
    """A request that this seat may see and act on. Raises InputError, RefusedError."""
    demand(mandate.may_write(seat.position.role, MEDEVAC))
    view = read.record(current().desk, seat.viewer, owner, str(record))
    if view.value.kind != MEDEVAC.name:
        raise InputError("record_absent")
    return view


def _tried(
    request: HttpRequest, seat: Seat, view: View, error: FaultError, typed: dict[str, str]
) -> HttpResponse:
    """The page again, with why an act was not done and all that was typed."""
    parsed = Parsed(kind=CROSSING.name)
    parsed.blame(error, language_of(request))
    tried = {"act": typed["act"], "errors": parsed.errors, "typed": typed}
    return shown_again(request, seat, view, medevac_tried=tried)


@require_POST
@signed_on
def follow_up(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Make an incident and the draft of a review from an own request."""
    desk = current().desk
    review = medevac.follow_up(desk, seat.actor, str(record))
    return HttpResponseRedirect(f"/record/{desk.me}/{review}")
