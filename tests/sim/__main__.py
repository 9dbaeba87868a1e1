"""Simulated worlds: ``python -m tests.sim [SEED] [--seeds N] [--start S] [--fresh N]``.

The seeds that once found something run every time. ``--fresh`` takes seeds that nobody has tried:
they follow from the commit, so that everybody who builds it lives through the same worlds.
"""

import argparse
import hashlib
import multiprocessing
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tests.sim.world import FailedError, World

KEPT = Path(__file__).with_name("seeds.txt")
REPORT_SECONDS = 20.0
FRESH_FROM = 10**9  # far from the seeds that people count


def kept_seeds() -> list[int]:
    """The seeds that once found something; they run every time."""
    lines = (line.partition("#")[0].strip() for line in KEPT.read_text("utf-8").splitlines())
    return [int(line) for line in lines if line]


def fresh_start() -> int:
    """The first of the fresh seeds: from the commit, or by chance where there is none."""
    try:
        asked = ["git", "rev-parse", "HEAD"]
        commit = subprocess.run(asked, cwd=KEPT.parent, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        commit = secrets.token_bytes()
    return FRESH_FROM + int.from_bytes(hashlib.sha256(commit.strip()).digest()[:5], "big")


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
    """Run many worlds on all cores; every failure is printed, and how far it has come."""
    begun, failed = time.monotonic(), []
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for seed, failure in _reported(pool.imap_unordered(run_one, seeds), len(seeds), begun):
            if failure:
                failed.append(seed)
                print(failure, flush=True)
    taken = time.monotonic() - begun
    speed = len(seeds) / taken
    print(f"{len(seeds)} worlds, {len(failed)} failed, {taken:.0f} s ({speed:.1f} a second)")
    if failed:
        print(f"failed seeds: {' '.join(map(str, sorted(failed)))}")
    return 1 if failed else 0


def _reported(
    results: Iterable[tuple[int, str]], total: int, begun: float
) -> Iterable[tuple[int, str]]:
    told = begun
    for number, result in enumerate(results, start=1):
        yield result
        now = time.monotonic()
        if now - told >= REPORT_SECONDS:
            told, left = now, (now - begun) / number * (total - number)
            print(f"{number} of {total} worlds, about {left / 60:.0f} min to go", flush=True)


def main(arguments: list[str]) -> int:
    """What ``./dev sim`` runs."""
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, help="replay this one seed")
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds (default 50)")
    parser.add_argument("--start", type=int, default=0, help="the first of them (default 0)")
    parser.add_argument("--fresh", type=int, help="so many seeds that follow from the commit")
    parser.add_argument("--verbose", action="store_true", help="one line an event")
    chosen = parser.parse_args(arguments)
    if chosen.seed is not None:
        return one(chosen.seed, verbose=chosen.verbose)
    start, count = chosen.start, chosen.seeds
    if chosen.fresh is not None:
        start, count = fresh_start(), chosen.fresh
        print(f"fresh seeds {start} to {start + count - 1}, and the kept ones", flush=True)
    return many([*dict.fromkeys([*kept_seeds(), *range(start, start + count)])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
