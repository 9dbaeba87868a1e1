"""Second factors of a person: codes of a telephone (TOTP), passkeys, recovery codes.

The codes, their arithmetic and their storage are those of ``allauth.mfa``. On top: a code counts
once, for ever and not for thirty seconds, also across a restart.
"""

from dataclasses import dataclass
from typing import Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import transaction

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.web.accounts.models import Person
from tansiq.web.shell.site import current

NAME_CHARS_MAX: Final = 40
CODE_CHARS_MAX: Final = 32
_TYPES: Final = {"totp": "code", "webauthn": "passkey", "recovery_codes": "recovery"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A factor as pages see it: no secret. ``host`` is where a passkey works; ``left`` counts
    recovery codes. Times in milliseconds by the node's clock, 0 = never.
    """

    number: int
    kind: str
    name: str = ""
    host: str = ""
    left: int = 0
    made: int
    used: int


def factors_of(person: Person) -> list[Factor]:
    """A person's factors, in the order in which they were made."""
    return [_shown(one) for one in Authenticator.objects.filter(user=person).order_by("pk")]


def _shown(one: Authenticator) -> Factor:
    kind = _TYPES[one.type]
    return Factor(
        number=one.pk, kind=kind, name=str(one.data.get("name", "")),
        host=str(one.data.get("host", "")), left=_left(one) if kind == "recovery" else 0,
        made=int(one.data.get("made", 0)), used=int(one.data.get("used", 0)),
    )  # fmt: skip


def _left(one: Authenticator) -> int:
    try:
        return len(one.wrap().get_unused_codes())
    except ValueError:
        return 0


def has_factor(person: Person) -> bool:
    """Whether this person signs on with more than a passphrase."""
    held = Authenticator.objects.filter(user=person).exclude(type="recovery_codes")
    return bool(held.exists())


def new_secret() -> str:
    """A secret for a telephone, to be kept until its first code fits."""
    return str(totp.generate_totp_secret())


def address_of(person: Person, secret: str) -> str:
    """What the QR code says to a telephone."""
    return str(get_adapter().build_totp_url(person, secret))


def add_totp(person: Person, secret: str, code: str) -> None:
    """Take a telephone's secret, if its first code fits. Raises InputError."""
    step = _step(secret, code)
    if step is None:
        raise InputError("code_differs", field="code")
    with transaction.atomic():
        room(person)
        Authenticator.objects.filter(user=person, type="totp").delete()
        made = totp.TOTP.activate(person, secret).instance
        mark(made, step=step, made=current().desk.clock.now())


def mark(one: Authenticator, **values: object) -> None:
    """Write values beside the factor's own."""
    one.data |= values
    one.save(update_fields=["data"])


def room(person: Person) -> None:
    """Raises InputError where a person has as many factors as one may have."""
    Person.objects.select_for_update().get(pk=person.pk)
    if Authenticator.objects.filter(user=person).count() >= BOUNDS.factors_max:
        raise InputError("factors_many", limit=BOUNDS.factors_max, field="form")


def _step(secret: str, code: str) -> int | None:
    """The time step whose code this is."""
    typed = western(code[:CODE_CHARS_MAX])
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if compare_user_code(actual=typed, expected=expected):
            return int(step)
    return None


def code_fits(person: Person, code: str) -> str:
    """Which factor a typed code is of, ``code`` or ``recovery``; empty where it fits none.

    It is spent by it: no code of the same or an earlier step counts again, no recovery code twice.
    """
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user=person)
        found = {one.type: one for one in held.exclude(type="webauthn")}
        try:
            if "totp" in found and _totp_fits(found["totp"], code):
                return "code"
            if "recovery_codes" in found and _recovery_fits(found["recovery_codes"], code):
                return "recovery"
        except ValueError:  # sealed with a secret that this node has no more
            return ""
    return ""


def _totp_fits(one: Authenticator, code: str) -> bool:
    step = _step(get_adapter().decrypt(one.data["secret"]), code)
    if step is None or step <= int(one.data.get("step", 0)):
        return False
    mark(one, step=step, used=current().desk.clock.now())
    return True


def _recovery_fits(one: Authenticator, code: str) -> bool:
    wrapped = RecoveryCodes(one)
    if not wrapped.validate_code(western(code[:CODE_CHARS_MAX])):
        return False
    mark(wrapped.instance, used=current().desk.clock.now())
    return True


def new_recovery_codes(person: Person) -> list[str]:
    """Recovery codes in place of all earlier ones. They are told now and never again."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        Authenticator.objects.filter(user=person, type="recovery_codes").delete()
        made = RecoveryCodes.activate(person)
        mark(made.instance, made=current().desk.clock.now())
        return list(made.generate_codes())


def has_recovery_codes(person: Person) -> bool:
    """Whether there are any."""
    return bool(Authenticator.objects.filter(user=person, type="recovery_codes").exists())


def rename(person: Person, number: int, name: str) -> None:
    """Give a passkey another name. Raises InputError for one that is not this person's."""
    found = _own(person, number)
    if found.type != "webauthn":
        raise InputError("factor_absent", field="form")
    mark(found, name=checked_name(name))


def checked_name(name: str) -> str:
    """A passkey's name. Raises InputError for an empty or long one, or for signs that turn text."""
    plain = " ".join(name.split())
    if not plain or len(plain) > NAME_CHARS_MAX or not plain.isprintable():
        raise InputError("passkey_name", limit=NAME_CHARS_MAX, field="name")
    return plain


def remove(person: Person, number: int) -> None:
    """Remove a factor; recovery codes go with the last one. Raises InputError."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        _own(person, number).delete()
        if not has_factor(person):
            Authenticator.objects.filter(user=person).delete()


def reset(person: Person) -> int:
    """Remove all factors of a person; how many there were."""
    removed, _ = Authenticator.objects.filter(user=person).delete()
    return int(removed)


def _own(person: Person, number: int) -> Authenticator:
    found = Authenticator.objects.filter(user=person, pk=number).first()
    if found is None:
        raise InputError("factor_absent", field="form")
    return found
