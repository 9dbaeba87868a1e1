"""A node that went back to an older state: it gets its words back, or stops and says why."""

import sqlite3
from dataclasses import replace

import pytest

from tansiq.desk.exchange import exchange, handshake
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.release import hastening, releasing
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.database import Sqlite
from tansiq.log.store import in_log, out_log
from tansiq.sync.parcel import open_parcel
from tests.world import World, incident, line, node_keys, rule, to, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")


@pytest.fixture
def made():
    """Two parties with an agreement in force, and a backup of MPA's node after a first release."""
    with worlds("MPA", "MOD", databases=lambda _party: Sqlite(None)) as world:
        world.agree("MPA", "MOD")
        first = world.write("MPA", "first", incident(to("MOD")))
        world.release("MPA", first, "MOD", "R-MPA")
        world.exchange("MPA", "MOD")
        yield world, first, image_of(world, "MPA")


def image_of(world: World, party: str) -> bytes:
    """The node's database as it stands."""
    return world.desk(party).database._connection.serialize()


def put_back(world: World, party: str, image: bytes, *, marked: bool = True) -> None:
    """An old state on a new disk, and a new process on it."""
    desk = world.desk(party)
    with sqlite3.connect(":memory:") as source:
        source.deserialize(image)
        source.backup(desk.database._connection)
    desk.store.forget()
    desk.board.forget()
    desk.word = ""
    desk.met.clear()
    if marked:
        handshake.mark_restored(desk, world.clock.now())


def meet(world: World, *, rounds: int = 8, first: str = "MPA", second: str = "MOD") -> None:
    """Exchange over a live connection until both are level."""
    here, there = world.desk(first), world.desk(second)
    for _ in range(rounds):
        asked = exchange.outgoing(here, PartyCode(second), live=True)
        exchange.incoming(here, exchange.answer(there, asked, live=True))


def alarms(world: World, party: str) -> list[str]:
    """The codes of all alarms of a node."""
    rows = world.desk(party).database.rows("SELECT code FROM alarm ORDER BY id")
    return [str(row[0]) for row in rows]


def level(world: World) -> None:
    """Both feeds are the same on both sides, and everything that is kept checks."""
    for one, other in (("MPA", "MOD"), ("MOD", "MPA")):
        sent = world.desk(one).store.head(out_log(other))
        assert sent == world.desk(other).store.head(in_log(one)), (one, other)
        assert partners.partner(world.desk(one), other).acknowledged == sent.size
        assert not checking.fsck(world.desk(one), lambda *_: None)
        assert not partners.partner(world.desk(one), other).stopped_at
    assert handshake.restoration(world.desk("MPA")) is None


def views(world: World, party: str, kind: str = "incident"):
    """All that a cleared officer sees of a kind."""
    return read.page(world.desk(party), world.viewer(party), read.Query(kinds=(kind,))).rows


def test_what_was_released_since_the_backup_comes_back_from_the_partner(made):
    """Records, who holds them and who read them, a recall and a file: all that had left is known
    again, and the two feeds go on as one history.
    """
    world, _, backup = made
    file = world.attach("MPA", "file", b"a page of text", to("MOD"))
    second = world.write("MPA", "second", incident(to("MOD"), attachments=[file]))
    world.release("MPA", second, "MOD", "R-MPA")
    third = world.write("MPA", "third", line(to("MOD")))
    world.release("MPA", third, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), third, MOD, "error")
    (view,) = [v for v in views(world, "MOD") if v.value.record == second]
    read.mark_read(world.desk("MOD"), world.actor("MOD"), view)
    world.exchange("MPA", "MOD")
    before = checking.snapshot(world.desk("MPA"))
    put_back(world, "MPA", backup)
    assert second not in {v.value.record for v in views(world, "MPA")}
    meet(world)
    level(world)
    assert alarms(world, "MPA") == ["rewound", "recovered"]
    (again,) = [v for v in views(world, "MPA") if v.value.record == second]
    assert (again.value.body["text"], again.value.person) == (view.value.body["text"], "RECOVERED")
    after = checking.snapshot(world.desk("MPA"))
    assert held_by(before) == held_by(after)
    assert len(releasing.chunks(world.desk("MPA"), MPA, file)) == 1


def held_by(tables) -> set[tuple[object, ...]]:
    """Of each release that left with its content: record, party, place in the feed, readers."""
    return {
        (row[0], row[1], row[2], row[14], row[18], bool(row[20]))
        for row in tables["release"]
        if row[14] is not None and not row[20]
    }


def test_the_first_word_of_a_process_is_a_question(made):
    """An unmarked old state, as a copied disk is, is found before anything new is signed."""
    world, _, backup = made
    later = world.write("MPA", "later", incident(to("MOD")))
    world.release("MPA", later, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup, marked=False)
    other = world.write("MPA", "other", incident(to("MOD"), text="Written after the copy"))
    world.release("MPA", other, "MOD", "R-MPA")
    asked = exchange.outgoing(world.desk("MPA"), MOD, live=True)
    opened = open_parcel(asked, node_keys("MOD"), lambda *_: node_keys("MPA").public, "MOD")
    assert (opened.lines, bool(opened.header.ask), opened.header.more) == ((), True, True)
    exchange.incoming(world.desk("MPA"), exchange.answer(world.desk("MOD"), asked, live=True))
    meet(world)
    level(world)
    assert {later, other} <= {v.value.record for v in views(world, "MOD")}
    assert {later, other} <= {v.value.record for v in views(world, "MPA")}


def test_a_restored_node_signs_nothing_new_before_it_was_answered(made):
    """Also on a stick, and an old parcel of the partner is no answer."""
    world, _, backup = made
    old = exchange.outgoing(world.desk("MOD"), MPA)
    put_back(world, "MPA", backup)
    fresh = world.write("MPA", "fresh", incident(to("MOD")))
    world.release("MPA", fresh, "MOD", "R-MPA")
    for _ in range(2):
        sent = exchange.next_parcel(world.desk("MPA"), MOD)
        assert (sent.start, sent.end, sent.more) == (sent.start, sent.start, True)
        exchange.incoming(world.desk("MPA"), old)
    assert handshake.restoration(world.desk("MPA")).silent == (MOD,)
    world.exchange("MPA", "MOD", rounds=4)
    level(world)
    assert fresh in {v.value.record for v in views(world, "MOD")}


def ask(world: World) -> None:
    """One question of MPA and its answer."""
    asked = exchange.outgoing(world.desk("MPA"), MOD, live=True)
    exchange.incoming(world.desk("MPA"), exchange.answer(world.desk("MOD"), asked, live=True))


def held(world: World, record: str) -> list[tuple[str, int, bool, bool]]:
    """Of each release of a record to MOD: the party, its place, whether delivered and recalled."""
    rows = world.desk("MPA").database.rows(
        """SELECT party, feed_seq, delivered_at, recalled_at FROM release
           WHERE record = ? ORDER BY feed_seq""",
        (f"MPA/{record}",),
    )
    return [(str(party), int(seq), bool(at), bool(gone)) for party, seq, at, gone in rows]


def test_a_recall_that_was_lost_after_it_held_something_back_is_made_again(made, monkeypatch):
    """A release was said when the backup was made, was recalled before it left, and left as a hash.
    Its recall reached nobody. Whoever restores must not count it as delivered.
    """
    monkeypatch.setattr(hastening, "AHEAD_MAX", 0)  # it was signed before it was recalled
    world, _, _ = made
    file = world.attach("MPA", "file", b"a page of text", to("MOD"))
    late = world.write("MPA", "late", incident(to("MOD"), attachments=[file]))
    world.release("MPA", late, "MOD", "R-MPA")
    backup = image_of(world, "MPA")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), late, MOD, "error")
    size = world.desk("MOD").store.head(in_log(MPA)).size
    monkeypatch.setattr("tansiq.sync.engine.BOUNDS", replace(BOUNDS, parcel_entries_max=1))
    for _ in range(50):  # until the release is there, as a hash, and nothing behind it
        exchange.incoming(world.desk("MOD"), exchange.outgoing(world.desk("MPA"), MOD))
        last = world.desk("MOD").store.head(in_log(MPA)).size
        if last == held(world, late)[0][1] + 1:
            break
        exchange.incoming(world.desk("MPA"), exchange.outgoing(world.desk("MOD"), MPA))
    bare = [entry.data for entry in world.desk("MOD").store.read(in_log(MPA), size, last)]
    assert len(bare) > 1
    assert not any(bare)
    monkeypatch.undo()
    put_back(world, "MPA", backup)
    meet(world)
    level(world)
    assert alarms(world, "MPA") == ["rewound", "recovered", "recalled_anew"]
    assert [recalled for _, _, _, recalled in held(world, late)] == [True]
    assert late not in {view.value.record for view in views(world, "MOD")}
    world.release("MPA", late, "MOD", "R-MPA", "now")
    world.exchange("MPA", "MOD")
    assert late in {view.value.record for view in views(world, "MOD")}


def test_what_had_left_whole_since_the_backup_is_not_recalled(made):
    """A receipt that is not remembered is looked into, and nothing follows where all is as it is
    remembered; a recall that did reach the partner is made once.
    """
    world, _, _ = made
    kept = world.write("MPA", "kept", incident(to("MOD")))
    gone = world.write("MPA", "gone", line(to("MOD")))
    for record in (kept, gone):
        world.release("MPA", record, "MOD", "R-MPA")
    backup = image_of(world, "MPA")
    world.exchange("MPA", "MOD")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), gone, MOD, "error")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup)
    written = world.write("MPA", "written", incident(to("MOD"), text="Since the backup"))
    world.release("MPA", written, "MOD", "R-MPA")
    meet(world)
    level(world)
    assert "recalled_anew" not in alarms(world, "MPA")
    assert [recalled for _, _, _, recalled in held(world, kept)] == [False]
    assert [recalled for _, _, _, recalled in held(world, gone)] == [True]
    assert {view.value.record for view in views(world, "MOD")} >= {kept, written}
    assert gone not in {view.value.record for view in views(world, "MOD")}


def test_who_signed_two_histories_stops_with_the_evidence(made):
    """An old state that nobody marked and that wrote a stick: both heads are kept as evidence, on
    both sides.
    """
    world, _, backup = made
    later = world.write("MPA", "later", incident(to("MOD")))
    world.release("MPA", later, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup, marked=False)
    other = world.write("MPA", "other", incident(to("MOD")))
    world.release("MPA", other, "MOD", "R-MPA")
    stick = exchange.outgoing(world.desk("MPA"), MOD)
    for _ in range(3):
        asked = exchange.outgoing(world.desk("MPA"), MOD, live=True)
        taken = exchange.incoming(
            world.desk("MPA"), exchange.answer(world.desk("MOD"), asked, live=True)
        )
        if taken.stopped:
            break
    assert (taken.stopped, alarms(world, "MPA")) == ("forked", ["rewound", "forked"])
    assert exchange.incoming(world.desk("MOD"), stick).stopped == "split_view"


def test_a_partner_that_went_back_gets_again_what_is_still_released(made):
    """What was recalled in the meantime comes as its hash and is erased, the rest comes whole."""
    world, first, _ = made
    kept = world.write("MPA", "kept", incident(to("MOD"), text="Stays released"))
    world.release("MPA", kept, "MOD", "R-MPA")
    gone = world.write("MPA", "gone", incident(to("MOD"), text="Recalled later"))
    world.release("MPA", gone, "MOD", "R-MPA")
    before = image_of(world, "MOD")
    world.exchange("MPA", "MOD")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), gone, MOD, "error")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), first, MOD, "error")
    world.exchange("MPA", "MOD")
    put_back(world, "MOD", before)
    assert first in {v.value.record for v in views(world, "MOD")}
    meet(world)
    assert {v.value.record for v in views(world, "MOD")} == {kept}
    assert b"Recalled later" not in image_of(world, "MOD")
    sent = world.desk("MPA").store.head(out_log(MOD))
    assert sent == world.desk("MOD").store.head(in_log(MPA))
    assert handshake.restoration(world.desk("MOD")) is None


def test_what_was_purged_since_the_backup_is_erased_again(made):
    """The partner gives back that it was purged here; then nothing of it is left, not even on the
    disk, though the backup still had it.
    """
    world, first, _ = made
    gone = world.write("MPA", "gone", incident(to("MOD"), text="Recalled from the mill"))
    world.release("MPA", gone, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    before = image_of(world, "MOD")
    releasing.recall(world.desk("MPA"), world.actor("MPA"), gone, MOD, "error")
    world.exchange("MPA", "MOD")
    put_back(world, "MOD", before)
    assert gone in {v.value.record for v in views(world, "MOD")}
    meet(world)
    assert {v.value.record for v in views(world, "MOD")} == {first}
    assert b"Recalled from the mill" not in image_of(world, "MOD")
    assert not checking.fsck(world.desk("MOD"), lambda *_: None)


def test_words_that_were_never_signed_are_not_taken_back(made):
    """A partner that gives something else back as ours is stopped."""
    world, _, backup = made
    later = world.write("MPA", "later", incident(to("MOD")))
    world.release("MPA", later, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup)
    exchange.incoming(
        world.desk("MPA"),
        exchange.answer(world.desk("MOD"), exchange.outgoing(world.desk("MPA"), MOD)),
    )
    log = in_log(MPA)
    size = world.desk("MOD").store.head(log).size
    rows = world.desk("MOD").database
    rows.run(
        "UPDATE entry SET leaf = ?, data = NULL WHERE seq = ? AND log = ?",
        (bytes(32), size - 1, world.desk("MOD").store.id_of(log)),
    )
    asked = exchange.outgoing(world.desk("MPA"), MOD)
    taken = exchange.incoming(world.desk("MPA"), exchange.answer(world.desk("MOD"), asked))
    assert taken.stopped == "regain_false"


def test_an_edited_record_comes_back_as_a_new_edition(made):
    """Of a record that the backup has older, what the partner was told later is known again; what
    stays below the tear line is kept from the backup.
    """
    world, first, backup = made
    actor = world.actor("MPA")
    old = say.current(world.desk("MPA"), actor, first)
    draft = incident(to("MOD"), text="The fire is out")
    world.clock.time += 60_000
    say.revise(world.desk("MPA"), actor, first, old.value.digest, draft)
    world.release("MPA", first, "MOD", "R-MPA", "again")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup)
    meet(world)
    level(world)
    now = say.current(world.desk("MPA"), actor, first)
    assert (now.value.body["text"], now.value.ordinal) == ("The fire is out", 2)
    assert now.value.body["place"] == old.value.body["place"]


def test_what_both_have_lost_is_not_waited_for(made):
    """Two old states of the same evening: people hear that it is gone, and the exchange goes on."""
    world, first, backup = made
    theirs = image_of(world, "MOD")
    later = world.write("MPA", "later", incident(to("MOD")))
    world.release("MPA", later, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    put_back(world, "MPA", backup)
    asked = exchange.outgoing(world.desk("MPA"), MOD)
    exchange.incoming(world.desk("MPA"), exchange.answer(world.desk("MOD"), asked))
    put_back(world, "MOD", theirs)
    again = world.write("MPA", "again", incident(to("MOD"), text="Entered again"))
    world.release("MPA", again, "MOD", "R-MPA")
    meet(world)
    level(world)
    assert alarms(world, "MPA") == ["rewound", "forgotten"]
    assert {view.value.record for view in views(world, "MOD")} == {first, again}


@pytest.mark.parametrize("written", ["before", "after"])
def test_a1_nothing_follows_a_recall_that_was_lost_with_the_disk(written):
    """A node that forgot its recall sends no text of the record by itself, neither what was
    written while it did not know nor what came once it did.
    """
    with worlds("MPA", "MOD", databases=lambda _party: Sqlite(None)) as world:
        world.agree("MPA", "MOD", rule("MPA", "FAST", automatic=True))
        record = world.write("MPA", "first", incident(to("MOD")))
        world.exchange("MPA", "MOD")
        image = image_of(world, "MPA")
        desk, actor = world.desk("MPA"), world.actor("MPA")
        releasing.recall(desk, actor, record, MOD, "error")
        world.exchange("MPA", "MOD")
        put_back(world, "MPA", image)

        def revise(name):
            with world.names.under(name):
                base = say.current(desk, actor, record).value.digest
                say.revise(desk, actor, record, base, incident(to("MOD"), text=f"More, {name}"))

        if written == "before":
            revise("early")
        meet(world)
        revise("late")
        meet(world)
        level(world)
        assert not views(world, "MOD")
        plain = [e.data or b"" for e in world.desk("MOD").store.read(in_log("MPA"), 0, 99)]
        assert not any(b"More" in data for data in plain)
