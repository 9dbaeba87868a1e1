"""A whole node on PostgreSQL by one setting: founded, peopled, checked, and nothing beside it."""

import json
import sqlite3
import subprocess
import sys

import psycopg
import pyrage
import pytest

from tansiq.domain.parties import PartyCode
from tansiq.node import cli
from tansiq.node.backup import Lock, back_up
from tansiq.node.founding import open_node
from tansiq.node.restoring import restore
from tansiq.node.settings import FILE, parse_settings
from tansiq.node.stores import accounts_of, address_of
from tests import stores
from tests.contract.desks import found
from tests.world import refusal

MPA = PartyCode("MPA")


@pytest.fixture(scope="module")
def address():
    return stores.cluster().new()


@pytest.fixture(scope="module")
def settings(tmp_path_factory, address):
    return found(tmp_path_factory.mktemp("headquarters"), MPA, store=address)


def rows(address, statement):
    with psycopg.connect(address) as connection:
        return connection.execute(statement).fetchall()


def test_one_setting_moves_everything(settings, address):
    """No database is left in the folder; the settings name the server's."""
    assert json.loads((settings.folder / FILE).read_text())["store"] == address
    assert list(settings.folder.glob("*.sqlite3*")) == []
    assert ("entry",) in rows(address, "SELECT relname FROM pg_class")


def test_the_node_is_checked_and_rebuilt(settings):
    """The commands that ask for the node alone work as on SQLite."""
    assert cli.main(["fsck", str(settings.folder)]) == 0
    assert cli.main(["rebuild", str(settings.folder)]) == 0
    assert cli.main(["verify", str(settings.folder)]) == 0


@pytest.fixture(scope="module")
def peopled(settings):
    """The node with a person in its accounts."""
    done = subprocess.run(
        [sys.executable, "-m", "tansiq.node", "person", settings.folder, "--position", "liaison",
         "--person", "P-1"],
        input=b"five quiet words of ours\n", capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return settings


def test_a_person_gets_an_account_in_the_same_database(peopled):
    """The pages' framework makes its tables in the schema of the accounts, and they are used."""
    people = rows(peopled.store, "SELECT to_jsonb(p)::text FROM accounts.accounts_person p")
    assert len(people) == 1
    assert "P-1" in people[0][0]
    assert "quiet" not in people[0][0]


def test_accounts_travel_in_a_backup(peopled, tmp_path):
    """People sign on as before, on either store, and new ones get numbers of their own."""
    backup, store = tmp_path / "one.tsqb", stores.cluster().new()
    identity = pyrage.x25519.Identity.generate()
    back_up(peopled.folder, backup, Lock(recipient=str(identity.to_public())), lambda *_: None)
    for chosen in (store, "sqlite"):
        restore(backup, tmp_path / chosen[:6], str(identity), lambda *_: None, store=chosen)
    with sqlite3.connect(tmp_path / "sqlite" / "accounts.sqlite3") as connection:
        for asked in (
            "SELECT id, roster, positions, password FROM {}accounts_person",
            "SELECT app, name FROM {}django_migrations ORDER BY app, name",
        ):
            before = rows(peopled.store, asked.format("accounts."))
            assert before
            assert rows(store, asked.format("accounts.")) == before
            assert connection.execute(asked.format("")).fetchall() == before
    connection.close()
    following = "SELECT nextval(pg_get_serial_sequence('accounts.accounts_person', 'id'))"
    assert rows(store, following) == [(2,)]
    tables = "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'accounts' ORDER BY 1"
    assert rows(store, tables) == rows(peopled.store, tables)


def test_a_second_node_is_not_founded_over_the_first(settings, address, tmp_path):
    """One database, one node; nothing is left of the attempt."""
    with refusal("store_taken"):
        found(tmp_path, PartyCode("MOD"), store=address)
    assert not (tmp_path / "MOD").exists()
    with open_node(settings.folder) as node:
        assert node.desk.me == MPA


def test_a_password_is_refused_in_the_settings_and_taken_from_the_keys(settings):
    """The settings hold no secret; a file of the keys folder is named to the driver."""
    plain = json.loads((settings.folder / FILE).read_text())
    for store, code in (
        ("postgresql://tansiq:secret@/x", "store_password"),
        ("host=/tmp password=secret", "store_password"),
        ("no address", "store_address"),
    ):
        with refusal(code):
            parse_settings(settings.folder, json.dumps(plain | {"store": store}).encode())
    (settings.keys / "pgpass").write_text("*:*:*:*:secret\n")
    try:
        assert "pgpass" in address_of(settings)
        assert accounts_of(settings)["passfile"].endswith("keys/pgpass")
    finally:
        (settings.keys / "pgpass").unlink()
