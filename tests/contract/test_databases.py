"""The seam: both databases keep the same promises, and both word indexes find the same rows."""

import threading

import psycopg
import pytest

from tansiq.domain.search import normalise
from tansiq.log.database import Sqlite
from tansiq.log.postgres import Postgres
from tests import stores
from tests.world import refusal

TABLE = """CREATE TABLE thing (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER, data BLOB)"""
TEXTS = (
    "Fire in the wheat fields of Makhmour",
    "حريق في حقول القمح قرب مخمور",
    "حَرِيقٌ كبير في الحقل",
    "ئاگر لە کێڵگەکانی گەنم لە مەخموور",
    "كێڵگه‌ی گه‌نم سووتا",
    "Tuz Khurmatu: road 24 closed, 3 vehicles",
    "khurmatu tuz",
    "طوزخورماتو ١٢٣",
    "IED found at km-12; call_sign A_1b2",
    "ﷲ ﻻ fi ſtraße Ⅷ ½ 10² İstanbul",
    "a" * 5_000,
    "",
    "'quoted' \\ & | ! : * <-> (x)",
    "naïve café NAIVE CAFÉ",
)
SEARCHES = (
    ["fire"], ["fir"], ["wheat fields"], ["fields wheat"], ["حريق"], ["حقول القمح"], ["حقل"],
    ["مخمور", "مەخموور", "Makhmour"], ["گەنم"], ["کێڵگە"], ["tuz khurmatu"], ["khurmatu tuz"],
    ["tuz"], ["24"], ["123"], ["١٢"], ["call sign"], ["call_sign"], ["a1b2"], ["1b2"], ["ied"],
    ["strasse"], ["الله"], ["viii"], ["istanbul"], ["a" * 300], ["quoted"], ["x"], ["café"],
    ["naive caf"], ["absent"],
)  # fmt: skip
# Not the words in another order, not the middle of a word, not two words written as one.
NOWHERE = {"fields wheat", "حقل", "a1b2", "absent"}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    made = Sqlite(None) if request.param == "sqlite" else Postgres(stores.cluster().new())
    with made.transaction():
        made.run(TABLE)
    yield made
    made.close()


def names(database):
    return [row[0] for row in database.rows("SELECT name FROM thing ORDER BY name")]


def test_rows_come_back_as_they_went_in(database):
    """Numbers, texts, bytes and nothing keep their value and their type."""
    values = ("سڵاو — “x”", 2**53, b"\0\xff")
    assert database.insert("INSERT INTO thing (name, size, data) VALUES (?, ?, ?)", values) == 1
    assert database.insert("INSERT INTO thing (name) VALUES (?)", ("b",)) == 2
    assert database.rows("SELECT name, size, data FROM thing ORDER BY id") == [
        values, ("b", None, None),
    ]  # fmt: skip
    assert database.run("UPDATE thing SET size = ? WHERE name = ?", (-7, "b")) == 1
    sums = "SELECT SUM(size), COUNT(*), MAX(size), AVG(size) FROM thing WHERE name = 'b'"
    assert database.rows(sums) == [(-7, 1, -7, -7.0)]


def test_many_rows_are_kept_in_one_call(database):
    """Plain and idempotent inserts, and statements that are no insert; also no row at all."""
    plain = "INSERT INTO thing (name, size) VALUES (?, ?)"
    database.many(plain, [])
    database.many(plain, ((f"{n:05}", None if n % 2 else n) for n in range(2_500)))
    database.many(f"{plain} ON CONFLICT DO NOTHING", [("00000", 9), ("new", 9), ("new", 8)])
    database.many("UPDATE thing SET size = ? WHERE name = ?", [(n, "00001") for n in range(3)])
    assert database.rows("SELECT COUNT(*), COUNT(size) FROM thing") == [(2_501, 1_252)]
    large = [(f"سڵاو {n}", 2**n - 1, bytes([n]) if n % 3 else None) for n in range(54)]
    database.many("INSERT INTO thing (name, size, data) VALUES (?, ?, ?)", large)
    assert database.rows("SELECT name, size, data FROM thing WHERE id > 2501 AND name > 'a'"
                         " AND name != 'new' ORDER BY size") == large  # fmt: skip
    assert database.rows("SELECT size FROM thing WHERE name IN ('00000', '00001', 'new') "
                         "ORDER BY name") == [(0,), (2,), (9,)]  # fmt: skip


def test_texts_are_in_the_order_of_their_bytes(database):
    """Whatever the server's locale, a list has one order."""
    given = ["b", "A", "a", "ب", "ä", "Z", "a-1", "a1"]
    database.many("INSERT INTO thing (name) VALUES (?)", [(name,) for name in given])
    assert names(database) == sorted(given, key=str.encode)


def test_a_failed_transaction_leaves_nothing(database):
    """Also where one transaction is part of another."""

    def act():
        with database.transaction():
            database.run("INSERT INTO thing (name) VALUES ('one')")
            with database.transaction():
                database.run("INSERT INTO thing (name) VALUES ('two')")
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert names(database) == []


def test_what_cannot_be_done_is_told_in_words_and_harms_nothing(database):
    """A wrong statement, a broken rule and an unknown table are typed faults."""
    for bad in ("NONSENSE", "INSERT INTO thing (name) VALUES (NULL)", "SELECT 1 FROM nowhere"):
        with refusal("database"):
            database.run(bad)
    with refusal("database"):
        database.many("INSERT INTO thing (name) VALUES (?)", [("x",), ("x",)])
    database.run("INSERT INTO thing (name) VALUES ('good')")
    assert "good" in names(database)


def test_writers_take_turns(database):
    """Of many threads that count up one number, none is lost."""
    database.run("INSERT INTO thing (name, size) VALUES ('n', 0)")

    def count():
        for _ in range(20):
            with database.transaction():
                ((size,),) = database.rows("SELECT size FROM thing")
                database.run("UPDATE thing SET size = ?", (size + 1,))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.rows("SELECT size FROM thing") == [(80,)]


def test_the_catalogue_tells_tables_and_columns(database):
    """In the order of their definition; a table that is not there has none."""
    assert database.has_table("thing")
    assert database.columns("thing") == ["id", "name", "size", "data"]
    assert not database.has_table("absent")


def test_two_nodes_of_one_database_take_turns():
    """The writer's lock holds between processes: here between two pools of connections."""
    address = stores.cluster().new()
    one, other = Postgres(address), Postgres(address)
    started, done = threading.Event(), []

    def wait():
        started.set()
        with other.transaction():
            done.append("other")

    with one.transaction():
        waiting = threading.Thread(target=wait)
        waiting.start()
        started.wait()
        waiting.join(0.2)
        done.append("one")
    waiting.join()
    assert done == ["one", "other"]
    one.close()
    other.close()


def cut(cluster):
    """End every connection of the tests' nodes, as a server does that is started anew."""
    with psycopg.connect(cluster.address("postgres", stores.OWNER), autocommit=True) as keeper:
        keeper.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            ("lost",),
        )


def test_a_lost_server_is_told_and_found_again():
    """A call that breaks off says so and keeps nothing; the next one works."""
    cluster = stores.cluster()
    node = Postgres(cluster.new() + "&application_name=lost")
    node.run(TABLE)

    def act():
        with node.transaction():
            node.run("INSERT INTO thing (name) VALUES ('half')")
            cut(cluster)
            node.run("INSERT INTO thing (name) VALUES ('more')")

    with refusal("database_lost"):
        act()
    assert names(node) == []
    cut(cluster)
    with refusal("database_lost"):
        node.rows("SELECT 1")
    cut(cluster)
    with node.transaction():
        node.run("INSERT INTO thing (name) VALUES ('whole')")
    assert names(node) == ["whole"]
    node.close()


def test_a_partners_stray_nul_stops_nothing_on_postgresql():
    """Its texts cannot hold one; it is kept as the mark of an unknown character."""
    node = Postgres(stores.cluster().new())
    node.run(TABLE)
    node.run("INSERT INTO thing (name) VALUES (?)", ("a\0b",))
    assert node.rows("SELECT 1 FROM thing WHERE name = ?", ("a\0b",)) == [(1,)]
    node.close()


@pytest.fixture(scope="module")
def indexes():
    """The same texts in both indexes."""
    made = Sqlite(None), Postgres(stores.cluster().new())
    rows = [(n, normalise(text)) for n, text in enumerate(TEXTS, start=1)]
    for database in made:
        for statement in database.dialect.search_table:
            database.run(statement)
        database.many("INSERT INTO search (rowid, words) VALUES (?, ?)", rows)
    yield made
    for database in made:
        database.close()


def found(database, words):
    return sorted(row[0] for row in database.rows(database.dialect.found, (words,)))


@pytest.mark.parametrize("numbers", [(), (0,), (1, 2), (7, 8, 9, 15, 16), (3, 10_000)])
def test_a_column_is_among_numbers(indexes, numbers):
    """Compared row by row or looked up by key, with more numbers than rows and with none."""
    expected = [n for n in range(1, len(TEXTS) + 1) if n in numbers]
    for database in indexes:
        for held in (database.dialect.among, database.dialect.keyed):
            part, values = held("rowid", numbers)
            rows = database.rows(f"SELECT rowid FROM search WHERE {part} ORDER BY rowid", values)
            assert [row[0] for row in rows] == expected, (database, held)


@pytest.mark.parametrize("spellings", SEARCHES, ids=lambda spellings: spellings[0][:20])
def test_both_indexes_find_the_same(indexes, spellings):
    """Every spelling of a word, by its beginning, whatever the letters."""
    folded = [spelling for spelling in map(normalise, spellings) if spelling]
    one, other = (found(database, database.dialect.match([folded])) for database in indexes)
    assert one == other
    assert bool(one) == (spellings[0] not in NOWHERE)


def test_every_word_is_wanted(indexes):
    """Words after one another narrow: a row has all of them, in any place."""
    for words in (["fire", "makhmour"], ["makhmour", "fire"], ["fire", "tuz"], ["حريق", "قمح"]):
        both = [
            found(database, database.dialect.match([[normalise(word)] for word in words]))
            for database in indexes
        ]
        assert both[0] == both[1]


def test_deleted_words_are_in_no_index(indexes):
    """A row that was taken off is not found, also after its number was used again."""
    for database in indexes:
        with database.transaction():
            database.run("DELETE FROM search WHERE rowid = 1")
            for statement in database.dialect.forget_words:
                database.run(statement)
        assert found(database, database.dialect.match([["wheat"]])) == []
        database.run("INSERT INTO search (rowid, words) VALUES (1, 'fire')")
        assert found(database, database.dialect.match([["wheat"]])) == []
