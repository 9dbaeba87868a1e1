"""Nodes that only sticks connect: after a loss they become equal again, by trips alone.

In some worlds the calm at the end has no links. First a node loses something: its disk, so that an
old backup comes back; its tables, which are folded anew; or a stick on the way, of which the last
file alone arrives. Then sticks go both ways, written and read as the command line does.
"""

import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tansiq.carriers import bundle
from tansiq.carriers.bundle import Written
from tansiq.carriers.carrier import LinkError
from tansiq.desk.proof import checking
from tansiq.domain.errors import ParcelError
from tests.sim import backups
from tests.sim.network import Pair
from tests.sim.node import Node
from tests.sim.safety import demand, quiet

if TYPE_CHECKING:
    from tests.sim.world import World

SHARE = 0.2  # of worlds
SHUT = {"partner_stopped", "partner_revoked", "parcel_revoked"}  # what a liar meets from then on
_FAST = Path("/dev/shm")


class Sticks:
    """Whether the nodes of a world have only sticks once it is calm; all chance is of its own."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"sticks/{seed}")
        self.alone = self.chance.random() < SHARE

    def lose(self, world: "World") -> None:
        """Before the calm without links somebody loses something."""
        if not self.alone:
            return
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        how = self.chance.choice((_disk, _tables, _files))
        world.note(node.party, f"has only sticks: {how(world, node)}")


def _disk(world: "World", node: Node) -> str:
    text = backups.go_back(world, node)
    world.watch.look(node)
    return text


def _tables(world: "World", node: Node) -> str:
    done = checking.rebuild(node.desk, quiet)
    return f"its tables are folded from {done} entries"


def _files(world: "World", node: Node) -> str:
    for pair in world.pairs:
        if pair[0] == node.party:
            trip(world, pair, last=True)
    return "of its sticks the last file alone arrives"


def trip(world: "World", pair: Pair, *, last: bool = False) -> None:
    """A stick goes from one node to another, with all of its files or the ``last`` one alone."""
    sender, receiver = (world.nodes[party] for party in pair)
    folder = _FAST if _FAST.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as name:
        written = _written(world, pair, Path(name))
        for one in written:
            world.watch.parcel(sender, receiver.party, one.data)
        world.watch.look(sender)
        for one in written[:-1] if last else ():
            one.path.unlink()
        for read in bundle.read(receiver.desk, bundle.look(Path(name), receiver.party)):
            _demand_shut(world, pair, read.fault.code if read.fault else "")
    world.watch.look(receiver)


def _written(world: "World", pair: Pair, folder: Path) -> list[Written]:
    sender, to = world.nodes[pair[0]], pair[1]
    try:
        return bundle.write(sender.desk, folder, to)
    except LinkError as error:
        demand(holds=False, what=f"{pair[0]} fills a stick for {to}: {error.code}")
    except ParcelError as error:
        _demand_shut(world, pair, error.code)
    return []


def _demand_shut(world: "World", pair: Pair, code: str) -> None:
    lied = {pair, (pair[1], pair[0])} & world.watch.lied
    demand(not code or (code in SHUT and lied), f"{pair} by stick in calm: {code}")
    demand(code or pair not in world.watch.revoked, f"{pair}: a revoked node was heard")
