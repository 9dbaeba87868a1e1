"""Support requests between two desks whose parties have approval chains: what tests share."""

from contextlib import contextmanager
from dataclasses import replace

from tansiq.board import inward
from tansiq.board.board import key_of
from tansiq.desk.cases import approving, reading, taking
from tansiq.desk.cases.approving import Verdict
from tansiq.desk.records import read, say
from tansiq.domain.cases import Before, Chain, RoundState
from tansiq.domain.labels import Label
from tansiq.domain.places import place_named
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, HOUR, World, rule, to, worlds

KINDS = frozenset({"support", "support_note"})
FIRST, SECOND, THIRD = "support-desk", "liaison-officer", "senior-duty-officer"
ALL = (FIRST, SECOND, THIRD)


def chains(*positions: str, before: Before = Before.ASKING, sorts=()) -> tuple[Chain, ...]:
    """One chain of these positions."""
    return (Chain(before=before, positions=positions, sorts=frozenset(sorts)),)


def chained(world: World, party: str, *found: Chain, deputies: dict[str, str] | None = None):
    """Give a party these chains, and positions their deputies."""
    desk, given = world.desk(party), deputies or {}
    positions = tuple(
        replace(one, deputy=given.get(one.code, one.deputy)) for one in desk.identity.positions
    )
    desk.identity = replace(desk.identity, chains=found, positions=positions)


@contextmanager
def two_that_help(**given):
    """MPA and MOD, who may ask one another for support."""
    with worlds("MPA", "MOD", **given) as world:
        rules = [
            rule(party, f"S-{party}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
            for party in ("MPA", "MOD")
        ]
        world.agree("MPA", "MOD", *rules)
        yield world


def need(world: World, *parties: str, label: Label | None = None, **body) -> say.Draft:
    """A request for masks to these parties, MOD where none is named."""
    parties = parties or ("MOD",)
    plain = {
        "sort": "supplies", "text": "Masks for the clinic", "priority": "urgent",
        "reason": "None are left", "needed_by": world.clock.time + 90 * HOUR,
        "place": place_named("Makhmour").to_json(), "seats": [f"{p}/{CLEARED}" for p in parties],
        "lines": [{"item": "mask", "unit": "piece", "count": 40}],
    }  # fmt: skip
    return say.Draft(kind="support", body={**plain, **body}, label=label or to(*parties))


def rounds(world: World, party: str, record: str, owner: str = "MPA"):
    """The rounds about a request at one node, oldest first."""
    return inward.of_root(world.desk(party).board, key_of(owner, record))


def says(
    world: World, party: str, record: str, position: str, what=RoundState.APPROVED, **more
) -> None:
    """Somebody at a position decides on the newest round; every position has a person of its own.
    ``person``, ``name`` of the act and ``owner`` may be given.
    """
    owner, person = more.pop("owner", "MPA"), more.pop("person", "")
    newest = rounds(world, party, record, owner)[-1]
    name = more.pop("name", f"{party} {position} {what} {newest.id} {len(world.names.used)}")
    verdict = Verdict(round=newest.id, what=what, **more)
    actor = world.actor(party, position, person)
    with world.names.under(name):
        approving.decide(world.desk(party), actor, owner, record, verdict)


def promise(
    world: World, record: str, name: str = "promise", act="allot", take=taking.take, **more
):
    """MOD promises masks in its lane as it stands; whether that left at once."""
    desk, actor = world.desk("MOD"), world.actor("MOD")
    view = read.record(desk, desk.viewer(actor), "MPA", record)
    (lane,) = reading.lanes_of(desk, desk.viewer(actor), view, actor).value.lanes
    given = {"values": {"mask.piece": 40}, "then": "approve"} if act == "allot" else {}
    wanted = taking.Wanted(
        owner="MPA", record=record, lane=lane.id, act=act, seen=lane.newest, **{**given, **more}
    )
    with world.names.under(name):
        return take(desk, actor, wanted) is not None


def lane_at(world: World, party: str, record: str):
    """The one lane of a request as a party holds it."""
    desk, viewer = world.desk(party), world.viewer(party)
    view = read.record(desk, viewer, "MPA", record)
    return reading.lanes_of(desk, viewer, view, world.actor(party)).value.lanes[0]
