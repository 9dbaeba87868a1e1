"""Faults that would let something ring twice, too late, or for who may not know of it."""

from tests.mutants.planting import Fault

ATTENTION = "tests.unit.test_attention"

ATTENTION_FAULTS = (
    Fault(
        name="a ring is told to all who may see the record",
        where="tansiq.web.shell.live:topics_for",
        old="viewer.position in change.positions",
        new="bool(change.positions)",
        killer=f"{ATTENTION}:test_a_ring_is_told_to_those_whom_it_asks",
    ),
    Fault(
        name="a ring asks who may not see the record",
        where="tansiq.desk.records.attention:_sees",
        old="return one.label in sight.others and in_time",
        new="return in_time",
        killer=f"{ATTENTION}:test_who_may_not_see_the_record_hears_and_counts_nothing",
    ),
    Fault(
        name="a wait counts for who may not see the record",
        where="tansiq.board.queries:waiting_count",
        old="WHERE {where} LIMIT",
        new="WHERE ({where}) OR r.why = 'arrival' LIMIT",
        killer=f"{ATTENTION}:test_who_may_not_see_the_record_hears_and_counts_nothing",
    ),
    Fault(
        name="what rang is forgotten at a restart",
        where="tansiq.board.rung:past_of",
        old="in in_parts(ids)",
        new="in in_parts([])",
        killer=f"{ATTENTION}:test_nothing_rings_twice",
    ),
    Fault(
        name="a due time rings although the clock is in doubt",
        where="tansiq.domain.attention:_bells",
        old="(not in_doubt or wait.haste in ALWAYS)",
        new="wait.since",
        killer=("tests.unit.test_attention_scenarios:test_a_clock_in_doubt_rings_no_due_time"),
    ),
)
