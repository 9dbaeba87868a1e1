"""Support requests in a simulated world: bodies with lines, and what counts lines step by step.

Both sides act while they hear nothing of one another. After the calm the sums of the property
tests hold on every node, and a lane in which both decided at once is settled by its owner.
"""

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from tansiq.board import lanes as lanes_of_board
from tansiq.desk.cases import reading, taking
from tansiq.desk.records import read
from tansiq.desk.release import agreements
from tansiq.domain.cases import (
    AnyAct,
    Column,
    Declaration,
    Fact,
    Form,
    Standing,
    Step,
    StepValue,
    stands,
)
from tansiq.domain.errors import FaultError
from tansiq.domain.places import gazetteer, place_named
from tests.property.case_checks import assert_sums
from tests.sim.node import HOUR, Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

_ENDS = {"cancel", "cancel_lines", "withdraw", "reject", "refuse_lines", "leave_offer"}
OTHERS = 0.3  # of steps: in lanes in which it is not this side's turn, perhaps
ENDS = 0.15  # of the endings that chance chose
_ITEMS = (("blanket", "piece"), ("diesel", "litre"), ("rice", "kg"))


def body(chance: Random, now: int, text: str, seats: list[str]) -> dict[str, object]:
    """A request for supplies of one to three lines."""
    town = gazetteer()[chance.choice(sorted(gazetteer()))].names.ar
    lines = chance.sample(_ITEMS, chance.randint(1, len(_ITEMS)))
    return {
        "text": text, "seats": seats, "sort": "supplies", "priority": "routine",
        "place": place_named(town).to_json(),
        "needed_by": now + chance.choice((HOUR, 30 * HOUR, 300 * HOUR)),
        "lines": [
            {"item": item, "unit": unit, "count": chance.randint(1, 9)} for item, unit in lines
        ],
    }  # fmt: skip


def waiting(chance: Random, node: Node) -> tuple[str, str, str] | None:
    """Mostly a lane in which it is this side's turn: owner, record and lane."""
    rows = node.database.rows(
        "SELECT about FROM waits WHERE why = 'turn' AND kind = 'support' ORDER BY about"
    )
    if not rows or chance.random() < OTHERS:
        return None
    root, _, lane = str(chance.choice(rows)[0]).partition("#")
    owner, _, record = root.partition("/")
    return owner, record, lane


def seldom_ending(chance: Random, acts: Sequence[AnyAct]) -> AnyAct | None:
    """One of these acts; what ends a lane is taken seldom, so that goods move before."""
    act = chance.choice(acts)
    return None if act.name in _ENDS and chance.random() > ENDS else act


def values_of(chance: Random, act: AnyAct, now: int) -> dict[str, StepValue]:
    """Values for an act."""
    found: dict[str, StepValue] = {}
    for value in act.values:
        if value.form is Form.PARTY:
            found[value.name] = chance.choice(("MOD", "MPA"))
        elif value.form is Form.MOMENT:
            found[value.name] = now + HOUR
        elif value.form is not Form.SEATS:
            found[value.name] = chance.choice(sorted(value.choices) or ["verified"])
    return found


def counts(chance: Random, lane: reading.LaneView, column: Column) -> dict[str, StepValue]:
    """How many of which lines an act counts; of what came, some damaged."""
    lines = [str(one.line) for one in lane.goods] or ["blanket.piece"]
    some = chance.sample(lines, chance.randint(1, len(lines)))
    found: dict[str, StepValue] = {line: chance.randint(1, 9) for line in some}
    if column is Column.RECEIVED and chance.random() < 0.3:
        found[f"{some[0]}.damaged"] = chance.randint(1, 3)
    return found


def about(chance: Random, lane: reading.LaneView, column: Column) -> str:
    """The consignment that a receipt is about, if any came."""
    if column is not Column.RECEIVED or not lane.consignments:
        return ""
    return chance.choice(lane.consignments).sent.step


def then(chance: Random, act: AnyAct) -> str:
    """Now and then a decision by the same key."""
    further = act.then if isinstance(act, Fact) else ()
    return chance.choice(further) if further and chance.random() < 0.4 else ""


# Calm ---------------------------------------------------------------------------------------------


def settle(world: "World") -> list[tuple[str, str]]:
    """The owners settle what is contested on both sides; which lanes those are, each with its root.
    Before, each side shows it as contested.
    """
    settled = []
    for node in world.nodes.values():
        for root in _own_roots(node):
            for lane in lanes_of_board.of_root(node.desk.board, root):
                if lane.id not in world.cases.lied and _rule(node, root, lane.id):
                    settled.append((root, lane.id))  # noqa: PERF401 - it acts on the way
        world.watch.look(node)
    return settled


def _own_roots(node: Node) -> list[str]:
    rows = node.database.rows(
        "SELECT DISTINCT root FROM opening WHERE ordinal > 0 AND lane <> '' ORDER BY root"
    )
    return [str(root) for (root,) in rows if str(root).startswith(f"{node.party}/")]


def _rule(node: Node, root: str, name: str) -> bool:
    """Let the owner decide which of the acts that cross counts; whether it could."""
    desk, actor = node.desk, node.actor(1)
    owner, _, record = root.partition("/")
    declared = lanes_of_board.declaration_of(desk.board, root)
    held = next(one for one in lanes_of_board.of_root(desk.board, root) if one.id == name)
    if declared is None or held.lane.ended() or not declared.settle:
        return False
    contested = stands(declared, held.lane).contested
    if not contested:
        return False
    try:
        view = read.record(desk, desk.viewer(actor), owner, record)
        case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
        assert case is not None
        (lane,) = [one for one in case.value.lanes if one.id == name]
        shown = {said.step.key for said in lane.contested}
        demand(shown == set(contested), f"lane {name[:8]} of {root} is not shown as contested")
        step = lane.contested[0].step.step
        taking.take(desk, actor, taking.Wanted(
            owner=owner, record=record, lane=name, act=declared.settle, seen=lane.newest, of=step,
        ))  # fmt: skip
    except FaultError:
        return False  # its root has ended, or nothing may go there any more
    return True


def demand_settled(world: "World", settled: list[tuple[str, str]]) -> None:
    """No lane is contested any more on which its owner ruled, on neither side."""
    for root, name in settled:
        for node in world.nodes.values():
            declared = lanes_of_board.declaration_of(node.desk.board, root)
            for one in lanes_of_board.of_root(node.desk.board, root) if declared else ():
                assert declared is not None
                open_ = one.id == name and stands(declared, one.lane).contested
                demand(not open_, f"lane {name[:8]} of {root} is contested at {node.party}")


def demand_sums(declared: Declaration, standing: Standing, steps: list[Step], what: str) -> None:
    """The sums of the property tests hold of a lane."""
    try:
        assert_sums(declared, steps, standing)
    except AssertionError as error:
        demand(holds=False, what=f"{what}: the sums do not hold: {error}")


def followed(sender: Node, receiver: Node) -> None:
    """Who follows a case by its stage alone has heard the word for where it stands now."""
    rows = sender.database.rows(
        """SELECT o.release, o.told, o.stands FROM outward o JOIN release r ON r.release = o.release
           WHERE r.party = ? AND r.recalled_at = 0 AND r.purged_at = 0
             AND (r.expires = 0 OR r.expires > ?) ORDER BY o.release""",
        (receiver.party, sender.clock.now()),
    )
    agreement = agreements.in_force(sender.desk.board, receiver.party, sender.clock.now())
    for release, said, word in rows:
        told = word if agreement is not None else said
        what = f"who follows {str(release)[:8]} of {sender.party} at {receiver.party}"
        there = receiver.database.rows("SELECT told FROM outward WHERE release = ?", (release,))
        first = not there and told == "open"  # which goes without saying
        held = receiver.database.rows("SELECT 1 FROM opening WHERE release = ?", (release,))
        demand(first or not held or there == [(told,)], f"{what} heard {there}, and not {told}")
