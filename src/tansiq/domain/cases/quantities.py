"""What was allotted, sent, received and given back in one lane, worked out from its facts.

The fold of a lane adds per line and unit. An allotment comes back only by its provider's own step.
A receipt names its consignment, even before word of that has come; a later receipt replaces it.
Lost and surplus are worked out, never declared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tansiq.domain.cases.declaration import Column, Declaration
from tansiq.domain.cases.order import Order
from tansiq.domain.cases.step import Step, StepKey


class Line(NamedTuple):
    """One line of a request and the unit in which it is counted; a kind without lines has ""."""

    line: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Counts of one line in one unit. ``under_way`` was sent and has no receipt yet."""

    allotted: int = 0
    given_back: int = 0
    sent: int = 0
    received: int = 0
    under_way: int = 0
    lost: int = 0
    surplus: int = 0

    @property
    def open(self) -> int:
        """What was promised, has not been given back and was not sent."""
        return max(0, self.allotted - self.given_back - self.sent)


def sums(declaration: Declaration, facts: Sequence[Step], order: Order) -> dict[Line, Sums]:
    """Add up the facts of one lane, which stand in the order in which they knew of each other."""
    totals: dict[Line, dict[str, int]] = {}
    consignments: dict[StepKey, tuple[Line, int]] = {}
    receipts: dict[str, list[Step]] = {}
    for step in facts:
        column = declaration.columns.get(step.act)
        if column is None:
            continue
        line, count = _counted(step)
        total = totals.setdefault(line, dict.fromkeys(_COLUMNS, 0))
        if column is Column.RECEIVED:
            receipts.setdefault(step.of or step.step, []).append(step)
            continue
        total[column] += count
        if column is Column.SENT:
            consignments[step.key] = line, count
            total["under_way"] += count
    for newer in receipts.values():
        _receive(totals, consignments, _newest(newer, order), order)
    return {line: Sums(**total) for line, total in sorted(totals.items())}


_COLUMNS = ("allotted", "given_back", "sent", "received", "under_way", "lost", "surplus")


def _receive(
    totals: dict[Line, dict[str, int]],
    consignments: dict[StepKey, tuple[Line, int]],
    receipt: Step,
    order: Order,
) -> None:
    """Count one consignment's receipt, against what was sent if word of that is in hand."""
    line, count = _counted(receipt)
    totals[line]["received"] += count
    number = order.named(receipt.of, receipt.author) if receipt.of else None
    sent = None if number is None else consignments.get(order.steps[number].key)
    if sent is None:
        return
    sent_line, sent_count = sent
    fitting = count if line == sent_line else 0
    totals[sent_line]["under_way"] -= sent_count
    totals[sent_line]["lost"] += max(0, sent_count - fitting)
    totals[line]["surplus"] += max(0, count - sent_count) if line == sent_line else count


def _newest(receipts: list[Step], order: Order) -> Step:
    """The receipt that no other follows; of several the smallest, so that nothing is told of goods
    that are perhaps not there.
    """
    numbers = [order.number[receipt.key] for receipt in receipts]
    followed = 0
    for number in numbers:
        followed |= order.past[number]
    last = [order.steps[number] for number in numbers if not followed >> number & 1]
    return min(last, key=lambda step: (_counted(step)[1], step.key))


def _counted(step: Step) -> tuple[Line, int]:
    """The line, unit and count that a fact names; a fact without them counts as none."""
    line, unit, count = (step.values.get(name) for name in ("line", "unit", "count"))
    texts = (value if isinstance(value, str) else "" for value in (line, unit))
    return Line(*texts), count if type(count) is int else 0
