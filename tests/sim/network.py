"""What happens to parcels on their way: lost, doubled, late, out of order, cut, old, changed."""

from dataclasses import dataclass, field
from random import Random

from tansiq.domain.parties import PartyCode

Pair = tuple[PartyCode, PartyCode]
STICKS_MAX = 40


@dataclass(frozen=True, slots=True)
class Parcel:
    """Sealed bytes under way. ``name`` is what the trace calls them: the bytes are random."""

    name: str
    sender: PartyCode
    receiver: PartyCode
    data: bytes
    due: int
    asks: bool  # whether the other side answers, as over a connection


@dataclass(slots=True)
class Network:
    """Parcels under way, sticks in drawers, and which pairs are cut off from one another."""

    chance: Random
    under_way: list[Parcel] = field(default_factory=list)
    sticks: list[Parcel] = field(default_factory=list)
    cut: set[frozenset[PartyCode]] = field(default_factory=set)
    made: int = 0

    def name(self) -> str:
        """What the trace calls the next parcel."""
        self.made += 1
        return f"p{self.made}"

    def send(self, parcel: Parcel, now: int) -> str:
        """Hand a parcel to the network; what becomes of it."""
        if frozenset((parcel.sender, parcel.receiver)) in self.cut or self.chance.random() < 0.15:
            return "lost"
        copies = 2 if self.chance.random() < 0.15 else 1
        for _ in range(copies):
            late = self.chance.choice((0, 0, 0, 1_000, 60_000, 600_000, 20_000_000))
            self.under_way.append(
                Parcel(parcel.name, parcel.sender, parcel.receiver, parcel.data, now + late,
                       parcel.asks)
            )  # fmt: skip
        return "sent twice" if copies == 2 else "sent"

    def arrived(self, now: int) -> Parcel | None:
        """One of the parcels that are due, in any order."""
        due = [n for n, parcel in enumerate(self.under_way) if parcel.due <= now]
        return self.under_way.pop(self.chance.choice(due)) if due else None

    def keep(self, parcel: Parcel) -> None:
        """Write a parcel to a stick; old sticks are never thrown away."""
        self.sticks.append(parcel)
        del self.sticks[:-STICKS_MAX]

    def stick(self) -> tuple[str, Parcel, bytes] | None:
        """Take a stick from the drawer: what became of it, its parcel, the bytes on it."""
        if not self.sticks:
            return None
        parcel = self.chance.choice(self.sticks)
        how, size = self.chance.choice(("whole", "whole", "torn", "flipped")), len(parcel.data)
        share = self.chance.random()
        if how == "torn":
            return how, parcel, parcel.data[: int(share * size)]
        if how == "flipped":
            at = int(share * size)
            flipped = parcel.data[at] ^ 1 << self.chance.randrange(8)
            return how, parcel, parcel.data[:at] + bytes([flipped]) + parcel.data[at + 1 :]
        return how, parcel, parcel.data
