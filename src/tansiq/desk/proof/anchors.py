"""Anchors: at a fixed cadence each node puts a blinded commitment to the heads of its journal and
its access log into every feed.

A partner keeps and signs for what it cannot read. The nonce stays in the journal; whoever is shown
it later can check which heads were meant, and so that the journal was not rewritten since. How many
anchors a feed holds depends on the clock and on when the link began, and on nothing that was
written.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from tansiq.board.anchors import newest_at
from tansiq.desk.act.access import HOUR_MS
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange.recovery import came_back
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON, decode_object, encode
from tansiq.log.merkle import Frontier
from tansiq.log.store import ACCESS, JOURNAL, Damage, out_log

CADENCE_MS: Final = 6 * HOUR_MS
_AT_ONCE: Final = 1_000
_DOMAIN: Final = b"tansiq/anchor/v1\n"
_ANCHORED: Final = b'"type":"anchored"'
_ANCHOR: Final = b'"type":"anchor"'


def commitment(nonce: bytes, heads: dict[str, JSON]) -> str:
    """What a feed gets: it binds the heads, and tells nothing of them without the nonce."""
    return hashlib.sha256(_DOMAIN + nonce + encode(heads)).hexdigest()


def tick(desk: Desk, cadence_ms: int = CADENCE_MS) -> int:
    """Anchor, if it is time; how many feeds got an anchor."""
    now = desk.clock.now()
    at = now - now % cadence_ms
    known = partners.partners(desk)
    if not known or at <= newest_at(desk.board):
        return 0
    with desk.act() as act:
        heads = cast(
            "dict[str, JSON]", {"journal": _head(desk, JOURNAL), ACCESS: _head(desk, ACCESS)}
        )
        # Three random identities hold 366 random bits.
        drawn = "".join(desk.entropy.uuid() for _ in range(3))
        nonce = hashlib.sha256(drawn.encode()).digest()
        said = {"type": "anchor", "commitment": commitment(nonce, heads), "at": at}
        feeds = {partner.party: act.feed(partner.party, said) for partner in known}
        act.say({**said, "type": "anchored", "nonce": nonce.hex(), "heads": heads, "feeds": feeds})
    return len(feeds)


def _head(desk: Desk, log: str) -> dict[str, JSON]:
    head = desk.store.head(log)
    return {"size": head.size, "root": head.root().hex()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One anchor as the journal has it."""

    seq: int
    at: int
    nonce: bytes
    heads: dict[str, JSON]
    commitment: str
    feeds: dict[str, int]

    def size(self, log: str) -> int:
        """How long a log was then."""
        return int(str(cast("dict[str, JSON]", self.heads[log])["size"]))

    def root(self, log: str) -> str:
        """The root of a log then."""
        return str(cast("dict[str, JSON]", self.heads[log])["root"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a check of journal and access log found. ``held_by`` have signed for the last anchor
    that anybody signed for; ``since`` is the first anchor that does not fit, and ``until`` the one
    before it: what lies between was rewritten.
    """

    journal: int
    looks: int
    anchors: int
    last_at: int
    held_by: tuple[PartyCode, ...]
    until: int
    since: int
    damages: tuple[Damage, ...]


def anchor_of(seq: int, data: bytes) -> Anchor:
    """An ``anchored`` entry of the journal."""
    item = decode_object(data)
    return Anchor(
        seq=seq, at=int(str(item["at"])), nonce=bytes.fromhex(str(item["nonce"])),
        heads=cast("dict[str, JSON]", item["heads"]), commitment=str(item["commitment"]),
        feeds=cast("dict[str, int]", item["feeds"]),
    )  # fmt: skip


def check(desk: Desk) -> Chain:
    """Compare journal, access log and feeds with every anchor that was given out."""
    anchors, roots, sizes = _walk_journal(desk)
    looks, look_roots = _roots(desk, ACCESS, {anchor.size(ACCESS) for anchor in anchors})
    damages = [
        Damage(log=log, seq=anchor.size(log), code="anchor_differs")
        for anchor in anchors
        for log, found in ((JOURNAL, roots), (ACCESS, look_roots))
        if found.get(anchor.size(log)) != anchor.root(log) or not _binds(anchor)
    ]
    strange = list(_in_feeds(desk, anchors))
    wrong = {damage.seq for damage in damages if damage.log == JOURNAL}
    wrong |= {a.size(JOURNAL) for a in anchors for d in damages if d.seq == a.size(ACCESS)}
    bad = min((a.at for a in anchors if a.size(JOURNAL) in wrong), default=0)
    since = min([at for at in (bad, *(at for at, _ in strange)) if at], default=0)
    last, held = _held(desk, anchors)
    return Chain(
        journal=sizes, looks=looks, anchors=len(anchors),
        last_at=last, held_by=held, since=since,
        until=max((a.at for a in anchors if a.at < since), default=0),
        damages=(*damages, *(damage for _, damage in strange)),
    )  # fmt: skip


def _binds(anchor: Anchor) -> bool:
    return commitment(anchor.nonce, anchor.heads) == anchor.commitment


def _walk_journal(desk: Desk) -> tuple[list[Anchor], dict[int, str], int]:
    anchors, roots, frontier = [], {}, Frontier()
    run: list[bytes] = []
    for entry in desk.store.scan(JOURNAL):
        if entry.data is not None and _ANCHORED in entry.data:
            frontier, run = frontier.extend(run), []
            anchors.append(anchor_of(entry.seq, entry.data))
            roots[frontier.size] = frontier.root().hex()
        run.append(entry.leaf)
    return anchors, roots, frontier.size + len(run)


def _roots(desk: Desk, log: str, sizes: set[int]) -> tuple[int, dict[int, str]]:
    found, frontier = {0: Frontier().root().hex()}, Frontier()
    run: list[bytes] = []
    for entry in desk.store.scan(log):
        run.append(entry.leaf)
        if entry.seq + 1 in sizes:
            frontier, run = frontier.extend(run), []
            found[frontier.size] = frontier.root().hex()
    return frontier.size + len(run), found


def _in_feeds(desk: Desk, anchors: list[Anchor]) -> Iterator[tuple[int, Damage]]:
    """Anchors that stand in a feed and not in the journal, or the other way round.

    A node that went back has its feeds whole again and its journal not: what it got back from the
    partner is anchored by a journal that is gone, and says so elsewhere.
    """
    known_here = {anchor.commitment for anchor in anchors}
    for known in partners.partners(desk):
        log, found = out_log(known.party), set()
        for entry in desk.store.scan(log):
            if entry.data is None or _ANCHOR not in entry.data:
                continue
            item = decode_object(entry.data)
            found.add(str(item["commitment"]))
            if item["commitment"] not in known_here and not came_back(desk, known.party, entry.seq):
                at = int(str(item["at"]))
                yield at, Damage(log=log, seq=entry.seq, code="anchor_unknown")
        for anchor in anchors:
            if known.party in anchor.feeds and anchor.commitment not in found:
                seq = anchor.feeds[known.party]
                yield anchor.at, Damage(log=log, seq=seq, code="anchor_missing")


def place_of(desk: Desk, anchor: Anchor, party: str) -> int:
    """Where an anchor stands in the feed to ``party``: from where it was put on, for what is urgent
    may have gone before it while nobody had signed it. Past the end where it is gone.
    """
    log, sought = out_log(party), anchor.commitment.encode()
    at, size = anchor.feeds[party], desk.store.head(out_log(party)).size
    while at < size:
        for entry in desk.store.read(log, at, at + _AT_ONCE):
            if entry.data is not None and sought in entry.data:
                return entry.seq
        at += _AT_ONCE
    return BOUNDS.integer_max


def _held(desk: Desk, anchors: list[Anchor]) -> tuple[int, tuple[PartyCode, ...]]:
    signed = {known.party: known.acknowledged for known in partners.partners(desk)}
    for anchor in reversed(anchors):
        held = [p for p in anchor.feeds if place_of(desk, anchor, p) < signed.get(PartyCode(p), 0)]
        if held:
            return anchor.at, tuple(PartyCode(party) for party in sorted(held))
    return (anchors[-1].at if anchors else 0), ()
