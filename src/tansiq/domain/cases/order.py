"""The order of what two sides did in one lane: by what each knew, never by arrival, id or clock.

The folds ask it which entries are in hand, and what came before what. Sets of steps are whole
numbers, one bit per step, so that a lane of hundreds of steps folds in milliseconds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases.step import Seat, Step, StepId, StepKey
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import ReleaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A release of the root in this lane: the first opens it, later ones restate it.

    ``ordinal`` counts them; ``moments`` are the root's moments that clocks ask for, in
    milliseconds, and of a choice that they ask for its number, counted from 1.
    """

    release: ReleaseId
    ordinal: int
    moments: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The root's release was recalled or its retention has ended, and with it the lane.

    ``after`` names the newest entries that the owner's node held then. At the seat's node it is
    None: its own steps stay there, without verdict.
    """

    after: tuple[str, ...] | None


Entry = Opening | Step | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What one node holds of one lane, in any order: the owner, the other seat, and the entries."""

    owner: PartyCode
    seat: Seat
    entries: tuple[Entry, ...] = ()

    def steps(self) -> tuple[Step, ...]:
        """The steps in hand."""
        return tuple(entry for entry in self.entries if isinstance(entry, Step))

    def openings(self) -> tuple[Opening, ...]:
        """The root's releases in hand, in their order."""
        found = (entry for entry in self.entries if isinstance(entry, Opening))
        return tuple(sorted(found, key=lambda opening: (opening.ordinal, opening.release)))

    def ended(self) -> Ended | None:
        """How it ended, if it did."""
        return next((entry for entry in self.entries if isinstance(entry, Ended)), None)

    def answers(self, step: Step) -> int:
        """Which statement of the root, by its ordinal, the author of a step knew as the newest; 0
        where none of those is in hand.
        """
        ordinals = {str(one.release): one.ordinal for one in self.openings()}
        earlier: dict[str, list[str]] = {}
        for one in self.steps():
            earlier.setdefault(one.step, []).extend(one.after)
        found, names, seen = 0, list(step.after), set[str]()
        while names:
            name = names.pop()
            found = max(found, ordinals.get(name, 0))
            if name not in seen:
                seen.add(name)
                names += earlier.get(name, ())
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Steps of which all that came before is in hand: ``past[n]`` are those before ``steps[n]``.

    A step stands behind all of its past. ``waiting`` are those that name what is not in hand or
    whose act is unknown here, and all that follow them.
    """

    steps: tuple[Step, ...]
    past: tuple[int, ...]
    waiting: tuple[Step, ...]
    number: Mapping[StepKey, int]
    _meant: "_Meant"

    def known(self, names: Iterable[str], author: PartyCode) -> int:
        """What an author knew who named these entries: they and all before them."""
        found = 0
        for name in names:
            number = self.named(name, author)
            if number is not None:
                found |= self.past[number] | 1 << number
        return found

    def named(self, name: str, author: PartyCode) -> int | None:
        """The step that ``author`` means by an id, None if it waits or is not in hand."""
        key = self._meant.key(name, author)
        return None if key is None else self.number.get(key)


class _Meant:
    """What an author means by an id: its own step, else that of another. So nobody changes the
    meaning of another's words with a step of the same id.
    """

    def __init__(self, keys: Iterable[StepKey]) -> None:
        self._authors: dict[str, list[PartyCode]] = {}
        for key in sorted(keys):
            self._authors.setdefault(key.step, []).append(key.author)

    def key(self, name: str, author: PartyCode) -> StepKey | None:
        """The step of that id, None if none is in hand."""
        authors = self._authors.get(name)
        if authors is None:
            return None
        return StepKey(author if author in authors else authors[0], StepId(name))

    def keys(self, names: Iterable[str], author: PartyCode) -> list[StepKey]:
        """Those in hand, each once."""
        found = (self.key(name, author) for name in sorted(set(names)))
        return [key for key in found if key is not None]


def bits(mask: int) -> Iterator[int]:
    """The numbers of the steps in a set, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def ordered(
    steps: Iterable[Step],
    releases: Iterable[str],
    weigh: Callable[[Step], int | None],
    about: Callable[[Step], StepKey | None] | None = None,
) -> Order:
    """Put steps behind all that they name; those repeated count once, in whichever order they come.

    ``releases`` are the root's that are in hand. ``weigh`` says how heavy a step is, None if its
    act is unknown here: of steps that did not know of each other the lighter stands first.
    ``about`` names one more step that must be in hand, beside those in ``after``.
    """
    single = _single(steps)
    meant = _Meant(single)
    released = frozenset(releases)
    earlier: dict[StepKey, list[StepKey]] = {}
    weights: dict[StepKey, int] = {}
    missing: dict[StepKey, int] = {}
    for key, step in single.items():
        names = [name for name in step.after if name not in released]
        earlier[key] = meant.keys(names, step.author)
        in_hand = len(earlier[key]) == len(set(names))
        named = about(step) if about else None
        if named is not None:
            earlier[key] = list({*earlier[key], named})
            in_hand = in_hand and named in single
        weight = weigh(step)
        weights[key] = weight or 0
        missing[key] = len(earlier[key]) if weight is not None and in_hand else -1
    placed = _in_turn(earlier, weights, missing)
    number = {key: n for n, key in enumerate(placed)}
    past: list[int] = []
    for key in placed:
        past.append(_union(past[number[other]] | 1 << number[other] for other in earlier[key]))
    return Order(
        steps=tuple(single[key] for key in placed),
        past=tuple(past),
        waiting=tuple(single[key] for key in sorted(single) if key not in number),
        number=number,
        _meant=meant,
    )


def _in_turn(
    earlier: Mapping[StepKey, list[StepKey]],
    weights: Mapping[StepKey, int],
    missing: dict[StepKey, int],
) -> list[StepKey]:
    """Each step behind all those earlier, the lighter first; none of which one is ``missing``."""
    followers: dict[StepKey, list[StepKey]] = {}
    for key, before in earlier.items():
        for other in before:
            followers.setdefault(other, []).append(key)
    placed: list[StepKey] = []
    ready = [(weights[key], key) for key, count in missing.items() if count == 0]
    heapify(ready)
    while ready:
        _, key = heappop(ready)
        placed.append(key)
        for follower in followers.get(key, ()):
            missing[follower] -= 1
            if missing[follower] == 0:
                heappush(ready, (weights[follower], follower))
    return placed


def newest(order: Order, openings: Iterable[Opening]) -> tuple[str, ...]:
    """What a step of this node names in ``after``: the entries in hand that no other follows.

    What waits is not named, for its author cannot have acted on it.
    """
    followed = _union(order.past)
    named = {name for step in order.steps for name in step.after}
    found = {step.step for n, step in enumerate(order.steps) if not followed >> n & 1}
    last = max(openings, key=lambda opening: (opening.ordinal, opening.release), default=None)
    if last is not None and last.release not in named:
        found.add(StepId(last.release))
    return tuple(sorted(found)[: BOUNDS.case_after_max])


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _single(steps: Iterable[Step]) -> dict[StepKey, Step]:
    """Each step once. An author that says two things under one id is held to one of them, the same
    wherever both are in hand.
    """
    single: dict[StepKey, Step] = {}
    for step in steps:
        known = single.get(step.key)
        if known is None or (known != step and repr(step.to_json()) < repr(known.to_json())):
            single[step.key] = step
    return single
