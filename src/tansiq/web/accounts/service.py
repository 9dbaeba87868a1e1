"""Signing on: one answer for every failure, and a lock after too many."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.parties import position_code, roster_number
from tansiq.web.accounts.models import Person

PASSPHRASE_CHARS_MIN = 10


def set_passphrase(person: str, positions: list[str], passphrase: str) -> None:
    """Make or change a person. Raises InputError for a short passphrase or a malformed code."""
    if not PASSPHRASE_CHARS_MIN <= len(passphrase) <= BOUNDS.line_chars_max:
        raise InputError("passphrase_short", least=PASSPHRASE_CHARS_MIN)
    codes = " ".join(position_code(code) for code in positions)
    found, _ = Person.objects.get_or_create(roster=roster_number(person))
    found.positions = codes
    found.set_password(passphrase)
    found.failures = 0
    found.locked_until = 0
    found.save()
    _end_sessions(found.roster)


def _end_sessions(roster: str) -> None:
    """Sign a person off everywhere: what opened those sessions may hold no longer."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("person") == roster:
            session.delete()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """What somebody typed to sign on."""

    position: str
    person: str
    passphrase: str


def sign_on(asked: SignOn, now: int) -> Person:
    """The person who signs on. Raises RefusedError with the same words whatever was wrong.

    After ``sign_on_failures_max`` failures in a row a person is locked for ``sign_on_locked_ms``.
    The passphrase is hashed even for an unknown person, so that the time taken tells nothing.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(roster=asked.person[:24]).first()
        right = check_password(asked.passphrase, person.password if person else _nobody())
        if person is None:
            raise RefusedError(Refused("sign_on"))
        locked = now < person.locked_until
        if right and not locked and person.may_sit(asked.position):
            person.failures = 0
            person.locked_until = 0
            person.save(update_fields=["failures", "locked_until"])
            return person
        if not locked:
            person.failures += 1
            if person.failures >= BOUNDS.sign_on_failures_max:
                person.failures = 0
                person.locked_until = now + BOUNDS.sign_on_locked_ms
            person.save(update_fields=["failures", "locked_until"])
    raise RefusedError(Refused("sign_on"))


_unknown: list[str] = []


def _nobody() -> str:
    if not _unknown:
        _unknown.append(make_password("no person has this passphrase"))
    return _unknown[0]
