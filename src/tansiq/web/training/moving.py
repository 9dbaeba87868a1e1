"""The page on which a cohort is moved: first it shows what moves with it, then it does that."""

import hashlib
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.desk.training import moving
from tansiq.desk.training.moving import Dates, Moving
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.training.cohort import COHORT
from tansiq.domain.kinds.training.session import SESSION
from tansiq.policy import mandate
from tansiq.web.shell import foreseen
from tansiq.web.shell.forms import Parsed, take_field
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_NEXT: Final = Field(name="next_day", type=Type.DATE)
_DATES: Final = (COHORT.field("first_day"), COHORT.field("last_day"), _NEXT)
_WHY: Final = tuple(SESSION.field(name) for name in ("reason_class", "reason"))
_MARK_CHARS: Final = 32


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """New dates for an own cohort. A POST shows what moves with it, and one that showed it moves
    all of it in one act.
    """
    view = read.record(current().desk, seat.viewer, owner, str(record))
    if view.value.kind != COHORT.name or view.value.received is not None:
        raise InputError("record_absent")
    demand(mandate.may_write(seat.position.role, COHORT))
    if request.method == "GET":
        read.mark_read(current().desk, seat.actor, view)
        values = {one.name: view.value.body.get(one.name) for one in _DATES}
        return _form(request, view, Parsed(values=values))
    return _posted(request, seat, view)


def _posted(request: HttpRequest, seat: Seat, view: View) -> HttpResponse:
    language, parsed = language_of(request), Parsed(kind=COHORT.name)
    for one in (*_DATES, *_WHY):
        take_field(request, parsed, one, language)
    if parsed.errors:
        return _form(request, view, parsed, status=422)
    dates = Dates(**{one.name: str(parsed.body.get(one.name, "")) for one in _DATES})
    try:
        COHORT.check(view.value.body | {n: d for n in ("first_day", "last_day")
                                        if (d := getattr(dates, n))})  # fmt: skip
        found = moving.moving(current().desk, seat.viewer, view, dates)
        _demand_change(found)
        if request.POST.get("act") != "move" or request.POST.get("shown") != _mark(found):
            return _form(request, view, parsed, found)
        _move(request, seat, view, dates, parsed)
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, f"/record/{view.value.owner}/{view.value.record}")
    except FaultError as error:
        parsed.blame(error, language)
        return _form(request, view, parsed, status=422)
    return HttpResponseRedirect(f"/record/{view.value.owner}/{view.value.record}")


def _move(request: HttpRequest, seat: Seat, view: View, dates: Dates, parsed: Parsed) -> None:
    desk, why = current().desk, {one.name: parsed.body.get(one.name, "") for one in _WHY}
    with foreseen.shown_first(request, seat, view.value.record), desk.act() as act:
        moving.move_in(act, seat.actor, view, dates, why=why)


def _demand_change(found: Moving) -> None:
    """Raises InputError where nothing would be otherwise."""
    old, dates = found.cohort.value.body, found.dates
    stays = [old.get("first_day", ""), old.get("last_day", "")] == [dates.first_day, dates.last_day]
    if stays and not found.sessions:
        raise InputError("cohort_stays", field="first_day")


def _mark(found: Moving) -> str:
    """What a page showed of a move: if anything of it is otherwise by then, it is shown again."""
    said = [found.cohort.value.digest, found.dates.first_day, found.dates.last_day]
    said += (f"{one.view.value.digest} {one.first_day}" for one in found.sessions)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:_MARK_CHARS]


def _form(
    request: HttpRequest, view: View, parsed: Parsed, found: Moving | None = None, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    return render(
        request, "training/move.html", status=status, view=view, parsed=parsed, moving=found,
        mark=_mark(found) if found else "", next_day=_NEXT,
        hints=[one.name for one in (*_DATES, *_WHY) if one.hinted],
    )  # fmt: skip
