"""Processor time of a question: this process, and with PostgreSQL the server's process behind it.

On a machine that does other things too, elapsed time tells of those; processor time hardly does.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tansiq.log.database import Database
from tansiq.log.postgres import Postgres


class Meter:
    """Measures what happens within ``with meter.running()``; ``spent`` is seconds."""

    def __init__(self, database: Database) -> None:
        self._server: Path | None = None
        self.spent = 0.0
        if isinstance(database, Postgres):
            # One thread asks, so one connection of the pool is taken again and again.
            ((number,),) = database.rows("SELECT pg_backend_pid()")
            self._server = Path(f"/proc/{number}/schedstat")

    def _served(self) -> float:
        if self._server is None:
            return 0.0
        return int(self._server.read_text("ascii").split()[0]) / 1e9

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure this."""
        served, began = self._served(), time.process_time()
        yield
        ended = time.process_time()
        self.spent = ended - began + self._served() - served
