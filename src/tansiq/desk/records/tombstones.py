"""What is left of partners' releases after they were recalled or expired."""

from dataclasses import dataclass

from tansiq.board import arrivals, queries
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.policy import mandate


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a partner's release after it was recalled or expired: that it was there, and
    no content.
    """

    release: str
    owner: PartyCode
    record: str
    recalled_at: int
    reason: str
    purged_at: int
    read_by: tuple[str, ...]


@reading_as
def tombstones(desk: Desk, viewer: Viewer, limit: int = 50) -> list[Tombstone]:
    """The releases that partners recalled and this viewer could have read, newest first: no
    content, only that it happened. What was recalled before it came leaves no trace.
    """
    demand(mandate.may_do(viewer.role, mandate.Act.READ))
    labels = queries.readable(desk.board, viewer)
    return [
        Tombstone(
            release=str(row[0]), owner=PartyCode(str(row[1])),
            record=str(row[2]).partition("/")[2], recalled_at=int(str(row[3])), reason=str(row[4]),
            purged_at=int(str(row[5])), read_by=tuple(str(row[6]).split()),
        )
        for row in arrivals.recalled(desk.board, labels, limit)
    ]  # fmt: skip
