"""What becomes of decisions of one lane that did not know of each other.

The judge of a lane asks it for the stage after any set of steps. Two decisions go together if
either order gives the same stage; else the heavier counts. Of equal weights neither counts until
the owner settles it, or both are set aside where a kind has nobody who settles. The outcome
depends on nothing but the steps and on what their authors knew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from tansiq.domain.cases.declaration import Decision, Weight
from tansiq.domain.cases.order import bits
from tansiq.domain.cases.step import StepKey


class Outcome(StrEnum):
    """What became of a step."""

    COUNTED = "counted"
    NOT_ALLOWED = "not_allowed"
    GAVE_WAY = "gave_way"
    CROSSED = "crossed"
    SETTLED_OTHERWISE = "settled_otherwise"
    REFUSED = "refused"
    WAITING = "waiting"


class Fate(NamedTuple):
    """Why a decision that was allowed does not count, and by which step (a number, or None)."""

    outcome: Outcome
    by: int | None


class Move(NamedTuple):
    """A change of the stage, with the step that made it; None for a stage that was fallen to."""

    before: "Move | None"
    step: int | None
    stage: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a lane stands after a set of steps: the last move, the steps between which the owner is
    to settle, the decisions that count, and the fate of those that do not.
    """

    move: Move
    contested: int = 0
    counted: int = 0
    fates: dict[int, Fate] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """The stage."""
        return self.move.stage


class Ruled(NamedTuple):
    """A step of the owner that settles or refuses, and the step it names."""

    step: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Decisions and what their authors knew: ``past[n]`` and ``future[n]`` are the steps before and
    after ``n``, ``keys[n]`` its name; ``endings`` are the decisions that end the lane, and
    those that are ``jumping`` do so from any stage.
    """

    decisions: Sequence[Decision | None]
    past: Sequence[int]
    future: Sequence[int]
    keys: Sequence[StepKey]
    stages: tuple[str, ...]
    falls_to: str
    endings: int
    jumping: int


class Pair(NamedTuple):
    """Two decisions that do not go together, and the one that counts; None if they weigh alike."""

    first: int
    second: int
    winner: int | None

    @property
    def loser(self) -> int:
        """The one that gives way."""
        return self.first if self.winner == self.second else self.second


class Crossing:
    """One set of decisions on its way to a state. ``live`` are those that still count."""

    def __init__(self, web: Web, live: int, *, settled: Sequence[Ruled]) -> None:
        self.web = web
        self.live = live
        self.settled = settled
        self.fates: dict[int, Fate] = {}
        self.contested: list[int] = []
        self.jumping = web.jumping
        self.fallen: dict[int, list[int]] = {}
        self._everywhere: dict[tuple[str, str], bool] = {}

    def refuse(self, refused: Sequence[Ruled]) -> None:
        """Take out what the owner refused, and what followed it unaware; an ending stays."""
        for ruling in refused:
            unaware = self.web.future[ruling.of] & ~self.web.future[ruling.step]
            self._out(1 << ruling.of, Fate(Outcome.REFUSED, ruling.step))
            self._unsettle(unaware, ruling.step)

    def state(self) -> State:
        """The outcome."""
        pairs = self._by_depth()
        for group in pairs:
            while batch := [pair for a, b in group if (pair := self._conflict(a, b))]:
                self._decide(batch)
        return State(self._replay(-1), self._open(), self.live, self.fates)

    def _by_depth(self) -> list[list[tuple[int, int]]]:
        """Pairs that did not know of each other, those first whose own past is smallest."""
        groups: dict[int, list[tuple[int, int]]] = {}
        start = self.live
        for b in bits(start):
            apart = start & ~self.web.past[b] & ((1 << b) - 1)
            for a in bits(apart):
                depth = ((self.web.past[a] | self.web.past[b]) & start).bit_count()
                groups.setdefault(depth, []).append((a, b))
        return [sorted(groups[depth], key=self._names) for depth in sorted(groups)]

    def _names(self, pair: tuple[int, int]) -> list[StepKey]:
        """Orders the pairs of a group, so that of several reasons each node gives the same one."""
        return sorted(self.web.keys[n] for n in pair)

    def _conflict(self, a: int, b: int) -> Pair | None:
        """The pair, if both still count and do not go together."""
        if not self.live >> a & self.live >> b & 1 or self._together(a, b):
            return None
        first, second = self._weight(a, b), self._weight(b, a)
        if first == second:
            return Pair(a, b, self._chosen(a, b))
        return Pair(a, b, a if first > second else b)

    def _together(self, a: int, b: int) -> bool:
        """Whether either order gives the same stage, from where both were taken.

        An author who did not know its own step went back to an older state, or lies: its steps are
        no chain, so that they go together only if they do from every stage.
        """
        if self.web.keys[a].author != self.web.keys[b].author:
            stage = self._replay(self.web.past[a] | self.web.past[b]).stage
            return self._either_order(stage, a, b)
        if (self.jumping >> a | self.jumping >> b) & 1:
            return all(self._either_order(stage, a, b) for stage in self.web.stages)
        names = self._name(a), self._name(b)
        known = self._everywhere.get(names)
        if known is None:
            known = all(self._either_order(stage, a, b) for stage in self.web.stages)
            self._everywhere[names] = known
        return known

    def _either_order(self, stage: str, a: int, b: int) -> bool:
        return self._after(self._after(stage, a), b) == self._after(self._after(stage, b), a)

    def _weight(self, one: int, other: int) -> Weight:
        """What a decision weighs: its own, or that of an ending which rests on it, so that an
        ending that was allowed is never lost.
        """
        resting = self.live & self.web.future[one] & ~self.web.future[other]
        decision = self.web.decisions[one]
        assert decision is not None
        if resting & self.web.endings:
            return Weight.ENDING
        return decision.weight

    def _chosen(self, a: int, b: int) -> int | None:
        """Which of the two the owner settled on, knowing both."""
        both = 1 << a | 1 << b
        chosen = {
            ruling.of
            for ruling in self.settled
            if ruling.of in {a, b} and self.web.past[ruling.step] & both == both
        }
        return chosen.pop() if len(chosen) == 1 else None

    def _decide(self, batch: list[Pair]) -> None:
        """Carry out what is sure: pairs whose winner loses to nobody. Where each winner loses
        elsewhere, nobody wins.
        """
        doomed = 0
        for pair in batch:
            if pair.winner is not None:
                doomed |= 1 << pair.loser | self._unaware(pair.loser, pair.winner)
        sure = [p for p in batch if p.winner is not None and not doomed >> p.winner & 1]
        if not sure:
            self._set_aside(batch)
            return
        for pair in sure:
            self._out(1 << pair.loser, Fate(Outcome.GAVE_WAY, pair.winner))
        for pair in sure:
            assert pair.winner is not None
            unaware = self._unaware(pair.loser, pair.winner)
            self._out(unaware, Fate(Outcome.SETTLED_OTHERWISE, pair.winner))

    def _set_aside(self, batch: list[Pair]) -> None:
        """Neither of a pair counts: both are contested, or the lane falls to the stage that the
        kind names. Where each has an ending that rests on it, the endings count and nothing is left
        to settle.
        """
        before = self.live
        for a, b, _ in batch:
            self._out(1 << a, Fate(Outcome.CROSSED, b))
            self._out(1 << b, Fate(Outcome.CROSSED, a))
        for a, b, _ in batch:
            following = (self._unaware(a, b), b), (self._unaware(b, a), a)
            ended = (following[0][0] | following[1][0]) & before & self.web.endings
            if ended or self.web.falls_to:
                for mask, other in following:
                    self._unsettle(mask, other)
            else:
                self.contested.append(1 << a | 1 << b)
                for mask, other in following:
                    self._out(mask, Fate(Outcome.CROSSED, other))
            if self.web.falls_to:
                self.fallen.setdefault(max(a, b), []).append(1 << a | 1 << b)

    def _unaware(self, loser: int, winner: int) -> int:
        return self.web.future[loser] & ~self.web.future[winner] & ~(1 << winner)

    def _unsettle(self, mask: int, by: int) -> None:
        """Take out what rested on a step that does not count; an ending that did so stays."""
        for n in bits(mask & self.live):
            if self._ends(n):
                self.jumping |= 1 << n
            else:
                self._out(1 << n, Fate(Outcome.SETTLED_OTHERWISE, by))

    def _out(self, mask: int, fate: Fate) -> None:
        for n in bits(mask & self.live):
            self.fates[n] = fate
        self.live &= ~mask

    def _ends(self, n: int) -> bool:
        return bool(self.web.endings >> n & 1)

    def _name(self, n: int) -> str:
        decision = self.web.decisions[n]
        assert decision is not None
        return decision.name

    def _open(self) -> int:
        """The steps between which the owner is still to settle: an ending that knew of both leaves
        nothing to settle.
        """
        found = 0
        for both in self.contested:
            endings = bits(self.live & self.web.endings)
            if not any(self.web.past[n] & both == both for n in endings):
                found |= both
        return found

    def _after(self, stage: str, n: int) -> str:
        decision = self.web.decisions[n]
        assert decision is not None
        moves = stage in decision.sources or self.jumping >> n & 1
        return decision.target if moves else stage

    def _replay(self, cut: int) -> Move:
        """The moves that the live decisions of a cut make, each behind all that it knew."""
        move = Move(None, None, self.web.stages[0])
        for n, stage in self._stages(move.stage, cut):
            move = Move(move, n, stage)
        return move

    def _stages(self, stage: str, cut: int) -> Iterator[tuple[int | None, str]]:
        places = self.live
        for place in self.fallen:
            places |= 1 << place
        for n in bits(places & cut):
            following = self._after(stage, n) if self.live >> n & 1 else stage
            if following != stage:
                stage = following
                yield n, stage
            if any(both & cut == both for both in self.fallen.get(n, ())):
                stage = self.web.falls_to
                yield None, stage
