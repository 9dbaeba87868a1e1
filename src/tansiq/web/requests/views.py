"""Requests for information: the form that asks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tansiq.domain.kinds.requests.rfi import RFI
from tansiq.web.records import writing
from tansiq.web.shell.seat import Seat, signed_on


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write a request for information, perhaps about a record."""
    return writing.answer(request, seat, RFI)
