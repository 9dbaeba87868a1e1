"""The pages of proposed dates: old and new side by side with what follows, and the act that accepts
them for the own cohorts.
"""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.records import linked, read
from tansiq.desk.records.read import View
from tansiq.desk.training import accepting, proposing
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.training.catch_up import ROW
from tansiq.domain.kinds.training.plan_proposal import ACCEPT, PLAN_PROPOSAL
from tansiq.domain.parties import PartyCode
from tansiq.domain.training.accepting import WAITS, stands
from tansiq.web.records.making import seen_in
from tansiq.web.records.views import shown as page_of
from tansiq.web.shell import foreseen
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_DIGEST_CHARS: Final = 64
_CHOSEN_MAX: Final = 300
_BLANK: Final = {column.name: "" for column in ROW}  # a template reads every column of a row


def panel(seat: Seat, view: View) -> Context:
    """What a proposal shows to this seat: to who is asked its own cohorts with what would follow,
    to who asks those cohorts as they stand here.
    """
    desk = current().desk
    own = view.value.received is None
    lines = [] if own else accepting.lines_of(desk, seat.viewer, view)
    circle = None if own else rounds.circle_of(desk, seat.viewer, view, seat.actor)
    acts = {act.name for act in circle.value.acts} if circle else set()
    parts = proposing.lines_of(desk, seat.viewer, view) if own else []
    return {
        "own": own, "lines": lines,
        "rows": [_row(row, cohort) for row, cohort in parts],
        "projects": accepting.waiting(desk, seat.viewer, lines),
        "may": ACCEPT in acts and any(line.stands == WAITS for line in lines),
        "seen": circle.value.newest if circle else (),
        "part_of": linked.named_by_owner(desk, seat.viewer, view, "part_of") if own else [],
        "tried": None,
    }  # fmt: skip


def _row(row: dict[str, Any], cohort: View | None) -> Context:
    """A row of what is proposed with the cohort as it stands here."""
    value = cohort.value if cohort else None
    standing = stands(row, value.body, value.state) if value else ""
    return {"row": _BLANK | row, "cohort": cohort, "stands": standing}


def part(found: proposing.Part) -> Context:
    """What a plan proposes to one owner, as its page shows it."""
    newest = found.stands.newest if found.stands else None
    return {
        "owner": found.owner, "moves": found.moves, "proposal": found.proposal,
        "rows": [
            _row(row, cohort) | ({} if found.proposal else {"stands": ""})
            for row, cohort in found.rows
        ],
        "seats": newest.seats if newest else (),
    }  # fmt: skip


@require_POST
@signed_on
def accept(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Accept the ticked lines. Where it cannot be done the page is shown as it stands now, with the
    reason and what was ticked.
    """
    desk, language = current().desk, language_of(request)
    view = read.record(desk, seat.viewer, PartyCode(owner), str(record))
    if view.value.kind != PLAN_PROPOSAL.name or view.value.received is None:
        raise InputError("record_absent")
    chosen = [str(one)[:36] for one in request.POST.getlist("cohort")[:_CHOSEN_MAX]]
    back, parsed = f"/record/{owner}/{record}", Parsed(kind=PLAN_PROPOSAL.name)
    try:
        if view.value.digest != str(request.POST.get("base", ""))[:_DIGEST_CHARS]:
            raise InputError("case_moved")
        with desk.act() as act:
            accepting.accept_in(act, seat.actor, view, seen_in(request), chosen)
            foreseen.demand_shown(act, request)
        return HttpResponseRedirect(f"{back}#proposal")
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except FaultError as error:
        parsed.blame(error, language)
    found = page_of(seat, view)
    tried = {"errors": parsed.errors, "chosen": chosen}
    found["panel"] = {**found["panel"], "tried": tried}
    return render(request, "records/page.html", status=422, **found)


HOME: Final = Home(
    name="plan-proposals", kind=PLAN_PROPOSAL.name, section="plans",
    panel=Panel(
        template="training/_proposal.html", make=panel,
        fields=frozenset({"moves", "cohorts", "part_of"}),
    ),
)  # fmt: skip
