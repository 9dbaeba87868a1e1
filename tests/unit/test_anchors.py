"""Anchors: what the partners hold, what it tells them, and what a rewritten journal looks like."""

import hashlib

import pytest

from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.proof import anchors, checking
from tansiq.log.canonical import decode_object, encode
from tansiq.log.merkle import Frontier, leaf_hash
from tansiq.log.store import ACCESS, JOURNAL, in_log, out_log
from tests.world import HOUR, incident, worlds


@pytest.fixture
def town():
    """MPA and MOD, agreed, with one anchor of which MOD has signed."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        made.write("MPA", "first", incident())
        made.desk("MPA").access.note(
            AccessEntry(deed=Deed.READ, place="record", items=("MPA/x@1",))
        )
        anchors.tick(made.desk("MPA"))
        made.exchange("MPA", "MOD")
        made.write("MPA", "second", incident())
        yield made


def feed(world, log):
    return [decode_object(e.data) for e in world.store.scan(log) if e.data is not None]


def test_the_cadence_is_the_clocks_alone(town):
    """One anchor in each stretch of six hours, whether or not anything happened."""
    desk = town.desk("MPA")
    assert 0 == anchors.tick(desk)
    town.clock.time += 6 * HOUR
    assert [1, 0] == [anchors.tick(desk), anchors.tick(desk)]
    town.clock.time += 60 * HOUR
    assert [1, 0] == [anchors.tick(desk), anchors.tick(desk)]
    sent = [item for item in feed(desk, out_log("MOD")) if item["type"] == "anchor"]
    assert [0, 0, 0] == [item["at"] % (6 * HOUR) for item in sent]


def test_a_partner_holds_what_it_cannot_read(town):
    """The entry has a commitment, a moment and nothing else; the nonce never leaves the journal."""
    got = [e for e in feed(town.desk("MOD"), in_log("MPA")) if e["type"] == "anchor"]
    assert [{"type", "commitment", "at"}] == [set(item) for item in got]
    nonce = next(e for e in feed(town.desk("MPA"), JOURNAL) if e["type"] == "anchored")["nonce"]
    assert not any(str(nonce).encode() in plain for _, _, plain in town.sent)


def test_the_commitment_binds_the_heads(town):
    """It is the hash of the prefix, the nonce and the heads, and these are those of the logs."""
    desk = town.desk("MPA")
    made = next(e for e in feed(desk, JOURNAL) if e["type"] == "anchored")
    plain = b"tansiq/anchor/v1\n" + bytes.fromhex(made["nonce"]) + encode(made["heads"])
    assert made["commitment"] == hashlib.sha256(plain).hexdigest()
    size = made["heads"]["journal"]["size"]
    assert made["heads"]["journal"]["root"] == desk.store.root_at(JOURNAL, size).hex()
    assert 1 == made["heads"]["access"]["size"]


def test_a_whole_chain_says_who_holds_the_anchor(town):
    """The check counts both logs and names the partner that has signed."""
    chain = anchors.check(town.desk("MPA"))
    assert (1, 1, ("MOD",), 0, ()) == (
        chain.anchors, chain.looks, chain.held_by, chain.since, chain.damages,
    )  # fmt: skip
    assert chain.journal == town.desk("MPA").store.head(JOURNAL).size


def rewrite(desk, log, seq, change):
    """What somebody with the machine can do: change an entry and make the whole log fit again."""
    entries = [(e.seq, e.data) for e in desk.store.scan(log)]
    plain = [encode(change(decode_object(d))) if at == seq else d for at, d in entries]
    leaves = [leaf_hash(data) for data in plain]
    with desk.database.transaction():
        for (at, _), data, leaf in zip(entries, plain, leaves, strict=True):
            desk.database.run(
                "UPDATE entry SET data = ?, leaf = ? WHERE log = ? AND seq = ?",
                (data, leaf, desk.store.id_of(log), at),
            )
        desk.database.run(
            "UPDATE log SET frontier = ? WHERE name = ?", (Frontier().extend(leaves).encode(), log)
        )


def test_a_rewritten_journal_is_found_though_it_fits_itself(town):
    """Fsck of the log alone sees nothing; the anchor says since when it differs."""
    desk = town.desk("MPA")
    at = next(e.seq for e in desk.store.scan(JOURNAL) if b'"edition"' in e.data)
    rewrite(desk, JOURNAL, at, lambda item: {**item, "state": "closed"})
    assert not [d for d in desk.store.check(JOURNAL) if not isinstance(d, int)]
    chain = anchors.check(desk)
    assert ["anchor_differs"] == [damage.code for damage in chain.damages]
    assert chain.since == chain.last_at > 0


def test_a_rewritten_access_log_is_found(town):
    """Who takes himself out of the access log is found by the same anchor."""
    rewrite(town.desk("MPA"), ACCESS, 0, lambda item: {**item, "person": "P-OTHER"})
    chain = anchors.check(town.desk("MPA"))
    assert [(ACCESS, "anchor_differs")] == [(d.log, d.code) for d in chain.damages]
    assert chain.since > 0


def test_a_rewritten_anchor_no_longer_fits_the_feed(town):
    """Who changes the anchor in the journal as well meets what the partner has signed for."""
    desk = town.desk("MPA")
    at = next(e.seq for e in desk.store.scan(JOURNAL) if b'"anchored"' in e.data)

    def forged(item):
        nonce = bytes.fromhex(item["nonce"])
        heads = {**item["heads"], "access": {"size": 0, "root": Frontier().root().hex()}}
        return {**item, "heads": heads, "commitment": anchors.commitment(nonce, heads)}

    rewrite(desk, JOURNAL, at, forged)
    codes = [damage.code for damage in anchors.check(desk).damages]
    assert ["anchor_unknown", "anchor_missing"] == codes


def test_an_anchor_taken_out_of_the_journal_is_missed(town):
    """The feed still holds it."""
    desk = town.desk("MPA")
    at = next(e.seq for e in desk.store.scan(JOURNAL) if b'"anchored"' in e.data)
    rewrite(desk, JOURNAL, at, lambda item: {"type": "nothing"})
    assert ["anchor_unknown"] == [damage.code for damage in anchors.check(desk).damages]


def test_anchors_survive_a_rebuild(town):
    """The board is folded again to the same, and the same slot is not anchored twice."""
    desk = town.desk("MPA")
    before = checking.snapshot(desk)
    checking.rebuild(desk, lambda *_: None)
    assert before == checking.snapshot(desk)
    assert 0 == anchors.tick(desk)
