"""What a kind declares to be a case: its stages, acts, quantities, clocks and turns, as data.

The folds of this package and the desk read a declaration; a room writes one beside its kind. A
declaration that contradicts itself is a mistake of ours and raises ValueError when it is loaded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases.step import Step, StepValue
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import Haste
from tansiq.domain.parties import WATCH, Relation, Role, party_code


class Shape(Enum):
    """Whom a case is between: the owner and one seat, or all members."""

    LANE = "lane"
    CIRCLE = "circle"


class Side(Enum):
    """The two sides of a lane; in a circle every member but the owner is a seat."""

    OWNER = "owner"
    SEAT = "seat"


DAMAGED: Final = "damaged"  # behind the name of a line: what came and cannot be used
INSTEAD: Final = "for"  # behind the name of a line: the line that was asked and that it stands for
_PLAIN_LINE: Final = re.compile(r"[a-z0-9_-]+\.[a-z0-9_-]+")
_LINE: Final = re.compile(rf"[a-z0-9_-]+\.[a-z0-9_-]+(\.{DAMAGED})?")
_CIRCLE_STAGES: Final = frozenset({0, 3})
OWNER: Final = frozenset({Side.OWNER})
SEAT: Final = frozenset({Side.SEAT})
BOTH: Final = OWNER | SEAT


class Weight(IntEnum):
    """Which of two decisions counts that did not know of each other and do not go together. A
    recall is no act: it ends the lane and outweighs every decision.
    """

    TIME_OUT = 1
    PERSON = 2
    ENDING = 3


class Form(Enum):
    """What a value of a step may be."""

    COUNT = "count"
    MOMENT = "moment"
    CODE = "code"
    PARTY = "party"
    SEATS = "seats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that an act has; a ``CODE`` may be held to ``choices``. What is ``worked_out`` no
    person says: in a circle the desk has it from the root's kind (``Kind.works_out``).
    """

    name: str
    form: Form = Form.CODE
    required: bool = True
    choices: frozenset[str] = frozenset()
    worked_out: bool = False

    def fits(self, step: Step) -> bool:
        """Whether ``step`` says it in its form, or may do without."""
        value = step.values.get(self.name)
        if value is None:
            return not self.required
        if self.form is Form.SEATS:
            return isinstance(value, tuple) and len(value) > 0
        if self.form in {Form.COUNT, Form.MOMENT}:
            most = BOUNDS.moment_max if self.form is Form.MOMENT else BOUNDS.integer_max
            return type(value) is int and 0 <= value <= most
        if not isinstance(value, str):
            return False
        if self.form is Form.CODE:
            return not value.isupper() and (not self.choices or value in self.choices)
        try:
            party_code(value)
        except InputError:
            return False
        return True


# What a refusal in a circle says beside the id of a step: ids are drawn by their authors, so that
# an id alone may be another member's too.
AUTHOR: Final = Value(name="author", form=Form.PARTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What both sorts of act share: their name, the side that may do it, the values it has, and the
    roles whose positions may do it at home (a partner's roles are its own affair). Where it names
    ``relations``, a position must stand in one of them too. ``beside`` is the kind of record, with
    words, label and recall of its own, that may go along with the step; ``makes`` the kind with a
    record of which the act is taken, new or edited, so that neither is there without the other.
    ``lines`` says that it counts lines, as values named ``line.unit``. ``then`` are the acts that a
    person may take by the same key: the first that is allowed is offered. One that is ``checked``
    is taken through its room alone, which asks more of the person than the step says.
    """

    name: str
    by: frozenset[Side]
    values: tuple[Value, ...] = ()
    roles: frozenset[Role] = WATCH
    relations: frozenset[Relation] = frozenset()
    beside: str = ""
    makes: str = ""
    lines: bool = False
    then: tuple[str, ...] = ()
    checked: bool = False

    def fits(self, step: Step) -> bool:
        """Whether ``step`` says what this act must say."""
        return all(value.fits(step) for value in self.values) and (
            not self.lines or _counts_lines(step)
        )


def _counts_lines(step: Step) -> bool:
    """Whether a step counts at least one line, and nothing of a line is other than a count, or for
    a line that it counts the line for which that stands.
    """
    named = {name: value for name, value in step.values.items() if "." in name}
    instead = {name for name in named if name.endswith(f".{INSTEAD}")}
    return len(named) > len(instead) and all(
        _stands_in(name, value, named)
        if name in instead
        else type(value) is int and _LINE.fullmatch(name)
        for name, value in named.items()
    )


def _stands_in(name: str, value: StepValue, named: Mapping[str, StepValue]) -> bool:
    return (
        name.removesuffix(f".{INSTEAD}") in named
        and isinstance(value, str)
        and _PLAIN_LINE.fullmatch(value) is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Act):
    """An act that moves the stage of a lane from one of ``sources`` to ``target``."""

    sources: frozenset[str]
    target: str
    weight: Weight = Weight.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Act):
    """An act that never moves the stage, is never refused, and counts at every stage and in a lane
    that has ended.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling(Act):
    """An act of the owner about another step, which it names in ``of``: it settles or refuses. In a
    circle a refusal names the step's ``AUTHOR`` too.
    """

    by: frozenset[Side] = OWNER


AnyAct = Decision | Fact | Ruling


class Column(StrEnum):
    """Into what a fact counts. What was lost or came in surplus is worked out."""

    ALLOTTED = "allotted"
    GIVEN_BACK = "given_back"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """The fact ``act`` counts its lines into ``column``. A received one names its consignment in
    ``of``.
    """

    act: str
    column: Column


class Due(Enum):
    """How long a clock runs."""

    AT = "at"  # until the moment that the root names
    SHARE = "share"  # a share of what is left until that moment
    LASTING = "lasting"  # a fixed time


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A due time: it starts as the lane comes into ``runs``, stands still in ``still`` and while
    the lane is contested, and stops elsewhere.

    ``value`` names the root's moment for ``AT`` and ``SHARE``; ``percent`` is the share;
    ``lasting_ms`` a fixed time, or ``lasting_by`` one for each choice of the root's field
    ``value``, in their order. ``rings`` are the sides that hear it; ``act`` is what falls due,
    which the owner's node does by itself if it weighs as a time-out.
    """

    name: str
    runs: frozenset[str]
    due: Due
    value: str = ""
    percent: int = 100
    lasting_ms: int = 0
    lasting_by: tuple[int, ...] = ()
    still: frozenset[str] = frozenset()
    rings: frozenset[Side] = BOTH
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose act comes next at a stage, and which acts would do. One that is ``later`` rings only
    once a clock of the lane has fallen due: until then it is for the other side to act.
    """

    side: Side
    acts: tuple[str, ...]
    later: bool = False


def turn(side: Side, *acts: str) -> tuple[Turn, ...]:
    """The turns of a stage at which one side acts next."""
    return (Turn(side=side, acts=acts),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """The acts of a circle: the owner ``opens`` a round, whose value ``seats`` names the seats,
    each seat answers with one of ``answers``, and the owner ``concludes``; "" where nobody has to.
    ``again`` names the value of a conclusion from whose moment on its party is to ask anew, ``due``
    the value of an opening by whose moment answers are due.
    ``says`` names the value in which the owner's acts say the stage, where there are more than
    three: the one said last holds. Then seats are waited for at the stages ``asking`` alone, and
    the owner, once all have answered, at those that it is ``weighing``.
    """

    opens: str
    answers: frozenset[str]
    concludes: str = ""
    again: str = ""
    due: str = ""
    says: str = ""
    asking: frozenset[str] = frozenset()
    weighing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A kind as a case.

    A lane starts at ``stages[0]``. Where two decisions of one weight cross, the owner's act
    ``settle`` names the one that stands; a kind without it sets both aside and falls to the stage
    ``falls_to``. ``refuse`` is the act by which the owner's node refuses a step at once. ``turns``
    say whose act comes next, by stage; ``coarse`` the one word per stage that a party hears which
    follows the stage only; without it nobody may. A circle has three stages: before a round, while
    the newest waits for its conclusion, and after; or those that its owner ``says``; or none, where
    it stands beside a state machine of its kind and moves that nowhere. ``asked`` is the relation
    in which a seat stands that is asked.
    ``hastes`` say how much haste whose turn it is has, for each choice of the root's field
    ``hurry``, in their order. ``promises`` are the acts that a seat does only after its party's
    approval chain, as the root leaves only after its owner's (``inward``); the chain has, for each
    choice of ``hurry``, ``inward_ms`` in all. A root that ``gives`` is itself a promise: it leaves
    only after the chain that is asked before giving.
    """

    version: int
    shape: Shape
    stages: tuple[str, ...]
    acts: tuple[AnyAct, ...]
    settle: str = ""
    falls_to: str = ""
    refuse: str = ""
    quantities: tuple[Quantity, ...] = ()
    clocks: tuple[Clock, ...] = ()
    turns: Mapping[str, tuple[Turn, ...]] = field(default_factory=dict)
    coarse: Mapping[str, str] = field(default_factory=dict)
    rounds: Rounds | None = None
    asked: Relation = Relation.ADDRESSEE
    asks_all: bool = False
    hurry: str = ""
    hastes: tuple[Haste, ...] = ()
    promises: frozenset[str] = frozenset()
    inward_ms: tuple[int, ...] = ()
    gives: bool = False
    named: Mapping[str, AnyAct] = field(init=False, repr=False, compare=False)
    columns: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", {act.name: act for act in self.acts})
        columns = {quantity.act: quantity.column for quantity in self.quantities}
        object.__setattr__(self, "columns", columns)
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))

    def act(self, name: str) -> AnyAct | None:
        """The act of that name, None where it is unknown here."""
        return self.named.get(name)

    def asked_of_root(self) -> frozenset[str]:
        """The fields of the root of which each release says the moment, or the number of the
        choice, to the folds.
        """
        return frozenset({clock.value for clock in self.clocks} | {self.hurry}) - {""}

    def haste_of(self, moments: Mapping[str, int]) -> Haste:
        """How much haste whose turn it is has, by what the newest release says of the root."""
        number = moments.get(self.hurry, 0) if self.hurry else len(self.hastes)
        return self.hastes[number - 1] if 0 < number <= len(self.hastes) else Haste.URGENT

    @property
    def outward(self) -> tuple[str, ...]:
        """The words that a party hears which follows the stage only."""
        return tuple(dict.fromkeys(self.coarse[stage] for stage in self.stages if self.coarse))

    def _faults(self) -> list[str]:
        """What contradicts itself, in words for the engineer who wrote it."""
        stages = set(self.stages)
        used = {stage for clock in self.clocks for stage in clock.runs | clock.still}
        used |= self.turns.keys() | self.coarse.keys() | ({self.falls_to} - {""})
        for act in self.acts:
            if isinstance(act, Decision):
                used |= act.sources | ({act.target} - {""})
        acts = {
            turn_act for turns in self.turns.values() for turn in turns for turn_act in turn.acts
        }
        acts |= {clock.act for clock in self.clocks} | {self.settle, self.refuse}
        acts |= self.columns.keys() | {name for act in self.acts for name in act.then}
        acts |= self.promises
        if self.rounds:
            acts |= {self.rounds.opens, self.rounds.concludes} | self.rounds.answers
        faults = [f"unknown stage {stage}" for stage in sorted(used - stages)]
        faults += [f"unknown act {act}" for act in sorted(acts - self.named.keys() - {""})]
        faults += [
            f"{act} counts and is no fact with lines"
            for act in sorted(self.columns)
            if not (isinstance(known := self.named.get(act), Fact) and known.lines)
        ]
        rulings = {name for name, act in self.named.items() if isinstance(act, Ruling)}
        if rulings != {self.settle, self.refuse} - {""}:
            faults.append("rulings are those that settle and refuse")
        if len(self.named) != len(self.acts) or len(stages) != len(self.stages):
            faults.append("a name stands twice")
        if (self.shape is Shape.CIRCLE) is (self.rounds is None):
            faults.append("a circle has rounds and a lane has none")
        refuses = self.named.get(self.refuse)
        if self.shape is Shape.CIRCLE and refuses and AUTHOR not in refuses.values:
            faults.append("a refusal in a circle names the author")
        last = self.named.get(self.rounds.concludes) if self.rounds else None
        moments = {one.name for one in last.values if one.form is Form.MOMENT} if last else set()
        if self.rounds and self.rounds.again not in moments | {""}:
            faults.append("a conclusion says the moment of its own from which to ask anew")
        if self.rounds:
            faults += self._faults_of_rounds(self.rounds)
        if (self.coarse and self.coarse.keys() != stages) or stages & set(self.coarse.values()):
            faults.append("each stage has one outward word, which is no stage")
        if self.shape is Shape.LANE and not (self.settle or self.falls_to):
            faults.append("neither an act that settles nor a stage to fall to")
        return faults

    def _faults_of_rounds(self, rounds: Rounds) -> Iterator[str]:
        """What contradicts itself in a circle."""
        if not rounds.says and len(self.stages) not in _CIRCLE_STAGES:
            yield "a circle has three stages, or none, or those that its owner says"
        opens = self.named.get(rounds.opens)
        said = {one.name: one for act in self.acts for one in act.values if one.name == rounds.says}
        if rounds.says and not all(one.choices <= set(self.stages) for one in said.values()):
            yield "an act says a stage that there is not"
        if not rounds.asking | rounds.weighing <= set(self.stages if rounds.says else ()):
            yield "somebody is waited for at a stage that nobody says"
        moments = {one.name for one in opens.values if one.form is Form.MOMENT} if opens else set()
        if rounds.due not in moments | {""}:
            yield "an opening says the moment by which answers are due"
