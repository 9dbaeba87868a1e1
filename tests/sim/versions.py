"""A node that is a version behind for a while: it holds what others write, and later shows it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

from tansiq.desk.exchange import newer
from tansiq.desk.proof import checking
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.kinds.watch.incident import INCIDENT
from tansiq.domain.parties import PartyCode
from tests.sim.node import Node
from tests.sim.safety import demand, quiet

if TYPE_CHECKING:
    from tests.sim.world import World

SHARE = 0.15  # of worlds
# Besides what a stranger says it is.
_HELD = "SELECT release FROM held_edition WHERE kind = 'incident'"
NEXT = replace(INCIDENT, version=2, upcasters={1: dict})  # the same in another form


class Versions:
    """Which program each node runs."""

    def __init__(self, seed: int) -> None:
        chance = Random(f"versions/{seed}")
        self._mixed = chance.random() < SHARE
        self._place = chance.random()
        self.behind: PartyCode | None = None

    def begin(self, nodes: dict[PartyCode, Node]) -> str:
        """One of the nodes is not updated, in some worlds; which."""
        if self._mixed:
            self.behind = sorted(nodes)[int(self._place * len(nodes))]
        return f", {self.behind} is a version behind" if self.behind else ""

    def newest(self) -> AbstractContextManager[None]:
        """Within it the program is the newest of this world."""
        return _running(NEXT if self._mixed else INCIDENT)

    def of(self, node: Node) -> AbstractContextManager[None]:
        """Within it the program is the one of this node."""
        return self.newest() if node.party != self.behind else _running(INCIDENT)

    def update(self, world: "World") -> None:
        """The node that is behind is updated: it shows what it held, and its owners hear of it."""
        if self.behind is None:
            return
        node, self.behind = world.nodes[self.behind], None
        held = node.database.rows(_HELD)
        checking.fold_anew(node.desk, quiet)
        demand(not node.database.rows(_HELD), f"{node.party} holds something for ever")
        newer.settle(node.desk)
        world.watch.look(node)
        world.note(node.party, f"is updated: {len(held)} editions were held")

    def opened(self, world: "World") -> bool:
        """Whether a node had something to say as it opened once more: one that went back to its
        backup gets again, after its update, what it had held before.
        """
        told = False
        for node in world.nodes.values() if self._mixed else ():
            before = node.changes()
            newer.settle(node.desk)
            world.watch.look(node)
            told = told or node.changes() != before
        return told


@contextmanager
def _running(kind: Kind) -> Iterator[None]:
    with patch.dict(KINDS, {kind.name: kind}):
        yield
