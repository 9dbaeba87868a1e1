"""The form by which training is suspended, with what would follow: nothing is suspended that was
not shown before.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.desk.training import suspending
from tansiq.desk.training.suspending import Decision, Foreseen
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.training.suspension import NOTICES, SUSPENSION
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import record_id
from tansiq.domain.tables import Figure
from tansiq.domain.training.notices import notices, place_words, scope_words
from tansiq.domain.training.suspending import Effects, Scope, places_among
from tansiq.policy import mandate
from tansiq.web.shell import foreseen as shown
from tansiq.web.shell.forms import Parsed, label_values, parse_label, take_field
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

PATH: Final = "/training/suspend"
_FORM: Final = ("text", "reason_class", "reason", "decision", "first_day", "last_day", "review")
_SCOPE: Final = ("meets", "family", "lead")
_CHARS: Final = 400
_PLACES_MAX: Final = 60


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form of a suspension; with what would follow once it was looked at; or the suspension
    that it made.
    """
    demand(mandate.may_write(seat.position.role, SUSPENSION))
    about = _about(request, seat)
    if request.method == "GET":
        return _form(request, seat, _begun(seat, about), about)
    parsed = _parsed(request)
    if parsed.errors:
        return _form(request, seat, parsed, about, status=422)
    decision = _decision(request, seat, parsed, about)
    if request.POST.get("act") != "decide":
        return _preview(request, seat, parsed, decision)
    return _decided(request, seat, parsed, decision)


def _about(request: HttpRequest, seat: Seat) -> View | None:
    """The asking of another party that this one answers; one that may not be seen is none."""
    given = str(request.POST.get("about") or request.GET.get("about", ""))[:60]
    owner, _, record = given.partition("/")
    if not given or owner == current().desk.me:
        return None
    try:
        found = read.record(current().desk, seat.viewer, owner, record_id(record))
    except InputError:
        return None
    asked = found.value.kind == SUSPENSION.name
    return found if asked and found.value.body.get("asks_owner") == current().desk.me else None


def _begun(seat: Seat, about: View | None) -> Parsed:
    """What the form holds at first: what another party proposes to the own cohorts, or today."""
    if about is None:
        first = suspending.today(current().desk)
        return Parsed(values={"first_day": first, "codes": "", "places": []})
    body = about.value.body
    values: dict[str, object] = {
        name: body.get(name, "") for name in (*_FORM, *_SCOPE) if name != "decision"
    }
    named = suspending.named_by(current().desk, seat.viewer, about.value)
    codes = [str(one.value.body.get("code", "")) for one in named]
    return Parsed(values=values | {"codes": ", ".join(codes), "places": []})


def _parsed(request: HttpRequest) -> Parsed:
    """What was typed, with the errors that stand beside it."""
    language, parsed = language_of(request), Parsed(kind=SUSPENSION.name)
    for name in (*_FORM, *_SCOPE, *NOTICES):
        take_field(request, parsed, SUSPENSION.field(name), language)
    parsed.values["codes"] = str(request.POST.get("codes", ""))[:_CHARS]
    parsed.values["places"] = [
        str(one)[:_CHARS] for one in request.POST.getlist("places")[:_PLACES_MAX]
    ]
    if not parsed.body.get("review"):
        parsed.blame(InputError("suspension_review", field="review"), language)
    if not parsed.errors:
        try:
            SUSPENSION.check(parsed.body)
        except InputError as error:
            parsed.blame(error, language)
    try:
        parsed.label = parse_label(request)
    except InputError as error:
        parsed.blame(error, language, "label")
    return parsed


def _scope(parsed: Parsed) -> Scope:
    body, codes = parsed.body, str(parsed.values["codes"])
    places = parsed.values["places"]
    for mark in (",", "،", ";", "؛"):
        codes = codes.replace(mark, " ")
    return Scope(
        first_day=str(body["first_day"]), last_day=str(body.get("last_day", "")),
        meets=str(body.get("meets", "")), family=str(body.get("family", "")),
        lead=str(body.get("lead", "")), codes=tuple(codes.split()),
        places=tuple(map(str, places)) if isinstance(places, list) else (),
    )  # fmt: skip


def _decision(request: HttpRequest, seat: Seat, parsed: Parsed, about: View | None) -> Decision:
    """What the form says, with the notices as they were edited, or as the words make them."""
    body, scope = parsed.body, _scope(parsed)
    made = notices(str(body["reason_class"]), str(body["decision"]), str(body["review"]), scope)
    for name in NOTICES:
        typed = str(parsed.values.get(name) or "").replace("\r\n", "\n").strip()
        before = str(request.POST.get(f"made-{name}", "")).replace("\r\n", "\n").strip()
        kept = typed and typed != before
        parsed.values[name] = typed if kept else made[name]
        parsed.values[f"made-{name}"] = made[name]
    return Decision(
        text=str(body["text"]), reason_class=str(body["reason_class"]),
        reason=str(body["reason"]), decision=str(body["decision"]), review=str(body["review"]),
        scope=scope, label=parsed.label, about=about,
        asked=frozenset(PartyCode(str(one)) for one in request.POST.getlist("ask")),
        notices={name: str(parsed.values[name]) for name in NOTICES},
    )  # fmt: skip


def _preview(request: HttpRequest, seat: Seat, parsed: Parsed, decision: Decision) -> HttpResponse:
    """What would follow, and what would leave at once, found by doing it on trial."""
    desk = current().desk
    found = suspending.foreseen(desk, seat.viewer, decision.scope, seat.actor)
    try:
        with desk.trial() as act:
            suspending.decide(desk, seat.actor, decision, found.mark)
            parsed.goes = shown.going_in(act.told)
    except FaultError as error:
        parsed.blame(error, language_of(request))
    status = 422 if parsed.errors else 200
    return _form(request, seat, parsed, decision.about, status=status, found=(decision, found))


def _decided(request: HttpRequest, seat: Seat, parsed: Parsed, decision: Decision) -> HttpResponse:
    desk = current().desk
    try:
        with desk.act() as act:
            mark = str(request.POST.get("mark", ""))[:64]
            record = suspending.decide(desk, seat.actor, decision, mark)
            shown.demand_shown(act, request)
        return HttpResponseRedirect(f"/record/{desk.me}/{record}")
    except FaultError as error:
        parsed.blame(error, language_of(request))
    found = suspending.foreseen(desk, seat.viewer, decision.scope, seat.actor)
    return _form(request, seat, parsed, decision.about, status=422, found=(decision, found))


def _form(
    request: HttpRequest, seat: Seat, parsed: Parsed, about: View | None, *, status: int = 200,
    found: tuple[Decision, Foreseen] | None = None,
) -> HttpResponse:  # fmt: skip
    desk = current().desk
    first = str(parsed.body.get("first_day") or suspending.today(current().desk))
    known = (
        found[1]
        if found
        else suspending.foreseen(desk, seat.viewer, Scope(first_day=first), seat.actor)
    )
    effects = _effects(request, seat, *found) if found else None
    return render(
        request, "training/suspend.html", status=status, values=parsed.values,
        errors=parsed.errors, about=about, effects=effects, goes=parsed.goes or (),
        fields={one.name: one for one in SUSPENSION.fields}, form=_FORM, scope=_SCOPE,
        notices=NOTICES, places=_places(request, known),
        hints=[name for name in _FORM if SUSPENSION.field(name).hinted],
        parties=read.partner_codes(desk), label_values=label_values(parsed.label),
        asked=request.POST.getlist("ask"),
    )  # fmt: skip


def _places(request: HttpRequest, known: Foreseen) -> list[tuple[str, str]]:
    """The places that a scope may name, each as this language calls it."""
    language = language_of(request)
    return [(name, place_words(name, language)) for name in places_among(known.known)]


def _effects(request: HttpRequest, seat: Seat, decision: Decision, found: Foreseen) -> Context:
    """What follows as a page shows it: each number opens the list that it counts."""
    effects, me = found.effects, current().desk.me
    return {
        "mark": found.mark,
        "scope": scope_words(decision.scope, language_of(request)),
        "numbers": _numbers(effects, len(found.projects)),
        "cohorts": [(found.view_of(one), one) for one in effects.cohorts],
        "projects": found.projects,
        "lapses": effects.lapses,
        "own": effects.of(me),
        "others": [(owner, effects.of(owner)) for owner in effects.owners if owner != me],
    }


def _numbers(effects: Effects, projects: int) -> list[tuple[str, Figure]]:
    counts = (
        ("cohorts", len(effects.cohorts)), ("places", effects.places), ("days", effects.days),
        ("projects", projects), ("lapses", len(effects.lapses)),
    )  # fmt: skip
    opens = {"projects": "#projects", "lapses": "#lapses"}
    return [(name, Figure(count=n, address=opens.get(name, "#cohorts"))) for name, n in counts]
