"""Sign on and off, language, theme, keys."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.domain.errors import RefusedError
from tansiq.domain.wording import LANGUAGES
from tansiq.web.accounts import passkeys, proving, sessions
from tansiq.web.shell.page import not_found, render
from tansiq.web.shell.seat import Seat, language_of, seat_of, signed_on, way_in
from tansiq.web.shell.sections import Where, keys
from tansiq.web.shell.site import current


@require_http_methods(["GET", "POST"])
def sign_on_page(request: HttpRequest) -> HttpResponse:
    """Sign on by position, roster number and passphrase."""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(proving.by_passphrase(request, proving.typed(request)))
        except RefusedError as refused:
            return _sign_on(request, {"passphrase": refused.text(language_of(request))})
    return _sign_on(request, {})


def _sign_on(request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
    asked = proving.typed(request)
    return render(
        request, "accounts/sign_on.html", status=403 if errors else 200, errors=errors,
        off=request.GET.get("off") == "1", positions=current().desk.identity.positions,
        chosen=asked.position, person=asked.person, passkey_not=passkeys.hindrance(request),
    )  # fmt: skip


@require_POST
def sign_on_passkey(request: HttpRequest) -> HttpResponse:
    """Sign on by a passkey, without a passphrase."""
    try:
        proving.by_passkey(request)
    except RefusedError as refused:
        return _sign_on(request, {"form": refused.text(language_of(request))})
    return HttpResponseRedirect("/")


@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second factor, after a right passphrase."""
    found = proving.half(request)
    if found is None:
        return HttpResponseRedirect("/sign-on")
    errors = {}
    if request.method == "POST":
        try:
            proving.by_second(request, found)
        except RefusedError as refused:
            errors = {"code": refused.text(language_of(request))}
        else:
            return HttpResponseRedirect("/")
    return render(
        request, "accounts/second.html", status=403 if errors else 200, errors=errors,
        person=found.person.roster, passkey=passkeys.at_this_host(request, found.person),
    )  # fmt: skip


@require_POST
def sign_off(request: HttpRequest) -> HttpResponse:
    """End the session; drafts in this browser are wiped, since the next person sits here too."""
    sessions.leave(request)
    return HttpResponseRedirect("/sign-on?off=1")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of this position."""
    seat = seat_of(request)
    if seat is None:
        return HttpResponseRedirect(way_in(request))
    return HttpResponseRedirect("/overview")


def local(asked: str) -> str:
    """The address of a page of this node that was asked for; else the first page."""
    try:
        parts = urlsplit(asked)
    except ValueError:  # no address at all, such as half of a bracketed host
        return "/"
    here = (
        not parts.scheme
        and not parts.netloc
        and asked.startswith("/")
        and asked[1:2] not in ("/", "\\")
    )
    return asked if here else "/"


@require_GET
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Read in another language, on the same page."""
    if code not in LANGUAGES:
        return not_found(request)
    response = HttpResponseRedirect(local(str(request.GET.get("next", "/"))))
    response.set_cookie("language", code, max_age=365 * 86_400, samesite="Lax", httponly=True)
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Day, night, or as the machine says (without JavaScript; with it the page does it alone)."""
    response = HttpResponseRedirect(local(str(request.POST.get("next", "/"))))
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
    role = seat.position.role
    return render(request, "keys.html", keys={where.value: keys(where, role) for where in Where})
