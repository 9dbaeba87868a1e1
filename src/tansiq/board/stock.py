"""Stock: how much of each batch is there, under which label, and what of it is to be used soon.

Folding calls ``keep`` with what own records book, each once: their kind is final. The desk asks
``batches`` for a viewer and ``there`` before it books. A batch that has a day of expiry waits for
the position that began it, from ``SOON_DAYS`` before that day until nothing of it is left.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tansiq.board import waits
from tansiq.board.board import Board
from tansiq.board.visible_labels import numbers, visible_to
from tansiq.domain.attention import Wait
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds.facets import day_moment
from tansiq.domain.kinds.kind import Booking
from tansiq.domain.parties import Viewer
from tansiq.policy.seal import Sealed, seal

if TYPE_CHECKING:
    from tansiq.board.current_rows import CurrentRow

_DAY_MS: Final = 86_400_000
SOON_MS: Final = BOUNDS.stock_soon_days * _DAY_MS


class InStock(NamedTuple):
    """A batch by its key, and how much of it is there."""

    batch: str
    number: int


def keep(board: Board, run: Sequence["CurrentRow"]) -> None:
    """Add up what own records among these book, and let what is there wait for its day."""
    for one in run:
        if one.derived.booked is None or one.received is not None:
            continue
        booking, label = Booking(*one.derived.booked), one.label_id(board)
        board.db.run(
            """INSERT INTO stock (batch, label, n, began) VALUES (?, ?, ?, ?)
               ON CONFLICT (batch, label) DO UPDATE SET n = stock.n + excluded.n""",
            (booking.batch, label, booking.number, one.key),
        )
        if booking.use_by:
            _await(board, one, booking, label)


def _await(board: Board, one: "CurrentRow", booking: Booking, label: int) -> None:
    rows = board.db.rows(
        "SELECT n, began FROM stock WHERE batch = ? AND label = ?", (booking.batch, label)
    )
    count, began = int(str(rows[0][0])), str(rows[0][1])
    wait = Wait(
        seat=one.by, about=began, why=waits.EXPIRY, step=booking.use_by, since=one.at,
        due=max(day_moment(booking.use_by) - SOON_MS, 1), quiet=True,
    )  # fmt: skip
    waits.expiry(board, began, wait if count > 0 else None)


def batches(board: Board, viewer: Viewer) -> list[Sealed[InStock]]:
    """The batches of which something is there, under labels that the viewer may read, by key."""
    labels = visible_to(board, viewer).own
    known = board.labels()
    rows = board.db.rows(
        f"""SELECT batch, label, n FROM stock WHERE n > 0 AND label IN ({numbers(labels)})
            ORDER BY batch, label"""
    )
    return [
        seal(InStock(str(batch), int(str(count))), owner=board.me, label=known[int(str(label))][1])
        for batch, label, count in rows
    ]


def there(board: Board, batch: str) -> int:
    """How much of this batch is there; 0 also for one that nobody ever booked."""
    rows = board.db.rows("SELECT COALESCE(SUM(n), 0) FROM stock WHERE batch = ?", (batch,))
    return int(str(rows[0][0]))
