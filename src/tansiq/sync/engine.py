"""The replication engine: what one opened parcel does to what I know of one partner. Pure.

Two feeds join a pair of parties. ``acknowledged`` is how much of mine the partner has signed for;
``head`` is my copy of theirs. A parcel carries a run of their feed, their signed head at its end,
and their receipt for mine.

What must hold after every step: ``head`` only grows, each entry once and in order, and always to a
root that the partner has signed; a receipt never moves back and is always for a head that I had; a
run that starts past my head waits (a gap is an alarm, in words); two heads that cannot both be true
stop the partner and are kept as evidence. Any order and any repetition of the same parcels ends in
the same state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.merkle import Frontier
from tansiq.sync.parcel import Line, Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What I know of one partner. ``waiting`` are parcels past a gap, by where they start."""

    party: PartyCode
    acknowledged: int = 0
    head: Frontier = field(default_factory=Frontier)
    waiting: tuple[Parcel, ...] = ()
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """What the logs answer: roots of my feed to the partner, leaves and roots of
    my copy of theirs.
    """

    my_root_at: Callable[[int], bytes | None]
    their_leaves: Callable[[int, int], list[bytes]]
    their_root_at: Callable[[int], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """Append these lines to my copy of their feed; ``note`` is their signed head after them."""

    lines: tuple[Line, ...]
    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """They signed for my feed up to ``size``."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keep this parcel until the gap before it has closed."""

    parcel: Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Tell people: ``code`` names the words."""

    code: str
    values: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Exchange with this partner stops; ``evidence`` are the signed notes that
    cannot both be true.
    """

    code: str
    evidence: tuple[str, ...]


Effect: TypeAlias = Accept | Receipt | Hold | Alarm | Stop
Step: TypeAlias = tuple[Peer, list[Effect]]


def take(peer: Peer, parcel: Parcel, feeds: Feeds, now: int) -> Step:
    """What ``parcel`` changes. The parcel has been opened: its signature, note and framing are
    good.
    """
    if peer.stopped:
        return peer, []
    effects: list[Effect] = []
    # Made long ago says nothing, a stick may have been on the road; made in the future does.
    if parcel.header.made_ms - now > BOUNDS.clock_skew_ms_max:
        minutes = (parcel.header.made_ms - now) // 60_000
        effects.append(Alarm(code="clock_differs", values={"minutes": minutes}))
    peer, receipt = _receipt(peer, parcel, feeds)
    effects += receipt
    if not peer.stopped:
        peer, taken = _run(peer, parcel, feeds)
        effects += taken
    return peer, effects


def _receipt(peer: Peer, parcel: Parcel, feeds: Feeds) -> Step:
    signed = parcel.acknowledged
    if signed is None:
        return peer, []
    if feeds.my_root_at(signed.size) != signed.root:
        # Either they sign for what I never said, or my own store went back to an old backup. Both
        # want a person.
        return _stop(peer, "receipt_unknown", parcel.header.ack)
    if signed.size <= peer.acknowledged:
        return peer, []
    effect = Receipt(size=signed.size, root=signed.root, note=parcel.header.ack)
    return replace(peer, acknowledged=signed.size), [effect]


def _run(peer: Peer, parcel: Parcel, feeds: Feeds) -> Step:
    header = parcel.header
    if header.start > peer.head.size:
        return _hold(peer, parcel)
    overlap = min(header.end, peer.head.size) - header.start  # what the run repeats
    mine = feeds.their_leaves(header.start, header.start + overlap)
    if [line.leaf for line in parcel.lines[:overlap]] != mine:
        return _stop(peer, "split_view", parcel.note)
    if header.end <= peer.head.size:
        root = feeds.their_root_at(header.end)
        return (
            (peer, []) if root == parcel.checkpoint.root else _stop(peer, "split_view", parcel.note)
        )
    fresh = parcel.lines[overlap:]
    head = peer.head.extend(line.leaf for line in fresh)
    if head.root() != parcel.checkpoint.root:
        return _stop(peer, "split_view", parcel.note)
    accept = Accept(lines=fresh, size=head.size, root=head.root(), note=parcel.note)
    return replace(peer, head=head), [accept]


def _hold(peer: Peer, parcel: Parcel) -> Step:
    header = parcel.header
    known = any(held.header.start == header.start for held in peer.waiting)
    if known or len(peer.waiting) >= BOUNDS.parcels_waiting_max:
        return peer, []
    missing = {"first": peer.head.size + 1, "last": header.start}
    waiting = tuple(sorted((*peer.waiting, parcel), key=lambda held: held.header.start))
    return replace(peer, waiting=waiting), [Hold(parcel=parcel), Alarm(code="gap", values=missing)]


def _stop(peer: Peer, code: str, *evidence: str) -> Step:
    return replace(peer, stopped=True), [Stop(code=code, evidence=evidence)]


def next_waiting(peer: Peer) -> tuple[Peer, Parcel] | None:
    """The held parcel that fits now, and the peer without it. The shell takes it like any other,
    after it has carried out the effects so far.
    """
    if peer.stopped or not peer.waiting or peer.waiting[0].header.start > peer.head.size:
        return None
    return replace(peer, waiting=peer.waiting[1:]), peer.waiting[0]


def offer(peer: Peer, my_size: int) -> tuple[int, int]:
    """The run of my feed to send next: from what the partner has signed for, at most one parcel
    long.
    """
    start = min(peer.acknowledged, my_size)
    return start, min(my_size, start + BOUNDS.parcel_entries_max)
