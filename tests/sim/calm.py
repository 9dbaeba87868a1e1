"""After the faults nothing is lost any more: all must come to rest, equal on both sides."""

import json
from typing import TYPE_CHECKING

from tansiq.desk.cases import outward, taking
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import anchors, checking
from tansiq.desk.release import agreements, file_leaving, purging, releasing
from tansiq.domain.errors import ParcelError
from tansiq.log.store import files_log, in_log, out_log
from tests.sim import cases, sticks, supplies
from tests.sim.network import Pair
from tests.sim.node import DAY, HOUR, Node
from tests.sim.reading import file_of
from tests.sim.safety import demand, quiet

if TYPE_CHECKING:
    from tests.sim.world import World

ROUNDS_MORE = 8


def meet(world: "World") -> None:
    """The first exchange of all pairs, with which the agreements come into force."""
    for pair in world.pairs:
        _exchange(world, pair)


def settle(world: "World") -> None:
    """Exchange until nothing moves; it must come to rest within a bound."""
    world.time.now += world.chance.choice((HOUR, HOUR, 4 * DAY))
    for node in world.nodes.values():
        node.clock.error = 0
    world.versions.update(world)
    cases.cross(world)
    world.sticks.lose(world)
    world.pieces.let_go(world)
    pending = max(
        len(world.watch.feeds[pair]) - node.desk.store.head(in_log(pair[0])).size
        for pair in world.pairs
        for node in (world.nodes[pair[1]],)
    )
    bound = 2 * (pending // world.entries_max + 1) + ROUNDS_MORE
    bound += max(_file_bytes(node) for node in world.nodes.values()) // world.pieces_max
    _rest(world, bound)
    if world.cases.newer:
        settled = supplies.settle(world)
        cases.in_circles(world)
        _rest(world, bound)
        supplies.demand_settled(world, settled)
    if world.cases.trainings.on:
        world.cases.trainings.answer_all(world)
        _rest(world, bound)
    if world.versions.opened(world):
        _rest(world, bound)
    _equal(world)


def _rest(world: "World", bound: int) -> None:
    """Exchange until nothing moves any more."""
    for number in range(bound):
        before = world.digest()
        for node in world.nodes.values():
            releasing.tick(node.desk)
            taking.tick(node.desk)
            outward.tick(node.desk)
            world.cases.checks.tick(node)
            anchors.tick(node.desk)
            purging.expired(node.desk)
            world.watch.look(node)
        for pair in world.pairs:
            (sticks.trip if world.sticks.alone else _exchange)(world, pair)
            world.pieces.in_calm(world)
        world.note("calm", f"round {number + 1}")
        if world.digest() == before:
            break
        world.time.now += 1_000
    else:
        demand(holds=False, what=f"no rest after {bound} rounds of calm")


def _file_bytes(node: Node) -> int:
    rows = node.database.rows("SELECT COALESCE(SUM(bytes), 0) FROM chunk WHERE release = ''")
    return int(str(rows[0][0])) * 2  # each piece may be shorter than it could be


def _exchange(world: "World", pair: Pair) -> None:
    sender, receiver = (world.nodes[party] for party in pair)
    try:
        asked = exchange.outgoing(sender.desk, receiver.party)
        world.watch.parcel(sender, receiver.party, asked)
        replied = exchange.answer(receiver.desk, asked)
        revoked = replied == world.papers.get(pair)
        demand(revoked or pair not in world.watch.revoked, f"{pair}: a revoked node was answered")
        if revoked:
            return
        world.watch.parcel(receiver, sender.party, replied)
        exchange.incoming(sender.desk, replied)
    except ParcelError as error:
        back = (pair[1], pair[0])
        lied = pair in world.watch.lied or back in world.watch.lied
        demand(error.code in sticks.SHUT and lied, f"{pair} in calm: {error.code}")
    for node in (receiver, sender):
        world.watch.look(node)


def _equal(world: "World") -> None:
    lied = world.watch.lied | {(b, a) for a, b in world.watch.lied}
    for pair in world.pairs:
        sender, receiver = (world.nodes[party] for party in pair)
        if pair in lied:
            # A liar that takes its lie back as its own word, as a node does that went back to a
            # backup, has made it true: there is one history again.
            stopped = _stopped(sender, receiver) or _stopped(receiver, sender)
            apart = {pair, (pair[1], pair[0])} & set(world.papers)  # one of them is revoked
            settled = stopped or apart or pair not in world.told or _one_history(sender, receiver)
            demand(settled, f"{pair}: a lie has stopped nobody")
            continue
        sent = sender.desk.store.head(out_log(pair[1]))
        copied = receiver.desk.store.head(in_log(pair[0]))
        demand(sent == copied, f"{pair}: {sent.size} sent, {copied.size} received")
        demand(world.watch.receipts[pair] == sent.size, f"{pair}: not receipted")
        _agreed(sender, receiver)
        _releases(world, sender, receiver)
        cases.equal(world, sender, receiver)
        world.cases.trainings.at_rest(world, sender, receiver)
    world.cases.stops.at_rest(world)
    world.cases.plans.at_rest(world)
    world.cases.checks.at_rest(world)
    _rebuilt(world)
    for node in world.nodes.values():
        world.watch.whole(node)
        world.cases.stock.look(node)
        for report in checking.verify_feeds(node.desk, quiet):
            known = (node.party, report.party)
            demand(not report.damages or known in lied, f"verify of {known}: {report.damages}")


def _rebuilt(world: "World") -> None:
    """A board folded anew from the logs is as it was, and kept; the others are folded by fsck."""
    node = list(world.nodes.values())[world.seed % len(world.nodes)]
    before = checking.snapshot(node.desk)
    checking.rebuild(node.desk, quiet)
    demand(checking.snapshot(node.desk) == before, f"rebuilding {node.party} changed it")


def _one_history(sender: Node, receiver: Node) -> bool:
    sent = sender.desk.store.head(out_log(receiver.party))
    return sent == receiver.desk.store.head(in_log(sender.party))


def _stopped(node: Node, by: Node) -> bool:
    rows = by.database.rows("SELECT stopped_at FROM partner WHERE party = ?", (node.party,))
    return bool(rows and rows[0][0])


def _agreed(sender: Node, receiver: Node) -> None:
    here, there = sender.signed_with(receiver.party), receiver.signed_with(sender.party)
    demand(here[:1] == there[:1],
           f"{sender.party} and {receiver.party} hold different agreements")  # fmt: skip


def _versions(sender: Node, receiver: Node) -> int:
    """The version of the agreement that governs between them, 0 = none."""
    text = agreements.governs(receiver.desk.board, sender.party, receiver.clock.now())
    return text.version if text else 0


def _releases(world: "World", sender: Node, receiver: Node) -> None:
    """Each release that left is there, byte for byte, or its end is known on both sides."""
    now = receiver.clock.now()
    rows = sender.database.rows(
        """SELECT release, feed_seq, delivered_at, recalled_at, purged_at, read_at, read_by,
             expires, held
           FROM release WHERE party = ? AND feed_seq IS NOT NULL ORDER BY feed_seq""",
        (receiver.party,),
    )
    for release, seq, delivered, recalled, purged, read, readers, expires, held in rows:
        name = f"{str(release)[:8]} from {sender.party} to {receiver.party}"
        demand(delivered, f"{name} is not counted as delivered")
        there = receiver.database.rows(
            """SELECT purged_at, read_by, recalled_at, read_at FROM received WHERE release = ?""",
            (release,),
        )
        live = receiver.database.rows(
            """SELECT n.data FROM edition e JOIN entry n ON n.log = e.log AND n.seq = e.seq
               WHERE e.received = ?""",
            (release,),
        )
        over = recalled or 0 < int(str(expires)) <= now
        if over:
            demand(not live, f"{name} is over and still there")
            if recalled:
                demand(there and there[0][2], f"{name}: the recall is not known there")
                demand(purged and there[0][0], f"{name}: recalled and not purged")
            demand(not there or bool(purged) == bool(there[0][0]), f"{name}: purged on one side")
            continue
        if purged and there and there[0][0]:
            continue  # a clock that ran ahead; both know
        number = int(str(seq))
        if expires and not there:
            (came,) = receiver.desk.store.read(in_log(sender.party), number, number + 1)
            if came.data is None:
                continue  # over by the sender's clock when it left: that ran ahead
        demand(not held, f"{name} is held there for ever")
        entry = sender.desk.store.read(out_log(receiver.party), number, number + 1)
        demand(len(live) == 1 and live[0][0] == entry[0].data, f"{name} is not there")
        said = set(str(there[0][1]).split())
        told = set(str(readers).split())  # nobody, where receipts name the party alone
        demand(bool(read) == bool(there[0][3]), f"{name}: read at {read}, says {said}")
        # An agreement that was signed since may name the party alone: who read before stays named.
        anew = _versions(sender, receiver) > 1
        demand(told in (said, set()) or (anew and told < said),
               f"{name}: read by {readers!r}, says {said}")  # fmt: skip
    _nothing_expired(world, (sender.party, receiver.party), now)
    _files(world, sender, receiver)
    _newest(sender, receiver)


def _newest(sender: Node, receiver: Node) -> None:
    """Whatever overtook what: of each record the release stands that was sent last."""
    rows = sender.database.rows(
        """SELECT record, release FROM release WHERE party = ? AND feed_seq IS NOT NULL
             AND recalled_at = 0 AND purged_at = 0 AND held = '' AND superseded_at = 0""",
        (receiver.party,),
    )
    for key, release in rows:
        there = receiver.database.rows("SELECT received FROM record WHERE record = ?", (key,))
        known = receiver.database.rows(
            "SELECT purged_at FROM received WHERE release = ?", (release,)
        )
        gone = not known or known[0][0]  # it may have left as its hash
        demand(gone or not there or there[0][0] == release,
               f"{receiver.party} reads an older edition of {key} than the last")  # fmt: skip


def _nothing_expired(world: "World", pair: Pair, now: int) -> None:
    """No byte of an expired release is left, nor of a file whose end never came."""
    node, ends = world.nodes[pair[1]], world.watch.expiries[pair]
    for entry in node.desk.store.scan(in_log(pair[0])):
        if entry.data is not None:
            item = json.loads(entry.data)
            expires = ends.get(str(item.get("release")), 0)
            late = item["type"] == "edition" and 0 < expires <= now
            demand(not late, f"{node.party} keeps expired entry {entry.seq} of {pair[0]}")
    for entry in node.desk.store.scan(files_log(pair[0])):
        if entry.data is not None:
            expires = ends.get(str(json.loads(entry.data)["release"]), 0)
            demand(not 0 < expires <= now, f"{node.party} keeps expired bytes of {pair[0]}")


def _files(world: "World", sender: Node, receiver: Node) -> None:
    """Each file that may go is whole there, and its owner knows; of no other is it said. Spoilt is
    one alone of which its owner's node sent wrong bytes.
    """
    rows = sender.database.rows(
        """SELECT x.release, r.record, x.whole_at, x.spoilt_at FROM release x JOIN record r
             ON r.record = x.record AND r.kind = 'attachment'
           WHERE x.party = ? AND x.feed_seq IS NOT NULL AND x.recalled_at = 0 AND x.purged_at = 0
             AND x.superseded_at = 0 ORDER BY x.feed_seq""",
        (receiver.party,),
    )
    now = sender.clock.now()
    for release, key, whole, spoilt in rows:
        name = f"file {str(release)[:8]} of {sender.party} at {receiver.party}"
        stands = receiver.database.rows("SELECT 1 FROM record WHERE received = ?", (release,))
        mine = file_of(sender, str(key))
        if whole and stands:
            demand(file_of(receiver, str(key)) == mine, f"{name} is not what was sent")
        may = file_leaving.may_leave(sender.desk, receiver.party, str(release), now)
        lied = (str(release), receiver.party) in world.pieces.spoilt
        demand(lied or not spoilt, f"{name} is spoilt, and nobody sent wrong bytes")
        demand(whole or spoilt or not (may and stands and mine), f"{name} is not whole in calm")
