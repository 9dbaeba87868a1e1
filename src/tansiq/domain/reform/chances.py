"""Draws that the same inputs always give: the domain knows no randomness of its own.

``forecasting`` draws from here. The seed is made of all that a forecast is worked out from, so that
two nodes that see the same say the same, and a page does not change when it is opened again.
"""

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15  # of SplitMix64
_ONE: Final = 1.0 / (1 << 53)


class Chances:
    """Numbers that look drawn by chance, from a seed (SplitMix64)."""

    def __init__(self, seed: int) -> None:
        self._at = seed & _MASK

    def uniform(self) -> float:
        """A number from 0 up to, never at, 1."""
        self._at = (self._at + _STEP) & _MASK
        mixed = self._at
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) * _ONE

    def normal(self) -> float:
        """A number of the normal distribution with mean 0 and deviation 1."""
        far = math.sqrt(-2.0 * math.log(1.0 - self.uniform()))
        return far * math.cos(2.0 * math.pi * self.uniform())

    def wait(self, rate: float) -> float:
        """How long until what happens ``rate`` times a day happens; never where the rate is 0."""
        return -math.log(1.0 - self.uniform()) / rate if rate > 0 else math.inf

    def count(self, mean: float) -> int:
        """How often what happens ``mean`` times on average happens (Poisson)."""
        found, passed = 0, self.wait(1.0)
        while passed < mean:
            found, passed = found + 1, passed + self.wait(1.0)
        return found

    def below(self, size: int) -> int:
        """A whole number from 0 to below ``size``."""
        return int(self.uniform() * size)


class Weighted:
    """Places of a list, drawn by their weights, of which one at least is above 0."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._sums = list(accumulate(weights))

    def draw(self, chances: Chances) -> int:
        """A place."""
        return min(
            bisect_right(self._sums, chances.uniform() * self._sums[-1]), len(self._sums) - 1
        )


def seed_of(inputs: object) -> int:
    """The seed that belongs to these inputs: whatever JSON can say."""
    told = json.dumps(inputs, sort_keys=True, default=str).encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big")
