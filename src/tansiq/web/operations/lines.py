"""Coordination lines on pages: where one runs and when, who must be told, what each party says of
it, and the acts of who puts it and of who is asked.
"""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.operations import lines
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.coordination_line import (
    AGREE,
    COORDINATION_LINE,
    DECLINED_FOR,
    PUT,
    STANDING,
    STATED,
)
from tansiq.web.operations.activities import when
from tansiq.web.operations.sites import seats_of
from tansiq.web.records.making import seats_in, seen_in
from tansiq.web.records.views import shown_again
from tansiq.web.shell import foreseen
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.listing import listed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_CODE_CHARS: Final = 32


def of_rows(seat: Seat, context: Context) -> Context:
    """What the list of lines shows beside its rows: which parties have agreed."""
    found = lines.said_of_each(current().desk, seat.viewer, context["rows"], context["x"].as_of)
    return {
        "agreed": {
            str(record): [(one.party, lines.has_agreed(one), one.at) for one in said]
            for (_, record), said in found.items()
        }
    }


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list of lines, each with which parties have agreed."""
    context = listed(request, seat, HOME)
    return render(request, "shell/listing.html", **context, **of_rows(seat, context))


def panel(seat: Seat, view: View) -> Context:
    """What the page of a line shows besides: where it runs and when, what each party says of it,
    and what this seat may do.
    """
    desk, v = current().desk, view.value
    found = lines.standing(desk, seat.viewer, view)
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    acts = {act.name for act in circle.value.acts} if circle else set()
    asks = v.received is None and PUT in acts and v.state in STANDING
    return {
        "said": [(one, lines.has_agreed(one)) for one in found.value.said],
        "when": when(v.body, desk.clock.now()),
        "seen": circle.value.newest if circle else (),
        "may_put": seats_of(found.value.unasked) if asks else [],
        "may_answer": AGREE in acts and v.state in STANDING,
        "declined_for": DECLINED_FOR,
    }  # fmt: skip


@require_POST
@signed_on
def put(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Put an own line to positions of parties that hold it."""
    desk, back = current().desk, f"/record/{current().desk.me}/{record}"
    view = _line(seat, desk.me, record)
    try:
        with foreseen.shown_first(request, seat, str(record)):
            lines.put(desk, seat.actor, str(record), seats=seats_in(request), seen=seen_in(request))
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except FaultError as error:
        return _tried(request, seat, view, error)
    return HttpResponseRedirect(f"{back}#line")


@require_POST
@signed_on
def answer(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Agree to a line for our party, or say why it does not."""
    view = _line(seat, owner, record)
    why = str(request.POST.get("declined_for", ""))[:_CODE_CHARS]
    try:
        if request.POST.get("act") == "decline" and why not in DECLINED_FOR:
            raise InputError("choice_unknown", field="declined_for")
        declined = why if request.POST.get("act") == "decline" else ""
        lines.answer(
            current().desk, seat.actor, owner, str(record), declined_for=declined,
            seen=seen_in(request),
        )  # fmt: skip
    except FaultError as error:
        return _tried(request, seat, view, error)
    return HttpResponseRedirect(f"/record/{owner}/{record}#line")


def _line(seat: Seat, owner: str, record: UUID) -> View:
    """A line that this seat may see. Raises InputError for anything else."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    if view.value.kind != COORDINATION_LINE.name:
        raise InputError("record_absent")
    return view


def _tried(request: HttpRequest, seat: Seat, view: View, error: FaultError) -> HttpResponse:
    parsed = Parsed()
    parsed.blame(error, language_of(request))
    return shown_again(request, seat, view, line_tried=parsed)


HOME: Final = Home(
    name="lines", kind=COORDINATION_LINE.name, section="lines", new="/lines/new",
    new_word="line.new", rows="operations/_lines.html", none="line.none",
    panel=Panel(
        template="operations/_line.html", make=panel, tells_case=True,
        paper="operations/_line_paper.html",
        fields=frozenset({"area", "begins", "until", STATED}),
    ),
)  # fmt: skip
