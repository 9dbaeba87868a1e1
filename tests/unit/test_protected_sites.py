"""Protected sites at desks: verified, notified, confirmed by each party for itself, of a place."""

import datetime as dt

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import checking, sites
from tansiq.desk.proof.checking import fsck, rebuild
from tansiq.desk.records import attention, listing, read, say
from tansiq.desk.records.listing import Asked
from tansiq.domain.kinds.operations.protected_site import LASTING_MAX, PROTECTED_SITE
from tansiq.domain.places import Grain, Place, coarsen, place_from_json
from tansiq.log.canonical import decode_object
from tests.sites import (
    CLINIC,
    ELSEWHERE,
    IN_90_DAYS,
    NAME,
    OTHERS,
    TODAY,
    carry,
    circle,
    confirmed,
    four_parties,
    moved,
    notified,
    site,
    stand,
    told,
    verified,
)
from tests.world import CLEARED, DAY, HOUR, refusal, to


@pytest.fixture
def town():
    """Four parties of which three may have sites."""
    with four_parties() as made:
        yield made


@pytest.fixture
def listed(town):
    """A verified site that COA and MOD hold and were asked to confirm."""
    record = site(town, "hospital", *OTHERS)
    verified(town, record)
    carry(town)
    notified(town, record)
    carry(town)
    return record


def test_it_is_proposed_verified_notified_and_taken_off(town):
    """Each by an act of its own, and each is what every holder reads."""
    record = site(town, "hospital", *OTHERS)
    stood = [stand(town, record).state]
    verified(town, record)
    carry(town)
    stood.append(stand(town, record, "MOD").state)
    notified(town, record)
    carry(town)
    stood.append(stand(town, record, "MOD").state)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with town.names.under("off"):
        say.step(desk, actor, record, stand(town, record).digest, "take_site_off",
                 said={"taken_off_for": "closed"})  # fmt: skip
    carry(town)
    there = stand(town, record, "MOD")
    assert [*stood, there.state] == ["proposed", "site_verified", "notified", "taken_off"]
    assert there.body["taken_off_for"] == "closed"
    assert (there.body["verified"], there.body["until"]) == (TODAY, IN_90_DAYS)


def test_one_party_confirms_for_itself_and_for_no_other(town, listed):
    """Owner and members read the same of each: confirmed by one is not confirmed by all, and what
    has not come is nothing in hand.
    """
    confirmed(town, listed, "COA")
    carry(town)
    for party in ("MPA", *OTHERS):
        found = told(town, listed, party)
        assert {name: one.has_it for name, one in found.items()} == {"COA": True, "MOD": False}
        assert found["COA"].confirmed.by == CLEARED
        assert (found["MOD"].confirmed.at, found["MOD"].confirmed.by) == (0, "")
    assert told(town, listed)["MOD"].sent
    assert told(town, listed, "COA")["MOD"].sent == 0, "whom it was sent, its owner alone reads"


def test_a_party_that_was_not_told_holds_no_word_of_it(town, listed):
    """Neither the site nor that anybody was asked or confirmed is on its disk."""
    confirmed(town, listed, "COA")
    carry(town)
    held = b"".join(entry.data or b"" for entry in town.desk("JCC").store.scan("in/MPA"))
    for word in (NAME.encode(), listed.encode(), b"confirm_site", b"notify_site"):
        assert word not in held
    with refusal("record_absent"):
        told(town, listed, "JCC")


def test_it_rings_for_the_position_that_is_asked_until_it_confirms(town, listed):
    """Before a round it rings for nobody; the owner is not asked to conclude anything."""
    other = site(town, "school", *OTHERS, site="school", text="School")
    carry(town)
    assert waiting(town, "MOD") == [listed]
    confirmed(town, listed, "MOD")
    confirmed(town, listed, "COA")
    carry(town)
    assert waiting(town, "MOD") == waiting(town, "MPA") == []
    assert other not in waiting(town, "COA")


def waiting(town, party):
    desk = town.desk(party)
    attention.tick(desk)
    found = attention.waiting(desk, town.viewer(party))
    return [one.view.value.record for one in found if one.begun]


def test_only_whom_a_round_names_confirms_and_says_that_it_is_noted(town, listed):
    """Another position does not, nor does one that has not noted it; nor through any other door."""
    with refusal("not_the_seat"):
        confirmed(town, listed, "MOD", "duty-officer")
    with refusal("site_not_noted"):
        confirmed(town, listed, "MOD", has=False)
    found = circle(town, listed, "MOD")
    wanted = Wanted(
        owner="MPA", record=listed, lane="", act="confirm_site", seen=found.newest,
        of=found.about("confirm_site"),
    )  # fmt: skip
    with refusal("act_unknown"):
        rounds.take(town.desk("MOD"), town.actor("MOD"), wanted)
    assert not told(town, listed, "MOD")["MOD"].has_it


def test_who_confirmed_an_older_place_has_confirmed_the_older_place(town, listed):
    """A new place reaches who confirmed, is not verified, and is asked anew once it is; whoever
    confirms that has it again. The sort of site counts as the place does.
    """
    confirmed(town, listed, "COA")
    carry(town)
    town.clock.time += HOUR
    moved(town, listed)
    carry(town)
    there = stand(town, listed, "COA")
    assert (there.state, there.body["place"]["name"]) == ("proposed", ELSEWHERE.name)
    assert "verified" not in there.body
    for party in ("MPA", "COA", "MOD"):
        coa = told(town, listed, party)["COA"].confirmed
        assert (bool(coa.at), coa.older, coa.has_it) == (True, True, False), party
    verified(town, listed)
    carry(town)
    assert told(town, listed, "MOD")["COA"].confirmed.older
    notified(town, listed)
    carry(town)
    assert told(town, listed, "MOD")["COA"].confirmed.older, "asked once more, and not answered yet"
    confirmed(town, listed, "COA")
    carry(town)
    assert {name: one.has_it for name, one in told(town, listed, "MOD").items()} == {
        "COA": True, "MOD": False
    }  # fmt: skip
    moved(town, listed, site="school")
    assert not any(one.has_it for one in told(town, listed).values())


def test_to_be_verified_again_at_the_same_place_asks_nobody_again(town, listed):
    """Who confirmed the place still has, and the site stays notified."""
    confirmed(town, listed, "COA")
    carry(town)
    town.clock.time += 80 * DAY
    verified(town, listed, how="said_by_site")
    carry(town)
    there = stand(town, listed, "COA")
    assert (there.state, there.body["verified"], there.body["until"]) == (
        "notified", "2021-03-10", "2021-06-08"
    )  # fmt: skip
    assert told(town, listed, "MOD")["COA"].has_it


def test_a_party_that_is_told_later_is_asked_by_a_round_of_its_own(town, listed):
    """What others confirmed before stays, and who has confirmed is not offered to be asked."""
    confirmed(town, listed, "COA")
    carry(town)
    old = stand(town, listed)
    draft = say.Draft(kind=old.kind, body=dict(old.body), label=to(*OTHERS, "JCC"), tear=old.tear)
    with town.names.under("wider"):
        say.revise(town.desk("MPA"), town.actor("MPA"), listed, old.digest, draft)
    carry(town)
    desk, viewer = town.desk("MPA"), town.viewer("MPA")
    root = read.record(desk, viewer, "MPA", listed)
    assert sites.standing(desk, viewer, root).value.unasked == ("JCC", "MOD")
    notified(town, listed, f"JCC/{CLEARED}", f"MOD/{CLEARED}")
    carry(town)
    confirmed(town, listed, "JCC")
    carry(town)
    has = {name for name, one in told(town, listed).items() if one.has_it}
    assert has == {"COA", "JCC"}


def test_no_site_stands_without_an_end(town, listed):
    """After its day it rings for who verified it, is in the list of what is due, and nobody is
    asked to confirm it; verified again it is not.
    """
    with refusal("field_required"):
        site(town, "endless", until="")
    assert due(town) == []
    town.clock.time += 90 * DAY
    assert (due(town), waiting(town, "MPA")) == ([], [])
    town.clock.time += DAY
    assert due(town) == [listed]
    assert waiting(town, "MPA") == [listed]
    carry(town)
    assert due(town, "MOD") == [listed]
    assert waiting(town, "COA") == [listed], "it waits there to be confirmed, and for nothing else"
    with refusal("site_due"):
        notified(town, listed)
    verified(town, listed)
    assert (due(town), waiting(town, "MPA")) == ([], [])


def due(town, party="MPA"):
    """What stands under the tab of what is due."""
    desk, viewer = town.desk(party), town.viewer(party)
    asked = Asked(kind=PROTECTED_SITE.name, tab="due_sites", at=town.clock.now())
    rows = read.page(desk, viewer, listing.query_of(asked)).rows
    (count,) = [one for one in listing.tabs(desk, viewer, asked) if one.code == "due_sites"]
    assert count.total == len(rows)
    return [one.value.record for one in rows]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"day": "2020-12-21"}, "site_ahead"),
        ({"day": "yesterday"}, "date_form"),
        ({"until": "2020-12-20"}, "site_until"),
        ({"until": "2021-12-22"}, "site_until"),
        ({"how": "guessed"}, "choice_unknown"),
    ],
)
def test_what_was_verified_is_a_day_that_was_and_ends_within_a_year(town, given, code):
    """Nothing is kept of anything else."""
    record = site(town)
    with refusal(code):
        verified(town, record, **given)
    assert stand(town, record).state == "proposed"
    verified(town, record, until=(dt.date.fromisoformat(TODAY) + LASTING_MAX).isoformat())


def test_it_lasts_longer_only_by_being_verified_again(town, listed):
    """The form of an edition may shorten it."""
    with refusal("site_lasts"):
        moved(town, listed, CLINIC, until="2021-03-21")
    moved(town, listed, CLINIC, until="2021-01-31")
    assert (stand(town, listed).body["until"], stand(town, listed).state) == (
        "2021-01-31", "notified"
    )  # fmt: skip


def test_nobody_is_asked_what_was_not_verified(town):
    """And no round is there then."""
    record = site(town, "hospital", *OTHERS)
    carry(town)
    with refusal("site_unverified"):
        notified(town, record)
    assert circle(town, record).rounds == ()


@pytest.mark.parametrize("position", ["adviser", "support-desk", "programme-manager"])
def test_whoever_acts_proposes_and_the_watch_verifies(town, position):
    """Who only looks on does neither."""
    record = site(town, position=position)
    with refusal("mandate"):
        verified(town, record, position)
    with refusal("mandate"):
        site(town, "another", position="observer")
    verified(town, record, "duty-officer")


def test_a_place_is_told_as_coarsely_as_its_owner_asks(town):
    """The owner keeps it exactly; the partner gets the square, and no name of it."""
    exact = Place(name="River bank", lat=357_812_345, lon=435_812_345, grain=Grain.KM5)
    record = site(town, "hospital", *OTHERS, place=exact)
    carry(town)
    there = stand(town, record, "MOD").body["place"]
    assert there == coarsen(exact, Grain.KM5).to_json()
    assert (there["name"], there["grain"]) == ("", "km5")
    assert stand(town, record).body["place"]["lat"] == exact.lat
    said = sites.place_in_danger(stand(town, record, "MOD"))
    assert said == place_from_json(there), "a coarse one is called by no name"
    assert sites.place_in_danger(stand(town, record)).name == "River bank"


def test_a_site_is_found_by_its_name_and_by_nothing_else(town, listed):
    """Words of its name in any spelling, not the town in which it lies; only what the reader may
    see, and nothing that was taken off.
    """
    near = site(town, "school", *OTHERS, site="school", text="School", place=CLINIC)
    carry(town)

    def found(typed, party="MOD"):
        desk, viewer = town.desk(party), town.viewer(party)
        return [one.value.record for one in sites.named(desk, viewer, typed)]

    assert found("general HOSPITAL") == found(NAME) == [listed]
    assert found("river") == [listed]
    assert found("River bank") == [], "what lies at a place is not said"
    assert found("ri") == found("hospital of the hill") == []
    assert found("School") == [near]
    assert found(NAME, "JCC") == []
    place = sites.place_in_danger(stand(town, listed, "MOD"))
    assert (place.name, place.lat, place.lon) == (NAME, CLINIC.lat, CLINIC.lon)


def test_no_way_leads_out_of_a_list_of_sites(town, listed):
    """One record's print is all: the kind has no way, and its rows none in any other list."""
    assert PROTECTED_SITE.ways == frozenset()
    assert not any("distance" in one for one in PROTECTED_SITE.listing.named)


def test_logs_alone_give_the_same_sites(town, listed):
    """A board folded anew says the same states and confirmations, and fsck finds nothing."""
    confirmed(town, listed, "COA")
    carry(town)
    moved(town, listed)
    verified(town, listed)
    carry(town)
    for party in ("MPA", *OTHERS):
        desk = town.desk(party)
        before = (stand(town, listed, party).state, told(town, listed, party))
        rebuild(desk, lambda *_: None)
        assert (stand(town, listed, party).state, told(town, listed, party)) == before
    assert fsck(town.desk("MPA"), lambda *_: None) == []


def test_the_round_says_a_moment_and_nothing_of_editions(town, listed):
    """What leaves of a round: the seats and since when the place was verified."""
    (step,) = [item for item in map(decode_object, _sent(town)) if item.get("act") == "notify_site"]
    assert set(step["values"]) == {"seats", "placed"}
    assert type(step["values"]["placed"]) is int
    assert step["root"] == listed


def _sent(town):
    return [entry.data for entry in town.desk("MPA").store.scan("out/MOD") if entry.data]


def test_an_activity_near_a_site_meets_it_for_whom_it_was_told(town, listed):
    """Also one that is only proposed, or due; none that was taken off, and no withheld one."""
    hill = site(town, "hill", *OTHERS, text="Clinic on the hill", place=ELSEWHERE)
    carry(town)
    near = {"shape": "circle", "name": "", "positions": [[357_805_000, 435_805_000]],
            "metres": 400, "grain": "exact"}  # fmt: skip
    around = {**near, "positions": [[358_300_000, 436_300_000]], "metres": 20_000}

    def met(area, party="MOD"):
        found = checking.found(town.desk(party), town.viewer(party), {"area": area}).sites
        return {one.view.value.record for one in found}

    assert (met(near), met(around)) == ({listed}, {listed, hill})
    assert met(around, "JCC") == set()
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with town.names.under("off"):
        said = {"taken_off_for": "closed"}
        say.step(desk, actor, hill, stand(town, hill).digest, "take_site_off", said=said)
    assert met(around, "MPA") == {listed}
