"""The second wall: whoever goes round the application with the node's own database role sees
nothing that was not released. What was released says the oracle.
"""

import inspect
import pkgutil
import re
from dataclasses import replace
from importlib import import_module
from itertools import count
from typing import Final

import psycopg
import pytest

import tansiq.desk
from tansiq.board import queries, visible_labels, walls
from tansiq.desk.records import listing, read
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.watch.incident import SEVERITIES
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.places import Grain
from tansiq.log.postgres import Postgres
from tansiq.log.postgres_setup import Roles, prepare
from tests import stores
from tests.property.acting import PAIRS, PARTIES, Play
from tests.world import CLEARED, HOUR, START, refusal, uuid_of

ROLES = Roles(stores.LOGIN)
TOKEN = re.compile(r"canary[0-9]+x")
ALL = audience_of(*map(PartyCode, PARTIES))
LABELS = (
    Label(audience=ALL),
    Label(audience=ALL, classification=Classification.SECRET),
    Label(audience=ALL, categories=frozenset({"medical"})),
    Label(audience=ALL, embargo=START + 2 * HOUR),
    Label(audience=ALL, expires=START + 3 * HOUR),
    Label(),
)


def script():
    """Every kind of label at every party, released to everybody who may have it, some recalled."""
    tokens = count()
    for party in PARTIES:
        for number, label in enumerate(LABELS):
            body = {"text": f"canary{next(tokens)}x", "observed": START, "informant": "",
                    "internal": f"canary{next(tokens)}x"}  # fmt: skip
            act = {"party": party, "number": number, "incident": number % 2 == 0, "tear": None,
                   "category": "fire", "label": label, "body": body}  # fmt: skip
            yield {"act": "write", **act}
            for receiver in PARTIES:
                if receiver != party:
                    yield {"act": "release", "party": party, "number": number,
                           "receiver": receiver, "rule": f"ALL-{party}", "hide": frozenset(),
                           "grain": Grain.EXACT}  # fmt: skip
        # A public record that has become secret: its open edition lies in its history.
        yield {"act": "revise", **act, "number": 0, "label": LABELS[1],
               "body": {**body, "text": f"canary{next(tokens)}x"}}  # fmt: skip
    for pair in PAIRS:
        yield {"act": "exchange", "pair": pair}
    yield {"act": "recall", "party": "COA", "number": 4, "receiver": "MOD"}
    yield {"act": "exchange", "pair": PAIRS[0]}


@pytest.fixture(scope="module")
def play():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(stores.CHOICE, "postgresql")
        made = Play()
        for act in script():
            made.do(act)
        yield made
        made.close()


@pytest.fixture
def raw(play):
    """Opens a desk's database with the node's login and nothing of the application."""
    opened = []

    def connect(desk):
        address = desk.database._address
        opened.append(psycopg.connect(address, autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def relations(connection):
    """Everything in the catalogue that holds rows, whoever made it, but the server's own."""
    return [
        str(row[0])
        for row in connection.execute(
            """SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                 AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'accounts')
            """
        )
    ]


def earlier(play, who, seen):
    """The canaries of the open edition before the secret one, for whom both are to be read."""
    party = who["party"]
    record, _ = play.records[party][0]
    tokens = len(LABELS) * 2 + 1
    first = PARTIES.index(party) * tokens
    return {f"canary{first}x", f"canary{first + 1}x"} if (party, record) in seen else set()


def everything(connection):
    """All rows of all relations that are not refused, by relation."""
    found = {}
    for name in relations(connection):
        try:
            with connection.transaction():
                found[name] = connection.execute(f"SELECT * FROM {name}").fetchall()
        except psycopg.errors.InsufficientPrivilege:
            found[name] = []
    return found


def told(rows):
    """The canaries in rows, as text or in an entry's bytes."""
    cells = (cell for row in rows for cell in row)
    texts = (c.decode("latin-1") if isinstance(c, bytes) else str(c) for c in cells)
    return {token for text in texts for token in TOKEN.findall(text)}


def as_reader(connection, reader):
    own, others = (",".join(map(str, labels)) for labels in (reader.own, reader.others))
    connection.execute(f"SET ROLE {ROLES.reader}")
    for name, value in (("own", f"{{{own}}}"), ("others", f"{{{others}}}"), ("now", reader.now)):
        connection.execute("SELECT set_config(%s, %s, false)", (f"tansiq.{name}", str(value)))


def test_the_world_has_something_to_hide(play):
    """The engine, which may see everything, finds canaries in entries and in the index."""
    for party in PARTIES:
        database = play.world.desk(party).database
        assert len(told(database.rows("SELECT data FROM entry"))) > 10
        assert len(told(database.rows("SELECT words FROM search"))) > 5


@pytest.mark.parametrize("party", PARTIES)
def test_the_login_alone_sees_nothing(play, raw, party):
    """No table of the node, also none that somebody adds later, shows a row to its login."""
    connection = raw(play.world.desk(party))
    assert len(relations(connection)) > 20
    assert {name: rows for name, rows in everything(connection).items() if rows} == {}


@pytest.mark.parametrize("party", PARTIES)
def test_a_reader_of_whom_nothing_is_said_sees_no_content(play, raw, party):
    """Without the settings of a person no row but those of the partners is shown."""
    connection = raw(play.world.desk(party))
    connection.execute(f"SET ROLE {ROLES.reader}")
    shown = {name for name, rows in everything(connection).items() if rows}
    assert shown == {"partner"}
    assert connection.execute("SELECT released_words('canary0x':*)".replace(
        "'canary0x':*", "'''canary0x'':*'")).fetchall() == []  # fmt: skip


@pytest.mark.parametrize("hours", [0, 2, 4])
def test_a_reader_sees_what_the_oracle_lets_that_person_see(play, raw, hours):
    """Every position of every party, before and after embargo and expiry, from every table."""
    before = play.world.clock.time
    play.world.clock.time = before + hours * HOUR
    try:
        for desk, viewer, who in play.viewers():
            seen = play.ledger.seen_by(who, play.now)
            expected = {t for body in seen.values() for t in TOKEN.findall(str(body))}
            expected |= earlier(play, who, seen)
            connection = raw(desk)
            as_reader(connection, queries.row_reader(desk.board, viewer, play.now))
            found = everything(connection)
            for name, rows in found.items():
                assert told(rows) <= expected, (who, name)
            assert told(found["entry"]) == expected, who
            keys = {(row[2], row[1].partition("/")[2]) for row in found["record"]}
            assert keys == set(seen), who
            ids = {row[0] for row in found["record"]}
            words = connection.execute("SELECT released_words('canary:*'::tsquery)").fetchall()
            assert {row[0] for row in words} == ids
    finally:
        play.world.clock.time = before


def test_a_reader_changes_nothing(play, raw):
    """What reads for a person has no right to write."""
    connection = raw(play.world.desk("MOD"))
    connection.execute(f"SET ROLE {ROLES.reader}")
    for name in relations(connection):
        for statement in (f"DELETE FROM {name}", f"DROP TABLE {name}", f"TRUNCATE {name}"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)


def test_a_filter_that_lets_everything_through_shows_nothing_more(play, monkeypatch):
    """The planted fault: every list, count and search forgets whom it is for."""
    query = read.Query(kinds=tuple(KINDS), limit=200)
    monkeypatch.setattr(
        visible_labels.VisibleLabels, "where", lambda *_given, **_named: ("1 = 1", [])
    )
    for desk, viewer, who in play.viewers():
        seen = play.ledger.seen_by(who, play.now)
        with desk.database.reading(queries.row_reader(desk.board, viewer, play.now)):
            rows = queries.listed(desk.board, viewer, query, play.now)
        assert {key[1].partition("/")[2] for key, _ in rows} == {record for _, record in seen}
        known = read.Query(kinds=tuple(KINDS), limit=200, as_of=play.now)
        assert read.count(desk, viewer, known) == len(seen), who
        assert read.count(desk, viewer, replace(known, words="canary")) == len(seen), who
        words = read.Query(kinds=tuple(KINDS), words="canary", limit=200)
        assert read.count(desk, viewer, words) == len(seen), who
        # Facets, the columns of a board and the days of a calendar, counted one by one.
        asked = listing.Asked(kind="incident", tab="all", words="canary")
        incidents = read.count(desk, viewer, replace(words, kinds=("incident",)))
        (span,) = listing.spans(desk, viewer, asked, (1, BOUNDS.moment_max), each=200)
        piles = listing.piles(desk, viewer, asked, "severity", codes=SEVERITIES, each=200)
        assert sum(listing.values(desk, viewer, asked, "severity").values()) == incidents
        assert incidents == span.count.total == len(span.rows) == sum(len(p.rows) for p in piles)


def test_the_faulty_filter_would_show_more_without_the_wall(play, monkeypatch):
    """So that the test above can fail: the same fault, read as the node itself reads."""
    query = read.Query(kinds=tuple(KINDS), limit=200)
    desk, viewer = play.world.desk("MOD"), play.world.viewer("MOD", "observer")
    right = len(queries.listed(desk.board, viewer, query, play.now))
    monkeypatch.setattr(
        visible_labels.VisibleLabels, "where", lambda *_given, **_named: ("1 = 1", [])
    )
    assert len(queries.listed(desk.board, viewer, query, play.now)) > right


def test_a_reader_within_another_leaves_the_first_as_before(play):
    """Whoever reads is said to the database again where somebody else read in between."""
    desk = play.world.desk("MOD")
    readers = [
        queries.row_reader(desk.board, play.world.viewer("MOD", position), play.now)
        for position in ("observer", CLEARED)
    ]
    few, many = (own_rows(desk.database, reader) for reader in readers)
    assert few < many
    for one, other, expected in ((*readers, few), (*reversed(readers), many)):
        with desk.database.reading(one):
            with desk.database.engine():
                assert rows_now(desk.database) >= many
                own_rows(desk.database, other)
            assert rows_now(desk.database) == expected
            own_rows(desk.database, other)
            assert rows_now(desk.database) == expected
            with desk.database.engine():
                pass
            assert rows_now(desk.database) == expected


def test_a_reading_that_fails_leaves_the_transaction_to_the_node(play):
    """A question within an act that finds nothing is answered by an error; what the act does after
    it the node does, and sees what the node sees.
    """
    desk, viewer = play.world.desk("MOD"), play.world.viewer("MOD", "observer")
    with desk.database.transaction():
        before = rows_now(desk.database)
        with pytest.raises(InputError):
            read.record(desk, viewer, "MOD", uuid_of("nothing has this id"))
        assert rows_now(desk.database) == before
        assert desk.database.rows("SELECT COUNT(*) FROM alarm")
    with desk.database.reading(queries.row_reader(desk.board, viewer, play.now)):
        few = rows_now(desk.database)
        with pytest.raises(ZeroDivisionError), desk.database.engine():
            _ = 1 // 0
        assert rows_now(desk.database) == few


def own_rows(database, reader):
    with database.reading(reader):
        return rows_now(database)


def rows_now(database):
    """The records that the database shows at the moment."""
    return {row[0] for row in database.rows("SELECT record FROM record")}


def test_every_table_stands_behind_the_wall(play):
    """Row level security is on and forced everywhere, and only named tables have a reader."""
    database = play.world.desk("MOD").database
    rows = database.rows(
        """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
           WHERE c.relnamespace = 'tansiq'::regnamespace AND c.relkind IN ('r', 'p')"""
    )
    assert [name for name, forced in rows if not forced] == []
    readers = database.rows("SELECT tablename FROM pg_policies WHERE policyname = 'reader'")
    assert {row[0] for row in readers} == set(walls.WALLS)


def test_indexes_serve_behind_the_wall(play):
    """The conditions of a list are compared by operators that PostgreSQL trusts before a policy."""
    database = play.world.desk("MOD").database
    rows = database.rows(
        """SELECT o.oprname, format_type(o.oprleft, NULL) FROM pg_operator o
             JOIN pg_proc p ON p.oid = o.oprcode
           WHERE NOT p.proleakproof AND o.oprleft = o.oprright
             AND o.oprleft IN ('bigint'::regtype, 'text'::regtype)
             AND o.oprname IN ('=', '<', '<=', '>', '>=')"""
    )
    assert rows == []


def test_a_login_that_is_stronger_than_the_wall_is_refused():
    """A superuser, or a role that inherits the engine's rights, is no login for a node."""
    cluster = stores.cluster()
    name = cluster.fresh()
    with refusal("store_strong"):
        Postgres(cluster.address(name, stores.OWNER))
    with psycopg.connect(cluster.address("postgres", stores.OWNER), autocommit=True) as keeper:
        keeper.execute("CREATE ROLE heir LOGIN INHERIT")
    with refusal("store_strong"):
        Postgres(cluster.address(name, "heir"))


def test_what_an_administrator_has_to_say_is_told_and_enough():
    """A login without rights gets the statements; once said, its node opens."""
    cluster = stores.cluster()
    with psycopg.connect(cluster.address("postgres", stores.OWNER), autocommit=True) as keeper:
        keeper.execute("CREATE ROLE modest LOGIN")
        keeper.execute("CREATE DATABASE modest OWNER modest")
        keeper.execute("REVOKE CREATE ON DATABASE modest FROM modest")
        address = cluster.address("modest", "modest")
        with pytest.raises(Exception, match="CREATE ROLE") as caught:
            prepare(address)
    assert caught.value.code == "store_prepare"
    with psycopg.connect(cluster.address("modest", stores.OWNER), autocommit=True) as keeper:
        keeper.execute(caught.value.values["sql"])
    prepare(address)
    node = Postgres(address)
    assert node.run("CREATE TABLE thing (id INTEGER PRIMARY KEY)") is not None
    assert node.has_table("thing")
    node.close()


# Of the log as such, which labels do not bind, and of partners and their agreements. How much of a
# file has come stands in no row that has a label: each file is asked for as its viewer afterwards.
OF_THE_LOG: Final = {
    "tansiq.desk.proof.audit", "tansiq.desk.links.linking", "tansiq.desk.records.file_progress",
}  # fmt: skip


def test_whatever_a_viewer_asks_for_is_read_behind_the_wall():
    """Every use case that takes a viewer reads as that viewer, also the next one to be written."""
    bare = [
        f"{module.name}.{name}"
        for module in pkgutil.walk_packages(tansiq.desk.__path__, "tansiq.desk.")
        if module.name not in OF_THE_LOG
        for name, made in vars(import_module(module.name)).items()
        if inspect.isfunction(made) and made.__module__ == module.name
        and not name.startswith("_") and "viewer" in inspect.signature(made).parameters
        and not hasattr(made, "__wrapped__")
    ]  # fmt: skip
    assert bare == []
