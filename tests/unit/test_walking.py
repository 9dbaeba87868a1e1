"""Walking to the first few records that hold a frequent word."""

import random

import pytest

from bench.board import Landscape, fill, viewers
from tansiq.board import index_scan, walking
from tansiq.board.queries import Query, counted, groups, listed
from tansiq.board.walking import first_holding
from tests.world import START, worlds


def walked(keys, held, wanted, after=None):
    """What the walk gives over these keys, and how many of them it passed."""
    passed = []

    def along(size, begin):
        rest = [key for key in keys if begin is None or (key[0], key[1]) < begin]
        passed.append(len(rest[:size]))
        return rest[:size]

    found = first_holding(along, lambda low, high: held & set(range(low, high + 1)), wanted, after)
    return found, sum(passed)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.9])
def test_the_first_that_hold_the_words_are_found_in_order(share, monkeypatch):
    """Neither more nor others than a look at every record finds, from the start or after a row."""
    monkeypatch.setattr(walking, "FIRST", 10)
    draw = random.Random(share)
    for _ in range(60):
        numbers = draw.sample(range(1, 150), 120)
        keys = [(120 - at, at % 7, number) for at, number in enumerate(numbers)]
        held = {number for number in numbers if draw.random() < share}
        wanted, begin = draw.randint(1, 60), draw.choice((None, (60, 3)))
        rest = [key[2] for key in keys if begin is None or key[:2] < begin]
        expected = tuple(number for number in rest if number in held)[:wanted]
        assert walked(keys, held, wanted, begin)[0] == expected


def test_a_rare_word_is_given_up_before_much_is_passed(monkeypatch):
    """Where the first stretch shows that too much would have to be passed, it says so."""
    monkeypatch.setattr(walking, "FIRST", 100)
    monkeypatch.setattr(walking, "MOST", 1_000)
    keys = [(100_000 - at, 0, at) for at in range(20_000)]
    found, passed = walked(keys, {19_999}, 5)
    assert found is None
    assert passed <= 1_000
    assert walked(keys, set(range(0, 20_000, 10)), 20)[0] == tuple(range(0, 200, 10))


def test_records_noted_long_after_they_happened_are_looked_up(monkeypatch):
    """Where the numbers of a stretch lie far apart, all that lies between is not fetched."""
    monkeypatch.setattr(walking, "FIRST", 10)
    keys = [(1_000 - at, 0, at * 500) for at in range(400)]
    assert walked(keys, set(range(200_000)), 5)[0] is None


def test_a_frequent_word_is_never_looked_up_as_a_whole(monkeypatch):
    """List, count and counts by state of a word that one record in five holds ask for no more than
    a stretch of the search index.
    """
    monkeypatch.setattr(walking, "FIRST", 50)
    with worlds("MPA") as made:
        desk = made.desk("MPA")
        fill(desk, Landscape(5, START), "incident", 1_200)
        viewer = viewers(Landscape(5, START))["party_40"]
        query = Query(kinds=("incident",), words="road", limit=5)
        known = [key for key, _ in listed(desk.board, viewer, query, START)]
        monkeypatch.setattr(
            index_scan.IndexScan, "_looked_up", lambda _: pytest.fail("all that hold it")
        )
        assert [key for key, _ in listed(desk.board, viewer, query, START)] == known
        assert len(known) == 5
        assert counted(desk.board, viewer, query, START, 10) == 11
        assert groups(desk.board, viewer, query, "state", now=START, most=10) == {}
