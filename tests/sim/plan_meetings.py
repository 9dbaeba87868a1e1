"""Meetings of plans in a simulated world: opened by whoever may, proposed, agreed to, settled.

Once all have met, a meeting stands on both its nodes at the same stage, or on none; and none stands
between plans of which one was moved, called off or recalled since, however long the two were apart.
"""

from collections.abc import Sequence
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from tansiq.board import bound, queries
from tansiq.board.lanes import HeldLane
from tansiq.desk.operations import meetings
from tansiq.domain.cases import stands
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.kinds.operations.meeting import CASE, MEETING
from tansiq.domain.operations.agreeing import WINDOWS
from tansiq.domain.operations.volumes import meets, volume_of
from tansiq.domain.records import RecordView
from tests.sim.node import HOUR, Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World


def act(node: Node, chance: Random, plans: Sequence[RecordView]) -> str:
    """Somebody does what can be done in a meeting here, or opens one; what it was. Raises
    FaultError where nothing can be done.
    """
    ways = [_settle, _agree, _propose, _open]
    if chance.random() < 0.5:
        chance.shuffle(ways)
    refused: FaultError | None = None
    for way in ways:
        try:
            way(node, chance, plans)
            return way.__name__.removeprefix("_")
        except FaultError as error:
            refused = error
    assert refused is not None
    raise refused


def _some(node: Node, chance: Random) -> tuple[RecordView, tuple[str, ...]]:
    """A meeting that has a lane here, and what is known of it."""
    found = [(one, lane) for one in _meetings(node) if (lane := _lane(node, one)) is not None]
    if not found:
        raise InputError("record_absent")
    one, held = chance.choice(found)
    return one, stands(CASE, held.lane).newest


def _propose(node: Node, chance: Random, _plans: Sequence[RecordView]) -> None:
    one, seen = _some(node, chance)
    begins = int(str(one.body.get("starts", 0))) + chance.randint(5, 50) * HOUR
    names = WINDOWS[:2] if chance.random() < 0.5 else WINDOWS[2:]
    window = dict(zip(names, (begins, begins + HOUR), strict=True))
    meetings.propose(
        node.desk, node.actor(1), one.owner, one.record, values={"way": "by_time", **window},
        words="", seen=seen,
    )  # fmt: skip


def _agree(node: Node, chance: Random, _plans: Sequence[RecordView]) -> None:
    one, seen = _some(node, chance)
    meetings.agree(node.desk, node.actor(1), one.owner, one.record, seen=seen)


def _settle(node: Node, chance: Random, _plans: Sequence[RecordView]) -> None:
    one, _ = _some(node, chance)
    meetings.settle(node.desk, node.actor(1), one.owner, one.record)


def _open(node: Node, chance: Random, plans: Sequence[RecordView]) -> None:
    pairs = [
        (ours, theirs) for ours, theirs in product(plans, plans)
        if ours.owner == node.party < theirs.owner and meet(ours, theirs)
    ]  # fmt: skip
    if not pairs:
        raise InputError("record_absent")
    ours, theirs = chance.choice(pairs)
    meetings.open_meeting(
        node.desk, node.actor(1), ours.record, f"{theirs.owner}/{theirs.record}",
        seen=(ours.digest, theirs.digest),
    )  # fmt: skip


def _meetings(node: Node) -> list[RecordView]:
    rows = node.database.rows(
        "SELECT record FROM record WHERE kind = ? ORDER BY record", (MEETING.name,)
    )
    found = queries.found_each(node.desk.board, [str(key) for (key,) in rows])
    return [found[str(key)]._value for (key,) in rows if str(key) in found]


def _lane(node: Node, one: RecordView) -> HeldLane | None:
    return bound.lane_of(node.desk.board, f"{one.owner}/{one.record}")


def standing(node: Node, plan: RecordView) -> list[bound.Between]:
    """The meetings that stand between an own plan and others."""
    return bound.standing(node.desk.board, plan.record)


def meet(one: RecordView, other: RecordView) -> bool:
    """Whether two plans meet, asked without the index by which the nodes find it."""
    ours, theirs = volume_of(one.body), volume_of(other.body)
    return ours is not None and theirs is not None and bool(meets(ours, theirs))


def _came(node: Node, one: RecordView, other: Node) -> bool:
    """Whether the release of a meeting has come to the other node, whatever became of it there."""
    (release,) = node.database.rows(
        "SELECT MAX(release) FROM opening WHERE root = ?", (f"{one.owner}/{one.record}",)
    )
    return bool(other.database.rows("SELECT 1 FROM received WHERE release = ?", release))


def at_rest(world: "World") -> int:
    """How many meetings stand; each at the same stage on both its nodes."""
    count = 0
    for node in world.nodes.values():
        for one in _meetings(node):
            held = _lane(node, one)
            if one.owner != node.party or held is None or held.lane.ended() is not None:
                continue
            other = world.nodes[held.party]
            pair = node.party, held.party
            apart = {pair, pair[::-1]} & {*world.papers, *world.watch.lied}
            if pair not in world.pairs or apart or not _came(node, one, other):
                continue  # they stay apart to the end, one of them revoked, or stopped
            there = {(two.owner, two.record): two.state for two in _meetings(other)}
            key = one.owner, one.record
            demand(there.get(key) == one.state, f"{one.state} of {key} is {there.get(key)} there")
            count += one.state in (MEETING.bound.stands if MEETING.bound else ())
    return count
