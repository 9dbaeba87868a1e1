"""Incidents: where their list and their map stand, and the form that writes one."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.cases import changing
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View as Record
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.listing import View
from tansiq.domain.places import gazetteer
from tansiq.domain.records import record_id
from tansiq.web.log import chips
from tansiq.web.shell import first, foreseen
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.forms import (
    Parsed,
    drafted,
    keeps_originals,
    label_values,
    parse,
    shown_values,
)
from tansiq.web.shell.home import Home
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

LIST = Home(
    name="incidents", kind="incident", section="incidents", new="/incidents/new",
    new_word="incident.new", brings="/incidents/import",
)  # fmt: skip
MAP = Home(name="map", kind="incident", section="map", view=View.MAP, title="section.map")


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write an incident, perhaps from a line of the log."""
    desk, kind, language = current().desk, kind_named("incident"), language_of(request)
    line = _line(request, seat)
    if request.method == "GET":
        return form(request, seat, _begun(request, line), line=line)
    parsed = parse(request, kind, language)
    if not parsed.errors:
        try:
            with desk.act() as act:
                draft = drafted(act, seat.actor, kind, parsed)
                record = say.write_in(act, seat.actor, draft).record
                foreseen.demand_shown(act, request)
            request.session["saved_draft"] = _draft_of(seat, line)
            return HttpResponseRedirect(f"/record/{desk.me}/{record}")
        except FaultError as error:
            parsed.blame(error, language)
    return form(request, seat, parsed, line=line, status=422)


def _line(request: HttpRequest, seat: Seat) -> Record | None:
    """The own line of the log that an incident is made from. Raises InputError."""
    given = str(request.POST.get("line") or request.GET.get("line", ""))[:60]
    if not given:
        return None
    found = read.record(current().desk, seat.viewer, current().desk.me, record_id(given))
    if found.value.kind != "log_line":
        raise InputError("record_absent")
    return found


def _begun(request: HttpRequest, line: Record | None) -> Parsed:
    """What the form holds at first: of a line its words, its time, its label, and what they tell
    of an incident but for what a person took away.
    """
    now = moment_text(current().desk.clock.now())
    values: dict[str, object] = {"observed": now, "severity": "routine"}
    if line is None:
        return Parsed(values=values)
    body = line.value.body
    said = shown_values(kind_named("log_line"), body)
    values |= {name: said[name] for name in ("text", "observed", "informant", "internal")}
    text, without = str(body.get("text", "")), request.GET.getlist("without")
    values |= chips.values_of(text, language_of(request), without)
    return Parsed(values=values, label=line.value.label, goes=None)


def _draft_of(seat: Seat, line: Record | None) -> str:
    """The name under which the browser keeps what was typed: what goes on with a line is not mixed
    with any other.
    """
    plain = f"incident.{seat.actor.person}"
    return f"{plain}.{line.value.record}" if line else plain


def form(
    request: HttpRequest,
    seat: Seat,
    parsed: Parsed,
    *,
    old: Record | None = None,
    line: Record | None = None,
    files: tuple[Sequence[Record], Sequence[Record]] = ((), ()),
    base: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form for a new record or a new edition, made from the kind's declaration. Of ``files``,
    those that may leave come first, then those that are kept as they were brought. ``base`` is the
    digest of the edition that it was filled from, "" = the one that stands. ``line`` is the line of
    the log that a new one is made from.
    """
    kind = kind_named(old.value.kind if old else "incident")
    below = kind.below_by_default()
    kept = parsed.tear if parsed.tear is not None else (old.value.tear if old else below)
    settled = changing.settled(current().desk, old.value) if old else {}
    fields = [f for f in kind.fields if not f.hidden and f.name not in settled]
    return render(
        request, "incidents/form.html", status=status, values=parsed.values, errors=parsed.errors,
        above=[f for f in fields if f.name not in below], old=old,
        base=base or (old.value.digest if old else ""), bound=request.method == "POST",
        below=[f for f in fields if f.name in below], torn=kept,
        first=first.looked(request, seat, kind, parsed, old), line=line,
        draft=f"edit.{old.value.record}" if old else _draft_of(seat, line),
        goes=parsed.goes, files=files, originals=keeps_originals(kind),
        label_values=label_values(parsed.label),
        settled=[(kind.field(name), value) for name, value in settled.items() if value is not None],
        parties=[] if kind.in_lanes else read.partner_codes(current().desk),
        positions=current().desk.identity.positions,
        towns=[town.names.of(language_of(request)) for town in gazetteer().values()],
        hints=("text", "observed", "place", "unknowns", "internal", "grade", "informant"),
    )  # fmt: skip
