"""Where a node keeps its logs, its board and its accounts: SQLite in its folder, or PostgreSQL.

One setting, ``store``, decides for all of them. A password for the server is in no setting: it
stands in ``keys/pgpass`` (libpq's form, 0600), or there is none because the server knows the
node's system user.

The driver of PostgreSQL is a fifth of what a command loads, so it is imported where it is used.
"""

from pathlib import Path
from typing import Final, TypeAlias

from tansiq.domain.errors import StoreError
from tansiq.log.database import Database, Sqlite
from tansiq.node.settings import SQLITE, NodeSettings

PASSWORDS: Final = "pgpass"
Accounts: TypeAlias = Path | dict[str, str]


def address_of(settings: NodeSettings) -> str:
    """The address of the server's database, with the file of its password where there is one."""
    passwords = (settings.keys / PASSWORDS).absolute()
    if not passwords.is_file():
        return settings.store
    from psycopg.conninfo import make_conninfo

    return make_conninfo(settings.store, passfile=str(passwords))


def open_store(settings: NodeSettings) -> Database:
    """The node's database. Raises StoreError where it cannot be used."""
    if settings.store == SQLITE:
        return Sqlite(settings.database)
    from tansiq.log.postgres import Postgres

    return Postgres(address_of(settings))


def found_store(settings: NodeSettings) -> None:
    """Make a node's place in the server's database. Raises StoreError where there is something in
    it already, or where an administrator has to prepare it.
    """
    if settings.store == SQLITE:
        return
    from tansiq.log.postgres import Postgres
    from tansiq.log.postgres_setup import ACCOUNTS, SCHEMA, prepare

    address = address_of(settings)
    prepare(address)
    database = Postgres(address)
    try:
        if database.has_tables(SCHEMA, ACCOUNTS):
            raise StoreError("store_taken")
    finally:
        database.close()


def accounts_of(settings: NodeSettings) -> Accounts:
    """The accounts' file, or the words by which their schema is reached."""
    if settings.store == SQLITE:
        return settings.accounts
    from psycopg.conninfo import conninfo_to_dict

    from tansiq.log.postgres_setup import ACCOUNTS

    given = conninfo_to_dict(address_of(settings))
    options = f"{given.get('options') or ''} -c search_path={ACCOUNTS}".strip()
    return {name: str(value) for name, value in {**given, "options": options}.items()}
