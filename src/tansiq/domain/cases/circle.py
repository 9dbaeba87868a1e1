"""Where a circle stands: rounds that the owner opens, and what each seat answers to the newest.

The board and the pages of a circle call ``circle_stands``. Nothing excludes anything: a seat's
newest answer to the newest round counts, and an answer that is not in hand says nothing about its
seat ("nothing in hand"). It reads no order of arrival and no clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tansiq.domain.cases.crossing import Outcome
from tansiq.domain.cases.declaration import AUTHOR, Declaration, Rounds, Ruling, Side
from tansiq.domain.cases.lane import Verdict
from tansiq.domain.cases.order import Order, ordered
from tansiq.domain.cases.step import Seat, Step, StepKey, seat_code
from tansiq.domain.parties import PartyCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAnswer:
    """What one seat answered to a round; None reads "nothing in hand", never "has not answered"."""

    seat: Seat
    answer: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round, the newest answer of each of its seats in the round's order, and what the owner
    concluded, if that is in hand.
    """

    opened: Step
    seats: tuple[SeatAnswer, ...]
    conclusion: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleStanding:
    """Where a circle stands at one node: its rounds, oldest first, of which the last counts.
    ``said`` is the stage that its owner said last; "" where it says none, or none is in hand.
    """

    rounds: tuple[Round, ...]
    verdicts: Mapping[StepKey, Verdict]
    said: str = ""

    @property
    def newest(self) -> Round | None:
        """The round that counts."""
        return self.rounds[-1] if self.rounds else None


def circle_stands(
    declaration: Declaration, owner: PartyCode, steps: Iterable[Step]
) -> CircleStanding:
    """Fold what a node holds of one circle. In it ``after`` is the author's last step that went to
    this receiver, so that each author's steps are a chain and nothing waits for a third party.
    """
    rounds = declaration.rounds
    assert rounds is not None, "a lane is folded by stands"
    order = _by_author(declaration, rounds, owner, tuple(steps))
    allowed = _allowed(declaration, rounds, owner, order)
    refused = {
        _refused(step): step.key
        for n, step in enumerate(order.steps)
        if allowed[n] is Outcome.COUNTED and step.act == declaration.refuse
    }
    verdicts = {step.key: Verdict(outcome=Outcome.WAITING) for step in order.waiting}
    for n, step in enumerate(order.steps):
        by = refused.get(step.key) if allowed[n] is Outcome.COUNTED else None
        outcome = Outcome.REFUSED if by else allowed[n]
        verdicts[step.key] = Verdict(outcome=outcome, by=by)
    counted = [step for step in order.steps if verdicts[step.key].outcome is Outcome.COUNTED]
    found = [_round(rounds, step, counted, order) for step in counted if step.act == rounds.opens]
    spoken = [
        step
        for step in counted
        if step.author == owner and step.values.get(rounds.says) in declaration.stages
    ]
    said = _newest(spoken, order)
    return CircleStanding(
        rounds=tuple(found), verdicts=verdicts, said=str(said.values[rounds.says]) if said else ""
    )


def circle_stage(declaration: Declaration, standing: CircleStanding) -> str:
    """The one stage that the row of a circle shows: before a round, while the newest waits for its
    conclusion, or after; or the one that its owner said last.
    """
    if declaration.rounds is not None and declaration.rounds.says:
        return standing.said or declaration.stages[0]
    before, asking, after = declaration.stages
    if standing.newest is None:
        return before
    return asking if standing.newest.conclusion is None else after


def last_told(steps: Iterable[Step], author: PartyCode) -> tuple[str, ...]:
    """What a step of ``author`` names in ``after`` for a receiver to whom these of its steps
    went.
    """
    own = [step for step in steps if step.author == author]
    named = {name for step in own for name in step.after}
    return tuple(sorted({step.step for step in own if step.step not in named}))


def _by_author(
    declaration: Declaration, rounds: Rounds, owner: PartyCode, steps: tuple[Step, ...]
) -> Order:
    """Each author's steps behind those before. A step about a round that is not in hand, or a
    refusal of a step that is not, waits, with all that follow it.
    """

    def weigh(step: Step) -> int | None:
        known = declaration.act(step.act) is not None and step.version <= declaration.version
        return 0 if known else None

    def about(step: Step) -> StepKey | None:
        if not step.of:
            return None
        if step.act in rounds.answers or step.act == rounds.concludes:
            return StepKey(owner, step.of)
        refuses = step.act == declaration.refuse and AUTHOR.fits(step)
        return _refused(step) if refuses else None

    return ordered(steps, (), weigh, about)


def _refused(step: Step) -> StepKey:
    """The step that a refusal names by its author and id, in hand or not."""
    return StepKey(PartyCode(str(step.values[AUTHOR.name])), step.of)


def _allowed(
    declaration: Declaration, rounds: Rounds, owner: PartyCode, order: Order
) -> list[Outcome]:
    """Whether each step may be taken by its author: the round and the feed say who may."""
    found = []
    opened = {
        step.step: _seats(step)
        for step in order.steps
        if step.author == owner and step.act == rounds.opens
    }
    for step in order.steps:
        act = declaration.act(step.act)
        assert act is not None
        may = act.fits(step)
        if step.act in rounds.answers:
            may = may and str(step.seat) in opened.get(step.of, ())
        elif isinstance(act, Ruling):
            may = may and step.author == owner != step.values.get(AUTHOR.name)
        elif step.act == rounds.opens:
            may = may and step.author == owner
        elif step.act == rounds.concludes:
            may = may and step.author == owner and step.of in opened
        else:
            may = may and (Side.OWNER if step.author == owner else Side.SEAT) in act.by
        found.append(Outcome.COUNTED if may else Outcome.NOT_ALLOWED)
    return found


def _seats(opened: Step) -> tuple[str, ...]:
    seats = opened.values.get("seats")
    return seats if isinstance(seats, tuple) else ()


def _newest(steps: list[Step], order: Order) -> Step | None:
    """The newest of one author's."""
    numbers = [order.number[step.key] for step in steps]
    followed = 0
    for number in numbers:
        followed |= order.past[number]
    newest = [n for n in numbers if not followed >> n & 1]
    return order.steps[max(newest)] if newest else None


def _round(rounds: Rounds, opened: Step, counted: list[Step], order: Order) -> Round:
    about = [step for step in counted if step.of == opened.step]
    answers = [step for step in about if step.act in rounds.answers]
    return Round(
        opened=opened,
        seats=tuple(
            SeatAnswer(
                seat=seat_code(seat),
                answer=_newest([one for one in answers if str(one.seat) == seat], order),
            )
            for seat in dict.fromkeys(_seats(opened))
        ),
        conclusion=_newest([one for one in about if one.act == rounds.concludes], order),
    )
