"""Protected sites on the form of a safety message: what is called as somebody types, when it was
verified last and who has confirmed having it, and the place that the message says of it.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.operations import sites
from tansiq.desk.records import say
from tansiq.desk.records.read import View
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.operations.safety_message import SAFETY_MESSAGE
from tansiq.domain.operations.confirming import Confirmed, is_due
from tansiq.domain.places import find_town
from tansiq.domain.records import record_id
from tansiq.domain.search import normalise
from tansiq.policy import mandate
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.places import again
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.site import current

_PLACE: Final = "place"
_NOT_MEANT: Final = "none"  # the choice that no site is meant
_LONGEST: Final = 200  # characters of a name, and of OWNER/record


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A site that may be meant, whether it is ``chosen``, and what its readers must know."""

    view: View
    chosen: bool
    due: bool
    confirmed: tuple[Confirmed, ...]


def cards(seat: Seat, typed: str, given: str) -> Context:
    """The sites that may be meant by a name as typed; ``given`` is the choice that the form says,
    "" = none was made yet: then a site of just that name is chosen, where there is one alone.
    """
    desk = current().desk
    chosen = _given(seat, given)
    found = [chosen] if chosen else sites.named(desk, seat.viewer, typed)
    if chosen is None and given != _NOT_MEANT:
        chosen = _just(found, typed)
    confirmed = sites.confirmed_of_each(desk, seat.viewer, found)
    today = say.day_of(desk)
    named = [
        Named(
            view=one, chosen=one is chosen, due=is_due(one.value, today),
            confirmed=confirmed.get((one.value.owner, one.value.record), ()),
        )
        for one in found
    ]  # fmt: skip
    return {"named": named, "not_meant": given == _NOT_MEANT}


def _given(seat: Seat, given: str) -> View | None:
    """The site that was chosen; one that may not be seen is none."""
    owner, _, record = given.partition("/")
    if not record:
        return None
    try:
        return sites.site_of(current().desk, seat.viewer, owner, record_id(record))
    except InputError:
        return None


def _just(found: list[View], typed: str) -> View | None:
    """The one site that is called just so; none for a town, which is where people are."""
    said = normalise(typed)
    same = [one for one in found if normalise(str(one.value.body.get("text", ""))) == said]
    return same[0] if len(same) == 1 and find_town(typed) is None else None


@require_POST
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The sites that may be meant by what stands in the form. Nothing is saved."""
    demand(mandate.may_write(seat.position.role, SAFETY_MESSAGE))
    return render(request, "operations/sites_part.html", **cards(seat, *_asked(request)))


def begun(request: HttpRequest, seat: Seat) -> tuple[Parsed, Context]:
    """What the form holds that begins with a site, and its card."""
    given = str(request.GET.get("site", ""))[:_LONGEST]
    view = _given(seat, given)
    if view is None:
        return Parsed(), {"named": [], "not_meant": False}
    place = sites.place_in_danger(view.value).to_json()
    return Parsed(values={_PLACE: again(place)}), cards(seat, "", given)


def with_site(request: HttpRequest, seat: Seat, parsed: Parsed) -> Context:
    """Let a message say the place of the site that is meant, where nobody typed coordinates; the
    cards as the form shows them again.
    """
    found = cards(seat, *_asked(request))
    chosen = next((one for one in found["named"] if one.chosen), None)
    if chosen is not None and not str(request.POST.get("place-at", "")).strip():
        place = sites.place_in_danger(chosen.view.value)
        if place.name or place.lat is not None:
            parsed.body[_PLACE] = place.to_json()
            parsed.errors.pop(_PLACE, None)
    return found


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The name of the place and the site, as the form says them."""
    typed, given = (str(request.POST.get(name, ""))[:_LONGEST] for name in ("place-name", "site"))
    return typed, given
