"""Protected sites on pages: the list with who has confirmed, what an owner does with a site, the
receipt of whoever is asked, and the cards of sites on the form of a safety message.

No list leaves by any way, none is ordered by distance, and none says what is near.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.operations import sites
from tansiq.desk.records import say
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.operations.protected_site import (
    CONFIRM,
    LISTED,
    NOTIFIED,
    NOTIFY,
    OF_PLACE,
    PROTECTED_SITE,
    VERIFIED,
)
from tansiq.domain.kinds.operations.safety_message import SAFETY_MESSAGE
from tansiq.domain.operations.confirming import SOON_DAYS, days_left
from tansiq.domain.parties import PartyCode
from tansiq.policy import mandate
from tansiq.web.records.conflicts import beaten
from tansiq.web.records.making import seats_in, seen_in
from tansiq.web.records.views import shown_again
from tansiq.web.shell import foreseen
from tansiq.web.shell.forms import Parsed, take_field
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.listing import listed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.partner_seats import PartnerSeats, seats_of_partners
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

NOTES: Final = ("site.no_permission", "site.also_protected")
_VERIFYING: Final = ("verified", "verified_how", "until")
_FIRST: Final = "duty-officer"  # the position that is asked where nobody chooses another


def of_rows(seat: Seat, context: Context) -> Context:
    """What the list of sites shows beside its rows: who has confirmed, and which are due."""
    desk, rows = current().desk, context["rows"]
    today = say.day_of(desk)
    known = sites.confirmed_of_each(desk, seat.viewer, rows, context["x"].as_of)
    left = {str(one.value.record): days_left(one.value.body, today) for one in rows
            if one.value.state in (VERIFIED, NOTIFIED)}  # fmt: skip
    return {
        "confirmed": {str(record): said for (_, record), said in known.items()},
        "left": {record: days for record, days in left.items()
                 if days is not None and days <= SOON_DAYS},
    }  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list of sites, each with who has confirmed having it."""
    context = listed(request, seat, HOME)
    return render(request, "shell/listing.html", **context, **of_rows(seat, context))


def panel(seat: Seat, view: View) -> Context:
    """What the page of a site shows besides: whom it was told and who has confirmed, and what this
    seat may do.
    """
    desk, v = current().desk, view.value
    found = sites.standing(desk, seat.viewer, view)
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    acts = {act.name for act in circle.value.acts} if circle else set()
    own, role = v.received is None, seat.position.role
    verifies = own and v.state in LISTED and any(
        mandate.may_step(role, move, v.state) for move in PROTECTED_SITE.transitions
        if "verified" in move.asks
    )  # fmt: skip
    asks = own and NOTIFY in acts and v.state in (VERIFIED, NOTIFIED) and not found.value.due
    return {
        "standing": found,
        "left": days_left(v.body, say.day_of(desk)) if v.state in (VERIFIED, NOTIFIED) else None,
        "seen": circle.value.newest if circle else (),
        "may_verify": verifies,
        "may_ask": seats_of(found.value.unasked) if asks else [],
        "may_confirm": CONFIRM in acts and not _has_confirmed(found.value, desk.me),
        "may_warn": bool(mandate.may_write(role, SAFETY_MESSAGE)) and v.state in LISTED,
        "today": say.day_of(desk).isoformat(),
        "how": PROTECTED_SITE.field("verified_how"),
        "notes": NOTES,
    }  # fmt: skip


def _has_confirmed(standing: sites.Standing, party: str) -> bool:
    return any(one.party == party and one.has_it for one in standing.told)


def seats_of(parties: Iterable[PartyCode]) -> list[PartnerSeats]:
    """The positions of these parties that can be asked, the duty officer's first; of one of which
    none can, why.
    """
    wanted = frozenset(parties)
    return [
        replace(one, positions=tuple(sorted(one.positions, key=lambda code: code != _FIRST)))
        for one in seats_of_partners()
        if one.code in wanted
    ]


@require_POST
@signed_on
def verify(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Say that an own site was verified. Where something is wrong, the page is shown with it."""
    desk, language = current().desk, language_of(request)
    parsed = Parsed(kind=PROTECTED_SITE.name)
    for name in _VERIFYING:
        take_field(request, parsed, replace(PROTECTED_SITE.field(name), required=False), language)
    day, how, until = (str(parsed.body.get(name, "")) for name in _VERIFYING)
    base = str(request.POST.get("base", ""))

    def act() -> None:
        sites.verify(desk, seat.actor, str(record), base, verified=day, how=how, until=until)

    return _done(request, seat, record, parsed, act)


@require_POST
@signed_on
def notify(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Ask positions of parties that hold a site to confirm that they have it."""

    def act() -> None:
        sites.notify(
            current().desk, seat.actor, str(record), seats=seats_in(request),
            seen=seen_in(request),
        )  # fmt: skip

    return _done(request, seat, record, Parsed(), act)


def _done(
    request: HttpRequest, seat: Seat, record: UUID, parsed: Parsed, act: Callable[[], None]
) -> HttpResponse:
    """What an owner's act on a site comes to: the page of the site, also where the act could not be
    done, with the reason; or what it would send, asked first.
    """
    desk, back = current().desk, f"/record/{current().desk.me}/{record}"
    view = sites.site_of(desk, seat.viewer, desk.me, str(record))
    try:
        if not parsed.errors:
            with foreseen.shown_first(request, seat, str(record)):
                act()
            return HttpResponseRedirect(f"{back}#site")
    except say.EditedMeanwhileError as conflict:
        return beaten(request, seat, conflict, str(request.POST.get("base", "")))
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except FaultError as error:
        parsed.blame(error, language_of(request))
    return shown_again(request, seat, view, site_tried=parsed)


@require_POST
@signed_on
def confirm(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Confirm that our party has a site in hand. Where it was not said, the page is shown again."""
    desk = current().desk
    view = sites.site_of(desk, seat.viewer, owner, str(record))
    try:
        sites.confirm(
            desk, seat.actor, owner, str(record), has=bool(request.POST.get("has")),
            seen=seen_in(request),
        )  # fmt: skip
    except FaultError as error:
        parsed = Parsed()
        parsed.blame(error, language_of(request))
        return shown_again(request, seat, view, site_tried=parsed)
    return HttpResponseRedirect(f"/record/{owner}/{record}#site")


HOME: Final = Home(
    name="sites", kind=PROTECTED_SITE.name, section="sites", new="/sites/new",
    new_word="site.new", rows="operations/_sites.html", none="site.none", notes=NOTES,
    panel=Panel(
        template="operations/_site.html", make=panel, tells_case=True,
        paper="operations/_site_paper.html", fields=frozenset(OF_PLACE),
    ),
)  # fmt: skip
