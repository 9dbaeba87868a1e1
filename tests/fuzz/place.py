"""Where the fuzzed input goes: a desk with a partner that holds good keys and sends anything."""

import json
from dataclasses import dataclass, field
from typing import Any

from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import anchors
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log import keys
from tansiq.log.canonical import base64_text, encode
from tansiq.log.checkpoint import Checkpoint, feed_origin, sign
from tansiq.log.merkle import leaf_hash
from tansiq.log.store import in_log, out_log
from tansiq.sync import dictionary, parcel
from tansiq.sync.header import HEADER_BYTES_MAX, Header, write_header
from tests.world import World, both_ways, incident, line, node_keys, plain_of, to

ME, THEY = PartyCode("MOD"), PartyCode("MPA")


def settled(made: World) -> None:
    """The two have agreed, and everything that travels has travelled once."""
    made.agree("MOD", "MPA", *both_ways("MOD", "MPA"))
    file = made.attach("MPA", "paper", b"some bytes of a file" * 40, to("MOD"))
    records = [
        made.write("MPA", "fire", incident(to("MOD"), attachments=[file])),
        made.write("MPA", "line", line(to("MOD"))),
        made.write("MPA", "gone", incident(to("MOD"), text="Taken back")),
    ]
    for record in records:
        made.release("MPA", record, "MOD", "R-MPA")
    own = made.write("MOD", "own", incident(to("MPA")))
    made.release("MOD", own, "MPA", "R-MOD")
    anchors.tick(made.desk("MPA"))
    made.exchange("MOD", "MPA")


@dataclass
class Target:
    """The node that is fed (MOD), and what its partner (MPA) has said so far."""

    made: World
    sent: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        entries = self.made.desk("MPA").store.read(out_log("MOD"), 0, 10_000)
        self.sent = [entry.data for entry in entries if entry.data is not None]

    def __repr__(self) -> str:
        return "a node"

    @property
    def desk(self) -> Desk:
        return self.made.desk("MOD")

    def take(self, data: bytes) -> object:
        """What comes by any carrier."""
        return exchange.incoming(self.desk, data)

    def wrapped(self, packed: bytes) -> bytes:
        """A frame sealed for the node, as anybody can who has its card."""
        tag = dictionary.current().tag
        return parcel.MAGIC + tag + keys.age_encrypt(packed, node_keys("MOD").age_recipient)

    def sealed(self, plain: bytes) -> bytes:
        """A plain parcel, sealed."""
        return self.wrapped(dictionary.current().compress(plain))

    def signed(self, *lines: bytes) -> bytes:
        """Lines under the partner's true signature, whatever they say."""
        unsigned = b"".join(line + b"\n" for line in lines)
        signature = node_keys("MPA").sign(parcel._signed_bytes(unsigned))
        return self.sealed(unsigned + base64_text(signature).encode() + b"\n")

    def follows(self, *entries: bytes, **said: Any) -> bytes:
        """A good parcel that goes on with these entries, so that they are taken and folded."""
        head = self.desk.store.head(in_log(THEY)).extend(map(leaf_hash, entries))
        origin = feed_origin(THEY, ME)
        point = Checkpoint(origin=origin, size=head.size, root=head.root())
        header = Header(
            sender=THEY, receiver=ME, node="mpa", start=head.size - len(entries),
            count=len(entries), number=7, made_ms=self.desk.clock.now(),
        )  # fmt: skip
        told = {**json.loads(write_header(header)), **said}
        note = encode(sign(point, origin, node_keys("MPA").seed))
        return self.signed(encode(told, HEADER_BYTES_MAX), *entries, note)

    def parcels(self) -> list[bytes]:
        """Real parcels in their plain form, and with a receipt."""
        return [plain_of(exchange.outgoing(self.made.desk("MPA"), ME, start=n), "MOD")
                for n in (0, 1, 3)]  # fmt: skip


def canonical(value: Any) -> bytes:
    """The bytes of a value, where it has canonical ones; else bytes that are refused."""
    try:
        return encode(value, BOUNDS.form_bytes_max)
    except ParcelError:
        return json.dumps(value).encode("utf-8", "surrogatepass")
