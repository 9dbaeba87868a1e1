"""Parcels on a stick: files that are written as ``tansiq-MPA-to-MOD-000118.tsq`` in one folder.

A file holds one sealed parcel, the same bytes as on any other carrier. What is read, whatever it is
called by then, says ``stick_files``; nothing else on the stick is changed or removed. A file is
written whole or not at all, and never over another one.

What must hold: a stick that was torn out, copied back, renamed or filled with foreign files ends in
a typed fault for each such file, and the rest is taken.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tansiq.carriers.carrier import LinkError
from tansiq.carriers.stick_files import PART, File, Left, Stick, Why, look
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import exchange
from tansiq.desk.exchange.exchange import Taken, file_name
from tansiq.desk.trust import papers
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, StoreError
from tansiq.domain.parties import PartyCode

_NOT_FOR_US: Final = {"partner_unknown": Why.STRANGER, "card_own": Why.OWN}
_READ_BYTES: Final = 1024 * 1024
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW

__all__ = ["FileRead", "Left", "NoticeRead", "Stick", "StickCarrier", "Why", "Written", "look",
           "notices", "read", "write"]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that was written to the stick; ``data`` is what it holds."""

    path: Path
    party: PartyCode
    number: int
    entries: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """A file for us on the stick: what it changed, or why it could not be used."""

    file: File
    taken: Taken | None
    fault: FaultError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRead:
    """A notice on the stick: whose it is and whether it was news, or why it could not be used."""

    path: Path
    party: PartyCode
    news: bool
    fault: FaultError | None


class StickCarrier:
    """Carries parcels by leaving them in a folder; answers come when the folder comes back."""

    def __init__(self, folder: Path, me: PartyCode) -> None:
        self.folder = folder
        self.me = me

    async def carry(self, party: PartyCode, number: int, parcel: bytes) -> bytes | None:
        """Leave parcel ``number`` for ``party`` in the folder. Raises LinkError."""
        self.leave(party, number, parcel)
        return None

    def leave(self, party: PartyCode, number: int, parcel: bytes) -> Path:
        """As :meth:`carry`; where the file is. It is there whole, or not at all."""
        path = self.folder / file_name(self.me, party, number)
        part = path.with_name(path.name + PART)
        try:
            if path.exists():
                raise LinkError("stick_file_exists", name=path.name)
            part.unlink(missing_ok=True)  # left by a torn stick; a new file follows no link
            with os.fdopen(os.open(part, _NEW, 0o644), "wb") as file:
                file.write(parcel)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            _sync_folder(self.folder)
        except OSError as error:
            _discard(part)
            raise LinkError("stick_write", reason=error.strerror or "") from None
        return path


def _discard(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the stick is gone; a file that ends in .part is never read


def _sync_folder(folder: Path) -> None:
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(number)
    except OSError:
        return  # some file systems of sticks cannot; the file itself is synced
    finally:
        os.close(number)


def write(desk: Desk, folder: Path, party: PartyCode) -> list[Written]:
    """Write all that ``party`` has not signed for, and our receipt, in as many files as it takes.

    Raises LinkError for the stick, ParcelError for a partner that is unknown or stopped.
    """
    carrier = StickCarrier(folder, desk.me)
    written: list[Written] = []
    start, reached = None, None
    for _ in range(2 * BOUNDS.stick_files_max):
        parcel = exchange.next_parcel(desk, party, start=start, reached=reached)
        try:
            path = carrier.leave(party, parcel.number, parcel.data)
        except LinkError as error:
            if error.code == "stick_file_exists":
                continue  # numbers began anew after a backup was restored; the next may be free
            raise
        entries = parcel.end - parcel.start
        written.append(
            Written(path=path, party=party, number=parcel.number, entries=entries, data=parcel.data)
        )
        if not parcel.more or not (entries or parcel.files):
            return written  # one that asks or gives back says the same again before its answer
        start, reached = parcel.end, parcel.reached
    raise LinkError("stick_files", limit=BOUNDS.stick_files_max)


def notices(desk: Desk, stick: Stick) -> Iterator[NoticeRead | Left]:
    """Take every card, revocation or succession on the stick that concerns us or a partner. Our
    own card and what concerns strangers are left, with the reason.
    """
    for path in stick.papers:
        party, news, fault = "", False, None
        try:
            paper = papers.hear(desk, papers.as_handed(_bytes_of(path)))
            party, news = (paper.party, True) if paper else ("", False)
        except StoreError:
            raise
        except FaultError as error:
            if error.code in _NOT_FOR_US:
                yield Left(name=stick.name_of(path), why=_NOT_FOR_US[error.code])
                continue
            fault = error
        yield NoticeRead(path=path, party=PartyCode(party), news=news, fault=fault)


def read(desk: Desk, stick: Stick) -> Iterator[FileRead]:
    """Take every file for us, one report each. Raises StoreError for our own disk."""
    for file in stick.parcels:
        taken: Taken | None = None
        fault: FaultError | None = None
        try:
            taken = exchange.incoming(desk, _bytes_of(file.path))
        except StoreError:
            raise  # our own disk, not the stick: going on would not help
        except FaultError as error:
            fault = error
        yield FileRead(file=file, taken=taken, fault=fault)


def _bytes_of(path: Path) -> bytes:
    """The bytes of a plain file within bounds; a link, a device or a folder is refused."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise LinkError("stick_not_a_file")
            data = bytearray()
            while part := os.read(number, _READ_BYTES):
                data += part
                if len(data) > BOUNDS.parcel_bytes_max:
                    raise LinkError("stick_file_size", limit=BOUNDS.parcel_bytes_max)
        finally:
            os.close(number)
    except OSError as error:
        raise LinkError("stick_read", reason=error.strerror or "") from None
    return bytes(data)
