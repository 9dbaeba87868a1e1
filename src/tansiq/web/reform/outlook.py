"""When the open projects will be executed: a range for each with its method, and beside it how
earlier ranges did.

Every number opens what it counts: the finished projects from which a range was worked out, and the
earlier forecasts whose range has passed.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.reform.forecasts import Earlier, Foreseen, Outlook, outlook_of
from tansiq.desk.reform.portfolio import portfolio_of
from tansiq.domain.kinds.reform.project import PROJECT
from tansiq.domain.reform.habits import OWN_LEAST
from tansiq.domain.reform.scoring import score, score_of_plan
from tansiq.domain.tables import Cell, Column, Figure, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.reform.choosing import address_of, days_of, iso, title_of
from tansiq.web.shell.asking import Address, as_of_in, as_of_or_fault
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import row_of

PATH: Final = "/reform/forecast"
_PAST: Final[dict[str, Callable[[Earlier], bool]]] = {
    "all": lambda _: True,
    "held": lambda one: one.past.held,
    "missed": lambda one: not one.past.held,
}
_NAMED: Final = (
    Column(key="code", heading="field.code", holds=Holds.CODE, tag="#activity+code"),
    Column(key="title", heading="field.project.text", holds=Holds.TEXT, tag="#activity+name"),
)
_RANGE: Final = (
    Column(key="early", heading="forecast.early", holds=Holds.DATE, tag="#date+end+early"),
    Column(key="middle", heading="forecast.middle", holds=Holds.DATE, tag="#date+end+middle"),
    Column(key="late", heading="forecast.late", holds=Holds.DATE, tag="#date+end+late"),
)
_COLUMNS: Final = (
    *_NAMED,
    Column(key="state", heading="field.state", holds=Holds.CHOICE, words="state", mark="tag",
           tag="#status", under="title"),
    Column(key="baseline", heading="field.baseline_end", holds=Holds.DATE,
           tag="#date+end+planned"),
    *_RANGE,
    Column(key="method", heading="forecast.method", holds=Holds.CHOICE, words="choice.forecast_by",
           tag="#meta+method"),
    Column(key="sample", heading="forecast.sample", holds=Holds.NUMBER, tag="#indicator+sample"),
    Column(key="owner", heading="page.owner", holds=Holds.PARTY, tag="#org+owner"),
)  # fmt: skip
_EARLIER: Final = (
    Column(key="made", heading="forecast.made", holds=Holds.DATE, tag="#date+made"),
    *_NAMED,
    Column(key="baseline", heading="field.baseline_end", holds=Holds.DATE,
           tag="#date+end+planned"),
    *_RANGE,
    Column(key="ended", heading="forecast.ended", holds=Holds.DATE, tag="#date+end"),
    Column(key="held", heading="forecast.held", holds=Holds.FLAG, tag="#indicator+held"),
    Column(key="score", heading="forecast.score", holds=Holds.NUMBER, tag="#indicator+score"),
    Column(key="naive", heading="forecast.naive", holds=Holds.NUMBER,
           tag="#indicator+score+planned"),
)  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The ranges, or with ``past`` the earlier ones."""
    address, language, desk = _address(request), language_of(request), current().desk
    as_of, fault = as_of_or_fault(address, current().zone, desk.clock.now(), language)
    found = portfolio_of(desk, seat.viewer, as_of)
    ahead = outlook_of(desk, seat.viewer, found)
    return render(
        request, "reform/forecast.html", as_of=as_of, fault=fault, address=address,
        made=_chosen(seat, ahead, address, language), outlook=summary(ahead, address),
    )  # fmt: skip


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The same for a file or for paper. Raises InputError for a moment that is none."""
    address, desk = _address(request), current().desk
    as_of = as_of_in(address, current().zone, desk.clock.now())
    ahead = outlook_of(desk, seat.viewer, portfolio_of(desk, seat.viewer, as_of))
    return _chosen(seat, ahead, address, language_of(request))


def _address(request: HttpRequest) -> Address:
    return address_of(request, PATH, "past")


def _chosen(seat: Seat, ahead: Outlook, address: Address, language: str) -> Released[Table]:
    if address.get("past") not in _PAST:
        return ranges(seat, ahead, language, address)
    found = [one for one in ahead.earlier if _PAST[address.get("past")](one)]
    rows = tuple(_earlier_row(one, ahead, language) for one in found)
    made = _made(ahead, address, _EARLIER, rows)
    return gather(seat.viewer, (one.view for one in found), made)


def summary(ahead: Outlook, address: Address) -> Context:
    """What stands in words above the ranges: when all are executed, of how many finished projects
    that is worked out, and how earlier ranges did. ``better`` is their score in hundredths of that
    of the plans' dates, None where there is none.
    """
    kept = {name: text for name, text in address.given.items() if name == "as_of"}
    here = Address(PATH, kept)
    record = ahead.record
    return {
        "whole": days_of(ahead.whole) if ahead.whole else None,
        "open": Figure(count=len(ahead.lines), address=here.to()),
        "unplanned": Figure(
            count=len(ahead.unplanned), address=Address("/reform", kept).to(only="unplanned")
        ),
        "measured": Figure(
            count=len(ahead.measured), address=Address("/reform", kept).to(only="measured")
        ),
        "mixed": any(one.own < OWN_LEAST for one in ahead.habits.values()),
        "past": Figure(count=len(record.past), address=here.to(past="all")),
        "held": Figure(count=record.held, address=here.to(past="held")),
        "better": record.scored * 100 // record.naive if record.naive else None,
    }  # fmt: skip


def ranges(seat: Seat, ahead: Outlook, language: str, address: Address) -> Released[Table]:
    """The ranges of the open projects as a table, in the order of their codes."""
    rows = tuple(_row(one, ahead, language) for one in ahead.lines)
    made = _made(ahead, address, _COLUMNS, rows)
    return gather(seat.viewer, (one.view for one in ahead.lines), made)


def _made(
    ahead: Outlook, address: Address, columns: tuple[Column, ...], rows: tuple[Row, ...]
) -> Table:
    desk, past = current().desk, columns is _EARLIER
    return Table(
        name="reform-forecast", columns=columns, rows=rows, total=len(rows),
        title="forecast.earlier" if past else "forecast.title",
        definition="forecast.earlier_definition" if past else "forecast.title_definition",
        as_of=ahead.as_of or desk.clock.now(), declared_by=desk.me, address=PATH,
        query=address.to().partition("?")[2], ways=PROJECT.ways,
    )  # fmt: skip


def _row(one: Foreseen, ahead: Outlook, language: str) -> Row:
    value = one.view.value
    opens = f"/record/{value.owner}/{value.record}"
    own = ahead.habits[value.owner].own
    return row_of(
        one.view,
        (
            Cell(value=value.body.get("code"), address=opens),
            Cell(value=title_of(one.view, language), address=opens),
            Cell(value=value.state, tone=PROJECT.tone(value.state)),
            Cell(value=value.body.get("baseline_end")),
            *(Cell(value=day) for day in days_of(one.said)),
            Cell(value=method_of(own)),
            Cell(value=own, address=f"/reform?only=measured&owner={value.owner}"),
            Cell(value=value.owner),
        ),
    )  # fmt: skip


def method_of(own: int) -> str:
    """How a range was worked out, by how many finished projects speak."""
    return "own" if own >= OWN_LEAST else "mixed" if own else "class"


def _earlier_row(one: Earlier, ahead: Outlook, language: str) -> Row:
    value, past = one.view.value, one.past
    opens = f"/record/{value.owner}/{value.record}"
    truth = past.truth(ahead.day)
    return row_of(
        one.view,
        (
            Cell(value=iso(past.made)), Cell(value=value.body.get("code"), address=opens),
            Cell(value=title_of(one.view, language), address=opens), Cell(value=iso(past.plan)),
            *(Cell(value=day) for day in days_of(past.said)),
            Cell(value=iso(past.ended)),
            Cell(value=past.held), Cell(value=score(past.said, truth)),
            Cell(value=score_of_plan(past.plan, truth)),
        ),
    )  # fmt: skip
