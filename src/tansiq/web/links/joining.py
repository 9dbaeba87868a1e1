"""Joining: our card for them, their card for us, eight words read aloud on both sides."""

import base64

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.links import linking
from tansiq.desk.trust import papers
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError, ParcelError, RefusedError
from tansiq.policy import mandate
from tansiq.web.links import steps
from tansiq.web.shell.codes import code_of_card
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_KEPT = "offered_card"


@require_GET
@signed_on
def card(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Our own card, to be handed to a partner."""
    demand(mandate.may_do(seat.position.role, mandate.Act.SEE_LINKS))
    site = current()
    if not site.settings.card:
        raise InputError("card_absent")
    response = HttpResponse(site.settings.card, content_type="application/json")
    name = f"{site.desk.me}-{site.desk.identity.node}.card"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@signed_on
def join(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take a partner's card, compare its words, trust it."""
    demand(mandate.may_do(seat.position.role, mandate.Act.JOIN))
    if request.method == "GET":
        return _page(request, {})
    act = str(request.POST.get("act", ""))
    try:
        if act == "trust":
            return _trust(request, seat)
        if act == "forget":
            request.session.pop(_KEPT, None)
        else:
            _keep(request)
    except FaultError as error:
        where = str(error.values.get("field", "card"))
        status = 403 if isinstance(error, RefusedError) else 422
        return _page(request, {where: error.text(language_of(request))}, status=status)
    return HttpResponseRedirect("/links/join")


def _keep(request: HttpRequest) -> None:
    """Keep the card that was handed over until its words have been compared."""
    request.session.pop(_KEPT, None)
    data = _handed(request)
    linking.seen(current().desk, data)
    request.session[_KEPT] = base64.b64encode(data).decode()


def _handed(request: HttpRequest) -> bytes:
    """The card as a file, or pasted as text."""
    file = request.FILES.get("card")
    pasted = str(request.POST.get("text", "")).strip().encode()
    if file is None and not pasted:
        raise InputError("file_absent", field="card")
    if (len(pasted) if file is None else file.size or 0) > BOUNDS.paper_bytes_max:
        raise ParcelError("card_size", limit=BOUNDS.card_bytes_max)
    return papers.as_handed(pasted if file is None else bytes(file.read()))


def _trust(request: HttpRequest, seat: Seat) -> HttpResponse:
    data = _kept(request)
    if data is None:
        raise InputError("file_absent", field="card")
    if request.POST.get("equal") != "1":
        raise InputError("words_unread", field="equal")
    known = linking.join(current().desk, seat.actor, data)
    request.session.pop(_KEPT, None)
    return HttpResponseRedirect(f"/links/{known.party}")


def _kept(request: HttpRequest) -> bytes | None:
    text = request.session.get(_KEPT)
    return base64.b64decode(str(text)) if text else None


def _page(request: HttpRequest, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    desk, data, own = current().desk, _kept(request), current().settings.card
    return render(
        request, "links/join.html", status=status, errors=errors,
        typed=str(request.POST.get("text", "")),
        steps=steps.beginning(compared=data is not None),
        code=code_of_card(own) if own else None,
        theirs=linking.seen(desk, data) if data else None,
        ours=linking.seen(desk, own, own=True) if own else None,
    )  # fmt: skip
