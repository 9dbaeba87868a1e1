"""The supplies of a case, line by line, and its consignments: what its page shows of each lane.

``reading`` asks here for kinds whose acts count lines. A lane's figures are of that lane alone; the
requester alone may add them up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from tansiq.domain.cases import (
    Column,
    Declaration,
    Line,
    Outcome,
    Standing,
    Step,
    Sums,
    came,
    counted,
)
from tansiq.domain.kinds import Kind
from tansiq.domain.records import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLine:
    """One line of a request: what is asked for (0 for a line that stands in for another), what
    somebody wrote beside it, and what was counted.
    """

    line: Line
    requested: int
    named: str
    sums: Sums

    @property
    def undecided(self) -> int:
        """Of what is asked for, what has been neither promised, refused nor cancelled."""
        return self.sums.undecided(self.requested)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """What went together, and its newest receipt, if one is in hand."""

    sent: Step
    lines: Mapping[Line, int]
    receipt: Step | None


def goods_of(kind: Kind, body: Body, sums: Mapping[Line, Sums]) -> tuple[GoodsLine, ...]:
    """The lines of a request in its own order, then those that were counted beside it."""
    if kind.lines is None:
        return ()
    asked = kind.lines(body)
    order = [*asked, *(line for line in sums if line not in asked)]
    return tuple(
        GoodsLine(
            line=line, requested=asked[line].count if line in asked else 0,
            named=asked[line].named if line in asked else "", sums=sums.get(line, Sums()),
        )
        for line in order
    )  # fmt: skip


def together(lanes: Iterable[Mapping[Line, Sums]]) -> dict[Line, Sums]:
    """What all lanes of a request count, for the requester."""
    found: dict[Line, Sums] = {}
    names = [field.name for field in fields(Sums)]
    for sums in lanes:
        for line, more in sums.items():
            known = found.get(line, Sums())
            found[line] = Sums(
                **{name: getattr(known, name) + getattr(more, name) for name in names}
            )
    return found


def consignments_of(
    declared: Declaration, steps: Iterable[Step], standing: Standing
) -> tuple[Consignment, ...]:
    """The consignments of a lane in the order of ``steps``, each with the receipt that counts. At
    the seat's node an ended lane has no verdicts, and its facts count all the same.
    """
    columns = declared.columns
    facts = [
        step for step in steps
        if step.act in columns
        and (not standing.verdicts or standing.verdicts[step.key].outcome is Outcome.COUNTED)
    ]  # fmt: skip
    receipts: dict[str, Step] = {}
    for step in facts:
        if columns[step.act] is Column.RECEIVED:
            known = receipts.get(step.of)
            if known is None or known.step in step.after or step.at >= known.at:
                receipts[step.of] = step
    return tuple(
        Consignment(sent=step, lines=counted(step), receipt=receipts.get(step.step))
        for step in facts
        if columns[step.act] is Column.SENT
    )


def received(receipt: Step) -> dict[Line, tuple[int, int]]:
    """What a receipt says of each line, for its page: in good order, and damaged."""
    return {line: (found.good, found.damaged) for line, found in came(receipt).items()}
