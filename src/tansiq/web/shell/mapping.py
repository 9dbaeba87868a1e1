"""What a map draws of a list: points in a window, or counts per cell where there are too many."""

from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse

from tansiq.desk.records import read
from tansiq.desk.records.listing import Asked, query_of
from tansiq.desk.records.read import View
from tansiq.domain.areas import place_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.isolates import isolated
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.facets import code_of
from tansiq.web.shell import access
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.columns import record_path
from tansiq.web.shell.jsonreply import json_reply
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

_CELL_SIDES: Final = ((6, 5_000_000), (8, 2_000_000), (10, 500_000), (12, 100_000))
_TITLE_CHARS: Final = 80
_SCRIPTED: Final = (
    "zoom_in", "zoom_out", "close", "cluster", "more", "measure_how", "measured", "coordinates_how",
    "copied", "between", "upto", "whole",
)  # fmt: skip


def answer(request: HttpRequest, seat: Seat, kind: Kind, asked: Asked) -> HttpResponse:
    """What the map draws in the window of the request, as JSON."""
    box, zoom = _window(request)
    desk = current().desk
    query = replace(query_of(asked, BOUNDS.map_points_max), box=box, after=None)
    many = read.count(desk, seat.viewer, query, BOUNDS.map_points_max) > BOUNDS.map_points_max
    told: dict[str, object] = {"cells": [], "points": []}
    if many:
        side = next((side for least, side in _CELL_SIDES if zoom <= least), 50_000)
        rows: tuple[View, ...] = ()
        found = read.map_cells(desk, seat.viewer, query, side)
        told["cells"] = [[lat, lon, count, _code(kind, n)] for lat, lon, count, n in found]
        told["total"] = sum(count for _, _, count, _ in found)
    else:
        rows = read.page(desk, seat.viewer, query).rows
        told["points"] = [_point(kind, view) for view in rows]
        told["total"] = len(rows)
    access.note(request, seat, {"rows": rows, "total": told["total"]})
    return json_reply(told)


def _marked(kind: Kind) -> Field | None:
    """The field by which points are marked: the first facet, where it is a choice."""
    first = kind.field(kind.facets[0].field) if kind.facets else None
    return first if first is not None and first.type is Type.CHOICE else None


def _code(kind: Kind, number: int) -> str:
    field = _marked(kind)
    return code_of(field, number) if field else ""


def _window(request: HttpRequest) -> tuple[tuple[int, int, int, int], int]:
    try:
        parts = [float(part) for part in str(request.GET.get("bbox", ""))[:200].split(",")]
        west, south, east, north = (round(max(-180.0, min(180.0, p)) * 10_000_000) for p in parts)
        zoom = int(float(str(request.GET.get("z", "7"))[:5]))
    except (ValueError, OverflowError):
        raise InputError("window_form") from None
    return (west, max(south, -900_000_000), east, min(north, 900_000_000)), zoom


def _point(kind: Kind, view: View) -> dict[str, object]:
    record = view.value
    place = place_of(record.body[kind.place])
    marked, area = _marked(kind), kind.field(kind.place).type is Type.AREA
    return {
        "id": record.record,
        "lat": place.lat,
        "lon": place.lon,
        "precision": place.precision.value,
        **({"area": record.body[kind.place]} if area else {}),
        "severity": record.body.get(marked.name, "") if marked else "",
        "title": isolated(str(record.body.get(kind.title, ""))[:_TITLE_CHARS]),
        "ref": kind.reference(record.record),
        "url": record_path(record),
    }


def words_of(kind: Kind, voice: Voice) -> dict[str, str]:
    """The words that the map's script needs."""
    return {
        **_choices_of(kind, voice),
        **{code: voice.t(f"precision.{code}") for code in ("exact", "about", "area")},
        **{code: voice.t(f"map.{code}") for code in _SCRIPTED},
    }


def _choices_of(kind: Kind, voice: Voice) -> dict[str, str]:
    field = _marked(kind)
    return {code: field.choice(code).of(voice.language) for code in field.choices} if field else {}
