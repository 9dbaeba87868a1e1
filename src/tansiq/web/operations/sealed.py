"""Sealed checks on pages: of one activity, of each partner, and a commitment opened by the auditor.

The page of an activity shows its answers; the list of checks shows that they took place, and no
more, to both sides alike.
"""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.operations import sealed
from tansiq.desk.operations.sealed import Standing
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY
from tansiq.domain.operations.sealing import ANSWERS, NEAR, OVERLAP
from tansiq.policy import mandate
from tansiq.web.records.views import shown_again
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_PARTY_CHARS: Final = 8
_TONES: Final = {"clear": "tag-ok", "near": "tag-warn", "overlap": "tag-bad", "failed": "tag-bad",
                 "refused": "tag-warn"}  # fmt: skip


def panel(seat: Seat, view: View) -> Context | None:
    """What the page of a sealed activity of ours shows of its checks, and what this seat may do;
    None for every other activity.
    """
    found = sealed.standing(current().desk, view)
    if found is None:
        return None
    told, writes = found.value, bool(mandate.may_write(seat.position.role, PLANNED_ACTIVITY))
    answered = any(one.check and one.check.state in ANSWERS for one in told.partners)
    over = bool(told.error and told.error.code == "sealed_over")  # nobody is to be called about it
    return {
        "kilometres": told.wanted.kilometres if told.wanted else 0,
        "hours": told.wanted.hours if told.wanted else 0,
        "error": (told.error.code, told.error.values) if told.error else None,
        "rows": [
            _row(one, writes=writes and told.wanted is not None, calls=not over)
            for one in told.partners
        ],
        "most": BOUNDS.sealed_checks_a_day,
        "may_agree": writes and answered and view.value.state in ("planned", "checked"),
        "may_open": bool(mandate.may_do(seat.position.role, mandate.Act.AUDIT)),
    }  # fmt: skip


def _row(one: Standing, *, writes: bool, calls: bool) -> Context:
    check = one.check
    return {
        "party": one.party, "changed": one.changed, "left": one.left.checks, "why": one.why,
        "may_ask": writes and not one.why,
        "ref": check.ref if check else "", "state": check.state if check else "",
        "tone": _TONES.get(check.state, "") if check else "",
        "reason": f"{check.state}_{check.reason}" if check and check.reason else "",
        "at": check.at if check else 0, "ended": check.ended if check else 0,
        "call": calls and bool(check and check.state in (NEAR, OVERLAP, "failed", "refused")),
    }  # fmt: skip


@require_POST
@signed_on
def ask(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Check an own activity with one partner, or with each that may be asked."""
    desk = current().desk
    parties = [str(one)[:_PARTY_CHARS] for one in request.POST.getlist("party")]
    try:
        sealed.ask(desk, seat.actor, str(record), *parties[: BOUNDS.parties_max])
    except FaultError as error:
        return _tried(request, seat, record, error)
    return HttpResponseRedirect(f"/record/{desk.me}/{record}#sealed-check")


@require_POST
@signed_on
def agreed(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Note that both sides have agreed by telephone what an own activity does now."""
    desk = current().desk
    try:
        sealed.agreed(desk, seat.actor, str(record))
    except FaultError as error:
        return _tried(request, seat, record, error)
    return HttpResponseRedirect(f"/record/{desk.me}/{record}#sealed-check")


def _tried(request: HttpRequest, seat: Seat, record: UUID, error: FaultError) -> HttpResponse:
    """The page once more, with what keeps it from being done; nothing for who may not do it."""
    if error.code in ("mandate", "record_absent"):
        raise error
    view = read.record(current().desk, seat.viewer, current().desk.me, str(record))
    parsed = Parsed()
    parsed.blame(error, language_of(request))
    return shown_again(request, seat, view, sealed_tried=parsed)


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The checks between each partner and us: that they took place, and how many are left."""
    desk = current().desk
    known = [one.party for one in partners.partners(desk)]
    found = [sealed.between(desk, seat.actor, party) for party in known]
    return render(
        request, "operations/sealed.html", found=found, most=BOUNDS.sealed_checks_a_day,
        may_open=bool(mandate.may_do(seat.position.role, mandate.Act.AUDIT)),
    )  # fmt: skip


@require_GET
@signed_on
def opened(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """A commitment of ours, opened for the auditor; ``record`` is the check."""
    found = sealed.open_commitment(current().desk, seat.actor, str(record))
    told = found.value
    view = read.record(current().desk, seat.viewer, current().desk.me, told.record)
    return render(
        request, "operations/sealed_opened.html", v=view, party_asked=told.check.party,
        commitment=told.check.commitment, at=told.at, entry=told.entry + 1, fits=told.fits,
        binds=told.binds, elements=told.elements, size=told.check.size,
    )  # fmt: skip
