"""The record page: what it says, who has it, how it came to be, what may be done next."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.cases import approving, outward, reading, rounds
from tansiq.desk.cases.reading import CaseView
from tansiq.desk.cases.rounds import CircleView
from tansiq.desk.records import inbox, linked, read, say, unknowns
from tansiq.desk.records.listing import state_of
from tansiq.desk.records.read import View
from tansiq.desk.records.same import can_be_one, links_of
from tansiq.desk.support import stock
from tansiq.desk.trust import papers
from tansiq.domain.cases.inward import REASONS
from tansiq.domain.differences import Difference, differences
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.files.attachment import OTHER, PICTURES
from tansiq.domain.kinds.kind import Transition
from tansiq.policy import mandate
from tansiq.policy.seal import Released
from tansiq.web.inbox.replies import may_ask, reply_kinds
from tansiq.web.records.conflicts import beaten
from tansiq.web.shell import access, foreseen
from tansiq.web.shell.forms import Parsed, take_field
from tansiq.web.shell.home import Panel
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.partner_seats import seats_of_members
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import home_of
from tansiq.web.shell.site import current

FILE_FIELDS: Final = ("attachments", "originals")


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """One record. Reading a partner's record tells its owner that this position has read it."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    read.mark_read(current().desk, seat.actor, view)
    chosen = str(request.GET.get("consignment", ""))
    return render(request, "records/page.html", **{**shown(seat, view), "chosen": chosen})


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """The record alone, fetched again when something changed."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    return render(request, "records/part.html", **shown(seat, view))


@require_GET
@signed_on
def printed(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """The record on paper, with who printed it and when; each time is noted as printed."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    read.mark_read(current().desk, seat.actor, view)
    return render(
        request, "records/print.html", view=view, own=view.value.received is None,
        case=reading.lanes_of(current().desk, seat.viewer, view),
        attachments=files_of(seat, view),
        answers=unknowns.answers(current().desk, seat.viewer, view), panel=_paper(seat, view),
    )  # fmt: skip


def files_of(seat: Seat, view: View, field: str = "attachments") -> list[View]:
    """The files of a record that this seat may see."""
    return linked.named_by_owner(current().desk, seat.viewer, view, field)


def shown(seat: Seat, view: View) -> Context:
    """What the page of a record shows to this seat."""
    desk, v = current().desk, view.value
    kind = kind_named(v.kind)
    own = v.received is None
    about = str(v.body.get(kind.about, "")) if kind.about else ""
    same = v.body.get("same_as") or v.body.get("same_need")
    replies = sorted(read.linked(desk, seat.viewer, v.record, "about"), key=lambda r: r.value.at)
    case = reading.lanes_of(desk, seat.viewer, view, seat.actor)
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    return {
        "view": view,
        "own": own,
        "doubt": papers.doubt_about(desk, v.owner, v.received),
        "attachments": files_of(seat, view),
        "originals": files_of(seat, view, "originals"),
        **_editions(seat, view),
        "releases": read.releases_of(desk, seat.viewer, v.record) if own else [],
        "replies": replies,
        "apart": _apart(replies, case, circle, home_of(v.kind).panel),
        "about": read.named(desk, seat.viewer, [about]) if about else [],
        "same": read.named(
            desk, seat.viewer, [str(i) for i in same] if isinstance(same, list) else []
        )
        + linked.by_owner(desk, seat.viewer, [view], "same_as")[v.owner, v.record],
        "corrected_by": linked.by_owner(desk, seat.viewer, [view], "corrects")[v.owner, v.record],
        "claims": linked.claims(desk, seat.viewer, view),
        "answers": unknowns.answers(desk, seat.viewer, view),
        "unknown": _open_items(view),
        "steps": _steps(seat, view),
        "tried_step": None,
        "panel": _panel(seat, view),
        **_may(seat, view),
        "linked": links_of(v) if own else [],
        "reply_kinds": _reply_kinds(seat, view),
        "acknowledged": not own and inbox.acknowledged(desk, view),
        "case": case,
        **_inward(seat, view),
        "may_book": stock.may_book(v.label),
        "circle": circle,
        "nameable": seats_of_members(circle.value.members) if circle else [],
        "heard": outward.heard(desk, seat.viewer, view),
        "followers": outward.followers(desk, seat.viewer, view),
        "hints": ("text", "unknowns", "grade"),
        **_begins(seat, view, case),
    }


def _steps(seat: Seat, view: View) -> tuple[Transition, ...]:
    """The steps that this seat may take. What is over neither begins nor frees a booking."""
    v, found = view.value, read.steps(seat.actor, view)
    kind = kind_named(v.kind)
    if state_of(v, current().desk.clock.now()) == v.state:
        return found
    return tuple(one for one in found if one.target not in kind.occupies | kind.off)


def _may(seat: Seat, view: View) -> Context:
    """What the role of this seat may do with the record."""
    kind, own, role = kind_named(view.value.kind), view.value.received is None, seat.position.role
    writes = bool(mandate.may_write(role, kind))
    return {
        "may_edit": own and not kind.final and writes and not _kept_by_program(kind),
        "may_link": can_be_one(kind) and writes,
        "may_release": own
        and not kind.stays_home(view.value.body)
        and not (kind.case and kind.case.asks_all)  # it has gone to all
        and bool(mandate.may_do(role, mandate.Act.PREPARE_RELEASE)),
        "may_recall": own and bool(mandate.may_do(role, mandate.Act.RECALL)),
        "may_export": bool(mandate.may_do(role, mandate.Act.EXPORT_EVIDENCE)),
    }


def _kept_by_program(kind: Kind) -> bool:
    """Whether a person has nothing to edit: no field, and nobody outside to let have it."""
    return kind.inner and all(one.hidden for one in kind.fields)


def _editions(seat: Seat, view: View) -> Context:
    """The editions of a record, and of a request what the newest says otherwise than the one before
    it.
    """
    v = view.value
    kind, changed = kind_named(v.kind), tuple[Difference, ...]()
    history = read.history(current().desk, seat.viewer, v.owner, v.record)
    if kind.in_lanes and history[1:]:
        before, after = history[-2:]
        changed = differences(kind, before.value.body, after.value.body)
    return {"history": history, "changed": changed}


def _begins(seat: Seat, view: View, case: Released[CaseView] | None) -> Context:
    """What this seat may begin about the record."""
    asks = may_ask(seat.position.role, view.value.kind)
    gives = [] if case else _may_give(seat, view)
    return {"may_ask": asks, "may_give": gives, "may_begin": _may_begin(seat, view)}


def _may_begin(seat: Seat, view: View) -> list[Kind]:
    """The kinds of which this seat may begin a record that goes on with what this one says, and
    that asks nobody yet.
    """
    found = map(kind_named, kind_named(view.value.kind).drafts)
    return [one for one in found if not one.in_lanes and mandate.may_write(seat.position.role, one)]


def _may_give(seat: Seat, view: View) -> list[Kind]:
    """The kinds of which this seat may offer something to whom a case asks that does not ask us."""
    v, kind = view.value, kind_named(view.value.kind)
    if v.received is None or kind.case is None or v.state != next(iter(kind.case.outward), ""):
        return []
    found = map(kind_named, kind.drafts)
    return [
        one
        for one in found
        if one.case and one.case.gives and mandate.may_write(seat.position.role, one)
    ]


def _panel(seat: Seat, view: View) -> Context | None:
    """What the room of the kind shows of a record beside what every record has; None for most."""
    panel = home_of(view.value.kind).panel
    if panel is None:
        return None
    kept = {"tells_case": panel.tells_case, "fields": panel.fields, "paper": panel.paper}
    return {"template": panel.template, **kept, **panel.make(seat, view)}


def _paper(seat: Seat, view: View) -> Context | None:
    """What the room of the kind adds to a printed record; None for most."""
    panel = home_of(view.value.kind).panel
    return _panel(seat, view) if panel and panel.paper else None


def _apart(
    replies: list[View],
    case: Released[CaseView] | None,
    circle: Released[CircleView] | None,
    panel: Panel | None,
) -> list[View]:
    """The replies that stand beside no step that is in hand, nor in the panel of the room: they
    have no other place.
    """
    shown = panel.shows if panel else frozenset()
    lanes = case.value.lanes if case else ()
    steps = {one.step.key for lane in lanes for one in lane.said}
    steps |= {step.key for step in circle.value.steps} if circle else set()
    return [
        one
        for one in replies
        if (one.value.owner, str(one.value.body.get("step"))) not in steps
        and one.value.kind not in shown
    ]


def _inward(seat: Seat, view: View) -> Context:
    """What our approval chain was asked about a record, and why it may reject."""
    rounds = approving.rounds_of(current().desk, seat.viewer, view, seat.actor)
    none = {"tried": None, "tried_inward": None}  # nothing was tried that could not be done
    return {"inward": rounds, "inward_reasons": REASONS, **none}


def _open_items(view: View) -> list[dict[str, str]]:
    """What the record does not know, as far as it is open."""
    found: list[dict[str, str]] = []
    for field in kind_named(view.value.kind).asks:
        items = view.value.body.get(field.name)
        found += (one for one in items if one["state"] == "open") if isinstance(items, list) else ()
    return found


def _reply_kinds(seat: Seat, view: View) -> list[str]:
    kinds = reply_kinds(view)
    return [k for k in kinds if mandate.may_write(seat.position.role, kind_named(k))]


@require_POST
@signed_on
def step(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Take a step of the record's state machine."""
    desk = current().desk
    if owner != desk.me:
        raise InputError("record_absent")
    base, name = (str(request.POST.get(field, "")) for field in ("base", "step"))
    back = f"/record/{owner}/{record}"
    view = read.record(desk, seat.viewer, owner, str(record))
    said = _said(request, kind_named(view.value.kind), name)
    try:
        if not said.errors:
            with foreseen.shown_first(request, seat, str(record)):
                say.step(desk, seat.actor, str(record), base, name, said=said.body)
            return HttpResponseRedirect(back)
    except say.EditedMeanwhileError as conflict:
        return beaten(request, seat, conflict, base)
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except InputError as error:
        if name not in {one.name for one in read.steps(seat.actor, view) if one.asks}:
            raise
        said.blame(error, language_of(request))
    return shown_again(request, seat, view, tried_step={"name": name, "parsed": said})


def shown_again(request: HttpRequest, seat: Seat, view: View, **tried: object) -> HttpResponse:
    """The page as it stands now, with what was tried and why it was not done."""
    return render(request, "records/page.html", status=422, **{**shown(seat, view), **tried})


def _said(request: HttpRequest, kind: Kind, name: str) -> Parsed:
    """What was typed of the fields that a step asks."""
    parsed = Parsed(kind=kind.name)
    for asked in kind.transition(name).asks:
        take_field(request, parsed, kind.field(asked), language_of(request))
    return parsed


@require_GET
@signed_on
def file(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """An attachment's bytes, always as a download: nothing in it runs here."""
    view, data = read.attachment(current().desk, seat.viewer, owner, str(record))
    response = HttpResponse(data, content_type=str(view.value.body.get("media_type") or OTHER))
    name = str(view.value.body.get("text") or view.value.reference)
    response.headers["Content-Disposition"] = _disposition(name)
    return _given(request, seat, view, response)


@require_GET
@signed_on
def thumbnail(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """A picture, small, made here from the bytes that are kept. Where none can be made it is as if
    there were no such file.
    """
    view, data = read.attachment(current().desk, seat.viewer, owner, str(record))
    picture = view.value.body.get("media_type") in PICTURES
    digest = str(view.value.body["digest"])
    small = current().desk.cleaner.thumbnail(digest, data) if picture else None
    if small is None:
        raise InputError("record_absent")
    return _given(request, seat, view, HttpResponse(small, content_type="image/jpeg"))


def _given(request: HttpRequest, seat: Seat, view: View, response: HttpResponse) -> HttpResponse:
    """Bytes of a file, after it was noted who got them; nothing keeps or runs them."""
    access.note(request, seat, {"view": view})
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    read.mark_read(current().desk, seat.actor, view)
    return response


def _disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
