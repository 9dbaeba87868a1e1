"""How soon somebody is to be handed over, by precedence: the table of ``precedences.csv``.

Sources differ in what they call urgent. So a centre may say other minutes in its settings, and a
request carries the table by which it was made: whoever reads it counts by the same minutes.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

# Most urgent first; what partners say to one another, whatever minutes each means by it.
PRECEDENCES: Final = ("urgent_surgical", "urgent", "priority", "routine", "convenience")
MINUTES_MAX: Final = 7 * 24 * 60  # a week: what may wait longer is no evacuation


@cache
def minutes() -> Mapping[str, int]:
    """The minutes of each precedence where a centre says nothing else."""
    source = resources.files("tansiq.domain.operations") / "precedences.csv"
    rows = csv.DictReader(source.read_text("utf-8").splitlines())
    found = {row["precedence"]: int(row["minutes"]) for row in rows}
    return MappingProxyType({name: found[name] for name in PRECEDENCES})


def table(own: Mapping[str, int]) -> list[dict[str, object]]:
    """The table of a centre as a request carries it: its ``own`` minutes before those of the CSV,
    most urgent first.
    """
    said = {**minutes(), **own}
    return [{"precedence": name, "minutes": said[name]} for name in PRECEDENCES]
