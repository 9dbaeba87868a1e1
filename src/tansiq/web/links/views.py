"""Links: when each partner was last heard of, what waits, what is wrong, what has been agreed."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.links import linking
from tansiq.desk.links.linking import Alarm, LinkState
from tansiq.desk.records.file_progress import under_way
from tansiq.domain.digits import whole_number
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode, Role
from tansiq.domain.wording import catalogue, phrase
from tansiq.policy import mandate
from tansiq.web.links import steps
from tansiq.web.shell.codes import code_of_card
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

STATE_ICONS: Final = {
    "up": "check", "waiting": "clock", "failing": "link-down", "stopped": "warning", "new": "link",
    "confirmed": "clock", "revoked": "warning",
}  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All partners, and the own card."""
    data = current().settings.card
    return render(
        request, "links/page.html", **_links(request, seat),
        card=linking.seen(current().desk, data, own=True) if data else None,
        code=code_of_card(data) if data else None,
    )  # fmt: skip


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The partners alone, fetched again when something changed."""
    return render(request, "links/part.html", **_links(request, seat))


def _links(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    found = linking.links(current().desk, seat.viewer)
    return {
        "links": found,
        "failures": {link.party: failure_words(link, language_of(request)) for link in found},
        "icons": STATE_ICONS,
        "loud_list": [
            (one, alarm_words(one.alarm, language_of(request)))
            for one in linking.loud(current().desk, seat.viewer)
        ],
        "may_sign": bool(mandate.may_do(seat.position.role, mandate.Act.SIGN_AGREEMENT)),
        "may_join": bool(mandate.may_do(seat.position.role, mandate.Act.JOIN)),
        "unsigned": {link.party: _unsigned(seat, link.party) for link in found},
    }


def _unsigned(seat: Seat, party: str) -> bool:
    """Whether the partner's signature stands alone."""
    found = linking.agreements_with(current().desk, seat.viewer, party)
    return any(item.theirs and not item.ours for item in found[:1])


@require_GET
@signed_on
def one(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """One partner."""
    return render(request, "links/one.html", **_one(request, seat, party))


@require_GET
@signed_on
def one_part(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """One partner's state alone, fetched again when something changed."""
    return render(request, "links/one_part.html", **_one(request, seat, party))


def _one(request: HttpRequest, seat: Seat, party: str) -> dict[str, Any]:
    desk, language, role = current().desk, language_of(request), seat.position.role
    link = linking.link(desk, seat.viewer, party)
    return {
        "link": link,
        "failure": failure_words(link, language),
        "icons": STATE_ICONS,
        "alarms": [(alarm, alarm_words(alarm, language)) for alarm in link.alarms],
        "reads": role is not Role.ADMINISTRATOR,
        "releases": link.releases,
        "files": under_way(desk, seat.viewer, PartyCode(link.party)),
        "agreements": linking.agreements_with(desk, seat.viewer, party),
        "may_sign": bool(mandate.may_do(role, mandate.Act.SIGN_AGREEMENT)),
        "may_join": bool(mandate.may_do(role, mandate.Act.JOIN)),
        "asked_self": link.asked_by.get("person") == seat.actor.person,
        "steps": steps.of(link, linking.agreements_with(desk, seat.viewer, party)),
        "holds_key": desk.identity.authority is not None,
        "may_exchange": bool(mandate.may_do(role, mandate.Act.EXCHANGE)),
        "known_kinds": set(KINDS),
        "choices": {key for key in catalogue() if key.startswith(("choice.", "state."))},
    }


@require_POST
@signed_on
def sign(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Sign the agreement that the partner has signed."""
    version = whole_number(str(request.POST.get("version", ""))) or 0
    name = str(request.POST.get("agreement", ""))[:64]
    linking.sign_waiting(current().desk, seat.actor, party, name, version)
    return HttpResponseRedirect(f"/links/{party}")


def failure_words(link: LinkState, language: str) -> str:
    """Why the last try failed, in words; "" where it worked."""
    code = link.partner.failure
    if not code:
        return ""
    key = f"error.{code}"
    pattern = catalogue()[key].of(language) if key in catalogue() else ""
    if not pattern or "{" in pattern:
        return phrase("link.failed_other", language, code=code)
    return pattern


def alarm_words(alarm: Alarm, language: str) -> str:
    """What happened and what to do."""
    key = f"alarm.{alarm.code}"
    if key not in catalogue():
        return phrase("link.failed_other", language, code=alarm.code)
    try:
        return phrase(key, language, **alarm.values)
    except KeyError:
        return phrase("link.failed_other", language, code=alarm.code)
