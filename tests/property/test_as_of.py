"""A list as of a moment is what a node that stopped then would show, less what today hides.

The play is stopped after each act and what its nodes hold is written down, table by table. In the
end every list as of one of these moments is compared with it: of each record the newest edition
that was there then and that today's history still gives this reader, in the same order, with the
same counts. Nothing of it asks the tables of earlier editions.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.board import queries
from tansiq.board.board import key_of, turn_of
from tansiq.desk.records import read
from tansiq.domain.kinds import KINDS, kind_named
from tansiq.domain.search import normalise
from tests import breadth
from tests.property.acting import PARTIES, Play, acts, whole_list

QUERY = partial(read.Query, kinds=tuple(KINDS))
MOST = 1_000


@dataclass(frozen=True)
class Stopped:
    """What a node held when it stopped: of each record its editions by leaf, and its row."""

    at: int
    editions: dict[str, list[str]]
    rows: dict[str, tuple]


def stopped(desk, at):
    """The node as it would be if it stopped now."""
    editions: dict[str, list[str]] = {}
    for key, leaf in desk.board.db.rows(
        """SELECT r.record, n.leaf FROM edition h JOIN record r ON r.id = h.record
             JOIN entry n ON n.log = h.log AND n.seq = h.seq ORDER BY h.log, h.seq"""
    ):
        editions.setdefault(key, []).append(leaf.hex())
    rows = desk.board.db.rows("SELECT record, kind, state, moment FROM record")
    return Stopped(at, editions, {row[0]: row[1:] for row in rows})


def leaf_of(view):
    return view.value.leaf or view.value.digest


def history_of(desk, viewer):
    """What the histories of all records give this reader today, by leaf."""
    keys = [str(row[0]) for row in desk.board.db.rows("SELECT record FROM record")]
    return {
        leaf_of(view): view.value
        for key in keys
        for view in read.history(desk, viewer, *key.split("/"))
    }


def expected_of(held, readable):
    """By which edition each record stood for this reader, by key."""
    found = {}
    for key, leaves in held.editions.items():
        left = [leaf for leaf in leaves if leaf in readable]
        if left:
            found[key] = left[-1]
            if left[-1] == leaves[-1]:  # then the stopped node's own row is a second witness
                value = readable[left[-1]]
                assert (value.kind, value.state, value.moment) == held.rows[key]
    return found


def check(desk, viewer, held, readable, limit):
    """One list as of one moment, with its counts, for one reader."""
    expected = expected_of(held, readable)
    rows, total = whole_list(desk, viewer, partial(QUERY, as_of=held.at), limit)
    shown = {key_of(row.value.owner, row.value.record): leaf_of(row) for row in rows}
    assert shown == expected
    assert len(rows) == total == read.count(desk, viewer, QUERY(as_of=held.at))
    order = [(row.value.moment, turn_of(key_of(row.value.owner, row.value.record))) for row in rows]
    assert order == sorted(order, reverse=True)
    values = [readable[leaf] for leaf in expected.values()]
    for word in ("mill", "bridge", "hidden"):
        hits = [value for value in values if word in normalise(said(value))]
        assert read.count(desk, viewer, QUERY(as_of=held.at, words=word)) == len(hits)
    fires = Counter(value.body.get("category", "") for value in values if value.kind == "incident")
    query = read.Query(kinds=("incident",), as_of=held.at)
    now = desk.clock.now()
    assert queries.groups(desk.board, viewer, query, "category", now=now, most=MOST) == fires
    for code, number in fires.items():
        one = read.Query(kinds=("incident",), as_of=held.at, facets=(("category", (code,)),))
        assert not code or read.count(desk, viewer, one) == number


def said(value):
    return kind_named(value.kind).search_text(value.body)


@pytest.mark.slow
@settings(max_examples=breadth.of(20, 1_500))
@given(script=st.lists(acts(), min_size=4, max_size=24), limit=st.integers(1, 7))
def test_a_list_as_of_a_moment_is_what_a_node_that_stopped_then_would_show(script, limit):
    """For every position of every party, after recalls, new labels, embargoes and expiries."""
    play = Play()
    try:
        held = {party: [] for party in PARTIES}
        for act in script:
            play.do(act)
            for party in PARTIES:
                held[party].append(stopped(play.world.desk(party), play.now))
            play.world.clock.time += 1
        for desk, viewer, _ in play.viewers():
            readable = history_of(desk, viewer)
            for one in held[desk.me][:: max(1, len(script) // 6)]:
                check(desk, viewer, one, readable, limit)
    finally:
        play.close()
