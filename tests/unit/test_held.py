"""Who holds what in numbers: each is the length of the list behind it, for whoever looks."""

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.records.held import HeldCount, Left, Stand, first_left, held_counts, stand_counts
from tansiq.desk.release import releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import Classification, PartyCode, Role
from tests.world import incident, rule, to, uuid_of, worlds

HIGH = Classification.CONFIDENTIAL


@pytest.fixture
def town():
    """MPA released two records to MOD and one to JCC; one is above the clearance of many here."""
    with worlds("MPA", "MOD", "JCC") as made:
        level = {PartyCode(code): HIGH for code in ("MPA", "MOD", "JCC")}
        for party in ("MOD", "JCC"):
            clearance = {code: level[code] for code in (PartyCode("MPA"), PartyCode(party))}
            made.agree("MPA", party, rule("MPA", "R-MPA", class_max=HIGH), clearance=clearance)
        for name, label in (("fire", to("MOD", "JCC")), ("high", to("MOD", classification=HIGH))):
            record = made.write("MPA", name, incident(label))
            for party in sorted(label.readers()):
                made.release("MPA", record, party, "R-MPA")
        yield made


def test_a_number_counts_the_rows_of_its_list(town):
    """Of each position, of each party: what cannot be listed is not counted."""
    desk, found = town.desk("MPA"), set()
    for role in Role:
        viewer = town.viewer("MPA", role.value.replace("_", "-"))
        counts = held_counts(desk, viewer)
        assert ["JCC", "MOD"] == [one.party for one in counts]
        for one in counts:
            assert len(read.holdings(desk, viewer, Left(party=one.party))) == one.count
            found.add((one.party, one.count))
    assert {("JCC", 1), ("MOD", 1)} < found
    assert 2 == held_counts(desk, town.viewer("MPA"))[1].count


def test_counting_stops_at_its_bound(town, monkeypatch):
    """Past the bound the number says so many and more."""
    monkeypatch.setattr("tansiq.desk.records.held.BOUNDS", Bounded())
    counts = held_counts(town.desk("MPA"), town.viewer("MPA"))
    assert HeldCount(party=PartyCode("MOD"), count=1, more=True) == counts[1]
    assert HeldCount(party=PartyCode("JCC"), count=1, more=False) == counts[0]


class Bounded:
    """The limits, with a bound of counting that three releases pass."""

    counted_max = 1

    def __getattr__(self, name):
        return getattr(BOUNDS, name)


def test_how_it_stands_counts_the_rows_of_its_list(town):
    """Each way to stand counts what this viewer can list of it, of all and of one party."""
    desk, high = town.desk("MPA"), town.viewer("MPA")
    town.exchange("MPA", "MOD")
    record = uuid_of("fire/1")
    releasing.recall(desk, town.actor("MPA"), record, PartyCode("JCC"), "error")
    assert {Stand.RECALLED: 1, Stand.HOLDS: 2} == stand_counts(desk, high)
    for viewer in (high, town.viewer("MPA", "duty-officer")):
        for party in ("", "MOD", "JCC"):
            counted = stand_counts(desk, viewer, Left(party=party))
            listed = {
                one: len(read.holdings(desk, viewer, Left(party=party, stand=one))) for one in Stand
            }
            assert counted == {one: number for one, number in listed.items() if number}
    assert (
        1 == stand_counts(desk, town.viewer("MPA", "duty-officer"), Left(party="MOD"))[Stand.HOLDS]
    )


def test_a_record_counts_once_for_each_partner_however_often_it_went(town):
    """A second edition replaces the first at the partner: one row, its newest release; every
    release is still there for who asks for all of them.
    """
    desk, viewer, fire = town.desk("MPA"), town.viewer("MPA"), uuid_of("fire/1")
    first = {one.release for one in read.holdings(desk, viewer)}
    base = say.current(desk, town.actor("MPA"), fire).value.digest
    say.revise(desk, town.actor("MPA"), fire, base, incident(to("MOD", "JCC"), text="Out"))
    town.clock.time += 1_000
    again = town.release("MPA", fire, "MOD", "R-MPA", name="again")
    once = read.holdings(desk, viewer, Left(newest=True))
    every = read.holdings(desk, viewer)
    assert {one.release for one in every} == first | {again}
    assert len(once) == len({(one.record.value.record, one.party) for one in every}) == 3
    assert again in {one.release for one in once}
    counts = held_counts(desk, viewer, Left(newest=True))
    assert [(one.party, one.count) for one in counts] == [("JCC", 1), ("MOD", 2)]
    assert stand_counts(desk, viewer, Left(newest=True)) == {Stand.WAITS: 3}


def test_the_frame_says_since_when_of_what_may_be_seen(town):
    """The moment of the first release in the list; nothing of one that is hidden."""
    desk = town.desk("MPA")
    began = first_left(desk, town.viewer("MPA"))
    assert began == min(one.released_at for one in read.holdings(desk, town.viewer("MPA")))
    town.clock.time += 1_000
    for position in ("duty-officer", "cleared"):
        viewer = town.viewer("MPA", position)
        listed = read.holdings(desk, viewer, Left(party="MOD"))
        assert first_left(desk, viewer, Left(party="MOD")) == min(x.released_at for x in listed)
    assert first_left(desk, town.viewer("MPA"), Left(stand=Stand.PURGED)) == 0
