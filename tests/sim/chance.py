"""What a seed decides: choices, clocks, identities and keys. Nothing else here is random."""

import hashlib
import uuid
from dataclasses import dataclass, field
from random import Random

START_MS = 1_790_000_000_000
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6


@dataclass(slots=True)
class WorldTime:
    """The true time, which no node knows."""

    now: int = START_MS


@dataclass(slots=True)
class NodeClock:
    """A node's own clock: the true time and an error. ``latest`` is the latest time it showed."""

    world: WorldTime
    error: int = 0
    latest: int = 0

    def now(self) -> int:
        """Milliseconds since the epoch, as this node believes."""
        shown = self.world.now + self.error
        self.latest = max(self.latest, shown)
        return shown


@dataclass(slots=True)
class SeededEntropy:
    """Identities in the form of UUIDv4, from a seed of their own."""

    seed: str
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)

    def uuid(self) -> str:
        """The next identity."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))


def secret(*parts: object) -> bytes:
    """32 bytes that stand for a key; the same parts give the same key."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).digest()


def age_identity(material: bytes) -> str:
    """A secret age identity from 32 bytes: the age library can only make random ones."""
    prefix = "age-secret-key-"
    values = _five_bit_groups(material)
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    residue = _polymod([*spread, *values, *[0] * _CHECKSUM]) ^ 1
    check = [residue >> 5 * (_CHECKSUM - 1 - n) & 31 for n in range(_CHECKSUM)]
    return f"{prefix}1{''.join(_BECH32[value] for value in [*values, *check])}".upper()


def _five_bit_groups(material: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in material)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]


def _polymod(values: list[int]) -> int:
    found = 1
    for value in values:
        top = found >> 25
        found = (found & 0x1FFFFFF) << 5 ^ value
        for n, generator in enumerate(_GENERATOR):
            if top >> n & 1:
                found ^= generator
    return found
