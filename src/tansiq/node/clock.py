"""The real clock and the real randomness; everything below the node takes them as values."""

import time
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, moved by ``offset_ms`` on a node for training or for a demonstration."""

    offset_ms: int = 0

    def now(self) -> int:
        """Milliseconds since the epoch, UTC."""
        return time.time_ns() // 1_000_000 + self.offset_ms


@dataclass(frozen=True, slots=True)
class SystemEntropy:
    """The operating system's randomness."""

    def uuid(self) -> str:
        """A random identity (UUIDv4)."""
        return str(uuid.uuid4())
