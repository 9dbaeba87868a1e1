"""The ways out of a list: print, PDF, XLSX, CSV and calendar, by one control and one code path.

A room makes its list a ``Released[Table]`` once and names it in ``ways``; the addresses, the
bounds, the look at what a kind forbids, the note in the access log and the headers are here.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.act.access import Deed
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.tables import Cell, Row, Table, Way
from tansiq.policy.release import reread
from tansiq.policy.seal import Released
from tansiq.web.shell import access
from tansiq.web.shell.addresses import Address, Kind, address
from tansiq.web.shell.calendars import calendar
from tansiq.web.shell.leaving import Leaving
from tansiq.web.shell.page import render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sheets import sheet
from tansiq.web.shell.site import current
from tansiq.web.shell.typesetting import content
from tansiq.web.shell.workbooks import workbook

# Makes a list with at most so many rows, from the address's query, for the seat's viewer.
# What a room's address has beside it, such as a kind, comes by name.
Maker: TypeAlias = Callable[..., Released[Table]]
# What leaves by each way, and what the access log says of it.
_LEAVES: Final = {
    Way.PRINT: (Kind.PAGE, Deed.PRINTED),
    **dict.fromkeys((Way.PDF, Way.XLSX, Way.CSV, Way.CALENDAR), (Kind.FILE, Deed.EXPORTED)),
}
_ROWS_MAX: Final = {
    Way.PRINT: BOUNDS.print_rows_max, Way.PDF: BOUNDS.print_rows_max,
    Way.XLSX: BOUNDS.sheet_rows_max, Way.CSV: BOUNDS.sheet_rows_max,
    Way.CALENDAR: BOUNDS.calendar_rows_max,
}  # fmt: skip


def ways(
    name: str, route: str, make: Maker, *, word: str = "", lists: bool = False
) -> list[Address]:
    """The addresses by which the list ``name`` leaves, for a room's section: ``<route>/csv`` by the
    name ``<name>-csv``, and the same for every other way. ``word`` and ``lists`` are as for an
    :class:`Address`.
    """

    def answer(request: HttpRequest, seat: Seat, *, way: Way, **named: str) -> HttpResponse:
        made = make(request, seat, _ROWS_MAX[way], **named)
        if way not in made.value.offered:
            raise RefusedError(Refused("way_out"))
        left = reread(made, made.value.leaving(way))
        return _paper(request, seat, left) if way is Way.PRINT else _file(request, seat, left, way)

    view = require_GET(signed_on(answer))
    return [
        address(kind, f"{route}/{way}", view, f"{name}-{way}", deed=deed, word=word,
                lists=lists, given={"way": way})
        for way, (kind, deed) in _LEAVES.items()
    ]  # fmt: skip


def _leaving(request: HttpRequest, seat: Seat, made: Released[Table]) -> Leaving:
    taken_by = f"{seat.actor.party}/{seat.actor.position}"
    return Leaving(table=made.value, voice=voice(language_of(request)), taken_by=taken_by)


def _file(request: HttpRequest, seat: Seat, made: Released[Table], way: Way) -> HttpResponse:
    """The list as a file, once it has been noted who takes it."""
    leaving = _leaving(request, seat, made)
    access.note(request, seat, {"table": made}, hits=len(made.value.rows))
    media_type, write = _FILES[way]
    response = HttpResponse(write(leaving), content_type=media_type)
    name = f"{leaving.reference}.{way}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _pdf(leaving: Leaving) -> bytes:
    """The pages of a list. Raises InputError where none can be made."""
    made = current().desk.typesetter.pages(content(leaving))
    if made is None:
        raise InputError("pages_unmade")
    return made


_FILES: Final = {
    Way.PDF: ("application/pdf", _pdf),
    Way.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
    Way.CSV: ("text/csv; charset=utf-8", sheet),
    Way.CALENDAR: ("text/calendar; charset=utf-8", calendar),
}


def _paper(request: HttpRequest, seat: Seat, made: Released[Table]) -> HttpResponse:
    leaving = _leaving(request, seat, made)
    return render(
        request, "shell/print.html", table=made, facts=leaving.facts, notes=leaving.notes,
        total=len(made.value.rows),
    )  # fmt: skip


def row_of(view: View, cells: Sequence[Cell], *, key: str = "") -> Row:
    """A row that shows this record, with what the record allows."""
    kind = kind_named(view.value.kind)
    return Row(
        cells=tuple(cells), key=key, item=access.item_of(view), ways=kind.ways,
        classification=view.value.label.classification,
    )  # fmt: skip
