"""The meeting of two plans in the sample scenario: mine action visits fields at Kifri where the
road is repaired that morning; both sides agree to a contact plan.
"""

from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.operations import meetings
from tansiq.desk.records import read
from tansiq.domain.operations.agreeing import CONTACT_PLAN
from tansiq.domain.parties import Actor
from tansiq.node.scenario.cast import PARTIES, moment

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

_NAME: Final = "MT-01"
_VISIT, _ROAD = "PA-02", "PA-11"
_WORDS: Final = (
    "بێتەل، کەناڵی ٤. پێش گەیشتن بە کێڵگەکان بانگ دەکرێت / Radio, channel 4. Called before the "
    "visitors reach the fields"
)


def put_on(stage: "Stage") -> None:
    """Put the meeting into the queue: opened, a contact plan proposed and agreed to, both plans
    agreed.
    """
    stage.at(moment("2020-01-15 13:00"), partial(_open, stage))
    stage.at(moment("2020-01-15 13:20"), partial(_propose, stage))
    stage.at(moment("2020-01-15 13:50"), partial(_agree, stage))
    stage.at(moment("2020-01-15 14:10"), partial(_settle, stage))


def _open(stage: "Stage") -> None:
    (owner, visit), (other, road) = stage.records[_VISIT], stage.records[_ROAD]
    desk, actor = stage.desks[owner], PARTIES[owner].duty()
    seen = tuple(
        read.record(desk, desk.viewer(actor), *one).value.digest
        for one in ((owner, visit), (other, road))
    )
    record = meetings.open_meeting(desk, actor, visit, f"{other}/{road}", seen=(seen[0], seen[1]))
    stage.keep(_NAME, owner, record)


def _propose(stage: "Stage") -> None:
    actor = PARTIES[stage.records[_ROAD][0]].duty()
    owner, record = stage.records[_NAME]
    call = tuple(f"{one}/{PARTIES[one].duty().position}" for one in (owner, actor.party))
    meetings.propose(
        stage.desks[actor.party], actor, owner, record, words=_WORDS, seen=_seen(stage, actor),
        values={"way": CONTACT_PLAN, "call_at": moment("2020-01-20 08:30"), "call_seats": call},
    )  # fmt: skip


def _agree(stage: "Stage") -> None:
    owner, record = stage.records[_NAME]
    actor = PARTIES[owner].duty()
    meetings.agree(stage.desks[owner], actor, owner, record, seen=_seen(stage, actor))


def _settle(stage: "Stage") -> None:
    actor = PARTIES[stage.records[_ROAD][0]].duty()
    meetings.settle(stage.desks[actor.party], actor, *stage.records[_NAME])


def _seen(stage: "Stage", actor: Actor) -> tuple[str, ...]:
    """What of the meeting somebody was shown who acts in it."""
    desk = stage.desks[actor.party]
    view = read.record(desk, desk.viewer(actor), *stage.records[_NAME])
    lane = meetings.meeting(desk, desk.viewer(actor), view, actor).value.lane
    return lane.newest if lane else ()
