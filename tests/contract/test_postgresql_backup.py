"""Backups of a node on PostgreSQL: the same file, the same promises, and across the two stores."""

import threading
from contextlib import contextmanager

import psycopg
import pyrage
import pytest
from psycopg.conninfo import conninfo_to_dict

from tansiq.board import node_state
from tansiq.board.tables import TABLES as FOLDED
from tansiq.desk.exchange import exchange, handshake
from tansiq.desk.proof import checking
from tansiq.desk.trust import partners
from tansiq.node import cli
from tansiq.node.backup import Lock, back_up
from tansiq.node.founding import open_node
from tansiq.node.restoring import restore
from tansiq.node.settings import read_settings
from tests import stores
from tests.contract.desks import MOD, MPA, befriend, desk_of, found, sizes, speak, state
from tests.world import refusal

IDENTITY = pyrage.x25519.Identity.generate()
KEY, LOCK = str(IDENTITY), Lock(recipient=str(IDENTITY.to_public()))
PARTNER = {MPA: MOD, MOD: MPA}


def nothing(_done, _size):
    """Nobody waits for progress."""


def rows(address, statement):
    """What the owner of the server sees in a node's database."""
    name = conninfo_to_dict(address)["dbname"]
    with psycopg.connect(stores.cluster().address(name, stores.OWNER)) as connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def relations(address):
    """What was made in a node's database."""
    return rows(
        address,
        "SELECT relname FROM pg_class WHERE relnamespace IN"
        " ('tansiq'::regnamespace, 'accounts'::regnamespace) ORDER BY relname",
    )


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """A headquarters and a partner on SQLite; each has said something to the other."""
    folder = tmp_path_factory.mktemp("nodes")
    ours = found(folder, MPA, store=stores.cluster().new())
    theirs = found(folder, MOD, store="sqlite")
    for one, other in ((ours, theirs), (theirs, ours)):
        with talking(one) as desk:
            befriend(desk, other)
            for version in range(1, 6):
                speak(desk, PARTNER[one.party], version)
    return ours, theirs


@contextmanager
def talking(settings):
    """A node's desk, closed at the end."""
    desk = desk_of(settings)
    try:
        yield desk
    finally:
        desk.database.close()


def state_of(folder):
    """Logs and board of a node that checks; and whether it is an older state."""
    with open_node(folder) as opened:
        assert not checking.fsck(opened.desk, lambda *_: None)
        return state(opened.desk), handshake.restoration(opened.desk)


@pytest.mark.parametrize("place", [0, 1], ids=["from PostgreSQL", "from SQLite"])
def test_what_was_backed_up_comes_back_in_an_empty_database(nodes, tmp_path, place):
    """Logs, board and what is kept beside them, as an older state; no file of records is left."""
    node, store = nodes[place], stores.cluster().new()
    before, _ = state_of(node.folder)
    made = back_up(node.folder, tmp_path / "one.tsqb", LOCK, nothing)
    assert "tansiq.sqlite3" in {part.name for part in made.files}
    (tmp_path / "key").write_text(KEY)
    given = [tmp_path / "one.tsqb", tmp_path / "again", "--identity", tmp_path / "key"]
    assert cli.main(["restore", *map(str, given), "--store", store]) == 0
    after, mark = state_of(tmp_path / "again")
    assert after == before
    assert (mark.backup_at, mark.silent) == (made.at, (PARTNER[node.party],))
    assert read_settings(tmp_path / "again").store == store
    assert not list((tmp_path / "again").glob("*.sqlite3*"))
    assert {path.name for path in tmp_path.iterdir()} == {"one.tsqb", "key", "again"}
    assert not (node.folder / ".backup").exists()


def test_every_table_is_copied_or_folded_anew(nodes):
    """A new table belongs to the logs, to the board or to what is kept beside them."""
    tables = rows(
        nodes[0].store,
        "SELECT relname FROM pg_class WHERE relnamespace = 'tansiq'::regnamespace"
        " AND relkind IN ('r', 'p', 'm') ORDER BY relname",
    )
    copied = {"log", "entry", "note", *node_state.KEYS}
    assert {name for (name,) in tables} == copied | {"search", *FOLDED}


def test_a_backup_is_one_moment_of_a_node_that_goes_on(nodes, tmp_path):
    """While others write, the copy is a state that the node had; it checks where no server is."""
    over, begun, node = threading.Event(), threading.Event(), nodes[0]
    with talking(node) as desk:

        def writes():
            while not over.is_set():
                speak(desk, MOD, sizes(desk, MOD)[0] + 1)
                begun.set()

        writer = threading.Thread(target=writes)
        writer.start()
        try:
            assert begun.wait(30)
            made = back_up(node.folder, tmp_path / "one.tsqb", LOCK, nothing)
        finally:
            over.set()
            writer.join()
        for head in made.heads:
            assert desk.store.root_at(head.log, head.size).hex() == head.root
    restore(tmp_path / "one.tsqb", tmp_path / "again", KEY, nothing, store="sqlite")
    (heads, _, _), mark = state_of(tmp_path / "again")
    assert [name for name, _ in heads] == [head.log for head in made.heads]
    assert mark.silent == (MOD,)
    assert (tmp_path / "again" / "tansiq.sqlite3").is_file()


def test_a_database_that_will_not_do_is_left_as_it_was(nodes, tmp_path):
    """Not empty, not there, without roles: each in words, and no folder is left."""
    node = nodes[0]
    back_up(node.folder, tmp_path / "one.tsqb", LOCK, nothing)
    with talking(node) as desk:
        before = stores.dump(desk.database)
    name = stores.cluster().fresh()
    rows(stores.cluster().address(name), "CREATE ROLE stranger LOGIN NOINHERIT")
    for store, code in (
        ("", "store_taken"),
        (f"postgresql:///absent?host={tmp_path}", "store_unreachable"),
        (stores.cluster().address(name, "stranger"), "store_prepare"),
        (stores.cluster().address(name, stores.OWNER), "store_strong"),
        ("postgresql://tansiq:secret@/x", "store_password"),
    ):
        with refusal(code):
            restore(tmp_path / "one.tsqb", tmp_path / "again", KEY, nothing, store=store)
    assert {path.name for path in tmp_path.iterdir()} == {"one.tsqb"}
    assert relations(stores.cluster().address(name)) == []
    with talking(node) as desk:
        assert stores.dump(desk.database) == before


def test_a_damaged_backup_brings_nothing_into_the_database(nodes, tmp_path):
    """A flipped bit of the file, and an entry that was changed before it was copied."""
    node, store, target = nodes[0], stores.cluster().new(), tmp_path / "one.tsqb"
    chosen = "WHERE seq = 0 AND log = (SELECT id FROM tansiq.log WHERE name = 'out/MOD')"
    ((entry,),) = rows(node.store, f"SELECT data FROM tansiq.entry {chosen}")
    change = "UPDATE tansiq.entry SET data = '\\x{}' {}"
    rows(node.store, change.format("00" + entry.hex(), chosen))
    try:
        back_up(node.folder, target, LOCK, nothing)
    finally:
        rows(node.store, change.format(entry.hex(), chosen))
    whole = target.read_bytes()
    middle = len(whole) // 2
    for data in (whole, whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
        target.write_bytes(data)
        with refusal("backup_damaged"):
            restore(target, tmp_path / "again", KEY, nothing, store=store)
        assert relations(store) == []
        assert not (tmp_path / "again").exists()


def test_an_old_state_gets_its_own_words_back_and_does_not_fork(nodes, tmp_path):
    """What left since the backup comes back from the partner before anything new is signed."""
    node, theirs = nodes
    with talking(theirs) as there:
        with talking(node) as here:
            meet(here, there)
            back_up(node.folder, tmp_path / "one.tsqb", LOCK, nothing)
            kept = sizes(here, MOD)[0]
            for version in range(kept + 1, kept + 4):
                speak(here, MOD, version)
            meet(here, there)
            lost = here.store.head("out/MOD")
        restore(
            tmp_path / "one.tsqb", tmp_path / "again", KEY, nothing, store=stores.cluster().new()
        )
        with talking(read_settings(tmp_path / "again")) as here:
            assert sizes(here, MOD)[0] == kept
            speak(here, MOD, 10_000)  # waits until the partner was heard
            meet(here, there)
            assert here.store.root_at("out/MOD", lost.size) == lost.root()
            assert here.store.head("out/MOD") == there.store.head("in/MPA")
            assert sizes(here, MOD)[0] > lost.size
            assert handshake.restoration(here) is None
            for desk in (here, there):
                assert not checking.fsck(desk, lambda *_: None)
                assert not partners.partner(desk, PARTNER[desk.me]).stopped_at


def meet(here, there):
    """Exchange over a live connection until both are level."""
    for _ in range(8):
        asked = exchange.outgoing(here, there.me, live=True)
        exchange.incoming(here, exchange.answer(there, asked, live=True))
