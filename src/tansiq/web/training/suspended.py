"""What the page of a suspension shows beside what every record has: its cohorts as they stand, the
projects that wait for them, who answered what; and the acts by which it is extended or its cohorts
go on.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.records import linked, read, say
from tansiq.desk.records.read import View
from tansiq.desk.training import suspending
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.suspension import SUSPENSION
from tansiq.domain.tables import Figure
from tansiq.domain.training.suspending import Candidate, candidate
from tansiq.web.records.conflicts import beaten
from tansiq.web.records.views import shown as page_of
from tansiq.web.shell import foreseen
from tansiq.web.shell.dates import typed_date
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_CHARS: Final = 4_000
_ASKED: Final = ("reason", "decision", "review")


def panel(seat: Seat, view: View) -> Context:
    """What the page of a suspension shows to this seat."""
    desk, value = current().desk, view.value
    cohorts = suspending.named_by(desk, seat.viewer, value)
    still = {str(one.value.record) for one in suspending.standing_still(desk, seat.viewer, value)}
    own = value.received is None and not value.body.get("asks_owner")
    return {
        "cohorts": [(one, _candidate(one), str(one.value.record) in still) for one in cohorts],
        "numbers": _numbers([_candidate(one) for one in cohorts]),
        "still": len(still),
        "projects": suspending.projects_of(desk, seat.viewer, value),
        "asked": _asked(seat, view) if own else [],
        "part_of": linked.named_by_owner(desk, seat.viewer, view, "part_of"),
        "may": own and not value.body.get("ended") and seat.position.role in SUSPENSION.writers,
        "tried": None,
    }


def _candidate(view: View) -> Candidate:
    value = view.value
    return candidate(value.owner, str(value.record), value.state, value.body)


def _numbers(cohorts: list[Candidate]) -> list[tuple[str, Figure]]:
    counts = (
        ("cohorts", len(cohorts)), ("places", sum(one.places for one in cohorts)),
        ("days", sum(one.days for one in cohorts)),
    )  # fmt: skip
    return [(name, Figure(count=count, address="#cohorts")) for name, count in counts]


def _asked(seat: Seat, view: View) -> list[Context]:
    """To whom a decision was proposed, and what each answered as far as it is in hand."""
    desk = current().desk
    asking = linked.by_owner(desk, seat.viewer, [view], "part_of")
    found = asking[view.value.owner, str(view.value.record)]
    stood = rounds.standings(desk, seat.viewer, found)
    return [
        {
            "view": one,
            "seats": newest.seats if newest else (),
        }
        for one in sorted(found, key=lambda one: str(one.value.body.get("asks_owner")))
        for newest in (stood[one.value.owner, one.value.record].newest,)
    ]  # fmt: skip


def of_cohort(seat: Seat, view: View) -> Context:
    """What the page of a cohort shows besides: the suspensions by which its owner let it stand
    still, newest first.
    """
    found = linked.by_owner(current().desk, seat.viewer, [view], "suspends")
    named = found[view.value.owner, str(view.value.record)]
    return {"suspensions": sorted(named, key=lambda one: one.value.at, reverse=True)}


@require_POST
@signed_on
def act(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Extend a suspension, or let some of its cohorts go on. Where it cannot be done the page is
    shown as it stands now, with the reason and all that was typed.
    """
    desk, name, act_name = current().desk, str(record), str(request.POST.get("act", ""))
    view = read.record(desk, seat.viewer, desk.me, name)
    doing = _DOING.get(act_name)
    if doing is None or view.value.kind != SUSPENSION.name:
        raise InputError("record_absent")
    said = {one: str(request.POST.get(one, "")).strip()[:_CHARS] for one in _ASKED}
    chosen = request.POST.getlist("cohort")
    back, tried = f"/record/{desk.me}/{name}", Parsed(values=dict(said), kind=SUSPENSION.name)
    try:
        with foreseen.shown_first(request, seat, name):
            doing(request, seat, said, chosen, name)
        return HttpResponseRedirect(f"{back}#suspension")
    except say.EditedMeanwhileError as conflict:
        return beaten(request, seat, conflict, str(request.POST.get("base", "")))
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except InputError as error:
        tried.blame(error, language_of(request))
    found = page_of(seat, view)
    found["panel"] = {**found["panel"], "tried": {"act": act_name, "parsed": tried,
                                                  "chosen": chosen}}  # fmt: skip
    return render(request, "records/page.html", status=422, **found)


def _extend(
    request: HttpRequest, seat: Seat, said: dict[str, str], chosen: list[str], name: str
) -> None:
    suspending.extend(
        current().desk, seat.actor, name, str(request.POST.get("base", "")),
        review=typed_date(said["review"], "review") if said["review"] else "",
        reason=said["reason"], decision=said["decision"],
    )  # fmt: skip


def _resume(
    request: HttpRequest, seat: Seat, said: dict[str, str], chosen: list[str], name: str
) -> None:
    desk = current().desk
    suspending.resume(
        desk, seat.actor, name, str(request.POST.get("base", "")), cohorts=chosen,
        reason=said["reason"], decision=said["decision"],
        day=suspending.today(desk),
    )  # fmt: skip


_Doing = Callable[[HttpRequest, Seat, dict[str, str], list[str], str], None]
_DOING: Final[dict[str, _Doing]] = {"extend": _extend, "resume": _resume}
