"""Attention: what waits for a position, and which rings are due. The desk's tick and the pages ask.

State is a fold of what waits, of what the journal says has rung and was heard, and of now. No timer
is kept. So after a restart, a jump of the clock or a week off line exactly those rings come that
are due, once, and each position hears one bundle.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tansiq.domain.escalation import Haste, Level, Rung, Step, gaps, plan, steps
from tansiq.domain.parties import Position

ALWAYS: Final = frozenset({Haste.SAFETY, Haste.FLASH})  # these ring whatever the clock says


class Bell(StrEnum):
    """What a ring says: something came, or its time is up."""

    ARRIVAL = "arrival"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something that asks for attention.

    ``seat`` is the position that it asks, "" = the watch. ``about`` is the key of a record or a
    lane, ``why`` a word key, ``step`` what began the wait: a release, a step of a case, an edition.
    ``since`` and ``due`` are moments in milliseconds, ``due`` 0 = none. ``quiet`` = it does not
    ring when it comes, only when it is due (a check-in). It is over by itself when it ``ends``
    (ms, 0 = never). What it ``said`` is gone with it: no entry of the journal repeats it.
    """

    seat: str
    about: str
    why: str
    step: str
    since: int
    due: int = 0
    haste: Haste = Haste.ROUTINE
    quiet: bool = False
    said: str = ""
    ends: int = 0

    @property
    def id(self) -> str:
        """One clock per starting step: a new step of the same matter is another wait."""
        return f"{self.why} {self.seat or '-'} {self.about} {self.step}"

    @property
    def must_act(self) -> bool:
        """Whether it rings on whoever has heard it: a life is in danger, and it rang as it came."""
        return self.haste is Haste.SAFETY and not self.quiet

    @property
    def order(self) -> tuple[int, int, str]:
        """Haste first, then the older: what comes later passes nothing of equal haste."""
        return self.haste.rank, self.since, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """What the journal says of a ring: which wait and bell, up to which level, for whom."""

    wait: str
    bell: Bell
    level: Rung
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the journal says of somebody who heard it: this bell of this wait is silent for all."""

    wait: str
    bell: Bell


@dataclass(slots=True)
class Past:
    """What has rung and what was heard, by wait and bell."""

    rung: dict[tuple[str, Bell], set[str]] = field(default_factory=dict)
    telephoned: set[tuple[str, Bell]] = field(default_factory=set)
    heard: set[tuple[str, Bell]] = field(default_factory=set)

    def take(self, item: Rang | Heard) -> None:
        """Take the next entry of the journal in."""
        key = item.wait, item.bell
        if isinstance(item, Heard):
            self.heard.add(key)
            return
        self.rung.setdefault(key, set()).update(item.to)
        if item.level is Rung.TELEPHONE:
            self.telephoned.add(key)


def past(entries: Iterable[Rang | Heard]) -> Past:
    """The past that these entries of the journal, in their order, come to."""
    found = Past()
    for item in entries:
        found.take(item)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who can be asked now: the node's positions, those ``on`` duty, and who may see what a wait
    is about. ``in_doubt`` = the node's clock is not believed.
    """

    positions: Sequence[Position]
    on: Collection[str]
    able: Callable[[Wait], Collection[str]]
    in_doubt: bool = False

    def plan(self, wait: Wait) -> tuple[Level, ...]:
        """The levels of this wait."""
        return plan(wait.seat, self.positions, wait.haste)

    def steps(self, wait: Wait) -> tuple[Step, ...]:
        """The steps of this wait with those who are there."""
        return steps(self.plan(wait), self.on, self.able(wait))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A ring that is due now: for whom, and which level it has come to."""

    wait: Wait
    bell: Bell
    level: Rung
    to: tuple[str, ...]

    @property
    def rang(self) -> Rang:
        """What the journal is to say of it."""
        return Rang(wait=self.wait.id, bell=self.bell, level=self.level, to=self.to)


def rings(waits: Iterable[Wait], before: Past, watch: Watch, now: int) -> list[Ring]:
    """The rings that are due and have not come, most haste first. Once the journal has them in, the
    same question gives none.
    """
    found: list[Ring] = []
    for wait in sorted(waits, key=lambda item: item.order):
        for bell in _bells(wait, now, in_doubt=watch.in_doubt):
            ring = _ring(wait, bell, before, watch, now)
            if ring is not None:
                found.append(ring)
    return found


def _bells(wait: Wait, now: int, *, in_doubt: bool) -> list[Bell]:
    """The bells that have begun to ring. An arrival has, whatever the clock says."""
    begun = [] if wait.quiet else [Bell.ARRIVAL]
    if 0 < wait.due <= now and (not in_doubt or wait.haste in ALWAYS):
        begun.append(Bell.DUE)
    return begun


def _ring(wait: Wait, bell: Bell, before: Past, watch: Watch, now: int) -> Ring | None:
    key = wait.id, bell
    if key in before.heard:
        return None
    reached = _reached(watch.steps(wait), wait, bell, watch, now)
    if not reached:
        return None
    rung = before.rung.get(key, set())
    calls = reached[-1].rung is Rung.TELEPHONE and key not in before.telephoned
    to = {code for step in reached for code in step.positions if code not in rung}
    if calls:
        to.update(reached[-1].positions)
    return Ring(wait=wait, bell=bell, level=reached[-1].rung, to=tuple(sorted(to))) if to else None


def _reached(
    ladder: Sequence[Step], wait: Wait, bell: Bell, watch: Watch, now: int
) -> Sequence[Step]:
    """The steps that are asked by now. A clock in doubt takes nothing further up, and a clock that
    went back takes nothing away: what has come is there.
    """
    if watch.in_doubt and wait.haste not in ALWAYS:
        return ladder[:1]
    start = wait.since if bell is Bell.ARRIVAL else wait.due
    passed = max(now - start, 0)
    return [step for step in ladder if step.after <= passed]


def next_look(wait: Wait, before: Past, watch: Watch, now: int) -> int | None:
    """When this wait can ring next although nothing else changes; None = never. It is a hint for
    the tick, which looks again at everything when duty, doubt or the clock's course changes.
    """
    if watch.in_doubt and wait.haste not in ALWAYS:
        return None
    starts = [(Bell.DUE, wait.due)] if wait.due else []
    if not wait.quiet:
        starts.append((Bell.ARRIVAL, wait.since))
    unheard_yet = [start for bell, start in starts if (wait.id, bell) not in before.heard]
    steps = watch.steps(wait) if unheard_yet else ()
    moments = [start + step.after for start in unheard_yet for step in steps]
    return min((moment for moment in moments if moment > now), default=None)


def sounding(waits: Iterable[Wait], before: Past, position: str) -> list[Wait]:
    """The waits that have rung for a position and that nobody has heard: what its alarm goes on
    for, and the count that it shows ("4 unacknowledged").
    """
    return [
        wait
        for wait in sorted(waits, key=lambda item: item.order)
        if any(
            position in before.rung.get((wait.id, bell), ()) and (wait.id, bell) not in before.heard
            for bell in Bell
        )
    ]


def unheard(wait: Wait, before: Past) -> list[Heard]:
    """What the journal is to say when somebody hears this wait: every bell that has rung and is not
    silent yet. A bell that begins later rings. What came where a life is in danger ends when it was
    acted on, and to have heard it is not enough.
    """
    if wait.must_act:
        return []
    return [
        Heard(wait=wait.id, bell=bell)
        for bell in Bell
        if (wait.id, bell) in before.rung and (wait.id, bell) not in before.heard
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a wait stands, for a page: who is asked by now, which step comes next and when (ms, 0 =
    none), at which levels nobody is, and whether it was heard.
    """

    wait: Wait
    reached: tuple[Step, ...]
    next: Step | None
    next_at: int
    gaps: tuple[Level, ...]
    heard: bool


def stand(wait: Wait, before: Past, watch: Watch, now: int) -> Stand:
    """Where a wait stands, by the same rules by which it rings."""
    begun = _bells(wait, now, in_doubt=watch.in_doubt)
    bell = begun[-1] if begun else Bell.DUE
    ladder = watch.steps(wait)
    reached = tuple(_reached(ladder, wait, bell, watch, now)) if begun else ()
    heard = (wait.id, bell) in before.heard
    further = ladder[len(reached) :]
    start = wait.since if bell is Bell.ARRIVAL else wait.due
    coming = further[0] if further and not heard else None
    return Stand(
        wait=wait, reached=reached, next=coming,
        next_at=start + coming.after if coming else 0,
        gaps=gaps(watch.plan(wait), watch.on, watch.able(wait)), heard=heard,
    )  # fmt: skip
