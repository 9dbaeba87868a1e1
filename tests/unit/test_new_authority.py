"""A partner that lost its authority key comes back: two persons, the same words, said loudly."""

from dataclasses import replace

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.links import linking
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.desk.release import agreements
from tansiq.desk.trust import papers, partners
from tansiq.desk.trust.authority import agree, asked, drop, see
from tansiq.desk.trust.partners import mark_of
from tests.unit.test_papers import NEXT, card_with, new_keys, swap
from tests.world import HOUR, authority, card_of, incident, node_keys, refusal, to, worlds


def nobody(*_progress):
    """Nobody looks on."""


@pytest.fixture
def town():
    """MPA and MOD have agreed; COA knows both."""
    with worlds("MPA", "MOD", "COA") as made:
        made.agree("MPA", "MOD")
        yield made


def loud(town, party):
    """The codes that stand on every page of a node."""
    desk = town.desk(party)
    return [one.alarm.code for one in linking.loud(desk, town.viewer(party, "liaison-officer"))]


@pytest.fixture
def second(town):
    """Two persons of MOD, and a card of MPA by an authority that nobody there knows."""
    town.clock.time += HOUR
    first = town.actor("MOD", "liaison-officer", person="P-1")
    return first, replace(first, person="P-2"), card_with(
        "MPA", node_keys("MPA"), town.clock.now(), signer=NEXT
    )  # fmt: skip


def test_b7_a_new_authority_is_accepted_by_two_persons(town, second):
    """One who has compared the words asks, another agrees; until then the known key counts."""
    first, other, card = second
    desk = town.desk("MOD")
    linking.join(desk, first, card)
    assert partners.partner(desk, "MPA").authority == authority("MPA").public
    assert loud(town, "MOD") == ["authority_asked"]
    with refusal("restart_same_person"):
        agree(desk, first, "MPA", seen=mark_of(card))
    linking.join(desk, other, card)
    assert partners.partner(desk, "MPA").authority == NEXT.public
    assert asked(desk, "MPA") is None
    assert loud(town, "MOD") == ["authority_new", "authority_asked"]
    see(desk, other, "MPA")
    assert loud(town, "MOD") == []
    checking.rebuild(desk, nobody)
    assert (partners.partner(desk, "MPA").authority, loud(town, "MOD")) == (NEXT.public, [])


def test_b7_after_a_new_authority_the_two_go_on(town, second):
    """What is written afterwards arrives, and the next agreement is signed by the new key."""
    first, other, card = second
    linking.join(town.desk("MOD"), first, card)
    agree(town.desk("MOD"), other, "MPA", seen=mark_of(card))
    mine = town.desk("MPA")
    mine.identity = replace(mine.identity, authority=NEXT)
    papers.announce(mine, card)
    record = town.write("MPA", "fire", incident(to("MOD")))
    town.release("MPA", record, "MOD", "R-MPA")
    swap(town, "MPA", "MOD")
    assert read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", record)
    town.agree("MPA", "MOD", version=2)
    assert agreements.in_force(town.desk("MOD").board, "MPA", town.clock.now()).version == 2


def test_b7_under_a_new_authority_no_key_of_before_counts(town, second):
    """The key of the node before opens no door, also not for the days that a change leaves it."""
    first, other, _ = second
    card = card_with("MPA", new_keys("new"), town.clock.now(), signer=NEXT)
    before = exchange.outgoing(town.desk("MPA"), "MOD")
    linking.join(town.desk("MOD"), first, card)
    agree(town.desk("MOD"), other, "MPA", seen=mark_of(card))
    with refusal("parcel_key_old"):
        exchange.incoming(town.desk("MOD"), before)


def test_b7_a_card_by_an_unknown_authority_in_a_parcel_is_told_and_not_taken(town):
    """The partner's own node shows it: people hear of it, and nothing else happens."""
    town.clock.time += HOUR
    mine = town.desk("MPA")
    mine.identity = replace(mine.identity, authority=NEXT)
    papers.announce(mine, card_with("MPA", node_keys("MPA"), town.clock.now(), signer=NEXT))
    swap(town, "MPA", "MOD")
    swap(town, "MPA", "MOD")
    assert loud(town, "MOD") == ["authority_other"]
    assert partners.partner(town.desk("MOD"), "MPA").authority == authority("MPA").public


def test_b7_a_wish_is_taken_back(town, second):
    """Where the words were not the same, nothing stays but the alarm."""
    first, other, card = second
    linking.join(town.desk("MOD"), first, card)
    drop(town.desk("MOD"), other, "MPA")
    with refusal("authority_not_asked"):
        agree(town.desk("MOD"), other, "MPA", seen=mark_of(card))


def test_a3_who_agrees_agrees_to_the_card_that_was_compared(town, second):
    """Where another card was asked for meanwhile, its words are compared first."""
    first, other, card = second
    desk = town.desk("MOD")
    linking.join(desk, first, card)
    linking.join(desk, first, card_with("MPA", new_keys("x"), town.clock.now(), signer=NEXT))
    with refusal("card_changed"):
        agree(desk, other, "MPA", seen=mark_of(card))
    assert partners.partner(desk, "MPA").authority == authority("MPA").public


def test_a3_a_wish_that_is_taken_back_meanwhile_is_not_agreed_to(town, second, monkeypatch):
    """What decides is asked in the transaction that decides."""
    first, other, card = second
    desk, offered = town.desk("MOD"), partners.offered
    linking.join(desk, first, card)

    def slow(*args, **how):
        found = offered(*args, **how)
        drop(desk, first, "MPA")
        return found

    monkeypatch.setattr(partners, "offered", slow)
    with refusal("authority_not_asked"):
        agree(desk, other, "MPA", seen=mark_of(card))
    assert partners.partner(desk, "MPA").authority == authority("MPA").public


def test_a3_two_first_cards_of_a_stranger_at_once_are_not_both_taken(monkeypatch):
    """The second is by another authority than the known one by then, and needs two persons."""
    with worlds("MOD") as made:
        desk, actor = made.desk("MOD"), made.actor("MOD", "liaison-officer")
        other = card_with("MPA", node_keys("MPA"), made.clock.now(), signer=NEXT)
        offered = partners.offered

        def slow(*args, **how):
            found = offered(*args, **how)
            monkeypatch.setattr(partners, "offered", offered)
            partners.trust(desk, actor, card_of("MPA"))
            return found

        monkeypatch.setattr(partners, "offered", slow)
        with refusal("card_other_authority"):
            partners.trust(desk, actor, other)
        assert partners.partner(desk, "MPA").authority == authority("MPA").public
