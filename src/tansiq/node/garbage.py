"""How rarely the processes of a node look for garbage: the supervisor, the reader, the tests.

What was loaded by then stays for good; to look through it again and again, while many small values
come and go, would cost more than the values. Nothing heavy is imported here.
"""

import gc
from typing import Final

SERVING: Final = (20_000, 20, 50)  # new containers between two looks; and looks, for older ones
READING: Final = (100_000, 10, 10)  # what the reader makes holds no circles


def settle(thresholds: tuple[int, int, int] = SERVING) -> None:
    """Keep what is loaded now out of every later look, and look as rarely as said."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*thresholds)
