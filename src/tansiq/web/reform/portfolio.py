"""The portfolio on one page: every project that somebody may see with its state, its light and why,
what is declared and what is verified; time, money and the same as a file.

Every number is a list: it opens this page with a filter. As of an earlier day it shows what was
known then.
"""

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.reform.forecasts import outlook_of
from tansiq.desk.reform.portfolio import PROJECTS_MAX, Line, Portfolio, portfolio_of
from tansiq.domain.kinds.reform.progress import Cause
from tansiq.domain.kinds.reform.project import DECLARED, LIGHTS, MANAGERS, PROJECT
from tansiq.domain.tables import Cell, Column, Figure, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.reform.choosing import address_of, chosen, number, title_of
from tansiq.web.reform.gantt import gantt
from tansiq.web.reform.outlook import summary
from tansiq.web.reform.sums import BY, sums
from tansiq.web.shell.asking import Address, as_of_in, as_of_or_fault
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.charts import Chart, Point, Shape
from tansiq.web.shell.page import LANGUAGE_NAMES, Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import row_of

_COLUMNS: Final = (
    Column(key="code", heading="field.code", holds=Holds.CODE, tag="#activity+code"),
    Column(key="title", heading="field.project.text", holds=Holds.TEXT, tag="#activity+name"),
    Column(key="workstream", heading="field.workstream", holds=Holds.CHOICE,
           words="choice.workstream", tag="#sector", under="title"),
    Column(key="lead", heading="field.lead", holds=Holds.CHOICE, words="choice.lead",
           tag="#country+lead"),
    Column(key="state", heading="field.state", holds=Holds.CHOICE, words="state", mark="tag",
           tag="#status"),
    Column(key="light", heading="reform.light", holds=Holds.CHOICE, words="choice.light",
           mark="tag", tag="#status+light"),
    Column(key="causes", heading="reform.causes", holds=Holds.TEXT, tag="#meta+causes",
           under="light"),
    Column(key="milestones", heading="reform.milestones", holds=Holds.NUMBER,
           tag="#indicator+milestones"),
    Column(key="declared", heading="reform.declared", holds=Holds.NUMBER,
           tag="#indicator+declared"),
    Column(key="accepted", heading="reform.accepted", holds=Holds.NUMBER,
           tag="#indicator+accepted"),
    Column(key="percent", heading="reform.percent", holds=Holds.NUMBER,
           tag="#indicator+percent"),
    Column(key="verified", heading="reform.verified", holds=Holds.FLAG,
           tag="#indicator+verified"),
    Column(key="start", heading="field.start", holds=Holds.DATE, tag="#date+start"),
    Column(key="baseline", heading="field.baseline_end", holds=Holds.DATE,
           tag="#date+end+planned"),
    Column(key="forecast", heading="field.forecast_end", holds=Holds.DATE,
           tag="#date+end+forecast"),
    Column(key="slip", heading="reform.slip", holds=Holds.NUMBER, tag="#indicator+days_late"),
    Column(key="again", heading="reform.again", holds=Holds.DATE, tag="#date+second_look"),
    Column(key="owner", heading="page.owner", holds=Holds.PARTY, tag="#org+owner"),
)  # fmt: skip
REPORT: Final = "/reform/report"
TONES: Final = {"red": "bad", "amber": "warn", "green": "ok"}


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The portfolio."""
    return render(request, "reform/portfolio.html", **_shown(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same without its frame, fetched again when something changed."""
    return render(request, "reform/portfolio_part.html", **_shown(request, seat))


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The portfolio for a file or for paper. Raises InputError for a moment that is none."""
    address = address_of(request)
    as_of = as_of_in(address, current().zone, current().desk.clock.now())
    found = portfolio_of(current().desk, seat.viewer, as_of)
    lines = chosen(found, address)
    return _table((request, seat, address), found, lines, limit)


def _shown(request: HttpRequest, seat: Seat) -> Context:
    address, language, desk = address_of(request), language_of(request), current().desk
    as_of, fault = as_of_or_fault(address, current().zone, desk.clock.now(), language)
    found, said = portfolio_of(desk, seat.viewer, as_of), voice(language)
    ahead = outlook_of(desk, seat.viewer, found)
    lines = chosen(found, address)
    return {
        "made": _table((request, seat, address), found, lines),
        "lines": lines, "all": found, "address": address, "as_of": as_of, "fault": fault,
        "titles": [title_of(one.view, language) for one in lines],
        "causes": [[cause_words(c, said) for c in one.progress.light.causes] for one in lines],
        "counts": _counts(found, address),
        "lights": [(name, number(found, address, only=name)) for name in reversed(LIGHTS)],
        "sums": [sums(seat, found, address, by) for by in BY],
        "curve": _curve(found, address, said),
        "outlook": summary(ahead, address),
        "gantt": gantt(lines, said, found.day, ahead.of),
        "report": Address(REPORT, {n: v for n, v in address.given.items() if n == "as_of"}),
        "languages": LANGUAGE_NAMES,
        "may_write": seat.position.role in MANAGERS,
    }  # fmt: skip


def _counts(found: Portfolio, address: Address) -> dict[str, Figure]:
    names = ("executed", "verified", "unverified", "asked", "blocked", "due", "overdue")
    return {"all": number(found, address)} | {
        name: number(found, address, only=name) for name in names
    }


def _curve(found: Portfolio, address: Address, said: Voice) -> Chart:
    """How many projects were planned to have ended by each quarter, and how many were declared."""
    days = sorted(
        str(day)
        for one in found.lines
        for day in (one.view.value.body.get(n) for n in ("baseline_end", "forecast_end"))
        if day
    )
    points = [
        Point(
            label=end,
            figures=tuple(
                number(found, address, only=only, until=end) for only in ("planned", "executed")
            ),
        )
        for end in (_quarters(days[0], days[-1]) if days else ())
    ]
    return Chart(
        key="curve", shape=Shape.LINE, title=said.t("reform.curve"),
        heading=said.t("reform.by_day"), definition=said.t("reform.curve_definition"),
        series=(said.t("reform.planned"), said.t("reform.declared_executed")),
        points=tuple(points), declared_by=current().desk.me,
        as_of=found.as_of or current().desk.clock.now(),
    )  # fmt: skip


def _quarters(first: str, last: str) -> list[str]:
    """The last days of the quarters from the one of ``first`` to that of ``last``, at most 40."""
    ends = ("03-31", "06-30", "09-30", "12-31")
    found = [f"{year}-{end}" for year in range(int(first[:4]), int(last[:4]) + 1) for end in ends]
    kept = [day for day in found if day >= first]
    upto = next((n for n, day in enumerate(kept, start=1) if day >= last), len(kept))
    return kept[:upto][:40]


def cause_words(cause: Cause, said: Voice) -> str:
    """Why a light is not green, in words."""
    return said.t(f"reform.cause.{cause.code}", count=cause.count, named=", ".join(cause.named[:4]))


def _table(
    asked: tuple[HttpRequest, Seat, Address], found: Portfolio, lines: Sequence[Line],
    limit: int = PROJECTS_MAX,
) -> Released[Table]:  # fmt: skip
    request, seat, address = asked
    desk, said = current().desk, voice(language_of(request))
    made = Table(
        name="reform", title="reform.title", definition="reform.definition", columns=_COLUMNS,
        rows=tuple(_row(one, said) for one in lines[:limit]), total=len(lines), more=found.cut,
        as_of=found.as_of or desk.clock.now(), declared_by=desk.me, address=address.path,
        query=address.to().partition("?")[2], ways=PROJECT.ways,
    )  # fmt: skip
    return gather(seat.viewer, (one.view for one in lines), made)


def _row(line: Line, said: Voice) -> Row:
    value, progress = line.view.value, line.progress
    body, opens = value.body, f"/record/{value.owner}/{value.record}"
    light = progress.light.shown
    causes = "; ".join(cause_words(one, said) for one in progress.light.causes)
    return row_of(
        line.view,
        (
            Cell(value=body.get("code"), address=opens),
            Cell(value=title_of(line.view, said.language), address=opens),
            Cell(value=body.get("workstream")), Cell(value=body.get("lead")),
            Cell(value=value.state, tone=PROJECT.tone(value.state)),
            Cell(value=light, tone=TONES[light]), Cell(value=causes or None),
            Cell(value=len(progress.milestones)), Cell(value=progress.declared),
            Cell(value=progress.accepted), Cell(value=progress.percent),
            Cell(value=progress.verified if value.state in DECLARED else None),
            Cell(value=body.get("start")), Cell(value=body.get("baseline_end")),
            Cell(value=body.get("forecast_end")), Cell(value=progress.slip_days),
            Cell(value=progress.again or None),
            Cell(value=value.owner),
        ),
    )  # fmt: skip
