"""The way back from a backup (``backup``): a node in an empty folder, its records in SQLite there
or in an empty PostgreSQL database.

What must hold: a restore changes nothing that was there, and what it brings back are exactly the
logs that the manifest names, whole, and marked as an older state (``desk.exchange.handshake``).
"""

import dataclasses
import hashlib
import os
import secrets
import tarfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

import msgspec
import pyrage
import zstandard

from tansiq.board import node_state
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.exchange import handshake
from tansiq.desk.proof import checking
from tansiq.domain.errors import InputError, StoreError
from tansiq.log.database import HEADS, Database, Sqlite
from tansiq.log.keys import SEED_BYTES, NodeKeys, new_age_identity
from tansiq.log.store import Damage
from tansiq.node.backup import (
    DATABASES,
    LOCKED_BYTES_MAX,
    MAGIC,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    PLAIN,
    Manifest,
    Part,
    Progress,
    heads_of,
    piped,
)
from tansiq.node.clock import SystemClock, SystemEntropy
from tansiq.node.files import new_folder, replace_file
from tansiq.node.settings import FILE, SQLITE, NodeSettings, checked, read_settings, settings_json

_COPY_BYTES: Final = 1024 * 1024


def restore(
    source: Path, folder: Path, key: str, progress: Progress, *, store: str = ""
) -> Manifest:
    """Bring the node in the backup ``source`` back into ``folder``, which must be absent or empty,
    and its records into where its settings or ``store`` say.

    ``key`` is the passphrase, or the identity (``AGE-SECRET-KEY-…``) of the recipient. The node is
    marked as restored. Raises FaultError; then the folder is as it was, and the database too.
    """
    with new_folder(folder, "restoring") as begun:
        manifest = _unpack(source, begun, key, progress)
        _bring_in(begun, manifest, store)
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

            with piped(decrypt) as packed:
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


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path, part: Part) -> None:
    name, content = PurePosixPath(part.name), archive.extractfile(entry)
    if name.is_absolute() or ".." in name.parts or len(name.parts) > 2 or content is None:
        raise StoreError("backup_form")
    path, digest = folder / name, hashlib.sha256()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PLAIN)
    with os.fdopen(number, "wb") as file:
        while data := content.read(_COPY_BYTES):
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != part.sha256:
        raise StoreError("backup_damaged", path=part.name)


def _bring_in(folder: Path, manifest: Manifest, store: str) -> None:
    """The records to where they belong; only where all is well the node may be used."""
    settings = read_settings(folder)
    if store:
        settings = checked(dataclasses.replace(settings, store=store))
        replace_file(folder / FILE, settings_json(settings))

    def check(database: Database) -> None:
        _check(database, settings, manifest)

    if settings.store == SQLITE:
        with closing(Sqlite(settings.database)) as database:
            check(database)
    else:
        from tansiq.node.copy_stores import bring_in

        bring_in(settings, check)


def _check(database: Database, settings: NodeSettings, manifest: Manifest) -> None:
    """The logs are those of the manifest and whole: say that they are an older state."""
    if heads_of(database.rows(HEADS)) != manifest.heads:
        raise StoreError("backup_damaged", path=DATABASES[0])
    desk = _desk(database, settings)
    found = [found for name in desk.store.names() for found in desk.store.check(name)]
    lacking = [damage for damage in found if isinstance(damage, Damage)]
    # A backup without its lists, or with those of an older program.
    whole = all(damage.code == "entry_missing" for damage in lacking)
    if whole and checking.outdated(desk):
        checking.fold_anew(desk, lambda *_: None)
    if not all(checking.came_back_erased(desk, damage) for damage in lacking):
        raise StoreError("backup_damaged", path=DATABASES[0])
    handshake.mark_restored(desk, manifest.at)


def _desk(database: Database, settings: NodeSettings) -> Desk:
    """The restored logs without the node's own keys, which may be under a passphrase of theirs."""
    identity = Identity(
        party=settings.party, node=settings.node, authority=None, positions=settings.positions,
        keys=NodeKeys.new(secrets.token_bytes(SEED_BYTES), new_age_identity()),
    )  # fmt: skip
    desk = Desk(
        identity=identity, database=database, entropy=SystemEntropy(),
        clock=SystemClock(settings.clock_offset_ms),
    )  # fmt: skip
    node_state.create(desk.database)
    return desk
