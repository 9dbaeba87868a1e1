"""Same event: the page on which a person says that another record tells of it too, and takes that
back.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read, same
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import record_id
from tansiq.policy import mandate
from tansiq.web.shell import foreseen
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """What may tell of the same event, to choose from; a POST says that one does, or no longer."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    kind = kind_named(view.value.kind)
    if not same.can_be_one(kind):
        raise InputError("record_absent")
    demand(mandate.may_write(seat.position.role, kind))
    if request.method == "GET":
        read.mark_read(current().desk, seat.actor, view)
        return _form(request, seat, view)
    try:
        _say(request, seat, view)
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, f"/record/{owner}/{record}")
    except FaultError as error:
        return _form(request, seat, view, error=error.text(language_of(request)))
    return HttpResponseRedirect(f"/record/{owner}/{record}")


def _say(request: HttpRequest, seat: Seat, view: View) -> None:
    desk, post = current().desk, request.POST
    if "apart" in post:
        with foreseen.shown_first(request, seat, view.value.record):
            same.unlink(desk, seat.actor, view.value.record, record_id(str(post["apart"])))
        return
    typed = str(post.get("typed", "")).strip() or str(post.get("with", ""))
    if not typed:
        raise InputError("same_unchosen", field=same.FIELD)
    other = same.meant(desk, seat.viewer, view.value.kind, typed)
    ours, _ = same.ours_first(desk, view, other)
    with foreseen.shown_first(request, seat, ours.value.record):
        same.link(desk, seat.actor, view, other)


def _form(request: HttpRequest, seat: Seat, view: View, *, error: str = "") -> HttpResponse:
    return render(
        request, "records/same.html", status=422 if error else 200, view=view,
        alike=same.alike(current().desk, seat.viewer, view),
        errors={"same": error} if error else {}, typed=str(request.POST.get("typed", ""))[:400],
        chosen=str(request.POST.get("with", "")),
    )  # fmt: skip
