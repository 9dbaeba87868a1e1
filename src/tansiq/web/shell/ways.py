"""The ways out of a list: print and CSV, by one control and one code path.

A room makes its list a ``Released[Table]`` once and names it in ``ways``; the addresses, the
bounds, the look at what a kind forbids, the note in the access log and the headers are here.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.act.access import Deed
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.tables import Cell, Row, Table, Way
from tansiq.policy.release import reread
from tansiq.policy.seal import Released
from tansiq.web.shell import access
from tansiq.web.shell.addresses import Address, Kind, address
from tansiq.web.shell.dates import at_zone
from tansiq.web.shell.page import render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sheets import notes, sheet
from tansiq.web.shell.site import current

# Makes a list with at most so many rows, from the address's query, for the seat's viewer.
# What a room's address has beside it, such as a kind, comes by name.
Maker: TypeAlias = Callable[..., Released[Table]]
# What leaves by each way, and what the access log says of it.
_LEAVES: Final = {Way.CSV: (Kind.FILE, Deed.EXPORTED), Way.PRINT: (Kind.PAGE, Deed.PRINTED)}
_ROWS_MAX: Final = {Way.CSV: BOUNDS.sheet_rows_max, Way.PRINT: BOUNDS.print_rows_max}


def ways(
    name: str, route: str, make: Maker, *, word: str = "", lists: bool = False
) -> list[Address]:
    """The addresses by which the list ``name`` leaves, for a room's section: ``<route>/csv`` by the
    name ``<name>-csv``, and the same with ``print``. ``word`` and ``lists`` are as for an
    :class:`Address`.
    """

    def answer(request: HttpRequest, seat: Seat, *, way: Way, **named: str) -> HttpResponse:
        made = make(request, seat, _ROWS_MAX[way], **named)
        if way not in made.value.ways:
            raise RefusedError(Refused("way_out"))
        return _ANSWERS[way](request, seat, reread(made, made.value.leaving(way)))

    view = require_GET(signed_on(answer))
    return [
        address(kind, f"{route}/{way}", view, f"{name}-{way}", deed=deed, word=word,
                lists=lists, given={"way": way})
        for way, (kind, deed) in _LEAVES.items()
    ]  # fmt: skip


def _file(request: HttpRequest, seat: Seat, made: Released[Table]) -> HttpResponse:
    table = made.value
    access.note(request, seat, {"table": made}, hits=len(table.rows))
    text = sheet(table, voice(language_of(request)))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    moment = at_zone(table.as_of, current().zone).astimezone(dt.UTC)
    name = f"{table.name}-{moment:%Y%m%dT%H%MZ}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _paper(request: HttpRequest, seat: Seat, made: Released[Table]) -> HttpResponse:
    said = list(notes(made.value, voice(language_of(request))))
    total = len(made.value.rows)
    return render(request, "shell/print.html", table=made, notes=said, total=total)


_ANSWERS: Final = {Way.CSV: _file, Way.PRINT: _paper}


def row_of(view: View, cells: Sequence[Cell], *, key: str = "") -> Row:
    """A row that shows this record, with what the record allows."""
    kind = kind_named(view.value.kind)
    return Row(
        cells=tuple(cells), key=key, item=access.item_of(view), ways=kind.ways,
        classification=view.value.label.classification,
    )  # fmt: skip
