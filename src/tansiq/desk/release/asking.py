"""Whom a release of a case asks, and in which lane: what it carries beside the edition."""

from tansiq.board import cases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Act
from tansiq.domain.cases import Shape
from tansiq.domain.kinds import Kind
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Edition
from tansiq.policy.release import seat_asked


def asked(act: Act, kind: Kind, edition: Edition, to: PartyCode) -> dict[str, object]:
    """Whom a release of a case asks, and in which lane: the one that goes on, else a new one."""
    if kind.case is None:
        return {}
    if kind.case.shape is Shape.CIRCLE:
        return {"lane": "", "seat": ""}
    seat = seat_asked(kind, edition.body, to)
    assert seat is not None, "may_release asks for a seat"
    lane = cases.lane_that_goes_on(act.desk.board, key_of(act.desk.me, edition.record), to)
    return {"lane": lane or act.desk.entropy.uuid(), "seat": str(seat)}
