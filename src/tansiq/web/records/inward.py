"""What a position says of a round of its party's approval chain, from the page of the case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import approving
from tansiq.desk.cases.approving import Verdict
from tansiq.desk.records import read
from tansiq.domain.cases import RoundState
from tansiq.domain.errors import FaultError, InputError
from tansiq.web.records.views import shown
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_DECISIONS = {one.value: one for one in RoundState}


@require_POST
@signed_on
def decide(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Approve, reject or take back. Where it cannot be, the page says why and keeps the words."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    given = {name: str(request.POST.get(name, "")) for name in ("round", "reason", "text")}
    parsed = Parsed()
    try:
        what = _DECISIONS.get(str(request.POST.get("decision", "")))
        if what is None:
            raise InputError("choice_unknown", field="decision")
        verdict = Verdict(
            round=given["round"][:36], what=what, reason=given["reason"], text=given["text"].strip()
        )
        approving.decide(current().desk, seat.actor, owner, str(record), verdict)
    except FaultError as error:
        parsed.blame(error, language_of(request))
        tried = {**given, "errors": parsed.errors}
        found = {**shown(seat, view), "tried_inward": tried}
        return render(request, "records/page.html", status=422, **found)
    return HttpResponseRedirect(f"/record/{owner}/{record}#inward")
