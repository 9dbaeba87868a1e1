"""The catalogue of supplies: what all parties share and what this node has beside it, out as a
spreadsheet and in from one. A file is read and shown before anything of it is taken.
"""

import io
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.records import items
from tansiq.desk.support import catalogue
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.support import supplies
from tansiq.domain.tables import Cell, Column, Holds, Row, Table
from tansiq.domain.wording import LANGUAGES, words
from tansiq.policy.mandate import Act, may_do
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.given_sheet import BYTES_MAX, given_sheet
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

PATH: Final = "/catalogue"
_COLUMNS: Final = tuple(
    Column(
        key=name, heading=f"catalogue.{name}", tag=f"#item+{name}",
        holds=Holds.TEXT if name.startswith("name") else Holds.CODE,
    )
    for name in catalogue.COLUMNS
)  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every item by class, with its names, units and pack."""
    return render(request, "support/catalogue.html", **_shown(seat))


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The catalogue in the form in which it is imported."""
    return _table(seat)


def _table(seat: Seat) -> Released[Table]:
    desk = current().desk
    shared = (
        (code, known.supply_class, [words(f"choice.item.{code}").of(one) for one in LANGUAGES],
         known.units, known.pack)
        for code, known in supplies.ITEMS.items()
    )  # fmt: skip
    own = (
        (one.code, one.supply_class, [one.names.of(name) for name in LANGUAGES], one.units,
         one.pack)
        for one in items.own(desk).values() if one.offered
    )  # fmt: skip
    rows = tuple(
        Row(
            cells=tuple(
                Cell(value=value)
                for value in (code, of_class, *names, ", ".join(units), str(pack) if pack else None)
            ),
        )
        for code, of_class, names, units, pack in (*own, *shared)
    )
    made = Table(
        name="catalogue", title="catalogue.title", definition="catalogue.definition",
        columns=_COLUMNS, rows=rows, total=len(rows), as_of=desk.clock.now(),
        declared_by=desk.me, address=PATH,
    )  # fmt: skip
    return gather(seat.viewer, (), made)


def _shown(seat: Seat, **more: object) -> Context:
    made = _table(seat)
    may_take = bool(may_do(seat.position.role, Act.CATALOGUE))
    plain: Context = {"found": None, "faults": [], "text": "", "fault": ""}
    own = sorted(items.own(current().desk).values()) if may_take else []
    return {"made": made, "may_take": may_take, "own": own, **plain, **more}


@require_POST
@signed_on
def look(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read a file and show what it would change, or which rows cannot be used; take nothing."""
    items.demand_catalogue(seat.actor)
    language = language_of(request)
    try:
        found = catalogue.read(current().desk, io.BytesIO(given_sheet(request)), language)
    except InputError as error:
        more = _shown(seat, fault=error.text(language))
        return render(request, "support/catalogue.html", status=422, **more)
    faults = [(one.row, one.error.text(language)) for one in found.faults]
    text = "" if faults else catalogue.written(found.items)
    status = 422 if faults else 200
    more = _shown(seat, found=found, faults=faults, text=text)
    return render(request, "support/catalogue.html", status=status, **more)


@require_POST
@signed_on
def take(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take what was shown, read once more by the same rules: whole, or nothing of it."""
    desk, language = current().desk, language_of(request)
    items.demand_catalogue(seat.actor)
    text = str(request.POST.get("text", ""))[:BYTES_MAX]
    found = catalogue.read(desk, io.BytesIO(text.encode("utf-8")), language)
    if found.faults:
        raise found.faults[0].error
    items.take(desk, seat.actor, found.items)
    return HttpResponseRedirect(PATH)


@require_POST
@signed_on
def offer(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Offer the own items that are named for new lines again, or no more."""
    codes = frozenset(request.POST.getlist("code")[: supplies.OWN_MAX])
    items.offer(current().desk, seat.actor, codes, offered="again" in request.POST)
    return HttpResponseRedirect(PATH)
