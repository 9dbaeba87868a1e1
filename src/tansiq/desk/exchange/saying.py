"""What a parcel says of our feed: which run of it, its head, our receipt, and what stays away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import releases
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import beside, handshake, opening, recovery
from tansiq.desk.trust import papers
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.checkpoint import Checkpoint, cosign, feed_origin, node_name
from tansiq.log.store import Entry, in_log, out_log
from tansiq.sync import engine
from tansiq.sync.engine import Peer
from tansiq.sync.parcel import Line

WORDS_SHRINK: Final = 4  # how many bytes of entries become one in a sealed parcel, roughly


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSay:
    """What a parcel says of the feed to ``party``. ``silent``: nothing that is new, since the
    partner must be heard first or gets its own words back. ``withdrawn`` are the releases of the
    run that go no more.
    """

    party: PartyCode
    start: int
    lines: list[Line]
    withdrawn: set[str]
    size: int
    asks: str
    lacks: int | None
    back: tuple[list[Line], str]
    back_start: int
    silent: bool
    live: bool
    room: int

    @property
    def end(self) -> int:
        """The size of the feed after the parcel."""
        return self.start + len(self.lines)

    @property
    def more(self) -> bool:
        """Whether the feed goes on, or something of it is lacking."""
        return self.end < self.size or self.lacks is not None or bool(self.back[0])


def to_say(desk: Desk, peer: Peer, *, start: int | None, live: bool, room: int) -> ToSay:
    """The run to say next to a partner, in ``room`` bytes (0 = as much as a parcel holds)."""
    party, log = peer.party, out_log(peer.party)
    size = desk.store.head(log).size
    begin = peer if start is None else replace(peer, acknowledged=start, have=None)
    start, end = engine.offer(begin, size)
    asks, (_, need) = handshake.asks(desk, party, live=live), handshake.position(desk, party)
    lacks = engine.needs(peer)
    back = recovery.given_back(desk, party, need)
    silent = bool(asks or back[0] or lacks is not None)
    if silent:
        start = end = min(start, peer.acknowledged)  # nothing that is not signed for already
    run = min(BOUNDS.parcel_run_bytes_max, room * WORDS_SHRINK or BOUNDS.parcel_run_bytes_max)
    entries = desk.store.read(log, start, desk.store.fitting(log, start, end, run))
    withdrawn = over(desk, party, start, start + len(entries)) if entries else set()
    return ToSay(
        party=party, start=start, lines=lines_of(entries, withdrawn), withdrawn=withdrawn,
        size=size, asks=asks or handshake.again(desk, gap=bool(peer.waiting)), lacks=lacks,
        back=back, back_start=need if back[0] and need else 0, silent=silent, live=live, room=room,
    )  # fmt: skip


def files_beside(
    desk: Desk, said: ToSay, reached: Mapping[str, int], now: int, *, ahead: bool
) -> beside.Beside:
    """The bytes of files that go in what is left of a parcel. One that is made ``ahead`` leaves
    later than it is made, and has none.
    """
    if said.silent or ahead:
        return beside.NOTHING
    words = sum(len(line.data or b"") for line in said.lines) // WORDS_SHRINK
    room = max(0, said.room - words) if said.room else BOUNDS.pieces_bytes_max
    asked = beside.asked_by(desk, said.party, said.end, now, live=said.live)
    return beside.pieces(desk, said.party, asked, reached, room=room, now=now)


def signed_head(desk: Desk, party: PartyCode, size: int) -> str:
    """Our note on the feed at this size, which is kept before it leaves."""
    root = desk.store.root_at(out_log(party), size)
    assert root is not None
    head = Checkpoint(origin=feed_origin(desk.me, party), size=size, root=root)
    note = opening.own_head(desk, party, head)
    desk.store.keep_note(out_log(party), size=size, root=root, signer=desk.me, text=note)
    return note


def receipt_for(desk: Desk, party: PartyCode, now: int, *, live: bool) -> str:
    """Our receipt for all that we hold. A partner that goes on from there has it already: then it
    is left out of a parcel that is answered at once, and nothing new costs little.
    """
    size = desk.store.head(in_log(party)).size
    if live and handshake.has_receipt(desk, party, size):
        return ""
    name = node_name(desk.me, desk.identity.node)
    note = desk.store.note(in_log(party), size, party)
    return cosign(note, name, desk.identity.keys.seed, now) if note else ""


def papers_at_head(desk: Desk, said: ToSay, ack: str) -> tuple[bytes, ...]:
    """The papers at the head of a parcel: ours that ``party`` has not signed for; our card, where
    this node has taken the place of another and was not heard yet; and earlier cards of ``party``
    where it begins anew. Whoever was founded in the place of a lost node, or went back past a
    change of keys, would not know the heads of that time as its own.
    """
    anew = bool(said.back[0] or handshake.told(desk, said.party))
    signed = [note for note in (ack, said.back[1]) if note] if anew else []
    theirs = papers.signed_under(desk, said.party, signed)
    own = papers.own_card(desk) if handshake.unsynced(desk, said.party) else ()
    most = BOUNDS.papers_per_parcel_max - len(theirs) - len(own)
    ours = papers.unconfirmed(desk, said.party, most)
    return (*theirs, *ours, *(card for card in own if card not in ours))


def lines_of(entries: list[Entry], withdrawn: set[str]) -> list[Line]:
    """These entries as lines of a parcel; what was withdrawn goes as its hash."""
    lines: list[Line] = []
    for entry in entries:
        data = entry.data
        if data is not None and withdrawn and _release_of(data) in withdrawn:
            data = None
        lines.append(Line(data, entry.leaf))
    return lines


def over(desk: Desk, party: PartyCode, start: int, end: int) -> set[str]:
    """The releases of a run that were recalled or have ended."""
    return releases.over(desk.board, party, (start, end), desk.clock.now())


def _release_of(data: bytes) -> str:
    item = decode_object(data)
    return str(item.get("release")) if item.get("type") in ("edition", "stage") else ""
