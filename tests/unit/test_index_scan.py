"""The ways over the board's indexes: whichever is taken gives what the plain question gives."""

import random
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from bench.board import DAY, Landscape, fill, viewers
from tansiq.board import routes, walking
from tansiq.board.board import CELL
from tansiq.board.index_scan import IndexScan, Window
from tansiq.board.queries import Query, counted, groups, listed, paged, spread
from tansiq.board.routes import Plan, Route, cells_of, choose, sample_of
from tansiq.board.visible_labels import visible_to
from tansiq.desk.records.say import Draft
from tansiq.domain.labels import Label
from tansiq.domain.places import E7
from tansiq.log.database import Sqlite
from tansiq.policy.release import open_all
from tests.world import HOUR, START, asking, incident, line, uuid_of, worlds

COUNT = 1_200
URGENT = (("severity", ("urgent",)),)


@pytest.fixture(scope="module")
def desk():
    """A desk with records of half a thousand labels."""
    with worlds("MPA") as made:
        fill(made.desk("MPA"), Landscape(5, START), "incident", COUNT)
        yield made.desk("MPA")


@pytest.fixture
def town():
    """A desk with nothing on it yet."""
    with worlds("MPA") as made:
        yield made


def plain(desk, visible, window):
    """Keys by one plain question over the table, newest first: what every way must give."""
    west, south, east, north = window.box
    rows = desk.database.rows(
        "SELECT moment, turn, record, label, embargo, expires, lat, lon FROM record"
        " WHERE kind = 'incident' ORDER BY moment DESC, turn DESC"
    )
    return [
        str(record)
        for moment, _, record, label, embargo, expires, lat, lon in rows
        if (label in visible.own or (label in visible.others and embargo <= START))
        and (label in visible.own or not expires or expires > START)
        and west <= lon <= east and south <= lat <= north
        and moment >= window.since and (not window.until or moment < window.until)
    ]  # fmt: skip


def windows(draw):
    """A window of some size somewhere, over some time."""
    size = draw.choice((0.4, 2, 4.5))
    lat, lon = draw.uniform(29, 36), draw.uniform(39, 47)
    box = tuple(round(x * E7) for x in (lon, lat, lon + size, lat + size))
    until = draw.choice((0, START - draw.randint(1, 300) * DAY))
    since = draw.choice((0, (until or START) - draw.randint(30, 400) * DAY))
    return Window(box=box, since=since, until=until, words="")


def newest(scan, limit, after, plan):
    """The first rows, each with the key of its record."""
    keys = scan.first(("incident",), limit, after, plan)
    found = scan.views(keys)
    return [(*key[:2], found[key[2]][0]) for key in keys]


@pytest.mark.parametrize("share", ["party_40", "party_15", "party_2"])
@pytest.mark.parametrize("route", [route for route in Route if route is not Route.DUE])
def test_every_way_gives_what_the_plain_question_gives(desk, share, route):
    """Lists page by page, counts and counts per cell: the way is a matter of cost alone."""
    draw, viewer = random.Random(f"{share} {route}"), viewers(Landscape(5, START))[share]
    visible = visible_to(desk.board, viewer)
    everything = tuple(int(str(row[0])) for row in desk.database.rows("SELECT id FROM record"))
    for _ in range(12):
        window = windows(draw)
        scan = IndexScan(desk.board, visible, window, START)
        first = draw.choice((0, DAY, 40 * DAY))
        plan = Plan(
            route=route, cells=cells_of(window.box), lengths=(first, 800 * DAY),
            top=window.until or START, hits=everything,
        )  # fmt: skip
        expected = plain(desk, visible, window)
        assert [row[2] for row in newest(scan, COUNT, None, plan)] == expected
        limit, paged, after = draw.randint(1, 9), [], None
        while page := newest(scan, limit, after, plan):
            assert len(page) == min(limit, len(expected) - len(paged))
            paged += [row[2] for row in page]
            after = page[-1][0], page[-1][2]
        assert paged == expected
        assert scan.counted("incident", 0, plan) == len(expected)
        assert scan.counted("incident", 3, plan) == min(4, len(expected))
        assert sum(row[2] for row in scan.cells("incident", CELL, plan)) == len(expected)


@pytest.mark.parametrize("words", ["", "road", "road bridge", "nowhere"])
@pytest.mark.parametrize("few", [0, 2_000])
@pytest.mark.parametrize("most", [0, 300, 50_000])
def test_a_page_with_its_count_is_the_list_and_the_count(desk, words, few, most, monkeypatch):
    """Asked together, the words are looked up once; nothing else changes, whatever their way."""
    monkeypatch.setattr(routes, "FEW", few)
    monkeypatch.setattr(walking, "FIRST", 20)
    monkeypatch.setattr(walking, "MOST", most)
    for viewer in viewers(Landscape(5, START)).values():
        for limit in (5, COUNT):
            query = Query(kinds=("incident",), words=words, limit=limit)
            rows, number = paged(desk.board, viewer, query, START, 100)
            assert [key for key, _ in rows] == [
                key for key, _ in listed(desk.board, viewer, query, START)
            ]
            assert number == counted(desk.board, viewer, query, START, 100)
            held = with_words(desk, visible_to(desk.board, viewer), words.split())
            assert [key for key, _ in rows] == held[:limit]
            assert number == (min(len(held), 101) if words else len(held))


@pytest.mark.parametrize("facets", [(), (("category", ("fire",)),)])
def test_no_row_is_looked_for_that_was_not_counted(desk, facets, monkeypatch):
    """A list of a state in which nothing stands walks no index; one of a few ends at the last."""
    asked = []
    first = IndexScan.first
    monkeypatch.setattr(
        IndexScan, "first",
        lambda scan, kinds, limit, *more: asked.append(limit) or first(scan, kinds, limit, *more),
    )  # fmt: skip
    viewer = next(iter(viewers(Landscape(5, START)).values()))
    for state in ("closed", "reported"):
        query = Query(kinds=("incident",), states=(state,), facets=facets, limit=COUNT)
        found = [key for key, _ in listed(desk.board, viewer, query, START)]
        asked.clear()
        rows, count = paged(desk.board, viewer, query, START, COUNT)
        assert ([key for key, _ in rows], count) == (found, len(found))
        assert asked == ([len(found)] if found else [])
        stopped, _ = paged(
            desk.board, viewer, query, START, 2
        )  # counting stopped, listing does not
        assert [key for key, _ in stopped] == found


def test_a_list_of_several_kinds_is_one_list(town):
    """Whatever their kinds, the newest come first, and a page goes on where another ended."""
    for number in range(5):
        town.clock.time += HOUR
        town.write("MPA", f"incident {number}", incident())
        town.clock.time += HOUR
        town.write("MPA", f"line {number}", line())
    board, viewer = town.desk("MPA").board, town.viewer("MPA")
    whole, after = [], None
    while True:
        query = Query(kinds=("incident", "log_line"), limit=3, after=after)
        rows = listed(board, viewer, query, town.clock.now())
        if not rows:
            break
        whole += [key for key, _ in rows]
        after = whole[-1]
    names = [f"{kind} {number}" for number in range(5) for kind in ("incident", "line")]
    expected = {f"MPA/{uuid_of(f'{name}/1')}" for name in names}
    assert {record for _, record in whole} == expected
    assert len(whole) == len(expected)
    assert [at for at, _ in whole] == sorted((at for at, _ in whole), reverse=True)


def with_words(desk, visible, words):
    """What a reader may see and holds the words, newest first, by one plain question."""
    whole = tuple(side * 180 * E7 for side in (-1, -1, 1, 1))
    window = Window(box=whole, since=0, until=0, words="")
    found = desk.database.rows(
        "SELECT r.record, r.moment, s.words FROM record r JOIN search s ON s.rowid = r.id"
    )
    told = {str(record): (moment, str(text).split()) for record, moment, text in found}
    return [
        (told[record][0], record)
        for record in plain(desk, visible, window)
        if all(any(one.startswith(word) for one in told[record][1]) for word in words)
    ]


def test_totals_are_what_counting_gives(desk):
    """The tally less what time withholds is the number of rows that a list would show."""
    for viewer in viewers(Landscape(5, START)).values():
        whole = counted(desk.board, viewer, Query(kinds=("incident",)), START)
        assert whole == counted(desk.board, viewer, Query(kinds=("incident",), since=1), START)
        urgent = Query(kinds=("incident",), facets=URGENT)
        two = replace(urgent, facets=(*URGENT, ("category", ("fire", "flood"))))
        assert not urgent.narrow
        assert two.narrow
        every = counted(desk.board, viewer, replace(urgent, since=1), START)
        assert counted(desk.board, viewer, urgent, START) == every
        assert 0 < counted(desk.board, viewer, two, START) < every < whole


def test_the_tally_is_the_count_of_the_records(desk):
    """Derived, and never another number than counting would give, in all and facet by facet."""
    for facet, value in ((0, "0"), (1, "f1"), (2, "f2"), (3, "f3")):
        assert sorted(desk.database.rows(
            "SELECT kind, label, state, value, n FROM tally WHERE facet = ?", (facet,)
        )) == sorted(desk.database.rows(
            f"SELECT kind, label, state, {value}, COUNT(*) FROM record GROUP BY 1, 2, 3, 4"
        ))  # fmt: skip


@pytest.mark.parametrize("facets", [(), URGENT, (*URGENT, ("category", ("fire", "flood")))])
def test_what_is_counted_of_each_value_is_what_its_list_holds(desk, facets):
    """By state and by every facet, tallied or counted one by one, as its own reader sees it."""
    for viewer in viewers(Landscape(5, START)).values():
        query = Query(kinds=("incident",), facets=facets, limit=COUNT)
        for narrowed in (query, replace(query, since=START - 300 * DAY)):
            rows = [view for _, view in listed(desk.board, viewer, narrowed, START)]
            opened = [view.value for view in open_all(viewer, rows, START)]
            for group in ("state", "severity", "category"):
                held = Counter(one.state if group == "state" else one.body[group] for one in opened)
                assert groups(desk.board, viewer, narrowed, group, now=START, most=COUNT) == held
                few = groups(
                    desk.board, viewer, replace(narrowed, since=1), group, now=START, most=1
                )
                assert few == ({} if len(opened) > 1 else held)


@pytest.mark.parametrize("words", ["", "road"])
def test_a_span_is_spread_over_its_days(desk, words):
    """Between two edges stands what a list of that time holds, and its first rows."""
    edges = [START - 200 * DAY + n * 20 * DAY for n in range(9)]
    for viewer in viewers(Landscape(5, START)).values():
        query = Query(kinds=("incident",), words=words, limit=COUNT)
        days = spread(desk.board, viewer, query, edges, now=START, each=3, most=20)
        for (since, until), (count, few) in zip(pairwise(edges), days, strict=True):
            whole = listed(desk.board, viewer, replace(query, since=since, until=until), START)
            assert count == min(len(whole), 21)
            assert [seal.digest for seal in opened_of(viewer, few)] == [
                seal.digest for seal in opened_of(viewer, [view for _, view in whole[:3]])
            ]


def opened_of(viewer, views):
    """What its reader sees of them."""
    return [view.value for view in open_all(viewer, views, START)]


def test_what_is_due_is_listed_by_when_it_is_due(town):
    """Soonest first or last, page by page, bounded by due times."""
    about = town.write("MPA", "incident", incident())
    for number, due in enumerate((5, 3, 9, 7)):
        town.clock.time += HOUR
        body = asking("MOD", f"Question {number}", about=about)
        body |= {"needed_by": START + due * DAY}
        town.write("MPA", f"question {number}", Draft(kind="rfi", body=body, label=Label()))
    board, viewer, now = town.desk("MPA").board, town.viewer("MPA"), town.clock.now()

    def asked(**more):
        query = Query(kinds=("rfi",), by="due", **more)
        return [(at - START) // DAY for (at, _), _ in listed(board, viewer, query, now)]

    assert asked(ascending=True) == [3, 5, 7, 9]
    assert asked() == [9, 7, 5, 3]
    assert asked(since=START + 4 * DAY, until=START + 9 * DAY) == [7, 5]
    assert asked(words="question", ascending=True) == [3, 5, 7, 9]
    first = Query(kinds=("rfi",), by="due", ascending=True, limit=2)
    after = listed(board, viewer, first, now)[-1][0]
    assert asked(ascending=True, after=after) == [7, 9]
    assert counted(board, viewer, Query(kinds=("rfi",), by="due"), now) == 4


def test_the_earliest_come_first_where_that_is_asked(desk):
    """The whole list the other way round, page by page."""
    viewer = viewers(Landscape(5, START))["party_40"]
    query = Query(kinds=("incident",), limit=COUNT)
    whole = [key for key, _ in listed(desk.board, viewer, query, START)]
    turned, after = [], None
    query = replace(query, ascending=True, limit=100)
    while page := listed(desk.board, viewer, replace(query, after=after), START):
        turned += [key for key, _ in page]
        after = turned[-1]
    assert turned == whole[::-1]


def test_a_way_is_chosen_by_what_is_rare(desk):
    """A rare reader goes by label, a small window by cell, and the newest of all by time."""
    sample, terms = sample_of(desk.board, "incident", START), {"since": 0, "until": 0}
    seen = {
        name: visible_to(desk.board, viewer) for name, viewer in viewers(Landscape(5, 0)).items()
    }
    country = (38 * E7, 28 * E7, 49 * E7, 38 * E7)
    lat, lon = Landscape(5, START).towns[0]
    town = tuple(round(x * E7) for x in (lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1))
    everything = tuple(desk.board.labels())
    assert choose(sample, everything, country, limit=50, **terms).route is Route.TIME
    assert choose(sample, None, town, **terms).route is Route.CELL
    assert choose(sample, seen["party_2"].labels, country, **terms).route is Route.LABEL


@pytest.mark.parametrize("route", [Route.TIME, Route.CELL, Route.LABEL])
def test_the_planner_takes_the_index_of_the_way(desk, route):
    """One index is walked, and sorted only where it gives no order in time; on SQLite no row is
    touched.

    On PostgreSQL it may be another by its statistics, but never in another order.
    """
    lat, lon = Landscape(5, START).towns[0]
    wide = 5 if route is Route.TIME else 1  # in a small window the way would not be by time
    box = tuple(round(x * E7) for x in (lon - wide, lat - wide, lon + wide, lat + wide))
    window = Window(box=box, since=0, until=0, words="")
    visible = visible_to(desk.board, viewers(Landscape(5, START))["party_15"])
    plan = Plan(route=route, cells=cells_of(box), lengths=(0, 1))
    keys, values = IndexScan(desk.board, visible, window, START).keys("incident", plan, (0, 0))
    told = explained(desk.database, f"{keys} LIMIT 50", values)
    named = re.search(r"record_(\w+)", told)
    assert named is not None
    assert named[1] == route or not isinstance(desk.database, Sqlite)
    assert re.search("COVERING INDEX|Index (Only )?Scan", told)
    assert ("TEMP B-TREE" in told or "Sort" in told) == (route is not Route.TIME)


def explained(database, statement, values):
    """How the database would answer; of a table that fits into a few pages PostgreSQL would read
    all, so it is told to look at indexes as it does with many.
    """
    if isinstance(database, Sqlite):
        return str(database.rows(f"EXPLAIN QUERY PLAN {statement}", values))
    with database.transaction():
        database.run("ANALYZE record")
        for way in ("enable_seqscan", "enable_bitmapscan"):
            database.run(f"SET LOCAL {way} = off")
        return str(database.rows(f"EXPLAIN {statement}", values))
