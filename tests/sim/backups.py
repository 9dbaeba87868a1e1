"""A disk dies and an old backup comes back: what a world does with it, and what must hold then.

What reached a partner comes back from it; what had reached nobody is lost, and is forgotten here
too. Sticks written before the disk died are destroyed, as the manual says.
"""

import json
from typing import TYPE_CHECKING

from tansiq.desk.exchange import handshake
from tansiq.domain.parties import PartyCode
from tansiq.log.store import JOURNAL, in_log, out_log
from tests.sim.node import Node

if TYPE_CHECKING:
    from tests.sim.world import World


def back_up(world: "World", node: Node) -> str:
    """Keep the node's database as it stands."""
    node.backup = node.database.image()
    node.backup_at = node.clock.now()
    return "is backed up"


def go_back(world: "World", node: Node) -> str:
    """The disk dies; the backup is restored."""
    if node.backup is None:
        return "has no backup"
    sender = node.party
    world.cases.trainings.back.add(sender)
    world.network.under_way = [p for p in world.network.under_way if p.sender != sender]
    world.network.sticks = [p for p in world.network.sticks if p.sender != sender]
    sizes = {name: node.desk.store.head(name).size for name in node.desk.store.names()}
    node.put_back(node.backup)
    handshake.mark_restored(node.desk, node.backup_at)
    _forget(world, node)
    lost = sum(sizes.values()) - sum(node.desk.store.head(n).size for n in node.desk.store.names())
    return f"goes back to its backup, {lost} entries fewer"


def _forget(world: "World", node: Node) -> None:
    """What the watch still knows of the node is what it holds, and what its partners hold."""
    watch, store = world.watch, node.desk.store
    watch.told.forget(node.party)
    for key in [key for key in watch.accepted if key[1] == node.party]:
        del watch.accepted[key]
    watch.seen[node.party, JOURNAL] = store.head(JOURNAL).size
    for party, other in world.nodes.items():
        if party == node.party:
            continue
        pair, back = (node.party, party), (party, node.party)
        watch.seen[node.party, in_log(party)] = store.head(in_log(party)).size
        watch.receipts[pair] = watch.versions[pair] = 0
        for kind, log in (("receipt", out_log(party)), ("accepted", in_log(party))):
            noted = store.notes_past(log, 0, party)
            size = max([size for size, _, _ in noted], default=0)
            watch.accepted[PartyCode(f"{kind} {party}"), node.party] = size
        watch.restored.add(pair)
        watch.revoked.pop(back, None)  # it may have been heard after the backup
        watch.behind.add(back)
        _known_to_both(world, node, other)
        if back in watch.restored:
            _known_to_both(world, other, node)  # both went back: some of it nobody knows any more
        # A lie to the node is forgotten with the rest; its own lies come back as its words.
        world.told -= {back, pair}


def _known_to_both(world: "World", node: Node, other: Node) -> None:
    """What the node may not forget: what its partner has of it, and what it still has itself."""
    pair, copy, own = (node.party, other.party), in_log(node.party), out_log(other.party)
    size = other.desk.store.head(copy).size
    world.watch.signed[pair] = other.desk.store.leaves(copy, 0, size)
    held = other.desk.store.read(copy, 0, size)
    held += node.desk.store.read(own, 0, node.desk.store.head(own).size)
    items = [json.loads(entry.data) for entry in held if entry.data is not None]
    world.watch.asked_back[pair] = {
        str(release)
        for item in items
        if item.get("type") == "recall" and isinstance(item.get("releases"), list)
        for release in item["releases"]
        if release in world.watch.prepared  # not what only a stranger entry asked back
    }
