"""Who holds what, and asking for it back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read
from tansiq.desk.records.read import ReleaseState, View
from tansiq.desk.release import releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RECALL_REASONS
from tansiq.domain.tables import Table
from tansiq.policy import mandate
from tansiq.policy.seal import Released
from tansiq.web.releases import held
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import chosen


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every release that left, newest first."""
    return render(request, "releases/holdings.html", **_held(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The table alone, fetched again when something changed."""
    return render(request, "releases/holdings_part.html", **_held(request, seat))


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The list from its top, for a way out."""
    address = held.SOURCE.address(request)
    return held.rows(seat, address.top, limit).table


def _held(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    role, address = seat.position.role, held.SOURCE.address(request)
    asked = chosen(request, seat, held.SOURCE)
    found = held.rows(seat, address, BOUNDS.page_rows_max, held.counted(asked))
    return {
        "x": asked,
        "table": found.table,
        "releases": found.releases,
        "older": address.to(after=found.after) if found.after else "",
        "by_holder": held.chart(language_of(request), asked),
        "may_recall": bool(mandate.may_do(role, mandate.Act.RECALL)),
        "may_release": bool(mandate.may_do(role, mandate.Act.PREPARE_RELEASE)),
    }


@require_http_methods(["GET", "POST"])
@signed_on
def recall(request: HttpRequest, seat: Seat, owner: str, record: UUID, party: str) -> HttpResponse:
    """Ask a partner to erase what it got of a record. A reason is asked for; nothing is claimed."""
    demand(mandate.may_do(seat.position.role, mandate.Act.RECALL))
    desk = current().desk
    view = read.record(desk, seat.viewer, owner, str(record))
    if view.value.received is not None or party not in read.partner_codes(desk):
        raise InputError("record_absent")
    kept = _held_by(seat, view, PartyCode(party))
    if request.method == "GET":
        return _form(request, view, kept, party, {})
    reason = str(request.POST.get("reason", ""))
    try:
        if not reason:
            raise InputError("recall_reason", field="reason")
        releasing.recall(desk, seat.actor, str(record), PartyCode(party), reason)
    except FaultError as error:
        where = str(error.values.get("field", "reason"))
        return _form(request, view, kept, party, {where: error.text(language_of(request))})
    return HttpResponseRedirect(f"/record/{owner}/{record}")


def _held_by(seat: Seat, view: View, party: PartyCode) -> list[ReleaseState]:
    """The releases of a record that a party still holds."""
    found = read.releases_of(current().desk, seat.viewer, view.value.record)
    kept = [item for item in found if item.party == party and item.released_at and not item.gone]
    if not kept:
        raise InputError("nothing_to_recall")
    return kept


def _form(
    request: HttpRequest, view: View, kept: list[ReleaseState], party: str, errors: dict[str, str]
) -> HttpResponse:
    return render(
        request, "releases/recall.html", status=422 if errors else 200, view=view, releases=kept,
        to=party, reasons=RECALL_REASONS, errors=errors,
        chosen=str(request.POST.get("reason", "")),
    )  # fmt: skip
