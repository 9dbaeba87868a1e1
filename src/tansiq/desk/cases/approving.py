"""Approving inside our own party: who decides on a round of an approval chain, and what follows.

The page of a case, the page of approvals and its badge ask here. What all have approved leaves in
the same act, as the act of whoever asked; a rejection says why, to our own positions alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from tansiq.board import approvals, inward, queries
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import attention, read
from tansiq.desk.release import automatic, stepping
from tansiq.desk.release.proposing import own_edition
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import (
    Declaration,
    Given,
    InwardRound,
    Line,
    RoundState,
    StepValue,
    Value,
    counted_in,
)
from tansiq.domain.cases.inward import REASONS, TEXT_CHARS_MAX
from tansiq.domain.duty import Post
from tansiq.domain.errors import Decision, Granted, InputError, Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.policy import mandate
from tansiq.policy.release import reread
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round as a page shows it: whether this actor may decide on it, or take it back, and what
    would leave: ``said`` are the values of its acts, ``lines`` what it counts.
    """

    round: InwardRound
    may_decide: bool
    may_withdraw: bool
    said: tuple[tuple[Value, StepValue], ...] = ()
    lines: Mapping[Line, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A round that is open, with its root as the viewer sees it."""

    root: RecordView
    round: RoundView


@reading_as
def rounds_of(
    desk: Desk, viewer: Viewer, root: Released[RecordView], actor: Actor
) -> Released[tuple[RoundView, ...]]:
    """The rounds about a root that was released for this viewer, newest first."""
    found = inward.of_root(desk.board, key_of(root.value.owner, root.value.record))
    asked = _asked_of(desk, actor) if found else frozenset()
    declared = kind_named(root.value.kind).case
    views = (_view(one, actor, asked) for one in reversed(found))
    return reread(root, tuple(_with_values(one, declared) for one in views))


def waiting(desk: Desk, actor: Actor) -> list[Released[Waiting]]:
    """The open rounds that this actor may decide on, oldest first."""
    viewer, asked = desk.viewer(actor), _asked_of(desk, actor)
    found = []
    for one in _open_to(desk, viewer, actor, asked):
        view = read.record(desk, viewer, *one.root.split("/", 1))
        found.append(reread(view, Waiting(root=view.value, round=_view(one, actor, asked))))
    return found


def to_decide(desk: Desk, actor: Actor, most: int) -> int:
    """How many open rounds wait for this actor, no further than one past ``most``."""
    if not mandate.may_do(actor.role, mandate.Act.READ):
        return 0
    found = _open_to(desk, desk.viewer(actor), actor, _asked_of(desk, actor))
    return min(len(found), most + 1)


@reading_as
def _open_to(
    desk: Desk, viewer: Viewer, actor: Actor, asked: frozenset[str]
) -> Sequence[InwardRound]:
    found = approvals.chains_awaiting(desk.board, viewer, desk.clock.now(), BOUNDS.page_rows_max)
    return [one for one in found if _may_decide(one, actor, asked)]


def _with_values(one: RoundView, declared: Declaration | None) -> RoundView:
    given = _values_of(one.round)
    known = [declared.act(name) for name in one.round.acts] if declared else []
    values = dict.fromkeys(value for act in known if act for value in act.values)
    return replace(
        one, lines=counted_in(given),
        said=tuple((value, given[value.name]) for value in values if value.name in given),
    )  # fmt: skip


def _values_of(one: InwardRound) -> dict[str, StepValue]:
    """What the step would say of which a round is asked."""
    values = cast("dict[str, object]", one.wanted.get("values", {}))
    return {
        name: cast("StepValue", tuple(item) if isinstance(item, list) else item)
        for name, item in values.items()
    }


def _view(one: InwardRound, actor: Actor, asked: frozenset[str]) -> RoundView:
    return RoundView(
        round=one, may_decide=bool(_may_decide(one, actor, asked)),
        may_withdraw=one.state is RoundState.OPEN and one.asked.person == actor.person,
    )  # fmt: skip


def _asked_of(desk: Desk, actor: Actor) -> frozenset[str]:
    """For which positions this one approves: for itself, for those that it is the deputy of, and as
    who leads the watch for those who are away with their deputies. So nobody's leave blocks.
    """
    on = {code for code, post in attention.on_duty(desk).items() if post is Post.ON}
    leads = mandate.leads(desk.position(actor.position), desk.identity.positions)
    return frozenset(
        one.code
        for one in desk.identity.positions
        if actor.position in {one.code, one.deputy} or (leads and not {one.code, one.deputy} & on)
    )


def _may_decide(one: InwardRound, actor: Actor, asked: frozenset[str]) -> Decision:
    if one.turn not in asked:
        return Refused("not_your_turn")
    if actor.person in one.persons:
        return Refused("same_person")
    return Granted("mandate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody says of a round: ``what`` becomes of it, and of a rejection why."""

    round: str
    what: RoundState
    reason: str = ""
    text: str = ""


def decide(desk: Desk, actor: Actor, owner: str, record: str, verdict: Verdict) -> None:
    """Approve, reject or take back a round about a root that the actor may see; what
    the last of a chain approves leaves. Raises InputError where it is over or no reason is given,
    RefusedError where it is not the actor's to decide, or where it may not leave any more.
    """
    with desk.act() as act:
        view = taking.view_of(desk, actor, owner, record)
        key = key_of(view.owner, view.record)
        found = inward.named(desk.board, verdict.round)
        if found is None or found.root != key:
            raise InputError("record_absent")
        if found.state is not RoundState.OPEN:
            raise InputError("inward_over")
        _demand(desk, actor, found, verdict)
        act.say(
            {
                "type": "inward_said", "round": found.id, "what": verdict.what.value,
                "reason": verdict.reason, "text": verdict.text, "by": actor.to_json(),
                "at": act.now,
            }
        )  # fmt: skip
        act.tell(f"inward_{verdict.what.value}")
        now = inward.named(desk.board, verdict.round)
        if now is not None and now.state is RoundState.APPROVED:
            _leave(act, view, now)
        stepping.tell(act, view.owner, view.record, view.kind)
        act.changed("release", queries.found(desk.board, view.owner, view.record))


def _demand(desk: Desk, actor: Actor, found: InwardRound, verdict: Verdict) -> None:
    if verdict.what is RoundState.WITHDRAWN:
        mine = found.asked.person == actor.person
        demand(Granted("mandate") if mine else Refused("not_preparer"))
        return
    if verdict.what not in {RoundState.APPROVED, RoundState.REJECTED}:
        raise InputError("choice_unknown", field="decision")
    demand(_may_decide(found, actor, _asked_of(desk, actor)))
    if verdict.what is RoundState.REJECTED and verdict.reason not in REASONS:
        raise InputError("field_required", field="reason")
    if len(verdict.text) > TEXT_CHARS_MAX:
        raise InputError("text_long", field="text", limit=TEXT_CHARS_MAX)


def _leave(act: Act, view: RecordView, found: InwardRound) -> None:
    """Let what a chain has approved leave now."""
    desk = act.desk
    if not found.lane:
        automatic.release_all(act, [own_edition(desk, view.record)])
        return
    held = taking.lane_of(desk, stepping.root_of(view), found.lane)
    if held is None:
        raise RefusedError(Refused("step_not_from_here"))
    wanted = _wanted(view, found)
    taking.take_now(act, _asker(desk, found.asked), view, held, wanted)


def _wanted(view: RecordView, found: InwardRound) -> Wanted:
    said = found.wanted
    return Wanted(
        owner=view.owner, record=view.record, lane=found.lane, act=str(said["act"]),
        of=str(said["of"]), then=str(said["then"]), seen=(),
        words=cast("Body", said["words"]) or None, values=_values_of(found),
    )  # fmt: skip


def _asker(desk: Desk, asked: Given) -> Actor:
    """Whoever asked, as that position stands now: what leaves is that person's act."""
    position = desk.position(asked.position)
    return Actor(
        party=PartyCode(desk.me), position=position.code, role=position.role, person=asked.person
    )  # fmt: skip
