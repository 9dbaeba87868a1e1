"""Cases that are about two records end with what they were about, in the transaction that changes
it.

Writing an edition, taking a step of a record and recalling one call here. Who resolved with a
partner what is no longer so says it is void by the same act (``Kind.bound``), whoever of the own
party it is: what the step says is only that it ended. Where no rule lets a step go any more nothing
is said, and no edit is refused for that.
"""

from typing import Final

from tansiq.board import bound
from tansiq.board.bound import Between
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.release.proposing import own_edition
from tansiq.desk.release.stepping import Root, leave, new_step, root_of
from tansiq.domain.cases import Outcome, allowed
from tansiq.domain.errors import RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body, Edition, RecordView

CHANGED: Final = "changed"
CALLED_OFF: Final = "called_off"
RECALLED: Final = "recalled"


def end_changed(act: Act, old: RecordView, new: Edition) -> None:
    """End what stood between an own record and others, now that its newest edition says so."""
    if not kind_named(new.kind).meets:
        return
    off = new.state in kind_named(new.kind).off
    for one in bound.standing(act.desk.board, new.record):
        if off or _is_broken(act.desk, one, (old.body, new.body)):
            why = CALLED_OFF if off else CHANGED
            _end(act, one, new.author.position, by=new.author.to_json(), why=why)


def end_recalled(act: Act, record: str, to: PartyCode, by: dict[str, str]) -> None:
    """End what stood between an own record and one of a party that it is recalled from."""
    for one in bound.standing(act.desk.board, record):
        if one.party == to:
            position = by.get("position") or own_edition(act.desk, record).author.position
            _end(act, one, position, by=by, why=RECALLED)


def _is_broken(desk: Desk, one: Between, was: tuple[Body, Body]) -> bool:
    """Whether a case is about an own record no more that said the first and says the second."""
    held, other = bound.lane_of(desk.board, one.root), bound.held(desk.board, one.other_key)
    if held is None:
        return False
    return one.bound.breaks(held.lane, one.side, was, other.body if other else None)


def _end(act: Act, one: Between, position: str, *, by: dict[str, str], why: str) -> None:
    desk, declared = act.desk, one.kind.case
    held, root = bound.lane_of(desk.board, one.root), _root_of(desk, one)
    if held is None or root is None or declared is None:
        return
    step = new_step(
        desk, position, root, held, declared, act=one.bound.act, values={"why_void": why}
    )
    if allowed(declared, held.lane, step).outcome is not Outcome.COUNTED:
        return
    try:
        leave(act, root, held, step, by=by)
    except RefusedError:
        return


def _root_of(desk: Desk, one: Between) -> Root | None:
    owner, _, record = one.root.partition("/")
    if owner == desk.me:
        return root_of(own_edition(desk, record))
    found = bound.held(desk.board, one.root)
    return root_of(found) if found else None
