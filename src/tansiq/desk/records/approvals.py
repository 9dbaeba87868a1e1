"""Who decides on what waits for a second person: for the page of approvals and its badge.

What a person prepared or has approved already is not counted among what that person is asked.
"""

from tansiq.board import approvals
from tansiq.board.approvals import Wanted, Whose
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.domain.parties import Actor, Viewer
from tansiq.policy import mandate

__all__ = ["Wanted", "Whose", "counts", "parts_for", "to_decide"]


def parts_for(actor: Actor) -> tuple[Whose, ...]:
    """The parts of the list that concern this actor, first the one that opens: who may not approve
    reads along, and is asked nothing.
    """
    asked = mandate.may_do(actor.role, mandate.Act.APPROVE_RELEASE)
    return tuple(Whose) if asked else (Whose.ALL,)


@reading_as
def counts(desk: Desk, viewer: Viewer, wanted: Wanted, most: int) -> dict[str, int]:
    """How many releases wait, by the party that they go to, no further than one past ``most`` in
    all.
    """
    return approvals.counts(desk.board, viewer, desk.clock.now(), wanted, most)


def to_decide(desk: Desk, actor: Actor, most: int) -> int:
    """How many releases wait for a decision that this actor can take, no further than one past
    ``most``.
    """
    if Whose.DECIDE not in parts_for(actor):
        return 0
    wanted = Wanted(whose=Whose.DECIDE, person=actor.person)
    return sum(counts(desk, desk.viewer(actor), wanted, most).values())
