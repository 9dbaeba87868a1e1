"""Support requests: the form that asks for an effect."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tansiq.domain.kinds.support.request import SUPPORT
from tansiq.web.records import writing
from tansiq.web.shell.seat import Seat, signed_on


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write a support request, perhaps about a record."""
    return writing.answer(request, seat, SUPPORT)
