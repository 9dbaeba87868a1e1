"""Lists of a kind's own records as a spreadsheet, out and in: a file is read and shown before
anything of it is taken. A room names its ``Sheet`` in the addresses that ``listed`` makes.
"""

import io

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.records import sheets
from tansiq.desk.records.sheets import Found
from tansiq.domain.errors import InputError
from tansiq.domain.sheets import Sheet
from tansiq.domain.tables import Cell, Column, Holds, Table
from tansiq.policy import mandate
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.addresses import Address
from tansiq.web.shell.addresses import page as at
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.given_sheet import BYTES_MAX, given_sheet
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import row_of, ways


def listed(sheet: Sheet, route: str, section: str, home: str) -> list[Address]:
    """The addresses of a list at ``route`` for a room's section: its page, the two steps by which a
    file comes in, and the ways out. ``home`` is the path of the records themselves.
    """
    given = {"sheet": sheet, "route": f"/{route}", "section": section, "home": home}
    word = f"sheet.title.{sheet.kind.name}"

    def make(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
        return _table(seat, sheet=sheet, route=f"/{route}")

    return [
        at(route, page, sheet.name, given=given, word=word),
        at(f"{route}/look", look, f"{sheet.name}-look", given=given, word=word),
        at(f"{route}/take", take, f"{sheet.name}-take", given=given, word=word),
        *ways(sheet.name, route, make, word=word),
    ]


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat, **given: object) -> HttpResponse:
    """The list, with what each column is called."""
    return render(request, "records/sheet.html", **_shown(seat, given))


def _shown(seat: Seat, given: Context, **more: object) -> Context:
    sheet = given["sheet"]
    assert isinstance(sheet, Sheet)
    may_take = bool(mandate.may_write(seat.position.role, sheet.kind))
    plain: Context = {"found": None, "faults": [], "text": "", "fault": ""}
    made = _table(seat, sheet=sheet, route=str(given["route"]))
    return {**given, "made": made, "may_take": may_take, **plain, **more}


def _table(seat: Seat, *, sheet: Sheet, route: str) -> Released[Table]:
    desk = current().desk
    views = sheets.own_records(desk, seat.viewer, sheet)
    columns = tuple(
        Column(
            key=one.name,
            heading=one.word,
            tag=f"#meta+{one.name}",
            holds=Holds.CODE if one.name == sheets.KEY else Holds.TEXT,
        )
        for one in sheet.columns
    )
    rows = tuple(
        row_of(
            view,
            [Cell(value=text or None) for text in sheets.row_of(sheet, view.value.body)],
        )
        for view in views
    )
    made = Table(
        name=sheet.name, title=f"sheet.title.{sheet.kind.name}", definition="sheet.definition",
        columns=columns, rows=rows, total=len(rows), as_of=desk.clock.now(),
        declared_by=desk.me, address=route, ways=sheet.kind.ways,
    )  # fmt: skip
    return gather(seat.viewer, views, made)


@require_POST
@signed_on
def look(request: HttpRequest, seat: Seat, **given: object) -> HttpResponse:
    """Read a file and show for what each column was taken, what would change, or which cells cannot
    be used; take nothing.
    """
    sheet, language = _writing(seat, given), language_of(request)
    try:
        found = _found(seat, sheet, given_sheet(request), language)
    except InputError as error:
        more = _shown(seat, given, fault=error.text(language))
        return render(request, "records/sheet.html", status=422, **more)
    faults = [
        (one.row, one.column, _said(one, sheet, language)) for one in found.faults
    ]  # fmt: skip
    more = _shown(
        seat, given, found=found, faults=faults,
        text="" if faults else sheets.written(found, sheet),
    )  # fmt: skip
    return render(request, "records/sheet.html", status=422 if faults else 200, **more)


def _said(fault: sheets.Fault, sheet: Sheet, language: str) -> str:
    """Why a cell cannot be used, with the field as the form names it."""
    parsed = Parsed(kind=sheet.kind.name)
    parsed.blame(fault.error, language)
    return next(iter(parsed.errors.values()))


def _writing(seat: Seat, given: Context) -> Sheet:
    """The list, for a position that may write its records. Raises RefusedError."""
    sheet = given["sheet"]
    assert isinstance(sheet, Sheet)
    demand(mandate.may_write(seat.position.role, sheet.kind))
    return sheet


def _found(seat: Seat, sheet: Sheet, data: bytes, language: str) -> Found:
    return sheets.found_in(current().desk, seat.viewer, sheet, io.BytesIO(data), language)


@require_POST
@signed_on
def take(request: HttpRequest, seat: Seat, **given: object) -> HttpResponse:
    """Take what was shown, read once more by the same rules: whole, or nothing of it."""
    sheet = _writing(seat, given)
    text = str(request.POST.get("text", ""))[:BYTES_MAX]
    found = _found(seat, sheet, text.encode("utf-8"), language_of(request))
    sheets.take(current().desk, seat.actor, sheet, found)
    return HttpResponseRedirect(str(given["home"]))
