"""Whether all say go: what each position that was asked says of a joint operation as it stands.

The desk folds the rounds of an operation's circle by :func:`going`. Only the newest round counts,
and only of the frame of which it asked. What is not in hand says nothing, so that nobody goes by
silence: a go stands where each position that was asked has said go, or go with a condition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.domain.cases import Round, Seat, SeatAnswer
from tansiq.domain.kinds.operations.joint_operation import (
    ANSWER_BY,
    ANSWERS,
    GO,
    GO_ASKED,
    GO_IF,
    NO_GO,
    NOW,
    STATED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What the newest round asks (the stage that it opened, "" before the first), what each seat
    says to just that, by when answers are due (ms, 0 = not said), and whether the round is of an
    ``older`` frame than the one in hand.
    """

    asks: str = ""
    seats: tuple[SeatAnswer, ...] = ()
    due: int = 0
    older: bool = False

    @property
    def all_go(self) -> bool:
        """Whether each position that was asked says go to the frame as it stands."""
        said = _said(self.seats)
        fits = self.asks == GO_ASKED and not self.older
        return fits and bool(said) and all(one in (GO, GO_IF) for one in said)

    @property
    def somebody_says_no(self) -> bool:
        """Whether a position says no go."""
        return any(one.answer and one.answer.act == NO_GO for one in self.seats)

    @property
    def conditions(self) -> tuple[tuple[Seat, str], ...]:
        """The conditions on which positions say go."""
        return tuple(
            (one.seat, str(one.answer.values["condition"]))
            for one in self.seats
            if one.answer and one.answer.act == GO_IF
        )

    @property
    def takes(self) -> tuple[str, ...]:
        """The answers that it takes now: of an older frame no go alone."""
        takes = ANSWERS.get(self.asks, ())
        return tuple(one for one in takes if one not in (GO, GO_IF)) if self.older else takes


def going(rounds: Sequence[Round], stated: int) -> Going:
    """What the newest of these rounds, oldest first, comes to, where the frame in hand says what it
    says since ``stated`` (ms, 0 = nobody was asked about it yet).
    """
    if not rounds:
        return Going()
    newest = rounds[-1]
    asks = str(newest.opened.values.get(NOW, ""))
    due = newest.opened.values.get(ANSWER_BY, 0)
    return Going(
        asks=asks,
        seats=tuple(_fitting(one, ANSWERS.get(asks, ())) for one in newest.seats),
        due=due if isinstance(due, int) else 0,
        older=newest.opened.values.get(STATED, 0) != stated,
    )  # fmt: skip


def _said(seats: Sequence[SeatAnswer]) -> list[str]:
    """What each of these seats says, "" where nothing is in hand."""
    return [one.answer.act if one.answer else "" for one in seats]


def _fitting(one: SeatAnswer, takes: Sequence[str]) -> SeatAnswer:
    """What a seat says to what the round asks; an answer to anything else is none."""
    fits = one.answer is not None and one.answer.act in takes
    return one if fits else SeatAnswer(seat=one.seat, answer=None)
