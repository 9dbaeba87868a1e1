"""Joint operations on pages: where one stands, what was shared of it with this seat, who says go,
and the acts of its owner and of who is asked. Parts and passages have lists of their own.
"""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.operations import joint, reviewing
from tansiq.desk.operations.joint import Wish
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.after_action import AFTER_ACTION
from tansiq.domain.kinds.operations.joint_operation import (
    ANSWER_BY,
    CALLED_OFF,
    CONDITIONS,
    GO_ASKED,
    IN_REVIEW,
    JOINT_OPERATION,
    NO_GO_FOR,
    OFF_FOR,
    OVER,
    PARTS_ASKED,
    STANDING,
    STATED,
    moves_from,
)
from tansiq.domain.kinds.operations.operation_part import OPERATION_PART
from tansiq.domain.kinds.operations.passage import PASSAGE
from tansiq.policy import mandate
from tansiq.web.operations.activities import when
from tansiq.web.records.making import seats_in, seen_in
from tansiq.web.records.views import shown
from tansiq.web.shell import foreseen
from tansiq.web.shell.dates import typed_moment
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

NOTE: Final = "joint.no_aims"
_CODE_CHARS: Final = 32
_TYPED_CHARS: Final = 40
_ASKED: Final = {
    PARTS_ASKED: "joint.asked_parts", GO_ASKED: "joint.asked_go", CALLED_OFF: "joint.asked_off",
}  # fmt: skip


def panel(seat: Seat, view: View) -> Context:
    """What the page of an operation shows besides: where it is and when, who says what, what was
    shared of it, and what this seat may do.
    """
    desk, v = current().desk, view.value
    role = seat.position.role
    own = v.received is None and bool(mandate.may_write(role, JOINT_OPERATION))
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    found = joint.going_of(desk, seat.viewer, view)
    acts = {act.name for act in circle.value.acts} if circle else set[str]()
    said = circle.value.rounds if circle else ()
    review = reviewing.review_of(desk, seat.viewer, v.record)
    mine = (desk.me, seat.actor.position)
    return {
        "note": NOTE,
        "when": when(v.body, desk.clock.now()),
        "going": found,
        "asks": _ASKED.get(found.value.asks, ""),
        "seen": circle.value.newest if circle else (),
        "takes": [name for name in found.value.takes if name in acts],
        "answered": not found.value.older and any(
            one.answer and (one.seat.party, one.seat.position) == mine
            for one in found.value.seats
        ),
        "moves": moves_from(v.state) if own else (),
        "earlier": said[:-1],
        "concluded": said[-1].conclusion if said else None,
        "asked": sorted({str(one.seat) for found in said for one in found.seats}),
        "standing": STANDING,
        "off_for": str(said[-1].opened.values.get("off_for", "")) if said else "",
        "shared": joint.shared(desk, seat.viewer, view),
        "may_pass": bool(mandate.may_write(role, PASSAGE)),
        "review": review,
        "may_review": v.state in (OVER, IN_REVIEW, CALLED_OFF)
        and bool(mandate.may_write(role, AFTER_ACTION)),
        "conditions": CONDITIONS, "no_go_for": NO_GO_FOR, "why_off": OFF_FOR,
        "tried": None,
    }  # fmt: skip


@require_POST
@signed_on
def go_on(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Let an own operation go on. Where it cannot, its page is shown as it stands, with the reason
    and what was chosen.
    """
    desk, back = current().desk, f"/record/{current().desk.me}/{record}"
    view = _operation(seat, desk.me, record)
    move = str(request.POST.get("move", ""))[:_CODE_CHARS]
    typed = str(request.POST.get(ANSWER_BY, "")).strip()[:_TYPED_CHARS]
    off_for = str(request.POST.get("off_for", ""))[:_CODE_CHARS]
    parsed, seats = Parsed(), seats_in(request)
    try:
        if off_for and off_for not in OFF_FOR:
            raise InputError("choice_unknown", field="off_for")
        wish = Wish(
            move=move, seats=tuple(seats), off_for=off_for, met=bool(request.POST.get("met")),
            answer_by=typed_moment(typed, current().zone, ANSWER_BY) if typed else 0,
            seen=seen_in(request),
        )  # fmt: skip
        with foreseen.shown_first(request, seat, str(record)):
            joint.go_on(desk, seat.actor, str(record), wish)
        return HttpResponseRedirect(f"{back}#joint")
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    except FaultError as error:
        parsed.blame(error, language_of(request))
    tried = {"act": move, "seats": seats, "answer_by": typed, "why": off_for}
    return _tried(request, seat, view, {**tried, "errors": parsed.errors})


@require_POST
@signed_on
def answer(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Say for this position what is asked. Where it cannot be said, the page is shown again."""
    view = _operation(seat, owner, record)
    name, why = (str(request.POST.get(n, ""))[:_CODE_CHARS] for n in ("act", "why"))
    parsed = Parsed()
    try:
        known = {"say_no_go": NO_GO_FOR, "say_go_if": CONDITIONS}.get(name)
        if known is not None and why not in known:
            raise InputError("choice_unknown", field="why")
        joint.answer(
            current().desk, seat.actor, owner, str(record), name, why=why, seen=seen_in(request)
        )
    except FaultError as error:
        parsed.blame(error, language_of(request))
        tried = {"act": name, "seats": [], "answer_by": "", "why": why}
        return _tried(request, seat, view, {**tried, "errors": parsed.errors})
    return HttpResponseRedirect(f"/record/{owner}/{record}#joint")


@require_POST
@signed_on
def review(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Make the draft of a review of an operation that is over, for the own party alone."""
    desk = current().desk
    made = joint.review(desk, seat.actor, owner, str(record))
    return HttpResponseRedirect(f"/record/{desk.me}/{made}")


def _operation(seat: Seat, owner: str, record: UUID) -> View:
    """An operation that this seat may see. Raises InputError for anything else."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    if view.value.kind != JOINT_OPERATION.name:
        raise InputError("record_absent")
    return view


def _tried(request: HttpRequest, seat: Seat, view: View, tried: Context) -> HttpResponse:
    found = shown(seat, view)
    found["panel"] = {**found["panel"], "tried": tried}
    return render(request, "records/page.html", status=422, **found)


HOME: Final = Home(
    name="joint", kind=JOINT_OPERATION.name, section="joint", new="/joint/new",
    new_word="joint.new", none="joint.none", notes=(NOTE,), revise=joint.reframe,
    panel=Panel(
        template="operations/_joint.html", make=panel, tells_case=True,
        paper="operations/_joint_paper.html",
        shows=frozenset({OPERATION_PART.name, PASSAGE.name}),
        fields=frozenset({"area", "begins", "until", STATED}),
    ),
)  # fmt: skip
PARTS: Final = Home(
    name="parts", kind=OPERATION_PART.name, section="parts", new="/parts/new",
    new_word="part.new", notes=(NOTE, "joint.by_party"),
)  # fmt: skip
PASSAGES: Final = Home(
    name="passages", kind=PASSAGE.name, section="passages", new="/passages/new",
    new_word="passage.new",
)  # fmt: skip
