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
    views: Iterable[RecordView], *, since: int
) -> tuple[tuple[Answer, ...], frozenset[str]]:
    """Of a holder's records about ours, those since the release left, oldest first, and their
    kinds; nothing for a release that has not left (0).
    """
    after = [view for view in views if view.at >= since > 0]
    said = (Answer(_SAID[view.kind], view.at) for view in after if view.kind in _SAID)
    kinds = frozenset(view.kind for view in after)
    return tuple(sorted(said, key=lambda one: one.at)), kinds
