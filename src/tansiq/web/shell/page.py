"""Rendering: the one way in which a page leaves, and the guard before it.

The guard refuses anything that policy has not released: sealed values, bare records and editions,
models, querysets, the request itself. A template cannot reach what it was not given.
"""

import dataclasses
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from django.db.models import Manager, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tansiq.desk.exchange import handshake
from tansiq.desk.links import linking
from tansiq.desk.records import items
from tansiq.desk.records.listing import state_of
from tansiq.domain.areas import position_of
from tansiq.domain.cases import WATCH_SEAT, came, counted, stands_for
from tansiq.domain.errors import FaultError, InputError, RefusedError, StoreError
from tansiq.domain.isolates import isolated
from tansiq.domain.kinds import field_words, kind_named
from tansiq.domain.kinds.files.attachment import CLEAN, PICTURES
from tansiq.domain.measures import money_text
from tansiq.domain.parties import Role
from tansiq.domain.places import find_town, gazetteer
from tansiq.domain.records import Edition, RecordView, WireEdition, reference
from tansiq.domain.tables import Report, Table
from tansiq.domain.wording import LANGUAGES, catalogue, direction, phrase, words
from tansiq.policy.seal import Sealed
from tansiq.web.shell import access, charts, dates, once, places, telling, typed_areas
from tansiq.web.shell.alerts import BADGE_MAX, Bar, bar_for
from tansiq.web.shell.alike import list_of
from tansiq.web.shell.area_pictures import Drawn, picture
from tansiq.web.shell.areas import area_words, length_words
from tansiq.web.shell.assets import asset
from tansiq.web.shell.cells import Place, Voice
from tansiq.web.shell.partner_seats import seats_of_partners
from tansiq.web.shell.seat import Seat, language_of, seat_of, theme_of
from tansiq.web.shell.sections import home_of, navigation, openers
from tansiq.web.shell.site import HERE, current

LANGUAGE_NAMES: Final = (("ar", "العربية"), ("ckb", "کوردی"), ("en", "English"))
_REFUSED: Final = (
    Sealed, Edition, WireEdition, RecordView, Table, Report, Model, QuerySet, Manager,
    HttpRequest,
)  # fmt: skip

_DEPTH_MAX: Final = 16  # of a value that a page holds; the deepest of ours, a case, has 9
Context: TypeAlias = dict[str, Any]

_environment = Environment(
    loader=FileSystemLoader(Path(HERE) / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # nobody edits a template of a node that runs: no look at each file's time
)


class UnreleasedError(TypeError):
    """A page was about to be given something that policy had not released."""


def guard(value: object, depth: int = 0) -> None:
    """Refuse what must not reach a template, and what is too deep to be looked at whole. Raises
    UnreleasedError.
    """
    if isinstance(value, _REFUSED):
        raise UnreleasedError(f"a page may not hold a {type(value).__name__}: release it first")
    if depth > _DEPTH_MAX:
        raise UnreleasedError(f"a page may not hold a {type(value).__name__} that deep")
    if isinstance(value, dict):
        for item in value.values():
            guard(item, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            guard(item, depth + 1)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for entry in dataclasses.fields(value):
            guard(getattr(value, entry.name), depth + 1)


def speaker(language: str) -> Callable[..., str]:
    """The function by which templates speak: ``t('key', name=value)``."""

    def t(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    return t


def voice(language: str) -> Voice:
    """How values are said in this language at this node."""
    site = current()
    names = site.party_names()

    def party(code: str) -> str:
        return isolated(names[code].of(language)) if code in names else code

    @cache  # a page names the same few again and again
    def position(owner: str, code: str) -> str:
        return _position_name(owner, code, language)

    return Voice(
        language=language, zone=site.zone, party=party, position=position,
        place=partial(_place_name, language), now=site.desk.clock.now(),
    )  # fmt: skip


def helpers(language: str) -> dict[str, Any]:
    """What every template may use: words, dates, places, names, cells, figures, charts."""
    said = voice(language)
    return {
        "t": speaker(language),
        "lang": language,
        "dir": direction(language),
        "asset": asset,
        "picture_types": PICTURES,
        "clean_traces": CLEAN,
        **_moment_helpers(said),
        "ltr": dates.ltr,
        "number": dates.number,
        "said": dates.said,
        "isolated": isolated,
        "total_of": partial(_total, language),
        "badge": _badge,
        "party": said.party,
        "whom": partial(_whom, said),
        "position": said.position,
        "place_name": said.place,
        "cell": said.shown,
        "figure": partial(charts.number, voice=said),
        "chart": partial(charts.draw, voice=said),
        "spark": partial(charts.spark, voice=said),
        "party_codes": lambda: sorted(current().party_names()),
        "seats_of_partners": seats_of_partners,
        "own_items": cache(lambda: items.own(current().desk)),  # read once a page
        "money_text": money_text,
        "kind_of": kind_named,
        "field_words": partial(field_words, language=language),
        "counted": counted,
        "came": came,
        "stands_for": stands_for,
        "consignment_code": reference,
        "home_of": home_of,
        "list_of": list_of,
        "state_of": lambda view: state_of(view, said.now),
        "reference": reference,
        "reference_of": lambda view: kind_named(view.kind).reference(view.record),
        **_area_helpers(language),
        "towns_on_map": partial(places.towns_of, language),
        "understood": lambda value: places.understood(value, language),
        "tojson": _json,
    }


def _moment_helpers(said: Voice) -> dict[str, Any]:
    """How templates say moments, and how long ago one was."""
    zone, language = said.zone, said.language
    return {
        "stamp": lambda moment: dates.stamp(moment, zone),
        "since": said.since,
        "clock_time": lambda moment: dates.stamp(moment, zone, "%H:%M"),
        "near_to": partial(dates.near_to, zone=zone),
        "clock_time_s": lambda moment: dates.stamp(moment, zone, "%H:%M:%S"),
        "exact": lambda moment: dates.stamp(moment, zone, "%Y-%m-%d %H:%M:%S"),
        "day": lambda moment: dates.stamp(moment, zone, "%Y-%m-%d"),
        "day_words": lambda moment: dates.day_words(moment, zone, language),
    }


def _area_helpers(language: str) -> dict[str, Any]:
    """What templates say of areas and positions, and how they draw them."""
    return {
        "area_picture": lambda own, others=(): picture(
            [Drawn(area=own), *(Drawn(area=one, tone=tone) for one, tone in others)], language
        ),
        "area_words": partial(area_words, language=language),
        "length_words": partial(length_words, language=language),
        "position_of": position_of,
        "degrees": _degrees,
        "understood_area": lambda value: typed_areas.understood(value, language),
    }


def _total(language: str, total: int, *more: bool) -> Markup | str:
    """A total: the number, or in words that there are more."""
    return phrase("page.more_than", language, count=total) if any(more) else dates.ltr(total)


def _whom(said: Voice, code: str) -> str:
    """A party in full with its code, for a phrase: a name is what a party calls itself."""
    name = said.party(code)
    return code if name == code else f"{name} ({code})"


def _badge(count: int) -> Markup | str:
    return dates.ltr(f"{BADGE_MAX}+") if count > BADGE_MAX else str(count)


def _place_name(language: str, place: Place) -> str:
    """A place by its town's name in this language, and what was typed where that says more."""
    town, typed = gazetteer().get(str(place["key"])), isolated(str(place["name"]))
    if town is None:
        return typed
    shown = town.names.of(language)
    if not typed or place["grain"] != "exact" or find_town(str(place["name"])) == town:
        return shown
    return f"{shown} ({typed})"


def _position_name(owner: str, code: str, language: str) -> str:
    from tansiq.desk.trust import partners

    if code == WATCH_SEAT:
        return phrase("seats.watch", language)
    site = current()
    if owner == site.desk.me:
        known = {p.code: p.names for p in site.desk.identity.positions}
    else:
        partner = partners.partner(site.desk, owner)
        known = {p.code: p.names for p in partner.card.positions} if partner else {}
    return isolated(known[code].of(language)) if code in known else code


def _degrees(lat: int, lon: int) -> Markup:
    return dates.ltr(f"{lat / 1e7:.4f}, {lon / 1e7:.4f}")


def _json(value: object) -> Markup:
    text = json.dumps(value, ensure_ascii=False)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - JSON without a character that HTML reads


def fragment(template: str, language: str, **context: object) -> str:
    """A part of a page that depends on nothing but its arguments and the language."""
    guard(context)
    return _environment.get_template(template).render(**helpers(language), **context)


def render(
    request: HttpRequest,
    template: str,
    *,
    status: int = 200,
    language: str = "",
    **context: Any,  # noqa: ANN401 - a page holds what its template names
) -> HttpResponse:
    """A page for this browser, after the guard and after it was noted what the page shows."""
    guard(context)
    language = language or language_of(request)
    seat = seat_of(request)
    if seat is not None:
        access.note(request, seat, context)
    site, live = current(), request.headers.get("X-Live") == "1"
    frame = {
        "seat": seat,
        "path": request.path,
        "once": partial(once.token, seat),
        "role": seat.position.role if seat else Role.OBSERVER,
        "site_party": site.desk.me,
        "site_node": site.desk.identity.node,
        "sample": site.settings.sample_data,
        "loud": linking.loud(site.desk, seat.viewer) if seat else (),
        "restored": handshake.restoration(site.desk) if seat else None,
        "theme": theme_of(request),
        "languages": LANGUAGE_NAMES,
        "here": request.get_full_path(),
        "back": request.get_full_path() if request.method == "GET" else "/",
        "now_ms": site.desk.clock.now(),
        "offset_ms": _offset(site.desk.clock.now()),
        "csrf": get_token(request),
        "rest_ms": site.settings.rest_ms,
        "live": live,
        "navigation": navigation(site.desk, seat.actor, BADGE_MAX) if seat else None,
        "alerts": partial(_alerts, seat) if seat else None,
        "openers": openers(seat.position.role) if seat else (),
        "saved_draft": request.session.pop(once.DRAFT, "") if seat and not live else "",
        "done": telling.told(request, seat) if seat and not live else (),
    }
    text = _environment.get_template(template).render(**{**helpers(language), **frame, **context})
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    return response


def _offset(now: int) -> int:
    offset = dates.at_zone(now, current().zone).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0


def _alerts(seat: Seat) -> Bar:
    """The bar of a page, which a template asks for where it shows one."""
    bar = bar_for(seat)
    guard(bar)
    return bar


class Errors:
    """Turns faults and refusals into pages in words; absent and withheld look the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a fault; anything else goes on to the server's own answer."""
        if isinstance(error, StoreError):
            return unstored(error)
        if not isinstance(error, FaultError):
            return None
        absent = isinstance(error, InputError) and error.code in ("record_absent", "release_absent")
        if absent:
            return not_found(request)
        status = 403 if isinstance(error, RefusedError) else 422
        return render(
            request, "error.html", status=status, title_key="page.refused_title",
            message=_said(error, language_of(request)),
        )  # fmt: skip


def _said(error: FaultError, language: str) -> str:
    """What happened, in words; a filter of a list is named as the list names it."""
    key = f"list.{error.values.get('field')}"
    if key not in catalogue():
        return error.text(language)
    named = {**error.values, "field": phrase(key, language)}
    return phrase(f"{error.family}.{error.code}", language, **named)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what is not there and for what may not be seen."""
    return render(
        request, "error.html", status=404, title_key="page.absent_title",
        message=words("page.absent").of(language_of(request)),
    )  # fmt: skip


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to a request that no form of ours makes: in words, and without a session, because
    what is wrong may be anything, the name of the host too.
    """
    response = HttpResponse(
        "\n".join(words("page.malformed").of(code) for code in LANGUAGES) + "\n",
        content_type="text/plain; charset=utf-8", status=400,
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a fault of the program: it asks neither the desk nor the session, which may be
    what failed.
    """
    told = [(code, direction(code), words("page.failed").of(code)) for code in LANGUAGES]
    response = HttpResponse(
        _environment.get_template("failed.html").render(told=told, asset=asset), status=500
    )
    response["Cache-Control"] = "no-store"
    return response


def unstored(error: StoreError) -> HttpResponse:
    """The page for a disk or a database that fails: it asks neither, and says what to do."""
    told = [(code, direction(code), error.text(code)) for code in LANGUAGES]
    response = HttpResponse(
        _environment.get_template("failed.html").render(told=told, asset=asset), status=503
    )
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = "10"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that did not come from our own page, or came too late."""
    return render(
        request, "error.html", status=403, title_key="page.refused_title",
        message=words("page.csrf").of(language_of(request)),
    )  # fmt: skip
