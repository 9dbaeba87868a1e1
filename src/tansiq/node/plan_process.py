"""Catch-up plans are solved in a process of their own (``node.plan_worker``), with bounds on memory
and time: a problem that is too hard ends that process and nothing else. The solver is an optional
extra of a node; where it is not installed, plans are plain and say so.
"""

from importlib.util import find_spec
from typing import Final

from tansiq.node.bounded import InTurn

PATIENCE_SECONDS: Final = 75.0  # longer than anybody lets it think
COMMAND: Final = ("-m", "tansiq.node.plan_worker")
WAITING_MAX: Final = 2


class PlanProcess(InTurn):
    """Solves plans for a node (``desk.act.desk.Planner``), one at a time; any thread may ask."""

    def __init__(self) -> None:
        super().__init__(WAITING_MAX)
        self.there = find_spec("ortools") is not None

    def solved(self, content: bytes) -> bytes | None:
        """The solver's answer, or None where there is none within the bounds, or too many wait."""
        return self.answer(COMMAND, content, PATIENCE_SECONDS)
