"""Backups: a node's folder in one encrypted file, made while the node runs, and brought back.

The file is ``TSQB1 <n>``, a newline, n bytes, and an age file. Inside the age file are a zstd frame
and in it a tar archive: ``manifest.json`` first, then settings, card, keys and both databases. The
age file is encrypted to a recipient of the operator's choice. Where a passphrase is chosen, it is
encrypted to a key drawn for this file alone, and the n bytes are that key under the passphrase
(age again): age takes a passphrase only for what fits into memory. Keys travel as they lie in the
folder.

What must hold: each database is one moment (a single read transaction), so the logs are whole; the
target is there whole or not at all; a restore changes nothing that was there, and what it brings
back are exactly the logs that the manifest names, marked as an older state (``desk.hearing``).
"""

import hashlib
import io
import os
import secrets
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

import msgspec
import pyrage
import zstandard

from tansiq.desk import checking, hearing, partners
from tansiq.desk.desk import Desk, Identity
from tansiq.domain.bounds import MIB
from tansiq.domain.errors import InputError, StoreError
from tansiq.log.database import Sqlite
from tansiq.log.keys import SEED_BYTES, NodeKeys, is_age_recipient, new_age_identity
from tansiq.log.merkle import Frontier
from tansiq.log.store import Damage
from tansiq.node.clock import SystemClock, SystemEntropy
from tansiq.node.settings import FILE, SQLITE, NodeSettings, read_settings

MAGIC: Final = b"TSQB1 "
MANIFEST: Final = "manifest.json"
MANIFEST_BYTES_MAX: Final = 4 * MIB
LOCKED_BYTES_MAX: Final = 64 * 1024
PASSPHRASE_CHARS_MIN: Final = 12
_COPY_BYTES: Final = 1024 * 1024
_DATABASES: Final = ("tansiq.sqlite3", "accounts.sqlite3")
_PLAIN: Final = 0o600
Progress = Callable[[int, int], None]


class _Part(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    bytes: int
    sha256: str


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    log: str
    size: int
    root: str


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a backup holds: whose, from when, which files, and the heads of all logs."""

    v: int
    party: str
    node: str
    at: int
    files: list[_Part]
    heads: list[_Head]


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
    if settings.store != SQLITE:
        raise StoreError("store_backup")
    if target.exists():
        raise StoreError("backup_exists", path=target)
    prefix, recipient = _locked(lock)
    work, part = folder / ".backup", target.with_name(target.name + ".part")
    try:
        shutil.rmtree(work, ignore_errors=True)  # left by a copy that was interrupted
        work.mkdir(mode=0o700)
        manifest = _collect(settings, work)
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _PLAIN)
        with os.fdopen(number, "wb") as file:
            file.write(prefix)
            with _piped(_packer(settings, work, manifest, progress)) as source:
                pyrage.encrypt_io(source, file, [recipient])
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise StoreError("backup_write", path=target, reason=error.strerror or "") from None
    except sqlite3.Error as error:
        raise StoreError("database", detail=str(error)) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
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
    for name in _DATABASES:
        source = settings.folder / name
        if source.exists():
            with sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True) as connection:
                connection.execute("VACUUM INTO ?", (str(work / name),))
            connection.close()
    paths = [settings.folder / FILE, settings.card, *sorted(settings.keys.iterdir())]
    paths += [work / name for name in _DATABASES if (work / name).exists()]
    files = [
        _Part(name=_name_of(path, settings, work), bytes=path.stat().st_size, sha256=_digest(path))
        for path in paths
    ]
    heads = _heads(work / _DATABASES[0])
    return Manifest(
        v=1, party=settings.party, node=settings.node,
        at=SystemClock(settings.clock_offset_ms).now(), files=files, heads=heads,
    )  # fmt: skip


def _name_of(path: Path, settings: NodeSettings, work: Path) -> str:
    base = work if path.is_relative_to(work) else settings.folder
    return path.relative_to(base).as_posix()


def _heads(database: Path) -> list[_Head]:
    with sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT name, frontier FROM log ORDER BY name").fetchall()
    connection.close()
    heads = [(name, Frontier.decode(data)) for name, data in rows]
    return [_Head(log=name, size=head.size, root=head.root().hex()) for name, head in heads]


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
    entry.mode = _PLAIN
    entry.size = len(cast("io.BytesIO", file).getbuffer()) if size is None else size
    archive.addfile(entry, file)


@contextmanager
def _piped(fill: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
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


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


# Bringing back ------------------------------------------------------------------------------------


def restore(source: Path, folder: Path, key: str, progress: Progress) -> Manifest:
    """Bring the node in the backup ``source`` back into ``folder``, which must be absent or empty.

    ``key`` is the passphrase, or the identity (``AGE-SECRET-KEY-…``) of the recipient. The node is
    marked as restored. Raises FaultError; then the folder is as it was.
    """
    folder = folder.absolute()
    begun = folder.with_name(f".{folder.name}.restoring")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError("node_folder_taken", folder=folder)
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(mode=0o700, parents=True)
        try:
            manifest = _unpack(source, begun, key, progress)
            _check(begun, manifest)
            begun.rename(folder)
        finally:
            shutil.rmtree(begun, ignore_errors=True)
        _sync(folder.parent)
    except OSError as error:
        raise StoreError("node_write", folder=folder, reason=error.strerror or "") from None
    return manifest


def _unpack(source: Path, folder: Path, key: str, progress: Progress) -> Manifest:
    try:
        with source.open("rb") as file:
            identity = _opened(file, key)
            size = source.stat().st_size
            manifests: list[Manifest] = []

            def decrypt(sink: IO[bytes]) -> None:
                with suppress(BrokenPipeError):
                    pyrage.decrypt_io(file, sink, [identity])

            with _piped(decrypt) as packed:
                plain = zstandard.ZstdDecompressor().stream_reader(packed)
                with tarfile.open(fileobj=cast("Any", plain), mode="r|") as archive:
                    manifests.append(_extract(archive, folder, lambda: progress(file.tell(), size)))
    except (tarfile.TarError, zstandard.ZstdError, pyrage.DecryptError, EOFError):
        raise StoreError("backup_damaged", path=source) from None
    return manifests[0]


def _opened(file: IO[bytes], key: str) -> pyrage.x25519.Identity:
    """Read the first line and what is locked in it; the key of the age file behind it."""
    head = file.readline(64)
    length = head.removeprefix(MAGIC).strip()
    if not head.startswith(MAGIC) or not length.isdigit() or int(length) > LOCKED_BYTES_MAX:
        raise StoreError("backup_form")
    sealed = file.read(int(length))
    try:
        text = pyrage.passphrase.decrypt(sealed, key).decode() if sealed else key.strip()
        return pyrage.x25519.Identity.from_str(text)
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
        raise InputError("backup_key") from None


def _extract(archive: tarfile.TarFile, folder: Path, moved: Callable[[], None]) -> Manifest:
    """Write the files that the manifest names, and no others."""
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > MANIFEST_BYTES_MAX:
        raise StoreError("backup_form")
    content = archive.extractfile(first)
    assert content is not None
    try:
        manifest = msgspec.json.decode(content.read(), type=Manifest)
    except msgspec.MsgspecError:
        raise StoreError("backup_form") from None
    for part in manifest.files:
        entry = archive.next()
        if (
            entry is None
            or not entry.isreg()
            or (entry.name, entry.size) != (part.name, part.bytes)
        ):
            raise StoreError("backup_form")
        _write(archive, entry, folder, part)
        moved()
    return manifest


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path, part: _Part) -> None:
    name, content = PurePosixPath(part.name), archive.extractfile(entry)
    if name.is_absolute() or ".." in name.parts or len(name.parts) > 2 or content is None:
        raise StoreError("backup_form")
    path, digest = folder / name, hashlib.sha256()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _PLAIN)
    with os.fdopen(number, "wb") as file:
        while data := content.read(_COPY_BYTES):
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != part.sha256:
        raise StoreError("backup_damaged", path=part.name)


def _check(folder: Path, manifest: Manifest) -> None:
    """The logs are those of the manifest and whole; only then the node may be used."""
    if [(head.log, head.size, head.root) for head in _heads(folder / _DATABASES[0])] != [
        (head.log, head.size, head.root) for head in manifest.heads
    ]:
        raise StoreError("backup_damaged", path=_DATABASES[0])
    with _looked_at(folder) as desk:
        for name in desk.store.names():
            for found in desk.store.check(name):
                if isinstance(found, Damage) and not checking.came_back_erased(desk, found):
                    raise StoreError("backup_damaged", path=_DATABASES[0])
        hearing.mark_restored(desk, manifest.at)


@contextmanager
def _looked_at(folder: Path) -> Iterator[Desk]:
    """The restored logs without the node's own keys, which may be under a passphrase of theirs."""
    settings = read_settings(folder)
    identity = Identity(
        party=settings.party, node=settings.node, authority=None, positions=settings.positions,
        keys=NodeKeys.new(secrets.token_bytes(SEED_BYTES), new_age_identity()),
    )  # fmt: skip
    desk = Desk(
        identity=identity, database=Sqlite(settings.database), entropy=SystemEntropy(),
        clock=SystemClock(settings.clock_offset_ms),
    )  # fmt: skip
    try:
        partners.create(desk)
        yield desk
    finally:
        desk.database.close()
