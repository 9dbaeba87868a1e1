"""What a partner sends that must be refused outright: nothing of it may leave a trace.

Each makes bytes that pass every check but one. They come with a chance of their own, so that the
rest of a world stays as it was.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

import zstandard

from tansiq.desk.exchange import exchange
from tansiq.desk.release import agreements
from tansiq.desk.trust import papers, partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError
from tansiq.log import keys
from tansiq.log.canonical import JSON, base64_text, encode
from tansiq.log.checkpoint import Checkpoint, feed_origin, sign
from tansiq.log.database import Row
from tansiq.log.merkle import Frontier, leaf_hash
from tansiq.log.papers import Revocation, make_revocation
from tansiq.log.store import in_log, out_log
from tansiq.policy.agreement import Agreement
from tansiq.sync import dictionary, parcel
from tansiq.sync.header import Header, write_header
from tests.sim.network import Pair
from tests.sim.node import DAY, HOUR, Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

Made = tuple[str, bytes]
MIB = 1024 * 1024
OVER_EVERY_COUNT = 2_001
ALL = 2**31  # entries
BLOCK_HEADER = 4 + 1


def wrapped(packed: bytes, victim: Node) -> bytes:
    """A frame sealed for the victim: anybody who has its card can do that."""
    tag = dictionary.current().tag
    return parcel.MAGIC + tag + keys.age_encrypt(packed, victim.identity.keys.age_recipient)


def signed_plain(
    liar: Node, victim: Node, lines: list[bytes], *, beside: Sequence[bytes] = (), **changes: JSON
) -> bytes:
    """A plain parcel under the liar's true signature, whatever it says, with these pieces of files
    ``beside`` its lines. It does not claim to be the last one, and it goes on from where both have
    the same: a restored node knows less of its own feed, and may have put other words there that it
    has not signed.
    """
    kept = victim.desk.store.leaves(in_log(liar.party), 0, ALL)
    own = liar.desk.store.leaves(out_log(victim.party), 0, ALL)
    start = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(kept, own, strict=False)))
    true = own[:start]
    root = Frontier().extend([*true, *map(leaf_hash, lines)]).root()
    origin, own = feed_origin(liar.party, victim.party), liar.identity.keys
    note = sign(Checkpoint(origin=origin, size=start + len(lines), root=root), origin, own.seed)
    header = Header(
        sender=liar.party, receiver=victim.party, node=liar.identity.node, start=start,
        count=len(lines), number=9_999, made_ms=victim.clock.now(), more=True,
        pieces=len(beside),
    )  # fmt: skip
    told: dict[str, JSON] = {**json.loads(write_header(header)), **changes}
    written = [encode(told), *lines, encode(note), *beside]
    unsigned = b"".join(line + b"\n" for line in written)
    signature = own.sign(parcel._signed_bytes(unsigned))
    return unsigned + base64_text(signature).encode() + b"\n"


def signed(
    liar: Node, victim: Node, lines: list[bytes], *, beside: Sequence[bytes] = (), **changes: JSON
) -> bytes:
    """The same, sealed."""
    plain = signed_plain(liar, victim, lines, beside=beside, **changes)
    return wrapped(dictionary.current().compress(plain), victim)


# Too much ----------------------------------------------------------------------------------------


def too_many_bytes(world: "World", liar: Node, victim: Node) -> Made:
    """A parcel past the bound of sealed ones."""
    return "a parcel of 8 MiB and a byte", parcel.MAGIC + bytes(BOUNDS.parcel_bytes_max)


@cache
def bomb(restated: int = 0) -> bytes:
    """Some bytes that expand to 64 MiB; they may claim to expand to less."""
    packed = bytearray(dictionary.current().compress(bytes(64 * MIB)))
    if restated:
        told = zstandard.get_frame_parameters(bytes(packed)).content_size.to_bytes(4, "little")
        at = packed.index(told, BLOCK_HEADER)
        packed[at : at + 4] = restated.to_bytes(4, "little")
        assert zstandard.get_frame_parameters(bytes(packed)).content_size == restated
    return bytes(packed)


def honest_bomb(world: "World", liar: Node, victim: Node) -> Made:
    """A bomb that says how large it is."""
    return "a bomb of 64 MiB", wrapped(bomb(), victim)


def lying_bomb(world: "World", liar: Node, victim: Node) -> Made:
    """A bomb that says it is small."""
    return "a bomb that claims a kilobyte", wrapped(bomb(1024), victim)


def too_many_entries(world: "World", liar: Node, victim: Node) -> Made:
    """More entries than a parcel may hold, each of them good."""
    return "2,001 entries", signed(liar, victim, [b'{"type":"novelty"}'] * OVER_EVERY_COUNT)


def too_large_entry(world: "World", liar: Node, victim: Node) -> Made:
    """One entry past its bound."""
    text = encode("x" * BOUNDS.entry_bytes_max, 2 * BOUNDS.entry_bytes_max)
    return "an entry past its bound", signed(liar, victim, [b'{"text":' + text + b"}"])


def too_deep_entry(world: "World", liar: Node, victim: Node) -> Made:
    """One entry that nests too deep."""
    depth = world.malice.choice((BOUNDS.json_depth_max, 5_000))
    entry = b'{"text":' + b"[" * depth + b"]" * depth + b"}"
    return f"an entry {depth} deep", signed(liar, victim, [entry])


def not_canonical(world: "World", liar: Node, victim: Node) -> Made:
    """One entry that could be written in another way."""
    entry = world.malice.choice(
        (b'{"b":1,"a":2}', b'{"a":1.5}', b'{"a":9007199254740993}', b'{"a":1,"a":2}', b"[1]",
         b'{"a":"\\ud800"}', b'{"a": 1}')
    )  # fmt: skip
    return f"an entry {entry!r}", signed(liar, victim, [entry])


# What belongs to others --------------------------------------------------------------------------


def for_another(world: "World", liar: Node, victim: Node) -> Made:
    """What a third party gave the liar, sealed anew for the victim with its signature untouched."""
    others = [
        node
        for party, node in sorted(world.nodes.items())
        if party not in (liar.party, victim.party) and (party, liar.party) in world.pairs
    ]
    sender = world.malice.choice(others or [victim])
    plain = signed_plain(sender, liar, [b'{"type":"novelty"}'])
    packed = dictionary.current().compress(plain)
    return f"what {sender.party} said to {liar.party}", wrapped(packed, victim)


def as_another(world: "World", liar: Node, victim: Node) -> Made:
    """A parcel in the name of a third party, under the liar's signature."""
    others = [party for party in sorted(world.nodes) if party not in (liar.party, victim.party)]
    name = world.malice.choice(others)
    changes: dict[str, JSON] = {"from": name, "node": name.lower()}
    return f"a parcel as {name}", signed(liar, victim, [b'{"type":"novelty"}'], **changes)


def changed_on_the_way(world: "World", liar: Node, victim: Node) -> Made:
    """A true parcel in which somebody who could open it has changed a number."""
    plain = signed_plain(liar, victim, []).replace(b'"number":9999', b'"number":9998')
    packed = dictionary.current().compress(plain)
    return "a parcel with another number", wrapped(packed, victim)


def other_node(world: "World", liar: Node, victim: Node) -> Made:
    """A parcel of a node that no card names."""
    return "a parcel of an unknown node", signed(liar, victim, [], node="ghost")


REFUSED: tuple[Callable[["World", Node, Node], Made], ...] = (
    too_many_bytes, honest_bomb, lying_bomb, too_many_entries, too_large_entry, too_deep_entry,
    not_canonical, for_another, as_another, changed_on_the_way, other_node,
)  # fmt: skip


def refused(world: "World", liar: Node, victim: Node) -> str:
    """The victim is as it was, and says why in a code."""
    text, data = world.malice.choice(REFUSED)(world, liar, victim)
    before = state(victim)
    try:
        exchange.incoming(victim.desk, data)
    except FaultError as error:
        demand(state(victim) == before, f"{text} of {liar.party} left a trace at {victim.party}")
        return f"{liar.party} brings {victim.party} {text}: {error.code}"
    demand(holds=False, what=f"{victim.party} took {text} of {liar.party}")
    return ""


def huge_card(world: "World", liar: Node, victim: Node) -> str:
    """A card past its bound, or one that somebody changed, is no card."""
    good = liar.card(world.time.now - DAY)
    at = world.malice.randrange(len(good))
    flipped = good[:at] + bytes([good[at] ^ 1 << world.malice.randrange(7)]) + good[at + 1 :]
    bad = world.malice.choice((flipped, good + b" " * BOUNDS.card_bytes_max, good[:-1], b""))
    before = state(victim)
    try:
        partners.trust(victim.desk, victim.actor(1), bad)
    except FaultError as error:
        demand(state(victim) == before, f"a bad card left a trace at {victim.party}")
        return f"{victim.party} is shown a bad card of {liar.party}: {error.code}"
    demand(holds=False, what=f"{victim.party} took a card that nobody signed")
    return ""


def state(node: Node) -> tuple[list[Row], ...]:
    """All that a refused parcel could change."""
    rows = node.database.rows
    return (
        rows("SELECT name, frontier FROM log ORDER BY name"),
        rows("SELECT party, acknowledged, stopped_at, card FROM partner ORDER BY party"),
        rows("SELECT party, start FROM waiting ORDER BY party, start"),
    )


# What is odd and does no harm --------------------------------------------------------------------


def wrong_clock(world: "World", liar: Node, victim: Node) -> str:
    """A good parcel made in the far future or the far past: served, at most an alarm."""
    made = world.malice.choice((0, 1, BOUNDS.moment_max, BOUNDS.integer_max))
    data = signed(liar, victim, [], made=made)
    before = victim.desk.store.head(in_log(liar.party))
    try:
        taken = exchange.incoming(victim.desk, data)
    except FaultError as error:
        demand(error.code == "partner_stopped", f"a clock stops the exchange: {error.code}")
        return f"{liar.party} says it is {made}: {error.code}"
    demand(not taken.stopped, f"{victim.party} stopped {liar.party} for its clock")
    after = victim.desk.store.head(in_log(liar.party))
    demand(after == before, f"a clock changed what {victim.party} has of {liar.party}")
    return f"{liar.party} tells {victim.party} that it is {made}"


def foreign_agreement(world: "World", liar: Node, victim: Node) -> str:
    """An agreement of others, good signatures and all, in the liar's own feed."""
    third = [party for party in sorted(world.nodes) if party not in (liar.party, victim.party)]
    found = [
        (agreement, signatures)
        for owner in (liar, victim)
        for party in third
        for agreement, signatures in agreements.agreements(owner.desk.board, party, both=False)
    ]
    agreement, told = world.malice.choice(found)
    if world.malice.random() < 0.7:
        ours = agreements.agreements(victim.desk.board, liar.party, both=False)
        name, version = (ours[0][0].id, ours[0][0].version + 1) if ours else (agreement.id, 9)
        agreement = replace(agreement, id=name, version=version)
        told = {liar.party: _signature(liar, agreement)}
    with liar.desk.act() as act:
        act.feed(victim.party, {"type": "agreement", "agreement": agreement.to_json(),
                                "signatures": dict(told)})  # fmt: skip
    world.watch.look(liar)
    return f"{liar.party} feeds {victim.party} the agreement {agreement.id}"


def _signature(liar: Node, agreement: Agreement) -> str:
    """What the liar's own authority signs."""
    authority = liar.identity.authority
    assert authority is not None
    return base64_text(authority.sign(agreements.signed_bytes(agreement)))


def revoked_goes_on(world: "World", liar: Node, victim: Node) -> str:
    """A node is stolen, its authority revokes it, the victim hears that; the thief goes on."""
    authority, now, pair = liar.identity.authority, victim.clock.now(), (liar.party, victim.party)
    assert authority is not None
    paper = make_revocation(
        Revocation(
            party=liar.party, authority=authority.public, node=liar.identity.node,
            public=liar.identity.keys.public, revoked_ms=now, lost_ms=now - HOUR, reason="stolen",
            replacement=b"",
        ),
        authority.seed,
    )  # fmt: skip
    papers.hear(victim.desk, paper)
    world.watch.lied.add(pair)
    world.papers[pair] = paper
    world.watch.revoked[pair] = victim.desk.store.head(in_log(liar.party)).size
    before = state(victim)[1:]
    for call, code in (
        (lambda: exchange.incoming(victim.desk, signed(liar, victim, [])), "parcel_revoked"),
        (lambda: exchange.outgoing(victim.desk, liar.party), "partner_revoked"),
        (lambda: partners.trust(victim.desk, victim.actor(1), liar.card(now)), "card_revoked"),
    ):
        try:
            call()
        except FaultError as error:
            demand(error.code in {code, "partner_stopped"}, f"a revoked node: {error.code}")
        else:
            demand(holds=False, what=f"{victim.party}, for a revoked node of {liar.party}: {code}")
    demand(state(victim)[1:] == before, f"{liar.party} was revoked and changed {victim.party}")
    return f"{victim.party} hears that {liar.party} is revoked, and it goes on"


def happen(world: "World") -> str:
    """Somebody is malicious; in which of the ways, and to whom, is a matter of chance."""
    chance = world.malice
    pair: Pair = chance.choice(world.pairs)
    liar, victim = (world.nodes[party] for party in pair)
    ways: list[Callable[[World, Node, Node], str]] = [*[refused] * 4, huge_card]
    if not {pair, (pair[1], pair[0])} & world.watch.lied:
        ways += [wrong_clock, foreign_agreement]  # what is true is known
    text = chance.choice(ways)(world, liar, victim)
    world.watch.look(victim)
    return text
