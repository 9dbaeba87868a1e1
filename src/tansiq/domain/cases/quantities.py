"""What was allotted, sent, received and given back in one lane, worked out from its facts.

The fold of a lane adds per line and unit. A fact says its lines as values named ``line.unit``, each
a count, so that one step is one consignment or one receipt, whole; of what a receipt names,
``line.unit.damaged`` came and cannot be used, and ``line.unit.for`` names the line that was asked
and for which another stands: it moves no sum. An allotment comes back only by its provider's own
step. A receipt names its consignment, even before word of that has come; a later receipt replaces
it. Lost and surplus are worked out, never declared: once word of every consignment is in hand,
sent + surplus = good + damaged + lost + under way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tansiq.domain.cases.declaration import DAMAGED, INSTEAD, Column, Declaration
from tansiq.domain.cases.order import Order
from tansiq.domain.cases.step import Step, StepId, StepKey, StepValue


class Line(NamedTuple):
    """One line of a request and the unit in which it is counted."""

    line: str
    unit: str

    def __str__(self) -> str:
        return f"{self.line}.{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Counts of one line in one unit. ``under_way`` was sent and has no receipt yet; ``good`` and
    ``damaged`` are what came.
    """

    allotted: int = 0
    given_back: int = 0
    refused: int = 0
    cancelled: int = 0
    sent: int = 0
    under_way: int = 0
    good: int = 0
    damaged: int = 0
    lost: int = 0
    surplus: int = 0

    @property
    def received(self) -> int:
        """What came, in whatever condition."""
        return self.good + self.damaged

    @property
    def open(self) -> int:
        """What was promised, has not been given back and was not sent."""
        return max(0, self.allotted - self.given_back - self.sent)

    @property
    def short(self) -> int:
        """What was sent and cannot be used: lost on the way, or damaged."""
        return self.lost + self.damaged

    def undecided(self, requested: int) -> int:
        """Of what is asked for, what has been neither promised, refused nor cancelled."""
        decided = self.allotted - self.given_back + self.refused + self.cancelled
        return max(0, requested - decided)


class Came(NamedTuple):
    """What a receipt says of one line."""

    good: int
    damaged: int


def counted(step: Step) -> dict[Line, int]:
    """The lines that a fact counts, each with its number."""
    return counted_in(step.values)


def counted_in(values: Mapping[str, StepValue]) -> dict[Line, int]:
    """The lines that the values of a step count."""
    return {
        Line(*names): value
        for names, value in _named(values)
        if len(names) == _PLAIN and type(value) is int
    }


def is_beyond(sums: Mapping[Line, Sums], values: Mapping[str, StepValue]) -> bool:
    """Whether these values count more of a line than was promised and is still to be sent."""
    return any(count > sums.get(line, Sums()).open for line, count in counted_in(values).items())


def lines_named(values: Mapping[str, StepValue]) -> set[Line]:
    """The lines of which the values of a step say anything."""
    return {Line(*names[:_PLAIN]) for names, _ in _named(values)}


def stands_for(step: Step) -> dict[Line, Line]:
    """Of the lines that a fact counts, those that stand for another, with that one."""
    found = {}
    for names, value in _named(step.values):
        if names[_PLAIN:] == (INSTEAD,) and isinstance(value, str):
            asked = tuple(value.split("."))
            if len(asked) == _PLAIN and asked != names[:_PLAIN]:
                found[Line(*names[:_PLAIN])] = Line(*asked)
    return found


def came(step: Step) -> dict[Line, Came]:
    """What a receipt says of each line that it names: in good order, and damaged."""
    good, damaged = counted(step), {}
    for names, value in _named(step.values):
        if names[_PLAIN:] == (DAMAGED,) and type(value) is int:
            damaged[Line(*names[:_PLAIN])] = value
    return {
        line: Came(good.get(line, 0), damaged.get(line, 0)) for line in sorted({*good, *damaged})
    }


def receipts(declaration: Declaration, facts: Sequence[Step], order: Order) -> dict[StepId, Step]:
    """Of each consignment that was received, by its id, the receipt that counts; one that names no
    consignment stands under its own id.
    """
    found: dict[StepId, list[Step]] = {}
    for step in facts:
        if declaration.columns.get(step.act) is Column.RECEIVED:
            found.setdefault(step.of or step.step, []).append(step)
    return {of: _newest(several, order) for of, several in found.items()}


def sums(
    declaration: Declaration, facts: Sequence[Step], order: Order, came_in: Iterable[Step]
) -> dict[Line, Sums]:
    """Add up the facts of one lane, which stand in the order in which they knew of each other, and
    of its receipts those that count.
    """
    totals: dict[Line, dict[str, int]] = {}
    consignments: dict[StepKey, dict[Line, int]] = {}
    for step in facts:
        column = declaration.columns.get(step.act)
        if column is None or column is Column.RECEIVED:
            continue
        lines = counted(step)
        for line, count in lines.items():
            total = _total(totals, line)
            total[column] += count
            total["under_way"] += count if column is Column.SENT else 0
        if column is Column.SENT:
            consignments[step.key] = lines
    for receipt in came_in:
        _receive(totals, consignments, receipt, order)
    return {line: Sums(**total) for line, total in sorted(totals.items())}


_COLUMNS: Final = tuple(Sums.__dataclass_fields__)
_PLAIN: Final = 2  # names of a line: the line and its unit


def _named(values: Mapping[str, StepValue]) -> Iterator[tuple[tuple[str, ...], object]]:
    """The values of a step that name a line."""
    for name, value in values.items():
        names = tuple(name.split("."))
        if len(names) >= _PLAIN and all(names):
            yield names, value


def _total(totals: dict[Line, dict[str, int]], line: Line) -> dict[str, int]:
    return totals.setdefault(line, dict.fromkeys(_COLUMNS, 0))


def _receive(
    totals: dict[Line, dict[str, int]],
    consignments: dict[StepKey, dict[Line, int]],
    receipt: Step,
    order: Order,
) -> None:
    """Count one consignment's receipt, against what was sent if word of that is in hand."""
    here = came(receipt)
    for line, found in here.items():
        total = _total(totals, line)
        total["good"] += found.good
        total["damaged"] += found.damaged
        total["surplus"] += 0 if receipt.of else sum(found)  # nobody had announced it
    number = order.named(receipt.of, receipt.author) if receipt.of else None
    sent = None if number is None else consignments.get(order.steps[number].key)
    if sent is None:
        return
    for line in {*sent, *here}:
        total, count = _total(totals, line), sent.get(line, 0)
        whole = sum(here.get(line, ()))
        total["under_way"] -= count
        total["lost"] += max(0, count - whole)
        total["surplus"] += max(0, whole - count)


def _newest(receipts: list[Step], order: Order) -> Step:
    """The receipt that no other follows; of several the smallest, so that nothing is told of goods
    that are perhaps not there.
    """
    numbers = [order.number[receipt.key] for receipt in receipts]
    followed = 0
    for number in numbers:
        followed |= order.past[number]
    last = [order.steps[number] for number in numbers if not followed >> number & 1]
    return min(last, key=lambda step: (sum(map(sum, came(step).values())), step.key))
