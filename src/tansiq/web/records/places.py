"""What is understood of a place or an area while it is typed: for the line under its inputs.

Nothing of it is kept: the form asks again when it is saved.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.domain.bounds import BOUNDS
from tansiq.web.shell import typed_areas
from tansiq.web.shell.page import render
from tansiq.web.shell.places import understood, written
from tansiq.web.shell.seat import Seat, language_of, signed_on

_PARTS: Final = ("name", "at")
_AREA_CHARS_MAX: Final = BOUNDS.area_positions_max * 120


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The town and the coordinates that are meant by a name and by coordinates, as typed so far."""
    value = {part: str(request.GET.get(part, ""))[: BOUNDS.line_chars_max] for part in _PARTS}
    return render(request, "shell/understood_part.html", u=understood(value, language_of(request)))


@require_GET
@signed_on
def notations(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A position that somebody pointed at on a map, as people write it down or read it aloud."""
    at = str(request.GET.get("at", ""))[: BOUNDS.line_chars_max]
    return render(request, "shell/notations_part.html", u=written(at))


@require_GET
@signed_on
def area(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The area that is meant by a shape and positions, as typed so far, or the line that cannot be
    read.
    """
    value = {part: str(request.GET.get(part, ""))[:_AREA_CHARS_MAX] for part in typed_areas.PARTS}
    found = typed_areas.understood(value, language_of(request))
    return render(request, "shell/area_part.html", u=found)
