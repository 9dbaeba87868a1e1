"""Approval chains: which positions of a party approve before it asks or promises, one by one.

A node's settings hold the chains, the desk asks ``chain_for`` before something leaves, the board
keeps the rounds, the pages of the own party show them. Nothing of this is ever part of a step or a
release: the other side sees what was decided, and not that anybody was asked. No time approves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.domain.escalation import Haste

APPROVERS_MAX: Final = 3
CHAINS_MAX: Final = 40
REASONS: Final = ("not_needed", "not_ours", "no_funds", "not_now", "incomplete", "other")
TEXT_CHARS_MAX: Final = 500


class Before(StrEnum):
    """Before what a chain is asked."""

    ASKING = "asking"  # a request of ours goes to those whom it asks
    GIVING = "giving"  # we promise, as those who are asked


class RoundState(StrEnum):
    """Where a round stands. Overtaken: what it was about has moved on since."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The ``positions`` that approve in this order, one to three, for these sorts of support; no
    ``sorts`` = all of them.
    """

    before: Before
    positions: tuple[str, ...]
    sorts: frozenset[str] = frozenset()


def chain_for(chains: Iterable[Chain], before: Before, sort: str) -> tuple[str, ...]:
    """The positions that approve, none where nobody has to: the first chain that fits. A sort that
    its owner withholds fits every chain, so that nothing passes because it says less.
    """
    for chain in chains:
        if chain.before is before and (not chain.sorts or not sort or sort in chain.sorts):
            return chain.positions
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one person of a chain said, as which position, when (ms)."""

    position: str
    person: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InwardRound:
    """One time that a chain was asked: by whom, since when (ms), about which root and lane ("" =
    before asking), and what is to leave. ``given`` are those who approved until now; ``by`` the
    person who ended it otherwise, with ``reason`` and ``text`` of a rejection. Each approver has
    ``each_ms``, since ``since``.
    """

    id: str
    root: str
    lane: str
    edition: int
    positions: tuple[str, ...]
    wanted: Mapping[str, object]
    haste: Haste
    each_ms: int
    asked: Given
    since: int
    given: tuple[Given, ...] = ()
    state: RoundState = RoundState.OPEN
    by: Given | None = None
    reason: str = ""
    text: str = ""

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts that would leave, in their order; none where a request would."""
        return tuple(str(self.wanted[name]) for name in ("act", "then") if self.wanted.get(name))

    @property
    def words(self) -> str:
        """The text that would go beside them."""
        words = self.wanted.get("words")
        return str(words.get("text", "")) if isinstance(words, dict) else ""

    @property
    def turn(self) -> str:
        """The position whose turn it is, "" once nobody is asked any more."""
        is_open = self.state is RoundState.OPEN
        return self.positions[len(self.given)] if is_open else ""

    @property
    def due(self) -> int:
        """By when (ms) whose turn it is should have said something; then it rings anew."""
        return self.since + self.each_ms

    @property
    def persons(self) -> frozenset[str]:
        """Who has had a say: nobody is two of them."""
        return frozenset(one.person for one in (self.asked, *self.given))
