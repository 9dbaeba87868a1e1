"""Publishing projects to the world (IATI 2.03): which are left out and why, what is asked and by
whom, the very text that would leave, and the file of all that two persons have let go.
"""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.reform import publishing
from tansiq.desk.reform.publishing import Papers
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.reform.activity import Reporter
from tansiq.domain.kinds.reform.project import PROJECT
from tansiq.domain.kinds.reform.publication import EXCLUDED_FOR, LEFT_OUT, PUBLICATION
from tansiq.web.reform.choosing import title_of
from tansiq.web.shell import access
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

PATH: Final = "/reform/iati"
TONES: Final = {**dict(PUBLICATION.tones), publishing.CHANGED: "warn"}
_REASON_CHARS_MAX: Final = 2_000


def _papers() -> Papers:
    """Who publishes here. Raises InputError for a node that has nothing to publish with."""
    settings = current().settings
    if settings.publisher is None:
        raise InputError("publish_unmade")
    reporter = Reporter(ref=settings.published_as, names=settings.names)
    return Papers(reporter=reporter, publisher=settings.publisher)


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every own project with where it stands on its way to the world."""
    return render(request, "reform/iati.html", **_listed(request, seat))


def _listed(request: HttpRequest, seat: Seat) -> Context:
    found = publishing.standings(current().desk, seat.viewer, _papers())
    language = language_of(request)
    return {
        "found": found, "tones": TONES, "published_as": current().settings.published_as,
        "titles": [title_of(one.line.view, language) for one in found],
        "faults": [_said(one.fault, language) for one in found],
        "leaving": sum(one.leaves for one in found),
        "may_take": publishing.may_publish_file(seat.actor),
    }  # fmt: skip


def _said(fault: FaultError | None, language: str) -> str:
    """Why it cannot leave, with the project's field as its form names it; "" for no fault."""
    if fault is None:
        return ""
    parsed = Parsed(kind=PROJECT.name)
    parsed.blame(fault, language)
    return next(iter(parsed.errors.values()))


@require_GET
@signed_on
def project(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """One project: the text that would leave, and what may be done about it."""
    return render(request, "reform/iati_project.html", **_one(request, seat, str(record)))


def _one(request: HttpRequest, seat: Seat, record: str, **more: object) -> Context:
    found = publishing.standing_of(current().desk, seat.viewer, _papers(), record)
    language, actor = language_of(request), seat.actor
    publication = found.publication.value if found.publication else None
    return {
        "one": found, "title": title_of(found.line.view, language), "tones": TONES,
        "said_fault": _said(found.fault, language), "text": found.text.decode(),
        "why": str(publication.body.get("excluded_for", "")) if publication else "",
        "reason": str(publication.body.get("reason", "")) if publication else "",
        "by": publication.position if publication else "",
        "exclusions": EXCLUDED_FOR, "problem": "",
        "may_ask": publishing.may_ask(actor) and not found.fault,
        "may_approve": publishing.may_approve(actor) and not found.fault
        and found.state == "publication_asked",
        "may_leave_out": publishing.may_leave_out(actor),
        "left_out": found.state == LEFT_OUT and publication is not None,
        **more,
    }  # fmt: skip


@require_POST
@signed_on
def act(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Ask, approve or leave out. Where it cannot be, the page says why."""
    desk, papers, identity = current().desk, _papers(), str(record)
    said = {name: str(request.POST.get(name, "")) for name in ("act", "seen", "why", "reason")}
    try:
        match said["act"]:
            case "ask":
                publishing.ask(desk, seat.actor, papers, identity, said["seen"])
            case "approve":
                publishing.approve(desk, seat.actor, papers, identity, said["seen"])
            case "leave_out":
                reason = said["reason"].strip()[:_REASON_CHARS_MAX]
                publishing.leave_out(
                    desk, seat.actor, papers, identity, why=said["why"], reason=reason
                )
            case _:
                raise InputError("choice_unknown", field="act")
    except FaultError as error:
        more = _one(request, seat, identity, problem=_said(error, language_of(request)))
        return render(request, "reform/iati_project.html", status=422, **more)
    return HttpResponseRedirect(f"{PATH}/{record}")


@require_GET
@signed_on
def taken(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The file of all that leave, once it has been noted who takes it."""
    publishing.demand_publisher(seat.actor)
    found = publishing.file_of(current().desk, seat.viewer, _papers())
    access.note(request, seat, {"projects": found.views}, hits=len(found.views))
    response = HttpResponse(found.data.value, content_type="application/xml")
    name = f"iati-{current().desk.me.lower()}.xml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
