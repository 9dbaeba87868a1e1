"""Safety messages in a simulated world: sent, read back, telephoned and stood down among all else.

Some of the later worlds have them, so that the others go through what they went through before.
All chance here is of its own. At every moment and after every crash: a message has left to each
party with which an agreement is in force, and neither it nor any step about it waits behind
anything that is not urgent. After the calm each party is rung just where it has to act.
"""

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final

from tansiq.board import lanes, node_state
from tansiq.desk.cases import taking
from tansiq.desk.operations import safety
from tansiq.desk.release import agreements
from tansiq.domain.cases import Side, stands
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.operations.safety_message import CASE, RESULTS, SAFETY_MESSAGE, WHOM
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import out_log
from tests.sim.crash import CrashError
from tests.sim.node import Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

FROM: Final = 200
SOME: Final = 4  # of twelve
OFTEN: Final = 0.2  # after each event
_NAMED: Final = {"edition": ("record", "release"), "step": ("root", "step")}
_ACTS: Final = ("send", "read_back", "read_back", "call", "stand_down")


class Stops:
    """What happens with the safety messages of a world; ``done`` counts the acts."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"stops/{seed}")
        self.on = seed >= FROM and seed % 12 == SOME
        self.done: Counter[str] = Counter()

    def happen(self, world: "World") -> None:
        """Perhaps somebody sends one, or acts on one."""
        if not self.on or self.chance.random() > OFTEN:
            return
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        act = self.chance.choice(_ACTS)
        if self.chance.random() < 0.1:
            node.database.arm(self.chance.choice((0, 1, 2, 3, 5, 8, 13)))
        try:
            self._act(world, node, act)
            text = f"{act} a safety message"
            self.done[act] += 1
        except CrashError:
            node.restart()
            text = f"crashes in {act}"
        except FaultError as error:
            text = f"{act} refused: {error.code}"
        node.database.disarm()
        world.watch.look(node)
        self.look(world, node)
        world.note(node.party, text)

    def _act(self, world: "World", node: Node, act: str) -> None:
        desk, actor = node.desk, node.actor(1)
        if act == "send":
            text = f"stop {world.ledger.token(node.party)}"
            sent = safety.send(desk, actor, {"text": text})
            _sent_to_all(world, node, sent)
            return
        found = _roots(node, own=act != "read_back")
        if not found:
            return
        owner, _, record = self.chance.choice(found).partition("/")
        if act == "read_back":
            text = str(taking.view_of(desk, actor, owner, record).body["text"])
            safety.read_back(desk, actor, owner, record, typed=text, confirmed=True)
        elif act == "stand_down":
            safety.stand_down(desk, actor, record)
        else:
            party = self.chance.choice([to for by, to in world.pairs if by == node.party])
            whom, result = self.chance.choice(WHOM), self.chance.choice((*RESULTS, "read_back"))
            safety.called(desk, actor, record, party, whom=whom, result=result)

    def look(self, world: "World", node: Node) -> None:
        """Nothing of a message waits behind what is not urgent."""
        for party in [to for by, to in world.pairs if by == node.party] if self.on else ():
            demand(
                _newest(node, party) < _front(node, party),
                f"a safety message of {node.party} to {party} waits behind other traffic",
            )

    def at_rest(self, world: "World") -> None:
        """Whoever has to act is rung, and nobody else."""
        for node in world.nodes.values() if self.on else ():
            for root in _roots(node, own=True) + _roots(node, own=False):
                for lane in lanes.of_root(node.desk.board, root):
                    _rings(node, root, lane)


def _sent_to_all(world: "World", node: Node, record: str) -> None:
    """It was put into the feed to each party with which an agreement is in force."""
    rows = node.database.rows(
        "SELECT party FROM release WHERE record = ? AND feed_seq IS NOT NULL",
        (f"{node.party}/{record}",),
    )
    now = node.clock.now()
    wanted = {
        to for by, to in world.pairs
        if by == node.party and agreements.in_force(node.desk.board, to, now)
    }  # fmt: skip
    demand({str(party) for (party,) in rows} == wanted, f"{node.party} did not warn everybody")


def _roots(node: Node, *, own: bool) -> list[str]:
    """The messages that the node holds, its own or those of others."""
    rows = node.database.rows(
        "SELECT record FROM record WHERE kind = ? ORDER BY record", (SAFETY_MESSAGE.name,)
    )
    return [str(key) for (key,) in rows if str(key).startswith(f"{node.party}/") is own]


def _newest(node: Node, party: PartyCode) -> int:
    """Where the last entry about a message stands in the feed to a party; -1 = nowhere. What the
    world puts there past the desk is none.
    """
    keys = [key for own in (True, False) for key in _roots(node, own=own)]
    roots = {key.partition("/")[2] for key in keys}
    sent = node.database.rows("SELECT release FROM release WHERE party = ?", (party,))
    said = node.database.rows("SELECT step FROM step WHERE author = ?", (node.party,))
    ours = {str(name) for (name,) in (*sent, *said)}
    found = -1
    for entry in node.desk.store.scan(out_log(party)):
        item = decode_object(entry.data) if entry.data is not None else {}
        about, name = _NAMED.get(str(item.get("type")), ("", ""))
        if item.get(about) in roots and item.get(name) in ours:
            found = entry.seq
    return found


def _front(node: Node, party: PartyCode) -> int:
    """Behind what is signed and what was hastened."""
    desk = node.desk
    signed = desk.store.signed(out_log(party), desk.me)
    return max(signed, node_state.hastened(desk.board, party))


def _rings(node: Node, root: str, lane: lanes.HeldLane) -> None:
    standing = stands(CASE, lane.lane)
    side = Side.OWNER if root.startswith(f"{node.party}/") else Side.SEAT
    mine = any(turn.side is side for turn in standing.turns)
    rows = node.database.rows(
        "SELECT haste FROM waits WHERE about = ? AND why = 'turn'", (f"{root}#{lane.id}",)
    )
    demand(
        [str(haste) for (haste,) in rows] == (["safety"] if mine else []),
        f"{node.party} is rung wrongly for {root}: {standing.stage}",
    )
