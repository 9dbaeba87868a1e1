"""What the projects cost, planned and spent, beside how many are declared and verified: by
workstream, leading nation, state, and source of the money.

The portfolio shows these tables, the report prints them, and each is a page with the ways out of a
list. Every number opens the list that it counts; sums of different currencies are never added.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.reform.portfolio import Line, Portfolio, portfolio_of
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.progress import sums_of
from tansiq.domain.kinds.reform.project import PROJECT, SOURCES, WORKSTREAMS
from tansiq.domain.parties import NATIONS
from tansiq.domain.tables import EMPTY, Cell, Column, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.reform.choosing import address_of, chosen, number
from tansiq.web.shell.asking import Address, as_of_in, as_of_or_fault
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

PATH: Final = "/reform/sums"
# What is summed by, its values in their order, and where their words are.
_BY: Final = {
    "workstream": (WORKSTREAMS, "field.workstream", "choice.workstream"),
    "lead": (NATIONS, "field.lead", "choice.lead"),
    "state": (PROJECT.states, "field.state", "state"),
    "source": (SOURCES, "field.source", "choice.source"),
}
BY: Final = tuple(_BY)
_COUNTS: Final = ("all", "executed", "verified", "blocked", "red")


def _columns(by: str) -> tuple[Column, ...]:
    _, heading, words = _BY[by]
    head = "choice.light.red"
    counts = (
        Column(key=name, heading=head if name == "red" else f"reform.count.{name}",
               holds=Holds.NUMBER, tag=f"#indicator+{name}")
        for name in _COUNTS
    )  # fmt: skip
    money = (
        Column(key=name, heading=f"field.{name}", holds=Holds.MONEY, tag=f"#value+{name}")
        for name in ("planned", "spent")
    )
    return (
        Column(key=by, heading=heading, holds=Holds.CHOICE, words=words, tag=f"#group+{by}"),
        *counts, *money,
        Column(key="percent", heading="report.spent_percent", holds=Holds.NUMBER,
               tag="#indicator+percent"),
    )  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The sums by one of what they can be summed by."""
    address, language, desk = address_of(request, PATH, "by"), language_of(request), current().desk
    as_of, fault = as_of_or_fault(address, current().zone, desk.clock.now(), language)
    found = portfolio_of(desk, seat.viewer, as_of)
    return render(
        request, "reform/sums.html", made=sums(seat, found, address, _by(address)),
        address=address, by=_by(address), every=BY, as_of=as_of, fault=fault,
    )  # fmt: skip


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The same for a file or for paper. Raises InputError for a moment that is none."""
    address = address_of(request, PATH, "by")
    as_of = as_of_in(address, current().zone, current().desk.clock.now())
    return sums(seat, portfolio_of(current().desk, seat.viewer, as_of), address, _by(address))


def _by(address: Address) -> str:
    return address.get("by") if address.get("by") in _BY else BY[0]


def sums(seat: Seat, found: Portfolio, address: Address, by: str) -> Released[Table]:
    """The sums of a portfolio that was made for this seat."""
    kept = {"by": by, **({"as_of": address.get("as_of")} if address.get("as_of") else {})}
    here, desk = Address(PATH, kept), current().desk
    rows = tuple(_rows(found, here, by))
    made = Table(
        name=f"reform-by-{by}", title=f"report.by.{by}", definition="report.sums_definition",
        columns=_columns(by), rows=rows, total=len(rows), more=False,
        as_of=found.as_of or desk.clock.now(), declared_by=desk.me, address=here.path,
        query=here.to().partition("?")[2], ways=PROJECT.ways,
    )  # fmt: skip
    return gather(seat.viewer, (one.view for one in found.lines), made)


def _rows(found: Portfolio, address: Address, by: str) -> Iterator[Row]:
    """A row of each value and currency that projects have, then of all of them together."""
    for code in (*_BY[by][0], ""):
        asked = {by: code} if code else {}
        lines = chosen(found, Address(PATH, asked))
        if not lines:
            continue
        figures = [
            number(found, address, **asked, **({} if name == "all" else {"only": name}))
            for name in _COUNTS
        ]
        counts = [Cell(value=one.count, address=one.address) for one in figures]
        money = _money(lines, code if by == "source" else "")
        for at, (currency, (planned, spent)) in enumerate(money.items() or [("", (0, 0))]):
            first = Cell(value=code or "every", address=figures[0].address)
            yield Row(
                cells=(first, *(counts if at == 0 else [EMPTY] * len(counts)),
                       *_sums(currency, planned, spent)),
                classification=max((one.view.value.label.classification for one in lines),
                                   key=lambda one: one.rank),
            )  # fmt: skip


def _sums(currency: str, planned: int, spent: int) -> tuple[Cell, Cell, Cell]:
    if not currency:
        return EMPTY, EMPTY, EMPTY
    share = Cell(value=spent * 100 // planned) if planned else EMPTY
    first, second = (Cell(value={"currency": currency, "minor": one}) for one in (planned, spent))
    return first, second, share


def _money(lines: Sequence[Line], source: str) -> dict[str, tuple[int, int]]:
    """What is planned and spent in these projects by currency, of one source where it is named."""
    bodies = [one.view.value.body for one in lines]
    if source:
        kept = [[r for r in rows_in(body, "budget") if r.get("source") == source]
                for body in bodies]  # fmt: skip
        bodies = [{"budget": rows} for rows in kept]
    return sums_of(bodies)
