"""Acting in circles: the owner opens a round that names seats, they answer, and it concludes.

Every room that is a circle acts and reads here. What the owner says leaves to all members at once
or is not said. A seat's answer goes to the owner, and to those other parties that a round has named
and to which a rule of ours lets it go; a seat knows of no other member.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tansiq.board import case_folds, cases, circles, outward, own_editions
from tansiq.board.board import key_of
from tansiq.board.steps import Came
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases.acting import demand_act, may_take, side_of
from tansiq.desk.cases.taking import Wanted, view_of
from tansiq.desk.records import read, say
from tansiq.desk.release.stepping import Root, demand_rule, root_of, send, tell
from tansiq.domain.cases import (
    AUTHOR,
    AnyAct,
    CircleStanding,
    Declaration,
    LaneId,
    Outcome,
    Round,
    Seat,
    Shape,
    Side,
    Step,
    StepId,
    StepValue,
    circle_stands,
    last_told,
)
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body, RecordId, RecordView, ReleaseId
from tansiq.log.canonical import decode_object
from tansiq.policy.release import reread
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleView:
    """A circle as somebody may see it: its rounds, oldest first, of which the last counts.
    ``newest`` is what a person was shown who acts on it, ``acts`` those that this actor may take
    now, and ``others`` the positions of ours for which other acts are kept. The owner reads which
    ``members`` a round may name, and which steps may be refused.
    """

    declared: Declaration
    owner: PartyCode
    rounds: tuple[Round, ...]
    newest: tuple[str, ...]
    acts: tuple[AnyAct, ...] = ()
    others: tuple[str, ...] = ()
    members: tuple[PartyCode, ...] = ()
    refusable: tuple[Step, ...] = ()

    def about(self, act: str) -> str:
        """The step that an act is about: the newest round, empty for one that is about none."""
        named = self.declared.rounds
        of_round = named is not None and (act in named.answers or act == named.concludes)
        return self.rounds[-1].opened.step if of_round and self.rounds else ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that its rounds show."""
        found = [
            step
            for one in self.rounds
            for step in (one.opened, one.conclusion, *(seat.answer for seat in one.seats))
        ]
        return tuple(step for step in found if step is not None)


def circle_on(desk: Desk, actor: Actor, owner: PartyCode, record: str) -> CircleView:
    """The circle of a root as this actor sees it. Raises InputError where there is none."""
    viewer = desk.viewer(actor)
    circle = circle_of(desk, viewer, read.record(desk, viewer, owner, record), actor)
    if circle is None:
        raise InputError("record_absent")
    return circle.value


@reading_as
def circle_of(
    desk: Desk, viewer: Viewer, root: Released[RecordView], actor: Actor | None = None
) -> Released[CircleView] | None:
    """The circle of a root that was released for this viewer; None for a kind that is none, for a
    root that asks nobody, and for one of which we only hear where it stands. ``actor`` is who might
    act; without one, no acts are offered.
    """
    view = root.value
    declared = _declared(view.kind, view.body)
    if declared is None:
        return None
    key = key_of(view.owner, view.record)
    if _only_heard(desk, key):
        return None
    stood = circles.standing(declared, key, circles.steps(desk.board, key))
    shown = CircleView(
        declared=declared, owner=view.owner, rounds=stood.rounds, newest=_shown(stood)
    )
    return reread(root, shown if actor is None else _offering(desk, actor, key, shown))


@reading_as
def standings(
    desk: Desk, viewer: Viewer, roots: Sequence[Released[RecordView]], as_of: int = 0
) -> dict[tuple[PartyCode, RecordId], CircleStanding]:
    """Where each of these circles stands here, by owner and id, asked together: as of a moment
    (ms), or now. One of which we only hear where it stands is not among them.
    """
    wanted = {
        key_of(one.value.owner, one.value.record): one.value
        for one in roots
        if not _only_heard(desk, key_of(one.value.owner, one.value.record))
    }
    came = circles.steps_of_each(desk.board, wanted)
    found = {}
    for key, view in wanted.items():
        declared = kind_named(view.kind).case
        assert declared is not None, "only a case has steps"
        known = [one for one in came[key] if not as_of or one.at <= as_of]
        found[view.owner, view.record] = circles.standing(declared, key, known)
    return found


def _declared(kind: str, body: Body) -> Declaration | None:
    """What the circle of a root of this kind is; None where it is none, or asks nobody."""
    known = kind_named(kind)
    round_ = known.case is not None and known.case.shape is Shape.CIRCLE
    asks = known.circles is None or known.circles(body)
    return known.case if round_ and asks else None


def _offering(desk: Desk, actor: Actor, key: str, shown: CircleView) -> CircleView:
    """The circle with what this actor may do in it now."""
    declared, newest = shown.declared, shown.rounds[-1] if shown.rounds else None
    side = side_of(desk, shown.owner)
    seats = newest.seats if newest else ()
    asked = tuple(one.seat.position for one in seats if one.seat.party == desk.me)
    able = {
        one.code: tuple(
            act
            for act in declared.acts
            if _open(declared, act, side, named=one.code in asked, begun=newest is not None)
            and may_take(desk, act, declared, side, one, asked=asked)
        )
        for one in desk.identity.positions
    }
    mine = able.get(actor.position, ())
    kept = {act.name for acts in able.values() for act in acts} - {act.name for act in mine}
    own = side is Side.OWNER
    answers = [one.answer for one in seats if one.answer and one.seat.party != desk.me]
    refuses = any(act.name == declared.refuse for act in mine)
    return replace(
        shown,
        acts=tuple(act for act in mine if act.name != declared.refuse),
        others=tuple(c for c, acts in able.items() if kept & {act.name for act in acts}),
        members=tuple(cases.holders(desk.board, key, desk.clock.now())) if own else (),
        refusable=tuple(answers) if refuses else (),
    )


def _open(declared: Declaration, act: AnyAct, side: Side, *, named: bool, begun: bool) -> bool:
    """Whether an act can be taken now by a position of this side, which the newest round ``named``
    or did not; no round has ``begun`` before the first.
    """
    rounds = declared.rounds
    assert rounds is not None, "a circle has rounds"
    if act.name in rounds.answers:
        return named
    if act.name in (rounds.concludes, declared.refuse):
        return begun and side is Side.OWNER
    return side in act.by and (act.name != rounds.opens or side is Side.OWNER)


def _only_heard(desk: Desk, key: str) -> bool:
    """Whether a circle is a partner's, of which we hear no step."""
    return not key.startswith(f"{desk.me}/") and outward.heard(desk.board, key) is not None


def _shown(stood: CircleStanding) -> tuple[str, ...]:
    """What of the newest round somebody sees who acts on it."""
    newest = stood.newest
    if newest is None:
        return ()
    steps = [newest.opened, newest.conclusion, *(one.answer for one in newest.seats)]
    return tuple(sorted(step.step for step in steps if step is not None))


def take(desk: Desk, actor: Actor, wanted: Wanted) -> StepId:
    """Take a step in a circle that the actor may see. The owner's words go to all members, a seat's
    to the owner: to others it has released no root beside which they would stand. Raises
    InputError where the newest round moved since it was shown and for an act that is taken with a
    record, RefusedError where the act is not the actor's, is not allowed, or may not leave to all
    to whom it has to; nothing is kept then.
    """
    with desk.act() as act:
        return take_in(act, actor, wanted)


def answer_in(
    act: Act, actor: Actor, root: Released[RecordView], name: str, *,
    seen: Sequence[str] | None = None, values: Mapping[str, StepValue] | None = None,
) -> None:  # fmt: skip
    """Answer the newest round of a circle by this act, where the room of the kind asks; ``seen`` is
    what was shown of the round, None where nobody was shown it. Raises as :func:`take_in`, and
    InputError where there is no circle to be seen.
    """
    circle = circle_of(act.desk, act.desk.viewer(actor), root)
    if circle is None:
        raise InputError("record_absent")
    wanted = Wanted(
        owner=root.value.owner, record=root.value.record, lane="", act=name,
        seen=circle.value.newest if seen is None else seen, of=circle.value.about(name),
        values=values or {},
    )  # fmt: skip
    take_in(act, actor, wanted, made=True)


def take_in(act: Act, actor: Actor, wanted: Wanted, *, made: bool = False) -> StepId:
    """As :func:`take`, inside an act; ``made`` says that the room of the kind asks, which has made
    the record with which the step is taken, or has done what is asked beside it.
    """
    desk = act.desk
    view = view_of(desk, actor, wanted.owner, wanted.record)
    root = root_of(view)
    declared = _declared(root.kind, root.body)
    if declared is None:
        raise InputError("record_absent")
    key = key_of(root.owner, root.record)
    if _only_heard(desk, key):
        raise RefusedError(Refused("mandate"))
    came = circles.steps(desk.board, key)
    stood = circles.standing(declared, key, came)
    if sorted(wanted.seen) != list(_shown(stood)):
        raise InputError("case_moved")
    seats = stood.newest.seats if stood.newest else ()
    asked = [one.seat.position for one in seats if one.seat.party == desk.me]
    known = demand_act(desk, actor, declared, root.owner, wanted.act, asked=asked)
    _demand_said(known, wanted, made=made)
    step = _worked_out(desk, root, known, came, _step(desk, actor, root, declared, wanted))
    _demand_allowed(declared, root, came, stood, step)
    case_folds.demand_room(desk.board, key, step)
    receivers = _receivers(act, root, declared, stood, step)
    if known.beside and wanted.words:
        say.reply_beside(
            act, actor, known.beside, about=view, step=step.step, body=wanted.words,
            to=receivers if root.owner == desk.me else [root.owner],
        )  # fmt: skip
    for to in receivers:
        _leave(act, root, came, step, to, by=actor.to_json())
    tell(act, root.owner, root.record, root.kind)
    return step.step


def _demand_said(known: AnyAct, wanted: Wanted, *, made: bool) -> None:
    """An act says all that it must, and one that its room takes or that is taken with a record is
    taken so. Raises InputError.
    """
    if known.checked and not made:
        raise InputError("act_unknown", act=known.name)
    if bool(known.makes or known.checked) is not made:
        raise InputError("taken_with_a_record")
    for value in known.values:
        if value.required and value.name not in wanted.values:
            raise InputError("field_required", field=value.name)


def _step(desk: Desk, actor: Actor, root: Root, declared: Declaration, wanted: Wanted) -> Step:
    return Step(
        author=desk.me, version=declared.version, root=root.record, lane=LaneId(""),
        step=StepId(desk.entropy.uuid()), release=ReleaseId(desk.entropy.uuid()),
        seat=Seat(desk.me, actor.position), act=wanted.act, of=StepId(wanted.of), after=(),
        values=dict(wanted.values), at=desk.clock.now(),
    )  # fmt: skip


def _worked_out(desk: Desk, root: Root, known: AnyAct, came: list[Came], step: Step) -> Step:
    """The step with those of its values that nobody types: they follow from the record that the
    root is about, as it stands here, and from where the circle stands with this step.
    """
    kind, names = kind_named(root.kind), {one.name for one in known.values if one.worked_out}
    if kind.works_out is None or kind.case is None or not names:
        return step
    said = {name: value for name, value in step.values.items() if name not in names}
    step, known_steps = replace(step, values=said), [one.step for one in came]
    about = _own_body(desk, str(root.body.get(kind.about, "")))
    last = replace(step, after=last_told(known_steps, desk.me))  # behind all that we said before
    after = circle_stands(kind.case, root.owner, [*known_steps, last])
    return replace(step, values={**said, **kind.works_out(root.owner, about, root.body, after)})


def _own_body(desk: Desk, record: str) -> Body:
    """What an own record says; nothing where there is none."""
    data = own_editions.newest(desk.board, key_of(desk.me, record))
    return own_newest(decode_object(data), desk.me).body if data else {}


def _demand_allowed(
    declared: Declaration, root: Root, came: list[Came], stood: CircleStanding, step: Step
) -> None:
    """A step counts, and is about the newest round if it is about one; a refusal is of a step of
    somebody whom that round names, so that it names nobody whom the members do not know.
    """
    rounds, newest = declared.rounds, stood.newest
    assert rounds is not None, "a circle has rounds"
    about_one = step.act in rounds.answers or step.act == rounds.concludes
    old = about_one and (newest is None or newest.opened.step != step.of)
    if step.act == declared.refuse:
        seats = newest.seats if newest else ()
        old = step.values.get(AUTHOR.name) not in {one.seat.party for one in seats}
    trial = circle_stands(declared, root.owner, [*(one.step for one in came), step])
    if old or trial.verdicts[step.key].outcome is not Outcome.COUNTED:
        raise RefusedError(Refused("step_not_from_here"))


def _receivers(
    act: Act, root: Root, declared: Declaration, stood: CircleStanding, step: Step
) -> list[PartyCode]:
    """To whom a step goes. Raises RefusedError where it may not go to one to whom it has to."""
    desk, rounds = act.desk, declared.rounds
    assert rounds is not None, "a circle has rounds"
    if root.owner == desk.me:
        holding = cases.holders(desk.board, key_of(root.owner, root.record), act.now)
        named = _parties(step.values.get("seats")) if step.act == rounds.opens else set()
        if not holding or not named <= {desk.me, *holding}:
            raise RefusedError(Refused("not_held"))
        for to in holding:
            demand_rule(act, root, to)
        return holding if step.act != declared.refuse else _told_of_the_round(act, root, stood)
    demand_rule(act, root, root.owner)
    named = {one.seat.party for found in stood.rounds for one in found.seats}
    others = sorted(named - {desk.me, root.owner})
    return [root.owner, *(to for to in others if _may_go(act, root, to))]


def _told_of_the_round(act: Act, root: Root, stood: CircleStanding) -> list[PartyCode]:
    """Who knows whom the newest round names: a refusal names one of those."""
    opened = stood.newest.opened.key if stood.newest else None
    came = circles.steps(act.desk.board, key_of(root.owner, root.record))
    holding = cases.holders(act.desk.board, key_of(root.owner, root.record), act.now)
    return [to for one in came if one.step.key == opened for to in holding if to in one.told]


def _parties(seats: object) -> set[PartyCode]:
    found = seats if isinstance(seats, tuple) else ()
    return {PartyCode(str(seat).partition("/")[0]) for seat in found}


def _may_go(act: Act, root: Root, to: PartyCode) -> bool:
    try:
        demand_rule(act, root, to)
    except RefusedError:
        return False
    return True


def _leave(
    act: Act, root: Root, came: list[Came], step: Step, to: PartyCode, *, by: dict[str, str]
) -> None:
    """Let one receiver have a step; in the journal and in the feed only its ``release`` and its
    ``after`` are that receiver's.
    """
    after = last_told(circles.as_told(came, to), act.desk.me)
    send(act, root, step.told(ReleaseId(act.desk.entropy.uuid()), after), to, by=by)
