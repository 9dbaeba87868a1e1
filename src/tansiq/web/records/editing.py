"""Writing a new edition of a record. Where somebody was faster, nobody's words are replaced: the
writer sees what differs and chooses (``conflicts``), and saves after that.
"""

from dataclasses import replace
from typing import Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.cases import changing
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import Body
from tansiq.web.incidents.views import form
from tansiq.web.records import conflicts
from tansiq.web.records.views import FILE_FIELDS, files_of
from tansiq.web.records.writing import address_to
from tansiq.web.shell import first, foreseen
from tansiq.web.shell.forms import Parsed, drafted, parse, shown_values
from tansiq.web.shell.once import DRAFT
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import home_of
from tansiq.web.shell.site import current

_COMPARE: Final = "compare"
_MERGE: Final = "merge"


@require_http_methods(["GET", "POST"])
@signed_on
def edit(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """The form of a new edition, or the record with it."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    kind = kind_named(view.value.kind)
    if view.value.received is not None or kind.final:
        raise InputError("record_absent")
    if request.method == "GET":
        values = shown_values(kind, view.value.body)
        parsed = Parsed(values=values, label=view.value.label, goes=None)
        return form(request, seat, parsed, old=view, files=_files(seat, view))
    kept = _without_dropped(request, seat, view)
    parsed = parse(
        request, kind, language_of(request), torn=view.value.tear,
        has=len(kind.files_in({"attachments": kept.get("attachments")})),
        taken=[str(file.value.body.get("text", "")) for file in files_of(seat, view)],
        settled=changing.settled(current().desk, view.value),
    )  # fmt: skip
    act, base = request.POST.get("act"), str(request.POST.get("base", ""))
    if act == _COMPARE:
        return conflicts.page(request, seat, view, parsed, base)
    if act == _MERGE:
        return _merged(request, seat, view, parsed, base)
    return _save(request, seat, view, parsed, kept)


def _save(request: HttpRequest, seat: Seat, view: View, parsed: Parsed, kept: Body) -> HttpResponse:
    """Write the edition on the one that the form was filled from."""
    desk, v, base = current().desk, view.value, str(request.POST.get("base", ""))
    kind = kind_named(v.kind)
    in_circle = changing.revise if kind.settles else say.revise
    revise = home_of(kind.name).revise or (changing.restate if kind.in_lanes else in_circle)
    if not first.seen(request, parsed, first.looked(request, seat, kind, parsed, view)):
        return form(
            request, seat, parsed, old=view, status=409, files=_files(seat, view), base=base
        )
    if not parsed.errors:
        try:
            address_to(kind, parsed)
            with desk.act() as act:
                first.demand_seen(request, seat, kind, parsed, view)
                draft = drafted(act, seat.actor, kind, parsed, kept)
                if draft.tear is None:
                    draft = replace(draft, tear=v.tear)
                revise(desk, seat.actor, v.record, base, draft)
                foreseen.demand_shown(act, request)
        except say.EditedMeanwhileError as conflict:
            return conflicts.page(request, seat, conflict.theirs, parsed, base, status=409)
        except FaultError as error:
            parsed.blame(error, language_of(request))
        else:
            request.session[DRAFT] = f"edit.{v.record}"
            return HttpResponseRedirect(f"/record/{v.owner}/{v.record}")
    # Shown again with the base that it came with: what was saved meanwhile is not thereby seen.
    return form(
        request, seat, parsed, old=view, status=422, files=_files(seat, view), base=base
    )  # fmt: skip


def _merged(
    request: HttpRequest, seat: Seat, view: View, parsed: Parsed, base: str
) -> HttpResponse:
    """The form with what was chosen of both, to be looked at and saved. It goes on from the edition
    that the choice was made against.
    """
    if request.POST.get("against") != view.value.digest:  # and somebody was faster once more
        return conflicts.page(request, seat, view, parsed, base, status=409)
    if not conflicts.merge(request, seat, view, parsed, base):
        error = InputError("conflict_choose").text(language_of(request))
        return conflicts.page(request, seat, view, parsed, base, status=422, error=error)
    parsed.goes = None
    return form(request, seat, parsed, old=view, files=_files(seat, view), base=view.value.digest)


def _files(seat: Seat, view: View) -> tuple[list[View], list[View]]:
    """The files of a record for its form, and those that are kept as they were brought."""
    return files_of(seat, view), files_of(seat, view, "originals")


def _without_dropped(request: HttpRequest, seat: Seat, view: View) -> Body:
    """The files of a record but for those that the form takes off it: none that this seat does not
    see.
    """
    dropped = set(request.POST.getlist("drop"))
    seen = {file.value.record for files in _files(seat, view) for file in files}
    return {
        name: [one for one in cast("list[str]", view.value.body[name])
               if one not in dropped & seen]
        for name in FILE_FIELDS
        if name in view.value.body
    }  # fmt: skip
