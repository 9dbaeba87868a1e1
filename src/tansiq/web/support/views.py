"""What all support requests say together, and a receipt that is typed back from paper."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET

from tansiq.desk.act.desk import Desk
from tansiq.desk.support import receipts
from tansiq.desk.support.figures import PRESSING, Figures, figures_of
from tansiq.desk.support.receipts import Found
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.support.request import SUPPORT
from tansiq.domain.parties import Actor
from tansiq.domain.tables import Figure
from tansiq.domain.wording import phrase
from tansiq.web.shell.charts import Chart, Point, Shape
from tansiq.web.shell.page import render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import Coded
from tansiq.web.shell.site import current


@require_GET
@signed_on
def figures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How long requests stand where, on whose side, who calls what urgent, and what is short."""
    found = figures_of(current().desk, seat.viewer)
    return render(
        request, "support/figures.html", figures=found, pressing=PRESSING,
        shares=_chart(language_of(request), found),
    )  # fmt: skip


@require_GET
@signed_on
def receipt(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Type a receipt back from paper: the code of its consignment opens its form on the record."""
    code, error = str(request.GET.get("code", ""))[:16], ""
    try:
        matches = receipts.found(current().desk, seat.actor, code) if code else []
    except InputError as fault:
        matches, error = [], fault.text(language_of(request))
    if len(matches) == 1:
        return HttpResponseRedirect(_form_of(matches[0]))
    if code and not matches and not error:
        error = phrase("receipt.absent", language_of(request))
    return render(
        request, "support/receipt.html", status=404 if error else 200, code=code, error=error,
        found=[(one, _form_of(one)) for one in matches],
    )  # fmt: skip


def coded(desk: Desk, actor: Actor, code: str) -> list[Coded]:
    """The receipts of the consignments of a code, for the one search box."""
    return [Coded(one.view, _form_of(one)) for one in receipts.found(desk, actor, code)]


def _form_of(one: Found) -> str:
    """The address of a consignment's receipt: its form, or what was received of it."""
    view, step = one.view.value, one.consignment.sent.step
    line = next(iter(one.consignment.lines), None)
    offered = any(act.name == "receipt" for act in one.lane.acts) and line is not None
    at = f"l-{one.lane.id}-receipt-{step}-{line}" if offered else f"c{step}"
    return f"/record/{view.owner}/{view.record}?consignment={step}#{at}"


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
