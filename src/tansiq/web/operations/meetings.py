"""Meetings on pages: opened from what an activity meets, and resolved on a page of their own, where
one side proposes, the other agrees, and each lets its own activity be as was agreed.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.act.desk import Desk
from tansiq.desk.operations import meetings
from tansiq.desk.records import inbox, read
from tansiq.desk.records.read import Query, View
from tansiq.domain.cases import Side, StepValue, seat_code
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.meeting import MEETING
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY
from tansiq.domain.operations.agreeing import CONTACT_PLAN, MOVERS, NAMED, WAYS, WINDOWS
from tansiq.domain.operations.windows import windows
from tansiq.domain.parties import Viewer
from tansiq.domain.records import RecordView
from tansiq.policy import mandate
from tansiq.web.records.making import seen_in
from tansiq.web.records.views import shown_again
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.dates import typed_moment
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.page import Context
from tansiq.web.shell.partner_seats import seats_of_members
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_KEY_CHARS: Final = 60
_DIGEST_CHARS: Final = 64
_VALUE_CHARS: Final = 64
_TEXT_CHARS: Final = 2_000
_MOMENTS: Final = (*WINDOWS, "call_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """How one neighbour of an own activity stands to it: the meeting between the two where one
    stands, else whether this seat may open it, and the digests of both as they are shown.
    """

    meeting: View | None
    may_open: bool
    we_open: bool
    seen: tuple[str, str]


def ours(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many meetings wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=(MEETING.name,)))


def of_activity(seat: Seat, view: View) -> list[View]:
    """The meetings that an activity has or had, newest first."""
    return meetings.about(current().desk, seat.viewer, view)


def between(seat: Seat, own: RecordView, theirs: RecordView, found: list[View]) -> Between:
    """How another party's activity stands to an own one that was released to it."""
    we_open = meetings.opens(current().desk, theirs.owner)
    may = bool(mandate.may_write(seat.position.role, MEETING))
    standing = meetings.standing_among(found, theirs)
    return Between(
        meeting=standing, we_open=we_open, may_open=we_open and may and standing is None,
        seen=(own.digest, theirs.digest),
    )  # fmt: skip


def panel(seat: Seat, view: View) -> Context:
    """What the page of a meeting shows besides: both activities, what was proposed, and what this
    seat may do.
    """
    desk = current().desk
    found = meetings.meeting(desk, seat.viewer, view, seat.actor)
    value = found.value
    first, other = (
        (value.own, value.other) if value.side is Side.OWNER else (value.other, value.own)
    )
    parties = {
        "first": view.value.owner,
        "other": value.lane.seat.party if value.lane else "",
    }
    members = {code for code in parties.values() if code and code != desk.me}
    return {
        "x": found,
        "parties": parties,
        "sides": [
            (name, parties[name], one, _window(one))
            for name, one in (("first", first), ("other", other))
        ],
        "named": {side: NAMED[side] for side in Side},
        "mine": NAMED[value.side],
        "ways": WAYS, "movers": MOVERS, "windows": WINDOWS,
        "seats": seats_of_members(members) if value.may_propose else [],
    }  # fmt: skip


def _window(view: View | None) -> tuple[str, str]:
    """The first window of an activity as a form shows it at first; empty where it says none."""
    found = windows(view.value.body) if view else ()
    return (moment_text(found[0].begins), moment_text(found[0].until)) if found else ("", "")


@require_POST
@signed_on
def open_one(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Open the meeting of an own activity with the other party's that the form names."""
    desk = current().desk
    other = str(request.POST.get("other", ""))[:_KEY_CHARS]
    seen = tuple(str(request.POST.get(name, ""))[:_DIGEST_CHARS] for name in ("ours", "theirs"))
    try:
        made = meetings.open_meeting(desk, seat.actor, str(record), other, seen=(seen[0], seen[1]))
    except FaultError as error:
        view = read.record(desk, seat.viewer, desk.me, str(record))
        if view.value.kind != PLANNED_ACTIVITY.name:
            raise InputError("record_absent") from None
        return _tried(request, seat, view, error, {})
    return HttpResponseRedirect(f"/record/{desk.me}/{made}")


@require_POST
@signed_on
def propose(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Propose how a meeting is resolved."""
    view = _meeting(seat, owner, record)
    typed = _typed(request)
    try:
        meetings.propose(
            current().desk, seat.actor, owner, str(record), values=_values(typed, request),
            words=typed["text"], seen=seen_in(request),
        )  # fmt: skip
    except FaultError as error:
        return _tried(request, seat, view, error, typed)
    return _back(owner, record)


@require_POST
@signed_on
def agree(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Agree to what the other side proposed."""
    view = _meeting(seat, owner, record)
    try:
        meetings.agree(current().desk, seat.actor, owner, str(record), seen=seen_in(request))
    except FaultError as error:
        return _tried(request, seat, view, error, {})
    return _back(owner, record)


@require_POST
@signed_on
def settle(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Let our own activity be what was agreed."""
    view = _meeting(seat, owner, record)
    try:
        meetings.settle(current().desk, seat.actor, owner, str(record))
    except FaultError as error:
        return _tried(request, seat, view, error, {})
    return _back(owner, record)


def _typed(request: HttpRequest) -> dict[str, str]:
    """What somebody typed of a proposal."""
    names = ("way", "moves", *_MOMENTS)
    found = {name: str(request.POST.get(name, "")).strip()[:_VALUE_CHARS] for name in names}
    return found | {"text": str(request.POST.get("text", "")).strip()[:_TEXT_CHARS]}


def _values(typed: dict[str, str], request: HttpRequest) -> dict[str, StepValue]:
    """What a proposal says of what was typed: the fields of its own way alone. Raises
    InputError.
    """
    way = typed["way"]
    if way == CONTACT_PLAN:
        named = [str(one)[:_VALUE_CHARS] for one in request.POST.getlist("seats") if one]
        found: dict[str, StepValue] = {"way": way}
        if named:
            found["call_seats"] = tuple(str(seat_code(one)) for one in named[: len(Side)])
        return found | _moments(typed, ("call_at",))
    said: dict[str, StepValue] = {name: typed[name] for name in ("way", "moves") if typed[name]}
    return said | _moments(typed, WINDOWS)


def _moments(typed: dict[str, str], names: tuple[str, ...]) -> dict[str, StepValue]:
    return {name: typed_moment(typed[name], current().zone, name) for name in names if typed[name]}


def _meeting(seat: Seat, owner: str, record: UUID) -> View:
    """A meeting that this seat may see. Raises InputError for anything else."""
    view = read.record(current().desk, seat.viewer, owner, str(record))
    if view.value.kind != MEETING.name:
        raise InputError("record_absent")
    return view


def _tried(
    request: HttpRequest, seat: Seat, view: View, error: FaultError, typed: dict[str, str]
) -> HttpResponse:
    """The page as it stands now, with the reason and what was typed."""
    parsed = Parsed()
    parsed.blame(error, language_of(request))
    tried = {"errors": parsed.errors, "typed": typed, "seats": request.POST.getlist("seats")[:2]}
    return shown_again(request, seat, view, meeting_tried=tried)


def _back(owner: str, record: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"/record/{owner}/{record}#meeting")


HOME: Final = Home(
    name="meetings", kind=MEETING.name, section="meetings", none="meeting.none",
    none_text="meeting.none_text",
    panel=Panel(
        template="operations/_meeting.html", make=panel, tells_case=True,
        shows=frozenset({"meeting_note"}),
        fields=frozenset(
            {"text", "how", "metres_apart", "minutes_apart", "starts", "resolve_by", "first_over",
             "about", "other", "about_as", "other_as"}
        ),
    ),
)  # fmt: skip
