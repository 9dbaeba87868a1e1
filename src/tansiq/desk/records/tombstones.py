"""What is left of partners' releases after they were recalled or expired."""

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.board import arrivals, partners, queries
from tansiq.board.board import key_of
from tansiq.board.waits import RECALLED
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.domain.attention import Wait
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.policy import mandate


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a partner's release after it was recalled or expired: that it was there, and
    no content. ``read_by`` opened it, ``shown_to`` saw some of it. ``wait`` names what waits until
    somebody has noted it, "" = noted.
    """

    release: str
    owner: PartyCode
    record: str
    recalled_at: int
    reason: str
    purged_at: int
    read_by: tuple[str, ...]
    shown_to: tuple[str, ...]
    wait: str


@reading_as
def tombstones(desk: Desk, viewer: Viewer, limit: int = 50) -> list[Tombstone]:
    """The releases that partners recalled and this viewer could have read, first what nobody has
    noted, then the newest: no content, only that it happened. What was recalled before it came
    leaves no trace.
    """
    demand(mandate.may_do(viewer.role, mandate.Act.READ))
    labels = queries.readable(desk.board, viewer)
    return [
        Tombstone(
            release=str(row[0]), owner=PartyCode(str(row[1])),
            record=str(row[2]).partition("/")[2], recalled_at=int(str(row[3])), reason=str(row[4]),
            purged_at=int(str(row[5])), read_by=tuple(str(row[6]).split()),
            shown_to=tuple(str(row[8]).split()),
            wait=_wait(str(row[2]), str(row[0])) if row[7] else "",
        )
        for row in arrivals.recalled(desk.board, labels, limit)
    ]  # fmt: skip


@reading_as
def recalled_of(desk: Desk, viewer: Viewer, records: Sequence[str]) -> set[str]:
    """Which of these records, by id, partners recalled that this viewer could have read."""
    labels = queries.readable(desk.board, viewer)
    keys = [key_of(owner, one) for one in records for owner in partners.codes(desk.board)]
    found = arrivals.recalled_of(desk.board, labels, keys) if keys and labels else set()
    return {key.partition("/")[2] for key in found}


def _wait(key: str, release: str) -> str:
    return Wait(seat="", about=key, why=RECALLED, step=release, since=0).id
