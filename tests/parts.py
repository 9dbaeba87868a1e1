"""A reader of long runs that reads in small parts, and finds every run long."""

from collections.abc import Iterator, Sequence

from tansiq.board.reading import Content, read_run

PART = 2


class InParts:
    """Stands where a node has its other process; what it says is worked out here."""

    least = 1

    def expect(self) -> None:
        """It is always there."""

    def read(self, run: Sequence[bytes]) -> Iterator[Sequence[Content]]:
        """What these entries say, two by two."""
        for at in range(0, len(run), PART):
            yield read_run(run[at : at + PART])
