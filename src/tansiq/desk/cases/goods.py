"""The supplies of a case, line by line, and its consignments: what its page shows of each lane.

``reading`` asks here for kinds whose acts count lines. A lane's figures are of that lane alone; the
requester alone may add them up.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from tansiq.domain.cases import (
    Column,
    Declaration,
    Line,
    Outcome,
    Standing,
    Step,
    Sums,
    counted,
    stands_for,
)
from tansiq.domain.kinds.kind import Kind, Wanted
from tansiq.domain.records import Body

_NOTHING: Final = Wanted(0, "")
RECEIPTS_MAX: Final = 20  # consignments of one lane of which a page has the form of the receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLine:
    """One line of a request: what is asked for (nothing for a line that stands in for another), and
    what was counted. ``instead_of`` are the lines that were asked and for which this one was
    promised or sent; ``stood_in`` the other way round.
    """

    line: Line
    asked: Wanted
    sums: Sums
    instead_of: "tuple[GoodsLine, ...]" = ()
    stood_in: "tuple[GoodsLine, ...]" = ()

    @property
    def requested(self) -> int:
        """How many are asked for."""
        return self.asked.number

    @property
    def undecided(self) -> int:
        """Of what is asked for, what has been neither promised, refused nor cancelled."""
        return self.sums.undecided(self.requested)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """What went together, and the receipt of it that counts, if one is in hand."""

    sent: Step
    lines: Mapping[Line, int]
    receipt: Step | None


StandsFor = Mapping[Line, Collection[Line]]  # of a line those for which it stands


def goods_of(
    kind: Kind, body: Body, sums: Mapping[Line, Sums], instead: StandsFor
) -> tuple[GoodsLine, ...]:
    """The lines of a request in its own order, then those that were counted beside it, each with
    those of the request for which it stands.
    """
    if kind.lines is None:
        return ()
    asked = kind.lines(body)
    order = [*asked, *(line for line in sums if line not in asked)]
    plain = {
        line: GoodsLine(line=line, asked=asked.get(line, _NOTHING), sums=sums.get(line, Sums()))
        for line in order
    }
    return tuple(
        replace(
            plain[line],
            instead_of=tuple(plain[one] for one in asked if one in instead.get(line, ())),
            stood_in=tuple(
                plain[other] for other in order if line in asked and line in instead.get(other, ())
            ),
        )
        for line in order
    )


def instead_in(declared: Declaration, steps: Iterable[Step], standing: Standing) -> StandsFor:
    """For which lines others were promised or sent, as the facts of a lane that count say."""
    found: dict[Line, set[Line]] = {}
    for step in _facts(declared, steps, standing, Column.ALLOTTED, Column.SENT):
        for line, asked in stands_for(step).items():
            found.setdefault(line, set()).add(asked)
    return found


def instead_in_all(lanes: Iterable[Iterable[GoodsLine]]) -> StandsFor:
    """The same of all lanes of a request, for the requester."""
    found: dict[Line, set[Line]] = {}
    for one in (line for lane in lanes for line in lane):
        found.setdefault(one.line, set()).update(other.line for other in one.instead_of)
    return found


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
    return tuple(
        Consignment(sent=step, lines=counted(step), receipt=standing.receipts.get(step.step))
        for step in _facts(declared, steps, standing, Column.SENT)
    )


def _facts(
    declared: Declaration, steps: Iterable[Step], standing: Standing, *columns: Column
) -> Iterator[Step]:
    """The steps that count into these columns."""
    for step in steps:
        counts = not standing.verdicts or (standing.verdicts[step.key].outcome is Outcome.COUNTED)
        if declared.columns.get(step.act) in columns and counts:
            yield step


def receivable(consignments: Sequence[Consignment], chosen: str = "") -> tuple[Consignment, ...]:
    """Of which consignments a page has the form of the receipt, in their order: the one that was
    chosen, those that wait for theirs, oldest first, then the newest others; so many in all.
    """
    waiting = [one for one in consignments if one.receipt is None]
    others = [one for one in reversed(consignments) if one.receipt is not None]
    first = sorted([*waiting, *others], key=lambda one: one.sent.step != chosen)[:RECEIPTS_MAX]
    kept = {one.sent.step for one in first}
    return tuple(one for one in consignments if one.sent.step in kept)


def useful(
    column: Column, goods: Iterable[GoodsLine], sent: Iterable[Consignment], *, moving: bool
) -> bool:
    """Whether a page offers to count into that column: there is something left to count, and while
    nothing moves any more (``moving`` is False) only what still has to come right.
    """
    lines = tuple(goods)
    is_open = any(line.sums.open for line in lines)
    undecided = any(line.undecided for line in lines)
    if column in (Column.GIVEN_BACK, Column.SENT):
        return is_open and (moving or column is Column.GIVEN_BACK)
    if column is Column.RECEIVED:
        waits = any(one.receipt is None for one in sent)
        return bool(lines) and (waits or (moving and any(line.sums.allotted for line in lines)))
    return moving and (undecided or (column is Column.CANCELLED and is_open))
