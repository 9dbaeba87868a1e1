"""Seven thousand events from a file, released by a rule to one partner, and what both sides say."""

from pathlib import Path

import pytest

from bench.importing import write_events
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.desk.records.imported import ImportOptions
from tansiq.desk.records.read import Query
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification, PartyCode
from tansiq.gateways import ucdp
from tests.world import rule, worlds

REAL = Path(__file__).resolve().parents[2].parent / "shared/data/ucdp_ged_iraq"
COUNT = 7_219
ALL = Query(kinds=("incident",), limit=100)
IRAQ = (380_000_000, 280_000_000, 500_000_000, 390_000_000)


@pytest.fixture
def events(tmp_path):
    """The real extract where it lies beside the project, else as many invented events."""
    found = sorted(REAL.glob("*.csv"))
    if found:
        return found[0]
    write_events(tmp_path / "events.csv", COUNT)
    return tmp_path / "events.csv"


def imported(made, events, progress):
    """The report of an import at MPA, open and releasable to COA."""
    asked = ImportOptions(
        label=Label(classification=Classification.OPEN), releasable_to=(PartyCode("COA"),)
    )
    return ucdp.run(made.desk("MPA"), made.actor("MPA"), events, asked, progress)


def exchanged(source, target):
    """Parcels both ways until nothing new comes."""
    while True:
        taken = exchange.incoming(target, exchange.outgoing(source, target.me))
        exchange.incoming(source, exchange.outgoing(target, source.me))
        if not taken.accepted:
            return


@pytest.mark.slow
def test_all_events_arrive_and_both_sides_verify(events):
    """Imported with progress, on list and map, released by rule, arrived complete, verified."""
    with worlds("MPA", "COA") as made:
        made.agree("MPA", "COA", rule("MPA", "R-11", automatic=True, purpose="open_data"))
        steps = []
        report = imported(made, events, lambda rows, *_: steps.append(rows))
        assert (report.added, report.rejected_count) == (COUNT, 0)
        assert steps == sorted(steps)
        assert len(steps) > 5
        source, target = made.desk("MPA"), made.desk("COA")
        exchanged(source, target)
        for desk, party in ((source, "MPA"), (target, "COA")):
            viewer = made.viewer(party)
            assert read.page(desk, viewer, ALL).total == COUNT
            window = Query(kinds=("incident",), box=IRAQ)
            cells = read.map_cells(desk, viewer, window, 2_000_000)
            assert sum(count for _, _, count, _ in cells) == COUNT
            reports = checking.verify_feeds(desk, lambda *_: None)
            assert [damage for one in reports for damage in one.damages] == []
        sent = checking.verify_feeds(source, lambda *_: None)[0]
        received = checking.verify_feeds(target, lambda *_: None)[0]
        assert sent.sent_root == received.received_root
        assert sent.signed_for == sent.sent
