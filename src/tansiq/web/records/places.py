"""What is understood of a place while it is typed: for the line under its inputs.

Nothing of it is kept: the form asks again when it is saved.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.domain.bounds import BOUNDS
from tansiq.web.shell.page import render
from tansiq.web.shell.places import understood
from tansiq.web.shell.seat import Seat, language_of, signed_on

_PARTS: Final = ("name", "at")


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The town and the coordinates that are meant by a name and by coordinates, as typed so far."""
    value = {part: str(request.GET.get(part, ""))[: BOUNDS.line_chars_max] for part in _PARTS}
    return render(request, "shell/understood_part.html", u=understood(value, language_of(request)))
