"""Every case is timed by its own processor time; some are weighed."""

import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tansiq.domain.errors import FaultError

SECONDS_MAX = 1.0
MIB = 1024 * 1024


@dataclass
class Measured:
    """What became of the cases of one kind: the codes of refusals, and what was taken."""

    kind: str
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    def run(self, call: Callable[[], object], shown: object) -> object:
        """One case: it ends in a typed error or not at all in one, and soon."""
        begun = time.thread_time()
        result, code = None, "taken"
        try:
            result = call()
        except FaultError as fault:
            code = fault.code if fault.text("ar") else ""
        taken = time.thread_time() - begun
        assert code, "a refusal without words"
        assert taken < SECONDS_MAX, f"{self.kind}: {taken:.1f} s for {shown!r:.300}"
        self.slowest = max(self.slowest, taken)
        self.codes[code] += 1
        return result

    @property
    def count(self) -> int:
        """How many cases."""
        return self.codes.total()

    def told(self) -> str:
        """One line of the table."""
        most = ", ".join(f"{code} {count}" for code, count in self.codes.most_common(5))
        slowest = f"{self.slowest * 1000:.0f} ms"
        return f"{self.kind:12} {self.count:6} {len(self.codes):4} codes, {slowest:>7}: {most}"


def peak_of(call: Callable[[], object]) -> float:
    """How many MiB a call needs at most beyond what was there."""
    tracemalloc.start()
    try:
        call()
    except FaultError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / MIB
