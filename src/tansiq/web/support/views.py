"""Support requests: the form that asks for an effect, and what all requests say together."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.desk.support.figures import PRESSING, Figures, figures_of
from tansiq.domain.kinds.support.request import SUPPORT
from tansiq.domain.tables import Figure
from tansiq.web.records import writing
from tansiq.web.shell.charts import Chart, Point, Shape
from tansiq.web.shell.page import render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write a support request, perhaps about a record."""
    return writing.answer(request, seat, SUPPORT)


@require_GET
@signed_on
def figures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How long requests stand where, on whose side, who calls what urgent, and what is short."""
    found = figures_of(current().desk, seat.viewer)
    return render(
        request, "support/figures.html", figures=found, pressing=PRESSING,
        shares=_chart(language_of(request), found),
    )  # fmt: skip


def _chart(language: str, found: Figures) -> Chart:
    """How many requests of each party are of each pressing priority, each bar a list."""
    said = voice(language)
    points = tuple(
        Point(
            label=f"{said.party(one.party)} {one.party}",
            figures=tuple(
                Figure(
                    count=one.pressing[priority],
                    address=f"/support?tab=all&owner={one.party}&priority={priority}",
                )
                for priority in PRESSING
            ),
        )
        for one in found.shares
    )
    return Chart(
        key="pressing", shape=Shape.BARS, title=said.t("figures.pressing"),
        heading=said.t("page.owner"), definition=said.t("figures.pressing_definition"),
        series=tuple(SUPPORT.field("priority").choice(one).of(language) for one in PRESSING),
        points=points, declared_by=current().desk.me, as_of=current().desk.clock.now(),
    )  # fmt: skip
