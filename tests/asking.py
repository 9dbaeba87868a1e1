"""Requests for information between three desks: MPA asks, MOD and COA are asked."""

from contextlib import contextmanager

from tansiq.desk.cases import reading, taking
from tansiq.desk.records import read, say
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, HOUR, START, rule, to, worlds

KINDS = frozenset({"rfi", "answer"})
ASKED = {party: f"{party}/{CLEARED}" for party in ("MOD", "COA")}


def rfi(*parties, **body):
    """A request that asks these parties."""
    plain = {
        "text": "What is the state of the road?",
        "needed_by": START + 10 * HOUR,
        "seats": [ASKED[party] for party in parties],
    }
    return say.Draft(kind="rfi", body={**plain, **body}, label=to(*parties))


@contextmanager
def three_that_ask(**given):
    """MPA, who may ask MOD and COA by itself, and they may answer."""
    with worlds("MPA", "MOD", "COA", **given) as world:
        for other in ("MOD", "COA"):
            rules = [
                rule(sender, f"Q-{sender}", kinds=KINDS, automatic=True, follow=Follow.WHOLE)
                for sender in ("MPA", other)
            ]
            world.agree("MPA", other, *rules)
        yield world


def carry(world):
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)


def case_at(world, party, record):
    desk, viewer = world.desk(party), world.viewer(party)
    view = read.record(desk, viewer, "MPA", record)
    return view, reading.lanes_of(desk, viewer, view, world.actor(party)).value


def act(world, party, record, name, *, other="MOD", travels=True, **more):
    """Take a step in the lane with ``other`` as it stands, and let it travel."""
    _, case = case_at(world, party, record)
    (lane,) = [one for one in case.lanes if one.seat.party == other and not one.ended_at]
    wanted = taking.Wanted(
        owner="MPA", record=record, lane=lane.id, act=name, seen=lane.newest, **more
    )
    with world.names.under(f"{party} {name} {other} {lane.newest}"):
        taking.take(world.desk(party), world.actor(party), wanted)
    if travels:
        carry(world)


def stages(world, party, record):
    view, case = case_at(world, party, record)
    return view.value.state, {lane.seat.party: lane.stage for lane in case.lanes}
