"""What must hold of cases, over random histories, and that these tests would see a fold that lies.

A failing history prints its seed: ``History(seed).play()`` plays it again.
"""

import random
from dataclasses import replace

import pytest

from tansiq.domain.cases import (
    Course,
    Decision,
    Outcome,
    Step,
    allowed,
    circle_stands,
    due,
    stands,
)
from tansiq.domain.cases import lane as lanes
from tests.property.case_checks import circles, run, said, settled, ticks, two_worlds
from tests.property.case_histories import History
from tests.property.case_kinds import EVIDENCE, LANES
from tests.property.case_world import OTHERS, OWNER, World

BLOCK = 1_500
COA = OTHERS[0]


@pytest.mark.parametrize("block", range(6))
def test_the_same_steps_give_the_same_stage_and_a_smaller_view_never_contradicts(block):
    """Two nodes that hold the same say the same, whatever the order and repetition; no step is
    judged otherwise by a node with fewer; nothing is lost, sums hold, and a step that is not
    allowed changes nothing.
    """
    run(range(block * BLOCK, (block + 1) * BLOCK))


def test_the_histories_have_in_them_what_they_are_to_try():
    """Every outcome, contests, ended lanes and several seats come up many times."""
    seen = dict.fromkeys(Outcome, 0) | {"contested": 0, "ended": 0, "seats": 0}

    def watch(party, node, standing):
        for verdict in standing.verdicts.values():
            seen[verdict.outcome] += 1
        seen["contested"] += bool(standing.contested)
        seen["ended"] += standing.ended

    for seed in range(600):
        history = History(seed, watch=watch).play()
        seen["seats"] += history.seats > 1
        for party in history.parties:
            watch(party, OWNER, history.world.stands(party, OWNER))
    assert min(seen.values()) > 20, seen


def test_the_short_way_of_folding_says_what_the_long_way_says(monkeypatch):
    """A step that follows all others moves the stage as a fold from the start would."""
    histories = [History(seed).play() for seed in range(300)]
    views = [
        (history, held.view()) for history in histories for held in history.world.held.values()
    ]
    short = [settled(stands(history.declaration, view)) for history, view in views]
    monkeypatch.setattr(lanes.Judge, "_following", lambda judge, mask: None)
    assert short == [settled(stands(history.declaration, view)) for history, view in views]


def test_a_lane_folded_once_tells_how_it_stood_with_less_in_hand():
    """After each of its entries, in any order of arrival, with repetitions and with ids that two
    authors use: what a fold of these entries alone says.
    """
    short, each = 0, random.Random(7)
    for seed in range(120):
        history = History(seed).play()
        for held in history.world.held.values():
            entries = [*held.view().entries, *each.sample(held.entries, min(1, seed % 3))]
            each.shuffle(entries)
            entries += [spoken for spoken in (doubled(entries, each),) if seed % 5 == 0 and spoken]
            lane = replace(held.view(), entries=tuple(entries))
            course = Course(history.declaration, lane)
            for size in range(len(entries) + 1):
                few = replace(lane, entries=lane.entries[:size])
                alone = stands(history.declaration, few)
                assert stage_and_way(course.stood(few)) == stage_and_way(alone)
                short += size > 3
    assert short > 1_000


def doubled(entries, each):
    """A step of the other side under the id of one that is there."""
    steps = [entry for entry in entries if isinstance(entry, Step)]
    if not steps:
        return None
    one, other = each.choice(steps), each.choice(steps)
    return replace(other, step=one.step) if one.author != other.author else None


def stage_and_way(stood):
    """What a lane says of its stage."""
    return stood.stage, stood.contested, stood.ended, stood.turns, stood.path


def test_what_a_node_is_about_to_do_is_judged_as_the_partner_will_judge_it():
    """The desk's question before a step leaves has the answer that both nodes come to."""
    for seed in range(1, 300):
        history = History(seed, lies=False, seats=1).play()
        declaration, world = history.declaration, history.world
        if history.recalled:
            continue
        act = random.Random(seed).choice(declaration.acts)
        step = world.make(COA, COA, act.name, **history.values(act, random.Random(seed)))
        told = allowed(declaration, world.held[COA, COA].view(), step)
        world.add(COA, COA, step)
        world.drain()
        assert world.stands(COA, OWNER).verdicts[step.key] == told


def test_two_worlds_that_differ_in_other_lanes_and_inward_steps_give_a_party_the_same_bytes():
    """Nothing that a party may not see comes to it, not even as an id or a time."""
    two_worlds(range(150))


def test_each_clock_rings_once_for_each_start_and_what_fell_due_stays_due():
    """Restarts, repeated entries, a week off line: nothing is lost and nothing rings twice."""
    seeds = [seed for seed in range(400) if LANES[seed % len(LANES)].clocks]
    assert sum(ticks(seed) for seed in seeds) > len(seeds)


def test_a_circle_stands_alike_at_all_members_that_hold_the_same():
    """Rounds, the newest answer of each seat and the conclusion are the same whatever came first,
    and no step is judged otherwise by a member that holds fewer.
    """
    for seed in range(200):
        circle = circles(seed)
        first, *others = [said(circle.stands(member)) for member in circle.members]
        assert all(other == first for other in others), seed
        steps = circle.held[COA] * 2
        random.Random(seed).shuffle(steps)
        assert said(circle_stands(EVIDENCE, OWNER, steps)) == first


# Folds that lie ----------------------------------------------------------------------------------


class ByArrival(World):
    """The stage is what the step that came last has made of it."""

    def stands(self, party, node):
        stage = self.declaration.stages[0]
        for entry in self.held[party, node].entries:
            act = self.declaration.act(entry.act) if isinstance(entry, Step) else None
            if isinstance(act, Decision) and stage in act.sources:
                stage = act.target
        return replace(super().stands(party, node), stage=stage)


class ReadsOtherLanes(World):
    """Taken elsewhere, so over here."""

    def stands(self, party, node):
        standing = super().stands(party, node)
        elsewhere = [
            super(ReadsOtherLanes, self).stands(other, node).path
            for other, holder in self.held
            if holder == node and other != party
        ]
        busy = any(len(path) > 1 for path in elsewhere)
        return replace(standing, stage=self.declaration.stages[-1]) if busy else standing


class JudgesByNow(World):
    """A step is judged by the stage of today, not by that at its own past."""

    def stands(self, party, node):
        standing = super().stands(party, node)
        verdicts = {
            key: replace(verdict, stood=standing.stage) if verdict.stood else verdict
            for key, verdict in standing.verdicts.items()
        }
        return replace(standing, verdicts=verdicts)


class CountsRepeats(World):
    """What comes twice counts twice."""

    def stands(self, party, node):
        standing = super().stands(party, node)
        came = self.held[party, node].view().steps()
        twice = len(came) - len({step.key for step in came})
        sums = {
            line: replace(found, good=found.good + twice) for line, found in standing.sums.items()
        }
        return replace(standing, sums=sums)


@pytest.mark.parametrize("fault", [ByArrival, ReadsOtherLanes, JudgesByNow, CountsRepeats])
def test_a_fold_that_lies_is_found(fault):
    """The histories would show a fold by arrival, by other lanes, by now, or by repetition."""
    with pytest.raises(AssertionError):
        run(range(400), world=fault)


class NamesOtherLanes(World):
    """``after`` names the newest entries of all lanes."""

    def stands(self, party, node):
        standing = super().stands(party, node)
        names = [
            name
            for other, holder in self.held
            if holder == node
            for name in super(NamesOtherLanes, self).stands(other, node).newest
        ]
        return replace(standing, newest=tuple(names))


class NamesInwardSteps(World):
    """``after`` names an approval that stays at home."""

    def stands(self, party, node):
        standing = super().stands(party, node)
        return replace(standing, newest=(*standing.newest, *self.inward))


@pytest.mark.parametrize("fault", [NamesOtherLanes, NamesInwardSteps])
def test_a_name_of_what_a_party_may_not_see_is_found(fault):
    """Two worlds show it where a step names another lane's step or an inward one."""
    with pytest.raises(AssertionError):
        two_worlds(range(20), world=fault)


@pytest.mark.parametrize("fault", ["anew", "stops"])
def test_a_clock_that_rings_twice_or_forgets_is_found(fault):
    """A ring that is known by the state of the node, or goes when the stage has moved, is seen."""

    def ask(declaration, lane, accepted, now):
        rings = due(declaration, lane, accepted, now)
        if fault == "stops":
            return [ring for ring in rings if not ring.over]
        return [replace(ring, start=f"{ring.start}{len(accepted)}") for ring in rings]

    def try_all():
        for seed in range(400):
            ticks(seed, ask)

    with pytest.raises(AssertionError):
        try_all()
