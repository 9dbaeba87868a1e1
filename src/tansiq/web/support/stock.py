"""What is in stock: balances by item and day, as they are or as they were known, with their chart
and ways out. Every number opens the movements of which it is the sum.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.records import items
from tansiq.desk.support import stock
from tansiq.desk.support.stock import Balance
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds.support import supplies
from tansiq.domain.kinds.support.stock import STOCK
from tansiq.domain.kinds.support.supplies import OwnItem
from tansiq.domain.tables import Cell, Column, Figure, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address, address_with, as_of_in, as_of_or_fault
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.charts import POINTS_MAX, Chart, Point, Shape
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

PATH: Final = "/stock/there"
_COLUMNS: Final = (
    Column(key="item", heading="field.item", holds=Holds.CHOICE, words="choice.item",
           tag="#item+name"),
    Column(key="named", heading="field.named", holds=Holds.TEXT, tag="#item+description",
           under="item"),
    Column(key="class", heading="field.supply_class", holds=Holds.CHOICE,
           words="choice.supply_class", tag="#item+type", under="item"),
    Column(key="count", heading="stock.count", holds=Holds.NUMBER, tag="#indicator+num"),
    Column(key="unit", heading="field.unit", holds=Holds.CHOICE, words="unit",
           tag="#item+unit"),
    Column(key="use_by", heading="field.use_by", holds=Holds.DATE, tag="#date+expiry"),
    Column(key="mark", heading="stock.mark", holds=Holds.CHOICE,
           words="choice.stock_mark", mark="tag", tag="#status"),
)  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What is there, by item and day of expiry."""
    return render(request, "support/stock.html", **_shown(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same without its frame, fetched again when something changed."""
    return render(request, "support/stock_part.html", **_shown(request, seat))


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """What is there, for a file or for paper. Raises InputError for a moment that is none."""
    address = _address(request)
    as_of = as_of_in(address, current().zone, current().desk.clock.now())
    return _table(seat, address, as_of, language_of(request))[0]


def _address(request: HttpRequest) -> Address:
    return address_with(request, PATH, ("as_of", "unit"))


def _shown(request: HttpRequest, seat: Seat) -> Context:
    address, language, site = _address(request), language_of(request), current()
    as_of, fault = as_of_or_fault(address, site.zone, site.desk.clock.now(), language)
    made, found = _table(seat, address, as_of, language)
    units = Counter(one.batch.unit for one in found.balances)
    asked = address.get("unit")
    unit = asked if asked in units else next((name for name, _ in units.most_common(1)), "")
    return {
        "made": made, "cut": found.cut, "as_of": as_of, "fault": fault, "address": address,
        "units": list(units), "unit": unit, "days": BOUNDS.stock_soon_days,
        "shares": _chart(request, unit, found.balances, made.value.as_of) if unit else None,
        "may_write": seat.position.role in STOCK.writers,
    }  # fmt: skip


def _table(
    seat: Seat, address: Address, as_of: int, language: str
) -> tuple[Released[Table], stock.There]:
    desk = current().desk
    found, own = stock.there(desk, seat.viewer, as_of), items.own(desk)
    made = Table(
        name="stock", title="stock.title", definition="stock.definition", columns=_COLUMNS,
        rows=tuple(_row(one, own, language) for one in found.balances), total=len(found.balances),
        more=found.cut, as_of=as_of or desk.clock.now(), declared_by=desk.me,
        address=address.path, query=address.to().partition("?")[2], ways=STOCK.ways,
    )  # fmt: skip
    return gather(seat.viewer, (), made), found


def _row(one: Balance, own: Mapping[str, OwnItem], language: str) -> Row:
    """A batch; an own item by its name, with its code beside it."""
    batch = one.batch
    ours, known = own.get(batch.item), own.get(batch.item) or supplies.ITEMS.get(batch.item)
    item, named = (ours.names.of(language), batch.item) if ours else (batch.item, batch.named)
    mark = "over" if one.over else "soon" if one.soon else None
    return Row(
        cells=(
            Cell(value=item), Cell(value=named or None),
            Cell(value=known.supply_class if known else supplies.OTHER),
            Cell(value=one.count, address=_moves(one)), Cell(value=batch.unit),
            Cell(value=batch.use_by or None),
            Cell(value=mark, tone="bad" if one.over else "warn"),
        ),
    )  # fmt: skip


def _moves(one: Balance) -> str:
    """The list of the movements of a batch."""
    batch = one.batch
    asked = {"item": batch.item, "unit": batch.unit, "use_by": batch.use_by, "q": batch.named}
    return "/stock?" + urlencode({name: text for name, text in asked.items() if text})


def _name(code: str, own: Mapping[str, OwnItem], said: Voice) -> str:
    """What an item is called; one that this node does not know is its code."""
    if code in own:
        return own[code].names.of(said.language)
    return said.t(f"choice.item.{code}") if code in supplies.CODES else code


def _chart(request: HttpRequest, unit: str, found: Sequence[Balance], as_of: int) -> Chart:
    """What is there of each item that is counted in one unit, each bar a list."""
    said, own = voice(language_of(request)), items.own(current().desk)
    there: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.batch.unit == unit:
            there[one.batch.item, one.batch.named] += one.count
    points = tuple(
        Point(
            label=named or _name(item, own, said),
            figures=(
                Figure(
                    count=count,
                    address="/stock?" + urlencode(
                        {"item": item, "unit": unit} | ({"q": named} if named else {})
                    ),
                ),
            ),
        )
        for (item, named), count in there.most_common(POINTS_MAX)
    )  # fmt: skip
    return Chart(
        key="there", shape=Shape.BARS, title=said.t("stock.chart"), heading=said.t("field.item"),
        definition=f"{said.t('stock.by_unit')} {said.t(f'unit.{unit}')}", points=points,
        declared_by=current().desk.me, as_of=as_of,
    )  # fmt: skip
