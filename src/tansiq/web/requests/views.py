"""Requests for information: writing one. Whom it asks decides to whom it may go."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.requests.rfi import RFI
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import gazetteer
from tansiq.domain.records import record_id
from tansiq.policy import mandate
from tansiq.web.shell.forms import Parsed, drafted, label_values, parse
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write a request for information, perhaps about a record. What the agreements let go goes at
    once to the seats that it asks.
    """
    demand(mandate.may_write(seat.position.role, RFI))
    about = _about(request, seat)
    if request.method == "GET":
        asked = {about.value.owner: ""} if about and about.value.received else {}
        return _form(request, seat, Parsed(values={"seats": asked}, label=Label()), about)
    parsed = parse(request, RFI, language_of(request))
    if not parsed.errors:
        try:
            return _written(request, seat, parsed, about)
        except FaultError as error:
            parsed.blame(error, language_of(request))
    return _form(request, seat, parsed, about, status=422)


def _about(request: HttpRequest, seat: Seat) -> View | None:
    """The record that the request is about; one that may not be seen is none."""
    given = str(request.POST.get("about") or request.GET.get("about", ""))[:60]
    owner, _, record = given.partition("/")
    if not given:
        return None
    try:
        return read.record(current().desk, seat.viewer, owner, record_id(record))
    except InputError:
        return None


def _written(
    request: HttpRequest, seat: Seat, parsed: Parsed, about: View | None
) -> HttpResponseRedirect:
    desk = current().desk
    if about is not None:
        parsed.body["about"] = about.value.record
    seats = parsed.body["seats"]
    assert isinstance(seats, list)
    parties = frozenset(PartyCode(str(one).partition("/")[0]) for one in seats)
    label = parsed.label
    parsed.label = Label(
        classification=label.classification, categories=label.categories, caveats=label.caveats,
        audience=(parties,), embargo=label.embargo, expires=label.expires,
    )  # fmt: skip
    with desk.act() as act:
        record = say.write_in(
            act, seat.actor, drafted(request, act, seat.actor, RFI, parsed)
        ).record
    request.session["saved_draft"] = f"rfi.{seat.actor.person}"
    return HttpResponseRedirect(f"/record/{desk.me}/{record}")


def _form(
    request: HttpRequest, seat: Seat, parsed: Parsed, about: View | None, *, status: int = 200
) -> HttpResponse:
    desk = current().desk
    fields = [one for one in RFI.fields if not one.hidden]
    return render(
        request, "requests/form.html", status=status, values=parsed.values, errors=parsed.errors,
        fields=fields, about=about, label_values=label_values(parsed.label),
        towns=[town.names.of(language_of(request)) for town in gazetteer().values()],
        hints=("text", "seats", "internal"), parties=[], positions=desk.identity.positions,
    )  # fmt: skip
