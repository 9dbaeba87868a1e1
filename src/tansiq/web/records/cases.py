"""The case on a record's page: what each side did in its lanes, and the acts that may follow."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import rounds, taking
from tansiq.desk.records import read
from tansiq.desk.support import stock
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import DAMAGED, INSTEAD, AnyAct, Form, StepValue, seat_code
from tansiq.domain.digits import western
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import Body
from tansiq.web.records import making
from tansiq.web.records.making import seen_in
from tansiq.web.records.views import shown
from tansiq.web.shell.dates import typed_moment
from tansiq.web.shell.forms import Parsed, parse
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import home_of
from tansiq.web.shell.site import current

_ID_CHARS: Final = 36
_DIGITS_MAX: Final = 12
_CODE: Final = re.compile(r"[a-z0-9_-]{1,24}")
_LINE: Final = re.compile(rf"l-[a-z0-9_-]{{1,24}}\.[a-z0-9_-]{{1,12}}(\.{DAMAGED})?")


@require_POST
@signed_on
def act(request: HttpRequest, seat: Seat, owner: str, record: UUID, lane: UUID) -> HttpResponse:
    """Take a step in a lane. Where it cannot be taken, the page is shown as it stands now, with the
    reason and all that was typed.
    """
    desk, language = current().desk, language_of(request)
    view = read.record(desk, seat.viewer, owner, str(record))
    declared = kind_named(view.value.kind).case
    known = declared.act(str(request.POST.get("act", ""))) if declared else None
    if known is None:
        raise InputError("record_absent")
    parsed = _words(request, known, language)
    then = _then(request, known)
    typed = _typed(request, known)
    try:
        if known.makes:
            return making.take(request, seat, view, str(lane), known)
        wanted = taking.Wanted(
            owner=owner, record=str(record), lane=str(lane), act=known.name, then=then,
            seen=seen_in(request), of=_about(request),
            values=_values(known, typed) | (_lines(request) if known.lines else {}),
            words=_body(parsed),
        )  # fmt: skip
        if not parsed.errors:
            take = stock.take if request.POST.get("stock") and known.lines else taking.take
            take(desk, seat.actor, wanted)
            return HttpResponseRedirect(f"/record/{owner}/{record}#case")
    except FaultError as error:
        parsed.blame(error, language)
    counts = {name: str(request.POST.get(name, ""))[:16] for name in _line_names(request)}
    tried = {"lane": str(lane), "act": known.name, "errors": parsed.errors, "typed": parsed.values,
             "values": typed, "lines": counts, "then": then,
             "of": _about(request), "stock": bool(request.POST.get("stock"))}  # fmt: skip
    return render(request, "records/page.html", status=422, **{**shown(seat, view), "tried": tried})


@require_POST
@signed_on
def act_in_circle(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Take a step in a circle; otherwise as ``act``."""
    desk, language = current().desk, language_of(request)
    view = read.record(desk, seat.viewer, owner, str(record))
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    declared = kind_named(view.value.kind).case
    known = declared.act(str(request.POST.get("act", ""))) if declared and circle else None
    if known is None or circle is None:
        raise InputError("record_absent")
    if known.makes:  # taken by saving that record, and by nothing else
        new = home_of(known.makes).writes(kind_named(known.makes))
        return HttpResponseRedirect(f"{new}?about={owner}/{record}")
    parsed, typed = _words(request, known, language), _typed(request, known)
    named, of = request.POST.getlist("v-seats"), _about(request)
    try:
        seats: dict[str, StepValue] = {
            one.name: tuple(str(seat_code(name[:100])) for name in named[: BOUNDS.parties_max])
            for one in known.values
            if one.form is Form.SEATS and named
        }
        wanted = taking.Wanted(
            owner=owner, record=str(record), lane="", act=known.name,
            of=of or circle.value.about(known.name),
            seen=seen_in(request),
            values=_values(known, {n: v for n, v in typed.items() if n not in seats}) | seats,
            words=_body(parsed),
        )  # fmt: skip
        if not parsed.errors:
            rounds.take(desk, seat.actor, wanted)
            return HttpResponseRedirect(f"/record/{owner}/{record}#case")
    except FaultError as error:
        parsed.blame(error, language)
    tried = {"act": known.name, "of": of, "errors": parsed.errors, "values": typed,
             "typed": parsed.values, "seats": named[: BOUNDS.parties_max]}  # fmt: skip
    found = {**shown(seat, view), "tried": tried}
    return render(request, "records/page.html", status=422, **found)


def _words(request: HttpRequest, known: AnyAct, language: str) -> Parsed:
    """What was typed of the record that goes beside the step; nothing for an act without words."""
    return parse(request, kind_named(known.beside), language) if known.beside else Parsed()


def _body(parsed: Parsed) -> Body | None:
    """The words beside a step; a grade alone is none."""
    said = any(name != "grade" for name in parsed.body)
    return parsed.body if said else None


def _then(request: HttpRequest, known: AnyAct) -> str:
    """The act that follows by the same key; "" for one that may not follow."""
    then = str(request.POST.get("then", ""))
    return then if then in known.then else ""


def _about(request: HttpRequest) -> str:
    """The step that the act is about, or ""."""
    return str(request.POST.get("of", ""))[:_ID_CHARS]


def _typed(request: HttpRequest, known: AnyAct) -> dict[str, str]:
    """The values of an act as somebody typed them."""
    asked = (one.name for one in known.values if not one.worked_out)
    found = {name: str(request.POST.get(f"v-{name}", "")).strip() for name in asked}
    return {name: value[:64] for name, value in found.items() if value}


def _values(known: AnyAct, typed: Mapping[str, str]) -> dict[str, StepValue]:
    found: dict[str, StepValue] = {}
    for value in known.values:
        if value.name not in typed:
            continue
        text = typed[value.name]
        if value.form is Form.MOMENT:
            found[value.name] = typed_moment(text, current().zone, value.name)
        elif value.form is Form.COUNT:
            found[value.name] = _count(text, value.name)
        else:
            found[value.name] = text
    return found


def _count(text: str, field: str) -> int:
    plain = western(text).replace(",", "")
    if not plain.isdecimal() or len(plain) > _DIGITS_MAX:
        raise InputError("count_range", field=field)
    return int(plain)


def _line_names(request: HttpRequest) -> list[str]:
    """The inputs of a form that count a line, and no more than a step can say."""
    return [name for name in request.POST if _LINE.fullmatch(name)][: BOUNDS.case_values_max]


def _lines(request: HttpRequest) -> dict[str, StepValue]:
    """What was counted, line by line; a line left empty is not said. Raises InputError."""
    found: dict[str, StepValue] = {}
    for name in _line_names(request):
        typed = str(request.POST.get(name, "")).strip()
        if typed:
            found[name.removeprefix("l-")] = _count(typed, "lines")
    item, unit = (str(request.POST.get(f"x-{part}", ""))[:32] for part in ("item", "unit"))
    count = str(request.POST.get("x-count", "")).strip()
    if count:
        if not _CODE.fullmatch(item) or not _CODE.fullmatch(unit):
            raise InputError("line_whole", field="lines")
        found[f"{item}.{unit}"] = _count(count, "lines")
        if asked := str(request.POST.get("x-for", ""))[:32]:
            found[f"{item}.{unit}.{INSTEAD}"] = asked
    if not found:
        raise InputError("lines_none", field="lines")
    return found
