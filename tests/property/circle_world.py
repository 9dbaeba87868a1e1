"""Members of a circle, who all hear every step, each by the author's own feed to it."""

from tansiq.domain.cases import LaneId, Seat, Step, StepId, circle_stands, last_told, step_from_json
from tansiq.domain.records import RecordId, ReleaseId
from tests.property.case_world import START, uuid


class Circle:
    """The owner and the other members; ``held`` is what each has in hand."""

    def __init__(self, declaration, owner, others, seed="circle"):
        self.declaration = declaration
        self.owner = owner
        self.members = (owner, *others)
        self.seed = seed
        self.held = {member: [] for member in self.members}
        self.told = {(a, b): [] for a in self.members for b in self.members if a != b}
        self.outbox = {pair: [] for pair in self.told}
        self.taken = dict.fromkeys(self.members, 0)

    def stands(self, node):
        return circle_stands(self.declaration, self.owner, self.held[node])

    def act(self, node, position, act, *, of="", **values):
        """A member takes a step, which goes to all others."""
        self.taken[node] += 1
        names = self.seed, node, self.taken[node]
        step = Step(
            author=node,
            version=1,
            root=RecordId(uuid(self.seed, "root")),
            lane=LaneId(""),
            step=StepId(uuid(*names)),
            release=ReleaseId(uuid(*names, "home")),
            seat=Seat(node, position),
            act=act,
            of=of,
            after=last_told(self.held[node], node),
            values=values,
            at=START,
        )
        self.held[node].append(step)
        for other in self.members:
            if other != node:
                told = self.told[node, other]
                leaving = step.told(ReleaseId(uuid(*names, other)), last_told(told, node))
                told.append(leaving)
                self.outbox[node, other].append(leaving)
        return step

    def deliver(self, node, other, steps):
        """Give these steps of ``node`` to ``other``, over the wire."""
        self.held[other].extend(step_from_json(step.to_json(), node) for step in steps)

    def drain(self, node=None, other=None):
        """Everything arrives, or all from one to another."""
        for pair, steps in self.outbox.items():
            if node is None or pair == (node, other):
                self.deliver(*pair, steps)
                self.outbox[pair] = []
