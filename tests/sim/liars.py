"""What a dishonest or careless partner sends: two heads, forged parcels, strange entries."""

from typing import TYPE_CHECKING

from tansiq.desk.exchange import exchange
from tansiq.desk.release import agreements
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON, encode
from tansiq.log.checkpoint import Checkpoint, cosign, feed_origin, node_name, sign
from tansiq.log.keys import NodeKeys
from tansiq.log.merkle import Frontier
from tansiq.log.store import in_log, out_log
from tansiq.sync.header import Header
from tansiq.sync.parcel import Line, seal
from tests.sim.node import Node

if TYPE_CHECKING:
    from tests.sim.world import World


def _sealed(
    liar: Node, victim: Node, lines: list[Line], start: int, *, keys: NodeKeys | None = None,
    ack: str = "", now: int,
) -> bytes:  # fmt: skip
    """A parcel that continues a true beginning with ``lines``, signed with the liar's keys."""
    true = liar.desk.store.leaves(out_log(victim.party), 0, start)
    root = Frontier().extend([*true, *(line.leaf for line in lines)]).root()
    origin = feed_origin(liar.party, victim.party)
    signer = keys or liar.identity.keys
    note = sign(Checkpoint(origin=origin, size=start + len(lines), root=root), origin, signer.seed)
    header = Header(
        sender=liar.party, receiver=victim.party, node=liar.identity.node, start=start,
        count=len(lines), number=9_999, made_ms=now, ack=ack, more=True,
    )  # fmt: skip
    return seal(
        header, lines, note, node_keys=signer,
        receiver_age_recipient=victim.identity.keys.age_recipient,
    )  # fmt: skip


def two_heads(world: "World", liar: Node, victim: Node) -> tuple[str, bytes, bool]:
    """A second version of the liar's feed; whether the victim must see at once that it is one."""
    size = victim.desk.store.head(in_log(liar.party)).size
    start = max(0, size - world.chance.randint(0, 3))
    fake = Line.entry(encode({"type": "novelty", "text": world.entropy.uuid()}))
    world.watch.lied.add((liar.party, victim.party))
    made = _sealed(liar, victim, [fake], start, now=victim.clock.now())
    return f"{liar.party} shows {victim.party} another entry {start}", made, start < size


def invented_receipt(world: "World", liar: Node, victim: Node) -> tuple[str, bytes, bool]:
    """A receipt for a head that the victim never had."""
    size = victim.desk.store.head(out_log(liar.party)).size + world.chance.randint(0, 2)
    root = bytes([world.chance.randrange(256)] * 32)
    point = Checkpoint(origin=feed_origin(victim.party, liar.party), size=max(1, size), root=root)
    keys = liar.identity.keys
    note = sign(point, point.origin, keys.seed)
    ack = cosign(note, node_name(liar.party, liar.identity.node), keys.seed, victim.clock.now())
    world.watch.lied.add((liar.party, victim.party))
    made = _sealed(liar, victim, [], 0, ack=ack, now=victim.clock.now())
    return f"{liar.party} signs for what {victim.party} never sent", made, True


def older_receipt(world: "World", liar: Node, victim: Node) -> tuple[str, bytes, bool]:
    """A receipt for a size that the victim had, over other entries than it had then."""
    size = world.malice.randint(1, max(1, victim.desk.store.head(out_log(liar.party)).size))
    root = bytes([world.malice.randrange(256)] * 32)
    point = Checkpoint(origin=feed_origin(victim.party, liar.party), size=size, root=root)
    keys = liar.identity.keys
    note = sign(point, point.origin, keys.seed)
    ack = cosign(note, node_name(liar.party, liar.identity.node), keys.seed, victim.clock.now())
    world.watch.lied.add((liar.party, victim.party))
    made = _sealed(liar, victim, [], 0, ack=ack, now=victim.clock.now())
    return f"{liar.party} signs for another entry {size - 1} of {victim.party}", made, True


def swallowed(world: "World", liar: Node, victim: Node) -> tuple[str, bytes, bool]:
    """A true receipt for what the liar got and threw away: nobody can see that, and it harms the
    liar alone.
    """
    log = out_log(liar.party)
    size = victim.desk.store.head(log).size
    exchange.outgoing(victim.desk, liar.party, start=size)
    note = victim.desk.store.note(log, size, victim.party)
    assert note is not None
    keys, now = liar.identity.keys, victim.clock.now()
    ack = cosign(note, node_name(liar.party, liar.identity.node), keys.seed, now)
    world.watch.lied.add((liar.party, victim.party))
    made = _sealed(liar, victim, [], 0, ack=ack, now=now)
    return f"{liar.party} signs for {size} entries of {victim.party} and drops them", made, False


def forged(world: "World", liar: Node, victim: Node) -> tuple[str, bytes, bool]:
    """A parcel in the liar's name that somebody else signed; it must be refused."""
    others = [node for party, node in sorted(world.nodes.items()) if party != liar.party]
    keys = world.chance.choice(others).identity.keys
    fake = Line.entry(encode({"type": "novelty", "text": "forged"}))
    made = _sealed(liar, victim, [fake], 0, keys=keys, now=victim.clock.now())
    return f"somebody forges a parcel of {liar.party} to {victim.party}", made, False


def strange_entry(world: "World", node: Node, to: PartyCode) -> str:
    """An entry that another implementation might send; none may harm more than itself."""
    chance, made = world.chance, world.entropy.uuid()
    token = world.ledger.token(node.party)
    world.ledger.allow(to, {token}, 0)
    strange = world.strange.setdefault((node.party, to), [])
    now = node.clock.now()
    edition: dict[str, JSON] = {
        "type": "edition", "release": made, "record": world.entropy.uuid(), "kind": "holiday",
        "v": 1, "k": 1, "state": "saved", "body": {"text": token}, "position": "liaison",
        "purpose": "support", "rule": "none", "at": now,
        "label": {"policy": "TANSIQ-1", "class": "open", "audience": [[to]], "categories": [],
                  "caveats": [], "onward": "none", "embargo": 0, "expires": 0},
    }  # fmt: skip
    choices: list[dict[str, JSON]] = [
        {"type": "novelty", "text": token},
        {"type": "edition", "release": 7, "text": token},
        edition,
        {**edition, "kind": "incident", "body": {"text": token, "hurt": -1}},
        {"type": "file", "release": made, "state": "whole", "at": now},
        {"type": "file", "record": 1, "state": token},
        {"type": "read", "release": made, "position": "liaison", "at": now},
        {"type": "purged", "release": made, "cause": "recalled", "read_by": [], "shown_to": [],
         "shown": False, "at": now},
        {"type": "agreement", "agreement": {"type": "agreement"}, "signatures": {}},
    ]  # fmt: skip
    rows = node.database.rows(
        "SELECT record FROM release WHERE party = ? AND feed_seq IS NOT NULL ORDER BY journal",
        (to,),
    )
    for (key,) in rows[-2:]:
        record = str(key).partition("/")[2]
        choices.append({"type": "edition", "release": made, "record": record, "kind": "incident"})
    if strange:
        known = chance.choice(strange)
        choices += [{"type": "recall", **known, "reason": "error", "at": now}] * 6
    for old, signatures in agreements.agreements(node.desk.board, to, both=False)[1:]:
        plain: dict[str, object] = {
            "type": "agreement",
            "agreement": old.to_json(),
            "signatures": signatures,
        }
        choices += [plain] * 2  # type: ignore[list-item]
    item = chance.choice(choices)
    with node.desk.act() as act:
        act.feed(to, dict(item))
    if item["type"] == "edition" and item.get("release") == made:
        strange.append({"record": item["record"], "releases": [made]})
    return f"feeds {to} a strange {item['type']}"
