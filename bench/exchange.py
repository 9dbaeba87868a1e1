"""From a file to a partner's board: import, release by rule, parcels, folding; two nodes on disk.

One process does the work of both sides, one after the other, so that each side's cost shows.
"""

import argparse
import csv
import json
import random
import tempfile
import time
from pathlib import Path

from tansiq.desk import checking, exchange, read
from tansiq.desk.read import Query
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Classification, PartyCode
from tansiq.gateways import ucdp
from tansiq.gateways.report import ImportOptions
from tansiq.log.database import Sqlite
from tansiq.policy.agreement import Rule
from tests import world

COA = PartyCode("COA")


def write_events(path: Path, count: int) -> None:
    """A file in the UCDP form with invented events."""
    draw = random.Random(7)
    towns = ("Makhmour town", "Kifri town", "Hawija town", "Daquq village", "Sinjar town")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, fieldnames=ucdp.COLUMNS)
        rows.writeheader()
        for number in range(count):
            row = dict.fromkeys(ucdp.COLUMNS, "0")
            row |= {
                "id": str(number + 1), "type_of_violence": str(draw.randint(1, 3)),
                "conflict_name": "Invented", "event_clarity": "1",
                "side_a": "Side A", "side_b": "Side B",
                "where_prec": str(draw.randint(1, 6)), "where_coordinates": draw.choice(towns),
                "adm_1": "Kirkuk province", "adm_2": "Daquq district",
                "latitude": f"{draw.uniform(33, 37):.6f}",
                "longitude": f"{draw.uniform(41, 46):.6f}", "date_prec": "1",
                "date_start": f"2016-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
                "best": str(draw.randint(0, 9)), "low": "0", "high": "12",
            }  # fmt: skip
            row["date_end"] = row["date_start"]
            rows.writerow({name: row.get(name, "") for name in ucdp.COLUMNS})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.records)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:28} {value}")


def measure(folder: Path, count: int) -> dict[str, float | int]:
    """All figures of one run."""
    made = world.world("MPA", "COA", databases=lambda party: Sqlite(folder / f"{party}.sqlite3"))
    rule = Rule(
        name="R-11", sender=PartyCode("MPA"), kinds=frozenset({"incident"}), automatic=True,
        purpose="open_data", class_max=Classification.RESTRICTED,
    )  # fmt: skip
    made.agree("MPA", "COA", rule)
    source, target = made.desk("MPA"), made.desk("COA")
    write_events(folder / "events.csv", count)
    asked = ImportOptions(label=Label(audience=audience_of(COA)), releasable_to=(COA,))
    began = time.perf_counter()
    report = ucdp.run(source, made.actor("MPA"), folder / "events.csv", asked, lambda *_: None)
    imported = time.perf_counter() - began
    sent = sealing = taking = 0.0
    while True:
        start = time.perf_counter()
        parcel = exchange.outgoing(source, COA)
        middle = time.perf_counter()
        taken = exchange.incoming(target, parcel)
        end = time.perf_counter()
        sealing, taking, sent = sealing + middle - start, taking + end - middle, sent + len(parcel)
        exchange.incoming(source, exchange.outgoing(target, PartyCode("MPA")))
        if not taken.accepted:
            break
    idle = [exchange.outgoing(source, COA), exchange.outgoing(target, PartyCode("MPA"))]
    arrived = read.count(target, made.viewer("COA"), Query(kinds=("incident",)))
    damages = [d for r in checking.verify_feeds(target, lambda *_: None) for d in r.damages]
    return {
        "records": count, "imported": report.added, "arrived": arrived, "damages": len(damages),
        "import_records_per_s": round(count / imported),
        "sender_records_per_s": round(count / sealing),
        "receiver_records_per_s": round(count / taking),
        "exchange_records_per_s": round(count / (sealing + taking)),
        "bytes_per_record": round(sent / count, 1),
        "noop_bytes": sum(len(parcel) for parcel in idle),
    }  # fmt: skip


if __name__ == "__main__":
    main()
