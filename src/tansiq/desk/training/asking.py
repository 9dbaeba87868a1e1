"""Asking another owner of cohorts: in a record of ours that names that owner's cohorts alone, whose
round opens at once where the record has gone at once.

Suspensions and proposals of dates ask so. Nobody changes another party's cohort.
"""

from collections.abc import Sequence

from tansiq.board import cases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Act
from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.domain.cases import Seat, StepValue
from tansiq.domain.errors import RefusedError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import RecordId, RecordView


def ask_in(
    act: Act, actor: Actor, record: RecordId, name: str, cohorts: Sequence[RecordView]
) -> None:
    """Ask the owner of these cohorts by the act ``name`` in an own record that was just written:
    the position that wrote one of them last, for it manages the training there. Where the record
    has not gone, or no rule lets the question go by itself, a person opens the round later.
    """
    newest = max(cohorts, key=lambda view: (view.at, view.record))
    desk, owner = act.desk, PartyCode(newest.owner)
    gone = owner in cases.holders(desk.board, key_of(desk.me, record), act.now)
    if not newest.position or not gone:
        return
    values: dict[str, StepValue] = {"seats": (str(Seat(owner, newest.position)),)}
    wanted = Wanted(owner=desk.me, record=record, lane="", act=name, seen=(), values=values)
    try:
        rounds.take_in(act, actor, wanted)
    except RefusedError:
        return
