"""``./dev bench NAME [options]``: measure one thing and print its figures.

exchange   node to node over HTTPS, beside PouchDB server and medallion
           --records 20000 --rounds 3 --growth none|short|full --peers all|none --picture --json
import     events of a CSV file until they are visible and searchable
           --records 1000000 --json
read       the release filter and the duty log page, on SQLite and PostgreSQL
           --records 100000 --store sqlite --json
pages      every page of the navigation, search, and what travels; needs Chromium
           --quick --store sqlite --json
support    lists, boards and case pages among 50,000 support requests, and folding them anew
           --requests 50000 --quick --store sqlite --json
priority   how soon a flash incident and a recall pass 50 MB of files on a link of 64 KB/s
           --files-mb 50 --waiting 20000 --urgent 20 --quick --json
planner    catch-up plans of 200 cohorts over twelve months, against the solver's own bound
           --cohorts 200 --weeks 52 --seconds 60 --seeds 3 --json
crash      kill a served node under load, again and again: nothing that was answered is lost
           --kills 200 --store both --json
steps      where the time of an exchange goes, microseconds a record
           --records 20000 --json
forecast   ranges of the days on which projects end, on programmes whose truth is known
           --programmes 60 --seed 20201231 --json
deconflict the open check of planned activities, one against all and all pairs, beside PostGIS
           --activities 100000 --new 500 --rounds 3 --seed 20201220 --json
sealed     sealed checks between two nodes: time, bytes, and what they say beside the open check
           --pairs 2000 --rounds 3 --json
web        how pages are served: Django under ASGI and under WSGI behind a2wsgi
"""

import runpy
import sys

NAMES = {
    "exchange": "bench.exchange",
    "import": "bench.importing",
    "read": "bench.read",
    "pages": "bench.pages",
    "support": "bench.support",
    "priority": "bench.priority",
    "planner": "bench.planner",
    "crash": "bench.crash",
    "steps": "bench.steps",
    "forecast": "bench.forecast",
    "deconflict": "bench.deconflict",
    "sealed": "bench.sealed",
    "web": "bench.web_process",
}


def main() -> int:
    """Run the measurement that was named."""
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(__doc__)
        return 0 if len(sys.argv) < 2 or sys.argv[1] in ("help", "--help", "-h") else 2
    name = sys.argv.pop(1)
    runpy.run_module(NAMES[name], run_name="__main__")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
