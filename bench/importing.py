"""From a CSV file of events to a board on which each is visible and searchable.

The command line's own `tansiq import` reads the file in a process of its own. The figures are the
records that were counted for a reader afterwards, over the time from the start of that process to
its end, and the most memory that it ever had (what Linux calls VmHWM).
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import sides
from bench.command import options_of, tell
from tansiq.desk.records import read
from tansiq.desk.records.read import Query
from tansiq.gateways import ucdp
from tansiq.node.founding import actor_of, init_node

RECORDS = 1_000_000
_TOWNS = ("Makhmour", "Kifri", "Hawija", "Daquq", "Sinjar", "Tuz Khurmatu", "Khanaqin", "Rabia")
_SIDES = ("Side A", "Side B", "Side C", "Side D", "Side E")


def write_events(path: Path, count: int) -> None:
    """A file in the UCDP form with invented events of 2011 to 2019, past for every clock here."""
    draw = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, fieldnames=ucdp.COLUMNS)
        rows.writeheader()
        for number in range(count):
            day = f"{2011 + number * 9 // count}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
            best = draw.randint(0, 9)
            row = {
                "id": number + 1, "type_of_violence": draw.randint(1, 3),
                "conflict_name": f"Invented {draw.randint(1, 40)}", "event_clarity": 1,
                "side_a": draw.choice(_SIDES), "side_b": draw.choice(_SIDES),
                "where_prec": draw.randint(1, 6),
                "where_coordinates": f"{draw.choice(_TOWNS)} village {draw.randint(1, 900)}",
                "adm_1": f"{draw.choice(_TOWNS)} province",
                "adm_2": f"{draw.choice(_TOWNS)} district",
                "latitude": f"{draw.uniform(33, 37):.6f}",
                "longitude": f"{draw.uniform(41, 46):.6f}", "date_prec": 1,
                "date_start": day, "date_end": day, "best": best, "low": best,
                "high": best + draw.randint(0, 3),
            }  # fmt: skip
            rows.writerow(row)


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.records)
    tell(figures, chosen)


def measure(folder: Path, count: int) -> dict[str, object]:
    """All figures of one run."""
    init_node(sides.settings_of(folder, sides.HERE, ""))
    file = folder / "events.csv"
    write_events(file, count)
    command = [sys.executable, "-m", "tansiq.node", "import", "ucdp", str(folder / sides.HERE),
               str(file), "--position", "liaison", "--person", "P-1"]  # fmt: skip
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=sides.ROOT, stdout=subprocess.DEVNULL)
    _, code, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if code:
        raise RuntimeError("the import failed")
    visible = _visible(folder, count)
    return {
        "records": visible, "seconds": round(seconds, 1), "records_per_s": round(visible / seconds),
        "peak_mb": round(used.ru_maxrss / 1024),
        "file_mb": round(file.stat().st_size / 1024 / 1024),
        "store_mb": round(sum(part.stat().st_size for part in (folder / sides.HERE).iterdir()
                              if part.is_file()) / 1024 / 1024),
    }  # fmt: skip


def _visible(folder: Path, count: int) -> int:
    """How many a reader sees and finds by a word that is in each of them."""
    desk = sides.opened(folder, sides.HERE)
    try:
        viewer = desk.viewer(actor_of(desk, "liaison", "P-1"))
        seen = read.count(desk, viewer, Query(kinds=("incident",)))
        found = read.count(desk, viewer, Query(kinds=("incident",), words="UCDP"))
        assert (seen, found) == (count, count)
        return seen
    finally:
        desk.database.close()


if __name__ == "__main__":
    main()
