"""Backups: a whole node in one encrypted file, made while the node runs (``restoring``: the way
back).

The file is ``TSQB1 <n>``, a newline, n bytes, and an age file. Inside the age file are a zstd frame
and in it a tar archive: ``manifest.json`` first, then settings, card, keys and both databases, as
SQLite files also where the node keeps its records in PostgreSQL (``copy_stores``). The age file is
encrypted to a recipient of the operator's choice. Where a passphrase is chosen, it is encrypted to
a key drawn for this file alone, and the n bytes are that key under the passphrase (age again): age
takes a passphrase only for what fits into memory. Keys travel as they lie in the folder.

What must hold: each database is one moment (a single read transaction), so the logs are whole; the
target is there whole or not at all.
"""

import hashlib
import io
import os
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import msgspec
import pyrage
import zstandard

from tansiq.domain.bounds import MIB
from tansiq.domain.errors import InputError, StoreError
from tansiq.log.database import HEADS, Row
from tansiq.log.keys import is_age_recipient
from tansiq.log.merkle import Frontier
from tansiq.node import leftovers
from tansiq.node.clock import SystemClock
from tansiq.node.files import sync_folder
from tansiq.node.settings import FILE, SQLITE, NodeSettings, read_settings

MAGIC: Final = b"TSQB1 "
MANIFEST: Final = "manifest.json"
MANIFEST_BYTES_MAX: Final = 4 * MIB
LOCKED_BYTES_MAX: Final = 64 * 1024
PASSPHRASE_CHARS_MIN: Final = 12
_COPY_BYTES: Final = 1024 * 1024
DATABASES: Final = ("tansiq.sqlite3", "accounts.sqlite3")
PLAIN: Final = 0o600
Progress = Callable[[int, int], None]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A file in a backup."""

    name: str
    bytes: int
    sha256: str


class Head(msgspec.Struct, forbid_unknown_fields=True):
    """How far a log had come."""

    log: str
    size: int
    root: str


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a backup holds: whose, from when, which files, and the heads of all logs."""

    v: int
    party: str
    node: str
    at: int
    files: list[Part]
    heads: list[Head]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """How a backup is encrypted: to an age recipient, or under a passphrase."""

    recipient: str = ""
    passphrase: str = ""


# Making -------------------------------------------------------------------------------------------


def back_up(folder: Path, target: Path, lock: Lock, progress: Progress) -> Manifest:
    """Write a backup of the node in ``folder`` to the file ``target``, which must not exist.

    The node may be running. Raises FaultError; then no target is there.
    """
    settings = read_settings(folder)
    if target.exists():
        raise StoreError("backup_exists", path=target)
    prefix, recipient = _locked(lock)
    part = target.with_name(target.name + ".part")
    try:
        with leftovers.work_folder(folder) as work:
            manifest = _collect(settings, work)
            number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, PLAIN)
            with os.fdopen(number, "wb") as file:
                file.write(prefix)
                with piped(_packer(settings, work, manifest, progress)) as source:
                    pyrage.encrypt_io(source, file, [recipient])
                file.flush()
                os.fsync(file.fileno())
        part.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreError("backup_write", path=target, reason=error.strerror or "") from None
    except sqlite3.Error as error:
        raise StoreError("database", detail=str(error)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


def _locked(lock: Lock) -> tuple[bytes, pyrage.x25519.Recipient]:
    if lock.recipient:
        if not is_age_recipient(lock.recipient):
            raise InputError("age_recipient")
        return MAGIC + b"0\n", pyrage.x25519.Recipient.from_str(lock.recipient)
    if len(lock.passphrase) < PASSPHRASE_CHARS_MIN:
        raise InputError("backup_passphrase", least=PASSPHRASE_CHARS_MIN)
    identity = pyrage.x25519.Identity.generate()
    sealed = bytes(pyrage.passphrase.encrypt(str(identity).encode(), lock.passphrase))
    return MAGIC + b"%d\n" % len(sealed) + sealed, identity.to_public()


def _collect(settings: NodeSettings, work: Path) -> Manifest:
    """Copy both databases, each at one moment, and say what all files hold."""
    if settings.store == SQLITE:
        _copy_files(settings.folder, work)
    else:
        from tansiq.node.copy_stores import copy_out

        copy_out(settings, work)
    paths = [settings.folder / FILE, settings.card, *sorted(settings.keys.iterdir())]
    paths += [work / name for name in DATABASES if (work / name).exists()]
    files = [
        Part(name=_name_of(path, settings, work), bytes=path.stat().st_size, sha256=_digest(path))
        for path in paths
    ]
    heads = _heads(work / DATABASES[0])
    return Manifest(
        v=1, party=settings.party, node=settings.node,
        at=SystemClock(settings.clock_offset_ms).now(), files=files, heads=heads,
    )  # fmt: skip


def _copy_files(folder: Path, work: Path) -> None:
    for name in DATABASES:
        source = folder / name
        if source.exists():
            with sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True) as connection:
                connection.execute("VACUUM INTO ?", (str(work / name),))
            connection.close()


def _name_of(path: Path, settings: NodeSettings, work: Path) -> str:
    base = work if path.is_relative_to(work) else settings.folder
    return path.relative_to(base).as_posix()


def _heads(database: Path) -> list[Head]:
    with sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True) as connection:
        rows = connection.execute(HEADS).fetchall()
    connection.close()
    return heads_of(rows)


def heads_of(rows: Iterable[Row]) -> list[Head]:
    """The heads in what ``HEADS`` asks a database for."""
    heads = [(str(name), Frontier.decode(cast("bytes", data))) for name, data in rows]
    return sorted(
        (Head(log=name, size=head.size, root=head.root().hex()) for name, head in heads),
        key=lambda head: head.log,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _packer(
    settings: NodeSettings, work: Path, manifest: Manifest, progress: Progress
) -> Callable[[IO[bytes]], None]:
    """Packs in one thread while another encrypts: whatever the size, it takes little memory."""
    total = sum(part.bytes for part in manifest.files)

    def pack(sink: IO[bytes]) -> None:
        packed = zstandard.ZstdCompressor(level=3).stream_writer(sink, closefd=False)
        with packed, tarfile.open(fileobj=packed, mode="w|") as archive:
            _add(archive, MANIFEST, io.BytesIO(msgspec.json.encode(manifest)))
            done = 0
            for part in manifest.files:
                inside = work / part.name
                path = inside if inside.exists() else settings.folder / part.name
                with path.open("rb") as file:
                    _add(archive, part.name, file, part.bytes)
                done += part.bytes
                progress(done, total)

    return pack


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int | None = None) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode = PLAIN
    entry.size = len(cast("io.BytesIO", file).getbuffer()) if size is None else size
    archive.addfile(entry, file)


@contextmanager
def piped(fill: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What ``fill`` writes, to be read while it writes it; its failure is raised at the end."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as sink:
                fill(sink)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failed.append(error)

    worker = threading.Thread(target=run)
    worker.start()
    try:
        with os.fdopen(reading, "rb") as source:
            yield source
    finally:
        worker.join()
    if failed:
        raise failed[0]
