"""What a hostile or broken partner sends as bytes of files: nothing wrong is stored as a file or
shown, no piece of a stranger is taken, and the true file still arrives.

A partner signs all of it with its true key: pieces that overlap, repeat, leave a hole, go past the
end, belong to nobody or to files of others, and, rarely, wrong bytes of a file of its own. Those
spoil that one release, and it alone. All chance here is of its own.
"""

import hashlib
import json
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Final

from tansiq.board import file_bytes
from tansiq.board.file_bytes import Lacking
from tansiq.desk.exchange import exchange
from tansiq.desk.release import releasing
from tansiq.domain.errors import FaultError
from tansiq.log.canonical import JSON, base64_text, encode
from tansiq.log.store import files_log, in_log
from tansiq.sync.pieces import Piece, write_piece
from tests.sim import acts, sticks
from tests.sim.malice import signed, state
from tests.sim.node import Node
from tests.sim.reading import file_of
from tests.sim.safety import demand
from tests.world import prepare_seen

if TYPE_CHECKING:
    from tests.sim.world import World

SHARE: Final = 0.03  # of events
LET_GO: Final = 0.05
SHARE_AWAITED: Final = 0.4  # of those while somebody awaits bytes
_WAITS: Final = "SELECT release FROM release WHERE release = ? AND approvers > 0"
_AWAITED: Final = "SELECT release FROM file WHERE whole_at = 0 AND spoilt_at = 0 LIMIT 1"
SPOILS: Final = 0.25  # of what is sent: wrong bytes where true ones are awaited
WRONG: Final = b"wrong"
Made = tuple[str, list[Piece]]


class Pieces:
    """Who sends what; ``spoilt`` are the releases of which wrong bytes were sent where true ones
    were awaited, each with whom it goes to.
    """

    def __init__(self, seed: int, *, often: bool) -> None:
        self.chance = Random(f"pieces of files/{seed}")
        self.often = often
        self.spoilt: set[tuple[str, str]] = set()

    def happen(self, world: "World") -> None:
        """Perhaps somebody sends such pieces after an event."""
        if not self.often or world.versions.behind is not None:
            return
        if self.chance.random() < LET_GO:
            self._let_go(world, world.nodes[self.chance.choice(sorted(world.nodes))])
        if self.chance.random() < (SHARE_AWAITED if self._awaited(world) else SHARE):
            self.send(world)

    def let_go(self, world: "World") -> None:
        """When it is calm, files are let go once more, so that some are under way."""
        for node in world.nodes.values() if self.often else ():
            self._let_go(world, node)

    def in_calm(self, world: "World") -> None:
        """While files travel, somebody goes on."""
        if self.often and self._awaited(world):
            self.send(world)

    def _awaited(self, world: "World") -> bool:
        return any(node.database.rows(_AWAITED) for node in world.nodes.values())

    def _let_go(self, world: "World", node: Node) -> None:
        world.note(node.party, _let_go(self, node))
        world.watch.look(node)

    def send(self, world: "World") -> None:
        """Somebody sends such pieces to a partner."""
        lied = world.watch.lied | {(b, a) for a, b in world.watch.lied}
        honest = [pair for pair in world.pairs if pair not in lied]
        pairs = [(world.nodes[liar], world.nodes[victim]) for liar, victim in honest]
        awaited = [(liar, victim) for liar, victim in pairs if _lacking_of(victim, liar)]
        if not pairs:
            return
        liar, victim = self.chance.choice(awaited or pairs)
        before = victim.desk.store.head(in_log(liar.party))
        if self.chance.random() < 0.2:
            text = _malformed(self, liar, victim)
        else:
            text = _taken(self, liar, victim)
        after = victim.desk.store.head(in_log(liar.party))
        demand(before == after, f"pieces of {liar.party} changed what {victim.party} has of it")
        world.watch.look(victim)
        world.note(liar.party, f"sends {victim.party} {text}")


def _let_go(told: Pieces, node: Node) -> str:
    """Two people let an incident with a file go, so that files travel."""
    rows = node.database.rows(
        """SELECT DISTINCT l.source FROM link l JOIN record r ON r.record = l.source
           WHERE l.field = 'attachments' AND r.received IS NULL ORDER BY l.source"""
    )
    if not rows:
        return acts.NOTHING
    record = str(told.chance.choice(rows)[0]).partition("/")[2]
    readers = sorted(releasing.own_edition(node.desk, record).label.readers())
    if not readers:
        return acts.NOTHING
    rule = f"one-{node.party.lower()}"
    wish = releasing.Wish(record=record, to=told.chance.choice(readers), rule=rule)
    try:
        release = prepare_seen(node.desk, node.actor(1), wish)
        if node.database.rows(_WAITS, (release,)):
            releasing.approve(node.desk, node.actor(4), release)
    except FaultError as error:
        return f"lets no file go: {error.code}"
    return f"lets {record[:8]} go with its file"


def _taken(told: Pieces, liar: Node, victim: Node) -> str:
    lacking = _lacking_of(victim, liar)
    if not lacking or told.chance.random() < 0.3:
        text, pieces = _foreign(told, liar, victim)
    elif told.chance.random() < SPOILS:
        text, pieces = _wrong(told, victim, told.chance.choice(lacking))
    else:
        known = told.chance.choice(lacking)
        text, pieces = told.chance.choice(_WAYS)(told, known, file_of(liar, known.key))
    stored = _files_stored(victim)
    lines = list(map(write_piece, pieces))
    try:
        taken = exchange.incoming(victim.desk, signed(liar, victim, [], beside=lines))
    except FaultError as error:
        demand(error.code in sticks.SHUT, f"{text}: {error.code}")
        return f"{text}: {error.code}"
    demand(not taken.stopped, f"{text}: {victim.party} stopped {liar.party}")
    strange = text.startswith("pieces of others")
    demand(not strange or _files_stored(victim) == stored, f"{victim.party} keeps {text}")
    return text


# Of a file that is awaited ------------------------------------------------------------------------


def _overlapping(told: Pieces, known: Lacking, data: bytes) -> Made:
    """What is there comes again as something else, and true bytes behind it."""
    have = known.have
    true = data[have : have + told.chance.randint(1, 30)]
    back = told.chance.randint(0, have)
    made = (WRONG * have)[: have - back] + true
    return "an overlapping piece", [Piece(known.release, back, made)] if made else []


def _repeated(told: Pieces, known: Lacking, data: bytes) -> Made:
    """Every piece twice, the later ones first."""
    size = told.chance.choice((7, 15, 40))
    cut = [Piece(known.release, at, data[at : at + size]) for at in range(0, len(data), size)]
    some = cut[: told.chance.randint(1, len(cut))] if cut else []
    return "pieces twice and backwards", [*reversed(some), *some]


def _hole(told: Pieces, known: Lacking, data: bytes) -> Made:
    """Wrong bytes behind a hole."""
    at = known.have + told.chance.randint(1, 9)
    made = (WRONG * known.size)[: max(0, known.size - at)]
    return "a piece behind a hole", [Piece(known.release, at, made)] if made else []


def _short(told: Pieces, known: Lacking, data: bytes) -> Made:
    """One byte at a time, and then nothing more."""
    ends = range(known.have, min(known.have + told.chance.randint(1, 5), len(data)))
    return "single bytes", [Piece(known.release, at, data[at : at + 1]) for at in ends]


_WAYS: Final[tuple[Callable[[Pieces, Lacking, bytes], Made], ...]] = (
    _overlapping, _repeated, _hole, _short,
)  # fmt: skip


def _wrong(told: Pieces, victim: Node, known: Lacking) -> Made:
    """Wrong bytes where true ones are awaited, up to the end of the file or past it."""
    more = told.chance.choice((0, 0, 1))
    made = (WRONG * known.size)[: known.size - known.have + more]
    if len(known.release) and known.key.partition("/")[0] != victim.party:
        told.spoilt.add((known.release, victim.party))
        return "wrong bytes of a file of its own", [Piece(known.release, known.have, made)]
    return "no wrong bytes of a file of others", []


# Of others, and what is none ----------------------------------------------------------------------


def _foreign(told: Pieces, liar: Node, victim: Node) -> Made:
    """Bytes under the release of somebody else's file, of no file, or of nothing."""
    rows = victim.database.rows("SELECT release, party FROM file ORDER BY release")
    rows += victim.database.rows("SELECT release, owner FROM received ORDER BY release")
    rows += victim.database.rows("SELECT release, ? FROM release ORDER BY release", (victim.party,))
    others = [str(release) for release, party in rows if party != liar.party]
    lost = {one.release for one in _lacking_of(victim, liar)}
    strange = f"{told.chance.getrandbits(32):08x}-0000-4000-8000-000000000000"
    release = told.chance.choice([*[one for one in others if one not in lost], strange])
    return "pieces of others", [Piece(release, 0, WRONG)]


def _lacking_of(victim: Node, liar: Node) -> list[Lacking]:
    return file_bytes.lacking(victim.desk.board, liar.party, victim.clock.now())


def _malformed(told: Pieces, liar: Node, victim: Node) -> str:
    """Lines that are no pieces, or another number of them than was said."""
    good = write_piece(Piece(f"{0:08x}-0000-4000-8000-{0:012x}", 0, WRONG))
    item: dict[str, JSON] = json.loads(good)
    lines = told.chance.choice(
        ([encode({**item, "at": -1})], [encode({**item, "data": "?"})],
         [encode({**item, "data": base64_text(b"")})], [encode({**item, "n": 0})],
         [encode({**item, "release": "../x"})], [good[:-1]])
    )  # fmt: skip
    before = state(victim), _files_stored(victim)
    changes: dict[str, JSON] = {"pieces": len(lines) + told.chance.randint(0, 1)}
    try:
        exchange.incoming(victim.desk, signed(liar, victim, [], beside=lines, **changes))
    except FaultError as error:
        demand((state(victim), _files_stored(victim)) == before, "bad pieces left a trace")
        return f"what is no piece: {error.code}"
    demand(holds=False, what=f"{victim.party} took {lines!r} for pieces")
    return ""


def _files_stored(node: Node) -> list[int]:
    logs = (files_log(party) for party in ("JCC", "MOD", "MPA", "NAT"))
    return [node.desk.store.head(log).size for log in logs]


# What must hold of every file ---------------------------------------------------------------------


def look(node: Node) -> None:
    """A file that a node takes for whole has the digest that its owner said."""
    rows = node.database.rows(
        """SELECT f.release, f.record, n.data FROM file f
             JOIN record r ON r.record = f.record AND r.received = f.release
             JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE f.whole_at > 0 AND n.data IS NOT NULL"""
    )
    for release, key, said in rows:
        assert isinstance(said, bytes)
        digest = hashlib.sha256(file_of(node, str(key))).hexdigest()
        true = json.loads(said)["body"]["digest"]
        demand(digest == true, f"{node.party} takes other bytes for the file of {release}")
