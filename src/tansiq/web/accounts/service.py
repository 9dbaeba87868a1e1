"""Signing on: one answer for every failure, and a lock after too many."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from tansiq.desk.act import identity as noting
from tansiq.desk.act.desk import Desk
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.parties import position_code, roster_number
from tansiq.web.accounts import factors
from tansiq.web.accounts.models import Person
from tansiq.web.accounts.sessions import end_all
from tansiq.web.shell.site import current

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
    end_all(found.roster)  # what opened those sessions may hold no longer


def person_named(roster: str) -> Person:
    """The person of that roster number. Raises InputError."""
    found = Person.objects.filter(roster=roster[:24]).first()
    if found is None:
        raise InputError("person_unknown", person=roster[:24])
    return found


def reset_factors(desk: Desk, roster: str) -> int:
    """Take all second factors from a person who has lost them; how many there were.

    The person's sessions end, and the journal keeps it for the auditor. Raises InputError.
    """
    person = person_named(roster)
    noting.note(desk, noting.Event.FACTORS_RESET, person.roster)  # first: never done and not noted
    end_all(person.roster)
    return factors.reset(person)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """What somebody typed to sign on."""

    position: str
    person: str
    passphrase: str


def sign_on(asked: SignOn, now: int) -> Person:
    """The person whose passphrase and position these are. Raises RefusedError with the same words
    whatever was wrong.

    After ``sign_on_failures_max`` failures in a row a person is locked for ``sign_on_locked_ms``;
    only ``signed_on`` forgets failures, so that a passphrase does not buy more guesses at a code.
    The passphrase is hashed even for an unknown person, so that the time taken tells nothing.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(roster=asked.person[:24]).first()
        right = check_password(asked.passphrase, person.password if person else _nobody())
        if person is None:
            raise RefusedError(Refused("sign_on"))
        if right and person.may_sit(asked.position) and not now < person.locked_until:
            return person
        closed = _count(person, now)
    if closed:
        _tell(person)
    raise RefusedError(Refused("sign_on"))


def is_locked(person: Person, now: int) -> bool:
    """Whether sign-on is closed for this person."""
    until: int = Person.objects.values_list("locked_until", flat=True).get(pk=person.pk)
    return now < until


def failed(person: Person, now: int) -> None:
    """Count a failure."""
    with transaction.atomic():
        closed = _count(Person.objects.select_for_update().get(pk=person.pk), now)
    if closed:
        _tell(person)


def _count(person: Person, now: int) -> bool:
    """Whether sign-on is closed for this person by one failure more."""
    if now < person.locked_until:
        return False
    person.failures += 1
    closed = person.failures >= BOUNDS.sign_on_failures_max
    if closed:
        person.failures = 0
        person.locked_until = now + BOUNDS.sign_on_locked_ms
    person.save(update_fields=["failures", "locked_until"])
    return closed


def _tell(person: Person) -> None:
    noting.note(current().desk, noting.Event.CLOSED, person.roster)


def signed_on(person: Person) -> None:
    """Somebody has proved to be this person in full: the failures are forgotten."""
    Person.objects.filter(pk=person.pk).update(failures=0, locked_until=0)


_unknown: list[str] = []


def _nobody() -> str:
    if not _unknown:
        _unknown.append(make_password("no person has this passphrase"))
    return _unknown[0]
