"""Walking to the first few records that hold a frequent word, along what its reader may see.

Of a word that every tenth record holds the few that a page shows are soon met, while to look up all
that hold it costs more than the rest of the page. ``IndexScan`` asks; what is too rare for that it
looks up as a whole.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Final, cast

from tansiq.log.database import Row

FIRST: Final = 2_000  # keys of the first stretch
MOST: Final = 50_000  # keys that are passed for one page
_SLACK: Final = 1.2  # a stretch is made so much longer than it need be on average
_SPREAD: Final = 16  # a stretch of n keys lies within so many times n numbers

After = tuple[int, int]
# The keys of the first so many records after one, in order: what orders them, turn, number.
Along = Callable[[int, After | None], list[Row]]
# Those between two numbers that hold the words, perhaps others too that do.
Holding = Callable[[int, int], frozenset[int]]
_number = cast("Callable[[Row], int]", itemgetter(2))


def first_holding(
    along: Along, holding: Holding, wanted: int, after: After | None
) -> tuple[int, ...] | None:
    """The numbers of the first ``wanted`` records that hold the words, or of all where those are
    fewer; None where too much would have to be passed.
    """
    found, passed, size = list[int](), 0, max(FIRST, 2 * wanted)
    while passed + size <= MOST:
        keys = along(size, after)
        numbers = list(map(_number, keys))
        if numbers:
            low, high = min(numbers), max(numbers)
            if high - low > _SPREAD * max(len(numbers), FIRST):
                return None  # noted long after it happened: too many others lie between
            held = holding(low, high)
            found += (number for number in numbers if number in held)
        if len(found) >= wanted or len(keys) < size:
            return tuple(found[:wanted])
        after = cast("After", keys[-1][:2])
        passed += size
        size = max(FIRST, int(_SLACK * passed * (wanted - len(found)) / max(len(found), 1)))
    return None
