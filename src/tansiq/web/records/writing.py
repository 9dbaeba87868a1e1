"""Writing a new record of any kind that has a list: the form, and what it makes.

Whom a case in lanes asks decides to whom it may go; for other kinds a person says so. A record
about another may take an act in that one's case, such as a request that takes an offer: the form
says so before it is saved.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.cases import changing, making
from tansiq.desk.cases.alike import alike
from tansiq.desk.cases.making import Made
from tansiq.desk.records import read, say
from tansiq.desk.records.listing import listed_kind
from tansiq.desk.records.read import View
from tansiq.domain.cases import seat_code
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import gazetteer
from tansiq.domain.records import record_id
from tansiq.domain.wording import catalogue, phrase
from tansiq.policy import mandate
from tansiq.policy.seal import Released
from tansiq.web.records.making import seen_in
from tansiq.web.shell import first, foreseen
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.forms import Parsed, drafted, label_values, parse, shown_values
from tansiq.web.shell.once import DRAFT
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat, kind: str) -> HttpResponse:
    """Write a record of a kind that has a list; of any other there is no form."""
    return answer(request, seat, listed_kind(kind))


def answer(request: HttpRequest, seat: Seat, kind: Kind) -> HttpResponse:
    """The form of a new record, perhaps about another, or the record that it made. What the
    agreements let go goes at once.
    """
    demand(mandate.may_write(seat.position.role, kind))
    about = _about(request, seat) if kind.about else None
    if request.method == "GET":
        return _form(request, seat, kind, _begun(seat, kind, about), about)
    parsed = parse(request, kind, language_of(request))
    same = [] if parsed.errors else _alike(request, seat, kind, parsed)
    if same:
        return _form(request, seat, kind, parsed, about, status=409, same=same)
    if not first.seen(request, parsed, first.looked(request, seat, kind, parsed)):
        return _form(request, seat, kind, parsed, about, status=409)
    if not parsed.errors:
        try:
            return _written(request, seat, kind, parsed, about)
        except FaultError as error:
            parsed.blame(error, language_of(request))
    return _form(request, seat, kind, parsed, about, status=422)


def _alike(request: HttpRequest, seat: Seat, kind: Kind, parsed: Parsed) -> list[View]:
    """What resembles this record and was not shown to the writer yet; what the writer says is the
    same need is linked.
    """
    found = alike(current().desk, seat.viewer, kind, parsed.body)
    shown = set(request.POST.getlist("alike"))
    linked = [one.value.record for one in found if one.value.record in shown
              and one.value.record in request.POST.getlist("same_need")]  # fmt: skip
    if linked:
        parsed.body["same_need"] = linked
    return [] if all(one.value.record in shown for one in found) else found


def _begun(seat: Seat, kind: Kind, about: View | None) -> Parsed:
    """What a form holds before anybody has typed: whom it is for a person says, and nobody else,
    unless it goes on with what a partner's record says.
    """
    now = moment_text(current().desk.clock.now())
    values: dict[str, object] = {kind.moment: now} if kind.moment and not kind.in_lanes else {}
    if kind.lasting:
        last = say.day_of(current().desk) + dt.timedelta(days=kind.lasting)
        values[kind.due] = last.isoformat()
    if about is None or not _goes_on(kind, about):
        return Parsed(values=values)
    body = making.begun(current().desk, seat.viewer, about, kind).value
    label = making.as_closed(Label(), about.value.label)
    return Parsed(values=values | shown_values(kind, body), label=label, goes=None)


def _goes_on(kind: Kind, about: View) -> bool:
    """Whether a record of this kind says at first what the one that it is about says."""
    return kind.name in kind_named(about.value.kind).drafts


def _made(seat: Seat, kind: Kind, about: View | None) -> Released[Made] | None:
    """The act that whoever saves the form takes with it."""
    if about is None:
        return None
    return making.taken_by(current().desk, seat.viewer, about, seat.actor, kind)


def _draft_of(seat: Seat, kind: Kind, about: View | None) -> str:
    """The name under which the browser keeps what was typed: one that goes on with a record is not
    mixed with any other.
    """
    plain = f"{kind.name}.{seat.actor.person}"
    return f"{plain}.{about.value.record}" if about and _goes_on(kind, about) else plain


def _about(request: HttpRequest, seat: Seat) -> View | None:
    """The record that the request is about; one that may not be seen is none."""
    given = str(request.POST.get("about") or request.GET.get("about", ""))[:60]
    owner, _, record = given.partition("/")
    if not given:
        return None
    try:
        return read.record(current().desk, seat.viewer, owner, record_id(record))
    except InputError:
        return None


def _written(
    request: HttpRequest, seat: Seat, kind: Kind, parsed: Parsed, about: View | None
) -> HttpResponseRedirect:
    desk = current().desk
    _aim(kind, parsed, about)
    made = _made(seat, kind, about)
    if (made.value.lane if made else "") != request.POST.get("lane", ""):
        raise InputError("case_moved")  # what the form says that it takes is not what it would take
    with desk.act() as act:
        first.demand_seen(request, seat, kind, parsed)
        draft = drafted(act, seat.actor, kind, parsed)
        if made is None or about is None:
            record = say.write_in(act, seat.actor, draft).record
        else:
            wanted = replace(made.value, seen=seen_in(request)).wanted(about.value)
            record = making.make(act, seat.actor, wanted, draft).record
        foreseen.demand_shown(act, request)
    request.session[DRAFT] = _draft_of(seat, kind, about)
    return HttpResponseRedirect(f"/record/{desk.me}/{record}")


def _aim(kind: Kind, parsed: Parsed, about: View | None) -> None:
    """What a new record is about, and to whom it may go. Raises InputError."""
    if about is not None:
        parsed.body["about"] = about.value.record
    address_to(kind, parsed)


def address_to(kind: Kind, parsed: Parsed) -> None:
    """Whom a case in lanes asks decides to whom it may go. Raises InputError."""
    if not kind.in_lanes:
        return
    seats = cast("list[object]", parsed.body.get("seats", []))
    parties = frozenset(PartyCode(seat_code(one).party) for one in seats)
    if not parties <= set(read.partner_codes(current().desk)):
        raise InputError("party_unknown", field="seats")
    parsed.label = replace(parsed.label, audience=(parties,) if parties else ())


@require_POST
@signed_on
def goes(request: HttpRequest, seat: Seat, kind: str) -> HttpResponse:
    """What the form of this kind would send at once as it stands, of a new record or, where it
    names one, of a new edition. Nothing is saved.
    """
    known, given = kind_named(kind), str(request.POST.get("record", ""))[:60]
    demand(mandate.may_write(seat.position.role, known))
    old = read.record(current().desk, seat.viewer, current().desk.me, given) if given else None
    if old is not None and old.value.kind != known.name:
        raise InputError("record_absent")
    torn = old.value.tear if old else None
    kept = changing.settled(current().desk, old.value) if old else {}
    parsed = parse(request, known, language_of(request), torn=torn, settled=kept)
    about = _about(request, seat) if known.about and old is None else None
    try:
        _aim(known, parsed, about)
        going = foreseen.foresee(seat, known, parsed, old)
    except FaultError:
        going = None
    return render(request, "records/goes_part.html", goes=going)


def _form(
    request: HttpRequest, seat: Seat, kind: Kind, parsed: Parsed, about: View | None, *,
    status: int = 200, same: Sequence[View] = (),
) -> HttpResponse:  # fmt: skip
    desk, language = current().desk, language_of(request)
    fields = [one for one in kind.fields if not one.hidden]
    own = f"lead.{kind.name}" in catalogue()
    return render(
        request, "records/new.html", status=status, values=parsed.values, errors=parsed.errors,
        fields=fields, about=about, goes=parsed.goes, kind=kind.name,
        label_values=label_values(parsed.label),
        heading=kind.label().of(language),
        lead=phrase(f"lead.{kind.name}", language) if own else "",
        towns=[town.names.of(language) for town in gazetteer().values()],
        hints=[one.name for one in fields if one.hinted],
        parties=[] if kind.in_lanes else read.partner_codes(desk),
        positions=desk.identity.positions, same=same,
        made=_made(seat, kind, about), draft=_draft_of(seat, kind, about),
        first=first.looked(request, seat, kind, parsed),
    )  # fmt: skip
