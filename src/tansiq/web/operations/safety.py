"""Safety messages on pages: the form with one sentence, who was told, saying it back, the telephone
card, standing it down, and what is made from it.
"""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.operations import reviewing, safety
from tansiq.desk.records import linked, read
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.safety_message import (
    READ_BACK,
    RESULTS,
    SAFETY_MESSAGE,
    STOOD_DOWN,
    WHOM,
)
from tansiq.domain.kinds.operations.said_back import near_towns, place_of
from tansiq.domain.kinds.watch.incident import INCIDENT
from tansiq.domain.places import gazetteer
from tansiq.policy import mandate
from tansiq.web.operations import named
from tansiq.web.records.views import shown
from tansiq.web.shell.forms import Parsed, parse
from tansiq.web.shell.once import DRAFT
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.partner_seats import seats_of_partners
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_TYPED_MAX: Final = 300


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One sentence to every party: it goes as it is sent, and nobody approves it. It may begin with
    a protected site, or name one.
    """
    demand(mandate.may_write(seat.position.role, SAFETY_MESSAGE))
    if request.method == "GET":
        parsed, meant = named.begun(request, seat)
        return _form(request, seat, parsed, meant, status=200)
    parsed = parse(request, SAFETY_MESSAGE, language_of(request))
    meant = named.with_site(request, seat, parsed)
    if not parsed.errors:
        try:
            record = safety.send(current().desk, seat.actor, parsed.body)
        except FaultError as error:
            parsed.blame(error, language_of(request))
        else:
            request.session[DRAFT] = _draft_of(seat)
            return HttpResponseRedirect(f"/record/{current().desk.me}/{record}#told")
    return _form(request, seat, parsed, meant, status=422)


def _draft_of(seat: Seat) -> str:
    return f"{SAFETY_MESSAGE.name}.{seat.actor.person}"


def _form(
    request: HttpRequest, seat: Seat, parsed: Parsed, meant: Context, *, status: int
) -> HttpResponse:
    language = language_of(request)
    partners = seats_of_partners()
    return render(
        request, "operations/new.html", status=status, values=parsed.values, errors=parsed.errors,
        fields={one.name: one for one in SAFETY_MESSAGE.fields}, draft=_draft_of(seat),
        towns=[town.names.of(language) for town in gazetteer().values()], hints=["text"],
        told=[one.code for one in partners if one.why != "no_agreement"],
        untold=[one.code for one in partners if one.why == "no_agreement"], **meant,
    )  # fmt: skip


def panel(seat: Seat, view: View) -> Context:
    """What the page of a message shows: who was told, what is to be said back here, and what this
    seat may do.
    """
    desk, v = current().desk, view.value
    told = safety.tellings(desk, seat.viewer, view, seat.actor)
    own = v.owner == desk.me
    acts = {act.name for one in told.value if one.lane for act in one.lane.acts}
    return {
        "told": told,
        "near": near_towns(place_of(v.body)),
        "typed": "place" if place_of(v.body) else "text",
        "may_say_back": not own and "read_back" in acts,
        "may_stand_down": own and any(
            one.may("stand_down") and one.stage != STOOD_DOWN for one in told.value
        ),
        "may_follow": own and bool(mandate.may_write(seat.position.role, INCIDENT)),
        "review": reviewing.review_of(desk, seat.viewer, v.record) if own else None,
        "whom": WHOM,
        "results": (READ_BACK, *RESULTS),
    }  # fmt: skip


def made_with(seat: Seat, view: View) -> Context:
    """The incident that was made together with a review."""
    return {"made_with": linked.named_by_owner(current().desk, seat.viewer, view, "incident")}


@require_POST
@signed_on
def read_back(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Say a message back. Where it was not said back rightly, the page is shown with what was
    typed.
    """
    typed = str(request.POST.get("typed", ""))[:_TYPED_MAX]
    tried = {"typed": typed, "confirmed": bool(request.POST.get("confirmed"))}
    try:
        safety.read_back(
            current().desk, seat.actor, owner, str(record), typed=typed,
            confirmed=bool(tried["confirmed"]),
        )  # fmt: skip
    except InputError as error:
        if error.code == "record_absent":
            raise
        parsed = Parsed()
        name = "typed" if error.code == "not_said_back" else ""
        parsed.blame(error, language_of(request), name)
        view = read.record(current().desk, seat.viewer, owner, str(record))
        found = {**shown(seat, view), "said_back": {**tried, "errors": parsed.errors}}
        return render(request, "records/page.html", status=422, **found)
    return _back(owner, record)


@require_POST
@signed_on
def called(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Keep that a party was telephoned, whom, and what came of it."""
    party, whom, result = (str(request.POST.get(n, ""))[:32] for n in ("party", "whom", "result"))
    desk = current().desk
    safety.called(desk, seat.actor, str(record), party, whom=whom, result=result)
    return _back(desk.me, record)


@require_POST
@signed_on
def stand_down(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """End an own message for every party."""
    safety.stand_down(current().desk, seat.actor, str(record))
    return _back(current().desk.me, record)


@require_POST
@signed_on
def follow_up(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Make an incident and the draft of a review from an own message."""
    desk = current().desk
    review = safety.follow_up(desk, seat.actor, str(record))
    return HttpResponseRedirect(f"/record/{desk.me}/{review}")


def _back(owner: str, record: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"/record/{owner}/{record}#told")
