"""The wall view of the first page, for the big screen: large, without input, fresh by itself.

A browser that is told to show it shows nothing else and is not locked by rest, until somebody
proves who they are there; for every other address it is as good as locked. The screen is read by
whoever is in the room: records stand there by reference, kind and haste, and never by their words.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.links import linking
from tansiq.desk.records import attention, inbox
from tansiq.domain.tables import Figure
from tansiq.policy import mandate
from tansiq.web.accounts.sessions import show_wall, sits
from tansiq.web.overview.numbers import not_known, of_rooms
from tansiq.web.overview.views import TOPICS, line, overdue
from tansiq.web.shell import access
from tansiq.web.shell.alerts import BADGE_MAX
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, seat_of, signed_on, watching, way_in
from tansiq.web.shell.site import current

_ROWS = 6


def _watched(view: Callable[[HttpRequest, Seat], HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for an open session, or for one that shows the wall view and nothing else."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        seat = watching(sits(request))
        if seat is None:
            return HttpResponseRedirect(way_in(request))
        with current().desk.glance():
            return view(request, seat)

    return guarded


@require_GET
@_watched
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The wall view."""
    return _drawn(request, seat, "overview/wall.html")


@require_GET
@_watched
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What it shows, fetched again when something changed and after a while."""
    return _drawn(request, seat, "overview/wall_part.html")


@require_POST
@signed_on
def show(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Let this browser show the wall view and nothing else."""
    demand(mandate.may_do(seat.position.role, mandate.Act.READ))
    show_wall(request)
    return HttpResponseRedirect("/overview/wall")


def _drawn(request: HttpRequest, seat: Seat, template: str) -> HttpResponse:
    told = _told(request, seat)
    if seat_of(request) is None:
        access.note(request, seat, told)  # the frame notes it for open sessions alone
    return render(
        request, template, **told, watched=seat.position, topics=TOPICS,
        open_here=seat_of(request) is not None,
    )  # fmt: skip


def _told(request: HttpRequest, seat: Seat) -> Context:
    desk, viewer = current().desk, seat.viewer
    demand(mandate.may_do(seat.position.role, mandate.Act.READ))
    came = inbox.unread_count(desk, viewer, BADGE_MAX)
    rings = attention.ringing_count(desk, viewer, BADGE_MAX)
    said = voice(language_of(request))
    return {
        "ringing": [line(one) for one in attention.ringing(desk, viewer, _ROWS)],
        "rings": Figure(count=min(rings, BADGE_MAX), more=rings > BADGE_MAX, address="/watch"),
        "overdue": overdue(attention.late(desk, viewer)),
        "inbox": Figure(count=min(came, BADGE_MAX), more=came > BADGE_MAX, address="/inbox"),
        "down": linking.down(desk, viewer),
        "unknown": list(not_known(seat, said)),
        "rooms": of_rooms(seat, said),
    }
