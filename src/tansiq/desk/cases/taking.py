"""Taking steps: what somebody here decides or states in a case leaves at once, or is not taken.

Every room that is a case acts through ``take``; the supervisor's tick lets fall due what a clock
ends. How a step leaves is ``desk.release.stepping``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tansiq.board import case_folds, cases, lanes, queries
from tansiq.board.board import key_of
from tansiq.board.cases import Falling
from tansiq.board.lanes import HeldLane
from tansiq.desk.act import timekeeping
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.cases.acting import asked_here, demand_act, side_of
from tansiq.desk.records import say
from tansiq.desk.release import inward
from tansiq.desk.release.proposing import own_edition
from tansiq.desk.release.stepping import (
    Root,
    demand_rule,
    leave,
    new_step,
    other_side,
    root_of,
    tell,
)
from tansiq.domain.cases import (
    AnyAct,
    Before,
    Column,
    Declaration,
    Outcome,
    Side,
    Step,
    StepId,
    StepValue,
    allowed,
    is_beyond,
    stands,
)
from tansiq.domain.errors import FaultError, InputError, Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body, RecordView
from tansiq.policy.release import open_for

AT_ONCE: Final = 500  # clocks that one tick lets fall


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to do in a lane. ``seen`` are the newest entries that the person was
    shown; ``words`` is the body of the record that goes beside the step, where the act has one.
    ``then`` is a second act by the same key, with those of ``values`` that it has.
    """

    owner: str
    record: str
    lane: str
    act: str
    seen: Sequence[str]
    values: Mapping[str, StepValue] = field(default_factory=dict)
    of: str = ""
    words: Body | None = None
    then: str = ""

    def to_json(self) -> dict[str, object]:
        """What of it the journal keeps while an approval chain is asked."""
        values = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.values.items()
        }
        return {
            "act": self.act, "values": values, "of": self.of, "then": self.then,
            "words": dict(self.words) if self.words else {},
        }  # fmt: skip


def take(desk: Desk, actor: Actor, wanted: Wanted) -> StepId | None:
    """Take a step in a lane that the actor may see, and a second one that follows it; None where
    our party's approval chain is asked first. Raises InputError where the lane moved since it was
    shown, RefusedError where an act is not the actor's, not allowed now, or may not leave; nothing
    is kept then.
    """
    with desk.act() as act:
        return take_in(act, actor, wanted)


def take_in(act: Act, actor: Actor, wanted: Wanted) -> StepId | None:
    """As :func:`take`, inside an act."""
    view, held = opened(act.desk, actor, wanted)
    declared = kind_named(view.kind).case
    first = declared.act(wanted.act) if declared else None
    if wanted.then and (first is None or wanted.then not in first.then):
        raise InputError("act_unknown", act=wanted.then[:32])
    if first is not None and first.makes:
        raise InputError("taken_with_a_record")
    if first is not None and first.checked:
        raise InputError("act_unknown", act=first.name)  # its room takes it, and nobody else
    if _asks_chain(act, actor, root_of(view), held, wanted):
        return None
    return take_now(act, actor, view, held, wanted)


def opened(desk: Desk, actor: Actor, wanted: Wanted) -> tuple[RecordView, HeldLane]:
    """A root as the actor may see it and the lane that is meant. Raises InputError where there is
    none, and where it moved since it was shown.
    """
    view = view_of(desk, actor, wanted.owner, wanted.record)
    declared, held = kind_named(view.kind).case, lane_of(desk, root_of(view), wanted.lane)
    if declared is None or held is None:
        raise InputError("record_absent")
    if sorted(wanted.seen) != sorted(stands(declared, held.lane).newest):
        raise InputError("case_moved")
    return view, held


def take_now(act: Act, actor: Actor, view: RecordView, held: HeldLane, wanted: Wanted) -> StepId:
    """Take a step, and the one that follows it, whatever chain there is: none is asked, or it has
    approved just this. Raises as ``take``.
    """
    step = _take(act, actor, view, held, wanted)
    if wanted.then:
        moved = lane_of(act.desk, root_of(view), wanted.lane)
        assert moved is not None, "a step ends no lane"
        following = replace(wanted, act=wanted.then, of="", words=None)
        _take(act, actor, view, moved, following)
    return step


def _chain(
    desk: Desk, root: Root, declared: Declaration, held: HeldLane, wanted: Wanted
) -> tuple[str, ...]:
    """Who approves first, where the acts that are wanted promise something: a consignment of more
    than was promised does too.
    """
    if side_of(desk, root.owner) is Side.OWNER:
        return ()
    sends = declared.columns.get(wanted.act) is Column.SENT
    more = sends and is_beyond(stands(declared, held.lane).sums, wanted.values)
    if not (more or declared.promises & {wanted.act, wanted.then}):
        return ()
    return inward.chain_of(desk, kind_named(root.kind), Before.GIVING, root.body)


def _asks_chain(act: Act, actor: Actor, root: Root, held: HeldLane, wanted: Wanted) -> bool:
    """Ask our approval chain, where it has a say, for what could leave now; whether it was asked.
    Nobody is asked for what never could.
    """
    declared = kind_named(root.kind).case
    assert declared is not None
    chain = _chain(act.desk, root, declared, held, wanted)
    if not chain:
        return False
    known, step = _judged(act.desk, actor, root, held, wanted)
    if wanted.then:
        asked = asked_here(act.desk, held)
        demand_act(act.desk, actor, declared, root.owner, wanted.then, asked=asked)
    if known.beside and wanted.words:
        named: Body = {**wanted.words, "about": root.record, "step": step.step}
        kind_named(known.beside).check(named)
    demand_rule(act, root, other_side(act.desk, root, held))
    inward.begin(
        act, actor,
        inward.Asked(
            owner=root.owner, record=root.record, kind=kind_named(root.kind), body=root.body,
            positions=chain, lane=held.id, release=held.newest.release, wanted=wanted.to_json(),
        ),
    )  # fmt: skip
    tell(act, root.owner, root.record, root.kind)
    return True


def _judged(
    desk: Desk, actor: Actor, root: Root, held: HeldLane, wanted: Wanted
) -> tuple[AnyAct, Step]:
    """The act that is wanted and the step that it would be now. Raises InputError, RefusedError."""
    declared = kind_named(root.kind).case
    assert declared is not None
    known = demand_act(desk, actor, declared, root.owner, wanted.act, asked=asked_here(desk, held))
    step = new_step(
        desk, actor.position, root, held, declared,
        act=wanted.act, of=wanted.of, values=_values_of(known, wanted.values),
    )  # fmt: skip
    verdict = allowed(declared, held.lane, step)
    if verdict.outcome is not Outcome.COUNTED:
        raise RefusedError(Refused("step_not_from_here"))
    return known, step


def _take(act: Act, actor: Actor, view: RecordView, held: HeldLane, wanted: Wanted) -> StepId:
    """Take one step in the lane as it is held."""
    desk, root = act.desk, root_of(view)
    known, step = _judged(desk, actor, root, held, wanted)
    if known.beside and wanted.words:
        say.reply_beside(
            act, actor, known.beside, about=view, to=[other_side(desk, root, held)],
            step=step.step, body=wanted.words,
        )  # fmt: skip
    case_folds.demand_room(desk.board, key_of(root.owner, root.record), step)
    leave(act, root, held, step, by=actor.to_json())
    return step.step


def _values_of(known: AnyAct, values: Mapping[str, StepValue]) -> dict[str, StepValue]:
    """Of the values that a person gave, those that this act has."""
    names = {value.name for value in known.values}
    return {
        name: value
        for name, value in values.items()
        if name in names or (known.lines and "." in name)
    }


def view_of(desk: Desk, actor: Actor, owner: str, record: str) -> RecordView:
    """A root as this actor may see it. Raises InputError."""
    sealed = queries.found(desk.board, PartyCode(owner), record)
    opened = open_for(desk.viewer(actor), sealed, desk.clock.now()) if sealed else None
    if opened is None:
        raise InputError("record_absent")
    return opened.value


def lane_of(desk: Desk, root: Root, lane: str) -> HeldLane | None:
    """The lane of a root that has that id."""
    held = lanes.of_root(desk.board, key_of(root.owner, root.record))
    return next((one for one in held if one.id == lane), None)


def tick(desk: Desk) -> int:
    """Let fall due what a clock ends by itself; how many lanes that were. Nothing falls while the
    clock of the node is in doubt.
    """
    if timekeeping.in_doubt(desk):
        return 0
    due = cases.falling(desk.board, desk.clock.now(), desk.fell, AT_ONCE)
    # Where a step may not leave any more its lane stays due, and keeps no other waiting.
    desk.fell = due[-1] if len(due) == AT_ONCE else None
    return sum(_fall(desk, one) for one in due)


def _fall(desk: Desk, due: Falling) -> int:
    """Take the step that time takes; 0 where it does not count or may not leave any more."""
    try:
        with desk.act() as act:
            edition = own_edition(desk, due.root.partition("/")[2])
            root, declared = root_of(edition), kind_named(edition.kind).case
            held = lane_of(desk, root, due.lane)
            if declared is None or held is None:
                return 0
            (name,) = (clock.act for clock in declared.clocks if clock.name == due.clock)
            step = new_step(desk, edition.author.position, root, held, declared, act=name)
            if allowed(declared, held.lane, step).outcome is not Outcome.COUNTED:
                return 0
            leave(act, root, held, step, by={"rule": "time"})
    except FaultError:
        return 0
    return 1
