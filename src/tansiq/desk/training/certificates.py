"""Issuing certificates of a finished cohort, withdrawing and replacing them, and the list of the
withdrawn serials that follows each of it.

What must hold: never more certificates stand than the cohort says have passed; nobody has two of
one cohort; a serial is given once. A certificate and the list change in one transaction.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.records import linked, read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.certificate import CERTIFICATE, ISSUED, REPLACED, WITHDRAWN
from tansiq.domain.kinds.training.withdrawn_list import WITHDRAWN_LIST, listed
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.log.certificates import Claims, make_code, mark_of
from tansiq.policy import mandate

COHORT: Final = "cohort"
FINISHED: Final = "finished"
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SERIAL_LETTERS: Final = 10
_MONTHS: Final = 12
_LIST_LABEL: Final = Label()  # for the own party, until somebody says who else may have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Certificates that somebody wants to issue: for whom, each with the line on which the number
    stood, and the days from which and until which (YYYY-MM-DD, "" = without end) they count.
    """

    cohort: str
    level: str
    issued_on: str
    valid_until: str
    holders: dict[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a cohort stands: how many have passed, and the certificates that were issued of it."""

    cohort: View
    course: View
    passed: int
    certificates: tuple[View, ...]

    @property
    def issued(self) -> tuple[View, ...]:
        """Those that stand."""
        return tuple(one for one in self.certificates if one.value.state == ISSUED)

    @property
    def left(self) -> int:
        """How many more can be issued."""
        return max(self.passed - len(self.issued), 0)

    def until(self, issued_on: dt.date) -> str:
        """The end of a certificate of that day by what the course says; "" where it says none."""
        months = self.course.value.body.get("certificate_months")
        return months_later(issued_on, months).isoformat() if isinstance(months, int) else ""


def standing(desk: Desk, actor: Actor, cohort: str) -> Standing:
    """Where an own cohort stands. Raises InputError where there is none for this actor, or it has
    not finished, RefusedError.
    """
    demand(mandate.may_write(actor.role, CERTIFICATE))
    viewer = desk.viewer(actor)
    found = read.record(desk, viewer, desk.me, cohort)
    if found.value.kind != COHORT:
        raise InputError("record_absent")
    if found.value.state != FINISHED:
        raise InputError("cohort_unfinished")
    passed = found.value.body.get("passed")
    courses = linked.named_by_owner(desk, viewer, found, "about")
    if not courses:
        raise InputError("record_absent")
    return Standing(
        cohort=found, course=courses[0], passed=passed if isinstance(passed, int) else 0,
        certificates=tuple(_of_cohort(desk, viewer, found)),
    )  # fmt: skip


def _of_cohort(desk: Desk, viewer: Viewer, cohort: View) -> Iterator[View]:
    for one in linked.linked(desk, viewer, str(cohort.value.record), "about"):
        if (one.value.kind, one.value.owner) == (CERTIFICATE.name, desk.me):
            yield one


def issue(desk: Desk, actor: Actor, wish: Wish) -> list[RecordId]:
    """Issue one certificate to each holder, all or none. Raises InputError, RefusedError."""
    _demand_fits(standing(desk, actor, wish.cohort), wish)
    # Outside the act: it takes seconds for many, and nobody else could write meanwhile.
    marks = {holder: _mark(desk, holder) for holder in wish.holders}
    with desk.act() as act:
        stands = standing(desk, actor, wish.cohort)
        _demand_fits(stands, wish)
        body: Body = {
            "about": str(stands.cohort.value.record), "course": stands.course.value.body["code"],
            "level": wish.level, "issued_on": wish.issued_on,
        }  # fmt: skip
        body |= {"valid_until": wish.valid_until} if wish.valid_until else {}
        drafts = [_signed(act, {**body, "holder": one}, mark) for one, mark in marks.items()]
        made = [one.record for one in say.write_all(act, actor, drafts)]
        _restate(act, actor)
        # One sentence for all of them; what the list let go keeps its own.
        act.told[:] = [one for one in act.told if one.what != "saved"]
        act.tell("certificates_issued", record=stands.cohort.value.record)
        return made


def _demand_fits(stands: Standing, wish: Wish) -> None:
    """Not more than have passed, and nobody twice. Raises InputError."""
    if len(wish.holders) > stands.left:
        raise InputError("certificates_many", field="holders", limit=stands.left)
    held = {str(one.value.body["holder"]) for one in stands.issued}
    for holder, line in wish.holders.items():
        if holder in held:
            raise InputError("certificate_there", field="holders", line=line)


class _Mark(NamedTuple):
    """What stands in a code for a roster number."""

    salt: bytes
    mark: bytes


def _mark(desk: Desk, holder: str) -> _Mark:
    salt = uuid.UUID(desk.entropy.uuid()).bytes
    return _Mark(salt, mark_of(holder, salt))


def _signed(act: Act, body: Body, held: _Mark) -> say.Draft:
    """A new certificate of these claims under a new serial, signed."""
    desk, serial = act.desk, _serial(act)
    claims = Claims(
        party=desk.me, serial=serial, course=str(body["course"]), level=str(body["level"]),
        begins=str(body["issued_on"]), ends=str(body.get("valid_until", "")), salt=held.salt,
        mark=held.mark,
    )  # fmt: skip
    code = make_code(claims, desk.identity.keys.seed)
    return say.Draft(
        kind=CERTIFICATE.name, body={**body, "serial": serial, "signed_code": code}, label=Label()
    )


def _serial(act: Act) -> str:
    """A serial of 50 random bits: one that counts up would say how many there are."""
    drawn = uuid.UUID(act.desk.entropy.uuid()).int
    return "".join(_LETTERS[drawn >> 5 * n & 31] for n in range(_SERIAL_LETTERS))


def withdraw(desk: Desk, actor: Actor, record: str, base: str, reason: str) -> None:
    """Withdraw a certificate and name its serial on the list. Raises InputError, RefusedError,
    EditedMeanwhileError.
    """
    demand(mandate.may_write(actor.role, CERTIFICATE))
    with desk.act() as act:
        _withdraw(act, actor, say.current_on(desk, actor, record, base).value, reason)
        _restate(act, actor)


def issue_instead(desk: Desk, actor: Actor, record: str, base: str) -> RecordId:
    """Issue a certificate in the place of one, which is withdrawn with it. Raises as
    :func:`withdraw`.
    """
    demand(mandate.may_write(actor.role, CERTIFICATE))
    with desk.act() as act:
        old = say.current_on(desk, actor, record, base).value
        _withdraw(act, actor, old, REPLACED)
        kept = ("about", "course", "level", "issued_on", "valid_until", "holder")
        body: Body = {name: old.body[name] for name in kept if name in old.body}
        body["replaces"] = str(old.record)
        new = _signed(act, body, _mark(desk, str(body["holder"])))
        made = say.write_in(act, actor, new).record
        _restate(act, actor)
        return made


def _withdraw(act: Act, actor: Actor, old: RecordView, reason: str) -> None:
    if old.kind != CERTIFICATE.name:
        raise InputError("record_absent")
    say.step_in(act, actor, old, "withdraw_certificate", said={"reason_class": reason})


def state_list(desk: Desk, actor: Actor) -> RecordId:
    """Say the list of withdrawn serials as it is today. Raises InputError, RefusedError."""
    demand(mandate.may_write(actor.role, WITHDRAWN_LIST))
    with desk.act() as act:
        return _restate(act, actor)


def _restate(act: Act, actor: Actor) -> RecordId:
    """Write the newest edition of the list, or the first; the list that stands where it says the
    same.
    """
    desk, today = act.desk, say.day_of(act.desk).isoformat()
    viewer, owners = desk.viewer(actor), (desk.me,)
    body = listed(_withdrawn(desk, viewer, today), today)
    old = read.page(desk, viewer, Query(kinds=(WITHDRAWN_LIST.name,), owners=owners, limit=1)).rows
    if not old:
        draft = say.Draft(kind=WITHDRAWN_LIST.name, body=body, label=_LIST_LABEL)
        return say.write_in(act, actor, draft).record
    known = old[0].value
    if known.body == WITHDRAWN_LIST.check(body):
        return known.record  # it says so already
    say.revise_in(
        act, actor, known,
        say.Draft(kind=known.kind, body=body, label=known.label, tear=known.tear),
    )  # fmt: skip
    return known.record


def _withdrawn(desk: Desk, viewer: Viewer, today: str) -> Iterator[str]:
    """The serials of the own certificates that were withdrawn and have not come to their end."""
    asked = Query(kinds=(CERTIFICATE.name,), owners=(desk.me,), states=(WITHDRAWN,))
    found = read.page(desk, viewer, asked)
    while found.rows:
        for one in found.rows:
            if str(one.value.body.get("valid_until", today)) >= today:
                yield str(one.value.body["serial"])
        if found.after is None:
            return
        found = read.page(desk, viewer, replace(asked, after=found.after))


def months_later(day: dt.date, months: int) -> dt.date:
    """The day of the month so many months later, or the last of that month."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    following = dt.date(year + (month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1)
    last = following - dt.timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
