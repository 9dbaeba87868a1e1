"""Sign on and off, language, theme, keys."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.domain.errors import RefusedError
from tansiq.domain.parties import Role
from tansiq.domain.wording import LANGUAGES
from tansiq.web.accounts.service import SignOn, sign_on
from tansiq.web.page import not_found, render
from tansiq.web.seat import Seat, language_of, seat_of, signed_on
from tansiq.web.site import current


@require_http_methods(["GET", "POST"])
def sign_on_page(request: HttpRequest) -> HttpResponse:
    """Sign on by position, roster number and passphrase."""
    desk = current().desk
    asked = SignOn(
        position=str(request.POST.get("position", request.GET.get("position", "")))[:64],
        person=str(request.POST.get("person", request.GET.get("person", "")))[:64].strip().upper(),
        passphrase=str(request.POST.get("passphrase", ""))[:400],
    )
    errors, status = {}, 200
    if request.method == "POST":
        try:
            person = sign_on(asked, desk.clock.now())
        except RefusedError as refused:
            errors, status = {"passphrase": refused.text(language_of(request))}, 403
        else:
            request.session.flush()  # nothing of whoever sat here before stays
            request.session["position"] = asked.position
            request.session["person"] = person.roster
            return HttpResponseRedirect("/")
    return render(
        request, "accounts/sign_on.html", status=status, errors=errors,
        off=request.GET.get("off") == "1", positions=desk.identity.positions,
        chosen=asked.position, person=asked.person,
    )  # fmt: skip


@require_POST
def sign_off(request: HttpRequest) -> HttpResponse:
    """End the session; drafts in this browser are wiped, since the next person sits here too."""
    request.session.flush()
    return HttpResponseRedirect("/sign-on?off=1")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of this position."""
    seat = seat_of(request)
    if seat is None:
        return HttpResponseRedirect("/sign-on")
    return HttpResponseRedirect("/links" if seat.position.role is Role.ADMINISTRATOR else "/log")


def _back(request: HttpRequest, asked: str) -> HttpResponseRedirect:
    parts = urlsplit(asked)
    local = (
        not parts.scheme
        and not parts.netloc
        and asked.startswith("/")
        and asked[1:2] not in ("/", "\\")
    )
    return HttpResponseRedirect(asked if local else "/")


@require_GET
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Read in another language, on the same page."""
    if code not in LANGUAGES:
        return not_found(request)
    response = _back(request, str(request.GET.get("next", "/")))
    response.set_cookie("language", code, max_age=365 * 86_400, samesite="Lax", httponly=True)
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Day, night, or as the machine says (without JavaScript; with it the page does it alone)."""
    response = _back(request, str(request.POST.get("next", "/")))
    theme = str(request.POST.get("theme", "auto"))
    if theme in ("day", "night"):
        response.set_cookie("theme", theme, max_age=365 * 86_400, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response


@require_GET
@signed_on
def keys_page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The keys of the keyboard, and the switch that turns them off."""
    return render(request, "keys.html")
