"""The duty log: read it, write a line, correct one."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.records import linked, read, say
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.policy.mandate import may_write
from tansiq.web.log import chips
from tansiq.web.shell import foreseen
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
from tansiq.web.shell.listing import listed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

HOME = Home(
    name="log", kind="log_line", section="log", rows="log/_lines.html", none="log.empty",
    none_text="log.empty_text",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as the log shows it."""

    view: View
    corrects: View | None
    corrected_by: View | None
    attachments: tuple[View, ...]


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The log, newest first, with the composer on top."""
    if request.method == "POST":
        return _write(request, seat, corrects=None)
    return _page(request, seat, _fresh(seat), corrects=None)


@require_http_methods(["GET", "POST"])
@signed_on
def correct(request: HttpRequest, seat: Seat, record: str) -> HttpResponse:
    """Correct a line: a new line that points at the old one."""
    old = read.record(current().desk, seat.viewer, current().desk.me, record)
    if old.value.kind != "log_line":
        raise InputError("record_absent")
    if request.method == "POST":
        return _write(request, seat, corrects=old)
    kind = kind_named("log_line")
    parsed = Parsed(values=shown_values(kind, old.value.body), label=old.value.label)
    return _page(request, seat, parsed, corrects=old)


@require_POST
@signed_on
def proposed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the line tells of an incident as typed so far. Nothing is saved."""
    demand(may_write(seat.position.role, kind_named("log_line")))
    return render(
        request, "log/chips_part.html", chips=chips.proposed(request, language_of(request))
    )


def _fresh(seat: Seat) -> Parsed:
    now = moment_text(current().desk.clock.now())
    return Parsed(values={"observed": now})


def _write(request: HttpRequest, seat: Seat, corrects: View | None) -> HttpResponse:
    language, desk = language_of(request), current().desk
    kind = kind_named("log_line")
    parsed, line = parse(request, kind, language), ""
    if not parsed.errors:
        try:
            with desk.act() as act:
                draft = drafted(act, seat.actor, kind, parsed)
                if corrects is None:
                    line = say.write_in(act, seat.actor, draft).record
                else:
                    say.correct_line(desk, seat.actor, corrects.value.record, draft)
                foreseen.demand_shown(act, request)
        except FaultError as error:
            parsed.blame(error, language)
    if parsed.errors:
        return _page(request, seat, parsed, corrects=corrects, status=422)
    draft_key = f"correct.{corrects.value.record}" if corrects else f"log.{seat.actor.person}"
    request.session["saved_draft"] = draft_key
    if line and "incident" in request.POST:
        without = [("without", name) for name in chips.taken_away(request)]
        asked = urlencode([("line", line), *without])
        return HttpResponseRedirect(f"/incidents/new?{asked}")
    return HttpResponseRedirect("/log")


def _page(
    request: HttpRequest, seat: Seat, parsed: Parsed, *, corrects: View | None, status: int = 200
) -> HttpResponse:
    kind, found = kind_named("log_line"), listed(request, seat, HOME)
    return render(
        request, "log/page.html", status=status, values=parsed.values, errors=parsed.errors,
        fields=[f for f in kind.fields if not f.hidden], corrects=corrects,
        originals=keeps_originals(kind), chips=chips.proposed(request, language_of(request)),
        action=f"/log/{corrects.value.record}/correct" if corrects else "/log",
        goes=parsed.goes, kind="log_line",
        label_values=label_values(parsed.label), positions=current().desk.identity.positions,
        parties=read.partner_codes(current().desk), hints=(), **found, **lines(seat, found),
    )  # fmt: skip


def lines(seat: Seat, context: Context) -> Context:
    """The lines of a page of the log, each with what it corrects and what corrects it: none as of
    an earlier moment, for this is of now.
    """
    desk, rows = current().desk, () if context["x"].as_of else context["rows"]
    corrected = linked.by_owner(desk, seat.viewer, rows, "corrects")
    corrects = linked.named_each(desk, seat.viewer, rows, "corrects")
    files = linked.named_each(desk, seat.viewer, rows, "attachments")
    return {
        "lines": [
            Line(
                view=view,
                corrects=next(iter(corrects[key]), None),
                corrected_by=next(iter(corrected[key]), None),
                attachments=tuple(files[key]),
            )
            for view in rows
            for key in ((view.value.owner, str(view.value.record)),)
        ],
        "may_write": bool(may_write(seat.position.role, kind_named("log_line"))),
        "may_report": bool(may_write(seat.position.role, kind_named("incident"))),
    }
