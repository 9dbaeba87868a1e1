"""Simulated worlds, one for each seed: ``python -m tests.sim [SEED] [--seeds N] [--start S]``."""

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path

from tests.sim.world import FailedError, World

KEPT = Path(__file__).with_name("seeds.txt")


def kept_seeds() -> list[int]:
    """The seeds that once found something; they run every time."""
    lines = (line.partition("#")[0].strip() for line in KEPT.read_text("utf-8").splitlines())
    return [int(line) for line in lines if line]


def run_one(seed: int) -> tuple[int, str]:
    """A seed and what went wrong in its world, or nothing."""
    try:
        World(seed).run()
    except FailedError as failed:
        return seed, str(failed)
    return seed, ""


def one(seed: int, *, verbose: bool) -> int:
    """Replay one world."""
    world = World(seed, verbose=verbose)
    try:
        print(f"seed {seed}: {world.run()}")
    except FailedError as failed:
        print(failed)
        return 1
    return 0


def many(seeds: list[int]) -> int:
    """Run many worlds on all cores; every failure is printed."""
    begun, failures = time.monotonic(), 0
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for _, failure in pool.imap_unordered(run_one, seeds, chunksize=2):
            if failure:
                failures += 1
                print(failure, flush=True)
    taken = time.monotonic() - begun
    speed = len(seeds) / taken
    print(f"{len(seeds)} worlds, {failures} failed, {taken:.0f} s ({speed:.1f} a second)")
    return 1 if failures else 0


def main(arguments: list[str]) -> int:
    """What ``./dev sim`` runs."""
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, help="replay this one seed")
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds (default 50)")
    parser.add_argument("--start", type=int, default=0, help="the first of them (default 0)")
    parser.add_argument("--verbose", action="store_true", help="one line an event")
    chosen = parser.parse_args(arguments)
    if chosen.seed is not None:
        return one(chosen.seed, verbose=chosen.verbose)
    fresh = range(chosen.start, chosen.start + chosen.seeds)
    return many([*dict.fromkeys([*kept_seeds(), *fresh])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
