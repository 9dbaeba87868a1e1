"""What must hold of approval chains, over random histories of two desks and every order of acts.

A failing history prints its seed: ``play(seed)`` plays it again.
"""

import random
from contextlib import suppress

import pytest

from tansiq.desk.cases import taking
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.domain.cases import Before, RoundState, Step
from tansiq.domain.errors import InputError, TansiqError
from tests import breadth, stores
from tests.chaining import ALL, chained, chains, lane_at, need, promise, rounds, says, two_that_help
from tests.world import CLEARED, DAY, HOUR

TEXTS = ("Masks for the clinic", "Masks for two clinics")
ACTS = ("approve", "approve", "approve", "reject", "withdraw", "revise", "note", "promise",
        "receive", "cancel", "time", "meet", "meet")  # fmt: skip


class History:
    """One request of MPA to MOD, each with a chain of one to three positions."""

    def __init__(self, world, seed):
        self.world, self.rng, self.n = world, random.Random(seed), 0
        self.sizes = {party: self.rng.randint(1, 3) for party in ("MPA", "MOD")}
        for party, before in (("MPA", Before.ASKING), ("MOD", Before.GIVING)):
            chained(world, party, *chains(*ALL[: self.sizes[party]], before=before))
        self.record = world.write("MPA", "need", need(world))

    def play(self, acts):
        for _ in range(acts):
            self.n += 1
            name = self.rng.choice(ACTS)
            with suppress(TansiqError, IndexError, ValueError):  # no round, no lane, or refused
                getattr(self, name)()
            check(self)
        self.meet()
        check(self)

    def says(self, what, **more):
        party = self.rng.choice(("MPA", "MOD"))
        if what is RoundState.WITHDRAWN:
            position, person = CLEARED, ""
        else:
            position, person = self.rng.choice(ALL), self.rng.choice(("", "P-1", "P-2"))
        says(self.world, party, self.record, position, what, person=person,
             name=f"says {self.n}", **more)  # fmt: skip

    def approve(self):
        self.says(RoundState.APPROVED)

    def reject(self):
        self.says(RoundState.REJECTED, reason="no_funds")

    def withdraw(self):
        self.says(RoundState.WITHDRAWN)

    def _write(self, **body):
        desk, actor = self.world.desk("MPA"), self.world.actor("MPA")
        old = say.current(desk, actor, self.record).value
        with self.world.names.under(f"write {self.n}"):
            say.revise(desk, actor, self.record, old.digest, need(
                self.world, **{"text": old.body["text"], "needed_by": old.body["needed_by"], **body}
            ))  # fmt: skip

    def revise(self):
        self._write(text=self.rng.choice(TEXTS))

    def note(self):
        self._write(internal=f"Note {self.n}")

    def promise(self):
        count = self.rng.randint(1, 40)
        promise(self.world, self.record, f"promise {self.n}", values={"mask.piece": count})

    def receive(self):
        promise(self.world, self.record, f"receive {self.n}", "receive")

    def cancel(self):
        self.world.step("MPA", f"cancel {self.n}", ("MPA", self.record), "cancel")

    def time(self):
        self.world.clock.time += self.rng.choice((HOUR, DAY))
        for desk in self.world.desks.values():
            with self.world.names.under(f"time {self.n} {desk.me}"):
                taking.tick(desk)
            attention.tick(desk)

    def meet(self):
        self.world.exchange("MPA", "MOD")


def check(history):
    """Nothing left that a whole chain of as many persons has not approved, word for word."""
    world, record = history.world, history.record
    for party, size in history.sizes.items():
        found = rounds(world, party, record)
        for one in found:
            assert one.positions == ALL[:size]
            whole = len(one.given) == size
            assert (one.state is RoundState.APPROVED) is whole
            assert len(one.persons) == 1 + len(one.given)
        assert sum(one.state is RoundState.OPEN for one in found) <= 1
    with suppress(InputError):
        seen = read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", record).value
        approved = [
            one.edition for one in rounds(world, "MPA", record) if one.state is RoundState.APPROVED
        ]
        texts = {
            one.value.ordinal: one.value.body["text"]
            for one in read.history(world.desk("MPA"), world.viewer("MPA"), "MPA", record)
        }
        assert seen.body["text"] in {texts[number] for number in approved}
        promised(history)


def promised(history):
    """The promises in the lane are those that MOD's chain approved, each once."""
    world, record = history.world, history.record
    lane = lane_at(world, "MOD", record)
    taken = [
        one.step.values["mask.piece"]
        for one in lane.said
        if isinstance(one.step, Step) and one.step.act == "allot"
    ]
    found = rounds(world, "MOD", record)
    approved = [one.wanted["values"]["mask.piece"] for one in found
                if one.state is RoundState.APPROVED]  # fmt: skip
    assert taken == approved
    if not approved:
        assert lane.stage not in {"approved", "partly_approved", "offered"}


def play(seed, acts=25):
    with two_that_help() as world:
        history = History(world, seed)
        try:
            history.play(acts)
            before = {party: rounds(world, party, history.record) for party in world.desks}
            for party, desk in world.desks.items():
                checking.rebuild(desk, lambda *_: None)
                assert rounds(world, party, history.record) == before[party]
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise
        return [one.state for found in before.values() for one in found]


@pytest.mark.parametrize("block", range(breadth.of(1 if stores.on_postgresql() else 4, 4)))
def test_nothing_leaves_that_a_whole_chain_has_not_approved(block):
    """Whatever is asked, rejected, revised, cancelled or waited for, and in whatever order."""
    seen = [state for seed in range(block * 10, block * 10 + 10) for state in play(seed)]
    assert set(seen) >= {RoundState.APPROVED, RoundState.REJECTED, RoundState.OVERTAKEN}
