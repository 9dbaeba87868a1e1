"""The button of an act that is taken with a record: it opens the form of that record or, where the
case is about an own record that is there, asks the other side in that.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tansiq.desk.cases import making
from tansiq.desk.cases.making import Made
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import AnyAct
from tansiq.domain.kinds import kind_named
from tansiq.web.shell import foreseen
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.sections import home_of
from tansiq.web.shell.site import current

_SEEN_MAX: Final = 64
_ID_CHARS: Final = 36
_SEAT_CHARS: Final = 64


def seen_in(request: HttpRequest) -> tuple[str, ...]:
    """The newest entries of a lane that a form showed."""
    return tuple(str(one)[:_ID_CHARS] for one in request.POST.getlist("seen")[:_SEEN_MAX])


def seats_in(request: HttpRequest) -> list[str]:
    """The positions that a form names to be asked."""
    named = [str(one)[:_SEAT_CHARS] for one in request.POST.getlist("seats") if one]
    return named[: BOUNDS.parties_max]


def take(request: HttpRequest, seat: Seat, view: View, lane: str, known: AnyAct) -> HttpResponse:
    """Take the act in the record that is there, or lead to the form of a new one. Raises as
    ``making.join``.
    """
    desk, v, kind = current().desk, view.value, kind_named(known.makes)
    address = f"/record/{v.owner}/{v.record}"
    joined = making.named_here(desk, seat.viewer, view, kind)
    if joined is None:
        new = home_of(kind.name).writes(kind)
        return HttpResponseRedirect(f"{new}?about={v.owner}/{v.record}")
    wanted = Made(lane=lane, act=known.name, seen=seen_in(request)).wanted(v)
    record = joined.value.record
    try:
        with foreseen.shown_first(request, seat, record), desk.act() as act:
            making.join(act, seat.actor, wanted, record)
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, address)
    return HttpResponseRedirect(f"/record/{desk.me}/{record}#case")
