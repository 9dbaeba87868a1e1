"""What a restored node is told in an odd order, in part, or by a liar."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from tansiq.desk.exchange import exchange, recovery
from tansiq.desk.release import hastening, releasing
from tansiq.desk.trust import papers
from tansiq.domain.bounds import BOUNDS
from tansiq.log.database import Sqlite
from tansiq.log.store import in_log
from tansiq.sync.parcel import Line, open_parcel
from tests.unit import test_recovery
from tests.unit.test_papers import card_with, new_keys, rotate, swap
from tests.unit.test_recovery import (
    MOD,
    MPA,
    alarms,
    held,
    image_of,
    level,
    meet,
    put_back,
    views,
)
from tests.world import (
    DAY,
    HOUR,
    authority,
    card_of,
    incident,
    node_keys,
    refusal,
    rule,
    to,
    worlds,
)

made = test_recovery.made
ONE = replace(BOUNDS, parcel_entries_max=1)


@pytest.fixture
def singly(monkeypatch):
    """One entry in a parcel, both ways, until it is undone."""
    monkeypatch.setattr("tansiq.sync.engine.BOUNDS", ONE)
    monkeypatch.setattr("tansiq.desk.exchange.recovery.BOUNDS", ONE)
    return monkeypatch


def released(world, name, **body):
    """A record of MPA's that is released to MOD."""
    record = world.write("MPA", name, incident(to("MOD"), **body))
    world.release("MPA", record, "MOD", "R-MPA")
    return record


def gone(world, record):
    """Of each release of a record to MOD, whether it is recalled."""
    return [recalled for *_, recalled in held(world, record)]


def seen_at(world, party):
    return {view.value.record for view in views(world, party)}


def test_a_receipt_that_comes_with_own_words_is_doubted_as_well(made, singly):
    """An older stick set it asking: the parcel by which the partner is heard gives back already."""
    world, _, _ = made
    released(world, "x")
    late = released(world, "late")
    backup = image_of(world, "MPA")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), late, MOD, "error")
    mpa, mod = world.desk("MPA"), world.desk("MOD")
    ((_, place, _, _),), stick = held(world, late), b""
    for _ in range(50):
        exchange.incoming(mod, exchange.outgoing(mpa, MOD))
        size = mod.store.head(in_log(MPA)).size
        if size == place:
            stick = exchange.outgoing(mod, MPA)  # a receipt up to what stands before it
        if size == place + 1:
            break
        exchange.incoming(mpa, exchange.outgoing(mod, MPA))
    put_back(world, "MPA", backup)
    exchange.incoming(mpa, stick)
    meet(world)
    level(world)
    assert gone(world, late) == [True]


def test_a_file_that_was_withheld_keeps_its_record_back(made, singly):
    """The file's entries left as hashes, and the record's edition had not left at all."""
    world, _, _ = made
    file = world.attach("MPA", "file", b"a page of text", to("MOD"))
    late = released(world, "late", attachments=[file])
    backup = image_of(world, "MPA")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), late, MOD, "error")
    mpa, mod = world.desk("MPA"), world.desk("MOD")
    size = mod.store.head(in_log(MPA)).size
    for _ in range(50):
        exchange.incoming(mod, exchange.outgoing(mpa, MOD))
        last = mod.store.head(in_log(MPA)).size
        if any(entry.data is None for entry in mod.store.read(in_log(MPA), size, last)):
            break
        exchange.incoming(mpa, exchange.outgoing(mod, MPA))
    singly.undo()
    put_back(world, "MPA", backup)
    meet(world)
    level(world)
    assert gone(world, late) == [True]
    assert late not in seen_at(world, "MOD")


def test_a_partner_cannot_have_recalled_what_is_known_to_have_arrived(made, monkeypatch):
    """It gives back more than was asked for, all of it as hashes."""
    world, first, _ = made
    released(world, "x")
    backup = image_of(world, "MPA")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup)
    honest, real = recovery.given_back, exchange.Header

    def lying(desk, party, need):
        lines, note = honest(desk, party, need)
        if desk.me == "MOD" and lines:
            before = desk.store.read(in_log(party), 0, need)
            lines = [Line(None, entry.leaf) for entry in before] + lines
        return lines, note

    def header(**said):
        if said["sender"] == "MOD" and said["back"]:
            said["back_start"] = 0
        return real(**said)

    monkeypatch.setattr(recovery, "given_back", lying)
    monkeypatch.setattr(exchange, "Header", header)
    meet(world)
    assert gone(world, first) == [False]


def test_b7_own_words_under_a_key_that_was_lost_are_own_words(made):
    """The backup has the key before, and the node has a third by now: what it signed under the
    second comes back and is called its own.
    """
    world, first, backup = made
    world.clock.time += HOUR
    rotate(world, "MPA", "second")
    late = released(world, "late")
    swap(world, "MPA", "MOD")
    swap(world, "MPA", "MOD")
    world.clock.time += 30 * DAY
    put_back(world, "MPA", backup)
    third = rotate(world, "MPA", "third")
    world.clock.time += HOUR
    meet(world)
    level(world)
    assert {first, late} <= seen_at(world, "MPA")
    assert alarms(world, "MPA") == ["rewound", "recovered"]
    mine, theirs = (papers.cards_of(world.desk(party), MPA) for party in ("MPA", "MOD"))
    assert mine[0].public == theirs[0].public == third.public
    assert {card.public for card in mine} < {card.public for card in theirs}


def test_b7_a_card_that_a_stranger_signed_is_not_taken_for_an_earlier_one(made):
    """Only what an authority of ours has signed makes a key our own, whoever hands it over."""
    world, _, _ = made
    false = card_with("MPA", new_keys("false"), world.clock.now(), signer=authority("MOD"))
    with refusal("paper_authority"):
        papers.hear(world.desk("MPA"), false)
    with refusal("card_own"):
        papers.hear(world.desk("MPA"), card_of("MPA"))


def test_both_are_restored_one_after_the_other(made, singly):
    """The second goes back to a state in which the first held more than it holds now."""
    world, _, _ = made
    mpa, mod = world.desk("MPA"), world.desk("MOD")
    early = image_of(world, "MPA")
    for name in ("one", "two", "three"):
        record = world.write("MOD", name, incident(to("MPA")))
        world.release("MOD", record, "MPA", "R-MOD")
    world.exchange("MPA", "MOD", rounds=3)
    theirs = image_of(world, "MOD")
    put_back(world, "MPA", early)
    exchange.incoming(mpa, exchange.answer(mod, exchange.outgoing(mpa, MOD)))
    put_back(world, "MOD", theirs)
    meet(world, rounds=30)
    level(world)


def test_a_copy_of_a_node_that_is_still_marked_asks_as_well():
    """One partner is silent, so the mark stays; a copy from that time is found all the same."""
    with worlds("MPA", "MOD", "COA", databases=lambda _party: Sqlite(None)) as world:
        world.agree("MPA", "MOD")
        put_back(world, "MPA", image_of(world, "MPA"))
        meet(world)
        copy = image_of(world, "MPA")
        released(world, "before")
        meet(world)
        put_back(world, "MPA", copy, marked=False)
        released(world, "after")
        asked = exchange.outgoing(world.desk("MPA"), MOD, live=True)
        opened = open_parcel(asked, node_keys("MOD"), lambda *_: node_keys("MPA").public, "MOD")
        assert (opened.lines, bool(opened.header.ask)) == ((), True)


def test_what_was_queued_when_the_backup_was_made_does_not_leave_unseen(singly):
    """It left as a hash, and the restored node has it still to be sent: people must look first."""
    with worlds("MPA", "MOD", databases=lambda _party: Sqlite(None)) as world:
        world.agree("MPA", "MOD", rule("MPA", "R-MPA", delay=2 * HOUR))
        mpa, mod = world.desk("MPA"), world.desk("MOD")
        singly.undo()
        world.exchange("MPA", "MOD")
        late = released(world, "late")
        backup = image_of(world, "MPA")
        world.clock.time += 2 * HOUR
        assert releasing.tick(mpa) == 1
        with patch.object(hastening, "AHEAD_MAX", 0):  # it was signed before it was recalled
            releasing.recall(mpa, world.actor("MPA"), late, MOD, "error")
        with singly.context() as small:
            small.setattr("tansiq.sync.engine.BOUNDS", ONE)
            exchange.incoming(mod, exchange.outgoing(mpa, MOD))
        put_back(world, "MPA", backup)
        meet(world)
        releasing.tick(mpa)
        meet(world)
        level(world)
        assert late not in seen_at(world, "MOD")
        assert alarms(world, "MPA")[-1] == "recalled_anew"
        world.release("MPA", late, "MOD", "R-MPA", "again")
        meet(world)
        assert late in seen_at(world, "MOD")
