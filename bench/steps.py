"""Where the time of an exchange goes: microseconds of processor a record, step by step.

Both nodes work in one process, one after the other; each step is timed alone, without those inside
it. The clock is that of the thread, so that what else the machine does counts little.
"""

import functools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import sides
from bench.command import options_of, tell
from bench.wire import CountingWire
from tansiq.board import current_rows, reading, received
from tansiq.board.board import Board
from tansiq.desk.act import notify
from tansiq.desk.exchange import accepting, exchange, opening
from tansiq.desk.records import importing
from tansiq.domain.kinds import Kind
from tansiq.log.database import Sqlite
from tansiq.log.store import LogStore
from tansiq.sync import parcel

# What is timed: where it hangs, its name, and the step that it is.
STEPS: tuple[tuple[Any, str, str], ...] = (
    (importing, "keep", "write: check, label, journal, release by rule"),
    (exchange, "next_parcel", "send: read the run, head, receipt"),
    (exchange, "seal", "send: sign, compress, encrypt"),
    (exchange, "incoming", "take: engine, receipts, the rest"),
    (opening, "opened", "take: decrypt, expand, verify"),
    (parcel, "_read_line", "take: decode and check each entry, leaf hash"),
    (received, "receive", "take: what may stand"),
    (accepting, "content_of", "take: what the tables need of an edition"),
    (reading, "wire_members", "take: read the wire edition and its label"),
    (Kind, "check", "take: check the body"),
    (current_rows, "_row", "write and take: the record's row"),
    (reading, "indexed", "write and take: normalise the words for search"),
    (LogStore, "append_leaves", "write and take: append to the log, frontier"),
    (notify, "tell", "write and take: who hears of it"),
    (Board, "label_id", "write and take: intern the label"),
    (Sqlite, "many", "write and take: statements for sets"),
    (Sqlite, "_execute", "write and take: single statements and commits"),
)


class Clock:
    """Time by step, each without the steps inside it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._inside: list[float] = []

    def timed(self, step: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, timed."""

        @functools.wraps(call)
        def run(*args: object, **named: object) -> object:
            began = time.thread_time()
            self._inside.append(0.0)
            try:
                return call(*args, **named)
            finally:
                took = time.thread_time() - began
                self.spent[step] = self.spent.get(step, 0.0) + took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return run


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    chosen = parser.parse_args()
    figures = measure(chosen.records)
    tell(figures, chosen)


def measure(count: int) -> dict[str, float]:
    """Microseconds a record for each step, the dearest first."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides.found_pair(folder, 0, CountingWire())
        here, there = sides.opened(folder, sides.HERE), sides.opened(folder, sides.THERE)
        for place, what, step in STEPS:
            setattr(place, what, clock.timed(step, getattr(place, what)))
        sides.fill(here, count)
        while exchange.incoming(there, exchange.next_parcel(here, sides.THERE).data).accepted:
            exchange.incoming(here, exchange.next_parcel(there, sides.HERE).data)
        here.database.close()
        there.database.close()
    ordered = sorted(clock.spent.items(), key=lambda item: -item[1])
    return {step: round(value / count * 1e6, 1) for step, value in ordered}


if __name__ == "__main__":
    main()
