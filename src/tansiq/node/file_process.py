"""Files are looked into in a process of their own, one for each (``node.file_worker``), with
bounds on memory and time. A file that was made to do harm ends that process and nothing else.

What must hold: whatever happens to the process, the node gets an answer within ``PATIENCE_SECONDS``
of its turn: the file as it is, with its traces, no thumbnail, and no rows. It knows no key and no
table, gets nothing but the bytes, and may write nothing but its answer.
"""

import threading
from collections import OrderedDict
from typing import Final

import msgspec

from tansiq.desk.act.desk import Clean
from tansiq.desk.reader.rows import Row
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.files.attachment import MEDIA_TYPES, OTHER, TRACES
from tansiq.node.bounded import answer

PATIENCE_SECONDS: Final = 30.0
COMMAND: Final = ("-m", "tansiq.node.file_worker")
PROCESSES_MAX: Final = 2  # at once; who comes later waits for a turn
THUMBNAILS_KEPT: Final = 256
_HEAD_BYTES_MAX: Final = 200
_ROWS: Final = msgspec.msgpack.Decoder(list[Row] | dict[str, int | str])


class FileProcess:
    """Looks into files for a node (``desk.act.desk.Cleaner``). Any thread may call it."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(PROCESSES_MAX)
        self._small: OrderedDict[str, bytes | None] = OrderedDict()
        self._lock = threading.Lock()

    def clean(self, data: bytes) -> Clean:
        """The file without traces of its making, as far as they can be taken out."""
        told = self._asked("clean", data)
        head, _, rest = (told or b"").partition(b"\n")
        words = head[:_HEAD_BYTES_MAX].decode("ascii", "replace").split(" ")
        if len(words) == len(("media_type", "traces")):
            media_type, traces = words
            if media_type in MEDIA_TYPES and traces in TRACES and rest:
                small = len(rest) <= BOUNDS.attachment_bytes_max
                return Clean(media_type=media_type, data=rest if small else data,
                             traces=traces if small else "kept")  # fmt: skip
        return Clean(media_type=OTHER, data=data, traces="kept")

    def thumbnail(self, digest: str, data: bytes) -> bytes | None:
        """A small JPEG of a picture; the newest are remembered, also that there is none."""
        with self._lock:
            if digest in self._small:
                self._small.move_to_end(digest)
                return self._small[digest]
        made = self._asked("thumbnail", data) or None
        with self._lock:
            self._small[digest] = made
            while len(self._small) > THUMBNAILS_KEPT:
                self._small.popitem(last=False)
        return made

    def rows(self, data: bytes) -> list[Row]:
        """The rows of an XLSX workbook's first sheet. Raises InputError."""
        try:
            found = _ROWS.decode(self._asked("rows", data) or b"")
        except msgspec.MsgspecError:
            raise InputError("workbook_unreadable") from None
        if isinstance(found, list):
            return found
        code = str(found.pop("code", "workbook_unreadable"))
        raise InputError(code, **found)

    def _asked(self, what: str, data: bytes) -> bytes | None:
        with self._turns:
            return answer((*COMMAND, what), data, PATIENCE_SECONDS)
