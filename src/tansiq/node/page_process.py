"""Pages of a list are made in a process of their own (``node.page_worker``), with bounds on memory
and time: a text that was written to do harm ends that process and nothing else, and a node that
makes no pages never loads the typesetter.
"""

from typing import Final

from tansiq.node.bounded import InTurn

PATIENCE_SECONDS: Final = 40.0
COMMAND: Final = ("-m", "tansiq.node.page_worker")
WAITING_MAX: Final = 3


class PageProcess(InTurn):
    """Makes pages for a node (``desk.act.desk.Typesetter``), one list at a time. Any thread may
    call it.
    """

    def __init__(self) -> None:
        super().__init__(WAITING_MAX)

    def pages(self, content: bytes) -> bytes | None:
        """The PDF, or None where it could not be made within the bounds, or too many wait."""
        return self.answer(COMMAND, content, PATIENCE_SECONDS)
