"""A guide as a page: the text, and a list of all guides beside it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.web.guides.reading import GUIDES, PICTURES, guide, own_guide
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on


@require_GET
@signed_on
def own(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The guide of the own role."""
    return _shown(request, seat, own_guide(seat.position.role))


@require_GET
@signed_on
def one(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """Any guide."""
    return _shown(request, seat, name)


def _shown(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    language = language_of(request)
    return render(
        request, "guides/guide.html", guide=guide(name, language),
        guides=[guide(each, language) for each in GUIDES], mine=own_guide(seat.position.role),
        picture=f"{PICTURES}/{language}/{name}.jpg",
    )  # fmt: skip
