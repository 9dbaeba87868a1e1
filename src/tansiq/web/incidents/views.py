"""Incidents as a list, as a form, and on the offline map with its table twin."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.watch.incident import CATEGORIES, SEVERITIES
from tansiq.domain.labels import Label
from tansiq.domain.places import gazetteer
from tansiq.domain.wording import words
from tansiq.policy.mandate import may_write
from tansiq.web.shell import access
from tansiq.web.shell.dates import at_zone
from tansiq.web.shell.forms import Parsed, drafted, label_values, parse
from tansiq.web.shell.jsonreply import json_reply
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.paging import cursor, cursor_text
from tansiq.web.shell.proposals import proposed_audience
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_OPEN = ("reported", "being_checked", "confirmed", "not_confirmed", "followed_up")
_CELL_SIDES = ((6, 5_000_000), (8, 2_000_000), (10, 500_000), (12, 100_000))


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list, newest first."""
    return render(request, "incidents/page.html", **_list(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The rows alone, fetched again when something changed."""
    return render(request, "incidents/part.html", **_list(request, seat))


def _asked(request: HttpRequest) -> tuple[dict[str, str], Query]:
    asked = {
        name: str(request.GET.get(name, ""))[:100]
        for name in ("q", "open", "severity", "category", "owner")
    }
    query = Query(
        kinds=("incident",),
        words=asked["q"],
        states=_OPEN if asked["open"] != "all" else (),
        facets=tuple(
            (name, (asked[name],))
            for name, codes in (("severity", SEVERITIES), ("category", CATEGORIES))
            if asked[name] in codes
        ),
        owners=(asked["owner"],) if asked["owner"] else (),
        after=cursor(request),
    )
    return asked, query


def _list(request: HttpRequest, seat: Seat) -> Context:
    desk = current().desk
    asked, query = _asked(request)
    found = read.page(desk, seat.viewer, query)
    kept = {name: value for name, value in asked.items() if value}
    everything = replace(query, states=(), after=None)
    return {
        "rows": list(found.rows),
        "total": found.total,
        "more": found.more,
        "total_open": read.total(desk, seat.viewer, replace(everything, states=_OPEN)),
        "total_all": read.total(desk, seat.viewer, everything),
        "older": "/incidents?" + urlencode({**kept, "after": cursor_text(found.after)})
        if found.after
        else "",
        "filters": asked,
        "kept": urlencode({k: v for k, v in kept.items() if k != "open"}),
        "part": "/incidents/part?"
        + urlencode({**kept, "after": request.GET.get("after", "")[:80]}),
        "categories": CATEGORIES,
        "severities": SEVERITIES,
        "owners": [desk.me, *read.partner_codes(desk)],
        "may_write": bool(may_write(seat.position.role, kind_named("incident"))),
    }


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write an incident."""
    desk, kind, language = current().desk, kind_named("incident"), language_of(request)
    if request.method == "GET":
        now = at_zone(desk.clock.now(), current().zone).strftime("%Y-%m-%d %H:%M")
        parsed = Parsed(
            values={"observed": now, "severity": "routine"},
            label=Label(audience=proposed_audience(desk, "incident")),
        )
        return form(request, seat, parsed)
    parsed = parse(request, kind, language)
    if not parsed.errors:
        try:
            with desk.act() as act:
                draft = drafted(request, act, seat.actor, kind, parsed)
                record = say.write_in(act, seat.actor, draft).record
            request.session["saved_draft"] = f"incident.{seat.actor.person}"
            return HttpResponseRedirect(f"/record/{desk.me}/{record}")
        except FaultError as error:
            parsed.blame(error, language)
    return form(request, seat, parsed, status=422)


def form(
    request: HttpRequest, seat: Seat, parsed: Parsed, *, old: View | None = None, status: int = 200
) -> HttpResponse:
    """The form for a new record or a new edition, made from the kind's declaration."""
    kind = kind_named(old.value.kind if old else "incident")
    below = kind.below_by_default()
    kept = parsed.tear if parsed.tear is not None else (old.value.tear if old else below)
    fields = [f for f in kind.fields if not f.hidden]
    return render(
        request, "incidents/form.html", status=status, values=parsed.values, errors=parsed.errors,
        above=[f for f in fields if f.name not in below], old=old,
        below=[f for f in fields if f.name in below], torn=kept,
        label_values=label_values(parsed.label),
        parties=read.partner_codes(current().desk), positions=current().desk.identity.positions,
        towns=[town.names.of(language_of(request)) for town in gazetteer().values()],
        hints=("text", "observed", "place", "unknowns", "internal", "grade", "informant"),
    )  # fmt: skip


@require_GET
@signed_on
def map_page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The map, and beside it the same rows as a table."""
    language = language_of(request)
    towns = [
        [town.lat, town.lon, town.names.of(language), 1 if town.key in _LARGE else 2]
        for town in gazetteer().values()
    ]
    keys = ("flash", "urgent", "routine")
    map_words = {
        **{key: words(f"choice.severity.{key}").of(language) for key in keys},
        **{key: words(f"precision.{key}").of(language) for key in ("exact", "about", "area")},
        **{key: words(f"map.{key}").of(language) for key in ("zoom_in", "zoom_out", "close")},
        "cluster": words("map.cluster").of(language),
    }
    return render(
        request, "incidents/map.html", towns=towns, map_words=map_words, **_list(request, seat)
    )


_LARGE = frozenset({"erbil", "sulaymaniyah", "duhok", "kirkuk", "baghdad", "mosul"})


@require_GET
@signed_on
def map_data(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the map draws in a window: points, or counts per cell where there are too many."""
    box, zoom = _window(request)
    desk = current().desk
    _, query = _asked(request)
    query = replace(query, box=box, after=None, limit=BOUNDS.map_points_max)
    many = read.count(desk, seat.viewer, query, BOUNDS.map_points_max) > BOUNDS.map_points_max
    answer: dict[str, object] = {"cells": [], "points": []}
    if many:
        side = next((side for least, side in _CELL_SIDES if zoom <= least), 50_000)
        rows: tuple[View, ...] = ()
        found = read.map_cells(desk, seat.viewer, query, side)
        answer["cells"] = [
            [lat, lon, count, SEVERITIES[worst - 1]] for lat, lon, count, worst in found
        ]
        answer["total"] = sum(count for _, _, count, _ in found)
    else:
        rows = read.page(desk, seat.viewer, query).rows
        answer["points"] = [_point(view) for view in rows]
        answer["total"] = len(rows)
    access.note(request, seat, {"rows": rows, "total": answer["total"]})
    return json_reply(answer)


def _window(request: HttpRequest) -> tuple[tuple[int, int, int, int], int]:
    try:
        parts = [float(part) for part in str(request.GET.get("bbox", ""))[:200].split(",")]
        west, south, east, north = (round(max(-180.0, min(180.0, p)) * 10_000_000) for p in parts)
        zoom = int(float(str(request.GET.get("z", "7"))[:5]))
    except (ValueError, OverflowError):
        raise InputError("window_form") from None
    return (west, max(south, -900_000_000), east, min(north, 900_000_000)), zoom


def _point(view: View) -> dict[str, object]:
    v = view.value
    place = v.body["place"]
    assert isinstance(place, dict)
    return {
        "id": v.record,
        "lat": place["lat"],
        "lon": place["lon"],
        "precision": place["precision"],
        "severity": v.body.get("severity", "routine"),
        "title": str(v.body.get("text", ""))[:80],
        "ref": v.reference,
        "url": f"/record/{v.owner}/{v.record}",
    }
