"""Node to node over HTTPS, beside PouchDB server and medallion, in one run on one machine.

The clock runs from the moment at which the link comes up until the last record is counted for a
reader on the other side and found there by its words. docs/internals/speed.md says what the
interval holds for each program, and what the figures leave out.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import sides
from bench.command import options_of, tell
from bench.growth import exponent, picture
from bench.incidents import events
from bench.peers import programs
from bench.wire import CountingWire

GROWTH = {"none": (), "short": (10_000, 30_000, 100_000),
          "full": (10_000, 30_000, 100_000, 300_000, 1_000_000)}  # fmt: skip
ROUNDS = 3
FOUND_MAX = 3_000  # making its views takes most of its time
MEDALLION_MAX = 300  # its time grows with the square of what it holds
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "internals" / "exchange-growth.svg"


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--growth", choices=GROWTH, default="short")
    parser.add_argument("--peers", choices=("all", "none"), default="all")
    parser.add_argument("--picture", action="store_true", help=f"write {PICTURE.name} anew")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen)
    tell(figures, chosen)


def say(text: str) -> None:
    """Progress, beside the figures."""
    print(text, file=sys.stderr, flush=True)


def measure(folder: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """All figures of one run. Rounds are interleaved; each figure is the median of its rounds."""
    wire = CountingWire()
    sides.found_pair(folder / "made", chosen.records, wire)
    ours: list[sides.Run] = []
    others: dict[str, list[programs.Run]] = {}
    for number in range(chosen.rounds):
        with sides.copied(folder / "made", folder / "run") as copy:
            os.sync()  # what was written before is no part of what is measured
            ours.append(sides.exchanged(copy, chosen.records, wire))
        say(f"round {number + 1}: {ours[-1]}")
        for name, run in (peers(folder / f"peers{number}", chosen.records)
                          if chosen.peers == "all" else ()):  # fmt: skip
            others.setdefault(name, []).append(run)
            say(f"round {number + 1}: {name} {run}")
    curve = growth(folder, GROWTH[chosen.growth])
    if chosen.picture and curve:
        PICTURE.write_text(picture(_each(curve, "seconds")), "utf-8")
    return figures_of(ours, others, curve)


def peers(folder: Path, records: int) -> "list[tuple[str, programs.Run]]":
    """One round of each other program with the same incidents."""
    source = list(events(records))
    return [
        ("pouchdb", programs.pouchdb(source, folder / "pouchdb")),
        ("pouchdb_pull", programs.pouchdb(source, folder / "pull", inside=True)),
        ("pouchdb_found", programs.pouchdb(source[:FOUND_MAX], folder / "found", found=True)),
        ("medallion", programs.medallion(source[:MEDALLION_MAX], folder / "medallion")),
    ]


def growth(folder: Path, sizes: tuple[int, ...]) -> dict[int, sides.Run]:
    """One exchange of each size of feed, each into an empty board."""
    curve = {}
    for size in sizes:
        wire = CountingWire()
        with tempfile.TemporaryDirectory(dir=folder) as one:
            sides.found_pair(Path(one), size, wire)
            run = sides.exchanged(Path(one), size, wire)
        curve[size] = run
        say(f"growth: {run}")
    return curve


def figures_of(
    ours: list[sides.Run], others: dict[str, list[programs.Run]], curve: dict[int, sides.Run]
) -> dict[str, object]:
    """The figures by their names."""
    rate = statistics.median(run.records / run.seconds for run in ours)
    size = statistics.median(run.bytes / run.records for run in ours)
    found: dict[str, object] = {
        "records": ours[0].records, "rounds": len(ours), "records_per_s": round(rate),
        "bytes_per_record": round(size, 1), "processor_us_per_record": _processor(ours),
        "noop_bytes": max(run.idle_bytes for run in ours),
        "noop_round_trips": max(run.idle_round_trips for run in ours),
    }  # fmt: skip
    for name, runs in others.items():
        their_rate = statistics.median(run.records / run.seconds for run in runs)
        their_size = statistics.median(run.bytes / run.records for run in runs)
        found |= {
            f"{name}_records": runs[0].records, f"{name}_records_per_s": round(their_rate),
            f"{name}_bytes_per_record": round(their_size, 1),
            f"{name}_processor_us_per_record": _processor(runs),
            f"ratio_vs_{name}": round(rate / their_rate, 2),
            f"bytes_ratio_vs_{name}": round(size / their_size, 3),
        }  # fmt: skip
    if len(curve) > 1:
        # The processor's time tells more than the clock's where a machine does other work too.
        for name, measure_of in (("growth", "seconds"), ("growth_processor", "processor")):
            values = _each(curve, measure_of)
            found[f"{name}_exponent"] = round(exponent(values), 3)
            found[f"{name}_us_per_record"] = {str(n): round(one, 1) for n, one in values.items()}
        found["growth_noop_bytes"] = {str(n): run.idle_bytes for n, run in curve.items()}
    return found


def _each(curve: dict[int, sides.Run], name: str) -> dict[int, float]:
    """Microseconds a record by the number of records."""
    return {size: getattr(run, name) / size * 1e6 for size, run in curve.items()}


def _processor(runs: "Sequence[sides.Run | programs.Run]") -> int:
    return round(statistics.median(run.processor / run.records for run in runs) * 1e6)


if __name__ == "__main__":
    main()
