"""What the simulator remembers so as to be quick: answers of functions that depend on nothing else.

A parcel is read by its maker, by the watch and by whoever receives it; a signature is checked as
often. The answer is always the same, so most worlds work it out once. The worlds that keep their
databases in files remember nothing: if an answer ever depended on more than was asked, they would
see it. They also make the tables of a board anew when it is folded again, which here are emptied.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from unittest.mock import patch

from tansiq.board.board import Board
from tansiq.board.tables import TABLES
from tansiq.desk.exchange import opening
from tansiq.log import canonical, checkpoint, keys
from tansiq.log.merkle import Frontier
from tansiq.sync import parcel
from tansiq.sync.parcel import Lookup, Parcel

KEPT = 4_096


@contextmanager
def remembering() -> Iterator[None]:
    """Remember, until the end of this world."""
    with ExitStack() as stack:
        for module, name, count in (
            (keys, "verifies", KEPT),
            (keys, "age_decrypt", 256),
            (keys, "_signing_key", 64),
            (keys, "_identity", 64),
            (checkpoint, "_parse", KEPT),
        ):
            known = lru_cache(count)(getattr(module, name))
            stack.enter_context(patch.object(module, name, known))
        decoding = staticmethod(lru_cache(KEPT)(Frontier.decode))
        stack.enter_context(patch.object(Frontier, "decode", decoding))
        stack.enter_context(patch.object(canonical, "decode", _decoding()))
        reading = _reading()
        for module in (parcel, opening):
            stack.enter_context(patch.object(module, "read_plain", reading))
        stack.enter_context(patch.object(Board, "drop", _emptied))
        yield


def _emptied(board: Board, *, labels: bool = False) -> None:
    """Tables that are made anew cost a tenth of a world: each statement is prepared again."""
    for name in ("search", *reversed(TABLES)):
        if labels or name != "label":
            board.db.run(f"DELETE FROM {name}")
    board.forget()


def _decoding() -> Callable[..., canonical.JSON]:
    """What was once found canonical is only parsed again: each caller gets values of its own."""
    honest, good = canonical.decode, set[bytes]()

    def decode(data: bytes, limit: int = canonical.BOUNDS.entry_bytes_max) -> canonical.JSON:
        if data in good and len(data) <= limit:
            return canonical._DECODER.decode(data)  # type: ignore[no-any-return]
        value = honest(data, limit)
        good.add(data)
        return value

    return decode


def _reading() -> Callable[..., Parcel]:
    """A plain parcel that was good under a key is good again under that key, and no other."""
    honest, good = parcel.read_plain, dict[tuple[bytes, str, bool], tuple[Parcel, bytes]]()

    def read_plain(plain: bytes, lookup: Lookup, me: str, *, unread: bool = False) -> Parcel:
        known = good.get((plain, me, unread))
        if known is not None:
            header = known[0].header
            if lookup(header.sender, header.node) == known[1]:
                return known[0]
        asked: list[bytes | None] = []

        def noted(party: str, node: str) -> bytes | None:
            asked.append(lookup(party, node))
            return asked[-1]

        opened = honest(plain, noted, me, unread=unread)
        if asked[-1] is not None:
            good[plain, me, unread] = opened, asked[-1]
        return opened

    return read_plain
