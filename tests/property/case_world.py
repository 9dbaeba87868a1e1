"""Nodes that hold lanes of a case, and what goes between them: lost, repeated, late, in any order.

A model of the wiring and of nothing else: each node folds what it holds, names what it holds, and
keeps its inward steps and its other lanes to itself. Ids come from the lane and the act, so that
what happens elsewhere shifts none.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace

from tansiq.domain.cases import (
    Ended,
    Lane,
    LaneId,
    Opening,
    Seat,
    Step,
    StepId,
    stands,
    step_from_json,
)
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RecordId, ReleaseId

START = 1_608_462_000_000
OWNER = PartyCode("MPA")
OTHERS = (PartyCode("COA"), PartyCode("MOD"), PartyCode("JCC"))


def uuid(*names):
    text = hashlib.md5(":".join(map(str, names)).encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@dataclass
class Held:
    """One lane at one node, and what waits to go to the other side, in order."""

    node: PartyCode
    lane: Lane
    entries: list = field(default_factory=list)
    outbox: list = field(default_factory=list)
    taken: int = 0

    def view(self):
        return replace(self.lane, entries=tuple(self.entries))


class World:
    """A case of lanes: the owner and one node per seat."""

    def __init__(self, declaration, seats=1, seed="world", moments=None):
        self.declaration = declaration
        self.seed = seed
        self.time = START
        self.root = RecordId(uuid(seed, "root"))
        self.held = {}
        self.inward = []
        self.wire = {}
        for party in OTHERS[:seats]:
            seat = Seat(party, "liaison")
            for node in (OWNER, party):
                lane = Lane(owner=OWNER, seat=seat)
                self.held[party, node] = Held(node, lane)
            opening = Opening(
                release=ReleaseId(uuid(seed, party, "opening")),
                ordinal=1,
                moments=moments or {},
            )
            owner = self.held[party, OWNER]
            owner.entries.append(opening)
            owner.outbox.append(opening)

    def stands(self, party, node):
        return stands(self.declaration, self.held[party, node].view())

    def make(self, party, node, act, *, of="", after=None, **values):
        """The step that a node would take in the lane of ``party``."""
        held = self.held[party, node]
        held.taken += 1
        names = self.seed, party, node, held.taken
        after = self.stands(party, node).newest if after is None else after
        return Step(
            author=node,
            version=1,
            root=self.root,
            lane=LaneId(uuid(self.seed, party, "lane")),
            step=StepId(uuid(*names)),
            release=ReleaseId(uuid(*names, "release")),
            seat=held.lane.seat if node == party else Seat(node, "duty"),
            act=act,
            of=of,
            after=tuple(sorted(set(after))),
            values=values,
            at=self.time,
        )

    def act(self, party, node, act, **more):
        """A node takes a step, which will go to the other side."""
        step = self.make(party, node, act, **more)
        self.add(party, node, step)
        return step

    def add(self, party, node, step):
        held = self.held[party, node]
        held.entries.append(step)
        held.outbox.append(step)

    def restate(self, party, **moments):
        """The owner releases a new edition of the root in this lane."""
        held = self.held[party, OWNER]
        ordinal = len(held.view().openings()) + 1
        release = ReleaseId(uuid(self.seed, party, "opening", ordinal))
        opening = Opening(release=release, ordinal=ordinal, moments=moments)
        self.add(party, OWNER, opening)
        return opening

    def recall(self, party):
        """The owner recalls the root from this seat."""
        held = self.held[party, OWNER]
        held.entries.append(Ended(after=self.stands(party, OWNER).newest))
        held.outbox.append(Ended(after=None))

    def receiver(self, party, node):
        return self.held[party, OWNER if node == party else party]

    def deliver(self, party, node, entries):
        """Give these to the other side, over the wire."""
        receiver = self.receiver(party, node)
        wire = self.wire.setdefault((party, node), [])
        for entry in entries:
            wire.append(json.dumps(entry.to_json()) if isinstance(entry, Step) else repr(entry))
            if isinstance(entry, Step):
                entry = step_from_json(entry.to_json(), node)  # noqa: PLW2901
            receiver.entries.append(entry)

    def drain(self, party=None):
        """Everything arrives, in order."""
        for lane, node in self.held:
            if party in {None, lane}:
                held = self.held[lane, node]
                self.deliver(lane, node, held.outbox)
                held.outbox = []
