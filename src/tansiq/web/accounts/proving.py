"""Who somebody is, proved by what they typed or by their passkey, in full or by half.

The half is a right passphrase of a person who has a second factor: it opens nothing but the page
that asks for that factor, for a few minutes.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from tansiq.desk.act import identity as noting
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.web.accounts import factors, passkeys, service, sessions
from tansiq.web.accounts.models import Person
from tansiq.web.accounts.service import SignOn
from tansiq.web.shell.site import current

_HALF: Final = "half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A person whose passphrase was right, on the way to a position."""

    person: Person
    position: str


def typed(request: HttpRequest) -> SignOn:
    """What the sign-on form says."""
    return SignOn(
        position=str(request.POST.get("position", request.GET.get("position", "")))[:64],
        person=str(request.POST.get("person", request.GET.get("person", "")))[:64].strip().upper(),
        passphrase=str(request.POST.get("passphrase", ""))[:400],
    )


def wanted(position: str) -> bool:
    """Whether this position takes a second factor."""
    site = current()
    return site.desk.position(position).role in site.settings.second_factor


def by_passphrase(request: HttpRequest, asked: SignOn) -> str:
    """Sign on by a passphrase; the address where it goes on. Raises RefusedError."""
    site = current()
    person = service.sign_on(asked, site.desk.clock.now())
    try:
        wants = wanted(asked.position)
    except InputError:  # a position that the node had once
        raise RefusedError(Refused("sign_on")) from None
    if factors.has_factor(person):
        sessions.leave(request)
        request.session[_HALF] = {
            "person": person.roster, "position": asked.position, "at": site.desk.clock.now()
        }  # fmt: skip
        request.session.set_expiry(BOUNDS.half_sign_on_ms // 1000)
        return "/sign-on/second"
    _in(request, person, asked.position, enrols=wants)
    return "/identity" if wants else "/"


def _in(request: HttpRequest, person: Person, position: str, *, enrols: bool = False) -> None:
    service.signed_on(person)
    sessions.begin(request, person.roster, position, enrols=enrols)


def half(request: HttpRequest) -> Half | None:
    """Who is half-way in at this browser."""
    kept = request.session.get(_HALF)
    now = current().desk.clock.now()
    if not isinstance(kept, dict) or not 0 <= now - int(kept["at"]) <= BOUNDS.half_sign_on_ms:
        return None
    person = Person.objects.filter(roster=str(kept["person"])).first()
    if person is None or not person.may_sit(str(kept["position"])):
        return None
    return Half(person=person, position=str(kept["position"]))


def by_second(request: HttpRequest, found: Half) -> None:
    """Go the other half of the way: a code, a recovery code, or a passkey. Raises RefusedError."""
    _second(request, found.person)
    _in(request, found.person, found.position)


def by_passkey(request: HttpRequest) -> None:
    """Sign on by a passkey alone: the device has verified the person. Raises RefusedError."""
    asked = typed(request)
    try:
        person = passkeys.prove(request, str(request.POST.get("credential", "")))
        current().desk.position(asked.position)
    except InputError:
        raise RefusedError(Refused("passkey")) from None
    now = current().desk.clock.now()
    if service.is_locked(person, now) or not person.may_sit(asked.position):
        raise RefusedError(Refused("passkey"))
    _in(request, person, asked.position)


def same_again(request: HttpRequest, roster: str, position: str, *, full: bool) -> None:
    """The person who sits here proves it again: by a passkey, or by the passphrase, and ``full``
    asks for a second factor on top where there is one. Raises RefusedError.
    """
    now = current().desk.clock.now()
    person = Person.objects.filter(roster=roster).first()
    if person is not None and request.POST.get("credential"):
        if service.is_locked(person, now):
            raise RefusedError(Refused("passkey"))
        _passkey(request, person)
        return
    asked = SignOn(position=position, person=roster, passphrase=typed(request).passphrase)
    person = service.sign_on(asked, now)
    if full and factors.has_factor(person):
        _second(request, person)
    service.signed_on(person)


def _second(request: HttpRequest, person: Person) -> None:
    """A second factor of this person. Raises RefusedError."""
    desk = current().desk
    now = desk.clock.now()
    if service.is_locked(person, now):
        raise RefusedError(Refused("second"))
    if request.POST.get("credential"):
        _passkey(request, person)
        return
    kind = factors.code_fits(person, str(request.POST.get("code", "")))
    if not kind:
        service.failed(person, now)
        raise RefusedError(Refused("second"))
    if kind == "recovery":
        noting.note(desk, noting.Event.CODE_SPENT, person.roster)


def _passkey(request: HttpRequest, person: Person) -> None:
    try:
        passkeys.prove(request, str(request.POST.get("credential", "")), person)
    except InputError:
        raise RefusedError(Refused("passkey")) from None
