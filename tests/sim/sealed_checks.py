"""Sealed checks in a simulated world: asked and answered while parcels are lost, sticks torn, nodes
restarted and restored.

Some of the later worlds have them, so that the others go through what they went through before.
All chance here is of its own. Once all have met, no check waits any more, save where an exchange
has been stopped.
"""

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final

from tansiq.board import sealed_checks
from tansiq.board.sealed_checks import WAITING, Check
from tansiq.desk.operations import answering, sealed
from tansiq.desk.records import say
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY
from tansiq.domain.labels import Label
from tansiq.domain.records import Body
from tests.sim.crash import CrashError
from tests.sim.node import HOUR, Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

FROM: Final = 200
SOME: Final = 11  # of twelve
OFTEN: Final = 0.2  # after each event
PLANS_MAX: Final = 4  # of one party
ASKED_MAX: Final = 8  # in one world: each costs a second
_ACTS: Final = ("file", "file", "ask", "ask", "ask", "tick", "tick")


class Checks:
    """What happens with the sealed checks of a world; ``done`` counts the acts, ``ended`` how the
    checks that are known at the end have ended.
    """

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"sealed/{seed}")
        self.on = seed >= FROM and seed % 12 == SOME
        self.done: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()

    def happen(self, world: "World") -> None:
        """Perhaps somebody seals a plan or checks one, or a node does what waits."""
        if not self.on or self.chance.random() > OFTEN:
            return
        act = self.chance.choice(_ACTS)
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        if self.chance.random() < 0.2:
            node.database.arm(self.chance.choice((0, 1, 2, 3, 5, 8)))
        try:
            text = self._act(world, node, act)
            self.done[text] += 1
        except CrashError:
            node.restart()
            text = f"crashes in {act} of a sealed check"
        except FaultError as error:
            text = f"{act} of a sealed check refused: {error.code}"
        node.database.disarm()
        world.watch.look(node)
        world.note(node.party, text)

    def _act(self, world: "World", node: Node, act: str) -> str:
        desk, actor = node.desk, node.actor(1)
        if act == "tick":
            return "answered" if answering.tick(desk) else "nothing to answer"
        if act == "file" and len(_own(node)) >= PLANS_MAX:
            return "enough plans"
        if act == "file":
            draft = say.Draft(
                kind=PLANNED_ACTIVITY.name, body=self._body(world, node), label=Label()
            )
            say.write(desk, actor, draft)
            return "sealed a plan"
        others = [to for by, to in world.pairs if by == node.party]
        own = _own(node)
        if not own or self.done["asked"] >= ASKED_MAX:
            return "nothing to ask"
        sealed.ask(desk, actor, self.chance.choice(own), self.chance.choice(others))
        return "asked"

    def _body(self, world: "World", node: Node) -> Body:
        chance, now = self.chance, node.clock.now()
        # No two plans of one party meet; the same one of another party may be there too.
        lat = 360_000_000 + len(_own(node)) * 500_000
        begins = now + chance.randint(60, 130) * HOUR
        return {
            "activity": "movement", "contact": "watch", "sealed": "sealed",
            "text": f"move {world.ledger.token(node.party)}",
            "area": {"shape": "circle", "name": "", "positions": [[lat, 440_000_000]],
                     "grain": "exact", "metres": 600},
            "begins": begins, "until": begins + 20 * HOUR,
        }  # fmt: skip

    def tick(self, node: Node) -> None:
        """What a node does by itself in calm."""
        if self.on:
            answering.tick(node.desk)

    def at_rest(self, world: "World") -> None:
        """No check between parties whose exchange goes on waits any more."""
        lied = {frozenset(pair) for pair in world.watch.lied}
        for node in world.nodes.values() if self.on else ():
            for one in _checks(node, world):
                self.ended[one.state] += 1
                apart = frozenset((node.party, one.party)) in lied
                demand(
                    apart or one.state != WAITING,
                    f"{node.party}: a sealed check with {one.party} waits at the end",
                )


def _checks(node: Node, world: "World") -> list[Check]:
    others = sorted(world.nodes.keys() - {node.party})
    return [one for other in others for one in sealed_checks.with_party(node.desk.board, other, 99)]


def _own(node: Node) -> list[str]:
    """The own sealed plans of a node, which has no other plans here."""
    rows = node.database.rows(
        "SELECT record FROM record WHERE kind = ? AND owner = ? ORDER BY record",
        (PLANNED_ACTIVITY.name, node.party),
    )
    return [str(key).partition("/")[2] for (key,) in rows]
