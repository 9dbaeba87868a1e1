"""The simulated worlds that every build lives through, and proof that they notice mistakes."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tansiq.domain.cases import Column
from tests.sim import __main__ as command
from tests.sim.faults import FAULTS, Fault, receipt_goes_back
from tests.sim.further_faults import FURTHER
from tests.sim.safety import ViolationError
from tests.sim.world import NEWER_FROM, FailedError, World

pytestmark = pytest.mark.sim

# ``./dev sim`` lives through the kept ones and fresh ones. In 83 a node is a version behind.
# 214 has support requests and hostile pieces of files, 12 only sticks at its end.
QUICK = (*range(1_010, 1_014), 83, 214, 12)
SEARCHED = 200
# Where each fault was found last: tried first, so that a find takes seconds and not minutes.
FOUND = {
    "receipt_past_a_gap": 15,
    "accepted_gap": 3,
    "file_bytes_left_behind": 2,
    "bytes_of_what_is_over": 2,
    "file_readable_after_its_record": 4,
    "overlap_not_compared": 1,
    "earlier_edition_left_behind": 4,
    "recall_forgotten": 37,
    "laxer_rule": 7,
    "expiry_forgotten": 6,
    "old_agreement_taken": 40,
    "receipt_over_anything": 2,
    "parcel_of_others": 1,
    "unsigned_parcel": 6,
    "agreement_of_others": 4,
    "revocation_not_looked_at": 5,
    "restored_speaks_at_once": 12,
    "waiting_outlives_a_restore": 625,  # no world of the first 600 meets it
    "stick_without_end": 12,
    "other_bytes_taken": 218,
    "overlap_kept_twice": 214,
    "sent_and_not_under_way": 226,
    "contest_not_shown": 214,
    "stage_not_said": 250,
    "more_than_there_is": 230,
    "one_of_all_booked": 274,
    "one_of_all_suspended": 222,
    "suspended_and_not_said": 222,
}


@pytest.mark.parametrize("seed", [3, 8])
def test_a_seed_decides_everything(seed: int) -> None:
    """The same seed gives the same trace, although ciphertexts differ from run to run."""
    first, second = World(seed), World(seed)
    assert first.run() == second.run()
    assert first.lines == second.lines


def test_seeds_decide_different_worlds() -> None:
    """Another seed gives another trace."""
    assert World(3).run() != World(8).run()


@pytest.mark.parametrize("seed", QUICK)
def test_a_world_keeps_its_promises(seed: int) -> None:
    """Nothing unsafe happens under faults, and in calm everything comes to rest."""
    World(seed).run()


def test_worlds_do_what_the_promises_are_about() -> None:
    """People recall and edit, labels are raised, approvals come, and what was held ends."""
    seen = Counter[str]()
    for seed in QUICK[:2]:
        world = World(seed)
        world.run()
        text = "\n".join(world.lines)
        levels = {key: one.label.classification.rank for key, one in world.watch.editions.items()}
        seen.update({word: text.count(f" {word} ") for word in ("recalls", "revises", "approves")})
        seen["ended"] += sum(map(int, re.findall(r"(\d+) expired", text)))
        seen["raised"] += sum(
            level > levels.get((record, number - 1), level)
            for (record, number), level in levels.items()
        )
    assert all(seen[what] for what in ("recalls", "revises", "approves", "ended", "raised")), seen


@pytest.mark.slow
@pytest.mark.parametrize("fault", [*FAULTS, *FURTHER], ids=lambda fault: fault.__name__)
def test_it_bites(fault: Fault) -> None:
    """Each planted fault is found within 200 worlds."""
    name = fault.__name__
    first = NEWER_FROM if fault in FURTHER else 0
    for seed in dict.fromkeys([FOUND.get(name, 0), *range(first, first + SEARCHED)]):
        try:
            with fault():
                World(seed).run()
        except FailedError as failed:
            if not isinstance(failed.__cause__, ViolationError):
                pytest.fail(f"the fault fails itself: {failed}")
            print(f"{name}: found by seed {seed}\n{failed}")
            return
    pytest.fail(f"{SEARCHED} worlds did not notice: {name}")


def test_stock_is_booked_by_what_sends_and_by_what_receives() -> None:
    """In worlds with a stock the acts of requests take out of it and put into it."""
    booked = Counter[Column]()
    for seed in (274, 238):
        world = World(seed)
        world.run()
        booked += world.cases.stock.booked
    assert set(booked) == {Column.SENT, Column.RECEIVED}


@pytest.mark.parametrize("seed", [208, 220, 232])
def test_safety_messages_are_never_lost_and_never_wait(seed: int) -> None:
    """Whatever is lost, repeated, torn or restarted: sent to all, ahead of all, rung until done."""
    world = World(seed)
    world.run()
    assert min(world.cases.stops.done[act] for act in ("send", "read_back", "call")) > 0


@pytest.mark.parametrize("seed", [222, 270])
def test_one_decision_suspends_cohorts_of_several_owners(seed: int) -> None:
    """Whatever is lost, torn or restarted: whole or not at all, and in calm all agree on it."""
    world = World(seed)
    world.run()
    done = world.cases.trainings.done
    acts = ("decide", "answer", "suspends too", "resume", "answered", "same")
    assert min(done[what] for what in acts) > 0, done


@pytest.mark.parametrize("seed", [235, 247])
def test_two_plans_that_meet_are_told_to_both_as_soon_as_they_meet(seed: int) -> None:
    """Filed at the same moment on nodes that were apart, moved, cancelled, recalled: in the end
    each party is told of exactly what its plans meet, and a meeting of two stands at both alike.
    """
    world = World(seed)
    world.run()
    assert min(world.cases.plans.done[act] for act in ("file", "move", "recall")) > 0
    assert world.cases.plans.met > 0
    assert world.cases.plans.done["open"] > 0


def test_sealed_checks_that_were_broken_off_end_in_calm() -> None:
    """Asked and answered while parcels are lost, sticks torn and nodes restarted: in the end none
    waits between parties whose exchange goes on, and each says one of the words.
    """
    world = World(263)
    world.run()
    checks = world.cases.checks
    assert checks.done["asked"] > 0
    assert min(checks.ended[word] for word in ("clear", "overlap", "answered")) > 0
    assert not checks.ended["waiting"]


def test_a_failing_seed_says_how_to_replay_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A failure shows the seed, the event, the last lines and the command, and exits with 1."""
    with receipt_goes_back():
        assert command.main(["3"]) == 1
    printed = capsys.readouterr().out
    assert "SEED 3, after event" in printed
    assert "python -m tests.sim 3 --verbose" in printed


def test_a_replay_reads_one_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    """With --verbose a person can read what happened, one line an event."""
    assert command.main(["3", "--verbose"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 200
    assert lines[-1].startswith("seed 3: ")


def test_many_worlds_run_beside_each_other(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A range of seeds runs on all cores with the kept ones, and is counted."""
    kept = tmp_path / "kept"
    kept.write_text("3  # why it is kept\n\n41\n")
    monkeypatch.setattr(command, "KEPT", kept)
    assert command.main(["--seeds", "2", "--start", "40"]) == 0
    assert "3 worlds, 0 failed, " in capfd.readouterr().out


def test_what_was_found_once_is_kept() -> None:
    """The seeds that every build lives through are there."""
    assert len(command.kept_seeds()) > 20
