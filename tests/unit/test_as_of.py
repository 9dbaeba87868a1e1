"""Lists as of an earlier moment: what was known then, less what today's labels and recalls hide."""

from dataclasses import replace

import pytest

from tansiq.board import queries
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.desk.release import purging, releasing
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Classification, PartyCode
from tests.asking import act, carry, rfi, three_that_ask
from tests.world import DAY, HOUR, START, both_ways, incident, to, uuid_of, worlds

FIRE = uuid_of("fire/1")
HIGH = to("MOD", classification=Classification.CONFIDENTIAL)


@pytest.fixture
def town():
    """Two parties that have agreed up to what is confidential."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        yield made


def later(town):
    """The moment that it is, after which an hour passes."""
    now = town.clock.time
    town.clock.time += HOUR
    return now


def revise(town, label=None, **body):
    desk, actor = town.desk("MPA"), town.actor("MPA")
    base = say.current(desk, actor, FIRE).value.digest
    say.revise(desk, actor, FIRE, base, incident(label or to("MOD"), **body))


def release(town, name):
    made = town.release("MPA", FIRE, "MOD", "R-MPA", name=name)
    town.exchange("MPA", "MOD")
    return made


def texts(town, as_of, party="MOD", position="cleared", **terms):
    """What a list shows, and that it counts as many."""
    desk, viewer = town.desk(party), town.viewer(party, position)
    query = Query(kinds=("incident",), as_of=as_of, **terms)
    page = read.page(desk, viewer, query)
    assert page.total == len(page.rows) == read.count(desk, viewer, query)
    states = queries.groups(desk.board, viewer, query, "state", now=desk.clock.now(), most=100)
    assert sum(states.values()) == page.total
    cells = read.map_cells(desk, viewer, query, 10_000_000)
    assert sum(cell[2] for cell in cells) == page.total
    return [row.value.body["text"] for row in page.rows]


def three_editions(town):
    """Three editions, released one after the other; the moments after each."""
    town.write("MPA", "fire", incident(to("MOD"), text="Smoke"))
    release(town, "told 0")
    moments = [later(town)]
    for number, text in enumerate(("Fire", "Fire, three hurt"), start=1):
        revise(town, text=text, severity="flash", observed=START - DAY)
        release(town, f"told {number}")
        moments.append(later(town))
    return moments


def test_a_list_shows_what_had_come_by_then(town):
    """Own editions from when they were written, a partner's from when they were accepted."""
    first, second, third = three_editions(town)
    for party in ("MPA", "MOD"):
        assert texts(town, START - 1, party) == []
        assert texts(town, second, party) == ["Fire"]
        assert texts(town, third, party) == ["Fire, three hurt"] == texts(town, 0, party)
    assert texts(town, first) == ["Smoke"]
    assert texts(town, second, words="smoke") == []
    assert texts(town, first, words="smoke") == ["Smoke"]
    assert texts(town, third, words="hurt") == ["Fire, three hurt"]
    assert texts(town, first, since=START - HOUR) == ["Smoke"]
    assert texts(town, second, since=START - HOUR) == []  # its moment is another since
    assert texts(town, first, facets=(("severity", ("flash",)),)) == []
    assert texts(town, second, facets=(("severity", ("flash",)),)) == ["Fire"]


def test_the_label_of_today_is_what_counts(town):
    """What is above a reader today was never there; a lowered label shows nothing said before."""
    three_editions(town)
    known = later(town)
    assert texts(town, known, "MPA", "duty-officer") == ["Fire, three hurt"]
    revise(town, HIGH, text="Names of the hurt")
    assert texts(town, known, "MPA", "duty-officer") == []
    assert texts(town, known, "MPA") == ["Fire, three hurt"]
    hidden = later(town)
    revise(town, to("MOD"), text="Fire is out")
    out = later(town)
    assert texts(town, hidden, "MPA") == ["Names of the hurt"]
    assert texts(town, hidden, "MPA", "duty-officer") == ["Fire, three hurt"]  # as its history says
    assert texts(town, out, "MPA", "duty-officer") == ["Fire is out"]


def test_what_was_recalled_was_never_there(town):
    """At once, and after the purge: not its text, not its words, not its count."""
    town.write("MPA", "fire", incident(to("MOD"), text="Smoke"))
    release(town, "told")
    smoke = later(town)
    revise(town, text="The informant lives here")
    release(town, "too much")
    known = later(town)
    revise(town, text="Fire")
    release(town, "told again")
    fire = later(town)
    assert texts(town, known) == ["The informant lives here"]
    releasing.recall(town.desk("MPA"), town.actor("MPA"), FIRE, PartyCode("MOD"), "error")
    town.exchange("MPA", "MOD")
    for moment in (smoke, known, fire, later(town)):
        assert texts(town, moment) == []
        assert texts(town, moment, words="informant") == []
    assert not town.desk("MOD").database.rows("SELECT 1 FROM superseded")
    assert texts(town, known, "MPA") == ["The informant lives here"]
    assert sound(town)


def test_what_has_expired_was_never_there(town):
    """Neither before nor after it is purged; where only one edition has, the one before it stood
    until the next.
    """
    town.write("MPA", "fire", incident(to("MOD"), text="Smoke"))
    release(town, "told")
    later(town)
    revise(town, to("MOD", expires=START + 3 * HOUR), text="The informant lives here")
    release(town, "for a while")
    known = later(town)
    assert texts(town, known) == ["The informant lives here"]
    town.clock.time += 2 * HOUR
    assert texts(town, known) == []
    town.clock.time -= 2 * HOUR
    revise(town, text="Fire")
    release(town, "told again")
    fire = later(town)
    town.clock.time += 2 * HOUR
    purging.expired(town.desk("MOD"))
    assert texts(town, known) == ["Smoke"]
    assert texts(town, known, words="informant") == []
    assert texts(town, fire) == ["Fire"]
    assert sound(town)


def test_pages_follow_one_another_as_of_a_moment(town):
    """Rows of today and superseded ones in one order, none twice and none left out."""
    for number in range(7):
        town.write("MPA", f"n {number}", incident(to("MOD"), observed=START - number * HOUR))
    known = later(town)
    for number in range(0, 7, 2):
        desk, actor, record = town.desk("MPA"), town.actor("MPA"), uuid_of(f"n {number}/1")
        base = say.current(desk, actor, record).value.digest
        say.revise(desk, actor, record, base, incident(to("MOD"), observed=START + DAY))
    desk, viewer, found, after = town.desk("MPA"), town.viewer("MPA"), [], None
    for ascending in (False, True):
        found, after = [], None
        while True:
            query = Query(kinds=("incident",), as_of=known, limit=2, after=after,
                          ascending=ascending)  # fmt: skip
            page = read.page(desk, viewer, query)
            found += [row.value.record for row in page.rows]
            after = page.after
            if after is None:
                break
        wanted = [uuid_of(f"n {number}/1") for number in range(7)]
        assert found == (wanted[::-1] if ascending else wanted)


def test_a_case_stands_where_its_steps_had_brought_it():
    """The stage as of a moment, in rows, filters and counts, at the owner's and at who is asked."""
    with three_that_ask() as three:
        record = three.write("MPA", "rfi", rfi("MOD", "COA"))
        carry(three)
        known = {}
        for taken in ("receive", "accept", "no_information"):
            known[later(three)] = stages_now(three)
            act(three, "MOD", record, taken)
        known[later(three)] = stages_now(three)
        assert len({stages["MOD"] for stages in known.values()}) > 2
        for desk in three.desks.values():
            checking.rebuild(desk, lambda _done, _all: None)
        for moment, stages in known.items():
            for party, stage in stages.items():
                assert stage_as_of(three, party, moment) == stage, (party, moment)


def stages_now(three):
    return {party: stage_as_of(three, party, 0) for party in ("MPA", "MOD")}


def stage_as_of(three, party, moment):
    """The stage that the row says, and that filters and counts agree with it."""
    desk, viewer = three.desk(party), three.viewer(party)
    (row,) = read.page(desk, viewer, Query(kinds=("rfi",), as_of=moment)).rows
    for state in kind_named("rfi").states:
        query = Query(kinds=("rfi",), as_of=moment, states=(state,))
        assert read.count(desk, viewer, query) == (state == row.value.state)
    query = Query(kinds=("rfi",), as_of=moment)
    counts = queries.groups(desk.board, viewer, query, "state", now=desk.clock.now(), most=9)
    assert counts == {row.value.state: 1}
    return row.value.state


def test_a_count_stops_past_its_bound(town):
    """As of an earlier moment no tally knows: it says so many and more."""
    for number in range(5):
        town.write("MPA", f"n {number}", incident(to("MOD")))
    desk, viewer = town.desk("MPA"), town.viewer("MPA")
    query = Query(kinds=("incident",), as_of=town.clock.time)
    assert read.count(desk, viewer, query, 3) == 4
    assert queries.groups(desk.board, viewer, query, "state", now=START, most=3) == {}


def sound(town):
    """Folding again gives the same board."""
    return all(checking.fsck(desk, lambda *_: None) == [] for desk in town.desks.values())


def test_stages_come_out_of_the_logs_again_where_an_edition_was_erased():
    """A fold that no longer finds what an erased edition opened says the same of every moment."""
    with three_that_ask() as three:
        desk, actor = three.desk("MPA"), three.actor("MPA")
        short = replace(rfi("MOD"), label=to("MOD", expires=START + 3 * HOUR))
        record = three.write("MPA", "rfi", short)
        carry(three)
        later(three)
        act(three, "MOD", record, "receive")
        later(three)
        say.revise(desk, actor, record, say.current(desk, actor, record).value.digest, rfi("MOD"))
        three.exchange("MPA", "MOD")
        known = later(three)
        stage = stage_as_of(three, "MOD", known)
        mod = three.desk("MOD")
        assert mod.database.rows("SELECT COUNT(*) FROM superseded") == [(1,)]
        three.clock.time += HOUR
        purging.expired(mod)
        assert mod.database.rows("SELECT COUNT(*) FROM superseded") == [(0,)]
        act(three, "MOD", record, "accept")
        assert stage_as_of(three, "MOD", known) == stage
        assert stage_as_of(three, "MOD", 0) != stage
        assert sound(three)
