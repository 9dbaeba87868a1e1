"""The steering report: what the programme is as of a day, as one paper that is numbered alike in
every language, so that people who read different ones can follow each other.

It is made of what was released for its reader and says whose view it is. Each number stands with
its definition, the codes of the projects that it counts, the day, and who says so. On the screen it
is the same tables; as PDF and as a workbook they leave by ``shell.ways``.
"""

import datetime as dt
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.reform.forecasts import outlook_of
from tansiq.desk.reform.portfolio import portfolio_of
from tansiq.domain.errors import InputError
from tansiq.domain.tables import Cell, Column, Holds, Report
from tansiq.policy.release import gather, reread
from tansiq.policy.seal import Released
from tansiq.web.reform import report_parts
from tansiq.web.reform.choosing import address_of
from tansiq.web.reform.portfolio import REPORT as PATH
from tansiq.web.reform.sums import sums
from tansiq.web.shell.asking import Address, as_of_in, fault_of
from tansiq.web.shell.dates import DAY_MS, typed_day
from tansiq.web.shell.page import LANGUAGE_NAMES, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import reported
from tansiq.web.shell.site import current

_SEEN_BY: Final = Column(key="seen", heading="report.seen_by", holds=Holds.POSITIONS)
_SINCE: Final = Column(key="since", heading="report.since", holds=Holds.MOMENT)
_NAME: Final = "reform-report"  # by which other rooms add their tables
_BY: Final = ("source", "workstream", "lead", "state")


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The report on the screen, with the ways in which it leaves."""
    address, language, fault = _address(request), language_of(request), ""
    try:
        made = _made(seat, address, language)
    except InputError as error:
        fault, address = fault_of(error, language), Address(PATH, {})
        made = _made(seat, address, language)
    return render(
        request, "reform/report.html", report=made, address=address, fault=fault,
        parts=[reread(made, one) for one in made.value.parts], facts=made.value.facts,
        languages=LANGUAGE_NAMES,
    )  # fmt: skip


def report(request: HttpRequest, seat: Seat, language: str) -> Released[Report]:
    """The report as it leaves. Raises InputError for a moment that is none."""
    return _made(seat, _address(request), language)


def _address(request: HttpRequest) -> Address:
    given = address_of(request, PATH, "since").given
    kept = {name: text for name, text in given.items() if name in ("as_of", "since")}
    return Address(PATH, kept)


def _made(seat: Seat, address: Address, language: str) -> Released[Report]:
    """Raises InputError for a moment that is none or has not come."""
    desk, zone = current().desk, current().zone
    as_of = as_of_in(address, zone, desk.clock.now())
    known = as_of or desk.clock.now()
    since = _since(address, known)
    now, then = (portfolio_of(desk, seat.viewer, moment) for moment in (as_of, since))
    seen = report_parts.Seen(
        now=now, then=then, ahead=outlook_of(desk, seat.viewer, now), said=voice(language),
        known=known,
    )  # fmt: skip
    asked = Address(PATH, {n: v for n, v in address.given.items() if n == "as_of"})
    added = [one(seat, asked, language) for one in reported(_NAME)]
    parts = (
        *report_parts.parts(desk, seen),
        *(sums(seat, now, asked, by).value for by in _BY),
        *(one.value for one in added),
        report_parts.unknowns_of(desk, seat.viewer, seen),
    )
    made = Report(
        name=_NAME, title="report.title", definition="report.definition",
        parts=tuple(report_parts.in_order(parts)), as_of=known, declared_by=desk.me,
        address=PATH, query=address.to().partition("?")[2],
        facts=(
            (_SEEN_BY, Cell(value=(f"{desk.me}/{seat.position.code}",))),
            (_SINCE, Cell(value=since)),
        ),
    )  # fmt: skip
    views = [one.view for found in (now, then) for one in found.lines]
    shown: list[Released[Any]] = [*views, *added]
    return gather(seat.viewer, shown, made)


def _since(address: Address, known: int) -> int:
    """The last moment of the day since which changes are told: the one that is typed, else the last
    of the month before. Raises InputError for a day that is none or not before the report.
    """
    zone = current().zone
    if address.get("since"):
        found = typed_day(address.get("since"), zone, "since") + DAY_MS - 1
    else:
        first = dt.datetime.fromtimestamp(known / 1000, zone).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        found = round(first.timestamp() * 1000) - 1
    if found >= known:
        raise InputError("report_since", field="since")
    return found
