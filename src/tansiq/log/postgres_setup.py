"""What a node needs in PostgreSQL before it can use it: three roles, two schemas.

The role that logs in owns none of the content and inherits nothing. The engine owns the tables and
keeps the logs; the reader is what a person's reading runs as, behind row level security.
"""

from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import conninfo as libpq

from tansiq.domain.errors import InputError, StoreError

SCHEMA: Final = "tansiq"
ACCOUNTS: Final = "accounts"


@dataclass(frozen=True, slots=True)
class Roles:
    """The names of a node's roles, from the one that logs in."""

    login: str

    @property
    def engine(self) -> str:
        """Owns the tables of the node."""
        return _quoted(f"{self.login}_engine")

    @property
    def reader(self) -> str:
        """Reads for a person."""
        return _quoted(f"{self.login}_reader")

    def statements(self) -> tuple[str, ...]:
        """What an administrator of the database says once, in the node's database."""
        login = _quoted(self.login)
        return (
            f"CREATE ROLE {self.engine} NOLOGIN",
            f"CREATE ROLE {self.reader} NOLOGIN",
            f"ALTER ROLE {login} NOINHERIT",
            f"GRANT {self.engine}, {self.reader} TO {login}",
            *self.schemas(),
        )

    def schemas(self) -> tuple[str, ...]:
        """The part of it that belongs to one database."""
        return (
            f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {self.engine}",
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO {self.reader}",
            f"CREATE SCHEMA {ACCOUNTS} AUTHORIZATION {_quoted(self.login)}",
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def checked_address(address: str) -> str:
    """A connection string or URL without a password in it. Raises InputError."""
    try:
        given = libpq.conninfo_to_dict(address)
    except psycopg.Error:
        raise InputError("store_address") from None
    if given.get("password") is not None:
        raise InputError("store_password")
    return address


def prepare(address: str) -> None:
    """Make the roles and schemas where they are missing and our rights allow it. Raises StoreError
    with what an administrator has to say.
    """
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            known = connection.execute(
                "SELECT session_user, to_regnamespace('tansiq'),"
                " to_regrole(quote_ident(session_user || '_engine'))"
            ).fetchone()
            login, schema, engine = known or ("", None, None)
            if schema is not None:
                return
            roles = Roles(str(login))  # they are the server's: another database may have them
            wanted = ";\n".join(roles.statements() if engine is None else roles.schemas()) + ";"
            try:
                with connection.transaction():
                    connection.execute(wanted.encode())
            except psycopg.Error:
                raise StoreError("store_prepare", login=login, sql=wanted) from None
    except psycopg.Error as error:
        raise StoreError("store_unreachable", detail=" ".join(str(error).split())) from None


def settle(connection: "psycopg.Connection[tuple[object, ...]]") -> Roles:
    """Become the engine on a new connection. Raises StoreError for a login without its roles, and
    for one that is stronger than the wall.
    """
    found = connection.execute(
        "SELECT session_user, rolsuper OR rolbypassrls OR rolinherit FROM pg_roles"
        " WHERE rolname = session_user"
    ).fetchone()
    login, strong = found or ("", True)
    roles = Roles(str(login))
    if strong:
        raise StoreError("store_strong", login=login)
    try:
        connection.execute(f"SET ROLE {roles.engine}".encode())
    except psycopg.Error:
        sql = ";\n".join(roles.statements()) + ";"
        raise StoreError("store_prepare", login=login, sql=sql) from None
    return roles
