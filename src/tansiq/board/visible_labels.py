"""The interned labels under which somebody may read, and the release filter made of them.

A label belongs to one owner, so "the owner is not bound by embargo and expiry" is a set of labels
too, and the filter is nothing but integer comparisons on columns that every index carries.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from tansiq.board.board import Board
from tansiq.domain.parties import Viewer
from tansiq.log.database import Value
from tansiq.log.dialect import Dialect
from tansiq.policy.release import may_read


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleLabels:
    """What somebody sees: labels of the own party, and labels of others, whom time binds too."""

    own: tuple[int, ...]
    others: tuple[int, ...]

    @property
    def labels(self) -> tuple[int, ...]:
        """All of them."""
        return self.own + self.others

    def within(self, labels: Collection[int]) -> "VisibleLabels":
        """What of it lies within these labels."""
        return VisibleLabels(
            own=tuple(number for number in self.own if number in labels),
            others=tuple(number for number in self.others if number in labels),
        )

    def where(
        self, dialect: Dialect, now: int, *, leading: bool = False, table: str = "r"
    ) -> tuple[str, list[Value]]:
        """The release filter as SQL over ``table``, a row of ``record``.

        ``leading`` lets the database look the labels up one by one in an index; else it walks
        another index and only compares.
        """
        part, values = f"{table}.label IN ({numbers(self.labels)})", list[Value]()
        if not leading:
            part, values = dialect.among(f"{table}.label", self.labels)
        if not self.others:
            return part, values
        timed = in_time(table)
        values += [now, now]
        if self.own:
            own, marks = dialect.among(f"{table}.label", self.own)
            timed = f"({timed} OR {own})"
            values += marks
        return f"{part} AND {timed}", values


def in_time(table: str) -> str:
    """Embargo passed and not expired, as SQL; the moment of now is asked for twice."""
    return f"({table}.embargo <= ? AND NOT ({table}.expires BETWEEN 1 AND ?))"


@lru_cache(maxsize=256)
def numbers(labels: tuple[int, ...]) -> str:
    """Numbers of our own as a list in SQL: hundreds of them would be hundreds of values to bind."""
    return ",".join(map(str, labels)) or "-1"


def visible_to(board: Board, viewer: Viewer) -> VisibleLabels:
    """What the viewer may read, time aside. Asked of ``policy`` once a viewer and label."""
    labels = board.labels()
    newest = max(labels, default=0)
    known = board.visible.get(viewer)
    if known is not None and known[0] == newest and isinstance(known[1], VisibleLabels):
        return known[1]
    granted = [
        (number, owner == viewer.party)
        for number, (owner, label) in labels.items()
        if may_read(viewer, owner, label)
    ]
    visible = VisibleLabels(
        own=tuple(number for number, own in granted if own),
        others=tuple(number for number, own in granted if not own),
    )
    board.visible[viewer] = newest, visible
    return visible
