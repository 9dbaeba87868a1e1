"""The pages of lessons: how one may go on, and the measure, which is a list."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.operations import lessons
from tansiq.desk.operations.lessons import Wish
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import seat_code
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.lesson import LESSON, moves_from, status_of
from tansiq.domain.tables import Figure
from tansiq.policy import mandate
from tansiq.web.records.conflicts import beaten
from tansiq.web.records.making import seen_in
from tansiq.web.records.views import shown as page_of
from tansiq.web.shell import foreseen
from tansiq.web.shell.dates import typed_date
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

FIELDS: Final = frozenset({"status", "acts", "due", "learned"})
MEASURE: Final = "/lessons/measure"


def panel(seat: Seat, view: View) -> Context:
    """Where a lesson stands, who acts until when, and how its owner may let it go on."""
    desk, value = current().desk, view.value
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    own = value.received is None and bool(mandate.may_write(seat.position.role, LESSON))
    return {
        "status": status_of(value.body),
        "body": value.body,
        "late": str(value.body.get("due", "9")) < say.day_of(desk).isoformat(),
        "moves": moves_from(value.body) if own else (),
        "seen": circle.value.newest if circle else (),
        "takes": lessons.takes(circle.value) if circle else frozenset(),
        "tried": None,
    }


@require_POST
@signed_on
def go_on(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Let a lesson go on. Where it cannot, its page is shown as it stands, with the reason and what
    was chosen.
    """
    desk, name, language = current().desk, str(record), language_of(request)
    view = read.record(desk, seat.viewer, desk.me, name)
    if view.value.kind != LESSON.name:
        raise InputError("record_absent")
    back, parsed = f"/record/{desk.me}/{name}", Parsed(kind=LESSON.name)
    chosen = [str(one)[:100] for one in request.POST.getlist("seats")[: BOUNDS.parties_max]]
    due, base = str(request.POST.get("due", "")).strip()[:20], str(request.POST.get("base", ""))
    move = str(request.POST.get("move", ""))[:32]
    try:
        wish = Wish(
            move=move, seats=tuple(str(seat_code(one)) for one in chosen),
            due=typed_date(due, "due") if due else "", seen=seen_in(request),
        )  # fmt: skip
        with foreseen.shown_first(request, seat, name):
            lessons.go_on(desk, seat.actor, name, base, wish)
        return HttpResponseRedirect(f"{back}#lesson")
    except say.EditedMeanwhileError as conflict:
        return beaten(request, seat, conflict, base)
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except FaultError as error:
        parsed.blame(error, language)
    found = page_of(seat, view)
    tried = {"move": move, "seats": chosen, "due": due, "errors": parsed.errors}
    found["panel"] = {**found["panel"], "tried": tried}
    return render(request, "records/page.html", status=422, **found)


@require_GET
@signed_on
def measure(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The share of lessons with a change that was found to work: each number opens its list."""
    found = lessons.measure_of(current().desk, seat.viewer)
    lists = (("learned", found.learned), ("without", found.without), ("others", found.others))
    return render(
        request, "operations/lessons.html", lists=lists, cut=found.cut,
        share=len(found.learned) * 100 // found.lessons if found.lessons else None,
        numbers=[(name, Figure(count=len(rows), address=f"#{name}")) for name, rows in lists],
    )  # fmt: skip
