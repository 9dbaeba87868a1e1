"""Keys that change: new cards, revocations, successions, and what a partner does with them."""

import hashlib
import json
from dataclasses import replace

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.desk.release import releasing
from tansiq.desk.trust import papers, partners
from tansiq.domain.bounds import BOUNDS
from tansiq.log import keys
from tansiq.log.canonical import encode
from tansiq.log.cards import make_card, read_card
from tansiq.log.papers import (
    Revocation,
    Succession,
    make_revocation,
    make_succession,
    read_paper,
    read_revocation,
    read_succession,
)
from tansiq.log.store import in_log
from tests.world import (
    DAY,
    HOUR,
    START,
    authority,
    card_of,
    incident,
    node_keys,
    refusal,
    to,
    worlds,
)

NEXT = keys.AuthorityKeys(seed=hashlib.sha256(b"the next authority").digest())


@pytest.fixture
def town():
    """MPA and MOD have agreed; COA knows both."""
    with worlds("MPA", "MOD", "COA") as made:
        made.agree("MPA", "MOD")
        yield made


def new_keys(name, older=()):
    """Keys of their own for this name."""
    seed = hashlib.sha256(name.encode()).digest()
    return keys.NodeKeys(seed=seed, age_identity=keys.new_age_identity(), older=older)


def card_with(party, mine, issued, *, node="", signer=None):
    """A card of the party for these keys."""
    signer = signer or authority(party)
    card = replace(
        read_card(card_of(party)), public=mine.public, age_recipient=mine.age_recipient,
        authority=signer.public, issued_ms=issued, node=node or party.lower(),
    )  # fmt: skip
    return make_card(card, signer.seed)


def rotate(town, party, name="second"):
    """Give a node new keys, as the command does; what it tells its partners stands in its feeds."""
    desk = town.desk(party)
    old = desk.identity.keys
    until = town.clock.now() + BOUNDS.key_overlap_ms
    mine = new_keys(f"{party} {name}", older=((old.age_identity, until),))
    desk.identity = replace(desk.identity, keys=mine)
    papers.announce(desk, card_with(party, mine, town.clock.now()))
    return mine


def revocation(party="MOD", *, public=None, lost=START, at=START, signer=None, **more):
    """A signed revocation of the party's first node."""
    signer = signer or authority(party)
    said = Revocation(
        party=party, authority=signer.public, node=party.lower(),
        public=public or node_keys(party).public, revoked_ms=at, lost_ms=lost,
        reason="lost", **more,
    )  # fmt: skip
    return make_revocation(said, signer.seed)


def bring(town, party, data):
    """A person brings a paper to a desk."""
    return papers.bring(town.desk(party), town.actor(party, "liaison-officer"), data)


def swap(town, one, other):
    """A parcel each way, without the world's own look into them."""
    for sender, receiver in ((one, other), (other, one)):
        exchange.incoming(town.desk(receiver), exchange.outgoing(town.desk(sender), receiver))


def alarms(desk, party):
    """The codes of the alarms about a party, oldest first."""
    rows = desk.database.rows("SELECT code FROM alarm WHERE party = ? ORDER BY id", (party,))
    return [str(row[0]) for row in rows]


# The papers themselves ---------------------------------------------------------------------------


def test_a_revocation_reads_as_it_was_made():
    """What the authority signs is what anybody reads, the replacement's card included."""
    heir = card_with("MOD", new_keys("heir"), START)
    made = revocation(replacement=heir)
    found = read_revocation(made)
    assert read_paper(made) == found
    assert (found.party, found.node, found.reason) == ("MOD", "mod", "lost")
    assert found.public == node_keys("MOD").public
    assert found.replacement == heir


def test_a_succession_reads_as_it_was_made():
    """The authority that steps down signs the one that follows."""
    said = Succession(
        party="MOD", authority=authority("MOD").public, successor=NEXT.public, issued_ms=START
    )
    made = make_succession(said, authority("MOD").seed)
    assert read_succession(made) == read_paper(made) == said
    with refusal("paper_field"):
        make_succession(said, NEXT.seed)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "bored"}, "paper_field"),
        ({"lost": START + 1}, "paper_field"),
        ({"lost": 0}, "paper_field"),
        ({"party": "mod"}, "paper_field"),
        ({"node": "../x"}, "paper_field"),
        ({"v": 2}, "paper_form"),
        ({"further": 1}, "paper_form"),
        ({"key": "AAAA"}, "paper_field"),
        ({"replacement": {}}, "card_form"),
        ({"revoked": START + 5}, "paper_signature"),
    ],
)
def test_a_revocation_that_was_touched_is_refused(change, code):
    """Every member is checked, and the signature covers all of them."""
    value = json.loads(revocation())
    value["revocation"].update(change)
    with refusal(code):
        read_paper(encode(value))


def test_no_signature_stands_in_for_another():
    """A card's signature says nothing about a revocation, nor the other way round."""
    card, made = json.loads(card_of("MOD")), json.loads(revocation())
    made["signature"] = card["signature"]
    with refusal("paper_signature"):
        read_paper(encode(made))
    with refusal("paper_size"):
        read_paper(b"x" * (BOUNDS.paper_bytes_max + 1))
    with refusal("paper_form"):
        read_paper(encode({"signature": "", "succession": {}}))


# Rotation ----------------------------------------------------------------------------------------


def test_a_new_key_is_told_over_the_link_and_nothing_is_lost(town):
    """Both directions go on over a change of keys, and people read that it happened."""
    record = town.write("MPA", "fire", incident(to("MPA", "MOD")))
    town.release("MPA", record, "MOD", "R-MPA")
    mine = rotate(town, "MPA")
    swap(town, "MPA", "MOD")
    known = partners.partner(town.desk("MOD"), "MPA")
    assert known.card.public == mine.public
    assert alarms(town.desk("MOD"), "MPA") == ["key_changed"]
    assert read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", record)
    swap(town, "MPA", "MOD")
    assert papers.unconfirmed(town.desk("MPA"), "MOD") == ()
    for party in ("MPA", "MOD"):
        (report, *_) = checking.verify_feeds(town.desk(party), lambda *_: None)
        assert report.damages == ()
        assert checking.fsck(town.desk(party), lambda *_: None) == []


def test_parcels_under_way_at_a_change_of_keys_still_count(town):
    """What was sealed for the old key, and what was signed with it, arrives within the overlap."""
    record = town.write("MPA", "fire", incident(to("MPA", "MOD")))
    town.release("MPA", record, "MOD", "R-MPA")
    signed_before = exchange.outgoing(town.desk("MPA"), "MOD")
    sealed_before = exchange.outgoing(town.desk("MOD"), "MPA")
    rotate(town, "MPA")
    exchange.incoming(town.desk("MPA"), sealed_before)
    town.clock.time += HOUR
    exchange.incoming(town.desk("MOD"), exchange.outgoing(town.desk("MPA"), "MOD"))
    taken = exchange.incoming(town.desk("MOD"), signed_before)
    assert taken.repeated


def test_an_old_key_opens_nothing_after_the_overlap(town):
    """A key that was replaced signs and opens for a bounded time only."""
    signed_before = exchange.outgoing(town.desk("MPA"), "MOD")
    sealed_before = exchange.outgoing(town.desk("MOD"), "MPA")
    rotate(town, "MPA")
    swap(town, "MPA", "MOD")
    town.clock.time += BOUNDS.key_overlap_ms + 1
    with refusal("parcel_key_old"):
        exchange.incoming(town.desk("MOD"), signed_before)
    with refusal("parcel_sealed"):
        exchange.incoming(town.desk("MPA"), sealed_before)
    swap(town, "MPA", "MOD")


def test_an_old_card_changes_nothing(town):
    """Who replays an old card, by hand or in a parcel, does not bring an old key back."""
    mine = rotate(town, "MPA")
    swap(town, "MPA", "MOD")
    assert bring(town, "MOD", card_of("MPA")) is None
    with refusal("card_old"):
        partners.trust(town.desk("MOD"), town.actor("MOD", "liaison-officer"), card_of("MPA"))
    assert partners.partner(town.desk("MOD"), "MPA").card.public == mine.public


def test_a_card_of_another_authority_is_not_taken_by_itself(town):
    """A new key is believed for the sake of the authority that people have compared."""
    other = card_with("MPA", new_keys("thief"), START + 1, signer=NEXT)
    with refusal("paper_authority"):
        bring(town, "MOD", other)
    liaison = town.actor("MOD", "liaison-officer")
    with refusal("card_other_authority"):
        partners.trust(town.desk("MOD"), liaison, other)
    assert partners.partner(town.desk("MOD"), "MPA").authority == authority("MPA").public


def test_a_card_that_has_expired_counts_no_longer(town):
    """Exchange waits for the new card, and the new card comes with the next parcel."""
    ends = read_card(card_of("MPA")).expires_ms
    town.clock.time = ends
    with refusal("partner_card_expired"):
        exchange.outgoing(town.desk("MOD"), "MPA")
    with refusal("partner_card_expired"):
        exchange.outgoing(town.desk("MPA"), "MOD")
    for party in ("MPA", "MOD"):
        renewed = replace(read_card(card_of(party)), issued_ms=ends - HOUR, expires_ms=ends + DAY)
        papers.announce(town.desk(party), make_card(renewed, authority(party).seed))
    bring(town, "MPA", papers.unconfirmed(town.desk("MOD"), "MPA")[0])
    swap(town, "MPA", "MOD")
    assert alarms(town.desk("MOD"), "MPA") == []


# Revocation --------------------------------------------------------------------------------------


def test_sending_to_a_revoked_node_stops_at_once(town):
    """Nothing leaves for it, people are told, and what came before stays."""
    desk = town.desk("MPA")
    record = town.write("MOD", "fire", incident(to("MPA", "MOD")))
    town.release("MOD", record, "MPA", "R-MOD")
    swap(town, "MOD", "MPA")
    assert bring(town, "MPA", revocation()) is not None
    with refusal("partner_revoked"):
        exchange.outgoing(desk, "MOD")
    assert partners.partner(desk, "MOD").revoked_at == START
    assert alarms(desk, "MOD") == ["node_revoked"]
    assert read.record(desk, town.viewer("MPA"), "MOD", record)
    assert checking.fsck(desk, lambda *_: None) == []


def test_a_revoked_node_that_goes_on_is_refused_and_heard_of_once(town):
    """Its parcels change nothing; it is told why, and people are told once."""
    desk = town.desk("MPA")
    late = exchange.outgoing(town.desk("MOD"), "MPA")
    bring(town, "MPA", revocation())
    before = desk.store.head(in_log("MOD")).size
    for _ in range(3):
        with refusal("parcel_revoked"):
            exchange.incoming(desk, late)
    assert desk.store.head(in_log("MOD")).size == before
    assert alarms(desk, "MOD") == ["node_revoked", "revoked_speaks"]
    told = exchange.answer(desk, late)
    papers.hear(town.desk("MOD"), told)
    with refusal("node_revoked"):
        exchange.outgoing(town.desk("MOD"), "MPA")


def test_a_revocation_counts_once_and_for_ever(town):
    """Repeated, it says nothing; the card of the revoked key is never taken again."""
    bring(town, "MPA", revocation())
    assert bring(town, "MPA", revocation(at=START + 1)) is None
    renewed = card_with("MOD", node_keys("MOD"), START + 1)
    with refusal("card_revoked"):
        bring(town, "MPA", renewed)
    with refusal("card_revoked"):
        partners.trust(town.desk("MPA"), town.actor("MPA", "liaison-officer"), renewed)


@pytest.mark.parametrize("signer", [authority("COA"), authority("MPA"), NEXT])
def test_nobody_elses_authority_revokes_a_node(town, signer):
    """A revocation counts by the signature of the party's own authority alone."""
    with refusal("paper_authority"):
        bring(town, "MPA", revocation(signer=signer))
    exchange.outgoing(town.desk("MPA"), "MOD")


def test_a_revocation_of_a_stranger_is_none_of_ours(town):
    """A party that is no partner here cannot be revoked here."""
    with refusal("partner_unknown"):
        bring(town, "MPA", revocation("GER"))


def test_the_replacement_goes_on_where_the_lost_node_stopped(town):
    """The feed continues at the size that the partner holds; the tree does not fork."""
    heir = new_keys("MOD heir")
    card = card_with("MOD", heir, START + 1, node="mod2")
    lost, size = town.desk("MOD"), town.desk("MPA").store.head(in_log("MOD")).size
    lost.identity = replace(lost.identity, keys=heir, node="mod2")
    papers.announce(lost, card)
    papers.hear(lost, revocation(replacement=card))
    town.clock.time += 2
    swap(town, "MOD", "MPA")
    desk = town.desk("MPA")
    known = partners.partner(desk, "MOD")
    assert (known.card.node, known.revoked_at, known.stopped_at) == ("mod2", 0, 0)
    assert desk.store.head(in_log("MOD")).size == size + 2
    assert papers.revoked_key(desk, "MOD", node_keys("MOD").public)
    swap(town, "MOD", "MPA")
    assert checking.verify_feeds(desk, lambda *_: None)[1].damages == ()


def test_what_came_between_loss_and_revocation_is_in_doubt(town):
    """Older entries are not in doubt, nor are those of the replacement."""
    desk = town.desk("MPA")
    town.clock.time += HOUR
    bring(town, "MPA", revocation(lost=START + 10, at=START + HOUR))
    assert papers.in_doubt(desk, "MOD", START + 9) is None
    assert papers.in_doubt(desk, "MOD", START + 10).node == "mod"
    assert papers.in_doubt(desk, "MOD", START + HOUR) is None
    assert papers.in_doubt(desk, "COA", START + 10) is None


def test_a_person_passes_a_revocation_on(town):
    """A third party takes it from our feed as it would from a stick, not before."""
    town.exchange("COA", "MPA")
    bring(town, "MPA", revocation())
    swap(town, "MPA", "COA")
    assert papers.revocations(town.desk("COA")) == []
    liaison = town.actor("MPA", "liaison-officer")
    papers.pass_on(town.desk("MPA"), liaison, node_keys("MOD").public, "COA")
    swap(town, "MPA", "COA")
    assert [item.party for item in papers.revocations(town.desk("COA"))] == ["MOD"]
    assert alarms(town.desk("COA"), "MPA") == []


# Succession --------------------------------------------------------------------------------------


def test_another_authority_follows_by_the_word_of_the_one_before(town):
    """Cards and revocations of the new authority count, those of the old one no longer."""
    said = Succession(
        party="MOD", authority=authority("MOD").public, successor=NEXT.public, issued_ms=START
    )
    assert bring(town, "MPA", make_succession(said, authority("MOD").seed)) is not None
    assert alarms(town.desk("MPA"), "MOD") == ["authority_changed"]
    with refusal("paper_authority"):
        bring(town, "MPA", revocation())
    mine = new_keys("after")
    assert bring(town, "MPA", card_with("MOD", mine, START + 1, signer=NEXT)) is not None
    assert partners.partner(town.desk("MPA"), "MOD").card.public == mine.public
    assert checking.fsck(town.desk("MPA"), lambda *_: None) == []


def test_nothing_is_released_by_a_change_of_keys(town):
    """New keys release nothing: what waits for a person goes on waiting."""
    town.write("MPA", "fire", incident(to("MPA", "MOD")))
    rotate(town, "MPA")
    swap(town, "MPA", "MOD")
    assert releasing.tick(town.desk("MPA")) == 0
    assert read.count(town.desk("MOD"), town.viewer("MOD"), read.Query(kinds=("incident",))) == 0
