"""What every page of a viewer tells: what rings for the position, and recalls that nobody noted.

The pages call it for their banner, title and counts. Nothing is counted or told of what the viewer
may not see, and it costs no more where thousands wait.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.board import attention as board
from tansiq.board.waits import RECALLED, Held
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records.attention import opened
from tansiq.domain.escalation import Haste
from tansiq.domain.parties import Viewer
from tansiq.domain.records import RecordView
from tansiq.policy import mandate
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A wait that is told on every page. ``id`` names it in forms; ``view`` is the record that it
    is about, None where that was taken back, ``said`` what it says beside (``board.meets``). One
    that ``must_act`` rings on once it was heard.
    """

    id: str
    why: str
    owner: str
    record: str
    step: str
    said: str
    haste: Haste
    since: int
    due: int
    must_act: bool
    view: Released[RecordView] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What a viewer's pages tell. ``first`` has most haste of what ``rings`` for the position;
    where nothing does, of the flash and safety records that ring for others. ``recall`` is the
    oldest recall to be noted, ``recalls`` how many there are, ``number`` how much all of it is,
    each once. Every count stops one past the ``most`` that was asked for.
    """

    first: Alert | None = None
    rings: bool = False
    recall: Alert | None = None
    recalls: int = 0
    number: int = 0


_NOTHING: Final = Alerts()


@reading_as
def alerts(desk: Desk, viewer: Viewer, most: int) -> Alerts:
    """What the viewer's pages tell now; nothing for who reads no content."""
    if not mandate.may_do(viewer.role, mandate.Act.READ):
        return _NOTHING
    now = desk.clock.now()
    rings = board.sounding(desk.board, viewer, now, most + 1)
    recalls = board.to_note(desk.board, viewer, now, most + 1)
    hasty = board.hasty(desk.board, viewer, now, most + 1)
    names = {one.wait.id for one in (*rings, *hasty, *recalls)}
    first = next(iter(rings or hasty), None)
    return Alerts(
        first=_alert(desk, viewer, first, now) if first else None, rings=bool(rings),
        recall=_alert(desk, viewer, recalls[0], now) if recalls else None, recalls=len(recalls),
        number=min(len(names), most + 1),
    )  # fmt: skip


def _alert(desk: Desk, viewer: Viewer, one: Held, now: int) -> Alert:
    wait = one.wait
    owner, _, record = wait.about.partition("#")[0].partition("/")
    return Alert(
        id=wait.id, why=wait.why, owner=owner, record=record, step=wait.step, said=wait.said,
        haste=wait.haste, since=wait.since, due=wait.due, must_act=wait.must_act,
        view=None if wait.why == RECALLED else opened(desk, viewer, one, now),
    )  # fmt: skip
