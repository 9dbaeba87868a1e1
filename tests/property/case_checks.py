"""What must hold of cases over one random history, for the tests that run thousands of them."""

import json
import random
from dataclasses import replace

from tansiq.domain.cases import Accepted, Column, Outcome, Step, counted, due, stands
from tests.property.case_histories import History, spliced
from tests.property.case_kinds import EVIDENCE
from tests.property.case_world import OTHERS, OWNER, START, World, uuid
from tests.property.circle_world import Circle

COA, MOD, _ = OTHERS


class Watch:
    """Remembers how each step was judged by its own past: it never changes, at no node."""

    def __init__(self):
        self.judged = {}

    def __call__(self, party, node, standing):
        for key, verdict in standing.verdicts.items():
            if verdict.outcome is not Outcome.WAITING:
                stood = verdict.stood or None
                assert self.judged.setdefault(key, stood) == stood


def settled(standing):
    """What must be the same wherever the same steps are in hand."""
    return (
        standing.stage,
        standing.contested,
        standing.turns,
        standing.sums,
        standing.verdicts,
        standing.path,
        standing.newest,
    )


def check(history):
    """All that must hold at the end of a history."""
    world = history.world
    for party in history.parties:
        mine, theirs = world.stands(party, OWNER), world.stands(party, party)
        history.watch(party, OWNER, mine)
        assert mine.sums == theirs.sums
        if party not in history.recalled:
            assert settled(mine) == settled(theirs)
        entries = world.held[party, OWNER].entries
        steps = [entry for entry in entries if isinstance(entry, Step)]
        assert mine.verdicts.keys() == {step.key for step in steps}
        assert_sums(history.declaration, steps, mine)
        shuffled = [*entries, *steps[::2]]
        random.Random(len(steps)).shuffle(shuffled)
        again = replace(world.held[party, OWNER].lane, entries=tuple(shuffled))
        assert settled(stands(history.declaration, again)) == settled(mine)
        assert_splices(history, party, entries, mine)


def assert_sums(declaration, steps, standing):
    """Every fact that was allowed counts, and what was sent is somewhere."""
    total = dict.fromkeys(("allotted", "sent", "given_back"), 0)
    for step in {step.key: step for step in steps}.values():
        column = declaration.columns.get(step.act)
        if column in total and standing.verdicts[step.key].outcome is Outcome.COUNTED:
            total[column] += sum(counted(step).values())
    sums = standing.sums.values()
    assert total == {name: sum(getattr(line, name) for line in sums) for name in total}
    facts = [one for one in steps if standing.verdicts[one.key].outcome is Outcome.COUNTED]
    of = {column: [one for one in facts if declaration.columns.get(one.act) is column]
          for column in (Column.SENT, Column.RECEIVED)}  # fmt: skip
    sent = {one.step for one in of[Column.SENT]}
    told = all(one.of in sent for one in of[Column.RECEIVED] if one.of)
    for line in sums:
        went, came = line.sent + line.surplus, line.received + line.lost + line.under_way
        assert went == came if told else went <= came
        gone = line.sent + line.open + line.given_back
        assert gone >= line.allotted
        assert gone == line.allotted or not line.open
        for asked in (0, 5, line.allotted + line.refused):
            decided = line.allotted - line.given_back + line.refused + line.cancelled
            undecided = line.undecided(asked)
            assert undecided == asked - decided or (undecided == 0 and decided >= asked)
    assert all(line.under_way >= 0 and line.lost >= 0 for line in sums)


def assert_splices(history, party, entries, standing):
    """A step that is not allowed changes nothing: had it never been, all else would be the same."""
    no = [k for k, v in standing.verdicts.items() if v.outcome is Outcome.NOT_ALLOWED]
    if not no or history.lies or party in history.recalled:
        return
    lane = history.world.held[party, OWNER].lane
    without = stands(history.declaration, replace(lane, entries=tuple(spliced(entries, no[0]))))
    assert (without.stage, without.sums) == (standing.stage, standing.sums)
    assert without.verdicts == {k: v for k, v in standing.verdicts.items() if k != no[0]}


def run(seeds, **more):
    for seed in seeds:
        history = History(seed, watch=Watch(), **more)
        try:
            check(history.play())
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise


def told_to(party, seed, elsewhere, world=World):
    """What reaches a party, and what it then says of its lane, in a world in which the other lanes
    go as ``elsewhere`` has it.
    """
    history = History(seed, world=world, seats=2)
    other = MOD if party == COA else COA
    history.random[other] = random.Random(elsewhere)
    history.world.inward = [uuid("inward", elsewhere, n) for n in range(elsewhere % 3)]
    history.play()
    standing = history.world.stands(party, party)
    wires = [history.world.wire.get((party, node)) for node in (OWNER, party)]
    return json.dumps(wires), repr(standing)


def two_worlds(seeds, world=World):
    for seed in seeds:
        for party in (COA, MOD):
            assert told_to(party, seed, 1, world) == told_to(party, seed, 3 + seed, world)


def ticks(seed, ask=due):
    """Rings of one node over a random acceptance, asked at random moments and after each restart:
    each rings once, with one moment, and stays.
    """
    rng = random.Random(seed)
    history = History(seed, seats=1).play()
    held = history.world.held[COA, rng.choice((OWNER, COA))]
    accepted, rang, now = [], {}, START
    for entry in [*held.entries, *held.entries[:1]]:
        now += rng.choice((0, 1, 60_000, 3_600_000, 86_400_000, 7 * 86_400_000))
        accepted.append(Accepted(now, entry))
        for _ in range(rng.randint(0, 1)):
            now += rng.choice((0, 60_000, 3_600_000, 20_000_000))
            rings = ask(history.declaration, held.lane, accepted, now)
            found = {(ring.clock.name, ring.start): ring.at for ring in rings}
            assert len(found) == len(rings)
            assert found.items() >= rang.items()
            assert all(START <= at <= now for at in found.values())
            rang = found
    return len(rang)


def circles(seed):
    """A random circle of four, played; the members hear each other in any order."""
    rng = random.Random(seed)
    circle = Circle(EVIDENCE, OWNER, OTHERS, seed=f"c{seed}")
    judged = {}
    seats = [f"{party}/{position}" for party in OTHERS for position in ("adviser", "officer")]
    for _ in range(10):
        node = rng.choice(circle.members)
        asked = [step.step for step in circle.held[node] if step.act == "ask"]
        act = rng.choice(EVIDENCE.acts).name
        values = {"ask": {"seats": tuple(rng.sample(seats, 3))}, "conclude": {"finding": "good"}}
        of = rng.choice(asked) if asked and act != "ask" else ""
        if act == "refuse" and circle.held[node]:
            refused = rng.choice(circle.held[node])
            of, values["refuse"] = refused.step, {"author": refused.author}
        position = rng.choice(("adviser", "officer"))
        circle.act(node, position, act, of=of, **values.get(act, {}))
        for (author, other), steps in circle.outbox.items():
            some = rng.sample(steps, rng.randint(0, len(steps)))
            circle.deliver(author, other, some)
        for member in rng.sample(circle.members, 2):
            for key, verdict in circle.stands(member).verdicts.items():
                if verdict.outcome is not Outcome.WAITING:
                    no = verdict.outcome is Outcome.NOT_ALLOWED
                    assert judged.setdefault(key, no) == no
    circle.drain()
    return circle


def said(standing):
    """A circle's standing without what differs per receiver."""
    return [
        (
            found.opened.step,
            [(item.seat, item.answer and item.answer.step) for item in found.seats],
            found.conclusion and found.conclusion.step,
        )
        for found in standing.rounds
    ], standing.verdicts
