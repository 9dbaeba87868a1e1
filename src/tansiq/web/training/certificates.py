"""Issuing certificates, withdrawing and replacing them, their paper, and checking the code of one.

Roster numbers come and go in forms that are posted, never in an address: an address is noted.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.desk.act.access import Deed
from tansiq.desk.act.desk import demand
from tansiq.desk.records import linked, read, say
from tansiq.desk.records.read import View
from tansiq.desk.training import certificates, checking
from tansiq.desk.training.certificates import Standing, Wish
from tansiq.desk.training.checking import Checked
from tansiq.domain.errors import FaultError, InputError, RefusedError
from tansiq.domain.fields import check_value
from tansiq.domain.kinds.training.certificate import (
    CERTIFICATE,
    ISSUED,
    LEVELS,
    REPLACED,
    WITHDRAWN_FOR,
)
from tansiq.domain.kinds.training.clearance import CLEARANCE, holds
from tansiq.domain.kinds.training.withdrawn_list import WITHDRAWN_LIST, serials_in
from tansiq.domain.training.rosters import HOLDERS_MAX, holders_in
from tansiq.policy import mandate
from tansiq.web.records import writing
from tansiq.web.shell import access
from tansiq.web.shell.addresses import Address, file, page
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.listing import pages
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.training.paper import Paper, paper_of, pdf_of

CLEARED: Final = "cleared"  # the state of a cohort
_TYPED_MAX: Final = 20_000  # of one field of these forms that is read at all


@require_http_methods(["GET", "POST"])
@signed_on
def issue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Issue certificates of a finished cohort to the roster numbers that were pasted."""
    desk = current().desk
    stands = certificates.standing(desk, seat.actor, _cohort(request))
    if request.method == "GET":
        return _issue_form(request, stands, _proposed(stands))
    parsed = Parsed(kind=CERTIFICATE.name)
    parsed.values = {name: _typed(request, name) for name in _proposed(stands).values}
    try:
        wish = _wish(stands, parsed.values)
        certificates.issue(desk, seat.actor, wish)
    except InputError as error:
        parsed.blame(error, language_of(request))
        return _issue_form(request, stands, parsed, status=422)
    return HttpResponseRedirect("/certificates")


def _cohort(request: HttpRequest) -> str:
    """The cohort that the address names. Raises InputError."""
    try:
        return str(UUID(str(request.GET.get("cohort", ""))[:36]))
    except ValueError:
        raise InputError("record_absent") from None


def _typed(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, ""))[:_TYPED_MAX].strip()


def _proposed(stands: Standing) -> Parsed:
    """What the form says at first: from today, until when the course says."""
    today = say.day_of(current().desk)
    values: dict[str, object] = {
        "level": LEVELS[0], "issued_on": today.isoformat(), "valid_until": stands.until(today),
        "holders": "",
    }  # fmt: skip
    return Parsed(kind=CERTIFICATE.name, values=values)


def _wish(stands: Standing, values: dict[str, object]) -> Wish:
    """What was typed as a wish. Raises InputError."""
    said = {name: str(value) for name, value in values.items()}
    for name in ("level", "issued_on", "valid_until"):
        if said[name] or name != "valid_until":
            check_value(CERTIFICATE.field(name), said[name])
    if said["valid_until"] and said["valid_until"] < said["issued_on"]:
        raise InputError("certificate_order", field="valid_until")
    return Wish(
        cohort=str(stands.cohort.value.record), level=said["level"], issued_on=said["issued_on"],
        valid_until=said["valid_until"], holders=holders_in(said["holders"]),
    )  # fmt: skip


def _issue_form(
    request: HttpRequest, stands: Standing, parsed: Parsed, *, status: int = 200
) -> HttpResponse:
    return render(
        request, "training/issue.html", status=status, cohort=stands.cohort, course=stands.course,
        passed=stands.passed, issued=len(stands.issued), left=stands.left,
        fields=[CERTIFICATE.field(name) for name in ("level", "issued_on", "valid_until")],
        values=parsed.values, errors=parsed.errors, limit=HOLDERS_MAX, hints=("valid_until",),
    )  # fmt: skip


def _panel(seat: Seat, view: View) -> Context:
    """What the page of a certificate shows besides: what can be done with it, and its paper."""
    v, desk = view.value, current().desk
    return {
        "stands": v.state == ISSUED,
        "reasons": [one for one in WITHDRAWN_FOR if one != REPLACED],
        "instead": linked.by_owner(desk, seat.viewer, [view], "replaces")[v.owner, str(v.record)],
    }


def _list_panel(seat: Seat, view: View) -> Context:
    """What the page of a list of withdrawn serials shows besides."""
    ours = view.value.received is None
    return {
        "serials": sorted(serials_in(view.value.body)),
        "may_state": ours and bool(mandate.may_write(seat.position.role, CERTIFICATE)),
    }


@require_POST
@signed_on
def withdraw(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Withdraw a certificate for a reason."""
    base, reason = _typed(request, "base"), _typed(request, "reason_class")
    certificates.withdraw(current().desk, seat.actor, str(record), base, reason)
    return _shows(str(record))


@require_POST
@signed_on
def instead(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Issue a certificate in the place of one."""
    base = _typed(request, "base")
    return _shows(certificates.issue_instead(current().desk, seat.actor, str(record), base))


def _shows(record: str) -> HttpResponse:
    return HttpResponseRedirect(f"/record/{current().desk.me}/{record}")


@require_POST
@signed_on
def state_list(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say the list of withdrawn serials as it is today."""
    return _shows(certificates.state_list(current().desk, seat.actor))


def _paper(request: HttpRequest, seat: Seat, record: str) -> Paper:
    desk = current().desk
    demand(mandate.may_write(seat.position.role, CERTIFICATE))
    view = read.record(desk, seat.viewer, desk.me, record)
    if view.value.kind != CERTIFICATE.name:
        raise InputError("record_absent")
    return paper_of(seat, view, language_of(request))


@require_GET
@signed_on
def paper(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """The certificate as it is handed out, on one page; each time is noted as printed."""
    return render(request, "training/paper.html", paper=_paper(request, seat, str(record)))


@require_GET
@signed_on
def pdf(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """The certificate as a PDF of one page."""
    found = _paper(request, seat, str(record))
    made = pdf_of(found, language_of(request))
    access.note(request, seat, {"view": found.view}, hits=1)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.serial}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was checked, or why it could not be."""

    code: str = ""
    error: str = ""
    field: str = ""
    found: Checked | None = None


@require_http_methods(["GET", "POST"])
@signed_on
def check(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Check the code of a certificate, ours or a partner's, by what this node holds. The code is
    posted and kept nowhere.
    """
    demand(mandate.may_do(seat.position.role, mandate.Act.READ))
    shown = _checked(request, seat) if request.method == "POST" else Shown()
    return render(
        request, "training/check.html", status=422 if shown.error else 200, shown=shown,
        levels=LEVELS, lists=_lists(seat),
        withdrawn=shown.found.withdrawn if shown.found else None,
    )  # fmt: skip


def _lists(seat: Seat) -> list[tuple[str, str]]:
    """Where this seat reads more: the lists of the withdrawn, and what is for whoever issues."""
    issues = bool(mandate.may_write(seat.position.role, CERTIFICATE))
    shown = (_LISTS, _CERTIFICATES, _CLEARANCES) if issues else (_LISTS,)
    return [(one.kind, f"/{one.name}") for one in shown]


def _checked(request: HttpRequest, seat: Seat) -> Shown:
    code, roster = (str(request.POST.get(name, ""))[:_TYPED_MAX] for name in ("code", "holder"))
    try:
        found = checking.check(current().desk, seat.actor, code, roster)
    except RefusedError:
        raise
    except FaultError as error:
        field = "holder" if error.code == "roster_number" else "code"
        return Shown(code=code, error=error.text(language_of(request)), field=field)
    return Shown(code=code, found=found)


def clearing(seat: Seat, view: View) -> Context:
    """What the page of a cohort shows of its clearance and its certificates: the clearances that
    this seat may see, and what it may do.
    """
    v, desk = view.value, current().desk
    about = linked.by_owner(desk, seat.viewer, [view], "about")[v.owner, str(v.record)]
    found = [one for one in about if one.value.kind == CLEARANCE.name]
    keeps = v.received is None and bool(mandate.may_write(seat.position.role, CLEARANCE))
    cleared = any(holds(one.value.body, say.day_of(desk)) for one in found)
    return {
        "clearances": found,
        "lapsed": v.state == CLEARED and not cleared,
        "may_clear": keeps,
        "may_issue": keeps and v.state == certificates.FINISHED,
    }


COHORT_PANEL: Final = Panel(
    template="training/_clearing.html", make=lambda seat, view: {"clearing": clearing(seat, view)},
    shows=frozenset({CLEARANCE.name, CERTIFICATE.name}),
)  # fmt: skip
_CERTIFICATES: Final = Home(
    name="certificates", kind=CERTIFICATE.name, section="training",
    panel=Panel(template="training/_certificate.html", make=_panel),
)  # fmt: skip
_CLEARANCES: Final = Home(name="clearances", kind=CLEARANCE.name, section="training")
_LISTS: Final = Home(
    name="withdrawn-lists", kind=WITHDRAWN_LIST.name, section="training",
    panel=Panel(template="training/_withdrawn.html", make=_list_panel),
)  # fmt: skip
HOMES: Final = (_CERTIFICATES, _CLEARANCES, _LISTS)
ADDRESSES: Final[tuple[Address, ...]] = (
    page("training/check", check, "training-check", word="section.training_check"),
    page("certificates/new", issue, "certificates-new"),
    page("certificates/list", state_list, "certificates-list"),
    page("certificates/<uuid:record>/paper", paper, "certificate-paper", deed=Deed.PRINTED),
    file("certificates/<uuid:record>/pdf", pdf, "certificate-pdf", deed=Deed.PRINTED),
    page("certificates/<uuid:record>/withdraw", withdraw, "certificate-withdraw"),
    page("certificates/<uuid:record>/instead", instead, "certificate-instead"),
    *pages(_CERTIFICATES),
    page("clearances/new", writing.new, "clearance-new", given={"kind": CLEARANCE.name}),
    *pages(_CLEARANCES),
    *pages(_LISTS),
)
