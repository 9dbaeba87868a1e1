"""A node's records between PostgreSQL and the files that a backup holds.

A backup is the same whatever the node keeps its records in: SQLite files. From PostgreSQL come the
logs and what is not folded from them; the board is folded anew where a backup is brought back.

What must hold: the logs are read at one moment while the node goes on; a database into which they
are brought was empty and has all of them, checked, or nothing.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tansiq.board import node_state
from tansiq.domain.errors import StoreError
from tansiq.log.copying import copy_logs, copy_table
from tansiq.log.database import Database, Sqlite, in_one_file
from tansiq.log.postgres import Postgres
from tansiq.log.postgres_setup import ACCOUNTS, SCHEMA
from tansiq.node.settings import NodeSettings
from tansiq.node.stores import Accounts, accounts_of, address_of, found_store


def copy_out(settings: NodeSettings, folder: Path) -> None:
    """Copy the records of a node on PostgreSQL into files in ``folder``, named as a node on SQLite
    names them. Raises StoreError.
    """
    with closing(Postgres(address_of(settings))) as source:
        with source.moment(), closing(Sqlite(folder / settings.database.name)) as target:
            in_one_file(target)
            with target.transaction():
                _copy(source, target)
        peopled = source.has_tables(ACCOUNTS)
    if peopled:
        _move_accounts(accounts_of(settings), folder / settings.accounts.name)


def bring_in(settings: NodeSettings, check: Callable[[Database], None]) -> None:
    """Move the files of the node's folder into its empty PostgreSQL database, where ``check`` says
    whether all is well. Raises StoreError; then the database is as it was.
    """
    found_store(settings)
    with closing(Postgres(address_of(settings))) as target, target.transaction():
        if target.has_tables(SCHEMA, ACCOUNTS):  # asked again: nobody writes from here on
            raise StoreError("store_taken")
        # If the server is lost between the two commits at the end, accounts stand there alone: the
        # next attempt says that the database is not empty.
        with closing(Sqlite(settings.database)) as source:
            _copy(source, target)
        check(target)
        if settings.accounts.exists():
            _move_accounts(settings.accounts, accounts_of(settings))
    for path in (settings.database, settings.accounts):
        path.unlink(missing_ok=True)


def _copy(source: Database, target: Database) -> None:
    copy_logs(source, target)
    for table in node_state.TABLES:
        target.run(table)
    for name, keys in node_state.KEYS.items():
        copy_table(source, target, name, keys)


def _move_accounts(source: Accounts, target: Accounts) -> None:
    # Django, and only where there are accounts.
    from tansiq.web.accounts.copy_accounts import move_accounts  # noqa: PLC0415

    move_accounts(source, target)
