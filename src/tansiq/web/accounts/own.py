"""What a person holds to sign on with, and where they sit: to see, to add, to take away."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.desk.act import identity as noting
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError, RefusedError
from tansiq.domain.parties import Actor
from tansiq.web.accounts import factors, passkeys, proving, service, sessions
from tansiq.web.accounts.models import Person
from tansiq.web.accounts.sessions import Sits, Stage, sits
from tansiq.web.shell.codes import code_of
from tansiq.web.shell.jsonreply import json_reply
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, View, language_of, signed_on, way_in
from tansiq.web.shell.site import current

_KEPT: Final = "new_telephone"


def in_session(view: View) -> View:
    """A view for whoever sits here, also while a second factor is still to be set up."""

    def guarded(request: HttpRequest) -> HttpResponse:
        here = sits(request)
        if here is None or here.stage in (Stage.LOCKED, Stage.WALL):
            return HttpResponseRedirect(way_in(request))
        sessions.used(request)
        return view(request, here, service.person_named(here.person))

    return guarded


def proved(view: View) -> View:
    """A view that wants a fresh proof of who sits here."""

    def guarded(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
        if not here.proved:
            return HttpResponseRedirect("/identity/confirm")
        return view(request, here, person)

    return in_session(guarded)


def _actor(here: Sits) -> Actor:
    desk = current().desk
    position = desk.position(here.position)
    return Actor(party=desk.me, position=position.code, role=position.role, person=here.person)


def _note(here: Sits, event: noting.Event) -> None:
    noting.note(current().desk, event, here.person, _actor(here))


def _overview(
    request: HttpRequest, here: Sits, person: Person, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    return render(
        request, "accounts/identity.html", status=status, errors=errors,
        factors=factors.factors_of(person), sessions=sessions.sessions_of(person.roster),
        mine=here.key, enrols=here.stage is Stage.ENROLS, proved=here.proved,
        passkey_not=passkeys.hindrance(request), host=passkeys.host_of(request),
        near=passkeys.nearer(request),
        may_see=_actor(here).role in ("auditor", "administrator"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_session
def page(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
    """One's factors and sessions; the acts on them are posted here."""
    if request.method == "GET":
        return _overview(request, here, person, {})
    act = _ACTS.get(str(request.POST.get("act", "")))
    if act is None:
        return HttpResponseRedirect("/identity")
    if not here.proved:
        return HttpResponseRedirect("/identity/confirm")
    try:
        return act(request, here, person) or HttpResponseRedirect("/identity")
    except FaultError as error:
        told = {str(error.values.get("field", "form")): error.text(language_of(request))}
        return _overview(request, here, person, told, status=422)


def _number(request: HttpRequest) -> int:
    text = str(request.POST.get("number", ""))[:15]
    return int(text) if text.isascii() and text.isdigit() else 0


def _rename(request: HttpRequest, here: Sits, person: Person) -> None:
    factors.rename(person, _number(request), str(request.POST.get("name", ""))[:200])


def _remove(request: HttpRequest, here: Sits, person: Person) -> None:
    factors.remove(person, _number(request))
    _note(here, noting.Event.FACTOR_REMOVED)
    sessions.end_all(person.roster, but=here.key)
    if proving.wanted(here.position) and not factors.has_factor(person):
        sessions.enrols_again(request)


def _codes(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
    if not factors.has_factor(person):
        raise InputError("codes_alone", field="form")
    _note(here, noting.Event.CODES_MADE)
    return _told_once(request, person)


def _told_once(request: HttpRequest, person: Person) -> HttpResponse:
    codes = factors.new_recovery_codes(person)
    return render(request, "accounts/codes.html", codes=codes, person=person.roster)


def _end_others(request: HttpRequest, here: Sits, person: Person) -> None:
    if sessions.end_all(person.roster, but=here.key):
        _note(here, noting.Event.SESSIONS_ENDED)


_Act = Callable[[HttpRequest, Sits, Person], HttpResponse | None]
_ACTS: Final[dict[str, _Act]] = {
    "rename": _rename, "remove": _remove, "codes": _codes, "end": _end_others
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_session
def confirm(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
    """Prove again who sits here; what was wanted is then a click away."""
    errors = {}
    if request.method == "POST":
        try:
            proving.same_again(request, here.person, here.position, full=True)
        except RefusedError as refused:
            errors = {"passphrase": refused.text(language_of(request))}
        else:
            sessions.prove(request)
            return HttpResponseRedirect("/identity")
    return render(
        request, "accounts/confirm.html", status=403 if errors else 200, errors=errors,
        person=person.roster, coded=factors.has_factor(person),
        passkey=passkeys.at_this_host(request, person),
    )  # fmt: skip


def _added(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
    """A factor is there: other sessions end, the first one brings recovery codes."""
    _note(here, noting.Event.FACTOR_ADDED)
    sessions.end_all(person.roster, but=here.key)
    sessions.enrolled(request)
    if factors.has_recovery_codes(person):
        return HttpResponseRedirect("/identity")
    return _told_once(request, person)


@require_http_methods(["GET", "POST"])
@proved
def add_totp(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
    """A telephone that shows codes: scan, and type the first one."""
    errors = {}
    secret = str(request.session.get(_KEPT) or "")
    if request.method == "POST":
        if not secret:
            return HttpResponseRedirect("/identity/totp")
        try:
            factors.add_totp(person, secret, str(request.POST.get("code", "")))
        except InputError as error:
            errors = {"code": error.text(language_of(request))}
        else:
            del request.session[_KEPT]
            return _added(request, here, person)
    if not secret:
        secret = request.session[_KEPT] = factors.new_secret()
    return render(
        request, "accounts/totp.html", status=422 if errors else 200, errors=errors,
        code=code_of(factors.address_of(person, secret).encode()),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@proved
def add_passkey(request: HttpRequest, here: Sits, person: Person) -> HttpResponse:
    """A passkey: the browser makes it, the person names it."""
    errors, name = {}, str(request.POST.get("name", ""))[:200]
    if request.method == "POST":
        try:
            passkeys.add(request, person, name, str(request.POST.get("credential", "")))
        except InputError as error:
            errors = {str(error.values.get("field", "form")): error.text(language_of(request))}
        else:
            return _added(request, here, person)
    return render(
        request, "accounts/passkey.html", status=422 if errors else 200, errors=errors,
        name=name, passkey_not=passkeys.hindrance(request), host=passkeys.host_of(request),
        near=passkeys.nearer(request),
    )  # fmt: skip


@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make or use a passkey, for one purpose."""
    purpose = str(request.POST.get("purpose", ""))
    try:
        return json_reply(_options(request, purpose))
    except InputError as error:
        reply = json_reply({"error": error.text(language_of(request))})
        reply.status_code = 422
        return reply


def _options(request: HttpRequest, purpose: str) -> dict[str, object]:
    here = sits(request)
    if purpose == "sign-on":
        if here is None:
            request.session.set_expiry(BOUNDS.half_sign_on_ms // 1000)
        return passkeys.ask_to_prove(request, None)
    if purpose == "second":
        found = proving.half(request)
        if found is not None:
            return passkeys.ask_to_prove(request, found.person)
    elif here is not None and purpose in ("again", "add"):
        person = service.person_named(here.person)
        if purpose == "again":
            return passkeys.ask_to_prove(request, person)
        if here.proved and here.stage not in (Stage.LOCKED, Stage.WALL):
            return passkeys.ask_to_add(request, person)
    raise InputError("passkey_refused", field="form")


@require_GET
@signed_on
def events(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What happened to the ways in which persons sign on, for the auditor."""
    told = noting.events(current().desk, seat.position.role)
    return render(request, "accounts/events.html", told=told)
