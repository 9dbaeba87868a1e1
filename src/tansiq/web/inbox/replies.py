"""Replies: acknowledge, give a different account. Acknowledging is not approving."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.records import linked, read, say, unknowns
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError, Refused, RefusedError
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.requests.rfi import RFI
from tansiq.domain.parties import Role
from tansiq.policy import mandate
from tansiq.web.shell.forms import Parsed, parse
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

REPLIES: Final = ("acknowledgement", "dispute")
_HINTED: Final = frozenset({"unknowns", "grade", "needed_by", "internal"})
_BY_KIND: Final[dict[str, tuple[str, ...]]] = {
    "rfi": (),
    "support": (),
    "support_offer": (),
    "safety_message": (),
    "meeting": (),
    "meeting_note": (),
    "answer": (),
    "dispute": ("acknowledgement",),
    "acknowledgement": (),
    "attachment": (),
    # What was received of them is said by their own acts.
    "protected_site": ("dispute",),
    "coordination_line": ("dispute",),
    "joint_operation": ("dispute",),
    "passage": (),
}


def reply_kinds(view: View) -> tuple[str, ...]:
    """The kinds of reply that a partner's record takes; none for an own one."""
    if view.value.received is None:
        return ()
    return _BY_KIND.get(view.value.kind, ("acknowledgement", "dispute"))


def alone(view: View) -> bool:
    """Whether a record has such haste that it is acknowledged by itself, never with others."""
    kind = kind_named(view.value.kind)
    return kind.haste_of(view.value.body).rank <= Haste.FLASH.rank


# The kinds of record about which a request for information may be written.
_ASKED_ABOUT: Final = frozenset({"incident", "log_line", "answer", "dispute"})


def may_ask(role: Role, kind: str) -> bool:
    """Whether a position of that role may write a request for information about such a record."""
    return kind in _ASKED_ABOUT and bool(mandate.may_write(role, RFI))


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat, owner: str, record: UUID, kind: str) -> HttpResponse:
    """The form of a reply beside the record that it answers; a POST sends it."""
    if kind not in REPLIES:
        raise InputError("record_absent")
    desk, declared = current().desk, kind_named(kind)
    demand(mandate.may_write(seat.position.role, declared))
    view = read.record(desk, seat.viewer, owner, str(record))
    if view.value.received is None:
        raise RefusedError(Refused("reply_to_own"))
    if kind not in reply_kinds(view):
        raise InputError("record_absent")
    if request.method == "GET":
        read.mark_read(desk, seat.actor, view)
        return _form(request, seat, view, declared, Parsed())
    return _reply(request, seat, view, declared)


def _reply(request: HttpRequest, seat: Seat, view: View, kind: Kind) -> HttpResponse:
    desk, language = current().desk, language_of(request)
    parsed, status = parse(request, kind, language), 422
    if not parsed.errors:
        try:
            with desk.act():
                read.mark_read(desk, seat.actor, view)
                say.reply(desk, seat.actor, kind.name, about=view.value, body=parsed.body)
        except FaultError as error:
            parsed.blame(error, language)
            status = 403 if isinstance(error, RefusedError) else 422
    if parsed.errors:
        return _form(request, seat, view, kind, parsed, status=status)
    request.session["saved_draft"] = f"reply.{kind.name}.{view.value.record}"
    back = request.POST.get("back") == "inbox"
    address = f"/record/{view.value.owner}/{view.value.record}"
    return HttpResponseRedirect("/inbox" if back else address)


def _form(
    request: HttpRequest, seat: Seat, view: View, kind: Kind, parsed: Parsed, *, status: int = 200
) -> HttpResponse:
    desk, v = current().desk, view.value
    about = str(v.body.get("about", ""))
    same = linked.claims(desk, seat.viewer, view)
    return render(
        request, "inbox/reply.html", status=status, view=view, kind=kind.name,
        fields=[field for field in kind.fields if not field.hidden],
        values=parsed.values, errors=parsed.errors,
        answers=unknowns.answers(desk, seat.viewer, view),
        hints=[field.name for field in kind.fields if field.name in _HINTED],
        attachments=linked.named_by_owner(desk, seat.viewer, view, "attachments"),
        about=read.named(desk, seat.viewer, [about]) if about else [],
        ours=[
            claim.view for claim in same
            if claim.field == "same_as" and claim.view.value.owner == desk.me
        ],
    )  # fmt: skip
