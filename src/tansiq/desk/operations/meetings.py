"""Meetings: how two open plans of two parties that meet are resolved, from opening one to each
party's own activity being as was agreed.

The page of an activity and that of a meeting ask here. A meeting is about what each side was
released of the other's activity and about nothing else: what was not released to the other cannot
be named, and to whom it was not released absent looks like withheld. Nobody's silence is consent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from tansiq.board import lanes, releases
from tansiq.board.board import key_of
from tansiq.board.lanes import HeldLane
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import making, reading, taking
from tansiq.desk.cases.reading import LaneView, Said
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.desk.release.proposing import prepared
from tansiq.domain.cases import Side, StepValue, stands
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds.operations.meeting import (
    AGREE,
    BEFORE,
    CASE,
    MEETING,
    MEETING_NOTE,
    NEAR,
    OVERLAP,
    PROPOSE,
    PROPOSED,
    WITHDRAW,
)
from tansiq.domain.kinds.operations.planned_activity import AGREED, PLANNED_ACTIVITY, SETTLED
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.operations import agreeing
from tansiq.domain.operations.agreeing import BY_SPACE, CONTACT_PLAN, Proposal, proposal_of
from tansiq.domain.operations.volumes import Near, Overlap, meets, volume_of
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.policy import mandate
from tansiq.policy.release import gather
from tansiq.policy.seal import Released

_AGREE_ACTIVITY: Final = "agree_activity"
_BOUND: Final = MEETING.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal on the timeline of a meeting: the step, what it proposes (None where it does not
    say what its way asks for), and the words beside it, "" where none can be seen.
    """

    said: Said
    proposal: Proposal | None
    words: str

    @property
    def counted(self) -> bool:
        """Whether it counts: one that crossed another or gave way does not."""
        return self.said.counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as somebody may see it. ``own`` and ``other`` are the activities of our party and
    of the other one, None where it is to be seen no more; ``proposals`` oldest first, of which
    ``answering`` is the one that counts. ``may_settle`` says that our own activity is yet to be
    made what was agreed, and that this actor may do it; ``to_move`` that it moves to another place
    first.
    """

    side: Side
    lane: LaneView | None
    own: View | None
    other: View | None
    proposals: tuple[Proposed, ...]
    answering: Proposed | None
    may_propose: bool = False
    may_agree: bool = False
    may_settle: bool = False
    to_move: bool = False


def opens(desk: Desk, other: PartyCode) -> bool:
    """Whether our party is the one that opens a meeting with another: the one whose code comes
    first.
    """
    return desk.me < other


def open_meeting(
    desk: Desk, actor: Actor, own: str, other: str, *, seen: tuple[str, str]
) -> RecordId:
    """Open a meeting of an own activity with another party's (``PARTY/id``); ``seen`` are the
    digests of both as the person was shown them. Raises InputError where they do not meet, were not
    released to one another, or moved since, and RefusedError where the other party opens it or no
    rule lets it go at once.
    """
    owner, _, theirs_id = other.partition("/")
    with desk.act() as act:
        demand(mandate.may_write(actor.role, MEETING))
        ours = say.current(desk, actor, own)
        theirs = read.record(desk, desk.viewer(actor), owner, theirs_id)
        if {ours.value.kind, theirs.value.kind} != {PLANNED_ACTIVITY.name} or owner == desk.me:
            raise InputError("record_absent")
        if seen != (ours.value.digest, theirs.value.digest):
            raise InputError("neighbours_changed")
        if not opens(desk, theirs.value.owner):
            raise RefusedError(Refused("meeting_other_opens"))
        standing = between(desk, desk.viewer(actor), ours, theirs)
        if standing is not None:
            raise InputError("one_is_there", reference=MEETING.reference(standing.value.record))
        body = _body(desk, ours.value, theirs.value)
        label = making.as_closed(
            making.as_closed(Label(audience=audience_of(theirs.value.owner)), ours.value.label),
            theirs.value.label,
        )
        draft = say.Draft(kind=MEETING.name, body=body, label=label)
        record = say.write_in(act, actor, draft).record
        if not lanes.of_root(desk.board, key_of(desk.me, record)):
            raise RefusedError(Refused("no_rule"))  # it would look open here, and there is none
        return record


def _body(desk: Desk, ours: RecordView, theirs: RecordView) -> Body:
    """What a meeting says: of our activity what the other party holds of it, of theirs what we
    hold. Raises InputError.
    """
    held = releases.held_by(desk.board, key_of(ours.owner, ours.record), theirs.owner)
    if not held or PLANNED_ACTIVITY.stays_home(ours.body):
        raise InputError("meeting_not_released")
    wire = cast("dict[str, object]", prepared(desk, held[-1])["wire"])
    reference = PLANNED_ACTIVITY.reference
    standing = {ours.state, theirs.state} <= PLANNED_ACTIVITY.occupies
    told, here = volume_of(cast("Body", wire["body"])), volume_of(theirs.body)
    answer = meets(told, here, desk.clock.now()) if told and here and standing else None
    if not isinstance(answer, Near | Overlap):
        raise InputError("meeting_meets_not")
    starts = max(min(answer.ours.begins, answer.theirs.begins), 0)
    near = (
        {"metres_apart": answer.metres, "minutes_apart": answer.minutes}
        if isinstance(answer, Near)
        else {}
    )
    position = theirs.position or "watch"
    return {
        "text": f"{reference(ours.record)} · {reference(theirs.record)}", "about": ours.record,
        "other": theirs.record, "about_as": held[-1], "other_as": str(theirs.received),
        "how": NEAR if near else OVERLAP, **near, "starts": starts,
        "resolve_by": max(starts - BEFORE, 0),
        "first_over": min(answer.ours.until, answer.theirs.until),
        "seats": [f"{theirs.owner}/{position}"],
    }  # fmt: skip


@reading_as
def about(desk: Desk, viewer: Viewer, activity: View) -> list[View]:
    """The meetings that an activity has or had with others, newest first, as far as the viewer may
    see them.
    """
    record = activity.value.record
    found = {
        (one.value.owner, one.value.record): one
        for field in (_BOUND.names if _BOUND else ())
        for one in read.linked(desk, viewer, record, field)
        if one.value.kind == MEETING.name
    }
    return sorted(found.values(), key=lambda one: -one.value.at)


@reading_as
def between(desk: Desk, viewer: Viewer, ours: View, theirs: View) -> View | None:
    """The meeting that stands between an own activity and another party's, None where none does."""
    return standing_among(about(desk, viewer, ours), theirs.value)


def standing_among(found: list[View], theirs: RecordView) -> View | None:
    """Of the meetings of an own activity the one that stands with that of another party."""
    return next(
        (
            one for one in found
            if _BOUND and one.value.state in _BOUND.stands
            and theirs.record in (one.value.body.get("about"), one.value.body.get("other"))
        ),
        None,
    )  # fmt: skip


@reading_as
def meeting(desk: Desk, viewer: Viewer, root: View, actor: Actor) -> Released[Meeting]:
    """A meeting that was released for this viewer, with what this actor may do in it now."""
    case = reading.lanes_of(desk, viewer, root, actor)
    lane = next(iter(case.value.lanes), None) if case else None
    side = Side.OWNER if root.value.owner == desk.me else Side.SEAT
    own, other = _activities(desk, viewer, root.value, side, lane)
    notes = read.linked(desk, viewer, root.value.record, MEETING_NOTE.about)
    found = _proposals(root.value, lane, notes)
    acts = {one.name for one in lane.acts} if lane else set()
    held = _held(desk, root.value)
    standing = held and stands(CASE, held.lane)
    step = agreeing.proposed(standing, held.lane) if held and standing else None
    answering = next((one for one in found if step and one.said.step.key == step.key), None)
    settles = bool(own and held and agreeing.unsettled(
        CASE, held.lane, side, own.value.body, own.value.state
    ))  # fmt: skip
    may = own is not None and bool(
        mandate.may_step(actor.role, PLANNED_ACTIVITY.transition(_AGREE_ACTIVITY), own.value.state)
    )
    agreed = answering.proposal if answering else None
    shown = Meeting(
        side=side, lane=lane, own=own, other=other, proposals=found, answering=answering,
        may_propose=bool({PROPOSE[side], WITHDRAW[side]} & acts),
        may_agree=AGREE[side] in acts and agreed is not None,
        may_settle=settles and may,
        to_move=settles and agreed is not None and side in agreed.moves,
    )  # fmt: skip
    return gather(viewer, [root, *notes, *(one for one in (own, other) if one)], shown)


def _activities(
    desk: Desk, viewer: Viewer, root: RecordView, side: Side, lane: LaneView | None
) -> tuple[View | None, View | None]:
    """The own activity and the other party's, as the viewer may see them."""
    party = root.owner if side is Side.SEAT else lane.seat.party if lane else ""
    names = ("about", "other") if side is Side.OWNER else ("other", "about")
    mine, theirs = (str(root.body.get(name, "")) for name in names)
    own = next(iter(read.seen(desk, viewer, [(desk.me, mine)])), None)
    return own, next(iter(read.seen(desk, viewer, [(party, theirs)])), None)


def _proposals(root: RecordView, lane: LaneView | None, notes: list[View]) -> tuple[Proposed, ...]:
    """The proposals of a lane with their words: those of who took the step."""
    words = {
        (one.value.owner, one.value.body.get("step")): str(one.value.body.get("text", ""))
        for one in notes
        if one.value.kind == MEETING_NOTE.name
    }
    return tuple(
        Proposed(
            said=one, proposal=proposal_of(one.step.values),
            words=words.get((one.step.author, one.step.step), ""),
        )
        for one in (lane.said if lane else ()) if one.step.act in PROPOSE.values()
    )  # fmt: skip


def propose(
    desk: Desk, actor: Actor, owner: str, record: str, *, values: Mapping[str, StepValue],
    words: str, seen: tuple[str, ...],
) -> None:  # fmt: skip
    """Propose how a meeting is resolved; ``words`` say where by space, and by which channel in a
    contact plan. What our side proposed before is taken back. Raises InputError for a proposal that
    does not say what its way asks for and where the meeting moved since ``seen``, RefusedError.
    """
    found = proposal_of(values)
    if found is None:
        raise InputError("proposal_incomplete", field="way")
    if not words and (found.moves or found.way in (BY_SPACE, CONTACT_PLAN)):
        raise InputError("field_required", field="text")
    with desk.act() as act:
        view, side = _opened(desk, actor, owner, record)
        _demand_own(desk, actor, view, side)
        lane = _lane(desk, view)
        if stands(CASE, lane.lane).stage == PROPOSED[side]:
            _take(act, actor, view, WITHDRAW[side], seen)
            seen = stands(CASE, _lane(desk, view).lane).newest
        said: Body | None = {"text": words} if words else None
        _take(act, actor, view, PROPOSE[side], seen, values=values, words=said)


def agree(desk: Desk, actor: Actor, owner: str, record: str, *, seen: tuple[str, ...]) -> None:
    """Agree to what the other side proposed, and make our own activity what was agreed, unless it
    is yet to be moved to another place. Raises as :func:`propose`.
    """
    with desk.act() as act:
        view, side = _opened(desk, actor, owner, record)
        lane = _lane(desk, view).lane
        step = agreeing.proposed(stands(CASE, lane), lane)
        found = proposal_of(step.values) if step else None
        if found is None:
            raise RefusedError(Refused("step_not_from_here"))
        own = _demand_own(desk, actor, view, side)
        _take(act, actor, view, AGREE[side], seen)
        if side not in found.moves:
            _settle(act, actor, view, own.value, found.windows.get(side))


def settle(desk: Desk, actor: Actor, owner: str, record: str) -> None:
    """Make our own activity what was agreed: at the agreed time, and agreed. Raises InputError,
    RefusedError where nothing was agreed.
    """
    with desk.act() as act:
        view, side = _opened(desk, actor, owner, record)
        found = agreeing.agreed(CASE, _lane(desk, view).lane)
        if found is None:
            raise RefusedError(Refused("step_not_from_here"))
        own = _demand_own(desk, actor, view, side)
        _settle(act, actor, view, own.value, found.windows.get(side))


def _settle(
    act: Act, actor: Actor, view: RecordView, own: RecordView, window: tuple[int, int] | None
) -> None:
    """Move an own activity to the agreed window, if there is one, and say that it is agreed."""
    if window is not None and (own.body["begins"], own.body["until"]) != window:
        body = {**own.body, "begins": window[0], "until": window[1]}
        draft = say.Draft(kind=own.kind, body=body, label=own.label, tear=own.tear)
        say.revise_in(act, actor, own, draft)
        own = say.current(act.desk, actor, own.record).value
    if own.state != AGREED or own.body.get(SETTLED) != view.record:
        if own.state not in PLANNED_ACTIVITY.transition(_AGREE_ACTIVITY).sources:
            return  # it is under way: what was agreed holds without being said once more
        said: Body = {SETTLED: view.record}
        say.step_in(act, actor, own, _AGREE_ACTIVITY, said=said)


def _opened(desk: Desk, actor: Actor, owner: str, record: str) -> tuple[RecordView, Side]:
    """A meeting that the actor may see, and our side of it. Raises InputError."""
    view = taking.view_of(desk, actor, owner, record)
    if view.kind != MEETING.name:
        raise InputError("record_absent")
    return view, Side.OWNER if view.owner == desk.me else Side.SEAT


def _demand_own(desk: Desk, actor: Actor, view: RecordView, side: Side) -> View:
    """Our own activity of a meeting. Raises InputError where the actor may not see it."""
    name = "about" if side is Side.OWNER else "other"
    return say.current(desk, actor, str(view.body.get(name, "")))


def _held(desk: Desk, view: RecordView) -> HeldLane | None:
    return next(iter(lanes.of_root(desk.board, key_of(view.owner, view.record))), None)


def _lane(desk: Desk, view: RecordView) -> HeldLane:
    """The one lane of a meeting. Raises InputError where there is none."""
    held = _held(desk, view)
    if held is None:
        raise InputError("record_absent")
    return held


def _take(
    act: Act, actor: Actor, view: RecordView, name: str, seen: tuple[str, ...], *,
    values: Mapping[str, StepValue] | None = None, words: Body | None = None,
) -> None:  # fmt: skip
    """Take a step in the one lane of a meeting. Raises InputError, RefusedError."""
    wanted = Wanted(
        owner=view.owner, record=view.record, lane=_lane(act.desk, view).id, act=name, seen=seen,
        values=values or {}, words=words,
    )  # fmt: skip
    root, lane = taking.opened(act.desk, actor, wanted)
    taking.take_now(act, actor, root, lane, wanted)
