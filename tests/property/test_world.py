"""Whatever happens between three parties: each position has what the oracle says, no more."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.board.board import key_of, turn_of
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tests import breadth
from tests.property.acting import PARTIES, Play, acts, whole_list

QUERY = partial(read.Query, kinds=tuple(KINDS))


def silent(log, count):
    """Nobody listens to the progress."""


@pytest.mark.slow
@settings(max_examples=breadth.of(60, 2_000))
@given(script=st.lists(acts(), min_size=4, max_size=30), limit=st.integers(1, 7))
def test_each_position_has_what_the_oracle_says(script, limit):
    """Lists, counts, single records and searches of every position hold exactly its share."""
    play = Play()
    try:
        for act in script:
            play.do(act)
        for desk, viewer, who in play.viewers():
            expected = play.ledger.seen_by(who, play.now)
            rows, total = whole_list(desk, viewer, QUERY, limit)
            found = {(row.value.owner, row.value.record): row.value.body for row in rows}
            assert found == expected
            assert len(rows) == total == len(expected)
            assert read.count(desk, viewer, QUERY()) == len(expected)
            order = [
                (row.value.moment, turn_of(key_of(row.value.owner, row.value.record)))
                for row in rows
            ]
            assert order == sorted(order, reverse=True)
            for word in ("mill", "bridge", "hidden"):
                hits = read.count(desk, viewer, QUERY(words=word))
                assert hits == sum(word in str(body.values()) for body in expected.values())
            for owner in PARTIES:
                for record, _ in play.records[owner]:
                    check_one(desk, viewer, owner, record, expected)
    finally:
        play.close()


def check_one(desk, viewer, owner, record, expected):
    """List and check agree; absent and withheld are one answer."""
    if (owner, record) in expected:
        assert read.record(desk, viewer, owner, record).value.body == expected[owner, record]
        assert read.history(desk, viewer, owner, record)
        return
    with pytest.raises(InputError) as refused:
        read.record(desk, viewer, owner, record)
    assert refused.value.code == "record_absent"
    assert read.history(desk, viewer, owner, record) == []


@pytest.mark.slow
@settings(max_examples=breadth.of(40, 1_000))
@given(script=st.lists(acts(), min_size=4, max_size=30))
def test_the_board_is_what_the_logs_say(script):
    """After any acts the logs are whole, and dropping and folding again changes nothing."""
    play = Play()
    try:
        for act in script:
            play.do(act)
        for party in PARTIES:
            desk = play.world.desk(party)
            before = checking.snapshot(desk)
            assert checking.fsck(desk, silent) == []
            assert all(not report.damages for report in checking.verify_feeds(desk, silent))
            checking.rebuild(desk, silent)
            assert checking.snapshot(desk) == before
    finally:
        play.close()
