"""The pages of catch-up plans: the form that makes one, what a plan does and why, several side by
side, and the choice of one.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.training import choosing, planning, proposing
from tansiq.desk.training.problems import Asked
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import codes_in, rows_in
from tansiq.domain.kinds.training.catch_up import (
    CATCH_UP,
    ROW,
    SHIFTS,
    share_code,
    share_of,
)  # fmt: skip
from tansiq.domain.kinds.training.cohort import COHORT, project_codes
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body
from tansiq.domain.training.counts import number
from tansiq.domain.training.problem import Spell, holidays_between
from tansiq.domain.training.weeks import sunday_of
from tansiq.domain.wording import LANGUAGES
from tansiq.policy import mandate
from tansiq.web.shell import foreseen
from tansiq.web.shell.forms import Parsed, shown_values, take_field
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.training import proposals
from tansiq.web.training.plan_bars import plan_bars

COMPARED_MAX: Final = 4
_COHORTS_MAX: Final = 500
_WEEKS: Final = 40  # of a plan, unless somebody says otherwise
_ASKED: Final = (
    "text", "from", "weeks", "rule", "shifts", "capacity", "holidays", "only", "stay", "give_up",
    "merge", "others",
)  # fmt: skip
_WHY: Final = ("reason", "decision")
_BLANK: Final = {column.name: "" for column in ROW}  # a template reads every column of a row
_HINTS: Final = ("shifts", "capacity", "holidays", "only", "stay", "give_up", "others")
_WORDS_MAX: Final = 400


@require_http_methods(["GET", "POST"])
@signed_on
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form of a plan, or the plan that it made."""
    demand(mandate.may_write(seat.position.role, CATCH_UP))
    if request.method == "GET":
        return _form(request, Parsed(values=_begun()))
    language, parsed = language_of(request), Parsed(kind=CATCH_UP.name)
    for name in _ASKED:
        take_field(request, parsed, CATCH_UP.field(name), language)
    if not parsed.errors:
        try:
            CATCH_UP.check(parsed.body)
            record = planning.plan(current().desk, seat.actor, _asked(parsed.body),
                                   str(parsed.body["text"]))  # fmt: skip
        except FaultError as error:
            parsed.blame(error, language)
        else:
            return HttpResponseRedirect(f"/record/{current().desk.me}/{record}")
    return _form(request, parsed, status=422)


def _form(request: HttpRequest, parsed: Parsed, status: int = 200) -> HttpResponse:
    return render(
        request, "training/plan_new.html", status=status, values=parsed.values,
        errors=parsed.errors, fields=[CATCH_UP.field(name) for name in _ASKED], hints=_HINTS,
        seconds=planning.SECONDS_MAX, there=current().desk.planner.there,
    )  # fmt: skip


def _begun() -> dict[str, object]:
    """What the form holds at first: from the next Sunday on, with the holidays that are known."""
    now = dt.datetime.fromtimestamp(current().desk.clock.now() / 1000, dt.UTC).date()
    first = sunday_of(now) + dt.timedelta(days=7)
    body: Body = {
        "from": first.isoformat(), "weeks": _WEEKS, "rule": CATCH_UP.field("rule").choices[0],
        "shifts": SHIFTS[0],
        "holidays": [
            {"holiday": one.name, "from": one.first.isoformat(), "until": one.last.isoformat(),
             "share": share_code(one.factor), "estimate": one.estimate}
            for one in holidays_between(first, _WEEKS)
        ],
    }  # fmt: skip
    return shown_values(CATCH_UP, body)


def _asked(body: Body) -> Asked:
    """What a checked form asks for."""
    return Asked(
        first=dt.date.fromisoformat(str(body["from"])), weeks=int(str(body["weeks"])),
        rule=str(body["rule"]), shifts=SHIFTS.index(str(body["shifts"])) + 1,
        capacity=tuple(map(_spell, rows_in(body, "capacity"))),
        holidays=tuple(map(_spell, rows_in(body, "holidays"))),
        only=codes_in(body.get("only")), stay=codes_in(body.get("stay")),
        give_up=codes_in(body.get("give_up")), merge=bool(body.get("merge")),
        others=bool(body.get("others")),
    )  # fmt: skip


def _spell(row: dict[str, Any]) -> Spell:
    return Spell(
        first=dt.date.fromisoformat(row["from"]), last=dt.date.fromisoformat(row["until"]),
        factor=share_of(row["share"]), name=row.get("holiday", ""),
        estimate=bool(row.get("estimate")),
    )  # fmt: skip


def panel(seat: Seat, view: View) -> Context:
    """What a plan does, why, and what it was made from; and the form that chooses it."""
    value = view.value
    manages = bool(mandate.may_write(seat.position.role, CATCH_UP))
    rows = rows_in(value.body, "results")
    return {
        "rows": [_BLANK | row for row in rows], "measures": _measures(view),
        "parts": _parts(seat, view),
        "may_choose": manages and value.state == "proposed" and value.received is None,
        "asks": [CATCH_UP.field(name) for name in _WHY],
        # A panel does not know its reader's language.
        "bars": {code: plan_bars(_all_rows(view), voice(code), _today()) for code in LANGUAGES},
    }  # fmt: skip


def _parts(seat: Seat, view: View) -> list[Context]:
    """What a plan proposes to other owners, and what they answered."""
    return [proposals.part(one) for one in proposing.parts_of(current().desk, seat.viewer, view)]


def _all_rows(view: View) -> list[dict[str, Any]]:
    """The rows of a plan for own cohorts, then those for other owners under owner and code."""
    body = view.value.body
    theirs = [row | {"code": f"{row['owner']} {row['code']}"} for row in rows_in(body, "proposed")]
    return [*rows_in(body, "results"), *theirs]


def _today() -> str:
    now = current().desk.clock.now()
    return dt.datetime.fromtimestamp(now / 1000, dt.UTC).date().isoformat()


def _measures(view: View) -> dict[str, Any]:
    """What a plan comes to, in numbers."""
    body, rows = view.value.body, rows_in(view.value.body, "results")
    outcomes = [row["outcome"] for row in rows]
    weighted, gap = number(body, "weighted"), None
    if "bound" in body and weighted:
        short = weighted - min(number(body, "bound"), weighted)
        gap = -(-short * 100 // weighted)  # of a hundred, rounded up
    return {
        "ends": body.get("ends", ""), "late": body.get("late", 0), "gap": gap,
        "moved": outcomes.count("moved"), "left": outcomes.count("left"),
        "ended": outcomes.count("joined") + outcomes.count("called_off"),
        "rooms": len({row["room"] for row in rows if "room" in row}),
        "others": sum(row["outcome"] == "moved" for row in rows_in(body, "proposed")),
    }  # fmt: skip


@require_GET
@signed_on
def compare(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The proposed plans and the one that was chosen last, side by side."""
    desk = current().desk
    query = Query(kinds=(CATCH_UP.name,), owners=(desk.me,), limit=_COHORTS_MAX)
    found = read.page(desk, seat.viewer, query).rows
    chosen = [one for one in found if one.value.state == "chosen"][:1]
    proposed = [one for one in found if one.value.state == "proposed"]
    views = sorted([*chosen, *proposed][:COMPARED_MAX], key=lambda one: one.value.at)
    said = voice(language_of(request))
    tables = [_all_rows(one) for one in views]
    return render(
        request, "training/plans.html", plans=views, measures=[_measures(one) for one in views],
        bars=[plan_bars(rows, said, _today(), [row for one in tables for row in one])
              for rows in tables],
        ends=_ends(views), projects=_projects(seat, views),
        may_write=bool(mandate.may_write(seat.position.role, CATCH_UP)),
    )  # fmt: skip


def _ends(views: Sequence[View]) -> list[tuple[str, str, list[str]]]:
    """Each cohort with its last day before, and in each plan; "" where a plan gives it none."""
    before: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for at, one in enumerate(views):
        for row in _all_rows(one):
            before.setdefault(row["code"], row.get("was_last", ""))
            days = found.setdefault(row["code"], [""] * len(views))
            days[at] = row.get("last_day", "")
    return [(code, before[code], days) for code, days in sorted(found.items())]


def _projects(seat: Seat, views: Sequence[View]) -> list[tuple[str, str, list[str]]]:
    """The reform projects that cohorts of the plans serve: when the last cohort of each ends,
    before and in each plan.
    """
    desk = current().desk
    query = Query(kinds=(COHORT.name,), owners=(desk.me,), limit=_COHORTS_MAX)
    serves: dict[str, list[str]] = {}
    for one in read.page(desk, seat.viewer, query).rows:
        for project in project_codes(one.value.body):
            serves.setdefault(project, []).append(str(one.value.body.get("code", "")))
    ends = {code: (before, days) for code, before, days in _ends(views)}
    found = []
    for project, codes in sorted(serves.items()):
        known = [ends[code] for code in codes if code in ends]
        if known:
            columns = zip(*(days for _, days in known), strict=True)
            found.append((project, max(before for before, _ in known),
                          [max(column) for column in columns]))  # fmt: skip
    return found


@require_POST
@signed_on
def choose(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Choose a plan: what goes to partners with it was shown before."""
    desk, language = current().desk, language_of(request)
    record, base = (str(request.POST.get(name, ""))[:64] for name in ("record", "base"))
    view = read.record(desk, seat.viewer, desk.me, record)
    if view.value.kind != CATCH_UP.name:
        raise InputError("record_absent")
    back, parsed = f"/record/{desk.me}/{record}", Parsed(kind=CATCH_UP.name)
    for name in _WHY:
        take_field(request, parsed, CATCH_UP.field(name), language)
    if "reason" not in parsed.body:
        parsed.blame(InputError("step_needs", field="reason"), language)
    asks = choosing.Asking(
        owners=tuple(PartyCode(str(one)[:8]) for one in request.POST.getlist("ask")),
        text=str(request.POST.get("words", "")).strip()[:_WORDS_MAX],
    )
    if not parsed.errors:
        try:
            with desk.act() as act:
                choosing.choose_in(act, seat.actor, record, base, parsed.body, asks=asks)
                foreseen.demand_shown(act, request)
            return HttpResponseRedirect(back)
        except say.EditedMeanwhileError:
            return HttpResponseRedirect(back)
        except foreseen.UnseenError as unseen:
            return foreseen.ask(request, unseen, back)
        except InputError as error:
            parsed.blame(error, language, "form")
    return render(
        request, "training/plan_choose.html", status=422, view=view, errors=parsed.errors,
        values=parsed.values, hints=(), asks=[CATCH_UP.field(name) for name in _WHY],
        parts=_parts(seat, view), asked=asks,
    )  # fmt: skip
