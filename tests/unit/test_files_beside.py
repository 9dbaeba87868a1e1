"""Bytes of files travel beside the feed: after words, from any byte on, and only while they may."""

import random
from dataclasses import replace
from unittest.mock import patch

import pytest

from tansiq.board import file_bytes, link_state
from tansiq.desk.exchange import beside, exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.release import agreements, purging, releasing
from tansiq.domain.bounds import BOUNDS, KIB
from tansiq.domain.labels import Classification
from tansiq.domain.parties import PartyCode
from tansiq.log.store import files_log, in_log, out_log
from tansiq.policy.agreement import Files
from tansiq.policy.release import open_for
from tansiq.sync.pieces import Piece, Wanted, fresh
from tests.world import DAY, agreement_of, both_ways, incident, refusal, rule, to, uuid_of, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")
DATA = random.Random(5).randbytes(300 * KIB).hex().encode()  # 600 KiB of text


@pytest.fixture
def town():
    """Two partners; MPA may release by hand, for two days as well."""
    with worlds(MPA, MOD) as made:
        made.agree(MPA, MOD, *both_ways(MPA, MOD), rule(MPA, "TWO-DAYS", days=2))
        for _ in range(3):  # both are heard
            round_(made)
        yield made


def with_file(town, name="fire", data=DATA, by="R-MPA"):
    """An incident with a file, released to MOD: record and file."""
    file = town.attach(MPA, f"file of {name}", data, to(MOD))
    record = town.write(MPA, name, incident(to(MOD), attachments=[file]))
    town.release(MPA, record, MOD, by, f"release of {name}")
    return record, file


def round_(town, room=64 * KIB, first=MPA, second=MOD):
    """One round trip over a connection, each way in so much room."""
    parcel = exchange.outgoing(town.desk(first), second, live=True, room=room)
    exchange.incoming(town.desk(first), exchange.answer(town.desk(second), parcel, live=True))
    return parcel


def rounds(town, count=60, room=64 * KIB):
    """As many round trips as it takes to come to rest."""
    for _ in range(count):
        before = town.desk(MOD).database.rows("SELECT seq FROM chunk"), heads(town)
        round_(town, room)
        if (town.desk(MOD).database.rows("SELECT seq FROM chunk"), heads(town)) == before:
            return


def heads(town):
    """How long all feeds are on both sides."""
    return [
        town.desk(one).store.head(log(other)).size
        for one, other in ((MPA, MOD), (MOD, MPA))
        for log in (out_log, in_log)
    ]


def have(town):
    """How many bytes of files MOD has."""
    rows = town.desk(MOD).database.rows("SELECT COALESCE(SUM(bytes), 0) FROM chunk")
    return int(rows[0][0])


def file_at(town, file):
    """The file as MOD's officer downloads it."""
    return read.attachment(town.desk(MOD), town.viewer(MOD), MPA, file)[1]


def whole(town, file):
    """When MOD said that it has the whole file, as MPA knows it."""
    rows = town.desk(MPA).database.rows(
        "SELECT whole_at FROM release WHERE record = ? ORDER BY journal", (f"MPA/{file}",)
    )
    return [int(row[0]) for row in rows]


def sound(town):
    """All that is kept checks, and the boards can be folded again."""
    for desk in town.desks.values():
        assert not checking.fsck(desk, lambda *_: None)
        before = checking.snapshot(desk)
        checking.rebuild(desk, lambda *_: None)
        assert checking.snapshot(desk) == before
    return True


def test_b5_words_go_before_bytes(town):
    """Words written behind a large file are there in the next round; the feed holds no byte of
    the file.
    """
    with_file(town)
    round_(town)
    round_(town)
    assert 0 < have(town) < len(DATA)
    flash = town.write(MPA, "flash", incident(to(MOD), severity="flash"))
    town.release(MPA, flash, MOD, "R-MPA", "now")
    round_(town)
    assert read.record(town.desk(MOD), town.viewer(MOD), MPA, flash)
    assert have(town) < len(DATA)
    entries = town.desk(MPA).store.scan(out_log(MOD))
    assert max(len(entry.data) for entry in entries) < 8 * KIB
    assert max(len(round_(town)) for _ in range(3)) < 80 * KIB


def test_b5_a_file_goes_on_at_any_byte_and_is_delivered_when_it_is_whole(town):
    """Parcels are lost, doubled and late; the file is read, and counts as delivered, once all of it
    is there.
    """
    _, file = with_file(town)
    round_(town)
    chance = random.Random(7)
    late = []
    for _ in range(200):
        if have(town) < len(DATA):
            assert whole(town, file) == [0]
            with refusal("attachment_under_way"):
                file_at(town, file)
        room = chance.randrange(8, 90) * KIB
        parcel = exchange.outgoing(town.desk(MPA), MOD, live=True, room=room)
        late.append(parcel)
        if chance.random() < 0.5:
            exchange.incoming(town.desk(MOD), chance.choice(late[-3:]))
        answer = exchange.outgoing(town.desk(MOD), MPA, live=True)
        if chance.random() < 0.7:
            exchange.incoming(town.desk(MPA), answer)
        if all(whole(town, file)):
            break
    assert file_at(town, file) == DATA
    assert all(whole(town, file))
    assert sound(town)


def test_b5_over_a_stick_bytes_follow_the_words_in_the_same_files(town):
    """Nobody can ask first: what is not known to be whole goes along, and again from where the
    partner said that it is.
    """
    _, file = with_file(town)
    sent, parcels = None, []
    for _ in range(9):
        sent = exchange.next_parcel(
            town.desk(MPA), MOD, start=sent and sent.end, room=128 * KIB,
            reached=sent and sent.reached,
        )  # fmt: skip
        parcels.append(sent.data)
        if not sent.more:
            break
    assert not sent.more
    for data in parcels[:3]:
        exchange.incoming(town.desk(MOD), data)
    first = have(town)
    assert 0 < first < len(DATA)
    exchange.incoming(town.desk(MPA), exchange.outgoing(town.desk(MOD), MPA))
    assert beside.asked_by(town.desk(MPA), MOD, 99, town.clock.now(), live=False) != {}
    exchange.incoming(town.desk(MOD), exchange.outgoing(town.desk(MPA), MOD))
    assert file_at(town, file) == DATA
    town.exchange(MPA, MOD)
    assert all(whole(town, file))
    again = exchange.next_parcel(town.desk(MPA), MOD)
    assert (len(again.data) < 2 * KIB, again.more) == (True, False)


def stop_by_recall(town, record, file):
    releasing.recall(town.desk(MPA), town.actor(MPA), record, MOD, "error")


def stop_by_end(town, record, file):
    town.clock.time += 3 * DAY


def stop_by_label(town, record, file):
    with town.names.under("raised"):
        desk, actor = town.desk(MPA), town.actor(MPA)
        leaf = say.current(desk, actor, record).value.digest
        draft = incident(to(MOD, classification=Classification.SECRET), attachments=[file])
        say.revise(desk, actor, record, leaf, draft)


def stop_by_agreement(town, record, file):
    without = rule(MPA, "TWO-DAYS", days=2, files=Files.NONE)
    agreement = agreement_of(MPA, MOD, *both_ways(MPA, MOD), without, version=2)
    for party in (MPA, MOD):
        agreements.sign(town.desk(party), town.actor(party, "liaison-officer"), agreement)
    for _ in range(3):  # in little room: the rest of the file waits behind it
        round_(town, 8 * KIB)


@pytest.mark.parametrize("stop", [stop_by_recall, stop_by_end, stop_by_label, stop_by_agreement])
def test_b5_bytes_that_have_not_left_stay(town, stop):
    """A recall, an end and a raised label of the record stop the rest of its file, as does a new
    agreement whose rule for the record lets no files go; what is over is erased, also the part that
    came.
    """
    record, file = with_file(town, by="TWO-DAYS")
    round_(town)
    round_(town)
    assert 0 < have(town) < len(DATA)
    stop(town, record, file)
    came = have(town)
    assert came < len(DATA)
    for _ in range(4):
        parcel = exchange.outgoing(town.desk(MPA), MOD, live=True, room=64 * KIB)
        assert len(parcel) < 4 * KIB
        round_(town)
    if stop in (stop_by_label, stop_by_agreement):  # what has arrived is asked back by people
        assert have(town) == came
    else:
        purging.expired(town.desk(MOD))
        assert have(town) == 0
        kept = [entry.data for entry in town.desk(MOD).store.scan(files_log(MPA))]
        assert kept
        assert not any(kept)
    assert sound(town)


# A hostile partner --------------------------------------------------------------------------------


def sending(town, pieces):
    """Let MPA send these pieces, whatever MOD asks for; one round."""
    with patch.object(beside, "pieces", lambda *_, **__: beside.Beside(pieces=tuple(pieces))):
        parcel = exchange.outgoing(town.desk(MPA), MOD, live=True)
    return exchange.incoming(town.desk(MOD), parcel)


def alarms(town):
    """The alarms of MOD."""
    return [str(row[0]) for row in town.desk(MOD).database.rows("SELECT code FROM alarm")]


def test_b5_bytes_that_nobody_asked_for_are_passed_over(town):
    """Bytes of a file that is unknown, whole, or over change nothing."""
    record, file = with_file(town)
    rounds(town)
    (release,) = town.desk(MOD).database.rows("SELECT release FROM file")[0]
    before = checking.snapshot(town.desk(MOD))["chunk"]
    taken = sending(
        town,
        [
            Piece("0" * 8 + "-0000-4000-8000-000000000000", 0, b"x"),
            Piece(release, 0, b"other"),
            Piece(release, 9, b"x"),
        ],
    )
    assert not taken.moved
    assert checking.snapshot(town.desk(MOD))["chunk"] == before
    stop_by_recall(town, record, file)
    town.exchange(MPA, MOD)
    sending(town, [Piece(release, 0, DATA[:100])])
    assert have(town) == 0
    assert alarms(town) == []
    assert sound(town)


def endless(release):
    return [Piece(release, 0, b"x" * 100)]


def endless_later(release):
    return [Piece(release, 0, b"a"), Piece(release, 1, b"b" * 100)]


def others(release):
    return [Piece(release, 0, b"not these")]


@pytest.mark.parametrize("pieces", [endless, endless_later, others])
def test_b5_bytes_that_are_not_the_file_are_erased_and_asked_for_no_more(town, pieces):
    """More bytes than the file has, or others than its digest says: people hear it, the owner
    hears it, and a new release begins anew.
    """
    record, file = with_file(town, data=b"nine byte")
    round_(town)
    (release,) = town.desk(MOD).database.rows("SELECT release FROM file")[0]
    sending(town, pieces(release))
    assert alarms(town) == ["file_differs"]
    assert have(town) == 0
    assert not any(entry.data for entry in town.desk(MOD).store.scan(files_log(MPA)))
    rounds(town)
    assert (have(town), whole(town, file)) == (0, [0])
    assert not file_bytes.outstanding(town.desk(MPA).board, MOD, 99, town.clock.now())
    stop_by_recall(town, record, file)
    rounds(town)
    town.release(MPA, record, MOD, "R-MPA", "anew")
    rounds(town)
    assert file_at(town, file) == b"nine byte"
    assert sound(town)


def test_b5_files_that_may_not_come_do_not_keep_the_others_away(town):
    """Of more files than one parcel names, each has its turn."""
    stopped = [
        with_file(town, f"stopped {n}", b"x" * 40) for n in range(BOUNDS.files_asked_max + 2)
    ]
    round_(town, room=1)  # words alone
    for n, (record, file) in enumerate(stopped):
        desk, actor = town.desk(MPA), town.actor(MPA)
        leaf = say.current(desk, actor, record).value.digest
        with town.names.under(f"raised {n}"):
            high = to(MOD, classification=Classification.SECRET)
            say.revise(desk, actor, record, leaf, incident(high, attachments=[file]))
    _, file = with_file(town, "free", b"free")
    for _ in range(12):
        round_(town)
    assert file_at(town, file) == b"free"
    assert have(town) == 4


@pytest.mark.parametrize(
    ("at", "data", "new"),
    [(0, b"abc", b"c"), (2, b"cd", b"cd"), (3, b"d", b""), (0, b"a", b""), (8, b"ijk", None)],
)
def test_a_piece_adds_what_follows_the_bytes_that_are_there(at, data, new):
    """Never a hole, never a byte past the end."""
    wanted = Wanted(release="r", have=2, size=10)
    assert fresh(wanted, Piece("r", at, data)) == new


def test_b5_a_large_file_leaves_room_for_words_in_small_parcels(town):
    """With words waiting, a parcel of little room has words and no byte of a file."""
    with_file(town)
    round_(town)
    for n in range(40):
        town.write(MPA, f"n{n}", incident(to(MOD), text="word " * 300))
    db = town.desk(MPA).database
    for (record,) in db.rows("SELECT record FROM record WHERE kind = 'incident' AND editions = 1"):
        name = str(record).partition("/")[2]
        if not db.rows("SELECT 1 FROM release WHERE record = ?", (record,)):
            town.release(MPA, name, MOD, "R-MPA", f"release {name}")
    sent = exchange.next_parcel(town.desk(MPA), MOD, live=True, room=4 * KIB)
    assert sent.end - sent.start > 0
    assert sent.reached == {} or have(town) == sum(sent.reached.values())


def test_bounds_of_pieces_fit_into_a_parcel():
    """The most bytes of files and the longest run fit into the plain form together."""
    most = BOUNDS.pieces_bytes_max * 4 // 3 + BOUNDS.pieces_bytes_max // 64
    assert most + BOUNDS.parcel_run_bytes_max + 64 * KIB < BOUNDS.parcel_plain_bytes_max
    assert replace(BOUNDS).chunk_bytes_max * 4 // 3 + KIB < BOUNDS.entry_bytes_max


def test_b5_what_was_never_released_is_not_remembered_as_asked_for(town):
    """However much a partner asks for, only what went to it or came from it takes room here."""
    with_file(town)
    desk = town.desk(MPA)
    (sent,) = desk.database.rows("SELECT release FROM release WHERE feed_seq IS NOT NULL LIMIT 1")
    asks = {uuid_of(f"made up {n}"): 7 for n in range(40)} | {str(sent[0]): 5}
    with desk.act():
        assert link_state.ask_files(desk.board, MOD, asks)
        assert not link_state.ask_files(desk.board, MOD, asks)
    assert link_state.asked_files(desk.board, MOD) == {str(sent[0]): 5}
    assert desk.database.rows("SELECT COUNT(*) FROM asked_file") == [(1,)]


def test_d2_that_a_file_has_arrived_is_heard_by_who_sees_its_record(town):
    """The page of who holds what says it without a reload."""
    with_file(town)
    for _ in range(3):
        round_(town)
    assert 0 < have(town) < len(DATA)  # the words are signed for
    told = []
    town.desk(MPA).listen(told.append)
    rounds(town)
    released = [one for changes in told for one in changes if one.topic == "release"]
    assert any(
        one.sealed is not None
        and open_for(town.viewer(MPA), one.sealed, town.clock.now()).value.kind == "attachment"
        for one in released
    )
