"""Approvals: the second person sees exactly what was frozen, and says yes or no."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.cases import approving
from tansiq.desk.release import offers, releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError, RefusedError
from tansiq.domain.wording import LANGUAGES
from tansiq.policy import mandate
from tansiq.web.releases import waiting
from tansiq.web.releases.inference import inferences
from tansiq.web.releases.panel import framed
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import chosen

_DECISIONS: Final = {
    "approve": releasing.approve, "decline": releasing.decline, "withdraw": releasing.withdraw,
}  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for a second person."""
    return render(request, "releases/approvals.html", **_waiting(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list alone, fetched again when something changed."""
    return render(request, "releases/approvals_part.html", **_waiting(request, seat))


def _waiting(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    demand(mandate.may_do(seat.position.role, mandate.Act.READ))
    found = chosen(request, seat, waiting.SOURCE)
    table = waiting.rows(seat, found.address, BOUNDS.page_rows_max)
    desk = current().desk
    inside = approving.waiting(desk, seat.actor)
    return {"x": found, "table": table, "inside": inside, "chains": desk.identity.chains}


@require_http_methods(["GET", "POST"])
@signed_on
def one(request: HttpRequest, seat: Seat, release: UUID) -> HttpResponse:
    """One prepared release, frozen; a POST decides."""
    if request.method == "GET":
        return _one(request, seat, str(release))
    decide = _DECISIONS.get(str(request.POST.get("decision", "")))
    # Withheld is absent, before all else.
    found = offers.prepared(current().desk, seat.actor, str(release))
    if decide is None:
        raise InputError("choice_unknown", field="decision")
    try:
        decide(current().desk, seat.actor, str(release))
    except FaultError as refused:
        status = 403 if isinstance(refused, RefusedError) else 422
        reason = refused.text(language_of(request))
        return _one(request, seat, str(release), status=status, error=reason)
    v = found.record.value
    to_record = request.POST.get("back") == "record"
    return HttpResponseRedirect(f"/record/{v.owner}/{v.record}" if to_record else "/approvals")


def _one(
    request: HttpRequest, seat: Seat, release: str, *, status: int = 200, error: str = ""
) -> HttpResponse:
    language = language_of(request)
    found = offers.prepared(current().desk, seat.actor, release)
    asked = str(request.GET.get("preview_lang", ""))
    shown = asked if asked in LANGUAGES else language
    allowed = mandate.may_do(seat.position.role, mandate.Act.APPROVE_RELEASE)
    return render(
        request, "releases/approval.html", status=status, found=found,
        frame=framed(found.shown, found.attachments, shown, unseen=found.unseen),
        languages_shown=LANGUAGES,
        inferences=inferences(
            found.record, found.shown, found.hidden or (), found.attachments
        ),
        refusal="" if found.decision else found.decision.text(language),
        may_decline=bool(allowed) and seat.actor.person != found.person,
        may_withdraw=seat.actor.person == found.person,
        errors={"decision": error} if error else {},
    )  # fmt: skip
