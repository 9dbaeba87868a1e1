"""The case on a record's page: what each side did in its lanes, and the acts that may follow."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import taking
from tansiq.desk.records import read
from tansiq.domain.cases import AnyAct, Form, StepValue
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import Body
from tansiq.web.records.views import shown
from tansiq.web.shell.controls import western
from tansiq.web.shell.forms import Parsed, parse
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_SEEN_MAX = 64


@require_POST
@signed_on
def act(request: HttpRequest, seat: Seat, owner: str, record: UUID, lane: UUID) -> HttpResponse:
    """Take a step in a lane. Where it cannot be taken, the page is shown as it stands now, with the
    reason and all that was typed.
    """
    desk, language = current().desk, language_of(request)
    view = read.record(desk, seat.viewer, owner, str(record))
    declared = kind_named(view.value.kind).case
    known = declared.act(str(request.POST.get("act", ""))) if declared else None
    if known is None:
        raise InputError("record_absent")
    parsed = _words(request, known, language)
    wanted = taking.Wanted(
        owner=owner, record=str(record), lane=str(lane), act=known.name,
        seen=[str(one)[:36] for one in request.POST.getlist("seen")[:_SEEN_MAX]],
        of=str(request.POST.get("of", ""))[:36],
        values=_values(request, known), words=_body(parsed),
    )  # fmt: skip
    try:
        if not parsed.errors:
            taking.take(desk, seat.actor, wanted)
            return HttpResponseRedirect(f"/record/{owner}/{record}#case")
    except FaultError as error:
        parsed.blame(error, language)
    tried = {"lane": str(lane), "act": known.name, "errors": parsed.errors, "typed": parsed.values,
             "values": {name: str(value) for name, value in wanted.values.items()}}  # fmt: skip
    return render(request, "records/page.html", status=422, **{**shown(seat, view), "tried": tried})


def _words(request: HttpRequest, known: AnyAct, language: str) -> Parsed:
    """What was typed of the record that goes beside the step; nothing for an act without words."""
    return parse(request, kind_named(known.beside), language) if known.beside else Parsed()


def _body(parsed: Parsed) -> Body | None:
    """The words beside a step; a grade alone is none."""
    said = any(name != "grade" for name in parsed.body)
    return parsed.body if said else None


def _values(request: HttpRequest, known: AnyAct) -> dict[str, StepValue]:
    found: dict[str, StepValue] = {}
    for value in known.values:
        typed = str(request.POST.get(f"v-{value.name}", "")).strip()[:64]
        if not typed:
            continue
        if value.form in (Form.COUNT, Form.MOMENT):
            plain = western(typed)
            if not plain.isdecimal():
                raise InputError("count_range", field=value.name)
            found[value.name] = int(plain)
        else:
            found[value.name] = typed
    return found
