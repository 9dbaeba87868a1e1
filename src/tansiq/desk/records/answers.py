"""What a holder said about a release: every act, in its order, for the timeline of its holders."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tansiq.domain.records import RecordView

_SAID: Final = {
    "acknowledgement": "acknowledged", "rfi": "questioned", "dispute": "disputed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One act of a holder about a release, as a state of it, and when (ms)."""

    state: str
    at: int


def answers_of(
    views: Iterable[tuple[RecordView, int]], *, since: int
) -> tuple[tuple[Answer, ...], frozenset[str]]:
    """Of a holder's records about ours, each with when it came here (ms), those that came since the
    release left, in the order in which they came, and their kinds; nothing for a release that has
    not left (0). The holder's own clock, which may be slow, decides nothing.
    """
    after = sorted((pair for pair in views if pair[1] >= since > 0), key=lambda pair: pair[1])
    said = (Answer(_SAID[view.kind], view.at) for view, _ in after if view.kind in _SAID)
    return tuple(said), frozenset(view.kind for view, _ in after)
