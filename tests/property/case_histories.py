"""Random histories of a case: honest nodes, one that went back or lies, links that lose, repeat,
reorder and part, editions and recalls in the middle. One seed is one history.
"""

import random

from tansiq.domain.cases import Column, Decision, Form, Side, Step, Weight
from tests.property.case_kinds import HOUR, LANES
from tests.property.case_world import OTHERS, OWNER, START, World, uuid

ACTS = 10


def ends(rng):
    """When the time of a root is over, by whichever name its kind has for that."""
    return dict.fromkeys(("needed_by", "valid_until"), START + rng.randint(0, 48) * HOUR)


class History:
    """One history, played lane by lane; ``watch`` sees each standing of each node."""

    def __init__(self, seed, *, world=World, seats=0, lies=True, watch=None):
        rng = random.Random(seed)
        self.declaration = LANES[seed % len(LANES)]
        self.seats = seats or rng.choice((1, 1, 1, 2, 3))
        self.lies = lies and seed % 5 == 0
        self.watch = watch or (lambda party, node, standing: None)
        moments = {**ends(rng), "priority": rng.randint(1, 4), "precedence": rng.randint(1, 5)}
        self.world = world(self.declaration, self.seats, seed=f"h{seed}", moments=moments)
        self.random = {party: random.Random(f"{seed}{party}") for party in self.parties}
        self.parted = dict.fromkeys(self.parties, False)
        self.recalled = set()

    @property
    def parties(self):
        return OTHERS[: self.seats]

    def play(self):
        """Everything happens; then the links are mended and everything arrives."""
        for _ in range(ACTS):
            for party in self.parties:
                self.move(party)
        self.world.drain()
        return self

    def move(self, party):
        rng = self.random[party]
        node = rng.choice((OWNER, party))
        dice = rng.random()
        if dice < 0.55:
            self.act(party, node, rng)
        elif dice < 0.6:
            self.parted[party] = not self.parted[party]
        elif dice < 0.64:
            if party not in self.recalled:
                self.world.restate(party, **ends(rng))
        elif dice < 0.655:
            if party not in self.recalled:
                self.recalled.add(party)
                self.world.recall(party)
        elif not self.parted[party]:
            self.carry(party, node, rng)

    def carry(self, party, node, rng):
        """Some of what waits arrives, in any order; some of it will come again."""
        held = self.world.held[party, node]
        if not held.outbox:
            return
        some = rng.sample(held.outbox, rng.randint(1, len(held.outbox)))
        self.world.deliver(party, node, some)
        if rng.random() < 0.8:
            held.outbox = [entry for entry in held.outbox if all(entry is not x for x in some)]

    def act(self, party, node, rng):
        standing = self.world.stands(party, node)
        self.watch(party, node, standing)
        side = Side.OWNER if node == OWNER else Side.SEAT
        act, of = self.choose(party, node, rng, standing, side)
        after = standing.newest
        if self.lies and rng.random() < 0.4:
            names = [entry.step for entry in self.world.held[party, node].view().steps()]
            after = rng.sample(names, rng.randint(0, min(2, len(names))))
            if rng.random() < 0.1:
                after = [*after, uuid("nowhere")]
        step = self.world.make(party, node, act.name, of=of, after=after, **self.values(act, rng))
        self.world.add(party, node, step)

    def choose(self, party, node, rng, standing, side):
        """Mostly what is allowed here, sometimes anything."""
        declaration = self.declaration
        if standing.contested and side is Side.OWNER and declaration.settle and rng.random() < 0.6:
            return declaration.act(declaration.settle), rng.choice(standing.contested).step
        steps = self.world.held[party, node].view().steps()
        if declaration.refuse and steps and node == OWNER and rng.random() < 0.15:
            return declaration.act(declaration.refuse), steps[-1].step
        may = [
            act
            for act in declaration.acts
            if isinstance(act, Decision) and standing.stage in act.sources and side in act.by
        ]
        if may and rng.random() < 0.8:
            quiet = [act for act in may if act.weight < Weight.ENDING]
            return rng.choice(quiet if quiet and rng.random() < 0.9 else may), ""
        act = rng.choice(declaration.acts)
        sent = [step for step in steps if declaration.columns.get(step.act) is Column.SENT]
        is_receipt = declaration.columns.get(act.name) is Column.RECEIVED
        return act, rng.choice(sent).step if is_receipt and sent else ""

    def values(self, act, rng):
        made = {
            Form.COUNT: rng.randint(0, 9), Form.CODE: rng.choice("ab"), Form.PARTY: "ERB",
            Form.MOMENT: rng.randint(0, 9),
        }  # fmt: skip
        said = {
            value.name: min(value.choices) if value.choices else made[value.form]
            for value in act.values
            if value.required or rng.random() < 0.5
        }
        return said | (lines(act, rng) if act.lines else {})


def lines(act, rng):
    """What a fact counts: some of the lines, and of a receipt what is damaged."""
    names = rng.sample(["masks.box", "masks.piece", "gloves.pair"], rng.randint(1, 3))
    if act.name == "receipt" and rng.random() < 0.5:
        names.append("masks.piece.damaged")
    return {name: rng.randint(0, 9) for name in names}


def spliced(entries, key):
    """The same history had this step never been taken: those who knew it knew what it knew."""
    gone = next(entry for entry in entries if isinstance(entry, Step) and entry.key == key)
    found = []
    for entry in entries:
        if isinstance(entry, Step):
            if entry.key == key:
                continue
            if gone.step in entry.after:
                names = (set(entry.after) - {gone.step}) | set(gone.after)
                entry = entry.told(entry.release, tuple(sorted(names)))  # noqa: PLW2901
        found.append(entry)
    return found
