"""Whom a release of a case asks, and in which lane: what it carries beside the edition."""

from tansiq.board import cases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Act
from tansiq.domain.cases import FOLLOWS_STAGE, FOLLOWS_STEPS, Shape
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Edition, WireEdition
from tansiq.policy.agreement import Follow, Rule
from tansiq.policy.release import seat_asked


def asked(act: Act, kind: Kind, edition: Edition, to: PartyCode, rule: Rule) -> dict[str, object]:
    """Whom a release of a case asks, and in which lane: the one that goes on, else a new one. By a
    rule that follows the stage nobody is asked; who takes part already goes on taking part.
    """
    if kind.case is None:
        return {}
    follows = FOLLOWS_STAGE if rule.follow is Follow.STAGE else FOLLOWS_STEPS
    if kind.case.shape is Shape.CIRCLE:
        return {"lane": "", "seat": "", "follows": follows}
    seat = seat_asked(kind, edition.body, to)
    lane = cases.lane_that_goes_on(act.desk.board, key_of(act.desk.me, edition.record), to)
    if rule.follow is Follow.STAGE and not (lane and seat):
        return {"lane": "", "seat": "", "follows": FOLLOWS_STAGE}
    assert seat is not None, "may_release asks for a seat"
    lane = lane or act.desk.entropy.uuid()
    return {"lane": lane, "seat": str(seat), "follows": FOLLOWS_STEPS}


def newly_asked(told: WireEdition, edition: Edition, to: PartyCode, rule: Rule) -> bool:
    """Whether an edition that leaves by a rule asks a party that takes no part by what it was told:
    it has followed the stage alone until now.
    """
    kind = kind_named(edition.kind)
    if not kind.in_lanes or rule.follow is Follow.STAGE or told.extra.get("seat"):
        return False
    return seat_asked(kind, edition.body, to) is not None
