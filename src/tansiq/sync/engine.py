"""The replication engine: what one opened parcel does to what I know of one partner. Pure.

Two feeds join a pair of parties. ``acknowledged`` is how much of mine the partner has signed for;
``head`` is my copy of theirs. A parcel carries a run of their feed, their signed head at its end,
and their receipt for mine.

What must hold after every step: ``head`` only grows, each entry once and in order, and always to a
root that the partner has signed; a receipt never moves back and is always for a head that I had; a
run that starts past my head waits (a gap is an alarm, in words); two heads that cannot both be true
stop the partner and are kept as evidence. Any order and any repetition of the same parcels ends in
the same state.

A node can go back to an older state: its disk died and a backup was restored. The partner's receipt
for a head that I signed and no longer have proves it (``Rewound``); a restored node that hears of
any receipt it does not remember takes it so as well, because what it remembers as content may have
left as a hash. Then I take my own words back from the partner (``Regain``) before I take anything
else or sign anything new; what I appended in the meantime and never signed goes behind them. Where
I did sign, two of my heads cannot both be true: that is a fork, and a matter for people.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.checkpoint import Checkpoint
from tansiq.log.merkle import Frontier
from tansiq.sync.parcel import Line, Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What I know of one partner. ``waiting`` are parcels past a gap, by where they start.

    ``have`` is how much of my feed the partner says that it holds, where that is less than it has
    signed for: it went back. ``rewound`` is how long my feed was that I no longer have whole (0
    where I lack nothing), and ``regained`` how far I have it back. ``unsynced`` is a restored node
    that has not heard this partner since: until then it takes nothing but its own words. ``unsure``
    is one that hears it now for the first time, or not yet: what the partner has signed for since
    the backup may have left otherwise than it is remembered. ``word`` is what the partner repeats
    in what it says from now on.
    """

    party: PartyCode
    acknowledged: int = 0
    have: int | None = None
    rewound: int = 0
    regained: int = 0
    unsynced: bool = False
    unsure: bool = False
    word: str = ""
    head: Frontier = field(default_factory=Frontier)
    waiting: tuple[Parcel, ...] = ()
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """What the logs answer: roots, leaves and head of my feed to the partner, leaves and roots of
    my copy of theirs; the head that a note states where I signed it; and my own notes on longer
    feeds than so many entries (size, root, note).
    """

    my_root_at: Callable[[int], bytes | None]
    their_leaves: Callable[[int, int], list[bytes]]
    their_root_at: Callable[[int], bytes | None]
    my_leaves: Callable[[int, int], list[bytes]]
    my_head: Callable[[], Frontier]
    signed_by_me: Callable[[str], Checkpoint | None]
    my_notes: Callable[[int], list[tuple[int, bytes, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """Append these lines to my copy of their feed, which leads to ``head``; ``note`` is their
    signature on that.
    """

    lines: tuple[Line, ...]
    head: Frontier
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """They signed for my feed up to ``size``."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewound:
    """They signed for a head of ``size`` that I signed once and no longer have, or do not know to
    be signed for: I went back. Where the partner went back too, ``size`` is what it still has of
    that, 0 for nothing more.
    """

    size: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regain:
    """Put these lines of my own feed back behind its first ``first`` entries; what stood there was
    never signed and goes behind them. Of ``bare``, entries before those, the partner has the hash
    alone. ``whole``: nothing is lacking any more.
    """

    first: int
    lines: tuple[Line, ...]
    size: int
    root: bytes
    note: str
    bare: tuple[int, ...]
    whole: bool


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


Effect: TypeAlias = Accept | Receipt | Rewound | Regain | Hold | Alarm | Stop
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
    for step in (_forgotten, _receipt, _back, _run):
        if not peer.stopped:
            peer, made = step(peer, parcel, feeds)
            effects += made
            if any(isinstance(effect, Regain) for effect in made):
                break  # the shell writes them down before anything is compared with them
    return peer, effects


def needs(peer: Peer) -> int | None:
    """From which entry on I ask for my own feed, or None."""
    return max(peer.acknowledged, peer.regained) if peer.rewound else None


def _forgotten(peer: Peer, parcel: Parcel, feeds: Feeds) -> Step:
    """A partner that went back as well has less of my words, or none that I lack: what nobody has
    any more is not waited for. Only what it says since I asked counts: it had them before.
    """
    header, need = parcel.header, needs(peer)
    if need is None or not peer.word or header.told != peer.word or header.have >= peer.rewound:
        return peer, []
    size = header.have if header.have > need else 0
    return replace(peer, rewound=size), [Rewound(size=size, note=parcel.header.ack)]


def _back(peer: Peer, parcel: Parcel, feeds: Feeds) -> Step:
    """Take my own words back: only such as lead to a head that I signed."""
    need, header = needs(peer), parcel.header
    end = header.back_start + header.back
    if need is None or not parcel.back or header.back_start > need or end <= need:
        return peer, []
    signed = feeds.signed_by_me(parcel.back_note)
    begun = Frontier().extend(feeds.my_leaves(0, header.back_start))
    head = begun.extend(line.leaf for line in parcel.back)
    if signed is None or (signed.size, signed.root) != (end, head.root()):
        return _stop(peer, "regain_false", parcel.back_note)
    mine = feeds.my_leaves(header.back_start, end)
    same = 0
    while same < len(mine) and mine[same] == parcel.back[same].leaf:
        same += 1
    first = header.back_start + same
    whole = end >= peer.rewound
    fork = _fork(first, parcel, feeds, whole=whole) if same < header.back else ""
    if fork:
        return _stop(peer, "forked", fork, parcel.back_note)
    effect = Regain(
        first=first, lines=parcel.back[same:], size=end, root=head.root(), note=parcel.back_note,
        bare=tuple(
            header.back_start + at
            for at in range(need - header.back_start, same)  # what is below is remembered whole
            if parcel.back[at].data is None
        ),
        whole=whole,
    )  # fmt: skip
    return replace(peer, regained=end, rewound=0 if whole else peer.rewound), [effect]


def _fork(first: int, parcel: Parcel, feeds: Feeds, *, whole: bool) -> str:
    """My note on a feed that cannot be the one I signed before; "" where I signed none."""
    if first >= feeds.my_head().size:
        return ""  # nothing of mine is displaced
    begun = Frontier().extend(feeds.my_leaves(0, first))
    end = parcel.header.back_start + parcel.header.back
    for size, root, note in feeds.my_notes(first):
        if size > end:
            if whole:
                return note
            continue
        ahead = parcel.back[first - parcel.header.back_start : size - parcel.header.back_start]
        if begun.extend(line.leaf for line in ahead).root() != root:
            return note
    return ""


def _receipt(peer: Peer, parcel: Parcel, feeds: Feeds) -> Step:
    signed = parcel.acknowledged
    if signed is None:
        return peer, []
    unknown = feeds.my_root_at(signed.size) != signed.root
    if unknown and feeds.signed_by_me(parcel.header.ack) is None:
        return _stop(peer, "receipt_unknown", parcel.header.ack)  # I never said that
    doubted = (peer.unsure or peer.rewound > 0) and signed.size > peer.acknowledged
    if unknown or (doubted and signed.size > peer.regained):
        if signed.size <= max(peer.rewound, peer.regained):
            return peer, []
        rewound = Rewound(size=signed.size, note=parcel.header.ack)
        return replace(peer, rewound=signed.size), [rewound]
    if signed.size <= peer.acknowledged:
        return peer, []
    effect = Receipt(size=signed.size, root=signed.root, note=parcel.header.ack)
    return replace(peer, acknowledged=signed.size), [effect]


def _run(peer: Peer, parcel: Parcel, feeds: Feeds) -> Step:
    header = parcel.header
    if peer.unsynced or peer.rewound:
        return peer, []  # my own words first: what they read and erased is about those
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
    accept = Accept(lines=fresh, head=head, note=parcel.note)
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
    if peer.have is not None:
        start = min(start, peer.have)
    return start, min(my_size, start + BOUNDS.parcel_entries_max)
