"""The databases of the tests: SQLite, or PostgreSQL where ``TANSIQ_TEST_STORE=postgresql`` says so.

PostgreSQL is a throwaway cluster of this process: in a temporary folder, on a Unix socket, without
fsync, gone with the process. A desk gets a database of its own; one that was closed is emptied and
given out again.
"""

import atexit
import ctypes
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tansiq.log.database import Database, Sqlite
from tansiq.log.postgres import Postgres
from tansiq.log.postgres_setup import Roles

CHOICE = "TANSIQ_TEST_STORE"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
OWNER, LOGIN = "keeper", "tansiq"
START_SECONDS = 60
HEX = re.compile(r"\\\\x[0-9a-f]+")
_SETTINGS = {
    "listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
    "autovacuum": "off", "max_connections": "300", "shared_buffers": "64MB", "wal_level": "minimal",
    "max_wal_senders": "0", "checkpoint_timeout": "1h", "max_wal_size": "2GB",
}  # fmt: skip
_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def on_postgresql() -> bool:
    """Whether this run's databases are PostgreSQL's."""
    return os.environ.get(CHOICE, "sqlite") == "postgresql"


# How many stores were asked for; ``conftest`` learns from it which tests need one.
ASKED = [0]


def setting() -> str:
    """The setting ``store`` of a node that a test founds."""
    ASKED[0] += 1
    return cluster().new() if on_postgresql() else "sqlite"


def database(path: Path | None = None) -> Database:
    """A database for a desk: what was left under ``path``, or an empty one that goes when it is
    closed.
    """
    ASKED[0] += 1
    if not on_postgresql():
        return Sqlite(path)
    return cluster().lent() if path is None else Postgres(cluster().kept(path))


def dump(database: Database) -> str:
    """All that a database holds, as text; bytes in capital hex digits."""
    if isinstance(database, Sqlite):
        return "\n".join(database._connection.iterdump())
    name = conninfo_to_dict(database._address)["dbname"]
    with psycopg.connect(cluster().address(name, OWNER)) as connection:
        tables = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND"
            " relnamespace = 'tansiq'::regnamespace"
        ).fetchall()
        rows = [
            row
            for (table,) in tables
            for row in connection.execute(f"SELECT x::text FROM {table} x")
        ]
    return "\n".join(HEX.sub(lambda found: found[0].upper(), text) for (text,) in rows)


class Cluster:
    """A PostgreSQL server for this process alone."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="tansiq-pg-"))
        self._log = (self.folder / "log").open("ab")
        self._names = itertools.count()
        self._free: list[_Lent] = []
        self._kept: dict[Path, str] = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        self._start()
        self._keeper = psycopg.connect(self.address("postgres", OWNER), autocommit=True)
        self._keeper.execute(f"CREATE ROLE {LOGIN} LOGIN")
        for statement in Roles(LOGIN).statements()[:4]:
            self._keeper.execute(statement)

    def _run(self, *command: str | Path, **options) -> "subprocess.Popen[bytes]":
        wanted = {"user": self._user, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.Popen(
            [BINARIES[-1] / command[0], *command[1:]], stdin=subprocess.DEVNULL, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=self._log, **wanted, **options,
        )  # fmt: skip

    def _start(self) -> None:
        data = self.folder / "data"
        made = self._run(
            "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        assert made.wait() == 0, self._told()
        chosen = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        prctl = ctypes.CDLL(None).prctl  # looked up before the fork
        self._server = self._run(
            "postgres", "-D", data, "-k", self.folder, *chosen,
            preexec_fn=lambda: prctl(_DIE_WITH_PARENT, signal.SIGQUIT),
        )  # fmt: skip
        atexit.register(self.stop)
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.address("postgres", OWNER)).close()
            except psycopg.OperationalError:
                assert self._server.poll() is None, self._told()
                assert time.monotonic() < until, "PostgreSQL did not start"
                time.sleep(0.05)
            else:
                return

    def _told(self) -> str:
        return (self.folder / "log").read_text()

    def stop(self) -> None:
        """Stop the server and remove its folder; a forked child leaves both alone."""
        if os.getpid() == self._process:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, name: str, user: str = LOGIN) -> str:
        """The connection URL of a database."""
        return f"postgresql:///{name}?host={self.folder}&user={user}"

    def fresh(self) -> str:
        """A new empty database with the node's schemas."""
        name = f"t{os.getpid()}_{next(self._names)}"
        self._keeper.execute(f"CREATE DATABASE {name} OWNER {LOGIN}")
        with psycopg.connect(self.address(name, OWNER), autocommit=True) as connection:
            for statement in Roles(LOGIN).schemas():
                connection.execute(statement)
        return name

    def new(self) -> str:
        """The address of a new empty database."""
        return self.address(self.fresh())

    def kept(self, path: Path) -> str:
        """The address of the database that stands for a file."""
        return self.address(self._kept.setdefault(path, "") or self._keep(path))

    def _keep(self, path: Path) -> str:
        name = self._kept[path] = self.fresh()
        return name

    def lent(self) -> Postgres:
        """An empty database that comes back when it is closed."""
        while self._free and self._free[-1].uses > _USES_MAX:
            Postgres.close(self._free.pop())
        if not self._free:
            return _Lent(self.address(self.fresh()), self._free)
        lent = self._free.pop()
        lent.uses += 1
        lent.run(_EMPTY)
        return lent


# DELETE, not TRUNCATE: these tables are small, and new files for each of them cost far more.
_EMPTY = """DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS name, c.relkind AS kind FROM pg_class c
      WHERE c.relnamespace = 'tansiq'::regnamespace AND c.relkind IN ('r', 'S')
      ORDER BY c.relname IN ('log', 'label') LOOP
    IF one.kind = 'S' THEN
      EXECUTE 'ALTER SEQUENCE ' || one.name || ' RESTART';
    ELSE
      EXECUTE 'DELETE FROM ' || one.name;
    END IF;
  END LOOP; END $$"""
_USES_MAX = 200  # after that its dead rows cost more than a new one


class _Lent(Postgres):
    """A database of the cluster; closed, it waits with its connections for the next test."""

    def __init__(self, address: str, free: "list[_Lent]") -> None:
        super().__init__(address)
        self._free = free
        self.uses = 0

    def close(self) -> None:
        if self not in self._free:
            self._free.append(self)


@cache
def cluster() -> Cluster:
    """The server of this process, started when the first test asks for it."""
    assert BINARIES, "PostgreSQL is missing: apt-get install postgresql"
    return Cluster()
