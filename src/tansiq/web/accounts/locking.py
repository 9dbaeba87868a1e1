"""The lock of a screen: nothing of the content stands behind it, and what was typed is not lost."""

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.domain.errors import RefusedError
from tansiq.web.accounts import passkeys, proving
from tansiq.web.accounts.models import Person
from tansiq.web.accounts.sessions import Sits, Stage, lock, prove, sits
from tansiq.web.accounts.views import local
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on, way_in
from tansiq.web.shell.site import current

_BACK: Final = "back_to"
_BACK_CHARS_MAX: Final = 2_000
_CLOSED: Final = frozenset({Stage.LOCKED, Stage.WALL})  # a proof of who somebody is opens them


@require_http_methods(["GET", "POST"])
def lock_page(request: HttpRequest) -> HttpResponse:
    """GET shows the locked screen; POST locks. Where to go back to waits in the session, not in the
    address, which is part of the screen.
    """
    here = sits(request)
    if here is None:
        return HttpResponseRedirect("/sign-on")
    if request.method == "POST":
        if "next" in request.POST:
            request.session[_BACK] = local(str(request.POST["next"]))[:_BACK_CHARS_MAX]
        lock(request)
        return HttpResponseRedirect("/lock")
    if here.stage not in _CLOSED:
        return HttpResponseRedirect("/")
    return _page(request, here, {})


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Go on as the same person, who types the passphrase or shows a passkey."""
    here = sits(request)
    if here is None or here.stage not in _CLOSED:
        return HttpResponseRedirect(way_in(request) if here is None else "/")
    try:
        proving.same_again(request, here.person, here.position, full=False)
    except RefusedError as refused:
        return _page(request, here, {"unlock": refused.text(language_of(request))})
    back = str(request.session.pop(_BACK, "/"))
    prove(request, unlock=True)
    return HttpResponseRedirect(back)


def _page(request: HttpRequest, here: Sits, errors: dict[str, str]) -> HttpResponse:
    desk = current().desk
    person = Person.objects.filter(roster=here.person).first()
    return render(
        request, "accounts/lock.html", status=403 if errors else 200, errors=errors,
        person=here.person, at=here.locked or here.seen, own=here.position,
        passkey=person is not None and passkeys.at_this_host(request, person),
        positions=desk.identity.positions,
    )  # fmt: skip


@require_POST
@signed_on
def active(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Somebody types or moves; the guard has noted it."""
    return HttpResponse(status=204)
