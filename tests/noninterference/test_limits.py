"""A list has a limit; what is hidden takes up none of it."""

import pytest

from tansiq.desk.records import approvals, inbox, read
from tansiq.desk.records.approvals import Wanted, Whose
from tansiq.desk.records.read import Query
from tansiq.desk.release import releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tests import world as worlds
from tests.noninterference.story import HIGH
from tests.world import incident, to

MANY = BOUNDS.page_rows_max + 5
RULES = (worlds.rule("MPA", "R", class_max=HIGH), worlds.rule("MOD", "T", class_max=HIGH))


@pytest.fixture(scope="module")
def crowd():
    """Few releases for everybody's eyes, and behind them more hidden ones than a page holds."""
    with worlds.worlds("MPA", "MOD") as made:
        second = worlds.rule("MPA", "S", class_max=HIGH, approvers=1)
        level = dict.fromkeys((PartyCode("MPA"), PartyCode("MOD")), HIGH)
        made.agree("MPA", "MOD", *RULES, second, clearance=level)
        for number in range(MANY + 3):
            label = to("MOD") if number < 3 else to("MOD", classification=HIGH)
            record = made.write("MPA", f"one {number}", incident(label))
            made.release("MPA", record, "MOD", "R")
            made.release("MPA", record, "MOD", "S", name=f"again {number}")
        made.exchange("MPA", "MOD")
        for number in range(3, MANY + 3):
            record = worlds.uuid_of(f"one {number}/1")
            actor = made.actor("MPA")
            releasing.recall(made.desk("MPA"), actor, record, PartyCode("MOD"), "error")
        for number in range(MANY + 3):
            if number % 2:
                label = to("MOD") if number < 3 else to("MOD", classification=HIGH)
                record = made.write("MPA", f"waits {number}", incident(label))
                made.release("MPA", record, "MOD", "R")
        yield made


def low(made, party):
    return made.desk(party), made.viewer(party, "duty-officer")


def test_holdings_show_all_that_is_seen(crowd):
    """A hundred hidden releases push no visible one off the page of who holds what."""
    found = read.holdings(*low(crowd, "MPA"), limit=BOUNDS.page_rows_max)
    assert 3 == len({item.record.value.record for item in found if item.state != "sent"})


def test_holdings_go_on_where_a_page_ended(crowd):
    """Page by page each release comes once; a release that is hidden is no place to go on from."""
    desk, viewer = crowd.desk("MPA"), crowd.viewer("MPA")
    whole = [item.release for item in read.holdings(desk, viewer, limit=MANY * 3)]
    paged, after = [], ""
    while page := read.holdings(desk, viewer, after=after, limit=7):
        paged += [item.release for item in page]
        after = paged[-1]
        if len(page) < 7:
            break
    assert paged == whole
    place, eyes = low(crowd, "MPA")
    first = [item.release for item in read.holdings(place, eyes, limit=2)]
    seen = {item.release for item in read.holdings(place, eyes, limit=MANY * 3)}
    for release in (*[one for one in whole if one not in seen][:5], "absent"):
        found = read.holdings(place, eyes, after=release, limit=2)
        assert [item.release for item in found] == first


def test_approvals_show_all_that_is_seen(crowd):
    """Hidden releases that wait for a second person push out no visible one."""
    assert 3 == len(read.awaiting(*low(crowd, "MPA")))


def test_approvals_count_what_is_seen(crowd):
    """Tabs, facets and the badge of every page count no release whose record is hidden."""
    desk, viewer = low(crowd, "MPA")
    preparer = crowd.actor("MPA").person
    for whose, person in ((Whose.ALL, ""), (Whose.DECIDE, "P-2"), (Whose.YOURS, preparer)):
        wanted = Wanted(whose=whose, person=person)
        assert {"MOD": 3} == approvals.counts(desk, viewer, wanted, MANY)
    actor = crowd.actor("MPA", "duty-officer", person="P-2")
    assert 3 == approvals.to_decide(desk, actor, MANY)


def test_what_waits_for_the_link_is_counted_for_the_viewer(crowd):
    """Of what waits for a partner, a low position counts what it may see."""
    assert 1 == len(read.waiting_for(*low(crowd, "MPA"), "MOD"))


def test_the_inbox_shows_all_that_is_seen(crowd):
    """Hidden records of a partner push no visible one out of the inbox."""
    assert 3 == len(inbox.unread(*low(crowd, "MOD")).rows)
    listed = read.page(*low(crowd, "MOD"), Query(kinds=("incident",), received=True, limit=3))
    assert (3, 3) == (len(listed.rows), listed.total)
    wanted = Query(kinds=("incident",), owners=(PartyCode("MPA"),))
    assert 3 == inbox.unread_count(*low(crowd, "MOD"), MANY, wanted)
    assert MANY < inbox.unread_count(crowd.desk("MOD"), crowd.viewer("MOD"), MANY, wanted)


def test_what_was_taken_back_is_told_to_those_who_could_have_it(crowd):
    """A recall of what a low position never saw leaves it no tombstone."""
    crowd.exchange("MPA", "MOD", rounds=1)
    assert [] == read.tombstones(*low(crowd, "MOD"))
    assert read.tombstones(crowd.desk("MOD"), crowd.viewer("MOD"))
