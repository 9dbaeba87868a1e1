"""A throwaway PostgreSQL server that is really killed: durable, on a Unix socket, in a folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tansiq.log.postgres_setup import Roles

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
OWNER, LOGIN = "keeper", "tansiq"


class Cluster:
    """The server and its folder, with PostgreSQL's own settings: what is committed is on disk."""

    def __init__(self) -> None:
        assert BINARIES, "PostgreSQL is missing: apt-get install postgresql"
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="tansiq-crash-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        with psycopg.connect(self.address("postgres", OWNER), autocommit=True) as connection:
            connection.execute("CREATE DATABASE crash")
            connection.execute(f"CREATE ROLE {LOGIN} LOGIN")
        with psycopg.connect(self.address("crash", OWNER), autocommit=True) as connection:
            for statement in Roles(LOGIN).statements():
                connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        wanted = {"user": self._user, "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            [BINARIES[-1] / program, "-D", self.folder / "data", *arguments],
            check=True, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **wanted,  # type: ignore[call-overload]
        )  # fmt: skip

    def address(self, name: str, user: str = LOGIN) -> str:
        """The connection URL of a database."""
        return f"postgresql:///{name}?host={self.folder}&user={user}"

    def start(self) -> None:
        """Start the server, which first repairs what a sudden death left."""
        listen = f"-k {self.folder} -c listen_addresses= -c max_connections=60"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", listen, "start")

    def die(self) -> None:
        """Stop without a word to anybody: no shutdown checkpoint, clients are cut off."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop the server and take its folder away."""
        self.die()
        shutil.rmtree(self.folder, ignore_errors=True)
