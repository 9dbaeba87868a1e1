"""The stock of each node in a simulated world: what comes in, goes out and is counted anew, and
what the acts of support requests take out of it and put there.

Some of the newer worlds have it, so that the others go through what they went through before. All
chance here is of its own. On every node, at every moment and after every crash: what is there is
the sum of its movements and never less than nothing; of a consignment that was booked all is
booked, and beside a step that is there. Nobody else ever hears of it: its words are canaries.
"""

import json
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.cases import taking
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.desk.support import stock
from tansiq.domain.cases import Column, StepId, came, counted, step_from_json
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.support.stock import STOCK, Batch, balances, signed
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor
from tansiq.domain.records import Body
from tests.sim.crash import CrashError
from tests.sim.node import Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

SOME: Final = (14, 22, 26)  # of thirty-six, all of them newer worlds
OFTEN: Final = 0.25  # after each event
BOOKED: Final = 0.9  # of the acts that send or receive
_ITEMS: Final = (("blanket", "piece"), ("diesel", "litre"), ("rice", "kg"))
_DAYS: Final = ("", "", "2020-12-24", "2021-03-01")
_ALL: Final = 10_000


class Stock:
    """What happens to the stock of a world."""

    def __init__(self, seed: int, *, newer: bool) -> None:
        self.chance = Random(f"stock/{seed}")
        self.on = newer and seed % 36 in SOME
        self.booked: Counter[Column] = Counter()  # acts that were booked

    def happen(self, world: "World") -> None:
        """Perhaps somebody writes down what came, went or was counted."""
        if not self.on or self.chance.random() > OFTEN:
            return
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        if self.chance.random() < 0.1:
            node.database.arm(self.chance.choice((0, 1, 2, 3, 5, 8, 13)))
        try:
            text = self._book(world, node)
        except CrashError:
            node.restart()
            text = "crashes in book"
        except FaultError as error:
            text = f"book refused: {error.code}"
        node.database.disarm()
        world.watch.look(node)
        self.look(node)
        world.note(node.party, text)

    def _book(self, world: "World", node: Node) -> str:
        item, unit = self.chance.choice(_ITEMS)
        move = self.chance.choice(("in", "in", "in", "out", "more", "less"))
        body: Body = {
            "move": move, "item": item, "unit": unit, "count": self.chance.randint(1, 90),
            "text": world.ledger.token(node.party), "use_by": self.chance.choice(_DAYS),
        }  # fmt: skip
        say.write(node.desk, node.actor(1), say.Draft(kind=STOCK.name, body=body, label=Label()))
        return f"books {move} {item}"

    def take(
        self, desk: Desk, actor: Actor, wanted: taking.Wanted, column: Column | None
    ) -> StepId | None:
        """Take a step, mostly with what it takes out of stock or puts there."""
        if self.on and column in (Column.SENT, Column.RECEIVED) and self.chance.random() < BOOKED:
            step = stock.take(desk, actor, wanted)
            self.booked[column] += 1
            return step
        return taking.take(desk, actor, wanted)

    def look(self, node: Node) -> None:
        """What must hold of the stock of a node."""
        if not self.on:
            return
        desk = node.desk
        viewer = desk.viewer(node.actor(1))
        page = read.page(desk, viewer, Query(kinds=(STOCK.name,), limit=_ALL)).rows
        demand(
            all(one.value.owner == node.party for one in page), f"{node.party} reads other stock"
        )
        bodies = [one.value.body for one in page]
        there = {one.batch: one.count for one in stock.there(desk, viewer).balances}
        demand(
            balances(bodies) == there, f"{node.party} has {there} in stock and not its movements"
        )
        demand(all(count > 0 for count in there.values()), f"{node.party} has less than nothing")
        booked = [body for body in bodies if body.get("consignment")]
        for name in sorted({str(body["consignment"]) for body in booked}):
            _booked(node, name, [body for body in booked if body["consignment"] == name])


def _booked(node: Node, name: str, bodies: list[Body]) -> None:
    """All of a consignment is booked, as one of our own steps about it says."""
    net: Counter[Batch] = Counter()
    for body in bodies:
        net[Batch(str(body["item"]), str(body["unit"]))] += signed(body)
    booked = {batch: count for batch, count in net.items() if count}
    rows = node.database.rows("SELECT said FROM step WHERE author = ? ORDER BY id", (node.party,))
    own = [step_from_json(json.loads(str(said)), node.party) for (said,) in rows]
    sent = [counted(one) for one in own if one.step == name and one.act == "dispatch"]
    got = [came(one) for one in own if one.act == "receipt" and (one.of or one.step) == name]
    root = node.database.rows(
        "SELECT 1 FROM record WHERE record LIKE ?", (f"%/{bodies[0]['request']}",)
    )
    if not root and not sent and not got:
        return  # the request has ended here, and its steps with it
    may = [{Batch(*line): -count for line, count in lines.items() if count} for lines in sent]
    may += [{Batch(*line): n.good for line, n in lines.items() if n.good} for lines in got]
    demand(booked in may, f"{node.party} booked {booked} of {name[:8]}, and said {may}")
