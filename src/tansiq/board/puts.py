"""What own records ask of positions of their own party: to look at them again on a day, and to
decide about other own records.

Folding calls ``keep`` with each run of editions. What a record asks about itself follows its newest
edition. What it asks about another begins with its first edition, and ends with the next edition of
that other (``waits.follow``): its owner has written what is to hold.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tansiq.board import waits
from tansiq.board.board import Board, key_of
from tansiq.domain.attention import Wait
from tansiq.domain.kinds.kind import Put

if TYPE_CHECKING:
    from tansiq.board.current_rows import CurrentRow


def keep(board: Board, run: Sequence["CurrentRow"], old: Collection[str]) -> None:
    """Let wait what the own records of this run ask; ``old`` are the keys of those that stood on
    the board before it. A run is what its editions would do one after the other.
    """
    asking = [(n, one) for n, one in enumerate(run) if one.kind.puts and one.received is None]
    if not asking:
        return
    last = {one.key: n for n, one in enumerate(run)}
    begun = set(old)
    for n, one in asking:
        asked = [Put(*put) for put in one.derived.puts]
        if n == last[one.key]:
            _about_itself(board, one, [put for put in asked if not put.about])
        if one.key not in begun:
            begun.add(one.key)
            for put in asked:
                target = key_of(board.me, put.about)
                if put.about and last.get(target, -1) < n:
                    waits.begin(board, _wait(one, put, target, waits.PROPOSED))


def _about_itself(board: Board, one: "CurrentRow", asked: Sequence[Put]) -> None:
    wait = _wait(one, asked[0], one.key, waits.REVIEW) if asked else None
    waits.until(board, waits.REVIEW, one.key, wait)


def _wait(one: "CurrentRow", put: Put, about: str, why: str) -> Wait:
    return Wait(
        seat=put.seat or one.by, about=about, why=why, step=str(put.due or one.record),
        since=one.at, due=put.due, quiet=put.due > 0,
    )  # fmt: skip
