"""The ways out of a list: print, PDF, XLSX, CSV, calendar, and files for maps, by one control and
one code path; a report of several leaves by two of them.

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
from tansiq.domain.tables import MAPS, Cell, Report, Row, Table, Way
from tansiq.policy.release import reread
from tansiq.policy.seal import Released
from tansiq.web.shell import access
from tansiq.web.shell.addresses import Address, Kind, address
from tansiq.web.shell.calendars import calendar
from tansiq.web.shell.geo import geojson, kml
from tansiq.web.shell.leaving import Leaving, LeavingReport
from tansiq.web.shell.page import render, voice
from tansiq.web.shell.seat import Seat, language_of, language_taken, signed_on
from tansiq.web.shell.sheets import sheet
from tansiq.web.shell.site import current
from tansiq.web.shell.typesetting import content
from tansiq.web.shell.workbooks import workbook

# Makes a list with at most so many rows, from the address's query, for the seat's viewer.
# What a room's address has beside it, such as a kind, comes by name.
Maker: TypeAlias = Callable[..., Released[Table]]
# The same for a report, in a language.
ReportMaker: TypeAlias = Callable[[HttpRequest, Seat, str], Released[Report]]
# What leaves by each way, and what the access log says of it.
_LEAVES: Final = {
    Way.PRINT: (Kind.PAGE, Deed.PRINTED),
    **dict.fromkeys(
        (Way.PDF, Way.XLSX, Way.CSV, Way.CALENDAR, *sorted(MAPS)), (Kind.FILE, Deed.EXPORTED)
    ),
}
_ROWS_MAX: Final = {
    Way.PRINT: BOUNDS.print_rows_max, Way.PDF: BOUNDS.print_rows_max,
    Way.XLSX: BOUNDS.sheet_rows_max, Way.CSV: BOUNDS.sheet_rows_max,
    **dict.fromkeys((Way.CALENDAR, *MAPS), BOUNDS.calendar_rows_max),
}  # fmt: skip


def ways(
    name: str, route: str, make: Maker, *, word: str = "", lists: bool = False,
    located: bool = False,
) -> list[Address]:  # fmt: skip
    """The addresses by which the list ``name`` leaves, for a room's section: ``<route>/csv`` by the
    name ``<name>-csv``, and the same for every other way, those for maps where it has areas.
    ``word`` and ``lists`` are as for an :class:`Address`.
    """

    def answer(request: HttpRequest, seat: Seat, *, way: Way, **named: str) -> HttpResponse:
        made = make(request, seat, _ROWS_MAX[way], **named)
        if way not in made.value.offered:
            raise RefusedError(Refused("way_out"))
        left = reread(made, made.value.leaving(way))
        if way is Way.PRINT:
            return _paper(request, seat, left)
        access.note(request, seat, {"table": left}, hits=len(left.value.rows))
        media_type, write = _FILES[way]
        leaving = _leaving(request, seat, left)
        return _file(write(leaving), f"{leaving.reference}.{way}", media_type)

    view = require_GET(signed_on(answer))
    return [
        address(kind, f"{route}/{way}", view, f"{name}-{way}", deed=deed, word=word,
                lists=lists, given={"way": way})
        for way, (kind, deed) in _LEAVES.items()
        if located or way not in MAPS
    ]  # fmt: skip


def _leaving(request: HttpRequest, seat: Seat, made: Released[Table]) -> Leaving:
    taken_by = f"{seat.actor.party}/{seat.actor.position}"
    return Leaving(table=made.value, voice=voice(language_of(request)), taken_by=taken_by)


def report_ways(name: str, route: str, make: ReportMaker, *, word: str = "") -> list[Address]:
    """The addresses by which the report ``name`` leaves as PDF and as a workbook; ``language`` in
    the query asks for it in another language than the reader's.
    """

    def answer(request: HttpRequest, seat: Seat, *, way: Way) -> HttpResponse:
        language = language_taken(request)
        made = make(request, seat, language)
        if way not in made.value.offered:
            raise RefusedError(Refused("way_out"))
        left = reread(made, made.value.leaving(way))
        access.note(request, seat, {"report": left}, hits=len(left.value.rows))
        media_type, write = _REPORTS[way]
        leaving = LeavingReport(
            report=left.value, voice=voice(language),
            taken_by=f"{seat.actor.party}/{seat.actor.position}",
        )  # fmt: skip
        return _file(write(leaving), f"{leaving.reference}.{way}", media_type)

    view = require_GET(signed_on(answer))
    return [
        address(Kind.FILE, f"{route}/{way}", view, f"{name}-{way}", deed=Deed.EXPORTED,
                word=word, given={"way": way})
        for way in _REPORTS
    ]  # fmt: skip


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file, once it has been noted who takes it."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _pdf(leaving: Leaving | LeavingReport) -> bytes:
    """The pages of a list or a report. Raises InputError where none can be made."""
    made = current().desk.typesetter.pages(content(leaving))
    if made is None:
        raise InputError("pages_unmade")
    return made


_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES: Final = {
    Way.PDF: ("application/pdf", _pdf),
    Way.XLSX: (_WORKBOOK, workbook),
    Way.CSV: ("text/csv; charset=utf-8", sheet),
    Way.CALENDAR: ("text/calendar; charset=utf-8", calendar),
    Way.GEOJSON: ("application/geo+json", geojson),
    Way.KML: ("application/vnd.google-earth.kml+xml", kml),
}
_REPORTS: Final = {
    Way.PDF: ("application/pdf", _pdf),
    Way.XLSX: (_WORKBOOK, workbook),
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
        cells=tuple(cells), key=key, item=access.item_of(view),
        ways=kind.ways,
        sealed=kind.stays_home(view.value.body) and not kind.inner,
        classification=view.value.label.classification, written=view.value.at,
    )  # fmt: skip
