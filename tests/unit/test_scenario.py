"""The sample scenario: played on four real desks, it ends as it is described."""

import itertools
import json

import pytest

from tansiq.board import node_state
from tansiq.board.queries import Query
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.cases import approving, reading
from tansiq.desk.proof import checking
from tansiq.desk.records import inbox, read
from tansiq.desk.reform.portfolio import portfolio_of
from tansiq.log.cards import Card, make_card
from tansiq.log.database import Sqlite
from tansiq.node.clock import SystemEntropy
from tansiq.node.scenario import NOW, PARTIES, START, SceneClock, in_process, play
from tansiq.node.scenario.cast import moment
from tansiq.node.scenario.rules import agreements
from tests.world import authority, node_keys

YEARS = 2 * 366 * 86_400_000
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def played():
    clock, desks, cards = SceneClock(), {}, {}
    for code, plan in PARTIES.items():
        keys, seat = node_keys(code), authority(code)
        desks[code] = Desk(
            identity=Identity(
                party=plan.code,
                node=plan.node,
                keys=keys,
                authority=seat,
                positions=plan.positions,
                chains=plan.chains,
            ),
            database=Sqlite(None),
            clock=clock,
            entropy=SystemEntropy(),
        )
        node_state.create(desks[code].database)
        card = Card(
            party=code, names=plan.names, authority=seat.public, node=plan.node,
            public=keys.public, age_recipient=keys.age_recipient, certificate=b"", address="",
            positions=(), issued_ms=START, expires_ms=START + YEARS,
        )  # fmt: skip
        cards[code] = make_card(card, seat.seed)
    days = []
    play(desks, cards, clock, in_process(desks), lambda day, of: days.append((day, of)))
    assert days[-1][0] == days[-1][1]
    yield desks
    for desk in desks.values():
        desk.database.close()


def viewer(desks, party):
    return desks[party].viewer(PARTIES[party].liaison())


def records(desks, party, kind, **more):
    query = Query(kinds=(kind,), limit=100, **more)
    return [view.value for view in read.page(desks[party], viewer(desks, party), query).rows]


def one(desks, party, words, **more):
    found = [
        item
        for item in records(desks, party, "incident", **more)
        if words in item.body["text"] and item.owner == party
    ]
    assert len(found) == 1
    return found[0]


def releases(desks, party, record):
    return read.releases_of(desks[party], viewer(desks, party), record.record)


def test_it_ends_now_with_a_few_things_waiting(played):
    """Each party has one thing to acknowledge, MPA has one to approve, two requests for information
    are open; the support requests wait for COA (four), MPA (buses) and ERB (a receipt), and an
    offer waits for MPA; of the evidence of five projects, twelve items, verifiers of COA and MPA
    have not answered.
    """
    waiting = {code: inbox.unread(played[code], viewer(played, code)).rows for code in PARTIES}
    assert {code: len(views) for code, views in waiting.items()} == {
        "ERB": 2, "MPA": 15, "MOD": 2, "COA": 18,
    }  # fmt: skip
    awaiting = {code: read.awaiting(played[code], viewer(played, code)) for code in PARTIES}
    assert {code: len(found) for code, found in awaiting.items()} == {
        "ERB": 0, "MPA": 1, "MOD": 0, "COA": 0,
    }  # fmt: skip
    opened = records(played, "MPA", "rfi", states=("accepted",))
    assert len(opened) == 1
    assert opened[0].body["needed_by"] > NOW
    assert all(desk.clock.now() == NOW for desk in played.values())


def test_26_of_36_projects_are_executed_and_22_verified(played):
    """As the owner sees it and as the advisers do, and as it was known on a day in the year; the
    centre and the federal ministry, who hold no evidence, see nothing verified.
    """

    def counts(party, position, as_of=0):
        desk = played[party]
        found = portfolio_of(desk, desk.viewer(PARTIES[party].actor(position)), as_of)
        far = [line.progress for line in found.lines]
        return len(far), sum(one.executed for one in far), sum(one.verified for one in far)

    assert counts("MPA", "reform-manager") == (36, 26, 22)
    assert counts("COA", "adviser-nl") == (36, 26, 22)
    assert counts("ERB", "senior-duty-officer") == (36, 26, 0)
    assert counts("MOD", "duty-officer") == (11, 7, 0)
    assert counts("MPA", "reform-manager", moment("2020-03-31 12:00")) == (32, 20, 19)


def test_every_change_of_state_says_why(played):
    """What was suspended, put on hold or returned has a reason with its class, and its light is not
    green; who waits for it knows.
    """
    desk = played["MPA"]
    found = portfolio_of(desk, desk.viewer(PARTIES["MPA"].actor("reform-manager")))
    by_code = {line.code: line for line in found.lines}
    for code, state in (
        ("TRN-04", "suspended"), ("ENG-02", "suspended"), ("FOR-03", "on_hold"),
        ("COM-03", "returned"),
    ):  # fmt: skip
        view = by_code[code].view.value
        assert (view.state, bool(view.body["reason_class"])) == (state, True)
        assert by_code[code].progress.light.shown != "green"
    assert by_code["LOG-04"].progress.declared == 5
    assert by_code["LOG-04"].progress.accepted == 0
    assert [one.value.body["code"] for one in by_code["HR-05"].blocks] == ["HR-06"]


def test_a_late_acknowledgement_is_seen_as_late(played):
    """MPA acknowledged the shots of January after 41 minutes, MOD the attack in November in 6."""
    shots = one(played, "MOD", "three or four, no one hurt")
    (state,) = [item for item in releases(played, "MOD", shots) if item.party == "MPA"]
    first = [
        view.value.at
        for view in read.linked(played["MOD"], viewer(played, "MOD"), shots.record, "about")
        if view.value.kind == "acknowledgement" and view.value.owner == "MPA"
    ]
    assert min(first) - state.delivered_at == 41 * MINUTE
    attack = one(played, "MPA", "observation post was fired on")
    sent = [item for item in releases(played, "MPA", attack) if item.party == "MOD"]
    assert [item.state for item in sent] == ["acknowledged", "prepared"]
    assert sent[0].answered_at - sent[0].delivered_at == 6 * MINUTE


def test_two_reports_of_one_event_are_linked_and_both_stay(played):
    """Each owner links the other's report to its own; each disputes the other's count."""
    ours = one(played, "MPA", "ten to twelve, no one hurt")
    theirs = one(played, "MOD", "three or four, no one hurt")
    assert ours.body["same_as"] == [theirs.record]
    assert theirs.body["same_as"] == [ours.record]
    assert {item.owner for item in records(played, "MPA", "dispute")} == {"MPA", "MOD"}


def test_the_recalled_report_is_gone_and_proven_so(played):
    """One position had read it; twelve minutes after its release it was recalled and purged."""
    rumour = one(played, "MPA", "unusual movement")
    (state,) = releases(played, "MPA", rumour)
    assert (state.state, state.purged_read_by) == ("purged", ("duty-officer",))
    assert state.recalled_at - state.released_at == 12 * MINUTE
    assert not [item for item in records(played, "MOD", "incident") if item.owner == "MPA"
                and item.record == rumour.record]  # fmt: skip
    assert len(read.tombstones(played["MOD"], viewer(played, "MOD"))) == 1


def test_the_rumour_is_closed_as_false_within_35_minutes(played):
    """What was found to be nothing does not stay open."""
    rumour = one(played, "MPA", "Social media")
    desk = played["MPA"]
    history = read.history(desk, viewer(played, "MPA"), "MPA", rumour.record)
    assert [view.value.state for view in history] == [
        "reported", "being_checked", "false", "closed",
    ]  # fmt: skip
    assert rumour.at - rumour.body["observed"] <= 35 * MINUTE


def test_what_only_the_liaison_officer_may_see_is_not_there_for_others(played):
    """One report of MPA is above the duty officer's class."""
    desk = played["MPA"]
    duty = desk.viewer(PARTIES["MPA"].actor("duty-officer"))
    query = Query(kinds=("incident",))
    assert read.count(desk, duty, query) + 1 == read.count(desk, viewer(played, "MPA"), query)


def test_places_and_informants_of_security_reports_stay_back(played):
    """A partner gets a security report with the place rounded and without its source."""
    for item in records(
        played, "MOD", "incident", facets=(("category", ("attack", "shooting", "drone")),)
    ):
        if item.owner != "MOD":
            assert item.body["place"]["grain"] == "km5"
            assert "informant" not in item.body
            assert "internal" not in item.body


def test_attachments_came_with_their_reports(played):
    """The sketch, the report and the list are at the partners, whole."""
    desk = played["ERB"]
    named = [
        (item.owner, file)
        for kind in ("incident", "log_line")
        for item in records(played, "ERB", kind)
        if item.owner != "ERB"
        for file in item.body.get("attachments", [])
    ]
    held = [read.record(desk, viewer(played, "ERB"), *one).value for one in named]
    assert {item.body["media_type"] for item in held} == {
        "image/png", "application/pdf", "text/plain",
    }  # fmt: skip
    for item in held:
        view, data = read.attachment(desk, viewer(played, "ERB"), item.owner, item.record)
        assert len(data) == view.value.body["bytes"]


def test_the_duty_logs_hold_the_last_three_days(played):
    """Sixty lines in all, some of them corrected by a line of their own."""
    lines = [item for code in PARTIES for item in records(played, code, "log_line")]
    assert 55 <= len(lines) <= 65
    assert min(item.body["observed"] for item in lines) >= NOW - 3 * 86_400_000
    assert sum("corrects" in item.body for item in lines) == 3


def test_every_feed_and_every_board_is_whole(played):
    """Leaves, roots, signatures and receipts check; each board folds again to the same tables."""
    for desk in played.values():
        assert checking.fsck(desk, lambda *_: None) == []
        reports = checking.verify_feeds(desk, lambda *_: None)
        assert len(reports) == 3
        for report in reports:
            assert report.damages == ()
            assert report.sent == report.signed_for


def test_no_alarm_was_raised(played):
    """A clean year has no alarms."""
    assert all(not desk.database.rows("SELECT * FROM alarm") for desk in played.values())


def test_each_two_parties_have_an_agreement_that_can_be_read_again():
    """The rules survive their own written form, and no name stands twice."""
    pairs = {agreement.parties for agreement in agreements()}
    assert pairs == {tuple(sorted(pair)) for pair in itertools.combinations(PARTIES, 2)}
    for agreement in agreements():
        json.dumps(agreement.to_json())
        names = [rule.name for rule in agreement.rules]
        assert len(set(names)) == len(names)


def test_every_position_has_somebody_and_every_party_an_administrator():
    """Everybody who is named on the start page can sign on somewhere."""
    for plan in PARTIES.values():
        held = {code for posts in plan.people.values() for code in posts}
        assert held == {position.code for position in plan.positions}
        assert "administrator" in held


def supports(desks, party, **more):
    return {
        item.body["text"].rpartition("/ ")[2]: item
        for item in records(desks, party, "support", **more)
    }


def chains(played, party, words):
    """What the approval chain of a party was asked about the request with these words."""
    desk, reader = played[party], viewer(played, party)
    (view,) = [
        one for one in read.page(desk, reader, Query(kinds=("support",), limit=100)).rows
        if words in one.value.body["text"] + one.value.body["sort"]
    ]  # fmt: skip
    found = approving.rounds_of(desk, reader, view, PARTIES[party].duty())
    return [one.round for one in found.value]


def test_the_support_requests_end_as_the_sample_says(played):
    """Masks closed after two deliveries, the technicians rejected, spare parts on hold, and the
    generator of the water station is nine days late with its receipt.
    """
    asked = supports(played, "COA")
    states = {text: item.state for text, item in asked.items()}
    assert states["Trauma dressings for the first-aid posts"] == "closed"
    assert states["Two ventilator technicians"] == "rejected"
    assert states["Spare parts for 30 vehicles"] == "on_hold"
    assert states["Observation of the road while it is opened"] == "closed"
    assert states["A course for medics of the special forces"] == "approved"
    assert not supports(played, "COA", words="water tankers")  # MOD alone was asked
    erb, reader = played["ERB"], viewer(played, "ERB")
    (late,) = [v for v in inbox.unread(erb, reader).rows if v.value.kind == "support"]
    case = reading.lanes_of(erb, reader, late)
    (lane,) = case.value.lanes
    assert lane.stage == "delivered"
    (rung,) = [ring for ring in lane.rung if ring.clock.name == "goods_receipt"]
    assert NOW - rung.at == 9 * DAY + 6 * HOUR
    mpa = played["MPA"]
    waiting = chains(played, "MPA", "transport")
    assert [(one.state.value, one.turn) for one in waiting] == [("open", "liaison-officer")]
    rejected = chains(played, "COA", "technicians")
    assert [(one.state.value, one.reason) for one in rejected] == [("rejected", "not_now")]
    (masks,) = records(played, "MPA", "support", words="checkpoints")
    view = read.record(mpa, viewer(played, "MPA"), "MPA", masks.record)
    (lane,) = reading.lanes_of(mpa, viewer(played, "MPA"), view).value.lanes
    first = next(iter(lane.goods)).sums
    assert (first.sent, first.good, first.damaged, first.open) == (40_000, 39_600, 400, 0)
    assert [len(one.lines) for one in lane.consignments] == [1, 2]


def test_the_offers_that_nobody_asked_for_end_as_the_sample_says(played):
    """One was taken and its request met, one was taken by ERB and waits at MPA, which does not hear
    of that, and one was left; an offer and its request lead to one another on both sides.
    """
    offers = {
        party: {item.body["text"][:6]: item for item in records(played, party, "support_offer")}
        for party in PARTIES
    }
    states = {party: {text: one.state for text, one in offers[party].items()} for party in PARTIES}
    assert states["MPA"] == {"Twelve": "accepted", "Winter": "received"}
    assert states["ERB"] == {"Winter": "accepted", "مرافقة": "declined"}
    assert states["MOD"] == {"مرافقة": "declined"}
    assert set(states["COA"]) == {"Twelve", "Winter"}
    for party, asks, word, state in (("MPA", "MPA", "Twelve", "closed"),
                                     ("COA", "MPA", "Twelve", "closed"),
                                     ("ERB", "ERB", "Winter", "approved"),
                                     ("COA", "ERB", "Winter", "approved")):  # fmt: skip
        offer, desk = offers[party][word], played[party]
        about = read.linked(desk, viewer(played, party), offer.record, "about")
        (request,) = [one.value for one in about if one.value.kind == "support"]
        assert (request.owner, request.state) == (asks, state)
        assert request.body["about"] == offer.record
    assert not supports(played, "MPA", words="displaced families")
