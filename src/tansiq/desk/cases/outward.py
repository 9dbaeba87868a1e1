"""Telling parties that follow the stage only where a case stands: one word, sent when it changes.

The supervisor's tick asks for it, so that it makes no difference what moved the case: a step of
ours or of somebody else, the time, a recall. The word names nobody, no step and no lane.
"""

from typing import Final

from tansiq.board import outward
from tansiq.board.board import key_of
from tansiq.board.outward import Due, Said
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.release.proposing import own_edition
from tansiq.desk.release.stepping import goes, root_of, tell
from tansiq.domain.cases import Outward
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Viewer
from tansiq.domain.records import RecordView, ReleaseId
from tansiq.policy.agreement import Follow
from tansiq.policy.release import reread
from tansiq.policy.seal import Released

AT_ONCE: Final = 500  # words that one tick sends


def tick(desk: Desk) -> int:
    """Tell whom the case of an own root is to be told of; how many words that were."""
    due = outward.due(desk.board, desk.clock.now(), desk.telling, AT_ONCE)
    # Where no word may leave any more it stays due, and keeps no other waiting.
    desk.telling = due[-1] if len(due) == AT_ONCE else None
    return sum(_say(desk, one) for one in due)


def _say(desk: Desk, due: Due) -> int:
    try:
        with desk.act() as act:
            root = root_of(own_edition(desk, due.root.partition("/")[2]))
            declared = kind_named(root.kind).case
            if declared is None or goes(act, root, due.party) is Follow.NOTHING:
                return 0
            said = Outward(
                version=declared.version, root=root.record, release=ReleaseId(due.release),
                stage=due.word, at=act.now,
            ).to_json()  # fmt: skip
            seq = act.feed(due.party, said)
            act.say({**said, "to": due.party, "seq": seq})
            tell(act, root.owner, root.record, root.kind)
    except FaultError:
        return 0
    return 1


@reading_as
def heard(desk: Desk, viewer: Viewer, root: Released[RecordView]) -> Released[Said] | None:
    """What we hear of the case of a partner's root that was released for this viewer; None where
    we take part in it.
    """
    view = root.value
    declared = kind_named(view.kind).case
    said = outward.heard(desk.board, key_of(view.owner, view.record))
    if declared is None or said is None or view.owner == desk.me:
        return None
    return reread(root, said)


@reading_as
def followers(
    desk: Desk, viewer: Viewer, root: Released[RecordView]
) -> Released[tuple[Said, ...]] | None:
    """Who follows the stage of an own root that was released for this viewer, and what each was
    told last.
    """
    view = root.value
    found = outward.followers(desk.board, key_of(view.owner, view.record))
    return reread(root, tuple(found)) if view.owner == desk.me and found else None
