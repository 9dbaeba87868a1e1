"""The check of a store finds every kind of damage that somebody plants in it."""

import sqlite3
import time

import pytest

from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.domain.errors import FaultError
from tansiq.domain.wording import words
from tansiq.log.database import Sqlite
from tansiq.log.merkle import EMPTY_ROOT, Frontier, leaf_hash, tree_root
from tansiq.log.postgres import Postgres
from tansiq.log.store import Damage, LogStore, in_log
from tests import stores
from tests.world import incident, refusal, to, worlds

ENTRIES = [b'{"n":%d}' % n for n in range(5)]
OTHER = b"other bytes than before........."
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@pytest.fixture
def database():
    made = stores.database()
    yield made
    made.close()


@pytest.fixture
def store(database):
    """A journal and a copy of a feed, five entries each, with a note at three and at five."""
    made = LogStore(database)
    with database.transaction():
        for name in ("journal", "in/MOD"):
            made.append(name, ENTRIES)
            for size in (3, 5):
                root = tree_root(LEAVES[:size])
                made.keep_note(name, size=size, root=root, signer="MOD", text=f"note {size}")
    return made


def absent(folder):
    """A database that is not there."""
    if stores.on_postgresql():
        return Postgres(f"postgresql:///absent?host={folder}")
    return Sqlite(folder / "absent" / "node.db")


def damages(store, name="journal"):
    return [(found.code, found.seq) for found in store.check(name) if isinstance(found, Damage)]


def test_a_whole_log_has_no_damage(store):
    """Nothing is found where nothing was planted, and the count comes back."""
    assert list(store.check("journal")) == [5]
    assert list(store.check("nothing")) == [0]


@pytest.mark.parametrize(
    ("name", "statement", "code"),
    [
        ("journal", "UPDATE entry SET data = ? WHERE seq = 2", "entry_changed"),
        ("journal", "UPDATE entry SET data = NULL WHERE seq = 2", "entry_missing"),
        ("journal", "DELETE FROM entry WHERE seq = 2", "entry_missing"),
        ("journal", "DELETE FROM entry WHERE seq = 0", "entry_missing"),
        ("journal", "DELETE FROM entry WHERE seq = 4", "entries_lost"),
        ("journal", "DELETE FROM entry WHERE seq = 4", "head_differs"),
        ("journal", "UPDATE entry SET leaf = ? WHERE seq = 4", "head_differs"),
        ("journal", "UPDATE note SET root = ? WHERE size = 3", "note_differs"),
        ("journal", "UPDATE note SET size = 9 WHERE size = 5", "entries_lost"),
        ("in/MOD", "UPDATE entry SET data = ? WHERE seq = 2", "entry_changed"),
        ("in/MOD", "DELETE FROM entry WHERE seq = 4", "entries_lost"),
    ],
)
def test_each_planted_damage_is_found(store, database, name, statement, code):
    """A changed, missing, erased or lost entry, a wrong head and a forged note each have a code."""
    database.run(statement, [OTHER] * statement.count("?"))
    assert code in [found for found, _ in damages(store, name)]
    assert words(f"damage.{code}").ckb


def test_a_rolled_back_head_is_found(store, database):
    """An older copy of the head does not fit the entries."""
    database.run("UPDATE log SET frontier = ?", (Frontier().extend(LEAVES[:4]).encode(),))
    assert damages(store) == [("head_differs", -1)]


def test_a_partners_entries_may_be_erased_and_stay_provable(store, database):
    """Their leaves stay, so the log still leads to the signed root."""
    with database.transaction():
        store.erase("in/MOD", [1, 2])
    assert damages(store, "in/MOD") == []
    assert [entry.data is None for entry in store.read("in/MOD", 0, 5)] == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert store.root_at("in/MOD", 5) == tree_root(LEAVES)


def test_roots_are_known_at_every_size(store):
    """Also between notes, forwards and backwards, and never past the end."""
    for size in (4, 2, 5, 1, 3, 4):
        assert store.root_at("journal", size) == tree_root(LEAVES[:size])
    assert store.root_at("journal", 0) == EMPTY_ROOT
    assert store.root_at("journal", 6) is None
    assert store.leaves("journal", 3, 3) == []


def test_logs_are_listed_with_the_journal_first(store):
    """And each is found by its name and its number."""
    assert store.names() == ["journal", "in/MOD"]
    assert store.id_of("in/MOD") != store.id_of("journal")
    assert store.head("nothing").size == 0
    assert store.note("journal", 3, "MOD") == "note 3"
    assert store.note("journal", 3, "COA") is None


def test_long_logs_are_scanned_in_pieces(database):
    """Progress is told on the way, and no entry is left out."""
    store = LogStore(database)
    with database.transaction():
        store.append("journal", [b'{"n":%d}' % n for n in range(2_100)])
    assert list(store.check("journal")) == [1_000, 2_000, 2_100]
    assert [entry.seq for entry in store.scan("journal", batch=7)] == list(range(2_100))


def test_a_rolled_back_transaction_leaves_nothing(database):
    """Neither entries nor what was remembered of them."""
    store = LogStore(database)
    with pytest.raises(ZeroDivisionError), database.transaction():
        store.append("journal", [b"{}" * (1 // 0)])
    store.forget()
    assert store.names() == []


def test_a_database_that_cannot_be_used_says_so(database, tmp_path):
    """Errors of the engine become errors that a person can read."""
    for ask in (
        lambda: database.run("NONSENSE"),
        lambda: database.rows("SELECT nothing"),
        lambda: database.many("INSERT INTO nowhere VALUES (?)", [(1,)]),
    ):
        with refusal("database"):
            ask()
    with refusal("store_unreachable" if stores.on_postgresql() else "database_open"):
        absent(tmp_path).rows("SELECT 1")


def test_a_database_on_disk_keeps_what_was_committed(tmp_path):
    """Another connection reads it back."""
    first = stores.database(tmp_path / "node.db")
    store = LogStore(first)
    with first.transaction():
        store.append("journal", ENTRIES)
    first.close()
    second = stores.database(tmp_path / "node.db")
    assert [entry.data for entry in LogStore(second).read("journal", 0, 5)] == ENTRIES
    second.close()


def test_what_was_erased_is_in_no_file_once_the_node_rests(tmp_path):
    """It stays in the write-ahead log and in the old page of the file until that is emptied; not
    while something is committed between two calls, nor while somebody reads.
    """
    path = tmp_path / "node.db"
    database = Sqlite(path)
    store = LogStore(database)
    secret = b"nobody may find this again"
    with database.transaction():
        store.append(in_log("MOD"), [secret])
    database.rest()
    with database.transaction():
        store.erase(in_log("MOD"), [0])
    database.rest()

    def anywhere() -> bool:
        files = [path, path.with_name("node.db-wal")]
        return any(secret in file.read_bytes() for file in files if file.exists())

    assert anywhere()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM entry").fetchall()
    with database.transaction():
        store.append("journal", ENTRIES)
    database.rest()
    began = time.monotonic()
    database.rest()
    assert time.monotonic() - began < 5  # it does not wait for the reader
    assert anywhere()
    other.close()
    with database.transaction():
        pass  # nothing is said: that is rest, too
    database.rest()
    assert not anywhere()
    assert [entry.data for entry in store.read("journal", 0, 5)] == ENTRIES
    database.close()


def test_foreign_values_in_the_tables_are_refused(store, database):
    """A value of another type than was written is a fault of the store."""
    database.run("UPDATE log SET frontier = 'text'")
    with pytest.raises(FaultError):
        store.head("journal")


def silent(name, count):
    """Nobody listens to the progress."""


@pytest.fixture
def town():
    """A release that went from MPA to MOD."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        record = made.write("MPA", "fire", incident(to("MOD")))
        made.release("MPA", record, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made


@pytest.mark.parametrize(
    ("party", "statement", "code"),
    [
        ("MOD", "UPDATE note SET text = 'forged'", "signature_bad"),
        ("MOD", "DELETE FROM note", "signature_bad"),
        ("MPA", "UPDATE note SET text = 'forged' WHERE signer = 'MOD'", "receipt_bad"),
        ("MPA", "DELETE FROM note WHERE signer = 'MOD'", "receipt_bad"),
    ],
)
def test_forged_notes_and_receipts_are_found(town, party, statement, code):
    """Signatures are verified, not only kept."""
    desk = town.desk(party)
    assert [report.damages for report in checking.verify_feeds(desk, silent)] == [()]
    desk.database.run(statement)
    (report,) = checking.verify_feeds(desk, silent)
    assert code in [found.code for found in report.damages]
    assert words(f"damage.{code}").ar


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET state = 'closed'",
        "DELETE FROM record",
        "UPDATE label SET text = replace(text, 'MOD', 'ZZZ')",
        "UPDATE release SET read_at = 1",
        "DELETE FROM search",
    ],
)
def test_a_board_that_differs_from_the_logs_is_found_and_rebuilt(town, statement):
    """Tables that were tampered with are no truth: folding again restores them."""
    desk = town.desk("MPA")
    before = checking.snapshot(desk)
    assert checking.fsck(desk, silent) == []
    desk.database.run(statement)
    desk.board.forget()
    assert [found.code for found in checking.fsck(desk, silent)] == ["board_differs"]
    assert words("damage.board_differs").ar
    checking.rebuild(desk, silent)
    assert checking.fsck(desk, silent) == []
    assert checking.snapshot(desk) == before
    query = read.Query(kinds=("incident",))
    assert read.count(desk, town.viewer("MPA"), query) == 1


def test_damage_of_a_log_is_told_by_the_check_and_by_the_feeds(town):
    """Both checks read every entry."""
    desk = town.desk("MOD")
    desk.database.run(
        "UPDATE entry SET data = ? WHERE seq = 1 AND log = ?",
        (b"{}", desk.store.id_of("in/MPA")),
    )
    assert [found.code for found in checking.fsck(desk, silent)] == ["entry_changed"]
    (report,) = checking.verify_feeds(desk, silent)
    assert [found.code for found in report.damages] == ["entry_changed"]
