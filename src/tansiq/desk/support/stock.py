"""What the support desk has in stock: balances now and as of an earlier moment, and the acts of a
case that take out of it or put into it.

The pages of ``/stock`` and the acts on a request's page ask here. A movement is written in the same
transaction as the step that it belongs to: both are there or neither. Nothing of it leaves, and no
step says more for it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import stock
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import Column, Line, StepId
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.facets import day_moment
from tansiq.domain.kinds.support.stock import (
    STOCK,
    Batch,
    balances,
    batch_from_key,
    batch_of,
    signed,
    taken_out,
)
from tansiq.domain.kinds.support.supplies import OTHER
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.policy.release import covers, open_all

_PAGE: Final = 500  # movements that are read at once as of an earlier moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How much of a batch is there; ``soon`` says that it expires before long, ``over`` that it has
    expired.
    """

    batch: Batch
    count: int
    soon: bool
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """What is in stock for a viewer, by item and day of expiry; ``cut`` says that there is more."""

    balances: tuple[Balance, ...]
    cut: bool


@reading_as
def there(desk: Desk, viewer: Viewer, as_of: int = 0) -> There:
    """What is in stock now, or as it was known at an earlier moment (milliseconds)."""
    now = desk.clock.now()
    found = balances(_known(desk, viewer, as_of)) if as_of else _now(desk, viewer)
    most = BOUNDS.stock_batches_max
    rows = [_balance(batch, count, as_of or now) for batch, count in sorted(found.items())]
    return There(balances=tuple(rows[:most]), cut=len(rows) > most)


def _now(desk: Desk, viewer: Viewer) -> dict[Batch, int]:
    """How much of each batch is there."""
    opened = open_all(viewer, stock.batches(desk.board, viewer), desk.clock.now())
    return {batch_from_key(one.value.batch): one.value.number for one in opened}


def _known(desk: Desk, viewer: Viewer, as_of: int) -> Iterator[Body]:
    """Every movement that was known by then."""
    query = Query(kinds=(STOCK.name,), owners=(desk.me,), limit=_PAGE, as_of=as_of)
    while True:
        page = read.page(desk, viewer, query)
        yield from (view.value.body for view in page.rows)
        if page.after is None:
            return
        query = replace(query, after=page.after)


def _balance(batch: Batch, count: int, now: int) -> Balance:
    day = day_moment(batch.use_by) if batch.use_by else 0
    return Balance(
        batch=batch, count=count, soon=bool(day) and day - stock.SOON_MS <= now,
        over=bool(day) and day <= now,
    )  # fmt: skip


def take(desk: Desk, actor: Actor, wanted: Wanted) -> StepId:
    """Take a step as :func:`taking.take`, and what it sends out of stock, or what came whole into
    it. Raises as that, and InputError where less is there than is sent, and for a request under a
    stricter label than the stock; then nothing is kept.
    """
    with desk.act() as act:
        step = taking.take_in(act, actor, wanted)
        if step is None:
            raise InputError("stock_chain")
        view = taking.view_of(desk, actor, wanted.owner, wanted.record)
        if not may_book(view.label):
            raise InputError("stock_label")
        declared = kind_named(view.kind).case
        column = declared.columns.get(wanted.act) if declared else None
        if column is Column.SENT:
            bodies, consignment = list(_sent(desk, actor, view, wanted)), step
        elif column is Column.RECEIVED:
            bodies, consignment = list(_came(desk, actor, view, wanted)), StepId(wanted.of)
        else:
            raise InputError("stock_act")
        beside: Body = {"request": view.record, "consignment": consignment or step}
        label = Label()
        say.write_all(
            act,
            actor,
            [say.Draft(kind=STOCK.name, body=body | beside, label=label) for body in bodies],
        )
        return step


def may_book(request: Label) -> bool:
    """Whether movements may tell of a request under this label: everybody of our party who may read
    a movement may read it too.
    """
    return covers(Label(), request)


def _sent(desk: Desk, actor: Actor, view: RecordView, wanted: Wanted) -> Iterator[Body]:
    """What a consignment takes out of stock, what expires first before the rest."""
    have = list(_now(desk, desk.viewer(actor)).items())
    for batch, count in _counts(view, wanted).items():
        for taken, number in taken_out(have, batch, count).items():
            yield _movement("out", taken, number)


def _came(desk: Desk, actor: Actor, view: RecordView, wanted: Wanted) -> Iterator[Body]:
    """What a receipt puts into stock: what came whole, less what earlier receipts of the same
    consignment have put there.
    """
    now = Counter(_counts(view, wanted))
    now.subtract(_before(desk, actor, view, wanted.of) if wanted.of else {})
    for batch, change in sorted(now.items()):
        if change:
            yield _movement("in" if change > 0 else "out", batch, abs(change))


def _counts(view: RecordView, wanted: Wanted) -> dict[Batch, int]:
    """What an act says line by line, each as a batch without a day; of what a receipt says, what
    came whole.
    """
    lines = kind_named(view.kind).lines
    asked = lines(view.body) if lines else {}
    found: dict[Batch, int] = {}
    for name, count in wanted.values.items():
        parts = name.split(".")
        if len(parts) == len(Line._fields) and isinstance(count, int):
            line = Line(*parts)
            named = asked[line].named if line.line == OTHER and line in asked else ""
            found[Batch(line.line, line.unit, named=named)] = count
    return found


def _before(desk: Desk, actor: Actor, view: RecordView, consignment: str) -> dict[Batch, int]:
    """What receipts of this consignment have put into stock."""
    found: Counter[Batch] = Counter()
    for one in read.linked(desk, desk.viewer(actor), view.record, "request"):
        body = one.value.body
        if (one.value.owner, one.value.kind) == (desk.me, STOCK.name) and (
            body.get("consignment") == consignment
        ):
            found[batch_of(body)] += signed(body)
    return found


def _movement(move: str, batch: Batch, count: int) -> Body:
    body: Body = {"move": move, "item": batch.item, "unit": batch.unit, "count": count}
    more = {"named": batch.named, "use_by": batch.use_by}
    return body | {name: value for name, value in more.items() if value}
