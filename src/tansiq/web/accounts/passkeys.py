"""Passkeys: WebAuthn by ``allauth.mfa`` and ``fido2``, with the person verified by the device.

A passkey stays at the host at which it was made, and browsers know none for a number in place of a
host's name or without TLS, save on ``localhost``.
"""

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.web.accounts import factors
from tansiq.web.accounts.adapter import person_of
from tansiq.web.accounts.models import Person
from tansiq.web.shell.site import current

T = TypeVar("T")
# What the libraries raise for bytes that no browser sends.
_MALFORMED: Final = (
    ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError,
    NotImplementedError, OverflowError, AssertionError,
)  # fmt: skip


def host_of(request: HttpRequest) -> str:
    """The name of the host under which this browser has come, without a port."""
    host = request.get_host()
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


def origin_of(request: HttpRequest) -> str:
    """What a browser says to have come to."""
    scheme = "https" if current().settings.secure else "http"
    return f"{scheme}://{request.get_host()}"


def hindrance(request: HttpRequest) -> str:
    """Why no passkey works at this address, as a code with words; empty where they work."""
    host = host_of(request)
    if host.startswith("[") or host.replace(".", "").isdigit():
        return "passkey_number"
    near = host == "localhost" or host.endswith(".localhost")
    return "" if near or current().settings.secure else "passkey_plain"


def nearer(request: HttpRequest) -> str:
    """Where the same page has a name, for who sits at the node's own machine; else empty."""
    host = host_of(request)
    if current().settings.secure or not (host.startswith("127.") or host == "[::1]"):
        return ""
    return f"http://localhost{request.get_host()[len(host) :]}/identity"


def at_this_host(request: HttpRequest, person: Person) -> bool:
    """Whether the person has a passkey that works here."""
    if hindrance(request):
        return False
    host = host_of(request)
    return any(one.host == host for one in factors.factors_of(person))


def ask_to_add(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey. Raises InputError."""
    _demand(request)
    with context.request_context(request):
        return _plain(auth.begin_registration(person, passwordless=True))


def ask_to_prove(request: HttpRequest, person: Person | None) -> dict[str, Any]:
    """What the browser needs to use a passkey; without a person whichever it has. Raises
    InputError.
    """
    _demand(request)
    with context.request_context(request):
        return _plain(auth.begin_authentication(person))


def _demand(request: HttpRequest) -> None:
    why = hindrance(request)
    if why:
        raise InputError(why, field="form")


def _plain(options: Any) -> dict[str, Any]:  # noqa: ANN401 - mappings of fido2, as deep as they are
    found: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return found


def add(request: HttpRequest, person: Person, name: str, text: str) -> None:
    """Take the passkey that the browser has made. Raises InputError."""
    plain = factors.checked_name(name)
    credential = _parsed(text)

    def done() -> None:
        with context.request_context(request):
            client = RegistrationResponse.from_dict(credential).response.client_data
            _demand_origin(request, client.origin)
            made = auth.complete_registration(credential)
            with transaction.atomic():
                factors.room(person)
                one = auth.WebAuthn.add(person, plain, credential).instance
                now = current().desk.clock.now()
                factors.mark(one, host=host_of(request), counter=made.counter, made=now)

    _checked(done)


def prove(request: HttpRequest, text: str, person: Person | None = None) -> Person:
    """Whose passkey has answered; of ``person`` alone, where one is named. Raises InputError."""
    credential = _parsed(text)

    def done() -> Person:
        with context.request_context(request):
            answer = AuthenticationResponse.from_dict(credential).response
            _demand_origin(request, answer.client_data.origin)
            found = person or person_of(websafe_decode(credential["response"]["userHandle"]))
            if found is None:
                raise ValueError("no such person")
            one = auth.complete_authentication(found, credential)
            _advance(one, answer.authenticator_data.counter)
            return found

    return _checked(done)


def _advance(one: Authenticator, counter: int) -> None:
    """Refuse the answer of a copy: a counter that counts at all never stands still."""
    known = int(one.data.get("counter", 0))
    if (counter or known) and counter <= known:
        raise ValueError("a passkey's counter went back")
    factors.mark(one, counter=counter, used=current().desk.clock.now())


def _parsed(text: str) -> dict[str, Any]:
    """The browser's answer. Raises InputError where it is none."""
    if len(text) > BOUNDS.credential_bytes_max:
        raise InputError("passkey_refused", field="form")

    def read() -> dict[str, Any]:
        found = json.loads(text)
        if not isinstance(found, dict) or not isinstance(found["response"], dict):
            raise TypeError("not an answer")
        return found

    return _checked(read)


def _demand_origin(request: HttpRequest, origin: str) -> None:
    if origin != origin_of(request):
        raise ValueError("made for another address")


def _checked(done: Callable[[], T]) -> T:
    try:
        return done()
    except _MALFORMED:
        raise InputError("passkey_refused", field="form") from None
