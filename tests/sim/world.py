"""A simulated world: nodes, a faulty network, people, sticks and crashes, decided by one seed."""

import hashlib
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import permutations
from pathlib import Path
from random import Random

from tansiq.desk.cases import outward, taking
from tansiq.desk.exchange import exchange, handshake
from tansiq.desk.proof import anchors
from tansiq.desk.records import attention
from tansiq.desk.release import agreements, purging, releasing
from tansiq.desk.trust import partners
from tansiq.domain.errors import FaultError
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON
from tansiq.log.store import in_log, out_log
from tests.sim import acts, backups, calm, cases, hostile_pieces, liars, malice, open_files, sticks
from tests.sim.bounds import PIECE_BYTES, small_bounds
from tests.sim.canaries import Ledger
from tests.sim.chance import START_MS, NodeClock, SeededEntropy, WorldTime
from tests.sim.crash import CrashError
from tests.sim.memory import remembering
from tests.sim.network import Network, Pair, Parcel
from tests.sim.node import DAY, HOUR, Node, agreement_between, new_node
from tests.sim.safety import ViolationError, Watch, demand
from tests.sim.versions import Versions

PARTIES = (PartyCode("JCC"), PartyCode("MOD"), PartyCode("MPA"), PartyCode("NAT"))
EVENTS = 220
TAIL = 25
MALICE = 0.02  # of what must be refused; by each event
LIES = 0.002  # of what is signed and not true
LOST = 0.001  # of a node that is revoked and goes on
# Which worlds have what came last: none of the seeds that are kept from before.
NEWER_FROM, NEWER = 200, (2, 10)  # of twelve
Event = Callable[["World", Node], str]
Lie = Callable[["World", Node, Node], tuple[str, bytes, bool]]


class FailedError(Exception):
    """A world in which something happened that must not; the text is for a person."""


class World:
    """Everything that one seed decides. ``lines`` is what happened, one line an event."""

    def __init__(self, seed: int, *, verbose: bool = False) -> None:
        self.seed = seed
        self.verbose = verbose
        self.chance = Random(f"world/{seed}")
        self.entropy = SeededEntropy(f"{seed}/world")
        self.time = WorldTime()
        self.lines: list[str] = []
        self.events = 0
        self._hash = hashlib.sha256()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.nodes: dict[PartyCode, Node] = {}
        self.malice = Random(f"malice/{seed}")
        self.network = Network(Random(f"network/{seed}"))
        self.ledger = Ledger(Random(f"tokens/{seed}"))
        self.watch = Watch(self.nodes, self.ledger)
        self.papers: dict[Pair, bytes] = {}  # the revocations that were heard
        self.told: set[Pair] = set()  # lies that were certainly taken in
        self.strange: dict[Pair, list[dict[str, JSON]]] = {}
        self._known: dict[PartyCode, tuple[object, bytes]] = {}
        self.entries_max = self.chance.choice((3, 8, 2_000))
        self.pairs: list[Pair] = []
        self.versions = Versions(seed)
        newer = seed >= NEWER_FROM and seed % 12 in NEWER
        self.cases = cases.Cases(seed, newer=newer)
        self.sticks = sticks.Sticks(seed)
        self.pieces = hostile_pieces.Pieces(seed, often=newer)
        sizes = PIECE_BYTES[: 1 if newer else None]
        self.pieces_max = Random(f"pieces/{seed}").choice(sizes)

    def run(self) -> str:
        """The whole life of this world; the hash of its trace. Raises FailedError."""
        try:
            with (
                self._folder_if_any() as folder,
                small_bounds(self.entries_max, self.pieces_max),
                nullcontext() if folder else remembering(),
                self.versions.newest(),
                self.cases.kinds(),
            ):
                self._begin(folder)
                for _ in range(EVENTS):
                    self._event()
                    self._malice()
                    self.pieces.happen(self)
                    self.cases.happen(self)
                calm.settle(self)
        except FailedError:
            raise
        except (ViolationError, Exception) as error:
            raise FailedError(self._report(error)) from error
        finally:
            for node in self.nodes.values():
                node.database.close()
        return self._hash.hexdigest()

    def digest(self) -> str:
        """What the nodes' logs hold, and how far their partners signed; nothing random is in it."""
        found = hashlib.sha256()
        for party, node in sorted(self.nodes.items()):
            known = self._known.get(party)
            if known is None or known[0] != node.changes():
                known = self._known[party] = node.changes(), _told(node)
            found.update(known[1])
        return found.hexdigest()

    def note(self, who: str, text: str) -> None:
        """One line of the trace."""
        day, rest = divmod(self.time.now - START_MS, DAY)
        clock = f"{day}d{rest // HOUR:02}:{rest % HOUR // 60_000:02}"
        state = self.digest()
        line = f"{self.events:4} {clock} {who:4} {text}  [{state[:8]}]"
        self._hash.update(f"{line}{state}".encode())
        self.lines.append(line)
        if self.verbose:
            print(line)

    # Beginning -----------------------------------------------------------------------------------

    @contextmanager
    def _folder_if_any(self) -> Iterator[Path | None]:
        """Some worlds keep their databases in files, as real nodes do."""
        if self.chance.random() < 0.9:
            yield None
            return
        fast = Path("/dev/shm")
        with tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as folder:
            yield Path(folder)

    def _begin(self, folder: Path | None) -> None:
        count = self.chance.choice((3, 3, 4))
        for party in PARTIES[:count]:
            clock = NodeClock(self.time, self.chance.randint(-60_000, 60_000))
            path = folder / f"{party}.db" if folder else None
            self.nodes[party] = new_node(party, self.seed, clock, path)
        apart = {PARTIES[0], PARTIES[3]} if count == 4 else set()
        self.pairs = [pair for pair in permutations(self.nodes, 2) if set(pair) != apart]
        texts = {}
        for first, second in self.pairs:
            card = self.nodes[second].card(START_MS - 10 * DAY)
            partners.trust(self.nodes[first].desk, self.nodes[first].actor(1), card)
        for first, second in self.pairs:
            key = frozenset((first, second))
            if key not in texts:
                texts[key] = agreement_between(first, second, 1, START_MS, self.chance)
            node = self.nodes[first]
            agreements.sign(node.desk, node.actor(1), texts[key])
        for node in self.nodes.values():
            self.watch.look(node)
        if self.chance.random() < 0.85:
            calm.meet(self)
        where = "files" if folder else "memory"
        behind = self.versions.begin(self.nodes)
        self.note("", f"{count} nodes, parcels of {self.entries_max}, {where}{behind}")

    # One event -----------------------------------------------------------------------------------

    def _event(self) -> None:
        chance = self.chance
        self.events += 1
        self.time.now += chance.choice((1_000, 20_000, 60_000, 300_000, 600_000, 3 * HOUR))
        events = [event for _, event in EVENTS_OF_A_WORLD]
        event = chance.choices(events, [weight for weight, _ in EVENTS_OF_A_WORLD])[0]
        node = self.nodes[chance.choice(sorted(self.nodes))]
        if event is deliver:
            arrived = self.network.arrived(self.time.now)
            if arrived is None:
                event = connect
            else:
                node = self.nodes[arrived.receiver]
                event = _take(arrived)
        with self.versions.of(node):
            text = self._happens(event, node)
        self.note(node.party, text)

    def _happens(self, event: Event, node: Node) -> str:
        chance = self.chance
        if chance.random() < 0.1:
            node.database.arm(chance.choice((0, 1, 2, 3, 5, 8, 13, 21, 34)))
        try:
            text = event(self, node)
        except CrashError:
            node.restart()
            text = f"crashes in {event.__name__}"
        except FaultError as error:
            text = f"{event.__name__} refused: {error.code}"
        node.database.disarm()
        self.watch.look(node)
        open_files.look(node, self.events)
        hostile_pieces.look(node)
        if "crashes in" in text:
            self.watch.whole(node)
        return text

    def _malice(self) -> None:
        """Between two events somebody may do what must fail, or lie for good."""
        chance = self.malice.random()
        if self.versions.behind is not None:
            return  # it concerns two nodes, which run two programs
        if chance < MALICE:
            self.note("", malice.happen(self))
            return
        if chance < MALICE + LIES + LOST:
            pair = self.malice.choice(self.pairs)
            if {pair, (pair[1], pair[0])} & self.watch.lied:
                return
            liar, node = (self.nodes[party] for party in pair)
            if chance < MALICE + LIES:
                how = self.malice.choice((liars.older_receipt, liars.swallowed))
                self.note("", _lie(self, node, liar, how))
            else:
                self.note("", malice.revoked_goes_on(self, liar, node))
            self.watch.look(node)

    def parcel_of(
        self, node: Node, to: PartyCode, *, asks: bool, start: int | None = None
    ) -> Parcel:
        """What the node sends now, opened and looked through by the watch."""
        data = exchange.outgoing(node.desk, to, start=start)
        self.watch.parcel(node, to, data)
        return Parcel(self.network.name(), node.party, to, data, self.time.now, asks)

    def _report(self, error: BaseException) -> str:
        what = str(error)
        if not isinstance(error, ViolationError):
            what = "".join(traceback.format_exception(error))
        tail = "" if self.verbose else "\n".join(self.lines[-TAIL:])
        return (
            f"{tail}\nSEED {self.seed}, after event {self.events}: {what}\n"
            f"Replay: python -m tests.sim {self.seed} --verbose"
        )


def _told(node: Node) -> bytes:
    rows = node.database.rows
    logs = rows("SELECT name, frontier FROM log ORDER BY name")
    signed = rows("SELECT party, acknowledged, stopped_at > 0 FROM partner ORDER BY party")
    return repr((node.party, logs, signed)).encode()


def partner_of(world: World, node: Node) -> PartyCode:
    """One of the parties that the node exchanges with."""
    return world.chance.choice([to for sender, to in world.pairs if sender == node.party])


def person(world: World, node: Node) -> str:
    """Somebody on the watch floor does something."""
    choices = [act for _, act in acts.ACTS]
    act = world.chance.choices(choices, [weight for weight, _ in acts.ACTS])[0]
    try:
        return act(world, node)
    except FaultError as error:
        return f"{act.__name__} refused: {error.code}"


def connect(world: World, node: Node) -> str:
    """Send a parcel over a connection."""
    parcel = world.parcel_of(node, partner_of(world, node), asks=True)
    how = world.network.send(parcel, world.time.now)
    return f"to {parcel.receiver}: {parcel.name} {how}"


def deliver(world: World, node: Node) -> str:
    """Stands for the arrival of a parcel; see ``_take``."""
    raise NotImplementedError


def _take(parcel: Parcel) -> Event:
    def arrival(world: World, node: Node) -> str:
        taken = exchange.incoming(node.desk, parcel.data)
        text = f"takes {parcel.name} of {parcel.sender}: {taken.accepted} new"
        if parcel.asks:
            reply = world.parcel_of(node, parcel.sender, asks=False)
            text += f", replies {reply.name} {world.network.send(reply, world.time.now)}"
        return text

    return arrival


def write_stick(world: World, node: Node) -> str:
    """Write a parcel to a stick."""
    parcel = world.parcel_of(node, partner_of(world, node), asks=False)
    world.network.keep(parcel)
    return f"writes {parcel.name} for {parcel.receiver} to a stick"


def read_stick(world: World, node: Node) -> str:
    """Somebody brings a stick: whole, torn or damaged; new, old or for the tenth time."""
    found = world.network.stick()
    if found is None:
        return acts.NOTHING
    how, parcel, data = found
    text = f"gets {parcel.name} of {parcel.sender} for {parcel.receiver} on a {how} stick"
    mine = parcel.receiver == node.party
    try:
        taken = exchange.incoming(node.desk, data)
    except FaultError as error:
        expected = how != "whole" or not mine or error.code in sticks.SHUT
        demand(expected, f"{node.party} refuses a good stick: {error.code}")
        return f"{text}: refused"
    demand(mine and how == "whole", f"{node.party} takes a {how} stick of {parcel.receiver}")
    return f"{text}: {taken.accepted} new"


def runs_apart(world: World, node: Node) -> str:
    """Send two runs at once, the later one first."""
    to = partner_of(world, node)
    rows = node.database.rows("SELECT acknowledged FROM partner WHERE party = ?", (to,))
    first, size = int(str(rows[0][0])), node.desk.store.head(out_log(to)).size
    if size - first < 2:
        return acts.NOTHING
    names = []
    for start in (world.chance.randint(first + 1, size - 1), first):
        parcel = world.parcel_of(node, to, asks=False, start=start)
        names.append(f"{parcel.name} from {start} {world.network.send(parcel, world.time.now)}")
    return f"to {to} in runs: {', '.join(names)}"


def tick(world: World, node: Node) -> str:
    """The node does what is due."""
    due, anchored = releasing.tick(node.desk), anchors.tick(node.desk)
    fell, rang = taking.tick(node.desk), attention.tick(node.desk)
    outward.tick(node.desk)
    expired = purging.expired(node.desk)
    return f"ticks: {due} due, {fell} fell, {anchored} anchored, {expired} expired, {rang} rang"


def jump(world: World, node: Node) -> str:
    """The node's clock is set forward or back."""
    node.clock.error = world.chance.choice((0, 0, -HOUR, HOUR, -30_000, 5 * HOUR, -DAY))
    return f"clock is wrong by {node.clock.error // 1000} s"


def cut(world: World, node: Node) -> str:
    """A link goes down, or all come up."""
    if len(world.network.cut) > 1:
        world.network.cut.clear()
        return "all links are up"
    to = partner_of(world, node)
    world.network.cut.add(frozenset((node.party, to)))
    return f"link to {to} is down"


def restart(world: World, node: Node) -> str:
    """The process ends and starts."""
    node.restart()
    return "restarts"


def strange(world: World, node: Node) -> str:
    """The node sends what no Tansiq of today would send."""
    return liars.strange_entry(world, node, partner_of(world, node))


def lie(world: World, node: Node) -> str:
    """Once in a while a partner lies to this node; it must not get away with it."""
    liar = world.nodes[partner_of(world, node)]
    ways = (liars.two_heads, liars.two_heads, liars.invented_receipt, liars.forged)
    return _lie(world, node, liar, world.chance.choice(ways))


def _lie(world: World, node: Node, liar: Node, how: Lie) -> str:
    known = partners.partner(node.desk, liar.party)
    if handshake.restoration(node.desk) or (known is not None and known.rewound):
        return acts.NOTHING  # it takes nothing before it has its own words back
    if how is liars.swallowed and handshake.position(node.desk, liar.party)[1] is not None:
        return acts.NOTHING  # it says nothing new before the partner has its own words back
    size = node.desk.store.head(in_log(liar.party)).size
    text, data, seen = how(world, liar, node)
    try:
        taken = exchange.incoming(node.desk, data)
    except FaultError as error:
        demand(how is liars.forged or error.code in sticks.SHUT, f"{text}: {error.code}")
        return f"{text}: refused"
    demand(how is not liars.forged, f"{text}: taken")
    demand(taken.stopped or not seen, f"{text}: not noticed at size {size}")
    if how not in (liars.forged, liars.swallowed):
        world.told.add((liar.party, node.party))
    return f"{text}: {taken.stopped or 'not yet noticed'}"


EVENTS_OF_A_WORLD: tuple[tuple[float, Event], ...] = (
    (46, person), (15, connect), (20, deliver), (3, write_stick), (4, read_stick), (4, runs_apart),
    (4, tick), (2, jump), (1, cut), (1, restart), (3, strange), (0.2, lie),
    (1, backups.back_up), (0.3, backups.go_back),
)  # fmt: skip
