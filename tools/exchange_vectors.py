"""The vectors of ``spec/exchange.md``: what each parcel, in whatever order, makes of a receiver."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON
from tansiq.log.checkpoint import Checkpoint
from tansiq.log.merkle import Frontier, tree_root
from tansiq.sync import engine
from tansiq.sync.engine import Accept, Alarm, Hold, Receipt, Stop
from tansiq.sync.header import Header
from tansiq.sync.parcel import Line, Parcel

NOW: Final = 1_608_462_000_000
OWN: Final = tuple(hashlib.sha256(f"own {n}".encode()).digest() for n in range(6))
THEIRS: Final = tuple(hashlib.sha256(f"theirs {n}".encode()).digest() for n in range(9))
FORKED: Final = (*THEIRS[:4], *(hashlib.sha256(f"fork {n}".encode()).digest() for n in range(3)))
# Each step: from where, to where, whose feed, and (size, whose) of the receipt.
SCENES: Final[dict[str, list[tuple[object, ...]]]] = {
    "in order": [(0, 3, THEIRS), (3, 5, THEIRS), (5, 9, THEIRS)],
    "repeated": [(0, 3, THEIRS), (0, 3, THEIRS), (1, 3, THEIRS), (0, 5, THEIRS)],
    "a gap closes": [(5, 9, THEIRS), (3, 5, THEIRS), (3, 5, THEIRS), (0, 3, THEIRS)],
    "nothing new": [(0, 0, THEIRS), (0, 2, THEIRS), (2, 2, THEIRS)],
    "two heads of one size": [(0, 6, THEIRS), (0, 6, FORKED), (6, 9, THEIRS)],
    "a rewritten line": [(0, 6, THEIRS), (5, 7, FORKED)],
    "an old head that never was": [(0, 6, THEIRS), (0, 5, FORKED)],
    "a root that the lines do not give": [(0, 3, THEIRS, None, bytes(32))],
    "receipts": [
        (0, 1, THEIRS, (2, OWN)),
        (1, 2, THEIRS, (5, OWN)),
        (1, 2, THEIRS, (3, OWN)),
        (2, 3, THEIRS, (6, OWN)),
    ],
    "a receipt for what was never said": [(0, 1, THEIRS, (2, THEIRS)), (1, 2, THEIRS)],
    "a receipt past the end": [(0, 1, THEIRS, (7, (*OWN, bytes(32))))],
}


@dataclass
class _Node:
    """What a receiver keeps."""

    peer: engine.Peer = field(default_factory=lambda: engine.Peer(party=PartyCode("MPA")))
    held: list[bytes] = field(default_factory=list)

    def take(self, parcel: Parcel) -> list[JSON]:
        told: list[JSON] = []
        feeds = engine.Feeds(
            my_root_at=lambda size: tree_root(OWN[:size]) if size <= len(OWN) else None,
            their_leaves=lambda start, end: self.held[start:end],
            their_root_at=lambda size: tree_root(self.held[:size]),
            my_leaves=lambda start, end: list(OWN[start:end]),
            my_head=lambda: Frontier().extend(OWN),
            signed_by_me=lambda _note: None,
            my_notes=lambda _size: [],
        )
        taking: Parcel | None = parcel
        while taking is not None:
            self.peer, effects = engine.take(self.peer, taking, feeds, NOW)
            told.extend(self._told(effect) for effect in effects)
            following = engine.next_waiting(self.peer)
            taking = None
            if following is not None:
                self.peer, taking = following
        return told

    def _told(self, effect: object) -> str:
        match effect:
            case Accept(lines=lines):
                self.held += [line.leaf for line in lines]
                return "accept"
            case Receipt():
                return "receipt"
            case Hold():
                return "hold"
            case Alarm(code=code):
                return code
            case Stop(code=code):
                return f"stop:{code}"
        raise TypeError(effect)


def _parcel(start: int, end: int, leaves: tuple[bytes, ...], *more: object) -> Parcel:
    ack = more[0] if more else None
    root = more[1] if len(more) > 1 else tree_root(leaves[:end])
    assert isinstance(root, bytes)
    signed = None
    if isinstance(ack, tuple):
        size, own = ack
        signed = Checkpoint(
            origin="tansiq/feed/MOD/MPA", size=size, root=tree_root(own[:size])
        )  # fmt: skip
    header = Header(
        sender="MPA", receiver="MOD", node="n", start=start, count=end - start, number=0,
        made_ms=NOW,
    )  # fmt: skip
    return Parcel(
        header=header, lines=tuple(Line(None, leaf) for leaf in leaves[start:end]), note="",
        checkpoint=Checkpoint(origin="tansiq/feed/MPA/MOD", size=end, root=root),
        acknowledged=signed, acknowledged_ms=NOW if signed else 0,
    )  # fmt: skip


def exchange() -> JSON:
    """All scenes, step by step."""
    scenes: list[JSON] = []
    for name, steps in SCENES.items():
        node, told = _Node(), []
        for step in steps:
            parcel = _parcel(*step)  # type: ignore[arg-type]
            told.append(_step(node, parcel))
        scenes.append({"name": name, "steps": list[JSON](told)})
    return {"own": [leaf.hex() for leaf in OWN], "scenes": scenes}


def _step(node: _Node, parcel: Parcel) -> dict[str, JSON]:
    signed = parcel.acknowledged
    effects = node.take(parcel)
    return {
        "start": parcel.header.start,
        "leaves": [line.leaf.hex() for line in parcel.lines],
        "root": parcel.checkpoint.root.hex(),
        "ack": {"size": signed.size, "root": signed.root.hex()} if signed else None,
        "then": {
            "effects": effects,
            "held": len(node.held),
            "acknowledged": node.peer.acknowledged,
            "waiting": [held.header.start for held in node.peer.waiting],
            "stopped": node.peer.stopped,
        },
    }
