"""Planned activities in a simulated world: filed, moved, cancelled and recalled, often by two
parties at the same place and moment while they are apart.

Some of the later worlds have them, so that the others go through what they went through before.
All chance here is of its own. Once all have met, each own plan waits because of exactly those plans
that it meets, whatever was lost, repeated, torn, restarted or restored on the way: compared one by
one, without the index by which the nodes find them.
"""

from collections import Counter
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Final

from tansiq.board import queries
from tansiq.desk.records import say
from tansiq.desk.release import recalling
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY, STANDING
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body, RecordView
from tests.sim import plan_meetings
from tests.sim.chance import START_MS
from tests.sim.crash import CrashError
from tests.sim.node import DAY, HOUR, Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

FROM: Final = 200
SOME: Final = 7  # of twelve
OFTEN: Final = 0.12  # after each event
LATER: Final = 500 * DAY  # after all that happens in a world, so that none is over
_ACTS: Final = ("file", "file", "file", "move", "cancel", "recall", "meet", "meet", "meet", "meet")


class Plans:
    """What happens with the plans of a world; ``done`` counts the acts, ``met`` the pairs of plans
    of two parties that meet at the end, ``resolving`` the meetings that stand then.
    """

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"plans/{seed}")
        self.on = seed >= FROM and seed % 12 == SOME
        self.done: Counter[str] = Counter()
        self.met = 0
        self.resolving = 0

    def happen(self, world: "World") -> None:
        """Perhaps somebody files a plan, or two do at once, or one is changed."""
        if not self.on or self.chance.random() > OFTEN:
            return
        act = self.chance.choice(_ACTS)
        where = self._where(world)
        many = 2 if act == "file" else 1
        for party in self.chance.sample(sorted(world.nodes), many):
            node = world.nodes[party]
            if self.chance.random() < 0.1:
                node.database.arm(self.chance.choice((0, 1, 2, 3, 5, 8, 13)))
            try:
                did = self._act(world, node, act, where)
                text = f"{did} a plan"
                self.done[did] += 1
            except CrashError:
                node.restart()
                text = f"crashes in {act} of a plan"
            except FaultError as error:
                text = f"{act} of a plan refused: {error.code}"
            node.database.disarm()
            world.watch.look(node)
            world.note(party, text)

    def _where(self, world: "World") -> Body:
        """A place of a few and a time of a few: many meet."""
        chance = self.chance
        begins = START_MS + LATER + chance.randint(0, 30) * HOUR
        lat, lon = 360_000_000 + chance.randint(0, 3) * 200_000, 440_000_000
        return {
            "area": {"shape": "circle", "name": "", "positions": [[lat, lon]], "grain": "exact",
                     "metres": chance.choice((300, 900))},
            "begins": begins, "until": begins + chance.randint(1, 4) * HOUR,
            "margin_metres": chance.choice((0, 800)), "margin_minutes": chance.choice((0, 90)),
        }  # fmt: skip

    def _act(self, world: "World", node: Node, act: str, where: Body) -> str:
        desk, actor = node.desk, node.actor(1)
        readers = audience_of(*(to for by, to in world.pairs if by == node.party))
        body: Body = {
            **where, "activity": "survey", "contact": "watch", "sealed": "open",
            "text": f"survey {world.ledger.token(node.party)}",
        }  # fmt: skip
        draft = say.Draft(kind=PLANNED_ACTIVITY.name, body=body, label=Label(audience=readers))
        if act == "file":
            say.write(desk, actor, draft)
            return act
        if act == "meet":
            return plan_meetings.act(node, self.chance, _standing(node))
        own = [one for one in _standing(node) if one.owner == node.party]
        if not own:
            return act
        one = self.chance.choice(own)
        if act == "move":
            say.revise(desk, actor, one.record, one.digest, draft)
        elif act == "cancel":
            say.step(desk, actor, one.record, one.digest, "cancel_activity")
        else:
            to = PartyCode(self.chance.choice(sorted(world.nodes.keys() - {node.party})))
            recalling.recall(desk, actor, one.record, to, "error")
        return act

    def at_rest(self, world: "World") -> None:
        """Each node is told of what meets its own plans where no meeting stands between them, of
        what was agreed and is not so yet, and of nothing else.
        """
        self.resolving = plan_meetings.at_rest(world) if self.on else 0
        for node in world.nodes.values() if self.on else ():
            plans = _standing(node)
            wanted = {
                (_key(ours), _key(theirs))
                for ours, theirs in product(plans, plans)
                if ours.owner == node.party
                and ours is not theirs
                and plan_meetings.meet(ours, theirs)
            }
            self.met += sum(node.party not in theirs for _, theirs in wanted)
            held = {
                (_key(one), met.other_key)
                for one in plans
                if one.owner == node.party
                for met in plan_meetings.standing(node, one)
            }
            wanted -= held
            rows = node.database.rows(
                "SELECT about, step FROM waits WHERE why = 'meets' AND ends <> 1"
                " AND said NOT LIKE '% settle'"
            )
            told = {(str(about), str(step).partition("~")[0]) for about, step in rows}
            demand(told == wanted, f"{node.party} is told {told ^ wanted} wrongly")
            demand(len(rows) == len(told), f"{node.party} is told twice of one plan")


def _key(view: RecordView) -> str:
    return f"{view.owner}/{view.record}"


def _standing(node: Node) -> list[RecordView]:
    """The plans that stand on a node's board, its own and those of others."""
    rows = node.database.rows(
        "SELECT record FROM record WHERE kind = ? ORDER BY record", (PLANNED_ACTIVITY.name,)
    )
    found = queries.found_each(node.desk.board, [str(key) for (key,) in rows])
    views = [one._value for one in found.values()]
    return [view for view in views if view.state in STANDING]
