"""Where a lane stands: a pure fold over the steps of its two sides.

The board, the desk's attention and the partner's own node all call ``stands``. It reads no other
lane, no order of arrival and no clock, so the same steps give the same stage on every node.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tansiq.domain.cases.crossing import Crossing, Fate, Move, Outcome, Ruled, State, Web
from tansiq.domain.cases.declaration import (
    AnyAct,
    Decision,
    Declaration,
    Fact,
    Ruling,
    Side,
    Turn,
    Weight,
)
from tansiq.domain.cases.order import Entry, Lane, Opening, Order, bits, newest, ordered
from tansiq.domain.cases.quantities import Line, Sums, receipts, sums
from tansiq.domain.cases.step import Step, StepId, StepKey

CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a step: not allowed names the stage at which it ``stood``; the step ``by``
    which another gave way, crossed, was settled or refused; None for the end of the lane.
    """

    outcome: Outcome
    stood: str = ""
    by: StepKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """At which stage a lane stands at one node, or has stood.

    ``contested`` are the steps of which the owner is to settle which one stands. ``turns`` say
    whose act comes next. ``path`` are the stages that it went through, each with the step that led
    there (None for the first, and where it fell back). At the seat's node an ended lane has no
    stage.
    """

    stage: str
    contested: tuple[StepKey, ...]
    ended: bool
    turns: tuple[Turn, ...]
    path: tuple[tuple[StepKey | None, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Stood):
    """All of where a lane stands at one node.

    ``newest`` is what the next step of this node names in ``after``. ``receipts`` has of each
    consignment that was received, by its id, the receipt that counts. At the seat's node an ended
    lane has no verdicts.
    """

    sums: Mapping[Line, Sums]
    receipts: Mapping[StepId, Step]
    verdicts: Mapping[StepKey, Verdict]
    newest: tuple[str, ...]


def stands(declaration: Declaration, lane: Lane) -> Standing:
    """Fold what a node holds of one lane.

    A lane longer than ``BOUNDS.case_steps_max`` is not taken up by the board.
    """
    return Course(declaration, lane).standing


class Course:
    """One lane, folded once: where it stands, and where it stood when less of it was in hand."""

    def __init__(self, declaration: Declaration, lane: Lane) -> None:
        self._declaration, self._lane = declaration, lane
        self._order = _in_order(declaration, lane)
        self._judge = Judge(declaration, lane, self._order)
        self._releases = frozenset(opening.release for opening in lane.openings())
        self._after: dict[int, Stood] = {}  # by how many of the entries

    @cached_property
    def standing(self) -> Standing:
        """Where the lane stands."""
        return self._standing()

    def _standing(self) -> Standing:
        declaration, order, judge = self._declaration, self._order, self._judge
        ended = self._lane.ended()
        within = (1 << len(order.steps)) - 1
        if ended is not None:
            within = order.known(ended.after or (), self._lane.owner)
        state = judge.at(within)
        hidden = ended is not None and ended.after is None
        facts = [step for n, step in enumerate(order.steps) if judge.facts >> n & 1]
        received = receipts(declaration, facts, order)
        counted = sums(declaration, facts, order, received.values())
        return Standing(
            stage="" if hidden else state.stage,
            contested=() if ended else self._contested(state),
            ended=ended is not None,
            turns=_turns(declaration, state, counted, ended=ended is not None),
            sums=counted,
            receipts=received,
            verdicts={} if hidden else _verdicts(judge, order, state, within),
            path=() if hidden else _path(state.move, order),
            newest=newest(order, self._lane.openings()),
        )

    def stood(self, lane: Lane) -> Stood:
        """Where it stood when only this was in hand of it: what ``stands`` says of its stage."""
        count = len(lane.entries)
        if lane.seat != self._lane.seat or lane.entries != self._lane.entries[:count]:
            return self._stood(lane)  # others came between
        found = self._after.get(count)
        if found is None:
            found = self._after[count] = self._stood(lane)
        return found

    def _stood(self, lane: Lane) -> Stood:
        alike = self._each_id_once and lane.seat == self._lane.seat
        if not alike or lane.ended():
            whole = lane.seat == self._lane.seat and lane.entries == self._lane.entries
            return self.standing if whole else stands(self._declaration, lane)
        state = self._judge.at(self._placed(lane.entries))
        return Stood(
            stage=state.stage, contested=self._contested(state), ended=False,
            turns=_turns(self._declaration, state, {}, ended=False),
            path=_path(state.move, self._order),
        )  # fmt: skip

    @cached_property
    def _each_id_once(self) -> bool:
        """Whether nothing that comes could change what its authors mean by an id: then whatever is
        in hand, a step stands behind the same others, in the same order.
        """
        steps = self._lane.steps()
        ids = {step.step for step in steps}
        return len(ids) == len(steps) and not ids & self._releases

    def _placed(self, entries: Iterable[Entry]) -> int:
        """The steps among these of which all that came before is among them too."""
        here, absent = 0, set(self._releases)
        for entry in entries:
            if isinstance(entry, Step):
                number = self._order.number.get(entry.key)
                here |= 0 if number is None else 1 << number
            elif isinstance(entry, Opening):
                absent.discard(entry.release)
        placed = 0
        for n in bits(here):
            behind = not self._order.past[n] & ~placed
            if behind and (not absent or absent.isdisjoint(self._order.steps[n].after)):
                placed |= 1 << n
        return placed

    def _contested(self, state: State) -> tuple[StepKey, ...]:
        if not state.contested:
            return ()
        return tuple(self._order.steps[n].key for n in bits(state.contested))


def allowed(declaration: Declaration, lane: Lane, step: Step) -> Verdict:
    """How a step would be judged that this node is about to take, naming the newest entries: the
    desk asks before it lets one leave.
    """
    trial = Lane(owner=lane.owner, seat=lane.seat, entries=(*lane.entries, step))
    verdict = stands(declaration, trial).verdicts.get(step.key)
    return verdict or Verdict(outcome=Outcome.WAITING)


def _in_order(declaration: Declaration, lane: Lane) -> Order:
    def weigh(step: Step) -> int | None:
        act = declaration.act(step.act)
        if act is None or step.version > declaration.version:
            return None
        return act.weight if isinstance(act, Decision) else 0

    releases = [opening.release for opening in lane.openings()]
    return ordered(lane.steps(), releases, weigh)


class Judge:
    """Judges each step once, by the stage at its own past, and tells the stage after any set of
    steps. Made for one fold.
    """

    def __init__(self, declaration: Declaration, lane: Lane, order: Order) -> None:
        self._declaration = declaration
        self._lane = lane
        self._order = order
        self.acts = [_act(declaration, step) for step in order.steps]
        self.stood: dict[int, str] = {}
        self.facts = 0
        self._moves = 0
        self._ruled = 0
        self._endings = 0
        self._rulings: dict[int, Ruled] = {}
        self._jumping = 0
        self._states = {0: State(Move(None, None, declaration.stages[0]))}
        self._after: list[int] = []
        for n in range(len(order.steps)):
            self._judge(n)

    def at(self, mask: int) -> State:
        """The state after a set of steps that holds the past of each."""
        mask &= self._moves | self._ruled
        state = self._states.get(mask)
        if state is None:
            state = self._states[mask] = self._following(mask) or self._crossed(mask)
        return state

    @property
    def _future(self) -> list[int]:
        """The steps after each, asked for only where something crosses or is refused."""
        if not self._after:
            self._after = [0] * len(self._order.steps)
            for n, past in enumerate(self._order.past):
                for before in bits(past):
                    self._after[before] |= 1 << n
        return self._after

    def _judge(self, n: int) -> None:
        state = self.at(self._order.past[n])
        step, act = self._order.steps[n], self.acts[n]
        may = _side(self._lane, step) in act.by and act.fits(step)
        if may and isinstance(act, Fact):
            self.facts |= 1 << n
        elif may and isinstance(act, Decision) and self._may_decide(act, state):
            self._moves |= 1 << n
            if act.weight >= Weight.ENDING:
                self._endings |= 1 << n
            if state.contested:
                self._jumping |= 1 << n
        elif may and isinstance(act, Ruling) and (of := self._may_rule(n, state)) is not None:
            self._rulings[n] = Ruled(n, of)
            self._ruled |= 1 << n
        else:
            self.stood[n] = CONTESTED if state.contested else state.stage

    def _may_decide(self, act: Decision, state: State) -> bool:
        if not state.contested:
            return state.stage in act.sources
        if act.weight < Weight.ENDING:
            return False
        ways = (self.acts[n] for n in bits(state.contested))
        stages = {state.stage} | {way.target for way in ways if isinstance(way, Decision)}
        return bool(stages & act.sources)

    def _may_rule(self, n: int, state: State) -> int | None:
        """The step on which the owner rules, None if it may not: one that is contested, or one of
        the seat's that counts, at once and before the owner built on it. An ending is not refused.
        """
        step = self._order.steps[n]
        of = self._order.named(step.of, self._lane.owner)
        if of is None:
            return None
        if step.act == self._declaration.settle:
            return of if state.contested >> of & 1 else None
        act = self.acts[of]
        if not state.counted >> of & 1 or not isinstance(act, Decision):
            return None
        if act.weight >= Weight.ENDING or _side(self._lane, self._order.steps[of]) is Side.OWNER:
            return None
        between = self._future[of] & self._order.past[n] & (self._moves | self._ruled)
        sides = (_side(self._lane, self._order.steps[other]) for other in bits(between))
        return None if Side.OWNER in sides else of

    def _following(self, mask: int) -> State | None:
        """The state where one decision follows all the others: the usual case, and a short one."""
        top = mask.bit_length() - 1
        act = self.acts[top]
        past = mask & ~(1 << top)
        if not isinstance(act, Decision) or past & ~self._order.past[top]:
            return None
        before = self._states.get(past)
        if before is None:
            return None
        ended = bool(self._jumping >> top & 1)
        if act.target == before.stage and not ended:
            move = before.move
        else:
            move = Move(before.move, top, act.target)
        return State(move, 0, before.counted | 1 << top, before.fates)

    def _crossed(self, mask: int) -> State:
        rulings = [ruled for n, ruled in self._rulings.items() if mask >> n & 1]
        settling = self._declaration.settle
        web = Web(
            decisions=[act if isinstance(act, Decision) else None for act in self.acts],
            past=self._order.past,
            future=self._future,
            keys=[step.key for step in self._order.steps],
            stages=self._declaration.stages,
            falls_to="" if settling else self._declaration.falls_to,
            endings=self._endings,
            jumping=self._jumping,
        )
        settled = [ruled for ruled in rulings if self.acts[ruled.step].name == settling]
        crossing = Crossing(web, mask & self._moves, settled=settled)
        crossing.refuse([ruled for ruled in rulings if self.acts[ruled.step].name != settling])
        return crossing.state()


def _act(declaration: Declaration, step: Step) -> AnyAct:
    act = declaration.act(step.act)
    assert act is not None, "the order holds only acts that are known"
    return act


def _side(lane: Lane, step: Step) -> Side | None:
    """The side that took a step; None for a party that is not of this lane."""
    if step.author == lane.seat.party and (step.author != lane.owner or step.seat == lane.seat):
        return Side.SEAT
    return Side.OWNER if step.author == lane.owner else None


def _verdicts(judge: Judge, order: Order, state: State, within: int) -> dict[StepKey, Verdict]:
    """One for each step. A decision of which the end of the lane did not know gave way to it."""
    found = {step.key: Verdict(outcome=Outcome.WAITING) for step in order.waiting}
    for n, step in enumerate(order.steps):
        if n in judge.stood:
            verdict = Verdict(outcome=Outcome.NOT_ALLOWED, stood=judge.stood[n])
        elif not within >> n & 1 and not judge.facts >> n & 1:
            verdict = Verdict(outcome=Outcome.GAVE_WAY)
        else:
            fate = state.fates.get(n, Fate(Outcome.COUNTED, None))
            by = None if fate.by is None else order.steps[fate.by].key
            verdict = Verdict(outcome=fate.outcome, by=by)
        found[step.key] = verdict
    return found


def _turns(
    declaration: Declaration, state: State, counted: Mapping[Line, Sums], *, ended: bool
) -> tuple[Turn, ...]:
    """Whose act comes next: who settles, who gives back what is open, or as the stage says."""
    if ended:
        back = tuple(name for name, column in declaration.columns.items() if column == "given_back")
        is_open = any(line.open > 0 for line in counted.values())
        return (Turn(side=Side.SEAT, acts=back),) if is_open and back else ()
    if state.contested:
        return (Turn(side=Side.OWNER, acts=(declaration.settle,)),)
    return declaration.turns.get(state.stage, ())


def _path(move: Move, order: Order) -> tuple[tuple[StepKey | None, str], ...]:
    found: list[tuple[StepKey | None, str]] = []
    last: Move | None = move
    while last is not None:
        found.append((None if last.step is None else order.steps[last.step].key, last.stage))
        last = last.before
    return tuple(reversed(found))
