"""The node's running log: one JSON line per event on the error stream, for machines to read.

What must hold: no content, name, address or free text can reach a line. Its fields are an event of
:class:`Event`, a party code, a code that has words or stands in ``CODES``, a module that is loaded,
and whole numbers; anything else is a TypeError, or is written as ``unknown``.
"""

import functools
import json
import logging
import re
import sys
from enum import StrEnum
from typing import Final, TextIO

from tansiq.desk.act.desk import Clock
from tansiq.domain.parties import PartyCode
from tansiq.domain.wording import catalogue

UNKNOWN: Final = "unknown"
LINES_A_SECOND_MAX: Final = 10  # of libraries: a stranger's noise fills no disk
# Codes that only the log knows: people never read them, so they have no words.
CODES: Final = frozenset(
    {UNKNOWN, "busy", "request_unknown", "request_slow", "request_broken", "unexpected"}
)
_PARTY: Final = re.compile(r"[A-Z]{2,8}")


class Event(StrEnum):
    """All that the log can tell of."""

    FOLDING = "folding"
    FOLDED = "folded"
    STARTED = "started"
    WEB_LISTENS = "web_listens"
    PARTNERS_LISTEN = "partners_listen"
    EXCHANGED = "exchanged"
    EXCHANGE_FAILED = "exchange_failed"
    EXCHANGE_REFUSED = "exchange_refused"
    PARTNER_STOPPED = "partner_stopped"
    SENT_WHEN_DUE = "sent_when_due"
    PURGED = "purged"
    TICK_FAILED = "tick_failed"
    READER_LOST = "reader_lost"
    LIBRARY = "library"
    STOPPING = "stopping"
    STOPPED = "stopped"


@functools.cache
def known_codes() -> frozenset[str]:
    """The codes that may stand in a line."""
    families = ("error.", "refused.")
    coded = (key.partition(".")[2] for key in catalogue() if key.startswith(families))
    return CODES | frozenset(coded)


class NodeLog:
    """Writes the lines. Safe from any thread: a line is one write."""

    def __init__(self, clock: Clock, stream: TextIO | None = None) -> None:
        self._clock = clock
        self._stream = stream or sys.stderr

    def note(
        self,
        event: Event,
        *,
        party: PartyCode | None = None,
        code: str = "",
        module: str = "",
        **counts: int,
    ) -> None:
        """One event, with its numbers."""
        line: dict[str, str | int] = {"at": self._clock.now(), "event": Event(event).value}
        if party is not None:
            line["party"] = party if _PARTY.fullmatch(party) else UNKNOWN
        if code:
            line["code"] = code if code in known_codes() else UNKNOWN
        if module:
            loaded = module in sys.modules or module in logging.root.manager.loggerDict
            line["module"] = module if loaded else UNKNOWN
        for name, count in counts.items():
            if type(count) is not int:
                raise TypeError("the log takes whole numbers only")
            line[name] = count
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()


class LibraryHandler(logging.Handler):
    """What libraries log, without a word of it: which module, which level, which line."""

    def __init__(self, log: NodeLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self._second = 0
        self._told = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of a record; its text stays out, because it may quote what people wrote."""
        second = int(record.created)
        self._told = self._told + 1 if second == self._second else 1
        self._second = second
        if self._told > LINES_A_SECOND_MAX:
            return
        module, line = record.name, record.lineno
        trace = record.exc_info[2] if record.exc_info else None
        while trace is not None:
            module, line = str(trace.tb_frame.f_globals.get("__name__")), trace.tb_lineno
            trace = trace.tb_next
        code = "unexpected" if record.exc_info else ""
        self._log.note(Event.LIBRARY, code=code, module=module, level=record.levelno, line=line)


def quieten_libraries(log: NodeLog) -> None:
    """Let every library log into ``log`` and nowhere else."""
    logging.basicConfig(handlers=[LibraryHandler(log)], level=logging.WARNING, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx", "django"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
