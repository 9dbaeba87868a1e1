"""What a release authority decides about a link: authorise it, stop it, go on with it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.links import linking
from tansiq.desk.trust import authority, partners, restarting
from tansiq.domain.digits import whole_number
from tansiq.domain.errors import FaultError, InputError, RefusedError
from tansiq.policy import mandate
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current


@require_POST
@signed_on
def authorise(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Let the exchange begin with a party whose words were compared."""
    linking.authorise(current().desk, seat.actor, party)
    return HttpResponseRedirect(f"/links/{party}")


@require_POST
@signed_on
def new_authority(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Accept a partner's new authority as the second person who has compared the words, or say that
    they were not the same.
    """
    desk = current().desk
    linking.link(desk, seat.viewer, party)
    if request.POST.get("act") == "drop":
        authority.drop(desk, seat.actor, party)
    elif request.POST.get("equal") != "1":
        raise InputError("words_unread", field="equal")
    else:
        authority.agree(desk, seat.actor, party, seen=str(request.POST.get("seen", "")))
    return HttpResponseRedirect(f"/links/{party}")


@require_POST
@signed_on
def names(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Show a partner under the names of its newest card."""
    seen = str(request.POST.get("seen", ""))
    partners.accept_names(current().desk, seat.actor, party, seen=seen)
    return HttpResponseRedirect(f"/links/{party}")


@require_POST
@signed_on
def seen(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say that people here have seen the alarms about a party."""
    authority.see(current().desk, seat.actor, str(request.POST.get("party", "")))
    return HttpResponseRedirect("/links")


@require_http_methods(["GET", "POST"])
@signed_on
def stop(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Ask whether, then stop the exchange by hand."""
    demand(mandate.may_do(seat.position.role, mandate.Act.SIGN_AGREEMENT))
    desk = current().desk
    link = linking.link(desk, seat.viewer, party)
    if request.method == "GET":
        return render(request, "links/stop.html", link=link)
    restarting.stop(desk, seat.actor, party)
    return HttpResponseRedirect(f"/links/{party}")


@require_http_methods(["GET", "POST"])
@signed_on
def restart(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Ask to go on with a stopped partner, or agree as the second person."""
    demand(mandate.may_do(seat.position.role, mandate.Act.SIGN_AGREEMENT))
    desk = current().desk
    if request.method == "GET":
        return _restart(request, seat, party, {})
    try:
        if request.POST.get("act") == "agree":
            if request.POST.get("spoken") != "1":
                raise InputError("restart_unspoken", field="spoken")
            seen = whole_number(str(request.POST.get("seen", ""))) or 0
            restarting.agree(desk, seat.actor, party, seen=seen)
        else:
            restarting.ask(desk, seat.actor, party, str(request.POST.get("reason", "")))
    except FaultError as error:
        where = str(error.values.get("field", "act"))
        status = 403 if isinstance(error, RefusedError) else 422
        return _restart(request, seat, party, {where: error.text(language_of(request))}, status)
    return HttpResponseRedirect(f"/links/{party}")


def _restart(
    request: HttpRequest, seat: Seat, party: str, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    link = linking.link(current().desk, seat.viewer, party)
    return render(
        request, "links/restart.html", status=status, link=link, errors=errors,
        reason=str(request.POST.get("reason", ""))[:400],
        asked_self=link.restart is not None and link.restart.by["person"] == seat.actor.person,
    )  # fmt: skip
